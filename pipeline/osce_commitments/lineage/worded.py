"""A document ready for comparison: its provisions as sets of hashed words and pairs of neighbouring words."""

from __future__ import annotations

import datetime as dt
import functools
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.lineage.wording import Wording, title_words, wording

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.schema import Row

    Hashes = NDArray[np.uint64]
    Positions = NDArray[np.int32]

_FEWEST = 2  # content words: a shorter provision is a heading or a sum
# Share of the words of two titles that name the same subject; the second one where each has words that the other lacks.
_SAME_TITLE, _SAME_TITLE_APART = 0.6, 0.75
_FREQUENT = 3, 0.2  # provisions, and their share, that have a word which names the subject of the document
_ODD = np.uint64(0x9E3779B97F4A7C15)  # spreads the two words of a pair over all bits
_PAIR_BIT = np.uint64(1 << 63)


@dataclass(frozen=True, slots=True)
class Features:
    """Hashed features of the provisions of a document, each once per provision.

    Attributes:
        rows: Position of the provision, ascending.
        hashes: CRC-32 of a word; of a pair of words, a mix of both with the highest bit set.
    """

    rows: Positions
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class WordedDocument:
    """The comparable provisions of one document.

    Attributes:
        id: Id of the document.
        days: First and last possible day.
        title: Content words of its title.
        vocabulary: All its words, those of names one by one.
        subject: Those that many of its provisions have.
        provisions: In their order.
        words: Words and pairs of their texts.
        plain: Words of their texts, those of names one by one.
        leads: Words of their lead-ins.
    """

    id: str
    days: tuple[dt.date, dt.date]
    title: frozenset[str]
    vocabulary: frozenset[str]
    subject: frozenset[str]
    provisions: tuple[Wording, ...]
    words: Features
    plain: Features
    leads: Features

    @classmethod
    def of(cls, rows: Iterable[Row]) -> WordedDocument | None:
        """The document of some rows of ``provisions``, in order; None if nothing in it can be compared."""
        rows = list(rows)
        wordings = [one for row in rows if (one := wording(row)) and "_".join(one.words).count("_") + 1 >= _FEWEST]
        if not wordings:
            return None
        plain = ["_".join(one.words).split("_") for one in wordings]
        counts = Counter(word for words in plain for word in set(words))
        least = max(_FREQUENT[0], _FREQUENT[1] * len(wordings))
        return cls(
            id=wordings[0].document,
            days=wordings[0].days,
            title=title_words(rows[0]["title"]),
            vocabulary=frozenset(counts),
            subject=frozenset(word for word, count in counts.items() if count >= least),
            provisions=tuple(wordings),
            words=_features([one.words for one in wordings], with_pairs=True),
            plain=_features(plain, with_pairs=False),
            leads=_features([one.lead for one in wordings], with_pairs=False),
        )

    def is_before(self, other: WordedDocument) -> bool:
        """Whether it is older than another document, whatever the days of documents that state only a year."""
        return self.days[1] < other.days[0]

    def has_title_of(self, other: WordedDocument) -> bool:
        """Whether the titles name the same subject; "human rights in Alfania" and "human rights in Bravonia" do not."""
        least = _SAME_TITLE_APART if self.title - other.title and other.title - self.title else _SAME_TITLE
        return bool(self.title) and len(self.title & other.title) >= least * len(self.title | other.title)

    def subject_apart(self, other: WordedDocument) -> frozenset[str]:
        """Words of its title that the other title lacks, and frequent ones that are nowhere in the other document."""
        ours, theirs = (frozenset("_".join(worded_document.title).split("_")) for worded_document in (self, other))
        return (ours - theirs) | (self.subject - other.vocabulary)


def is_pair(hashes: Hashes) -> NDArray[np.bool_]:
    """Which hashes are of pairs of words."""
    return hashes >= _PAIR_BIT


def _features(texts: Sequence[Sequence[str]], *, with_pairs: bool) -> Features:
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(words) for words in texts])
    hashes = np.array([_hash(word) for words in texts for word in words], np.uint64)
    if with_pairs and len(hashes) > 1:
        is_inside = rows[1:] == rows[:-1]
        pairs = (hashes[:-1] * _ODD + hashes[1:]) | _PAIR_BIT
        rows = np.concatenate([rows, rows[1:][is_inside]])
        hashes = np.concatenate([hashes, pairs[is_inside]])
    order = np.lexsort((hashes, rows))
    rows, hashes = rows[order], hashes[order]
    is_first = np.ones(len(rows), bool)
    is_first[1:] = (rows[1:] != rows[:-1]) | (hashes[1:] != hashes[:-1])
    return Features(rows[is_first], hashes[is_first])


@functools.lru_cache(200_000)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
