"""Texts as vectors whose cosine says how alike they are.

An :class:`Embedder` is whatever turns texts into rows of unit length. One rule says which answers: the one that was handed
to ``osce_commitments.open``; else the released encoder (``query/search/encoder.py``); else, where that is not among the released
models, the one that is always at hand, :class:`LexicalEmbedder`. It answers too where it is asked for, as ``"lexical"``: latent semantic analysis of the dataset's own texts, made with numpy and without a network.
Words, pairs of neighbouring words and the four-letter pieces of words are hashed into buckets and weighted by TF-IDF; a
randomised singular value decomposition (Halko, Martinsson and Tropp 2011, one pass) projects the buckets to a few hundred
dimensions, in which words that occur in the same provisions lie close. It knows no meaning beyond that.
"""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from osce_commitments.query.search.language import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Lexical = Literal["lexical"]
LEXICAL: Lexical = "lexical"
DIMENSIONS = 256
_BUCKETS = 1 << 15
_MOST_LEARNT = 20_000  # texts; more change the directions little and cost memory
_SEED = 20
_PIECE_LETTERS, _LONG_WORD = 4, 5
_WORD = re.compile(r"[^\W_]+")
_PROJECTION, _IDF = "projection.npy", "idf.npy"


class Embedder(Protocol):
    """Turns texts into vectors.

    Attributes:
        id: Name and version: vectors of one id are comparable, and are cached under it.
    """

    @property
    def id(self) -> str:
        """See the class."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of unit length per text, shape ``(texts, dimensions)``; zeros for a text it knows nothing of."""


class LexicalEmbedder:
    """Latent semantic analysis of hashed words, pairs of words and pieces of words.

    Args:
        idf: Weight of each bucket, shape ``(buckets,)``.
        projection: Shape ``(buckets, dimensions)``.
    """

    id = "lexical-1"

    def __init__(self, idf: Floats, projection: Floats) -> None:
        self._idf, self._projection = idf, projection
        self._buckets = _Buckets()

    @classmethod
    def fit(cls, texts: Sequence[str], dimensions: int = DIMENSIONS) -> LexicalEmbedder:
        """Learn weights and projection from texts (of many, from some all over them); the same texts, the same embedder."""
        buckets = _Buckets()
        texts = texts[:: math.ceil(len(texts) / _MOST_LEARNT) or 1]
        counted = [buckets.of(text) for text in texts]
        occurs = np.zeros(_BUCKETS, dtype=np.int64)
        for found, _ in counted:
            occurs[found] += 1
        idf = np.log((1 + len(texts)) / (1 + occurs)).astype(np.float32)
        rows = [(found, _weights(idf, found, counts)) for found, counts in counted]
        projection = _project(rows, min(dimensions, len(texts)))
        return cls(idf, projection)

    def embed(self, texts: Sequence[str]) -> Floats:  # noqa: D102 - described in the protocol
        vectors = np.zeros((len(texts), self._projection.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            found, counts = self._buckets.of(text)
            vectors[row] = _weights(self._idf, found, counts) @ self._projection[found]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return unit

    def save(self, folder: Path) -> None:
        """Write what was learnt into a folder."""
        np.save(folder / _IDF, self._idf)
        np.save(folder / _PROJECTION, self._projection)

    @classmethod
    def load(cls, folder: Path) -> LexicalEmbedder:
        """The embedder that was saved there; the projection stays on disk until it is used."""
        return cls(np.load(folder / _IDF), np.load(folder / _PROJECTION, mmap_mode="r"))


class _Buckets:
    """The buckets of a text and how often each occurs; a word is cut and hashed once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        words = [fold(word) for word in _WORD.findall(text)]
        counts = Counter(bucket for word in words for bucket in self._word(word))
        counts.update(_hash(f"{first} {second}") for first, second in itertools.pairwise(words))
        return np.fromiter(counts, np.int32, len(counts)), np.fromiter(counts.values(), np.int32, len(counts))

    def _word(self, word: str) -> tuple[int, ...]:
        if word not in self._known:
            self._known[word] = tuple(_hash(part) for part in _parts(word))
        return self._known[word]


def _parts(word: str) -> Iterator[str]:
    yield word
    if len(word) >= _LONG_WORD:
        edged = f"^{word}$"
        yield from (edged[at : at + _PIECE_LETTERS] for at in range(len(edged) - _PIECE_LETTERS + 1))


def _hash(text: str) -> int:
    # CRC-32 is the same in every process and on every machine, other than Python's own hash.
    return zlib.crc32(text.encode()) & (_BUCKETS - 1)


def _weights(idf: Floats, found: NDArray[np.int32], counts: NDArray[np.int32]) -> Floats:
    weights = ((1 + np.log(counts)) * idf[found]).astype(np.float32)
    length = float(np.linalg.norm(weights))
    return weights / np.float32(length) if length else weights


def _project(rows: Sequence[tuple[NDArray[np.int32], Floats]], dimensions: int) -> Floats:
    """The right singular vectors of the sparse matrix of rows, shape ``(buckets, dimensions)``."""
    if not dimensions:
        return np.zeros((_BUCKETS, 0), dtype=np.float32)
    random = np.random.default_rng(_SEED).standard_normal((_BUCKETS, dimensions), dtype=np.float32)
    sketch = np.stack([weights @ random[found] for found, weights in rows])
    basis, _ = np.linalg.qr(sketch)
    wide = np.zeros((_BUCKETS, basis.shape[1]), dtype=np.float32)
    for (found, weights), row in zip(rows, basis, strict=True):
        wide[found] += weights[:, None] * row
    values, vectors = np.linalg.eigh(wide.T @ wide)
    kept = values > values.max() * 1e-7
    return np.asarray(wide @ (vectors[:, kept] / np.sqrt(values[kept])), dtype=np.float32)
