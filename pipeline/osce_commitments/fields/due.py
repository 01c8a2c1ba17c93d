"""Deadlines as stretches of days."""

from __future__ import annotations

import calendar
import re

_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")


def due_days(ref: str) -> tuple[str, str] | None:
    """First and last day, ISO 8601, of a deadline that names a day, month, year or an interval of them; else None.

    Durations (``P6M``), recurrences (``R/P1Y``) and days of any year (``--03-01``) lie at no one time.
    """
    first, _, last = ref.partition("/")
    begins, ends = _bounds(first), _bounds(last or first)
    return None if begins is None or ends is None else (begins[0], ends[1])


def _bounds(text: str) -> tuple[str, str] | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    if day:
        return text, text
    if month:
        if not 1 <= int(month) <= 12:  # noqa: PLR2004 - months of a year
            return None
        return f"{text}-01", f"{text}-{calendar.monthrange(int(year), int(month))[1]:02d}"
    return f"{year}-01-01", f"{year}-12-31"
