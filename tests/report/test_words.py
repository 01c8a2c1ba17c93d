from __future__ import annotations

from typing import Any

import pytest

from osce_commitments.query import Selection
from osce_commitments.report.entries import word_diff
from osce_commitments.report.model import Style
from osce_commitments.report.statements import selection_in_words
from osce_commitments.texts.diff import likeness

CASES = [
    ("train officers", "train all officers", "train +all+ officers"),
    ("exchange data on passports", "exchange samples of passports", "exchange -data on- +samples of+ passports"),
    ("States should act;", "States shall act;", "States -should- +shall+ act;"),
    ("the same", "The  same", "The same"),
    ("a b c d e", "v b w d z", "-a b c d e- +v b w d z+"),
    ("", "new words", "+new words+"),
]
_SIGNS = {Style.ADDED: "+", Style.REMOVED: "-", Style.PLAIN: ""}


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_word_diff(before: str, after: str, expected: str) -> None:
    runs = word_diff(before, after)
    shown = "".join(
        f"{_SIGNS[run.style]}{run.text.rstrip()}{_SIGNS[run.style]}{' ' * run.text.endswith(' ')}" for run in runs
    )
    assert shown == expected


def test_the_words_of_the_later_text_are_all_there() -> None:
    after = "Urges all States, on request, to train (and equip) officers;"
    runs = word_diff("Encourages States to train officers;", after)
    later = "".join(run.text for run in runs if run.style is not Style.REMOVED)
    assert likeness(later, after) == 1.0


SENTENCES = [
    ({}, "All commitments."),
    ({"area": "border_security"}, "On border security."),
    ({"area": ("arms", "border_security"), "since": "2001"}, "On arms and border security; adopted since 2001."),
    ({"due_since": "2027", "due_until": "2027"}, "Due in 2027."),
    ({"due_since": "2027", "due_until": "2028"}, "Due from 2027 to 2028."),
    ({"since": "2012", "until": "2012"}, "Adopted in 2012."),
]


@pytest.mark.parametrize(("conditions", "expected"), SENTENCES)
def test_the_sentence_of_a_selection_has_all_its_conditions(conditions: Any, expected: str) -> None:  # noqa: ANN401 - keywords
    assert selection_in_words(Selection.of(**conditions), "All commitments.") == expected
