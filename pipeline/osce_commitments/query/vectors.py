"""The vectors of a version's provisions: computed once per embedder, cached beside the search index, compared exactly."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from osce_commitments.errors import DatasetError
from osce_commitments.ids import fingerprint
from osce_commitments.query.embed import LexicalEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from osce_commitments.query.embed import Embedder

    Floats = NDArray[np.float32]
    Days = NDArray[np.int64]

_VECTORS = "vectors.npy"
_TEXTS_AT_ONCE = 1_000
_ASKED_AT_ONCE = 64
_LEFT_OUT = -np.inf


class Vectors:
    """One vector per provision; row ``n - 1`` belongs to number ``n``.

    Args:
        matrix: Rows of unit length, shape ``(provisions, dimensions)``.
        embedder: What made them.
    """

    def __init__(self, matrix: Floats, embedder: Embedder) -> None:
        self._matrix, self._embedder = matrix, embedder

    @classmethod
    def of(cls, index: Path, texts: Callable[[], Sequence[str]], embedder: Embedder | None = None) -> Vectors:
        """The vectors of an index; computed and cached if they are not there yet.

        Args:
            index: The search index that they belong to.
            texts: The reading texts in the order of the numbers; called only if there is something to compute.
            embedder: None for the one that learns from the texts.

        Raises:
            DatasetError: If the cache cannot be written.
        """
        key = LexicalEmbedder.id if embedder is None else fingerprint(embedder.id)
        folder = index.with_name(f"{index.stem}.{key}")
        if not (folder / _VECTORS).is_file():
            _make(folder, texts(), embedder)
        matrix = np.load(folder / _VECTORS, mmap_mode="r")
        return cls(matrix, embedder or LexicalEmbedder.load(folder))

    def like_text(self, text: str, numbers: Sequence[int], most: int | None) -> list[tuple[int, float]]:
        """The numbers with their cosine to a text, greatest first, so many at most."""
        return self._ranked(self._embedder.embed([text])[0], numbers, most)

    def like_number(self, number: int, numbers: Sequence[int], most: int | None) -> list[tuple[int, float]]:
        """The numbers with their cosine to another one, greatest first, so many at most."""
        return self._ranked(self._matrix[number - 1], numbers, most)

    def like_numbers(
        self, asked: Sequence[int], numbers: Sequence[int], most: int, days: Days | None = None
    ) -> list[list[tuple[int, float]]]:
        """For each number asked for the numbers with their cosine to it, greatest first, itself left out.

        Args:
            asked: Numbers.
            numbers: What is ranked for each.
            most: Of them at most.
            days: Of all numbers; with them only later ones than its own are ranked.
        """
        among = np.asarray(numbers, dtype=np.int64)
        rows = self._matrix[among - 1]
        ranked: list[list[tuple[int, float]]] = []
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            some = np.asarray(asked[start : start + _ASKED_AT_ONCE], dtype=np.int64)
            for number, scores in zip(some.tolist(), self._matrix[some - 1] @ rows.T, strict=True):
                scores[_is_left_out(among, number, days)] = _LEFT_OUT
                ranked.append(_best(among, scores, most))
        return ranked

    def _ranked(self, vector: Floats, numbers: Sequence[int], most: int | None) -> list[tuple[int, float]]:
        rows = np.asarray(numbers, dtype=np.int64) - 1
        if not len(rows):
            return []
        few = len(rows) < len(self._matrix) // 4
        scores = self._matrix[rows] @ vector if few else (self._matrix @ vector)[rows]
        return _best(rows + 1, scores, len(rows) if most is None else most)


def _is_left_out(among: NDArray[np.int64], number: int, days: Days | None) -> NDArray[np.bool_]:
    left_out: NDArray[np.bool_] = among == number
    if days is not None:
        left_out |= days[among - 1] <= days[number - 1]
    return left_out


def _best(numbers: NDArray[np.int64], scores: Floats, most: int) -> list[tuple[int, float]]:
    """So many numbers at most with their scores, greatest first, and of equals the lower number; without what is left out."""
    if not most or not len(scores):
        return []
    at = max(len(scores) - most, 0)
    kept = np.flatnonzero((scores >= np.partition(scores, at)[at]) & (scores > _LEFT_OUT))
    order = kept[np.lexsort((numbers[kept], -scores[kept]))][:most]
    return list(zip(numbers[order].tolist(), scores[order].tolist(), strict=True))


def _make(folder: Path, texts: Sequence[str], embedder: Embedder | None) -> None:
    temporary = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}")
    try:
        temporary.mkdir()
        if embedder is None:
            embedder = LexicalEmbedder.fit(texts)
            embedder.save(temporary)
        parts = [
            embedder.embed(texts[start : start + _TEXTS_AT_ONCE])
            for start in range(0, max(len(texts), 1), _TEXTS_AT_ONCE)
        ]
        np.save(temporary / _VECTORS, np.concatenate(parts).astype(np.float32))
        # Somebody else may have been faster: theirs are the same.
        with contextlib.suppress(FileExistsError, OSError):
            temporary.rename(folder)
    except OSError as error:
        msg = f"vectors cannot be written to {folder}: {error.strerror}"
        raise DatasetError(msg, "see to space and permissions") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
