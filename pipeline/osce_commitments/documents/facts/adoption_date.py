"""The date on which an instrument was adopted, from its opening or its file name."""

from __future__ import annotations

import datetime as dt
import re

from osce_commitments.texts.dates import find_dates, last_day, months_pattern
from osce_commitments.texts.normalise import plain

_DAY = "2012-12-07"
# OCR may misread the day: "3f" for "31".
_MISREAD_DAY = re.compile(rf"\b[\dlIfO]{{1,2}}(?=(?:st|nd|rd|th)?(?: day)?(?: of)? {months_pattern()},? \d{{4}}\b)")
_MONTH = re.compile(rf"\b(?i:{months_pattern()})\b")
_AS_FIGURES = str.maketrans("lIfO", "1110")
_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_](\d\d)[-_](\d\d)(?!\d)")


def find_date(text: str) -> tuple[dt.date, bool] | None:
    """Return the first date in a text, of a range its last day, and whether misread digits were corrected."""
    printed = " ".join(plain(text).split())
    if printed.isupper() and _MONTH.search(printed):
        # "GHENT, 28 JUNE TO 2 JULY 2014"
        printed = _MONTH.sub(lambda match: match.group().capitalize(), printed.lower())
    read = _MISREAD_DAY.sub(lambda match: match.group().translate(_AS_FIGURES), printed)
    for date in find_dates(read):
        if len(date.iso.rpartition("/")[2]) == len(_DAY):
            place = slice(date.start, date.end)
            return last_day(date.iso), read[place] != printed[place]
    return None


def date_in_file_name(name: str) -> dt.date | None:
    """Return the first date in a file name ("pol_2024_03_18_statement")."""
    date = find_date(_DAY_IN_NAME.sub(r" \1-\2-\3 ", name))
    return date[0] if date else None
