"""Provisions that answer to each other, and their differences word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from osce_commitments.serve.differences import Aligned, align, word_changes

LEFT = ["Recalling its decisions,", "Calls upon States to share lists of stolen passports;", "Tasks the Secretary."]
RIGHT = ["Urges States to share lists of stolen passports at once;", "Encourages field operations to hold courses;"]


def test_the_most_alike_are_paired_and_the_rest_stands_alone() -> None:
    found = [(one.left, one.right) for one in align(LEFT, RIGHT)]
    assert found == [(0, None), (1, 0), (2, None), (None, 1)]


def test_equal_texts_are_paired_one_to_one() -> None:
    found = align(LEFT, LEFT)
    assert [(one.left, one.right) for one in found] == [(0, 0), (1, 1), (2, 2)]
    assert all(one.likeness > 0.999 for one in found)


def test_nothing_beside_something() -> None:
    assert align([], []) == []
    assert align(["a b"], []) == [Aligned(0, None, 0.0)]
    assert align([], ["a b"]) == [Aligned(None, 0, 0.0)]


def test_changes_are_runs_of_words() -> None:
    found = word_changes("Calls upon States to act", "Urges all States to act now")
    assert [(one.kind, one.text) for one in found] == [
        ("gone", "Calls upon"),
        ("new", "Urges all"),
        ("same", " States to act"),
        ("new", " now"),
    ]


@given(st.text("ab ,\n", max_size=40), st.text("ab ,\n", max_size=40))
def test_each_side_can_be_read_from_the_changes(left: str, right: str) -> None:
    found = word_changes(left, right)
    assert "".join(one.text for one in found if one.kind != "new") == left
    assert "".join(one.text for one in found if one.kind != "gone") == right


def test_very_long_texts_are_not_compared_by_words() -> None:
    assert [one.kind for one in word_changes("a " * 3_000, "b " * 3_000)] == ["gone", "new"]


@given(st.lists(st.text("abc ", max_size=12), max_size=6), st.lists(st.text("abc ", max_size=12), max_size=6))
def test_every_provision_stands_in_the_comparison_once(left: list[str], right: list[str]) -> None:
    found = align(left, right)
    assert sorted(one.left for one in found if one.left is not None) == list(range(len(left)))
    assert [one.right for one in found if one.right is not None] == list(range(len(right)))
