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
        self._parts: list[_Part] = []
        self._waiting = set(self.known)  # documents that no part has yet

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
        new = {document.id: self.of(document) for document in documents}
        self.remove(new)
        self.known |= new
        self._waiting |= new.keys()

    def remove(self, documents: Iterable[str]) -> None:
        """Forget documents."""
        gone = {document for document in documents if self.known.pop(document, None)} - self._waiting
        broken = [part for part in self._parts if not gone.isdisjoint(part.documents)] if gone else []
        self._parts = [part for part in self._parts if part not in broken]
        self._waiting.update(*(part.documents for part in broken))
        self._waiting &= self.known.keys()

    def candidates(self, document: WordedDocument) -> dict[str, int]:
        """Other documents by id, with the number of pairs of provisions that share enough to be compared."""
        own, rows = self.of(document)
        places = [part.places_of(own) for part in self._indexed()]
        is_rare = np.sum([last - first for first, last in places], axis=0, dtype=np.int64) <= _MOST_PLACES
        lengths = np.bincount(rows)
        found: dict[str, int] = {}
        for part, (first, last) in zip(self._parts, places, strict=True):
            found |= part.near(first[is_rare], last[is_rare], rows[is_rare], lengths)
        found.pop(document.id, None)
        return found

    def _indexed(self) -> list[_Part]:
        """The parts, with all documents. A new part takes in those that are no larger, so that few documents are sorted again."""
        if self._waiting:
            new, self._waiting = set(self._waiting), set()
            while self._parts and len(self._parts[-1].documents) <= len(new):
                new.update(self._parts.pop().documents)
            self._parts.append(_Part({one: self.known[one] for one in sorted(new)}))
        return self._parts


class _Part:
    """Some documents, with all their keys in order.

    Args:
        known: See :class:`Sketches`.
    """

    def __init__(self, known: Mapping[str, tuple[Keys, Places]]) -> None:
        self.documents = list(known)
        counts = [int(rows.max()) + 1 if len(rows) else 0 for _, rows in known.values()]
        starts = np.cumsum([0, *counts])
        keys = np.concatenate([keys for keys, _ in known.values()])
        places = np.concatenate([rows + start for (_, rows), start in zip(known.values(), starts, strict=False)])
        self._owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        self._sizes = np.bincount(places, minlength=int(starts[-1]))
        order = np.argsort(keys, kind="stable")
        self._keys, self._places = keys[order], places[order]

    def places_of(self, keys: Keys) -> tuple[Counts, Counts]:
        """The first place of every key, and the place after its last."""
        return np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")

    def near(self, first: Counts, last: Counts, rows: Places, own_sizes: Counts) -> dict[str, int]:
        """Documents with the number of pairs of provisions that share enough.

        Args:
            first: Places of keys; see :meth:`places_of`.
            last: The places after their last ones.
            rows: The provision that has each key.
            own_sizes: How many keys each of these provisions has.
        """
        lengths = last - first
        if not lengths.sum():
            return {}
        starts = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        found = self._places[np.arange(lengths.sum()) + starts]
        pairs, shared = np.unique(
            np.repeat(rows.astype(np.int64), lengths) * len(self._sizes) + found, return_counts=True
        )
        ours, theirs = np.divmod(pairs, len(self._sizes))
        sizes = np.minimum(own_sizes[ours], self._sizes[theirs])
        is_near = (shared >= np.minimum(_LEAST_SHARED, sizes)) & (shared >= _LEAST_SHARE * sizes)
        numbers, counts = np.unique(self._owners[theirs[is_near]], return_counts=True)
        return {self.documents[number]: int(count) for number, count in zip(numbers, counts, strict=True)}


def nearest(counts: Mapping[str, int]) -> list[str]:
    """The documents with most candidates, at most a few, in a fixed order."""
    return sorted(counts, key=lambda one: (-counts[one], one))[:_MOST_DOCUMENTS]
