"""What a deadline is resolved with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.texts.dates import last_day

if TYPE_CHECKING:
    from osce_commitments.tag.component import Context

NO_DATE = "the document has no date"


@dataclass(frozen=True, slots=True)
class Given:
    """What a deadline is resolved with: the document's date, the text and what the document said before."""

    date: dt.date | None
    text: str
    context: Context


Resolved = tuple[str, str] | None
"""ISO 8601 value and anchor; None if it is no deadline."""


def after(iso: str, date: dt.date | None, note: str = "") -> Resolved:
    """A deadline, unless it passed before the document was adopted."""
    return None if date and last_day(iso) < date else (iso, note)
