from __future__ import annotations

import pytest

from corpora.gold.files import GoldWords
from corpora.gold.spans import Printed, composed, core, pair_up, printings, runs, squash

SAME = [
    ("Exchange lists; and", "Exchange  lists"),
    ("Exchange lists, or", "Exchange lists;"),
    ("Exchange\nlists.", "Exchange\u00a0lists"),
    ("ex\u00adchange", "exchange"),
]
DIFFERENT = [
    ("Exchange lists", "exchange lists"),
    ("the “list”", 'the "list"'),
    ("Hold a band", "Hold a b"),
    ("Exchange lists (a)", "Exchange lists (b)"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_space_final_punctuation_and_final_conjunction_do_not_count(one: str, two: str) -> None:
    assert core(one) == core(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_words_case_and_quotes_count(one: str, two: str) -> None:
    assert core(one) != core(two)


def test_marks_may_be_printed_or_left_out() -> None:
    words = GoldWords("Border posts, as named, open.", marks=((12, "1"), (22, "12")))
    texts = [squash(one.text) for one in printings(words)]
    assert texts[:3] == [
        "Borderposts,asnamed,open.",
        "Borderposts1,asnamed12,open.",
        "Borderposts[1],asnamed[12],open.",
    ]
    assert "Borderposts¹,asnamed¹²,open." in texts


def test_offsets_leave_out_printed_marks() -> None:
    (_, printed, *_) = printings(GoldWords("ab cd", marks=((2, "12"),)))
    assert printed == Printed("ab12 cd", ((2, 2),))
    assert [printed.plain_offset(at) for at in (0, 2, 3, 4, 6)] == [0, 2, 2, 2, 4]


def test_the_mark_of_a_footnote_may_stand_before_it() -> None:
    assert "1See below." in [one.text for one in printings(GoldWords("See below."), "1")]


def test_lead_in_is_made_of_its_stems_only() -> None:
    stems = [GoldWords("Calls on States to:"), GoldWords("train, with:", marks=((5, "2"),))]
    assert composed(stems, "Calls on  States to: train, with:") == Printed("Calls on  States to: train, with:")
    marked = composed(stems, "Calls on States to: train2, with:")
    assert marked is not None
    assert marked.plain_offset(len(squash("Calls on States to: train2,"))) == len(squash("Calls on States to: train,"))
    assert composed(stems, "Calls on States to:") is None
    assert composed(stems, "Calls on States to train, with:") is None
    assert composed([], "Calls on States to:") is None
    assert composed([], "") == Printed("")


def test_pairs_keep_the_order_and_find_what_moved() -> None:
    assert pair_up(["a", "b", "c"], ["a", "x", "c"]) == [(0, 0), (1, None), (None, 1), (2, 2)]
    assert sorted(pair_up(["a", "b", "note"], ["a", "note", "b"])) == [(0, 0), (1, 2), (2, 1)]
    assert pair_up(["a", "a"], ["a"]) == [(0, 0), (1, None)]
    assert pair_up(["a"], ["a", "a"]) == [(0, 0), (None, 1)]
    assert pair_up([], ["a"]) == [(None, 0)]


def test_lines_may_be_joined_but_not_cut() -> None:
    found = runs(["The Council,", "12 May 2020", "Annex"])
    assert {core("12 May 2020"), core("The Council, 12 May 2020"), core("12 May 2020 Annex")} <= found
    assert core("2020") not in found
    assert core("The Council, Annex") not in found
