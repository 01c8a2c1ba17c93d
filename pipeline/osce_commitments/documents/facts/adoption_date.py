"""Dates as instruments print them."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "(?P<month>" + "|".join(name.capitalize() for name in _MONTHS) + ")"
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_RANGE = r"(?:\d{1,2}(?:\s[A-Z][a-z]+)?\s?(?:[-\u2013\u2014]|and|to)\s?)?"
_FORMS = (
    # The day may be read wrongly by a machine: "3f" for "31".
    re.compile(
        rf"(?<!\d){_RANGE}(?P<day>[\dlIfO]{{1,2}})(?:st|nd|rd|th)?(?:\s+day\s+of)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b"
    ),
    re.compile(rf"\b{_MONTH}\s+{_RANGE}(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>[IVX]+)\.(?P<year>\d{4})\b"),
    re.compile(r"(?<!\d)(?P<year>\d{4})[-_](?P<month>\d{2})[-_](?P<day>\d{2})(?!\d)"),
)
_MISREAD = str.maketrans("lIfO", "1110")


def find_date(text: str) -> tuple[dt.date, bool] | None:
    """The first date in a text, of a range its last day; and whether its day had to be mended.

    Knows "7 December 2011", "6 and 7 December 2012", "May 19-21, 2023", "16.V.2005" and "2024-03-18".
    """
    found = [match for form in _FORMS for match in form.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        day = match["day"].translate(_MISREAD)
        date = _date(match["year"], match["month"], day)
        if date is not None:
            return date, day != match["day"]
    return None


def _date(year: str, month: str, day: str) -> dt.date | None:
    if month.isdigit():
        number = int(month)
    elif month in _ROMAN:
        number = _ROMAN.index(month) + 1
    elif month.lower() in _MONTHS:
        number = _MONTHS.index(month.lower()) + 1
    else:
        return None
    try:
        return dt.date(int(year), number, int(day))
    except ValueError:
        return None
