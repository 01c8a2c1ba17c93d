"""Deadlines and periodicities, resolved against the document's date."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.tag.component import Component, is_free, make_tag, text_of
from osce_commitments.tag.dates import find_dates, last_day, month_number, months_pattern
from osce_commitments.tag.events import find_events, meeting_name, ordinal_pattern
from osce_commitments.tag.patterns import cities
from osce_commitments.tag.text import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from osce_commitments.catalogue import Meeting
    from osce_commitments.schema import Tag

_YEAR_NOTE = "the document's year"
_NO_DATE = "the document has no date"
_EVENT_NOTE = "from an event, not from the document's date"
_SHORT_UNITS = frozenset("HDW")
_NO_INTERVAL = "no interval stated"
_PER = {"year": ("M", 12), "month": ("W", 4), "week": ("D", 7), "quarter": ("M", 3)}
_TIMES = {"once": 1, "twice": 2, "three": 3, "four": 4}
_OTHER = {"other": 2, "second": 2, "third": 3}


@dataclass(frozen=True, slots=True)
class Due:
    """When or how often.

    Attributes:
        ref: ISO 8601 date, duration or repeating interval; empty if the text does not say.
        note: The anchor, or why there is no ref.
    """

    start: int
    end: int
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _DuePattern:
    name: str
    hint: tuple[str, ...]
    pattern: re.Pattern[str]
    ref: str | None


class Deadlines(Component):
    """Tags deadlines and periodicities."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every deadline and periodicity of the text."""
        text, date = text_of(doc), doc._.osce_context.date
        dues = [(TagKind.DEADLINE, due) for due in find_deadlines(text, date)]
        dues += [(TagKind.PERIODICITY, due) for due in find_periodicities(text)]
        return [make_tag(doc, kind, (due.start, due.end), due.ref, due.note) for kind, due in dues]


def find_deadlines(text: str, date: dt.date | None) -> list[Due]:
    """Deadlines of a plain text; what lies before the document's ``date`` is none."""
    found: list[Due] = []
    for entry, match in _hits("deadlines", text):
        due = _RESOLVERS[entry.name](match, date)
        if due and is_free(match.span(), ((other.start, other.end) for other in found)):
            found.append(Due(match.start(), match.end(), *due))
    return sorted(found, key=lambda due: due.start)


def find_periodicities(text: str) -> list[Due]:
    """Periodicities of a plain text."""
    found: list[Due] = []
    for entry, match in _hits("periodicities", text):
        if is_free(match.span(), ((other.start, other.end) for other in found)):
            value = _interval(match) if entry.ref is None else entry.ref
            end = match.start() + len(match.group().rstrip())
            found.append(Due(match.start(), end, value, "" if value else _NO_INTERVAL))
    return sorted(found, key=lambda due: due.start)


Resolved = tuple[str, str] | None


def _after(iso: str, date: dt.date | None, note: str = "") -> Resolved:
    """A deadline, unless it passed before the document was adopted."""
    return None if date and last_day(iso) < date else (iso, note)


def _date(match: re.Match[str], date: dt.date | None) -> Resolved:
    found = find_dates(match["date"])
    return _after(found[0].iso, date) if found else None


def _end_of_date(match: re.Match[str], date: dt.date | None) -> Resolved:
    found = find_dates(match["date"])
    if not found:
        return None
    if match["part"].lower() != "end":
        return _after(found[0].iso, date, f"{match['part']} of {found[0].iso}")
    return _after(last_day(found[0].iso).isoformat(), date)


def _end_of_this_period(match: re.Match[str], date: dt.date | None) -> Resolved:
    if match["this"].lower() == "that year":
        return "", "a year that the text names before"
    if date is None:
        return "", _NO_DATE
    is_next = match["this"].lower() in {"next year", "the following year"}
    return f"{date.year + is_next}-12-31", _YEAR_NOTE


def _day_without_year(match: re.Match[str], date: dt.date | None) -> Resolved:
    day, month = _day_and_month(match["daymonth"])
    if match["each"]:
        return f"--{month:02d}-{day:02d}", "each year"
    if date is None:
        return f"--{month:02d}-{day:02d}", _NO_DATE
    if day > calendar.monthrange(date.year, month)[1]:
        return None
    year = date.year + ((month, day) < (date.month, date.day))
    return dt.date(year, month, day).isoformat(), f"{_YEAR_NOTE} or the next"


def _day_and_month(printed: str) -> tuple[int, int]:
    day = re.search(r"\d+", printed)
    month = re.search(r"[A-Za-z]{3,}", printed)
    return int(day.group()) if day else 1, month_number(month.group()) if month else 1


