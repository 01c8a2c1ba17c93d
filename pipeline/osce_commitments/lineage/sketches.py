"""The index of candidates: which documents share enough pairs of words with a document to be compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from osce_commitments.lineage.worded import is_pair

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.lineage.worded import WordedDocument

    Keys = NDArray[np.uint32]
    Places = NDArray[np.int32]
    Counts = NDArray[np.int64]

_MOST_PLACES = 400  # a pair of words in more provisions than this is common usage and no trace of a text
_LEAST_SHARED = 3  # pairs of words, and their share of the shorter provision, that make two provisions candidates
_LEAST_SHARE = 0.35
_MOST_DOCUMENTS = 16  # candidates on each side in time, those with most shared provisions first


class Sketches:
    """Hashes of the pairs of words of every provision of a dataset, by document.

    A search costs as much as the document has pairs of words, not as the dataset has documents.

    Args:
        known: For each document its keys, and for each key the position of its provision.
    """

    def __init__(self, known: Mapping[str, tuple[Keys, Places]] | None = None) -> None:
        self.known = dict(known or {})
        self._sorted: tuple[Keys, Counts] | None = None
        self._sizes: Counts = np.zeros(0, np.int64)
        self._owners: Places = np.zeros(0, np.int32)
        self._documents: list[str] = []

    @classmethod
    def of_arrays(cls, ids: Sequence[str], counts: Counts, keys: Keys, places: Places) -> Self:
        """The index in the arrays of :meth:`arrays`."""
        ends = np.cumsum(counts)
        parts = (slice(end - count, end) for end, count in zip(ends, counts, strict=True))
        return cls({one: (keys[part], places[part]) for one, part in zip(ids, parts, strict=True)})

    def arrays(self) -> tuple[list[str], Counts, Keys, Places]:
        """Documents, their numbers of keys, all keys and their places, to be stored."""
        ids = sorted(self.known)
        counts = np.array([len(self.known[one][0]) for one in ids], np.int64)
        keys = np.concatenate([np.zeros(0, np.uint32), *(self.known[one][0] for one in ids)])
        places = np.concatenate([np.zeros(0, np.int32), *(self.known[one][1] for one in ids)])
        return ids, counts, keys, places

    @staticmethod
    def of(document: WordedDocument) -> tuple[Keys, Places]:
        """The keys of a document."""
        pairs = is_pair(document.words.hashes)
        hashes = document.words.hashes[pairs]
        return ((hashes >> np.uint64(16)).astype(np.uint32), document.words.rows[pairs])

    def add(self, documents: Iterable[WordedDocument]) -> None:
        """Add documents, or replace those of the same id."""
        self.known.update({one.id: self.of(one) for one in documents})
        self._sorted = None

    def remove(self, documents: Iterable[str]) -> None:
        """Forget documents."""
        for one in documents:
            self.known.pop(one, None)
        self._sorted = None

    def candidates(self, document: WordedDocument) -> dict[str, int]:
        """Other documents by id, with the number of pairs of provisions that share enough to be compared."""
        keys, places = self._index()
        own, rows = self.of(document)
        first, last = np.searchsorted(keys, own, "left"), np.searchsorted(keys, own, "right")
        is_rare = (last - first) <= _MOST_PLACES
        first, last, rows = first[is_rare], last[is_rare], rows[is_rare]
        lengths = last - first
        if not lengths.sum():
            return {}
        starts = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        found = places[np.arange(lengths.sum()) + starts]
        pairs, shared = np.unique(
            np.repeat(rows.astype(np.int64), lengths) * len(self._sizes) + found, return_counts=True
        )
        ours, theirs = np.divmod(pairs, len(self._sizes))
        sizes = np.minimum(np.bincount(self.of(document)[1])[ours], self._sizes[theirs])
        is_near = (shared >= np.minimum(_LEAST_SHARED, sizes)) & (shared >= _LEAST_SHARE * sizes)
        numbers, counts = np.unique(self._owners[theirs[is_near]], return_counts=True)
        named = {self._documents[number]: int(count) for number, count in zip(numbers, counts, strict=True)}
        return {name: count for name, count in named.items() if name != document.id}

    def _index(self) -> tuple[Keys, Counts]:
        if self._sorted is None:
            self._documents = sorted(self.known)
            counts = [int(self.known[one][1].max()) + 1 if len(self.known[one][1]) else 0 for one in self._documents]
            starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
            keys = np.concatenate([self.known[one][0] for one in self._documents] or [np.zeros(0, np.uint32)])
            places = np.concatenate(
                [self.known[one][1] + start for one, start in zip(self._documents, starts, strict=False)]
                or [np.zeros(0, np.int64)]
            )
            self._owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
            self._sizes = np.bincount(places, minlength=int(starts[-1]))
            order = np.argsort(keys, kind="stable")
            self._sorted = keys[order], places[order]
        return self._sorted


def nearest(counts: Mapping[str, int]) -> list[str]:
    """The documents with most candidates, at most a few, in a fixed order."""
    return sorted(counts, key=lambda one: (-counts[one], one))[:_MOST_DOCUMENTS]
