"""Alignment of the provisions of two documents by similarity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_LIKENESS = 0.7  # evaluation/notes/restatements.md


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of provisions, by position; None where there is no match.

    Attributes:
        likeness: Cosine of their vectors.
    """

    left: int | None
    right: int | None
    likeness: float


def align(cosines: NDArray[np.float32]) -> list[Aligned]:
    """Every provision of two documents once, the most similar ones in pairs, in the order of the right document.

    Args:
        cosines: Similarity of each left provision to each right one, shape ``(left, right)``.
    """
    lefts, rights = cosines.shape
    pairs = _pairs(cosines)
    by_right = {two: one for one, two in pairs.items()}
    rows = []
    for at in range(rights):
        one = by_right.get(at)
        rows.append(((at, 0, 0), Aligned(one, at, 0.0 if one is None else float(cosines[one, at]))))
    last = -1
    for at in range(lefts):
        if at in pairs:
            last = pairs[at]
        else:
            rows.append(((last, 1, at), Aligned(at, None, 0.0)))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


def _pairs(cosines: NDArray[np.float32]) -> dict[int, int]:
    """Right position by left position; the most similar are paired first, and of equals the closest."""
    lefts, rights = np.nonzero(cosines >= _LEAST_LIKENESS)
    # Rounded, because the cosines of equal texts differ in the last digits.
    order = np.lexsort((lefts, np.abs(lefts - rights), -cosines[lefts, rights].round(4)))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for one, two in zip(lefts[order].tolist(), rights[order].tolist(), strict=True):
        if one not in pairs and two not in taken:
            pairs[one] = two
            taken.add(two)
    return pairs
