"""Numbers as list labels print them."""

from __future__ import annotations

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


def format_number(number: int, form: str) -> str:
    """Print a number in a format as WordprocessingML names it; unknown formats are decimal.

    ``lowerLetter`` goes a, b, …, z, aa, bb, as Word does. Numbers below 1 are decimal in every format.
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
