"""Words and lines in capitals."""

from __future__ import annotations

import functools
import re

_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_LOOKED_AT = 500


def is_capitals(line: str) -> bool:
    """Whether a line is in capitals: at its beginning, at least four letters and nine in ten in upper case."""
    count, share = _capitals(line[:_LOOKED_AT])
    return count >= 4 and share >= 0.9  # noqa: PLR2004 - stated above


def is_mostly_capitals(line: str) -> bool:
    """Whether more than eight in ten letters are upper case, however few they are ("AT THE 1000th MEETING", "II")."""
    return _capitals(line)[1] > 0.8  # noqa: PLR2004 - stated above


def in_small_letters(text: str, words: re.Pattern[str]) -> str:
    """Return the text, of the same length, with the given words in lower case.

    Resolutions and conclusions have verbs in capitals ("CALLS ON States"). A text entirely in capitals is unchanged.
    """
    return text if text.isupper() or not _CAPITALS.search(text) else words.sub(_small, text)


def _small(match: re.Match[str]) -> str:
    return match[0].lower() if match.start() else match[0].capitalize()


@functools.lru_cache(maxsize=256)  # asked several times for each line
def _capitals(line: str) -> tuple[int, float]:
    """Return the number of letters and the share in upper case."""
    letters = list(filter(str.isalpha, line))
    return len(letters), sum(map(str.isupper, letters)) / max(1, len(letters))
