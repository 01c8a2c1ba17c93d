"""Parts of years and spells of time: what "the second half of next year" or "from 2015 to 2017" comes to."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from osce_commitments.resources import load_yaml
from osce_commitments.texts.dates import find_dates, last_day, month_number

_QUARTER = 3
_LENGTHS = {"half": 6, "half-year": 6, "semester": 6, "quarter": 3, "trimester": 3}
_ORDER = {"first": 0, "former": 0, "opening": 0, "second": 1, "third": 2, "fourth": 3}
_MONTHS = 12
_PAST = re.compile(
    r"\b(?:was|were|(?:has|have|had) (?:been|[a-z]+ed))\b(?:(?!\b(?:will|shall|should|must|may|to)\b)[^.;,])*$"
    r"|(?<!\bbe )\b(?:[a-z]+ed|held|made|done|taken|given|drawn|begun|met)(?: [a-z]+ly)?(?: (?:in|at) [A-Z][\w, ]{0,50})? $"
)


def is_past(text: str, start: int) -> bool:
    """Whether the words before an offset tell of something that happened ("was held in", "the work done during")."""
    return bool(_PAST.search(text[max(0, start - 80) : start]))


def year_meant(words: str, date: dt.date | None, when: str = "") -> int | None:
    """The year that words mean: "2015", "next year"; None if nothing tells.

    Args:
        words: The year as printed.
        date: Date of the document.
        when: Last date that the text named, for "that year".
    """
    if printed := re.search(r"\d{4}", words):
        return int(printed.group())
    if re.match(r"that|the same", words, re.IGNORECASE):
        return int(when[:4]) if when else None
    return date.year + is_next(words) if date else None


def is_next(words: str) -> bool:
    """Whether the words mean the period after the current one."""
    return bool(
        re.match(
            r"next|the (?:next|following|coming|forthcoming|ensuing|subsequent|new|year to come|year ahead)",
            words,
            re.IGNORECASE,
        )
    )


def end_of_month(words: str, date: dt.date) -> str:
    """The last day of "this month" or "next month"."""
    month = date.year * _MONTHS + date.month - 1 + is_next(words)
    return last_day(f"{month // _MONTHS}-{month % _MONTHS + 1:02d}").isoformat()


def part_of_year(part: dict[str, str | None], year: int) -> str:
    """From and to of a half, a quarter or some months of a year; empty if there is no such part.

    Args:
        part: Groups of the pattern: ``part`` (which), ``length`` or ``number`` of months, and perhaps ``edge``.
        year: The year.
    """
    printed = str(part["number"] or "").lower()
    count = int(printed) if printed.isdigit() else load_yaml("deadlines")["numbers"].get(printed, 0)
    months = _LENGTHS[part["length"].lower()] if part["length"] else _QUARTER if part["quarter"] else count
    at = _ORDER.get(str(part["part"]).lower(), _MONTHS // months - 1) if months else 0
    at = int(part["quarter"]) - 1 if part["quarter"] else at
    if not 0 < (at + 1) * months <= _MONTHS:
        return ""
    first, last = f"{year}-{at * months + 1:02d}-01", last_day(f"{year}-{(at + 1) * months:02d}").isoformat()
    edge = str(part["edge"] or "").lower()
    return last if edge in {"end", "close"} else first if edge in {"beginning", "start"} else f"{first}/{last}"


def middle(words: str, date: dt.date | None) -> str:
    """The middle of a year or month: "2016", "October 2014", "October", "year"; empty if nothing tells."""
    found = find_dates(words)
    if found:
        iso = found[0].iso
        return f"{iso}-06-30" if len(iso) == len("2013") else f"{iso}-15"
    if date is None:
        return ""
    if words.lower() == "year":
        return f"{date.year + (date.month > _MONTHS // 2)}-06-30"
    month = month_number(words)
    return f"{date.year + (month < date.month)}-{month:02d}-15"


def spell(first: str, last: str) -> str:
    """From and to of two printed points in time, of which the first may lack month and year; empty if they are none."""
    if first.isalpha():
        first += last[-len(" 2013") :]
    found = [date.iso for date in find_dates(f"{first} to {last}")]
    if len(found) == 1 and "/" in found[0]:
        return found[0]
    return "/".join(found) if len(found) == len(("first", "last")) and found[0] < found[1] else ""


def add_period(date: dt.date, count: int, unit: str) -> dt.date:
    """The date some days, weeks, months or years ("D", "W", "M", "Y") on; the last day of a shorter month."""
    if unit in {"D", "W", "H"}:
        return date + dt.timedelta(days=count * (7 if unit == "W" else 1))
    months = date.year * _MONTHS + date.month - 1 + count * (_MONTHS if unit == "Y" else 1)
    year, month = months // _MONTHS, months % _MONTHS + 1
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
