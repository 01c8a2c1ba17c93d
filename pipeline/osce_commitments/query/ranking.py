"""Searches that rank provisions by meaning, alone or together with words, and the condition for what a search shows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from osce_commitments.errors import ConfigError
from osce_commitments.query.search.asked_words import exclusions, plain_words
from osce_commitments.query.search.language import Both
from osce_commitments.query.search.thesaurus import broaden, concepts, terms_of_documents
from osce_commitments.query.where import Where, where

if TYPE_CHECKING:
    from osce_commitments.query.counts import Find
    from osce_commitments.query.filters import Filters
    from osce_commitments.query.search.vectors import Vectors
    from osce_commitments.query.store import Store

By = Literal["words", "meaning", "both"]
Order = Literal["", "relevance", "newest", "oldest", "firmest", "due"]
BY, ORDERS = ("words", "meaning", "both"), ("relevance", "newest", "oldest", "firmest", "due")
CLOSEST = 100  # hits of a search by meaning
CLOSEST_OF_BOTH = 300  # hits of a search by both that lack some of its words
_OLD_ORDERS = {"date": "oldest", "strength": "firmest"}
_LEAST_SHARE, _ALL = 0.5, 0.999  # of the weight of the concepts
_VERY_CLOSE = 0.6  # cosine
_FUSED, _RANK_OFFSET = 1_000, 60  # the constant k of the paper (see fuse)


class Ranking:
    """Ranks provisions by meaning.

    Args:
        store: The index.
        vectors: Returns the vectors, which are loaded for the first such search.
    """

    def __init__(self, store: Store, vectors: Callable[[], Vectors]) -> None:
        self._store, self._vectors = store, vectors

    def shown(self, by: By) -> Find:
        """A function that returns the condition for what a search shows; a ranked search shows certain provisions."""

        def find(filters: Filters) -> Where:
            if not is_ranked(filters, by):
                return where(filters, self._store.words).matching
            return self._among([number for number, _ in self.closest(filters, by)], filters)

        return find

    def closest(self, filters: Filters, by: By) -> list[tuple[int, float]]:
        """What a search by meaning or by both shows, best first: numbers and scores."""
        asked = filters.text
        assert asked is not None  # noqa: S101 - the caller checked
        excluded = exclusions(asked)
        candidates = replace(filters, text=Both(excluded) if excluded else None)
        numbers = [number for number, _ in self._store.find(where(candidates, self._store.words), "oldest")]
        words = plain_words(asked)
        sentence = " ".join((*words, *terms_of_documents(words)))
        if by == "meaning":
            return self._vectors().like_text(sentence, numbers, CLOSEST)
        found = self._store.find(where(replace(filters, text=broaden(asked)), self._store.words), "relevance")
        ranked = self._vectors().like_text(sentence, numbers, _FUSED)
        exact = self._store.find(where(filters, self._store.words).matching, "oldest")
        shown = {number for number, _ in (*exact, *ranked[:CLOSEST_OF_BOTH])}
        return [one for one in fuse(found, ranked) if one[0] in shown]

    def near(self, filters: Filters) -> list[tuple[int, float]]:
        """Of a search by both, what has at least half of the query's concepts by weight or is very close; what has all comes first.

        A concept is a word, or a phrase with the documents' terms for it; a rare one weighs more (inverse document frequency).
        """
        asked = filters.text
        assert asked is not None  # noqa: S101 - the caller checked
        ranked, shares = self.closest(filters, "both"), defaultdict[int, float](float)
        every, *found = (self._numbers(replace(filters, text=one)) for one in (None, *concepts(asked)))
        weights = [math.log((len(every) + 2) / (len(numbers) + 1)) for numbers in found]
        for numbers, weight in zip(found, weights, strict=True):
            for number in numbers:
                shares[number] += weight / sum(weights)
        words = plain_words(asked)
        sentence = " ".join((*words, *terms_of_documents(words)))
        likeness = dict(self._vectors().like_text(sentence, [number for number, _ in ranked], None))
        kept = [one for one in ranked if shares[one[0]] >= _LEAST_SHARE or likeness.get(one[0], 0.0) >= _VERY_CLOSE]
        return sorted(kept, key=lambda one: shares[one[0]] < _ALL)

    def _numbers(self, filters: Filters) -> list[int]:
        return [number for number, _ in self._store.find(where(filters, self._store.words).matching, "oldest")]

    def reordered(self, ranked: Sequence[tuple[int, float]], filters: Filters, order: str) -> list[tuple[int, float]]:
        """The same provisions in another order."""
        scores = dict(ranked)
        return [(number, scores[number]) for number, _ in self._store.find(self._among(list(scores), filters), order)]

    def _among(self, numbers: Sequence[int], filters: Filters) -> Where:
        condition = where(replace(filters, text=None), self._store.words)
        return replace(condition, sql=f"p.number IN ({', '.join(map(str, numbers))})", values=())


def is_ranked(filters: Filters, by: By) -> bool:
    """Whether a search ranks by meaning: there must be words to rank by.

    Raises:
        ConfigError: If ``by`` is unknown.
    """
    if by not in BY:
        msg = f"unknown search by {by!r}"
        raise ConfigError(msg, f"search by {', '.join(BY)}")
    return by != "words" and bool(plain_words(filters.text))


def checked_order(order: str) -> str:
    """An order under its current name; empty for the usual one.

    Raises:
        ConfigError: If it is unknown.
    """
    current = _OLD_ORDERS.get(order, order)
    if current and current not in ORDERS:
        msg = f"unknown order {order!r}"
        raise ConfigError(msg, f"order by {', '.join(ORDERS)}")
    return current


def fuse(*rankings: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009), best first."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, (number, _) in enumerate(ranking, 1):
            scores[number] += 1 / (_RANK_OFFSET + rank)
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))
