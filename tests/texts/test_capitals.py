from __future__ import annotations

import re

import pytest

from osce_commitments.texts.capitals import in_small_letters, is_capitals, is_mostly_capitals


@pytest.mark.parametrize(
    ("line", "capitals", "mostly"),
    [
        ("DECISION ON LAMPS", True, True),
        ("DECISION No. 9/11 ON LAMPS", True, True),
        ("AT THE 1000th MEETING", False, True),
        ("II.", False, True),
        ("Decision on Lamps", False, False),
        ("12/3", False, False),
        ("", False, False),
    ],
)
def test_thresholds(line: str, *, capitals: bool, mostly: bool) -> None:
    assert (is_capitals(line), is_mostly_capitals(line)) == (capitals, mostly)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("URGES States and ASKS UNODC", "Urges States and asks UNODC"),
        ("Urges States", "Urges States"),
        ("URGES ALL STATES", "URGES ALL STATES"),
    ],
)
def test_in_small_letters(text: str, expected: str) -> None:
    assert in_small_letters(text, re.compile(r"\b(?:URGES|ASKS)\b")) == expected
