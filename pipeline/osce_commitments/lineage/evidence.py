"""How probable it is that two provisions of two editions are one commitment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from osce_commitments.lineage.scores import Floats

# Coefficients of a logistic regression on coded pairs; benchmarks/lineage_weights.py prints them.
_CONSTANT = -4.299
_WEIGHTS = (3.538, 0.769, 2.663, 3.138, -3.022)
LEAST_PROBABLE = 0.4
_SAME_WORDS = 0.95  # score from which a pair needs no other evidence


def evidence(plain: Floats, weight: Floats, scores: Floats) -> Floats:
    """What speaks for each pair, of shape ``(5, earlier, later)``.

    In this order: likeness of the plain words, 0 to 1; logarithm of the weight of the shared words; by how much likeness
    and score are above those of the best other pair of either provision, -1 to 1; distance of their places in the two
    documents, 0 to 1.

    Args:
        plain: Likeness by words alone; see ``plain_likeness``.
        weight: Weight of the shared words.
        scores: Of the pairs; 0 where two provisions cannot be one commitment.
    """
    plain = np.where(scores > 0, plain, 0)
    ours, theirs = (np.arange(size) / size for size in scores.shape)
    return np.stack([
        plain,
        np.log1p(weight),
        _lead_over_others(plain),
        _lead_over_others(scores),
        np.abs(ours[:, None] - theirs[None, :]),
    ]).astype(np.float32)  # fmt: skip


def probabilities(floats: Floats, scores: Floats) -> Floats:
    """Probability of each pair from its evidence; 0 for pairs without a score, which cannot be one commitment."""
    odds = np.tensordot(np.array(_WEIGHTS, np.float32), floats, 1) + np.float32(_CONSTANT)
    floats = np.where(scores > 0, 1 / (1 + np.exp(-odds)), 0)
    return np.where(scores >= _SAME_WORDS, 1, floats).astype(np.float32)


def _lead_over_others(values: Floats) -> Floats:
    """By how much each value is above the highest other one of its row and of its column."""
    highest: Floats = np.maximum(_highest_other(values), _highest_other(values.T).T)
    return values - highest


def _highest_other(values: Floats) -> Floats:
    """For each value, the highest other one of its column; 0 where it is alone."""
    if len(values) == 1:
        return np.zeros_like(values)
    second, first = np.partition(values, -2, axis=0)[-2:]
    at_first = np.arange(len(values))[:, None] == values.argmax(0)[None, :]
    others: Floats = np.where(at_first, second, first)
    return others
