"""Fits on validation rows the pooling, calibration and review bounds of the witnesses, with few parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.artefact import Pooling, Register, Registers, Review
from osce_commitments.classify.encoder.pooling import (
    THRESHOLD,
    Evidence,
    Judgement,
    all_agree,
    area_probabilities,
    level_probabilities,
    softmax,
)
from osce_commitments.scoring.judges import Judge, Truth, plain_figures
from osce_commitments.train.settings import Decision

_Floats = NDArray[np.float64]

_PULL = 1.0  # strength of regularisation towards small weights


def fit_pooling(evidence: Evidence, truth: Truth, settings: Decision) -> Pooling:
    """Choose or fit everything that turns the outputs of the witnesses into labels, on rows that they were not trained on."""
    if settings.pools:
        registers = settings.pools.model_copy(update={"formal_review": settings.formal_review})
    else:  # one set of weights for documents of any kind
        unnamed = ~evidence.named
        implied_weight, implied_offset = _fit_log_odds(evidence.implied[unnamed][None], truth.areas[unnamed])
        register = Register(
            **_fit_level_pool(evidence, truth.levels),
            **_fit_named_pool(evidence, truth.areas),
            implied_weight=implied_weight,
            implied_offset=implied_offset,
        )
        registers = Registers(plain=register, formal=register)
    return Pooling(review=settings.review or _fit_review(evidence, registers, truth, settings), registers=registers)


def _fit_level_pool(evidence: Evidence, levels: NDArray[np.int64]) -> dict[str, float]:
    evidences = np.stack([evidence.log_levels, evidence.log_rules, evidence.log_words, evidence.head_levels])
    rows = np.arange(len(levels))

    def loss(weights: _Floats) -> float:
        pooled = softmax(np.tensordot(weights, evidences, axes=1))
        return float(-np.log(pooled[rows, levels].clip(min=1e-12)).sum() + _PULL / 2 * (weights**2).sum())

    fitted = _minimise(loss, (0.3,) * 4, ((0.0, 3.0),) * 4)
    return dict(zip(("level_network", "level_rules", "level_words", "level_heads"), fitted, strict=True))


def _fit_named_pool(evidence: Evidence, truth: NDArray[np.bool_]) -> dict[str, float]:
    cells = evidence.named
    evidences = np.stack([evidence.area_logits[cells], evidence.head_areas[cells], evidence.rule_areas[cells]])
    fitted = _fit_log_odds(evidences, truth[cells])
    return dict(zip(("area_network", "area_heads", "area_rules", "area_offset"), fitted, strict=True))


def _fit_log_odds(evidences: _Floats, truth: NDArray[np.bool_]) -> list[float]:
    """Fit the weights of log-odds of shape ``(witnesses, cells)``, and an offset."""

    def loss(weights: _Floats) -> float:
        logits = weights[:-1] @ evidences + weights[-1]
        return float(np.logaddexp(0, np.where(truth, -logits, logits)).sum() + _PULL / 2 * (weights[:-1] ** 2).sum())

    bounds = (*((0.0, 8.0),) * len(evidences), (-6.0, 6.0))
    return _minimise(loss, (*(0.3,) * len(evidences), 0.0), bounds)


def _minimise(
    loss: Callable[[_Floats], float], start: Sequence[float], bounds: Sequence[tuple[float, float]]
) -> list[float]:
    from scipy.optimize import minimize

    minimum: Any = minimize(loss, np.array(start), bounds=bounds, method="L-BFGS-B")
    return [round(float(value), 6) for value in minimum.x]


def _fit_review(evidence: Evidence, registers: Registers, truth: Truth, settings: Decision) -> Review:
    """Return the lowest confidences with enough right labels above them, with and without agreement of the witnesses."""
    probabilities = level_probabilities(evidence, registers)
    confidence, best = probabilities.max(axis=1), probabilities.argmax(axis=1)
    right, agrees = best == truth.levels, all_agree(evidence, best)
    most = round(settings.most_reviewed * len(truth.levels))
    chances = area_probabilities(evidence, registers)
    distance = np.abs(chances - THRESHOLD).min(axis=1)
    areas_right = ((chances >= THRESHOLD) == truth.areas).all(axis=1)
    return Review(
        strength=least_sure(confidence[agrees], right[agrees], settings.sure_accuracy, most),
        disagreement=least_sure(confidence[~agrees], right[~agrees], settings.sure_accuracy, most),
        area=least_sure(distance, areas_right, settings.sure_accuracy, most),
    )


def least_sure(confidence: _Floats, right: NDArray[np.bool_], accuracy: float, most: int) -> float:
    """Return the lowest confidence with the target accuracy above it, excluding at most ``most`` predictions."""
    if not len(confidence):
        return 0.0
    order = np.argsort(confidence, kind="stable")
    left_out = np.arange(len(order))
    share_right = right[order][::-1].cumsum()[::-1] / (len(order) - left_out)
    good = np.flatnonzero(share_right >= accuracy)
    if len(good) and good[0] == 0:
        return 0.0
    last = min(int(good[0]) if len(good) else len(order), most, len(order) - 1)
    return round(float(confidence[order[last]]), 6)


def headline(judged: Judgement, truth: Truth) -> dict[str, dict[str, float]]:
    """Return the figures that decide on a release, under the keys of ``metrics.json``."""
    judge = Judge("", judged.levels, judged.areas, judged.level_probabilities, judged.area_probabilities)
    right, sure = judged.levels == truth.levels, ~judged.needs_review
    review = {
        "share": float(judged.needs_review.mean()),
        "accuracy_without": float(right[sure].mean()) if sure.any() else 0.0,
        "accuracy_with": float(right[~sure].mean()) if (~sure).any() else 0.0,
    }
    return plain_figures(judge, truth) | {"review": {name: round(value, 4) for name, value in review.items()}}
