"""How alike the provisions of two documents are, word for word and in pairs of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.lineage.worded import Features, WordedDocument, is_pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from osce_commitments.lineage.worded import Hashes

    Floats = NDArray[np.float32]

_PAIRS_COUNT = 0.5  # a pair of neighbouring words counts half as much as a word
_LEAST_MOVED = 3.0  # weight, in words that two provisions have, from which words are matter that moved to another one
_TINY = np.float32(1e-6)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Shared weight of every earlier provision with every later one; all arrays have the shape ``(earlier, later)``.

    Attributes:
        shared: Share of their words and pairs of words, each weighted by its rarity, that both have (Dice), 0 to 1.
        of_earlier, of_later: Share of the words of the one that the other has too.
        lead: The same share (Dice) of the words of the lead-ins; 1 where neither has one.
        weight: Weight of the shared words: how much matter they have in common.
        weights: Hashes of all words and pairs of words, ascending, and their weights.
    """

    shared: Floats
    of_earlier: Floats
    of_later: Floats
    lead: Floats
    weight: Floats
    weights: tuple[Hashes, Floats]


def compare_words(earlier: WordedDocument, later: WordedDocument) -> Likeness:
    """The likeness of the provisions of two documents.

    A word is the rarer the fewer provisions of the two documents have it: what all of them speak about does not make two
    of them alike. The result does not depend on any other document.
    """
    sizes = len(earlier.provisions), len(later.provisions)
    weights = _weights(earlier.words, later.words, sizes)
    weight, a, b = _shared(earlier.words, later.words, sizes, weights)
    return Likeness(
        shared=2 * weight / (a[:, None] + b[None, :] + _TINY),
        of_earlier=weight / (a[:, None] + _TINY),
        of_later=weight / (b[None, :] + _TINY),
        lead=_lead_likeness(earlier, later),
        weight=weight,
        weights=weights,
    )


def plain_likeness(earlier: WordedDocument, later: WordedDocument) -> Floats:
    """Share of the words alone that two provisions have, weighted as in :func:`compare_words`; a long name counts with each word."""
    sizes = len(earlier.provisions), len(later.provisions)
    weight, a, b = _shared(earlier.plain, later.plain, sizes, _weights(earlier.plain, later.plain, sizes))
    return 2 * weight / (a[:, None] + b[None, :] + _TINY)


def moved_words(
    earlier: WordedDocument, later: WordedDocument, pairs: Mapping[int, int], alike: Likeness
) -> tuple[Floats, Floats]:
    """What one provision lost and another one gained, as shares of all that was lost and of all that was gained.

    A provision with a partner lost, or gained, the words and pairs of words that its partner lacks; one without has lost, or
    gained, them all. Both arrays have the shape ``(earlier, later)`` and are 0 where what moved is little.

    Args:
        earlier: The earlier document.
        later: The later one.
        pairs: Partner of earlier provisions, by their positions in the two documents.
        alike: Their likeness.
    """
    partners = np.full(len(earlier.provisions), -1)
    partners[list(pairs)] = list(pairs.values())
    ours, theirs = _changed(earlier, later, pairs)
    known, _ = alike.weights
    kept = partners[ours.rows] * len(known) + np.searchsorted(known, ours.hashes)
    there = theirs.rows.astype(np.int64) * len(known) + np.searchsorted(known, theirs.hashes)
    lost, gained = _of(ours, ~np.isin(kept, there)), _of(theirs, ~np.isin(there, kept))
    weight, a, b = _shared(lost, gained, alike.shared.shape, alike.weights)
    weight[weight < _LEAST_MOVED * np.log((sum(alike.shared.shape) + 1) / 2.5)] = 0
    return weight / (a[:, None] + _TINY), weight / (b[None, :] + _TINY)


def _changed(earlier: WordedDocument, later: WordedDocument, pairs: Mapping[int, int]) -> tuple[Features, Features]:
    """The words of all provisions but those that have the words of their partners."""
    same = [(one, two) for one, two in pairs.items() if earlier.provisions[one].words == later.provisions[two].words]
    is_open = [np.ones(len(document.provisions), bool) for document in (earlier, later)]
    for one, two in same:
        is_open[0][one] = is_open[1][two] = False
    return _of(earlier.words, is_open[0][earlier.words.rows]), _of(later.words, is_open[1][later.words.rows])


def _of(features: Features, kept: NDArray[np.bool_]) -> Features:
    return Features(features.rows[kept], features.hashes[kept])


def _weights(earlier: Features, later: Features, sizes: tuple[int, int]) -> tuple[Hashes, Floats]:
    known, found = np.unique(np.concatenate([earlier.hashes, later.hashes]), return_counts=True)
    weights: Floats = np.log((sum(sizes) + 1) / (found + 0.5)).astype(np.float32)
    weights[is_pair(known)] *= _PAIRS_COUNT
    return known, weights


def _shared(
    earlier: Features, later: Features, sizes: tuple[int, ...], weighted: tuple[Hashes, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Weight of what each pair of provisions shares, and of all that each of the earlier and of the later ones has."""
    known, weights = weighted
    # Only what both have counts as shared; the rest matters for the sums alone.
    common = np.intersect1d(earlier.hashes, later.hashes)
    at_common = np.searchsorted(known, common)
    ours, theirs = (_presence(one, size, common) for one, size in zip((earlier, later), sizes, strict=True))
    weight: Floats = np.matmul(ours * weights[at_common], theirs.T, dtype=np.float32)
    a, b = (_sums(one, size, known, weights) for one, size in zip((earlier, later), sizes, strict=True))
    return weight, a, b


def _lead_likeness(earlier: WordedDocument, later: WordedDocument) -> Floats:
    common = np.intersect1d(earlier.leads.hashes, later.leads.hashes)
    ours, theirs = (_presence(one.leads, len(one.provisions), common) for one in (earlier, later))
    a, b = (np.bincount(one.leads.rows, minlength=len(one.provisions)).astype(np.float32) for one in (earlier, later))
    sums = a[:, None] + b[None, :]
    return np.where(sums > 0, 2 * (ours @ theirs.T) / np.maximum(sums, 1), 1).astype(np.float32)


def _sums(one: Features, size: int, known: Hashes, weights: Floats) -> Floats:
    return np.bincount(one.rows, weights[np.searchsorted(known, one.hashes)], size).astype(np.float32)


def _presence(features: Features, count: int, known: Hashes) -> Floats:
    table = np.zeros((count, len(known)), np.float32)
    if len(known):
        at = np.minimum(np.searchsorted(known, features.hashes), len(known) - 1)
        is_known = known[at] == features.hashes
        table[features.rows[is_known], at[is_known]] = 1
    return table
