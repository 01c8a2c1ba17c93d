"""The vectors of a version's provisions: computed once per embedder, cached next to the search index, compared exactly.

A text has the same vector in every version, so a new version reuses cached vectors and computes only those of new texts.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import numpy as np

from osce_commitments.errors import DatasetError, UnavailableError
from osce_commitments.files import check_regular, open_regular
from osce_commitments.ids import fingerprint
from osce_commitments.query.search.index import is_trusted, remove_cached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

TextsDone = Callable[[int, int], None]  # texts done, texts in all

_VECTORS, _NAMES = "vectors.npy", "texts.npy"
_NAME_BYTES = 16
_TEXTS_AT_ONCE = 200
_SILENT_SECONDS, _SECONDS_BETWEEN_LINES = 2.0, 5.0
_KEPT_QUERIES = 256
_ROWS_SAMPLED, _LEAST_DEVIATION = 5_000, 0.02
# A text without words has a vector of zeros.
_ROWS_CHECKED, _UNIT_TOLERANCE, _LEAST_OF_UNIT_LENGTH = 500, 0.02, 0.5


class Embedder(Protocol):
    """Turns texts into vectors.

    Attributes:
        id: Name and version; vectors with the same id are comparable and cached together.
        floor: Cosine with a query below which a text is no hit. Optional; without it, no text is too distant.
        dimension: Length of a vector. Optional; with it, kept vectors of another length are made again.
    """

    @property
    def id(self) -> str:
        """See the class."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of unit length per text, shape ``(texts, dimensions)``; zeros for a text without known words."""


