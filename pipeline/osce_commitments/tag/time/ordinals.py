"""Ordinals in words and figures."""

from __future__ import annotations

import functools
import re

from osce_commitments.rules.record import alternatives

_ONES = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth"]
_TEENS = [
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
]
_TENS = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]


def ordinal_number(printed: str) -> int:
    """22 for "Twenty-Second" and "22nd"."""
    if printed[0].isdigit():
        return int(re.sub(r"\D", "", printed))
    return _ordinals()[printed.title().replace(" ", "-")]


@functools.cache
def ordinal_pattern() -> str:
    """Alternatives of ordinals in words and figures."""
    words = alternatives(_ordinals()).replace(re.escape("-"), "[- ]")
    return rf"(?:(?i:{words})|\d{{1,4}}(?:st|nd|rd|th))"


@functools.cache
def _ordinals() -> dict[str, int]:
    numbers = {word: number for number, word in enumerate(_ONES, 1)}
    numbers |= {word: number for number, word in enumerate(_TEENS, 10)}
    for base, tens in enumerate(_TENS, 2):
        numbers[f"{tens[:-1]}ieth"] = 10 * base
        numbers |= {f"{tens}-{word}": 10 * base + number for number, word in enumerate(_ONES, 1)}
    return numbers
