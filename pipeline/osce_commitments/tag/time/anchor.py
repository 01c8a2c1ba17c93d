"""The context that resolves deadlines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from osce_commitments.tag.tag_input import Context
from osce_commitments.tag.time_rules import time_rules
from osce_commitments.texts.dates import find_dates, last_day

NO_DATE = "the document has no date"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a deadline is resolved against: the document's date, the text and what the document said before."""

    date: dt.date | None
    text: str
    context: Context


Resolved = tuple[str, str] | None
"""ISO 8601 value and note; None if it is no deadline."""


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