class Vectors:
    """One vector per provision; row ``n - 1`` is for number ``n``."""

    def __init__(self, matrix: Floats, embedder: Embedder) -> None:
        self._matrix, self._embedder = matrix, embedder
        self._vector = functools.lru_cache(_KEPT_QUERIES)(lambda text: embedder.embed([text])[0])

    @classmethod
    def of(
        cls,
        index: Path,
        texts: Callable[[], Sequence[str]],
        embedder: Embedder,
        data: Path,
        progress: TextsDone | None = None,
    ) -> Vectors:
        """The vectors of an index, computed and cached if missing.

        ``progress`` gets the number of new texts done and in all; by default, long work is reported on stderr.

        Raises:
            DatasetError: If the cache cannot be written.
        """
        folder = _folder(index, embedder)
        matrix = _load(folder, data)
        fits = matrix is not None and _has_width(matrix, embedder) and _are_unit(matrix)
        if matrix is None or not fits or len(matrix) != len(texts()):
            remove_cached(folder)  # it is damaged, or another user made it
            _make(folder, texts(), embedder, progress or _Spoken())
            matrix = _load(folder, data)
        if matrix is None:
            msg = f"vectors in {folder} cannot be read"
            raise UnavailableError(msg, "remove the folder; it is made again on the next search by meaning")
        return cls(matrix, embedder)

    @staticmethod
    def are_cached(index: Path, embedder: Embedder) -> bool:
        """Whether the vectors of an index are there."""
        return (_folder(index, embedder) / _VECTORS).is_file()

    def like_text(self, text: str, numbers: Sequence[int], most: int | None) -> list[tuple[int, float]]:
        """At most ``most`` numbers with their cosine to a text, highest first; none below the embedder's floor."""
        floor = getattr(self._embedder, "floor", -np.inf)
        return [pair for pair in self._ranked(self._vector(text), numbers, most) if pair[1] >= floor]

    def like_number(self, number: int, numbers: Sequence[int], most: int | None) -> list[tuple[int, float]]:
        """At most ``most`` numbers with their cosine to another number, highest first."""
        return self._ranked(self._matrix[number - 1], numbers, most)

    def likeness(self, text: str, numbers: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """The cosine of each number to a text, and by how many standard deviations it exceeds the mean of all numbers."""
        vector = self._vector(text)
        cosines = self._scores(vector, numbers)
        sample = self._matrix[:: len(self._matrix) // _ROWS_SAMPLED + 1] @ vector
        mean, deviation = (float(sample.mean()), float(sample.std())) if len(sample) else (0.0, 0.0)
        standing: Floats = (cosines - mean) / max(deviation, _LEAST_DEVIATION)
        return cosines, standing

    def _ranked(self, vector: Floats, numbers: Sequence[int], most: int | None) -> list[tuple[int, float]]:
        """At most ``most`` numbers with their scores, highest first, of equals the lower number."""
        candidates = np.asarray(numbers, dtype=np.int64)
        most = len(candidates) if most is None else most
        if not most or not len(candidates):
            return []
        scores = self._scores(vector, candidates)
        least = max(len(scores) - most, 0)
        best = np.flatnonzero(scores >= np.partition(scores, least)[least])
        order = best[np.lexsort((candidates[best], -scores[best]))][:most]
        return list(zip(candidates[order].tolist(), scores[order].tolist(), strict=True))

    def _scores(self, vector: Floats, numbers: NDArray[np.int64]) -> Floats:
        few = len(numbers) < len(self._matrix) // 4
        return self._matrix[numbers - 1] @ vector if few else (self._matrix @ vector)[numbers - 1]


def _load(folder: Path, data: Path) -> Floats | None:
    """The cached vectors; None if there are none, the file is damaged, or another user made it."""
    path = folder / _VECTORS
    return _matrix(path) if is_trusted(path, data) else None


def _matrix(path: Path) -> Floats | None:
    try:
        check_regular(path)
        matrix: Floats = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError, IndexError, SyntaxError):
        return None
    is_matrix = matrix.ndim == 2 and matrix.dtype == np.dtype(np.float32)  # noqa: PLR2004 - rows and columns
    return matrix if is_matrix else None


def vectors_fault(path: Path, provisions: int | None, embedder: Embedder | None) -> str:
    """The fault of a file of vectors; empty without one.

    The number of provisions is None if the index cannot be read; the usual embedder says how wide vectors are.
    """
    matrix = _matrix(path)
    if matrix is None or not _are_unit(matrix):
        return "the vectors are damaged"
    if provisions not in (None, len(matrix)):
        return f"there are {len(matrix):,} vectors for {provisions:,} provisions"
    if embedder and path.parent.suffix == f".{fingerprint(embedder.id)}" and not _has_width(matrix, embedder):
        return f"the vectors have another width ({matrix.shape[1]}) than those of the encoder"
    return ""


def _has_width(matrix: Floats, embedder: Embedder) -> bool:
    """Whether vectors are as wide as those of an embedder, if it says how wide they are."""
    return bool(matrix.shape[1] == getattr(embedder, "dimension", matrix.shape[1]))


def _are_unit(matrix: Floats) -> bool:
    """Whether most vectors of a sample have unit length."""
    sample = matrix[:: max(1, len(matrix) // _ROWS_CHECKED)]
    is_unit = np.abs(np.linalg.norm(sample, axis=1) - 1.0) < _UNIT_TOLERANCE
    return not len(sample) or bool(is_unit.mean() > _LEAST_OF_UNIT_LENGTH)


def _folder(index: Path, embedder: Embedder) -> Path:
    return index.with_name(f"{index.stem}.{fingerprint(embedder.id)}")


def _make(folder: Path, texts: Sequence[str], embedder: Embedder, progress: TextsDone) -> None:
    temporary = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}")
    names = [hashlib.blake2b(text.encode(), digest_size=_NAME_BYTES).digest() for text in texts]
    try:
        temporary.mkdir()
        vectors = _known(folder, set(names), embedder)
        text_of = dict(zip(names, texts, strict=True))
        new = [name for name in text_of if name not in vectors]
        for start in range(0, len(new), _TEXTS_AT_ONCE):
            progress(start, len(new))
            batch = new[start : start + _TEXTS_AT_ONCE]
            rows = embedder.embed([text_of[name] for name in batch]).astype(np.float32)
            vectors.update(zip(batch, rows, strict=True))
        matrix = np.stack([vectors[name] for name in names]) if names else embedder.embed([]).astype(np.float32)
        np.save(temporary / _NAMES, np.frombuffer(b"".join(names), dtype=f"V{_NAME_BYTES}"))
        np.save(temporary / _VECTORS, matrix)
        # Another process may have been faster, with the same vectors.
        with contextlib.suppress(FileExistsError, OSError):
            temporary.rename(folder)
    except OSError as error:
        msg = f"vectors cannot be written to {folder}: {error.strerror}"
        raise DatasetError(msg, "check free disk space and permissions") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _known(folder: Path, wanted: set[bytes], embedder: Embedder) -> dict[bytes, Floats]:
    """Vectors of the same embedder cached for other versions, by hash of the text."""
    vectors: dict[bytes, Floats] = {}
    others = (
        path for path in folder.parent.glob(f"*{folder.suffix}") if path != folder and not path.name.startswith(".")
    )
    for other in sorted(others, reverse=True):
        # A damaged or just removed cache is skipped.
        with contextlib.suppress(OSError, ValueError, EOFError):
            with open_regular(other / _NAMES) as stream:
                names, matrix = np.load(stream).tolist(), _matrix(other / _VECTORS)
            if matrix is None or len(matrix) != len(names) or not _has_width(matrix, embedder):
                continue
            for name, vector in zip(names, matrix, strict=True):
                if name in wanted and name not in vectors:
                    vectors[name] = vector
    return vectors


class _Spoken:
    """Progress of a long computation as lines on stderr."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._said = self._begin + _SILENT_SECONDS - _SECONDS_BETWEEN_LINES

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done and now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said, left = now, (now - self._begin) / done * (total - done)
            sys.stderr.write(f"preparing search by meaning: {done:,} of {total:,} texts, {left:.0f} s left\n")
            sys.stderr.flush()
