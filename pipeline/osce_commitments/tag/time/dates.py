"""Dates in running text, as ISO 8601 with day, month or year precision; ranges as intervals."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.labels import TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.rules.record import alternatives, fill_atoms
from osce_commitments.schema import Tag
from osce_commitments.tag.component import Component, is_free, make_tag, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date in plain text.

    Attributes:
        iso: ISO 8601: "2012-12-07", "2012-12", "2012" or an interval with a slash.
    """

    start: int
    end: int
    iso: str


class Dates(Component):
    """Tags dates."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every date of the text."""
        return [make_tag(doc, TagKind.DATE, (found.start, found.end), found.iso) for found in find_dates(text_of(doc))]


def find_dates(text: str) -> list[DateMatch]:
    """The dates of a plain text in order, without overlap."""
    if not _HAS_YEAR.search(text):
        return []
    found: list[DateMatch] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            iso = _iso(match)
            if iso and is_free(match.span(), ((other.start, other.end) for other in found)):
                found.append(DateMatch(match.start(), match.end(), iso))
    return sorted(found, key=lambda date: date.start)


def month_number(name: str) -> int:
    """1 for January."""
    return int(load_yaml("dates")["months"].index(name.capitalize())) + 1


def months_pattern() -> str:
    """Alternatives of the months' names."""
    return alternatives(load_yaml("dates")["months"])


def last_day(iso: str) -> dt.date:
    """The last day of a date of any precision, or of an interval."""
    parts = [int(part) for part in iso.rpartition("/")[2].split("-")]
    if len(parts) == len(("year", "month", "day")):
        return dt.date(*parts)
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(
            r"(?<![\w/.-])(?<!No )(?<!No\. )" + fill_atoms(entry["pattern"], {"month": months_pattern(), "year": _YEAR})
        )
        for entry in load_yaml("dates")["dates"]
    )


def _iso(match: re.Match[str]) -> str:
    """ISO form of a match, empty if there is no such day."""
    part = match.groupdict()
    if match.group().endswith("s"):
        return ""
    month = month_number(part["m"]) if part.get("m") else int(part.get("mm") or 0)
    month2 = month_number(part["m2"]) if part.get("m2") else month
    first = _point(part["y"], month, part.get("d"))
    if part.get("d2"):
        second = _point(part["y"], month2, part["d2"])
    elif part.get("y2"):
        second = part["y2"]
    else:
        return first
    return f"{first}/{second}" if "" < first < second else ""


def _point(year: str, month: int, day: str | None) -> str:
    if not month:
        return year
    if not day:
        return f"{year}-{month:02d}"
    try:
        return dt.date(int(year), month, int(day)).isoformat()
    except ValueError:
        return ""
