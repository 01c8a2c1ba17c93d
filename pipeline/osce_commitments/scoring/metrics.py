"""Measures of label quality: pure functions on arrays, with intervals by resampling documents.

The tests compare them with those of scikit-learn. They are here because an evaluation calls them more than a hundred thousand times, a
thousand for each interval: a call takes .004 to .1 ms here and .3 to 3 ms there (800 rows).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A measure with the bounds of its bootstrap interval."""

    value: float
    low: float
    high: float


def confusion(truth: NDArray[np.int64], guess: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Return counts by true class (row) and predicted class (column), shape ``(classes, classes)``."""
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (truth, guess), 1)
    return table


def class_scores(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Precision, recall and F1 (rows) of every column of two matrices of shape ``(provisions, classes)``; 0 where undefined."""
    hits, guessed, true = (truth & guess).sum(axis=0), guess.sum(axis=0), truth.sum(axis=0)
    # Where a divisor is 0, nothing was hit.
    return np.asarray(np.stack([hits, hits, 2 * hits]) / np.stack([guessed, true, guessed + true]).clip(min=1))


def accuracy(truth: NDArray[np.int64], guess: NDArray[np.int64]) -> float:
    """Share of equal labels; 0 for no labels."""
    return float((truth == guess).mean()) if truth.size else 0.0


def macro_f1(truth: NDArray[np.int64], guess: NDArray[np.int64], classes: int) -> float:
    """Mean F1 over the classes that occur in either array."""
    table = confusion(truth, guess, classes)
    sums = table.sum(axis=0) + table.sum(axis=1)
    occurs = sums > 0
    return float(np.mean(2 * np.diag(table)[occurs] / sums[occurs])) if occurs.any() else 0.0


def kappa_quadratic(truth: NDArray[np.int64], guess: NDArray[np.int64], classes: int) -> float:
    """Return Cohen's kappa with quadratic weights of ordinal labels; 1 if chance leaves no disagreement."""
    table = confusion(truth, guess, classes).astype(float)
    if not table.sum():
        return 0.0
    distance = np.subtract.outer(np.arange(classes), np.arange(classes)) ** 2
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    by_chance = float((distance * expected).sum())
    return 1.0 - float((distance * table).sum()) / by_chance if by_chance else 1.0


def mean_absolute_error(truth: NDArray[np.int64], guess: NDArray[np.int64]) -> float:
    """Mean distance in levels of ordinal labels; 0 for no labels."""
    return float(np.abs(truth - guess).mean()) if truth.size else 0.0


def area_micro_f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> float:
    """F1 over all cells of two label arrays; 0 if undefined."""
    sums = int(truth.sum()) + int(guess.sum())
    return 2 * int((truth & guess).sum()) / sums if sums else 0.0


def area_macro_f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> float:
    """Mean F1 over the areas that occur in the truth; an area without a true case has no F1."""
    occurs = truth.any(axis=0)
    return float(class_scores(truth, guess)[2, occurs].mean()) if occurs.any() else 0.0


def bootstrap(
    measure: Callable[[NDArray[np.int64]], float],
    documents: Sequence[str],
    *,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 20_120_901,
) -> Interval:
    """Return a measure with a percentile interval from drawing whole documents with replacement.

    Provisions of one document resemble each other, so the document is the unit that is drawn. ``measure`` takes row
    numbers. ``level`` is the share of resamples inside the interval. The same seed gives the same interval.
    """
    names, of_row = np.unique(np.asarray(documents), return_inverse=True)
    rows = [np.flatnonzero(of_row == index) for index in range(len(names))]
    value = measure(np.arange(len(documents)))
    if len(names) == 0:
        return Interval(value, value, value)
    draw = np.random.default_rng(seed)
    values = [
        measure(np.concatenate([rows[index] for index in draw.integers(0, len(names), len(names))]))
        for _ in range(rounds)
    ]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def alpha_ordinal(units: Sequence[Sequence[int]], classes: int) -> float:
    """Krippendorff's alpha of any number of coders on an ordinal scale of levels from 0; 1 where nothing could differ.

    A unit has the levels of the coders who coded it; units with one code do not count.

    Source: K. Krippendorff, Content Analysis (2004), chapter 11: coincidence matrix and ordinal metric.
    """
    coincidences = np.zeros((classes, classes))
    for codes in units:
        if len(codes) > 1:
            counts = np.bincount(np.asarray(codes, dtype=np.int64), minlength=classes).astype(float)
            coincidences += (np.outer(counts, counts) - np.diag(counts)) / (len(codes) - 1)
    totals = coincidences.sum(axis=1)
    if not totals.any():
        return 1.0
    ranks = np.cumsum(totals) - totals / 2
    distance = np.subtract.outer(ranks, ranks) ** 2
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    by_chance = float((distance * expected).sum())
    return 1.0 - float((distance * coincidences).sum()) / by_chance if by_chance else 1.0


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = 15
) -> list[tuple[float, float, int]]:
    """Mean confidence, share of right ones and number of the predictions in bins of equal width from 0 to 1, without empty bins."""
    of_bin = np.minimum((confidence * bins).astype(int), bins - 1)
    members = (of_bin == number for number in range(bins))
    return [
        (float(confidence[rows].mean()), float(right[rows].mean()), int(rows.sum())) for rows in members if rows.any()
    ]


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = 15) -> float:
    """Return the expected calibration error: mean distance of confidence and share of right ones, weighted by bin size.

    Source: C. Guo et al., On Calibration of Modern Neural Networks (2017), section 2.
    """
    filled = reliability(confidence, right, bins=bins)
    return sum(abs(mean - share) * count for mean, share, count in filled) / max(1, len(right))
