"""Searches that rank provisions by meaning, alone or together with words, and the condition for what a search shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from osce_commitments.labels import ThreatArea
from osce_commitments.query.search.language import (
    Both,
    Concept,
    Either,
    QueryNode,
    compile_query,
    concepts,
    exclusions,
    plain_words,
    within_limit,
)
from osce_commitments.query.search.vectors import Vectors
from osce_commitments.query.selection import Selection, Where, where
from osce_commitments.query.store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

CLOSEST = 100  # hits of a search by meaning
CLOSEST_OF_BOTH = 300  # hits of a search by both that lack some of its words
# Chosen on the needs and on the questions a to f of corpora/needs; what makes sureness, on a to h.
# Of a concept's weight, for a provision that has the documents' terms, or a title with it.
_IN_TERMS, _IN_TITLE = 0.8, 0.5
_STANDING, _LIKENESS = 0.2, 2.0  # weights of the cosine; the share of the concepts has weight 1
_LEAST_SHARE, _LEAST_NEARNESS = 0.4, 1.1
_DISTANT = 0.6  # no hit below it: the nearness of the encoder's floor of likeness without any concept
# Sureness is the logit of the probability that a hit belongs to the matter.
_STANDINGS, _CONCEPTS, _COVERED, _SUPPORT, _AT_ZERO = 0.69, 0.195, 2.69, 0.31, -5.44
# Sureness from which a hit is close. If no hit reaches it, the best one is close from the second value on: 100 of 114 questions with
# something close have nothing wrong there, each set by weights fitted on the others; lower, questions on other matters have more.
_SURE, _LEAST_SURE = 2.25, -0.25
_BEST = 16  # candidates
_USUAL, _SMOOTHING = 30, 0.01  # best hits, whose areas support a hit
_TERMS = 2  # of each concept, whose likeness counts too
_RARE = (
    3.0  # weight of a concept that one provision in twenty has; that no provision has one counts as much against a hit
)
_NEVER_FEWER = 5  # hits near a query, if so many have a rare concept


class NearHit(NamedTuple):
    """A provision near a query.

    Attributes:
        lacks: What it lacks of the query.
    """

    number: int
    sureness: float
    lacks: tuple[str, ...]


class _Scores(NamedTuple):
    """Scores of every candidate of a query.

    Attributes:
        weights: Of each concept, high for a rare one; 0 for one that no candidate has.
        degrees: How far every candidate has each concept, shape ``(concepts, candidates)``.
        standing: Likeness of meaning, in standard deviations from the mean of all provisions.
        weight: Weight of the concepts that a candidate has; high for several rare ones.
        share: Share of the weight of the query's concepts, 0 to 1.
        nearness: Can be compared between queries, to leave out what is distant.
    """

    weights: Floats
    degrees: Floats
    standing: Floats
    weight: Floats
    share: Floats
    nearness: Floats

    @property
    def rank(self) -> Floats:
        """The order of the hits."""
        return self.share + _STANDING * self.standing


class Ranking:
    """Ranks provisions by meaning."""

    def __init__(self, store: Store, vectors: Callable[[], Vectors]) -> None:
        self._store, self._vectors = store, vectors

    def condition(self, selection: Selection) -> Where:
        """The condition for what a search shows; a ranked search shows certain provisions."""
        if not selection.is_ranked:
            return where(selection.query, selection.values, self._store.words).matching
        return self._among([number for number, _ in self.closest(selection)], selection)

    def closest(self, selection: Selection) -> list[tuple[int, float]]:
        """What a search by meaning or by both shows, best first: numbers and scores."""
        numbers = self._candidates(selection)
        if selection.by == "meaning":
            text = " ".join(plain_words(selection.query))
            return self._vectors().like_text(text, numbers.tolist(), CLOSEST)
        scores = self._scores(_query(selection), concepts(_query(selection)), numbers)
        best = np.argsort(-scores.rank, kind="stable")
        is_near = (np.arange(len(best)) < CLOSEST_OF_BOTH) & (scores.nearness[best] >= _DISTANT)
        shown = best[self._are_exact(numbers[best], selection) | is_near]
        return list(zip(numbers[shown].tolist(), scores.rank[shown].tolist(), strict=True))

    def near(self, selection: Selection, wanted: tuple[Concept, ...], most: int) -> tuple[list[NearHit], list[NearHit]]:
        """What lacks some of the query's words but is near it in its concepts and meaning: what is close, what is further.

        Of several rare concepts, of all that says something of the matter, and of an area that many of the best hits have, a
        hit is surer. Where few have enough of the query, others with a rare concept or a high standing join them.

        Returns:
            Surest first.
        """
        numbers = self._candidates(selection)
        scores = self._scores(_query(selection), wanted, numbers)
        matter = np.array([concept.weight == 1 for concept in wanted])
        if not matter.any():
            matter[:] = True
        # The documents' first terms for the concepts, or their words, are compared too.
        of_matter = [concept for concept, is_matter in zip(wanted, matter, strict=True) if is_matter]
        text = " ".join(" ".join(concept.terms[:_TERMS] or (concept.in_words,)) for concept in of_matter)
        standing = (scores.standing + self._vectors().likeness(text, numbers)[1]) / 2
        weights = np.where(scores.weights > 0, scores.weights, _RARE)[matter]
        covered = weights @ scores.degrees[matter] / weights.sum()
        sure = _STANDINGS * standing + _CONCEPTS * scores.weight + _COVERED * covered + _AT_ZERO
        ranked = np.argsort(-scores.rank, kind="stable")
        best = np.sort(ranked[:_BEST])
        areas = _areas(self._store.areas(numbers[best].tolist()))
        sure[best] += _SUPPORT * self._support(areas, numbers[ranked[:_USUAL]])
        exact = self._are_exact(numbers[best], selection)
        order = best[~exact][np.argsort(-sure[best[~exact]], kind="stable")]
        enough = (scores.nearness >= _LEAST_NEARNESS) & (scores.share >= _LEAST_SHARE)
        has_rare = np.any((scores.degrees > 0) & (scores.weights[:, None] >= _RARE), axis=0)
        fills = np.arange(len(order)) < _NEVER_FEWER - exact.sum()
        near_hits = []
        for index in order[enough[order] | (fills & has_rare[order])][:most]:
            pairs = zip(wanted, scores.degrees[:, index], strict=True)
            lacks = tuple(concept.in_words for concept, degree in pairs if concept.weight == 1 and not degree)
            near_hits.append(NearHit(int(numbers[index]), float(sure[index]), lacks))
        least = _SURE if exact.any() or not near_hits else min(_SURE, max(_LEAST_SURE, near_hits[0].sureness))
        close = sum(hit.sureness >= least for hit in near_hits)
        return near_hits[:close], near_hits[close:]

    def _are_exact(self, numbers: Numbers, selection: Selection) -> NDArray[np.bool_]:
        condition = where(selection.query, selection.values, self._store.words)
        return np.isin(numbers, self._store.numbers(condition.matching))

    def _support(self, has: NDArray[np.bool_], best: Numbers) -> Floats:
        """How much more frequent an area of each provision is among the best than among all: the highest logarithm, or 0."""
        every = self._store.areas_of_all
        usual = np.asarray(list(every.values())) @ _areas(list(every)) / max(sum(every.values()), 1)
        of_best = _areas(self._store.areas(best.tolist()))
        lift = np.log((of_best.sum(axis=0) / max(len(best), 1) + _SMOOTHING) / (usual + _SMOOTHING))
        return np.where(has.any(axis=1), np.where(has, lift, -np.inf).max(axis=1), 0.0).astype(np.float32)

    def _candidates(self, selection: Selection) -> Numbers:
        excluded = exclusions(_query(selection))
        condition = where(Both(excluded) if excluded else None, selection.values, self._store.words)
        return self._store.numbers(condition.matching)

    def _scores(self, query_node: QueryNode, wanted: tuple[Concept, ...], numbers: Numbers) -> _Scores:
        """The scores of every candidate. A rare concept weighs more (inverse document frequency)."""
        degrees = np.stack([self._degrees(concept, numbers) for concept in wanted])
        having = (degrees >= _IN_TERMS).sum(axis=1)
        weights = np.array([one.weight for one in wanted]) * np.log((len(numbers) + 2) / (having + 1)) * (having > 0)
        weights = weights.astype(np.float32)
        cosine, standing = self._vectors().likeness(" ".join(plain_words(query_node)), numbers)
        weight = weights @ degrees
        share = weight / max(float(weights.sum()), 1.0)
        return _Scores(weights, degrees, standing, weight, share, share + _LIKENESS * cosine)

    def _degrees(self, concept: Concept, numbers: Numbers) -> Floats:
        """How far every candidate has a concept: 1 in its words, less in other terms or in the title above."""
        degrees = np.zeros(len(numbers), dtype=np.float32)
        either = Either((concept.said, concept.meant))
        for node, columns, degree in (
            (either, "{title heading}", _IN_TITLE),
            (concept.meant, "{text reading}", _IN_TERMS),
            (concept.said, "{text reading}", 1.0),
        ):
            match = compile_query(node, within_limit(self._store.words), columns).match
            degrees[np.isin(numbers, self._store.matching(match), assume_unique=True)] = degree
        return degrees

    def reordered(self, ranked: Sequence[tuple[int, float]], selection: Selection) -> list[tuple[int, float]]:
        """The same provisions in the order of the selection."""
        scores = dict(ranked)
        found, _ = self._store.page(self._among(list(scores), selection), selection.order)
        return [(number, scores[number]) for number, _ in found]

    def _among(self, numbers: Sequence[int], selection: Selection) -> Where:
        condition = where(None, selection.values, self._store.words)
        return replace(condition, sql=f"p.number IN ({', '.join(map(str, numbers))})", values=())


def _areas(masks: Sequence[int]) -> NDArray[np.bool_]:
    """Which areas every mask has, shape ``(masks, areas)``."""
    bits: NDArray[np.int64] = 1 << np.arange(len(ThreatArea), dtype=np.int64)
    return np.bitwise_and(np.asarray(masks, dtype=np.int64)[:, None], bits).astype(np.bool_)


def _query(selection: Selection) -> QueryNode:
    assert selection.query is not None  # noqa: S101 - the caller checked
    return selection.query
