"""Words and lines in capitals."""

from __future__ import annotations

import re

_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_LOOKED_AT = 500


def is_capitals(line: str) -> bool:
    """Whether a line is set in capitals: at least four letters at its beginning, nine in ten of them upper case."""
    count, share = _capitals(line[:_LOOKED_AT])
    return count >= 4 and share >= 0.9  # noqa: PLR2004 - stated above


def is_mostly_capitals(line: str) -> bool:
    """Whether more than eight in ten letters are upper case, however few they are ("AT THE 1000th MEETING", "II")."""
    return _capitals(line)[1] > 0.8  # noqa: PLR2004 - stated above


def in_small_letters(text: str, words: re.Pattern[str]) -> str:
    """The text, as long as before, with some words in small letters where they alone are set in capitals.

    Resolutions and conclusions set their verbs so ("CALLS ON States"). A text in capitals altogether stays as it is.
    """
    return text if text.isupper() or not _CAPITALS.search(text) else words.sub(_small, text)


def _small(found: re.Match[str]) -> str:
    return found[0].lower() if found.start() else found[0].capitalize()


def _capitals(line: str) -> tuple[int, float]:
    """Number of letters, and which share of them is upper case."""
    letters = [sign for sign in line if sign.isalpha()]
    return len(letters), sum(map(str.isupper, letters)) / max(1, len(letters))