def _within(match: re.Match[str], date: dt.date | None) -> Resolved:
    """Days and hours, and what is counted "of" something, run from an event; months and years from adoption."""
    number, unit = _number(match["number"]), match["unit"][0].upper()
    if unit in _SHORT_UNITS or match.groupdict().get("from"):
        return ("PT" if unit == "H" else "P") + f"{number}{unit}", _EVENT_NOTE
    duration = f"P{number}{unit}"
    if date is None:
        return duration, _NO_DATE
    return _add_months(date, number * (12 if unit == "Y" else 1)).isoformat(), f"{duration} from the document's date"


def _within_after_event(match: re.Match[str], _date: dt.date | None) -> Resolved:
    return f"P{_number(match['number'])}{match['unit'][0].upper()}", match.group()


def _half_year(match: re.Match[str], date: dt.date | None) -> Resolved:
    year = match["year"]
    if match["mid"]:
        return _after(f"{year}-06-30", date)
    is_first = match["half"].lower() == "first"
    return _after(f"{year}-01-01/{year}-06-30" if is_first else f"{year}-07-01/{year}-12-31", date)


def _scheduled(match: re.Match[str], date: dt.date | None) -> Resolved:
    """A day or period after the document's adoption; without a date of the document nothing tells."""
    found = find_dates(match["date"])
    if not found or date is None:
        return None
    first = found[0].iso.partition("/")[0]
    return (found[0].iso, "") if first > date.isoformat()[: len(first)] else None


def _next_meeting(_match: re.Match[str], _date: dt.date | None) -> Resolved:
    return "", "the date of the meeting is not known"


def _next_council(_match: re.Match[str], date: dt.date | None) -> Resolved:
    if date is None:
        return "", _NO_DATE
    later = [meeting for meeting in load_catalogue().meetings if meeting.start > date]
    if not later:
        return "", "the catalogue knows no later Ministerial Council"
    return _meeting_due(min(later, key=lambda meeting: meeting.start))


def _named_council(match: re.Match[str], date: dt.date | None) -> Resolved:
    for event in find_events(match["council"]):
        for meeting in load_catalogue().meetings:
            if meeting_name(meeting) == event.name:
                return None if date and meeting.end < date else _meeting_due(meeting)
        return "", event.note
    return None


def _meeting_due(meeting: Meeting) -> tuple[str, str]:
    return f"{meeting.start}/{meeting.end}", meeting_name(meeting)


_RESOLVERS = {
    "end_of_date": _end_of_date,
    "end_of_this_period": _end_of_this_period,
    "date": _date,
    "day_without_year": _day_without_year,
    "within": _within,
    "within_after_event": _within_after_event,
    "half_year": _half_year,
    "after": _within,
    "scheduled": _scheduled,
    "next_meeting": _next_meeting,
    "next_council": _next_council,
    "named_council": _named_council,
}


def _interval(match: re.Match[str]) -> str:
    part = match.groupdict()
    unit = part["unit"].lower().rstrip("s")
    if part.get("times"):
        word = part["times"].split()[0].lower()
        times = _TIMES.get(word) or int(word)
        if times == 1:
            return "R/P3M" if unit == "quarter" else f"R/P1{unit[0].upper()}"
        letter, length = _PER[unit]
        return f"R/P{max(1, length // times)}{letter}"
    return f"R/P{_OTHER.get(part['number'].lower()) or _number(part['number'])}{unit[0].upper()}"


def _number(printed: str) -> int:
    return int(printed) if printed.isdigit() else int(load_yaml("deadlines")["numbers"][printed.lower()])


def _add_months(date: dt.date, number: int) -> dt.date:
    months = date.year * 12 + date.month - 1 + number
    year, month = months // 12, months % 12 + 1
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))


@functools.cache
def _patterns(group: str) -> tuple[_DuePattern, ...]:
    data = load_yaml("deadlines")
    return tuple(
        _DuePattern(row["name"], tuple(row["hint"]), _compiled(row["pattern"], data), row.get("ref"))
        for row in data[group]
    )


def _hits(group: str, text: str) -> Iterator[tuple[_DuePattern, re.Match[str]]]:
    lower = text.lower()
    for entry in _patterns(group):
        if any(piece in lower for piece in entry.hint):
            for match in entry.pattern.finditer(text):
                yield entry, match


def _compiled(source: str, data: Mapping[str, str]) -> re.Pattern[str]:
    months = months_pattern()
    day = rf"\d{{1,2}}(?:(?:-| and | to )\d{{1,2}})? (?:{months}),? \d{{4}}|(?:{months}) \d{{1,2}}, \d{{4}}"
    numbers = sorted(map(re.escape, data["numbers"]), key=len, reverse=True)
    parts = {
        "by": data["by"],
        "date": rf"(?:{day}|(?:{months}) \d{{4}}|(?:19|20)\d\d(?![\w/]))",
        "daymonth": rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{months})|(?:{months}) \d{{1,2}}(?!\d))",
        "number": rf"(?:\d{{1,3}}|{'|'.join(numbers)})",
        "city": cities(),
        "ordinal": ordinal_pattern(),
    }
    return re.compile(r"(?<![\w-])" + fill(source, parts), re.IGNORECASE)
