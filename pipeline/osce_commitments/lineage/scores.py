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
class Shared:
    """What the provisions of two documents share.

    Attributes:
        weight: Weight of the shared words, of shape ``(earlier, later)``.
        sums: Weight of all words of each earlier and of each later provision.
        ours, theirs: Which of the words that both documents have are in each provision, 0 or 1.
        weights: Weight of each of these words.
    """

    weight: Floats
    sums: tuple[Floats, Floats]
    ours: Floats
    theirs: Floats
    weights: Floats

    def dice(self) -> Floats:
        """Share of the words of two provisions that both have, 0 to 1."""
        a, b = self.sums
        return 2 * self.weight / (a[:, None] + b[None, :] + _TINY)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Shared weight of every earlier provision with every later one; all arrays have the shape ``(earlier, later)``.

    Attributes:
        shared: Share of their words and pairs of words, each weighted by its rarity, that both have (Dice), 0 to 1.
        of_earlier, of_later: Share of the words of the one that the other has too.
        lead: The same share (Dice) of the words of the lead-ins; 1 where neither has one.
        words: What was compared, with the weight of the shared words: how much matter they have in common.
    """

    shared: Floats
    of_earlier: Floats
    of_later: Floats
    lead: Floats
    words: Shared


def compare_words(earlier: WordedDocument, later: WordedDocument) -> Likeness:
    """The likeness of the provisions of two documents.

    A word is the rarer the fewer provisions of the two documents have it: what all of them speak about does not make two
    of them alike. The result does not depend on any other document.
    """
    words = _shared(earlier.words, later.words, (len(earlier.provisions), len(later.provisions)))
    a, b = words.sums
    return Likeness(
        shared=words.dice(),
        of_earlier=words.weight / (a[:, None] + _TINY),
        of_later=words.weight / (b[None, :] + _TINY),
        lead=_lead_likeness(earlier, later),
        words=words,
    )


def nearest_provisions(worded_document: WordedDocument, other: WordedDocument) -> dict[str, tuple[float, str]]:
    """For each provision of a document, how near the nearest one of the other document is, 0 to 1, and the id of that one.

    Near is one that has many of its words, or a shorter one that has most of its own words from it: the weight of the shared
    words by that of all its words or, if the other is shorter, by the geometric mean of both.
    """
    words = _shared(worded_document.plain, other.plain, (len(worded_document.provisions), len(other.provisions)))
    ours, theirs = words.sums[0][:, None], words.sums[1][None, :]
    shares = words.weight / (np.sqrt(ours * np.minimum(ours, theirs)) + _TINY)
    return {
        provision.id: (float(shares[index, best]), other.provisions[best].id)
        for index, (provision, best) in enumerate(zip(worded_document.provisions, shares.argmax(1), strict=True))
    }


def plain_likeness(earlier: WordedDocument, later: WordedDocument) -> Floats:
    """Share of the words alone that two provisions have, weighted as in :func:`compare_words`; a long name counts with each word."""
    return _shared(earlier.plain, later.plain, (len(earlier.provisions), len(later.provisions))).dice()


def moved_words(words: Shared, pairs: Mapping[int, int]) -> tuple[Floats, Floats]:
    """What one provision lost and another one gained, as shares of all that was lost and of all that was gained.

    A provision with a partner lost, or gained, the words and pairs of words that its partner lacks; one without has lost, or
    gained, them all. Both arrays have the shape ``(earlier, later)`` and are 0 where what moved is little.

    Args:
        words: What the provisions share.
        pairs: Partner of earlier provisions, by their positions in the two documents.
    """
    one, two = list(pairs), list(pairs.values())
    lost, gained = words.ours.copy(), words.theirs.copy()
    lost[one] *= 1 - words.theirs[two]
    gained[two] *= 1 - words.ours[one]
    weight: Floats = np.matmul(lost * words.weights, gained.T, dtype=np.float32)
    weight[weight < _LEAST_MOVED * np.log((sum(weight.shape) + 1) / 2.5)] = 0
    a, b = (some.copy() for some in words.sums)
    a[one] -= words.weight[one, two]
    b[two] -= words.weight[one, two]
    of_lost: Floats = weight / (a[:, None] + _TINY)
    of_gained: Floats = weight / (b[None, :] + _TINY)
    return of_lost, of_gained


def _shared(earlier: Features, later: Features, sizes: tuple[int, int]) -> Shared:
    known, found = np.unique(np.concatenate([earlier.hashes, later.hashes]), return_counts=True)
    weights: Floats = np.log((sum(sizes) + 1) / (found + 0.5)).astype(np.float32)
    weights[is_pair(known)] *= _PAIRS_COUNT
    # Only what both have counts as shared; the rest matters for the sums alone.
    common = np.intersect1d(earlier.hashes, later.hashes)
    of_common = weights[np.searchsorted(known, common)]
    ours, theirs = (_presence(features, size, common) for features, size in zip((earlier, later), sizes, strict=True))
    weight: Floats = np.matmul(ours * of_common, theirs.T, dtype=np.float32)
    a, b = (
        np.bincount(one.rows, weights[np.searchsorted(known, one.hashes)], size).astype(np.float32)
        for one, size in zip((earlier, later), sizes, strict=True)
    )
    return Shared(weight, (a, b), ours, theirs, of_common)


def _lead_likeness(earlier: WordedDocument, later: WordedDocument) -> Floats:
    common = np.intersect1d(earlier.leads.hashes, later.leads.hashes)
    ours, theirs = (
        _presence(worded_document.leads, len(worded_document.provisions), common)
        for worded_document in (earlier, later)
    )
    a, b = (np.bincount(one.leads.rows, minlength=len(one.provisions)).astype(np.float32) for one in (earlier, later))
    sums = a[:, None] + b[None, :]
    return np.where(sums > 0, 2 * (ours @ theirs.T) / np.maximum(sums, 1), 1).astype(np.float32)


def _presence(features: Features, count: int, known: Hashes) -> Floats:
    table = np.zeros((count, len(known)), np.float32)
    if len(known):
        minimum = np.minimum(np.searchsorted(known, features.hashes), len(known) - 1)
        is_known = known[minimum] == features.hashes
        table[features.rows[is_known], minimum[is_known]] = 1
    return table
