"""What each kind of deadline comes to: an ISO 8601 date or duration and its anchor, by the name of its pattern."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.resources import load_yaml
from osce_commitments.tag.dates import find_dates, last_day, month_number
from osce_commitments.tag.events import find_events, meeting_name, ordinal_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.catalogue import Meeting
    from osce_commitments.tag.component import Context

_YEAR_NOTE = "the document's year"
_NO_DATE = "the document has no date"
_EVENT_NOTE = "from an event, not from the document's date"
_UNKNOWN_MEETING = "the date of the meeting is not known"
_COUNCIL = "Ministerial Council"
_SHORT_UNITS = frozenset("HDW")
_DAY = len("2013-05-14")
_OWN_MEETING_DAYS = 10  # A text of the Council bears the last day of its meeting, or one shortly before.
_PARTS = {"half": 6, "quarter": 3}
_ORDER = {"first": 0, "second": 1, "third": 2, "fourth": 3}


@dataclass(frozen=True, slots=True)
class Given:
    """What a deadline is resolved with: the document's date, the text and what the document said before."""

    date: dt.date | None
    text: str
    context: Context


Resolved = tuple[str, str] | None


def number(printed: str) -> int:
    """The value of a number in words or figures."""
    return int(printed) if printed.isdigit() else int(load_yaml("deadlines")["numbers"][printed.lower()])


def _after(iso: str, date: dt.date | None, note: str = "") -> Resolved:
    """A deadline, unless it passed before the document was adopted."""
    return None if date and last_day(iso) < date else (iso, note)


def _date(match: re.Match[str], given: Given) -> Resolved:
    found = find_dates(match["date"])
    return _after(found[0].iso, given.date) if found else None


def _end_of_date(match: re.Match[str], given: Given) -> Resolved:
    found = find_dates(match["date"])
    if not found:
        return None
    iso, part = found[0].iso, match["part"].lower()
    if part in {"end", "close", "last day"}:
        return _after(last_day(iso).isoformat(), given.date)
    if part == "middle":
        return _after(f"{iso}-06-30" if len(iso) == len("2013") else f"{iso}-15", given.date)
    return _after(iso, given.date, f"{part} of {iso}")


def _end_of_this_period(match: re.Match[str], given: Given) -> Resolved:
    if match["this"].lower() in {"that year", "the same year"}:
        year = given.context.memory.when[:4]
        return (f"{year}-12-31", "") if year else ("", "a year that the text names before")
    if given.date is None:
        return "", _NO_DATE
    return f"{given.date.year + _is_next(match)}-12-31", _YEAR_NOTE


def _coming_year(match: re.Match[str], given: Given) -> Resolved:
    return (str(given.date.year + _is_next(match)), _YEAR_NOTE) if given.date else ("", _NO_DATE)


def _is_next(match: re.Match[str]) -> bool:
    return match["this"].lower() in {"next year", "the following year"}


def _day_without_year(match: re.Match[str], given: Given) -> Resolved:
    day, month = _day_and_month(match["daymonth"])
    if match["each"]:
        return f"--{month:02d}-{day:02d}", "each year"
    if given.date is None:
        return f"--{month:02d}-{day:02d}", _NO_DATE
    if day > calendar.monthrange(given.date.year, month)[1]:
        return None
    year = given.date.year + ((month, day) < (given.date.month, given.date.day))
    return dt.date(year, month, day).isoformat(), f"{_YEAR_NOTE} or the next"


def _day_and_month(printed: str) -> tuple[int, int]:
    day = re.search(r"\d+", printed)
    month = re.search(r"[A-Za-z]{3,}", re.sub(r"\d+(?:st|nd|rd|th)?(?: of)?", "", printed))
    return int(day.group()) if day else 1, month_number(month.group()) if month else 1


def _month_without_year(match: re.Match[str], given: Given) -> Resolved:
    if given.date is None:
        return None
    month = month_number(match["month"])
    iso = f"{given.date.year + (month < given.date.month)}-{month:02d}"
    return (last_day(iso).isoformat() if match["end"] else iso), f"{_YEAR_NOTE} or the next"


def _within(match: re.Match[str], given: Given) -> Resolved:
    """Days and hours, and what is counted "of" something, run from an event; months and years from adoption."""
    count, unit = number(match["number"]), match["unit"][0].upper()
    if unit in _SHORT_UNITS or match.groupdict().get("from"):
        return ("PT" if unit == "H" else "P") + f"{count}{unit}", _EVENT_NOTE
    return _from_adoption(count, unit, given)


def _after_adoption(match: re.Match[str], given: Given) -> Resolved:
    return _from_adoption(number(match["number"]), match["unit"][0].upper(), given)


def _from_adoption(count: int, unit: str, given: Given) -> Resolved:
    duration = f"P{count}{unit}"
    if given.date is None:
        return duration, _NO_DATE
    return _add(given.date, count, unit).isoformat(), f"{duration} from the document's date"


