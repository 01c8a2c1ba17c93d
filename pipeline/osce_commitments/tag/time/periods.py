"""The anchor of deadlines, and the ISO 8601 form of "the second half of next year" or "from 2015 to 2017"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from osce_commitments.tag.tag_input import Context
from osce_commitments.tag.time_rules import read_number, time_rules
from osce_commitments.texts.dates import find_dates, last_day, month_number

NO_DATE = "the document has no date"

Resolved = tuple[str, str] | None
"""ISO 8601 value and note; None if it is no deadline."""
_QUARTER = 3
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a deadline is resolved against: the document's date, the text and what the document said before."""

    date: dt.date | None
    text: str
    context: Context


def unless_before(iso: str, date: dt.date | None, note: str = "") -> Resolved:
    """Return a deadline, unless it passed before the document was adopted."""
    return None if date and last_day(iso) < date else (iso, note)


def date_named_before(start: int, anchor: Anchor) -> str:
    """Return the antecedent of "that year": the last date before an offset, else the last date of the document."""
    words = anchor.text[:start]
    before, years = find_dates(words), list(time_rules().pattern("anchor.year_after_mid").finditer(words))
    if years and (not before or before[-1].end <= years[-1].start()):
        return years[-1].group()
    return before[-1].iso if before else anchor.context.memory.when


def year_meant(words: str, date: dt.date | None, named: str = "") -> int | None:
    """Return the year of "2015" or "next year"; None if it is not known.

    Args:
        words: The year as printed.
        date: Date of the document.
        named: Last date that the text named, for "that year".
    """
    if printed := re.search(r"\d{4}", words):
        return int(printed.group())
    if time_rules().pattern("anchor.year_named_before").search(words):
        return int(named[:4]) if named else None
    return date.year + is_next(words) if date else None


def is_next(words: str) -> bool:
    """Whether the words mean the period after the current one."""
    return bool(time_rules().pattern("anchor.next_period").search(words))


def end_of_month(words: str, date: dt.date) -> str:
    """The last day of "this month" or "next month"."""
    month = date.year * _MONTHS + date.month - 1 + is_next(words)
    return last_day(f"{month // _MONTHS}-{month % _MONTHS + 1:02d}").isoformat()


def part_of_year(part: dict[str, str | None], year: int) -> str:
    """Return first and last day of a half, a quarter or some months of a year; empty if there is no such part.

    Args:
        part: Groups of the pattern: ``part`` (which), ``length`` or ``number`` of months, and perhaps ``edge``.
        year: The year.
    """
    words = time_rules().words
    count = read_number(part["number"]) if part["number"] else 0
    months = (
        words["months_of_part"][part["length"].lower()] if part["length"] else _QUARTER if part["quarter"] else count
    )
    at = words["position_of_part"].get(str(part["part"]).lower(), _MONTHS // months - 1) if months else 0
    at = int(part["quarter"]) - 1 if part["quarter"] else at
    if not 0 < (at + 1) * months <= _MONTHS:
        return ""
    first, last = f"{year}-{at * months + 1:02d}-01", last_day(f"{year}-{(at + 1) * months:02d}").isoformat()
    where = words["edges"].get(str(part["edge"] or "").lower())
    return {"last": last, "opening": first}.get(where, f"{first}/{last}")


def middle(words: str, date: dt.date | None) -> str:
    """Return the middle of a year or month: "2016", "October 2014", "October", "year"; empty if it is not known."""
    dates = find_dates(words)
    if dates:
        iso = dates[0].iso
        return f"{iso}-06-30" if len(iso) == len("2013") else f"{iso}-15"
    if date is None:
        return ""
    if words.lower() == "year":
        return f"{date.year + (date.month > _MONTHS // 2)}-06-30"
    month = month_number(words)
    return f"{date.year + (month < date.month)}-{month:02d}-15"


def interval(first: str, last: str) -> str:
    """Return the interval between two printed dates, the first perhaps without month and year; else empty."""
    if first.isalpha():
        first += last[-len(" 2013") :]
    isos = [date.iso for date in find_dates(f"{first} to {last}")]
    if len(isos) == 1 and "/" in isos[0]:
        return isos[0]
    if len(isos) != len(("first", "last")) or isos[0] >= isos[1]:
        return ""
    # Either date may itself be a range of days: "from 2 and 3 May 2012 to 2013".
    return f"{isos[0].partition('/')[0]}/{isos[1].rpartition('/')[2]}"


def add_period(date: dt.date, count: int, unit: str) -> dt.date:
    """The date some days, weeks, months or years ("D", "W", "M", "Y") on; the last day of a shorter month."""
    if unit in {"D", "W", "H"}:
        return date + dt.timedelta(days=count * (7 if unit == "W" else 1))
    months = date.year * _MONTHS + date.month - 1 + count * (_MONTHS if unit == "Y" else 1)
    year, month = months // _MONTHS, months % _MONTHS + 1
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
