"""Likeness: exact ranking, another embedder in its place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import Mock

import numpy as np
import pytest

import osce_commitments
from osce_commitments.query.ranking import Ranking, _areas
from osce_commitments.query.search.vectors import Vectors
from osce_commitments.query.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from osce_commitments.dataset import Dataset


def test_more_like_leaves_itself_out_and_keeps_conditions(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    (again,) = reader.search("again").hits
    found = reader.more_like(again.id, limit=2)
    assert found.hits[0].text.startswith("Tasks the Secretary General to report")
    assert again.id not in {one.id for one in found.hits}
    assert found.total == 5
    assert [one.strength for one in reader.more_like(again.id, strength="urging").hits] == ["urging", "urging"]


def test_a_search_by_meaning_ranks_all_and_leaves_out_what_not_says(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    found = reader.search("reporting Secretary NOT again", by="meaning")
    assert found.total == len(found.hits) < 5
    assert found.hits[0].text.startswith("Tasks the Secretary General to report")
    both = reader.search("stolen papers", by="both")
    assert both.hits[0].text.startswith("Calls upon the participating")
    assert [both.hits[0].reading[start:end] for start, end in both.hits[0].highlights] == ["stolen", "travel documents"]


class Letters:
    """An embedder of another kind: two counts of letters."""

    id = "letters@1"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([[text.count("e") + 1, text.count("a")] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_another_embedder_takes_its_place(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path, embedder=Letters())
    hits = reader.search("a", by="meaning").hits
    scores = [float(cosine) for cosine in Letters().embed([one.reading for one in hits]) @ Letters().embed(["a"])[0]]
    assert [one.score for one in hits] == pytest.approx(scores)
    assert scores == sorted(scores, reverse=True)


def test_what_has_more_of_the_concepts_comes_first(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path, embedder=Letters())
    papers, other, *_ = reader.search("Who shares lists of stolen identity papers?", by="both").hits
    assert "stolen travel documents" in papers.reading
    assert papers.score > other.score + 0.5


def test_what_is_close_has_enough_of_the_concepts_and_of_the_meaning(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    # Few provisions make every concept frequent, so that nothing is very sure.
    monkeypatch.setattr("osce_commitments.query.ranking._LEAST_SURE", -0.85)
    (close,), further = reader.near("Who shares lists of stolen identity papers?")
    assert "stolen travel documents" in close.reading
    assert further == ()
    marked = [close.reading[start:end] for start, end in close.highlights]
    assert marked == ["share", "lists", "stolen", "travel documents"]
    assert reader.near("Which banana bread recipe do we share?") == ((), ())
    assert reader.near("lists", found=10) == reader.near("stolen AND identity") == ((), ())


def test_the_best_hit_is_not_close_if_it_is_unsure(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    close, (first, *_) = reader.near("Who shares lists of stolen identity papers?")
    assert close == ()
    assert first.score is not None
    assert first.score < 0


@pytest.mark.parametrize(("rare", "shown"), [(0.5, 1), (99.0, 0)])
def test_what_has_a_rare_concept_is_further_and_says_what_it_lacks(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, rare: float, shown: int
) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    for name, value in (("_LEAST_SHARE", 2.0), ("_LEAST_SURE", 9.0), ("_RARE", rare)):
        monkeypatch.setattr(f"osce_commitments.query.ranking.{name}", value)
    close, further = reader.near("Which zebras have stolen identity papers in Atlantis?")
    assert not close
    assert [(one.reading.startswith("Calls upon"), one.lacks) for one in further] == [
        (True, ("zebras", "Atlantis"))
    ] * shown
    assert all(not one.lacks for one in reader.search("stolen").hits)


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("Which commitments of the OSCE prevent stolen identity papers in Atlantis?", ("Atlantis",)),
        ("What documents mention measures on stolen identity papers for zebras and unicorns?", ("zebras", "unicorns")),
        ("Who lost and caught stolen identity papers?", ("caught",)),
    ],
)
def test_what_a_hit_lacks_are_words_of_the_matter_alone(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, question: str, lacks: tuple[str, ...]
) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    for name, value in (("_LEAST_SHARE", 0.0), ("_LEAST_NEARNESS", 0.0)):
        monkeypatch.setattr(f"osce_commitments.query.ranking.{name}", value)
    (found,) = (one for hits in reader.near(question) for one in hits if "stolen travel documents" in one.reading)
    assert found.lacks == lacks


@pytest.mark.parametrize(
    ("sure", "least", "close"),
    [(-9.0, -9.0, 2), (9.0, -9.0, 1), (9.0, 9.0, 0)],
)
def test_only_what_is_sure_or_else_the_best_is_close_and_the_rest_is_further(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, sure: float, least: float, close: int
) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    for name, value in (("_SURE", sure), ("_LEAST_SURE", least), ("_LEAST_NEARNESS", 0.0), ("_LEAST_SHARE", 0.2)):
        monkeypatch.setattr(f"osce_commitments.query.ranking.{name}", value)
    found = reader.near("Which lists and reports of papers?")
    assert len(found.close + found.further) == 2
    assert len(found.close) == close
    assert [one.score for one in found.close + found.further] == sorted(
        (one.score for hits in found for one in hits), reverse=True
    )


def test_the_best_hit_is_not_close_where_others_have_all_words(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    for name, value in (("_SURE", 9.0), ("_LEAST_SURE", -9.0), ("_LEAST_NEARNESS", 0.0), ("_LEAST_SHARE", 0.0)):
        monkeypatch.setattr(f"osce_commitments.query.ranking.{name}", value)
    assert reader.search("lists stolen").total
    assert reader.near("lists stolen").close == ()


def test_an_area_that_many_of_the_best_hits_have_supports_a_hit_and_a_usual_one_does_not() -> None:
    store = SimpleNamespace(
        areas=lambda numbers: [0b11, 0b01, 0b01, 0b00][: len(numbers)], areas_of_all={0b01: 90, 0b10: 10, 0: 10}
    )
    both, usual, _, none = Ranking(store, Mock())._support(_areas([0b11, 0b01, 0b01, 0b00]), np.arange(1, 5))  # type: ignore[arg-type]
    assert both > 0.5
    assert usual < 0
    assert none == 0


def test_the_standing_of_a_cosine_is_measured_from_the_mean_of_all() -> None:
    matrix = np.array([[1, 0], [0, 1], [0, 1], [0, 1]], dtype=np.float32)
    cosines, standing = Vectors(matrix, Letters()).likeness("aa", np.array([1, 2]))
    every = matrix @ Letters().embed(["aa"])[0]
    assert cosines == pytest.approx(every[:2])
    assert standing == pytest.approx((every[:2] - every.mean()) / every.std(), rel=1e-4)
    assert Vectors(matrix, Letters()).likeness("a", np.array([1, 2]))[1] == pytest.approx([0, 0], abs=1e-5)


def test_a_search_by_meaning_shows_nothing_distant_and_counts_what_it_shows(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    assert reader.search("banana bread recipe", by="meaning").total == 0
    assert reader.search("banana bread recipe", by="both").total == 0
    assert sum(one.count for one in reader.facets("banana bread recipe", by="meaning").strength) == 0
    found = reader.search("lists of stolen papers", by="meaning")
    assert 0 < found.total < reader.search().total
    facets = reader.facets("lists of stolen papers", by="meaning")
    assert sum(one.count for one in facets.strength) == found.total
    assert reader.count(Selection("lists of stolen papers", by="meaning"), ["document"]).total() == found.total


def test_a_search_by_meaning_shows_at_most_the_closest(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osce_commitments.query.ranking.CLOSEST", 2)
    reader = osce_commitments.open(dataset.path, embedder=Letters())
    found = reader.search("a", by="meaning")
    assert found.total == 2
    newest = reader.search("a", by="meaning", order="newest")
    assert {one.id for one in newest.hits} == {one.id for one in found.hits}


def test_what_words_find_stays_in_a_search_by_both(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osce_commitments.query.ranking.CLOSEST", 1)
    reader = osce_commitments.open(dataset.path, embedder=Letters())
    by_words = {one.id for one in reader.search("act OR report OR follow").hits}
    assert by_words <= {one.id for one in reader.search("act OR report OR follow", by="both").hits}
