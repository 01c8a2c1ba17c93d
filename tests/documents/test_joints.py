# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

import pytest

from osce_commitments.documents.layout.paragraphs import joint, spellings
from osce_commitments.resources import load_yaml

JOINED = [
    ("a word broken by the printer", "the commit-", "ment of States", "the commitment of States"),
    ("a prefix of our spelling", "the co-", "operation of States", "the co-operation of States"),
    ("a compound", "money-", "laundering", "money-laundering"),
    ("a number in words", "the eighty-", "first session", "the eighty-first session"),
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
    assert len(JOINED) == 14


@pytest.mark.parametrize(("phenomenon", "above", "below", "expected"), JOINED)
def test_joint(phenomenon: str, above: str, below: str, expected: str) -> None:
    before, glue = joint(above, below)
    assert f"{before}{glue}{below}" == expected, phenomenon


def test_the_documents_own_spelling_counts_before_the_lists() -> None:
    known = spellings(["watch-towers stand there", "the cooperation of guards"])
    assert joint("watch-", "towers", known) == ("watch-", "")
    assert joint("co-", "operation", known) == ("co", "")


def test_a_print_that_divides_no_plain_word_keeps_its_hyphens() -> None:
    plain = ["a line that ends with a whole word"] * 100
    known = spellings(["the lamp-", "lighters of the harbour", *plain])
    assert joint("the lamp-", "lighters", known) == ("the lamp-", "")


@pytest.mark.parametrize(
    "lines",
    [
        ["the lamp-", "lighters of the har-", "bour meet the offi-", "cers of the guard", *["and a whole word"] * 100],
        ["the lamp-", "lighters of the har-", "bour", "they keep the harbour", *["and a whole word"] * 200],
        ["the lamp-", "lighters", *["and a whole word"] * 20],
    ],
    ids=["many line ends divide words", "a divided word is whole elsewhere", "too short to know"],
)
def test_a_print_that_may_divide_plain_words_loses_them(lines: list[str]) -> None:
    assert joint("the lamp-", "lighters", spellings(lines)) == ("the lamp", "")


def test_the_lists_of_hyphens_hold_words() -> None:
    for words in load_yaml("documents_hyphens").values():
        assert all(isinstance(word, str) and word == word.lower() for word in words)
        assert len(words) == len(set(words))
