"""Likeness: exact ranking, another embedder in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import osce_commitments

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


def test_what_is_close_has_enough_of_the_concepts_and_of_the_meaning(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    reader.prepare()
    (close,) = reader.near("Who shares lists of stolen identity papers?")
    assert "stolen travel documents" in close.reading
    marked = [close.reading[start:end] for start, end in close.highlights]
    assert marked == ["share", "lists", "stolen", "travel documents"]
    assert reader.near("Which banana bread recipe do we share?") == ()
    assert reader.near("lists", found=10) == reader.near("stolen AND identity") == ()


def test_a_search_by_meaning_shows_nothing_distant_and_counts_what_it_shows(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    assert reader.search("banana bread recipe", by="meaning").total == 0
    assert reader.search("banana bread recipe", by="both").total == 0
    assert sum(one.count for one in reader.facets("banana bread recipe", by="meaning").strength) == 0
    found = reader.search("lists of stolen papers", by="meaning")
    assert 0 < found.total < reader.search().total
    facets = reader.facets("lists of stolen papers", by="meaning")
    assert sum(one.count for one in facets.strength) == found.total
    assert sum(one.total for one in reader.by_document("lists of stolen papers", by="meaning").values()) == found.total


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
