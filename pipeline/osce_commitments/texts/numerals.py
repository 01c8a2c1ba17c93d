"""Printed numbers: Roman numerals and letters of lists, ordinals in words and figures."""

from __future__ import annotations

import functools
import re

from osce_commitments.rules.lexicon import alternatives

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_LETTERS = 26
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
    """Return the value of an ordinal: 22 for "Twenty-Second" and "22nd"."""
    if printed[0].isdigit():
        return int(re.sub(r"\D", "", printed))
    return _ordinals()[printed.title().replace(" ", "-")]


def ordinal_in_words(number: int) -> str:
    """An ordinal for running text: "second", "tenth", "11th", "22nd"."""
    if number <= len(_ONES) + 1:
        return [*_ONES, _TEENS[0]][number - 1].lower()
    return ordinal_in_figures(number)


def ordinal_in_figures(number: int) -> str:
    """An ordinal in figures: "2nd", "11th"."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@functools.cache
def ordinal_pattern() -> str:
    """Return a pattern of ordinals in words and figures."""
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


def format_number(number: int, form: str) -> str:
    """Format a number in a format named as in WordprocessingML; unknown formats are decimal.

    ``lowerLetter`` gives a, b, …, z, aa, bb, as in Word. Numbers below 1 are decimal in every format.
    """
    if form == "none":
        return ""
    if number < 1 or form == "decimal":
        return str(number)
    if form == "decimalZero":
        return f"{number:02d}"
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(number)
        return roman if form == "lowerRoman" else roman.upper()
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % _LETTERS) * min(1 + (number - 1) // _LETTERS, 8)
        return letter if form == "lowerLetter" else letter.upper()
    return str(number)


def _roman(number: int) -> str:
    printed = ""
    rest = min(number, 9999)
    for value, digits in _ROMAN:
        count, rest = divmod(rest, value)
        printed += digits * count
    return printed
