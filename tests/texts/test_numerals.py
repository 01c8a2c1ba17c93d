from __future__ import annotations

import re

import pytest

from osce_commitments.texts.numerals import format_number, ordinal_number, ordinal_pattern

NUMBERS = [
    (1, "decimal", "1"),
    (27, "lowerLetter", "aa"),
    (3, "upperLetter", "C"),
    (14, "lowerRoman", "xiv"),
    (49, "upperRoman", "XLIX"),
    (7, "decimalZero", "07"),
    (0, "lowerLetter", "0"),
    (5, "none", ""),
    (5, "unheard of", "5"),
]


@pytest.mark.parametrize(("number", "form", "expected"), NUMBERS)
def test_format_number(number: int, form: str, expected: str) -> None:
    assert format_number(number, form) == expected


@pytest.mark.parametrize(
    ("printed", "number"),
    [("First", 1), ("twentieth", 20), ("Twenty-Second", 22), ("twenty second", 22), ("22nd", 22), ("1000th", 1000)],
)
def test_ordinal_number(printed: str, number: int) -> None:
    assert re.fullmatch(ordinal_pattern(), printed)
    assert ordinal_number(printed) == number


@pytest.mark.parametrize("printed", ["two", "22", "secondly"])
def test_no_ordinals(printed: str) -> None:
    assert not re.fullmatch(ordinal_pattern(), printed)
