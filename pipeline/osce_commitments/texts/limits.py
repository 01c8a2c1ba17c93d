"""Whether words of time set a limit, or say from when or for how long something holds."""

from __future__ import annotations

import datetime as dt
import re

_BEGINNING_OR_TERM = re.compile(
    r"(?:from(?! .* to )|as (?:of|from)|with effect|effective|starting|beginning|commencing|until|till"
    r"|for (?!the first time)|not? (?:earlier|sooner) than|not before)\b",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"(?:from|between|in the period|during the period|over the period)\b", re.IGNORECASE)
_LONGEST_MEETING_DAYS = 31


def is_limit(printed: str, days: tuple[str, str] | None) -> bool:
    """Whether something is due by it: no day from which something holds, no length of a mandate or other period.

    Args:
        printed: The words.
        days: First and last day, if they are known.
    """
    if not days or not _INTERVAL.match(printed):
        return not _BEGINNING_OR_TERM.match(printed)
    first, last = map(dt.date.fromisoformat, days)
    return (last - first).days <= _LONGEST_MEETING_DAYS and not _BEGINNING_OR_TERM.match(printed)