def _within_after_event(match: re.Match[str], given: Given) -> Resolved:
    count, unit = number(match["number"]), match["unit"][0].upper()
    is_before = match["way"].lower() not in {"after", "following"}
    known = _known_date(match["event"], given)
    if len(known) < _DAY:
        return f"P{count}{unit}", match.group()
    anchor = dt.date.fromisoformat(known.partition("/")[0]) if is_before else last_day(known)
    return _add(anchor, -count if is_before else count, unit).isoformat(), match.group()


def _known_date(event: str, given: Given) -> str:
    if event.startswith("that date"):
        return given.context.memory.when
    nouns = re.findall(rf"\b(?:{load_yaml('deadlines')['occasions']})\b", event, re.IGNORECASE)
    return given.context.memory.events.get(nouns[0].lower(), "") if nouns else ""


def _in_advance(match: re.Match[str], _given: Given) -> Resolved:
    return f"P{number(match['number'])}{match['unit'][0].upper()}", "before an event"


def _first_period(match: re.Match[str], _given: Given) -> Resolved:
    return f"P{number(match['number'] or 'one')}{match['unit'][0].upper()}", _EVENT_NOTE


def _half_year(match: re.Match[str], given: Given) -> Resolved:
    year = match["year"]
    if match["mid"]:
        return _after(f"{year}-06-30", given.date)
    months = _PARTS[match["length"].lower()]
    part = _ORDER.get(match["half"].lower(), 12 // months - 1)
    last = last_day(f"{year}-{(part + 1) * months:02d}")
    return _after(f"{year}-{part * months + 1:02d}-01/{last}", given.date) if (part + 1) * months <= 12 else None  # noqa: PLR2004 - months of a year


def _scheduled(match: re.Match[str], given: Given) -> Resolved:
    """A day or period after the document's adoption; without a date of the document nothing tells."""
    found = find_dates(match["date"])
    if not found or given.date is None:
        return None
    iso = found[0].iso
    first = iso.partition("/")[0]
    if first <= given.date.isoformat()[: len(first)]:
        return None
    meeting = _council_in(iso) if match["meeting"] and _COUNCIL in given.text[: match.start()] else None
    return _meeting_due(meeting) if meeting else (iso, "")


def _next_meeting(_match: re.Match[str], _given: Given) -> Resolved:
    return "", _UNKNOWN_MEETING


def _session(match: re.Match[str], given: Given) -> Resolved:
    """A numbered meeting of the Council can be known; of other bodies at most the year is."""
    is_council = _COUNCIL in given.text[: match.start()] or given.context.body == "MC"
    if match["ordinal"] and is_council and match.group().lower().endswith("meeting"):
        meeting = load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
        if meeting and (given.date is None or meeting.end >= given.date):
            return _meeting_due(meeting)
    return (match["year"], "") if match["year"] else ("", _UNKNOWN_MEETING)


def _before_occasion(_match: re.Match[str], _given: Given) -> Resolved:
    return "", "the date is not known"


def _next_council(match: re.Match[str], given: Given) -> Resolved:
    if given.date is None:
        return "", _NO_DATE
    own = dt.timedelta(days=_OWN_MEETING_DAYS if given.context.body == "MC" else 0)
    later = [
        meeting
        for meeting in load_catalogue().meetings
        if meeting.start > given.date + own and match["place"] in {None, meeting.place}
    ]
    if not later:
        return "", "the catalogue knows no later Ministerial Council"
    return _meeting_due(min(later, key=lambda meeting: meeting.start))


def _named_council(match: re.Match[str], given: Given) -> Resolved:
    for event in find_events(match["council"]):
        for meeting in load_catalogue().meetings:
            if meeting_name(meeting) == event.name:
                return None if given.date and meeting.end < given.date else _meeting_due(meeting)
        return "", event.note
    return None


def _council_in(iso: str) -> Meeting | None:
    return next((one for one in load_catalogue().meetings if one.start.isoformat()[: len(iso)] == iso), None)


def _meeting_due(meeting: Meeting) -> tuple[str, str]:
    return f"{meeting.start}/{meeting.end}", meeting_name(meeting)


def _add(date: dt.date, count: int, unit: str) -> dt.date:
    if unit in _SHORT_UNITS:
        return date + dt.timedelta(days=count * (7 if unit == "W" else 1))
    months = date.year * 12 + date.month - 1 + count * (12 if unit == "Y" else 1)
    year, month = months // 12, months % 12 + 1
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))


RESOLVERS: dict[str, Callable[[re.Match[str], Given], Resolved]] = {
    "end_of_date": _end_of_date,
    "end_of_this_period": _end_of_this_period,
    "date": _date,
    "day_without_year": _day_without_year,
    "after_adoption": _after_adoption,
    "within": _within,
    "within_after_event": _within_after_event,
    "in_advance": _in_advance,
    "first_period": _first_period,
    "half_year": _half_year,
    "after": _within,
    "scheduled": _scheduled,
    "month_without_year": _month_without_year,
    "season": _end_of_date,
    "coming_year": _coming_year,
    "session": _session,
    "before_occasion": _before_occasion,
    "next_meeting": _next_meeting,
    "next_council": _next_council,
    "named_council": _named_council,
}
