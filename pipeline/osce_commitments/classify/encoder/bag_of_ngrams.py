"""The third witness on strength: short runs of words, and a linear model of the levels that they go with.

A network reads what a provision means and may read past the word that binds; a table of words cannot.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Provision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = Callable[[dict[str, NDArray[Any]]], Sequence[NDArray[np.float32]]]

BUCKETS = 1 << 17
_WORD = re.compile(r"\w+|[^\w\s]")
_TEXT_RUN, _BEGINNING_RUN, _LEAD_IN_RUN = 3, 4, 2  # longest runs, in words
_BEGINNING = 8  # words of a text that are read as its beginning, where its operative verb mostly stands


def features(provision: Provision) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The runs of words in a provision as buckets (feature hashing; K. Weinberger et al., 2009) and what each counts.

    Text, its beginning, lead-in and role are kept apart; each counts the same, whatever its length.

    Returns:
        Buckets and shares, both of shape ``(runs,)``; a bucket may occur twice.
    """
    buckets: list[int] = []
    shares: list[float] = []
    text = _WORD.findall(provision.text.lower())
    for field in (
        _runs("text", text, _TEXT_RUN),
        _runs("beginning", ["^", *text[:_BEGINNING]], _BEGINNING_RUN),
        _runs("lead-in", _WORD.findall(provision.lead_in.lower()), _LEAD_IN_RUN),
        _runs("role", [provision.role.value], 1),
    ):
        buckets += sorted(field)
        shares += [max(len(field), 1) ** -0.5] * len(field)
    return np.array(buckets, dtype=np.int64), np.array(shares, dtype=np.float32)


def _runs(field: str, words: Sequence[str], longest: int) -> set[int]:
    """Buckets of the runs: of the field and its words with spaces between, hashed word by word."""
    runs, first = set(), zlib.crc32(field.encode())
    parts = [f" {word}".encode() for word in words]
    for start in range(len(parts)):
        run = first
        for part in parts[start : start + longest]:
            run = zlib.crc32(part, run)
            runs.add(run % BUCKETS)
    return runs


def run_words(network: Words, provisions: Sequence[Provision]) -> NDArray[np.float64]:
    """Log-probabilities of the levels, shape ``(provisions, levels)``.

    Args:
        network: Takes the arrays of `pad_runs`.
        provisions: What is judged.
    """
    log_levels = np.zeros((len(provisions), len(STRENGTHS)))
    # One at a time: in a filled-up row, the sum rounds differently, and a label would depend on what is judged with it.
    for row, provision in enumerate(provisions):
        log_levels[row] = network(pad_runs([features(provision)]))[0]
    return log_levels


def pad_runs(rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> dict[str, NDArray[Any]]:
    """The runs of some provisions as the network takes them, filled up with runs that count nothing."""
    shape = (len(rows), max(len(buckets) for buckets, _ in rows))
    arrays: dict[str, NDArray[Any]] = {
        "buckets": np.zeros(shape, dtype=np.int64),
        "shares": np.zeros(shape, dtype=np.float32),
    }
    for row, (buckets, shares) in enumerate(rows):
        arrays["buckets"][row, : len(buckets)], arrays["shares"][row, : len(shares)] = buckets, shares
    return arrays
