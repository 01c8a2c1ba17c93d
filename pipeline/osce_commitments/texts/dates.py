"""Dates in running text, as ISO 8601 with day, month or year precision; ranges as intervals with a slash."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from dataclasses import dataclass

from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.texts.numerals import format_number, ordinal_number, ordinal_pattern

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_ROMAN_MONTHS = {format_number(number, "upperRoman"): number for number in range(1, 13)}
_POINT = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?")


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date in a text.

    Attributes:
        iso: ISO 8601: "2012-12-07", "2012-12", "2012" or an interval with a slash.
        rule: Id of the rule that found it.
    """

    start: int
    end: int
    iso: str
    rule: str


@functools.cache
def date_rules() -> RuleSet:
    """Rules on printed dates."""
    return load_rules("dates", {"month": months_pattern(), "nth": ordinal_pattern()})


def find_dates(text: str) -> list[DateMatch]:
    """Return the dates of a text in order, without overlap."""
    if not _HAS_YEAR.search(text):
        return []
    date_matches: list[DateMatch] = []
    for rule in date_rules():
        for match in rule.finditer(text):
            start, end = match.span()
            if all(end <= other.start or start >= other.end for other in date_matches) and (iso := _iso(match)):
                date_matches.append(DateMatch(start, end, iso, rule.id))
    return sorted(date_matches, key=lambda date: date.start)


@functools.cache
def months_pattern() -> str:
    """Return a pattern of the names of months."""
    return alternatives(_MONTHS)


def month_number(name: str) -> int:
    """Return the number of a month: 1 for January."""
    return _MONTHS.index(name.capitalize()) + 1


def first_and_last_day(iso: str) -> tuple[str, str] | None:
    """Return the first and last ISO day of a day, month, year or interval; else None.

    Durations (``P6M``), recurrences (``R/P1Y``) and days of any year (``--03-01``) are not at a fixed time.
    """
    first, _, last = iso.partition("/")
    begins, ends = _POINT.fullmatch(first), _POINT.fullmatch(last or first)
    if begins is None or ends is None:
        return None
    year, month = int(ends["year"]), int(ends["month"] or 12)
    day = ends["day"] or calendar.monthrange(year, month)[1]
    return f"{begins['year']}-{begins['month'] or '01'}-{begins['day'] or '01'}", f"{year:04d}-{month:02d}-{day}"


def first_day(iso: str) -> dt.date:
    """Return the first day of a date of any precision, or of an interval.

    Raises:
        ValueError: If it is not a date or interval.
    """
    days = first_and_last_day(iso)
    return dt.date.fromisoformat(days[0] if days else iso)


def last_day(iso: str) -> dt.date:
    """Return the last day of a date of any precision, or of an interval.

    Raises:
        ValueError: If it is not a date or interval.
    """
    days = first_and_last_day(iso)
    return dt.date.fromisoformat(days[1] if days else iso)


def _iso(match: re.Match[str]) -> str:
    """Return the ISO form of a match; empty if the day does not exist or a range ends before it begins."""
    part = match.groupdict()
    month = _month(part.get("m"))
    first = _point(part["y"], month, part.get("d"))
    if part.get("d2"):
        second = _point(part["y"], _month(part.get("m2")) or month, part["d2"])
    elif part.get("y2"):
        second = part["y2"]
    else:
        return first
    return f"{first}/{second}" if "" < first < second else ""


def _month(printed: str | None) -> int:
    """Return the number of a month in words, figures or Roman numerals; 0 without a month."""
    if not printed or printed.isdigit():
        return int(printed or 0)
    return _ROMAN_MONTHS.get(printed) or (month_number(printed) if printed.capitalize() in _MONTHS else 13)


def _point(year: str, month: int, day: str | None) -> str:
    if not month:
        return year
    if not day:
        return f"{year}-{month:02d}"
    try:
        return dt.date(int(year), month, int(day) if day.isdigit() else ordinal_number(day)).isoformat()
    except ValueError:
        return ""
