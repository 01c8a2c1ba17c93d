# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

import pytest

from osce_commitments.documents.normalise import clean, joint, spellings, squeeze, superscript
from osce_commitments.documents.numerals import format_number
from osce_commitments.resources import load_yaml

CLEANED = [
    ("ligatures", "e\ufb03cient \ufb01ght", "efficient fight"),
    ("no-break and thin spaces", "No.\u00a091/07 and 3\u2009000", "No. 91/07 and 3 000"),
    ("soft hyphen", "Organi\u00adzation", "Organization"),
    ("zero width and byte order mark", "\ufeffcy\u200bber", "cyber"),
    ("direction marks", "\u202eabc\u202c \u2067d\u2069", "abc d"),
    ("control characters", "a\x00b\x07c\x9f", "abc"),
    ("composed form", "Ta' Qali, Ło\u0301dz\u0301", "Ta' Qali, Łódź"),
    ("no-break hyphen", "co\u2011operation", "co-operation"),
    ("quotes and dashes stay", "“x” – ’y’", "“x” – ’y’"),
    ("line ends", "a\r\nb\rc", "a\nb\nc"),
    ("lone surrogate", "a\ud800b", "ab"),
]

JOINED = [
    ("a word broken by the printer", "the commit-", "ment of States", "the commitment of States"),
    ("a prefix of our spelling", "the co-", "operation of States", "the co-operation of States"),
    ("a compound", "money-", "laundering", "money-laundering"),
    ("a suffix", "decision-", "making", "decision-making"),
    ("a capital behind", "Euro-", "Atlantic", "Euro-Atlantic"),
    ("a number behind", "2013-", "2014", "2013-2014"),
    ("two halves of a pair", "pre-", "and post-conflict", "pre- and post-conflict"),
    ("a slash", "cyber/", "ICT security", "cyber/ICT security"),
    ("a plain word that opens like a compound", "we pro-", "mote and ex-", "we promote and ex-"),
    ("another", "a state-", "ment", "a statement"),
    ("a compound with its ending", "on counter-", "terrorism", "on counter-terrorism"),
    ("no hyphen", "the participating", "States", "the participating States"),
    ("a dash between words", "States –", "all of them", "States – all of them"),
]


def test_cases_are_complete() -> None:
    assert (len(CLEANED), len(JOINED)) == (11, 13)


@pytest.mark.parametrize(("phenomenon", "text", "expected"), CLEANED)
def test_clean(phenomenon: str, text: str, expected: str) -> None:
    assert clean(text) == expected, phenomenon


@pytest.mark.parametrize(("phenomenon", "above", "below", "expected"), JOINED)
def test_joint(phenomenon: str, above: str, below: str, expected: str) -> None:
    before, glue = joint(above, below)
    assert f"{before}{glue}{below}" == expected, phenomenon


def test_the_documents_own_spelling_counts_before_the_lists() -> None:
    known = spellings(["watch-towers stand there", "the cooperation of guards"])
    assert joint("watch-", "towers", known) == ("watch-", "")
    assert joint("co-", "operation", known) == ("co", "")


def test_squeeze_and_superscript() -> None:
    assert squeeze(" a \n\t b ") == "a b"
    assert superscript("120") == "¹²⁰"


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


def test_the_lists_of_hyphens_hold_words() -> None:
    for words in load_yaml("documents_hyphens").values():
        assert all(isinstance(word, str) and word == word.lower() for word in words)
        assert len(words) == len(set(words))
