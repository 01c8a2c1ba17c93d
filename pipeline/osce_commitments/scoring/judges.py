"""The labels of a judge and their quality: all classifiers are measured in the same way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength, ThreatArea
from osce_commitments.schema import Classification
from osce_commitments.scoring import metrics
from osce_commitments.scoring.labelled_rows import LabelledRow

_Measures = dict[str, Callable[[NDArray[np.int64]], float]]

_LEVELS = len(STRENGTHS)
# Nine of ten cells (a provision and an area) are clearly empty, so that a calibration error over all of them is always small.
_LIKELY = 0.1


@dataclass(frozen=True, slots=True)
class Judge:
    """The labels of a judge for ``n`` rows; None for probabilities that it does not have.

    Attributes:
        levels: Positions on the scale of strength, shape ``(n,)``.
        areas: Shape ``(n, 12)``.
        level_probabilities: Shape ``(n, 6)``; rows sum to 1.
        area_probabilities: Shape ``(n, 12)``.
    """

    name: str
    levels: NDArray[np.int64]
    areas: NDArray[np.bool_]
    level_probabilities: NDArray[np.float64] | None = None
    area_probabilities: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """The labels of people, shapes as in :class:`Judge`, and the document of every row."""

    levels: NDArray[np.int64]
    areas: NDArray[np.bool_]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Measures of one judge on one task, each with its interval.

    ``gain`` is the advantage of the classifier under test, from the paired bootstrap; empty for itself.
    """

    name: str
    measures: Mapping[str, metrics.Interval]
    gain: Mapping[str, metrics.Interval] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The measures, their intervals and the gains under the keys of ``metrics.json``."""
        values: dict[str, Any] = {name: round(measure.value, 4) for name, measure in self.measures.items()}
        values["intervals"] = {name: _bounds(measure) for name, measure in self.measures.items()}
        if self.gain:
            values["gain_over"] = {name: [round(gain.value, 4), *_bounds(gain)] for name, gain in self.gain.items()}
        return values


def _bounds(interval: metrics.Interval) -> list[float]:
    return [round(interval.low, 4), round(interval.high, 4)]


def truth_of(rows: Sequence[LabelledRow]) -> Truth:
    """Return the labels of people as arrays."""
    return Truth(
        level_numbers([row.strength for row in rows]),
        area_matrix([row.threat_areas for row in rows]),
        tuple(row.document for row in rows),
    )


def judge_of(name: str, results: Sequence[Classification]) -> Judge:
    """Return the labels and probabilities of a classifier."""
    return Judge(
        name,
        level_numbers([result.strength for result in results]),
        area_matrix([result.threat_areas for result in results]),
        np.array([result.strength_probabilities for result in results], dtype=float).reshape(-1, _LEVELS),
        np.array([result.area_probabilities for result in results], dtype=float).reshape(-1, len(THREAT_AREAS)),
    )


def level_numbers(labels: Sequence[ObligationStrength]) -> NDArray[np.int64]:
    """Positions on the scale, shape ``(n,)``."""
    return np.array([label.level for label in labels], dtype=np.int64)


def area_matrix(labels: Sequence[Collection[ThreatArea]]) -> NDArray[np.bool_]:
    """One column per area, shape ``(n, 12)``."""
    cells = [[area in row for area in THREAT_AREAS] for row in labels]
    return np.array(cells, dtype=np.bool_).reshape(len(labels), len(THREAT_AREAS))


def plain_figures(judge: Judge, truth: Truth) -> dict[str, dict[str, float]]:
    """The measures of both tasks without intervals, under the keys ``strength`` and ``areas`` of ``metrics.json``."""
    every = np.arange(len(truth.levels))
    tasks = {"strength": _strength_measures(judge, truth), "areas": _area_measures(judge, truth)}
    return {
        task: {name: round(measure(every), 4) for name, measure in measures.items()} for task, measures in tasks.items()
    }


def strength_figures(judge: Judge, truth: Truth, *, than: Judge | None = None) -> Figures:
    """Accuracy, macro-F1, quadratic kappa, mean absolute error in levels, and calibration error if the judge has probabilities.

    ``than`` is the classifier under test, whose gain over the judge is reported.
    """
    return _figures(judge, truth, _strength_measures, than)


def area_figures(judge: Judge, truth: Truth, *, than: Judge | None = None) -> Figures:
    """Micro- and macro-F1 over the areas that occur, and calibration errors if the judge has probabilities.

    ``ece_likely`` covers the cells (a provision and an area) with a probability of 0.1 or more.
    """
    return _figures(judge, truth, _area_measures, than)


def _figures(
    judge: Judge, truth: Truth, measures_of: Callable[[Judge, Truth], _Measures], than: Judge | None
) -> Figures:
    measures = measures_of(judge, truth)
    intervals = {name: metrics.bootstrap(measure, truth.documents) for name, measure in measures.items()}
    gains = {
        name: metrics.bootstrap(_difference(tested, measures[name]), truth.documents)
        for name, tested in (measures_of(than, truth) if than else {}).items()
        if name in measures and name not in {"mae", "ece", "ece_likely"}
    }
    return Figures(judge.name, intervals, gains)


def _difference(
    tested: Callable[[NDArray[np.int64]], float], other: Callable[[NDArray[np.int64]], float]
) -> Callable[[NDArray[np.int64]], float]:
    return lambda rows: tested(rows) - other(rows)


def _strength_measures(judge: Judge, truth: Truth) -> _Measures:
    levels, probabilities = judge.levels, judge.level_probabilities
    measures: _Measures = {
        "accuracy": lambda rows: metrics.accuracy(truth.levels[rows], levels[rows]),
        "macro_f1": lambda rows: metrics.macro_f1(truth.levels[rows], levels[rows], _LEVELS),
        "kappa_quadratic": lambda rows: metrics.kappa_quadratic(truth.levels[rows], levels[rows], _LEVELS),
        "mae": lambda rows: metrics.mean_absolute_error(truth.levels[rows], levels[rows]),
    }
    if probabilities is not None:
        confidence, right = strength_confidence(judge, truth)
        measures["ece"] = lambda rows: metrics.calibration_error(confidence[rows], right[rows])
    return measures


def _area_measures(judge: Judge, truth: Truth) -> _Measures:
    areas, probabilities = judge.areas, judge.area_probabilities
    measures: _Measures = {
        "micro_f1": lambda rows: metrics.area_micro_f1(truth.areas[rows], areas[rows]),
        "macro_f1": lambda rows: metrics.area_macro_f1(truth.areas[rows], areas[rows]),
    }
    if probabilities is not None:
        likely = probabilities >= _LIKELY

        def likely_error(rows: NDArray[np.int64]) -> float:
            cells = likely[rows]
            return metrics.calibration_error(probabilities[rows][cells], truth.areas[rows][cells])

        measures["ece_likely"] = likely_error
    return measures


def strength_confidence(judge: Judge, truth: Truth) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the probability of the given level, and whether it is right; both of shape ``(n,)``."""
    assert judge.level_probabilities is not None  # noqa: S101 - callers have a judge with probabilities
    confidence = judge.level_probabilities[np.arange(len(judge.levels)), judge.levels]
    return confidence, judge.levels == truth.levels
