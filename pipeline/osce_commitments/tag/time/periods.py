"""The anchor of deadlines: what they are resolved against."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from osce_commitments.tag.tag_input import Context
from osce_commitments.tag.time_rules import time_rules
from osce_commitments.texts.dates import find_dates, last_day

NO_DATE = "the document has no date"

Resolved = tuple[str, str] | None
"""ISO 8601 value and note; None if it is no deadline."""
_MONTHS = 12
_REACH = 80  # Characters before a time expression that can show a narrative.


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a deadline is resolved against: the document's date, the text and what the document said before."""

    date: dt.date | None
    text: str
    context: Context

    def due(self, iso: str, note: str = "") -> Resolved:
        """A deadline, unless it passed before the document was adopted."""
        return None if self.date and last_day(iso) < self.date else (iso, note)

    def follows(self, rule: str, match: re.Match[str]) -> bool:
        """Whether a rule matches in the words before a time."""
        return bool(time_rules().pattern(rule).search(self.text, 0, match.start()))

    def is_told(self, match: re.Match[str]) -> bool:
        """Whether the words before a time report something that happened ("was held in", "the work done during")."""
        words = self.text[max(0, match.start() - _REACH) : match.start()]
        return bool(time_rules().pattern("exclusion.narrative").search(words))

    def named_before(self, match: re.Match[str]) -> str:
        """The antecedent of "that year": the last date before a time, else the last date of the document."""
        words = self.text[: match.start()]
        before, years = find_dates(words), list(time_rules().pattern("anchor.year_after_mid").finditer(words))
        if years and (not before or before[-1].end <= years[-1].start()):
            return years[-1].group()
        return before[-1].iso if before else self.context.memory.when

    def year(self, words: str, named: str = "") -> int | None:
        """The year of "2015" or "next year", or of the date named last for "that year"; None if it is not known."""
        if printed := re.search(r"\d{4}", words):
            return int(printed.group())
        if time_rules().pattern("anchor.year_named_before").search(words):
            return int(named[:4]) if named else None
        return self.date.year + is_next(words) if self.date else None


def is_next(words: str) -> bool:
    """Whether the words mean the period after the current one."""
    return bool(time_rules().pattern("anchor.next_period").search(words))


def add_period(date: dt.date, count: int, unit: str) -> dt.date:
    """The date some days, weeks, months or years ("D", "W", "M", "Y") on; the last day of a shorter month."""
    if unit in {"D", "W", "H"}:
        return date + dt.timedelta(days=count * (7 if unit == "W" else 1))
    months = date.year * _MONTHS + date.month - 1 + count * (_MONTHS if unit == "Y" else 1)
    year, month = months // _MONTHS, months % _MONTHS + 1
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
