"""Provisions of two documents side by side, paired as lineage links them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osce_commitments.lineage import WordedDocument
from osce_commitments.lineage.pairs import link
from osce_commitments.schema import Row


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of provisions, by position; None where there is no match.

    Attributes:
        likeness: Likeness of their words, 0 to 1.
    """

    left: int | None
    right: int | None
    likeness: float


def align(left: Sequence[Row], right: Sequence[Row]) -> list[Aligned]:
    """Every provision of two documents once, those that are one commitment in pairs, in the order of the right document.

    What lineage does not compare, such as a title, is paired where the words are the same.

    Args:
        left: Rows of ``provisions`` of one document, in order.
        right: Those of the other.
    """
    one, other = WordedDocument.of(left), WordedDocument.of(right)
    scores: dict[tuple[int, int], float] = {}
    if one and other:
        ours, theirs = ({row["id"]: index for index, row in enumerate(rows)} for rows in (left, right))
        for found in link(one, other):
            if found.is_main:
                pair = ours[one.provisions[found.earlier].id], theirs[other.provisions[found.later].id]
                scores[pair] = found.score
    return _ordered(scores | _same_words(left, right, scores), len(left), len(right))


def _same_words(
    left: Sequence[Row], right: Sequence[Row], paired: Mapping[tuple[int, int], float]
) -> dict[tuple[int, int], float]:
    taken = [{pair[side] for pair in paired} for side in (0, 1)]
    free: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(left):
        if index not in taken[0]:
            free[row["reading"].casefold()].append(index)
    same_words = {}
    for index, row in enumerate(right):
        same = free[row["reading"].casefold()] if index not in taken[1] else []
        if same:
            same_words[same.pop(0), index] = 1.0
    return same_words


def _ordered(scores: Mapping[tuple[int, int], float], lefts: int, rights: int) -> list[Aligned]:
    pairs = dict(scores)
    by_right = {two: one for one, two in pairs}
    of_left = dict(pairs.keys())
    rows = []
    for at in range(rights):
        one = by_right.get(at)
        rows.append(((at, 0, 0), Aligned(one, at, 0.0 if one is None else pairs[one, at])))
    last = -1
    for at in range(lefts):
        if at in of_left:
            last = of_left[at]
        else:
            rows.append(((last, 1, at), Aligned(at, None, 0.0)))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]
