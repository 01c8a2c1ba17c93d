"""Acts under other titles."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import ObligationStrength, Role, ThreatArea
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.data import VARIANTS, under_other_titles

if TYPE_CHECKING:
    from collections.abc import Sequence

DRUGS, ARMS = frozenset({ThreatArea.ILLICIT_DRUGS}), frozenset({ThreatArea.ARMS})
NOTHING: frozenset[ThreatArea] = frozenset()
TITLES = {"drugs": ("Precursors", DRUGS), "arms": ("Tanks", ARMS), "neutral": ("Decision No. 4", NOTHING)}


def coded(
    document: str, text: str, areas: frozenset[ThreatArea], *cases: str, role: Role = Role.OPERATIVE
) -> LabelledRow:
    level = ObligationStrength.MANDATING
    return LabelledRow(
        text, document, TITLES[document][0], role, (), "", "", text, level, areas, hard_cases=tuple(cases)
    )


def corpus(*rows: LabelledRow) -> list[LabelledRow]:
    titles = [coded(name, title, areas, role=Role.TITLE) for name, (title, areas) in TITLES.items()]
    return [*titles, *rows]


def given(variants: Sequence[LabelledRow]) -> set[tuple[str, frozenset[ThreatArea]]]:
    return {(one.title, one.threat_areas) for one in variants}


def test_an_act_without_a_subject_takes_the_areas_of_whatever_title_it_is_put_under() -> None:
    rows = corpus(*(coded("drugs", f"Report {number}", DRUGS, "a-title") for number in range(20)))
    found = under_other_titles(rows, seed=1)
    assert list(found) == list(range(3, 23))
    assert all(len(variants) == VARIANTS for variants in found.values())
    assert set.union(*map(given, found.values())) == set(TITLES.values())


@pytest.mark.parametrize("case", ["a-untied", "a-not-title"])
def test_an_act_that_no_title_lends_an_area_has_none_under_any(case: str) -> None:
    (variants,) = under_other_titles(corpus(coded("arms", "Balance the budget", NOTHING, case)), seed=1).values()
    assert {areas for _, areas in given(variants)} == {NOTHING}
    assert {title for title, _ in given(variants)} <= {"Precursors", "Tanks"}


@pytest.mark.parametrize(
    "row",
    [
        coded("drugs", "Seize heroin", DRUGS),
        coded("drugs", "Mark rifles", ARMS, "a-title"),
        coded("neutral", "Report in May", NOTHING, "a-neutral"),
        coded("neutral", "Balance the budget", NOTHING, "a-untied"),
        coded("arms", "Tanks again", ARMS, "a-title", role=Role.TITLE),
    ],
)
def test_a_row_of_which_the_data_do_not_say_how_it_stands_to_its_title_is_left_alone(row: LabelledRow) -> None:
    assert under_other_titles(corpus(row), seed=1) == {}


def test_what_is_drawn_depends_on_the_seed_alone() -> None:
    rows = corpus(*(coded("drugs", f"Report {number}", DRUGS, "a-title") for number in range(20)))
    first, again, other = (under_other_titles(rows, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_rows_without_titles_have_no_variants() -> None:
    assert under_other_titles([coded("drugs", "Report", DRUGS, "a-title")], seed=1) == {}


def test_variants_differ_in_title_and_areas_only() -> None:
    row = coded("drugs", "Report in May", DRUGS, "a-title")
    (variants,) = under_other_titles(corpus(row), seed=3).values()
    for one, other in pairwise([row, *variants]):
        assert (one.text, one.strength, one.document) == (
            other.text,
            other.strength,
            other.document,
        )
