from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from osce_commitments.texts.diff import Stretch, differences, likeness


def test_what_differs_is_a_run_of_words() -> None:
    assert differences("Calls upon States to act", "Urges all States to act now") == [
        Stretch(is_same=False, before="Calls upon", after="Urges all"),
        Stretch(is_same=True, before=" States to act", after=" States to act "),
        Stretch(is_same=False, before="", after="now"),
    ]


def test_a_single_equal_word_between_changes_is_part_of_them() -> None:
    assert [part.is_same for part in differences("a b c d e", "v b w d z")] == [False]
    assert [part.is_same for part in differences("a b c d", "v b c w")] == [False, True, False]


def test_case_and_white_space_make_no_difference() -> None:
    assert differences("States  act", "states act") == [Stretch(is_same=True, before="States  act", after="states act")]


@given(st.text("ab ,\n", max_size=40), st.text("ab ,\n", max_size=40))
def test_each_side_can_be_read_from_the_stretches(before: str, after: str) -> None:
    found = differences(before, after)
    assert "".join(part.before for part in found) == before
    assert "".join(part.after for part in found) == after


def test_very_long_texts_are_not_compared_by_words() -> None:
    assert [part.is_same for part in differences("a " * 3_000, "b " * 3_000)] == [False]


def test_likeness_is_a_share_of_words() -> None:
    assert likeness("train officers", "Train officers") == 1.0
    assert likeness("train officers", "seize ivory") == 0.0
    assert 0.0 < likeness("train border officers", "train police officers") < 1.0
