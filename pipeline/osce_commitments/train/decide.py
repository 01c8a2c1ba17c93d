"""Fits on validation rows the pooling, calibration, thresholds and review bounds of the witnesses, with few parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.artefact import Combination, Register, Registers, Review
from osce_commitments.classify.encoder.pooling import (
    Evidence,
    HeadEvidence,
    Judgement,
    all_agree,
    area_probabilities,
    level_probabilities,
    sigmoid,
    softmax,
)
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.scoring.judges import Judge, Truth, plain_figures
from osce_commitments.scoring.metrics import area_micro_f1
from osce_commitments.train.settings import Decision

_Floats = NDArray[np.float64]

# Bounds of four weights: transformer, added prior, rules, words.
_BOUNDS = ((0.05, 5.0), (-1.5, 1.5), (0.0, 5.0), (0.0, 5.0))
_AREA_BOUNDS = ((0.05, 5.0), (0.0, 8.0), (-6.0, 6.0))
_PULL = 1.0  # strength of regularisation towards the uncalibrated transformer
_GRID = np.arange(0.1, 0.9, 0.01)
_NEAR_BEST = 0.002
_COMMON = 0.8  # share of the common threshold in the threshold of each area
_ALMOST_ONE = 1 - 1e-9


def uncalibrated() -> Combination:
    """Return the uncalibrated transformer: its own probabilities, thresholds of one half, no review marks."""
    zeros = (0.0,) * len(THREAT_AREAS)
    return Combination(
        strength_weight=1.0,
        rule_weight=0.0,
        level_offsets=(0.0,) * len(STRENGTHS),
        area_weights=(1.0,) * len(THREAT_AREAS),
        area_rule_weights=zeros,
        area_offsets=zeros,
        thresholds=(0.5,) * len(THREAT_AREAS),
        review=Review(strength=0.0, disagreement=0.0, area=0.0),
    )


def fit_combination(
    evidence: Evidence, levels: NDArray[np.int64], areas: NDArray[np.bool_], settings: Decision, *, pools: bool
) -> Combination:
    """Fit all parameters that turn the witnesses' outputs into labels.

    The transformer was not trained on these rows. Levels have the shape ``(rows,)``, areas ``(rows, areas)``. Without
    ``pools``, the rules and the words do not count.
    """
    strength, rules, words, offsets = _fit_levels(evidence, levels, pools=pools)
    # One fit for all areas: with some hundred cases each, weights of their own did worse on documents left out.
    weight, rule_weight, offset = _fit_areas(evidence, areas, pools=pools)
    heads = evidence.heads if pools else None
    registers = _registers(evidence, heads, levels, areas, settings) if heads else None
    fitted = uncalibrated().model_copy(
        update={
            "strength_weight": strength,
            "rule_weight": rules,
            "word_weight": words,
            "level_offsets": offsets,
            "area_weights": (weight,) * len(THREAT_AREAS),
            "area_rule_weights": (rule_weight,) * len(THREAT_AREAS),
            "area_offsets": (offset,) * len(THREAT_AREAS),
            "registers": registers,
        }
    )
    probabilities = area_probabilities(evidence, fitted)
    if not registers:
        fitted = fitted.model_copy(update={"thresholds": thresholds(probabilities, areas)})
    is_chosen = registers is not None and settings.review is not None
    review = settings.review if is_chosen else _fit_review(evidence, fitted, levels, areas, settings)
    return fitted.model_copy(update={"review": review})


def _registers(
    evidence: Evidence, heads: HeadEvidence, levels: NDArray[np.int64], areas: NDArray[np.bool_], settings: Decision
) -> Registers:
    """The chosen weights; without a choice, weights fitted on these rows, for documents of any kind."""
    if settings.pools:
        return settings.pools.model_copy(update={"formal_review": settings.formal_review})
    register = Register(
        **_fit_level_pool(evidence, heads, levels),
        **_fit_named_pool(evidence, heads, areas),
        **_fit_implied(heads, areas),
    )
    return Registers(plain=register, formal=register)


def _fit_level_pool(evidence: Evidence, heads: HeadEvidence, levels: NDArray[np.int64]) -> dict[str, float]:
    evidences = np.stack([evidence.log_levels, evidence.log_rules, evidence.log_words, heads.log_levels])
    rows = np.arange(len(levels))

    def loss(weights: _Floats) -> float:
        pooled = softmax(np.tensordot(weights, evidences, axes=1))
        return float(-np.log(pooled[rows, levels].clip(min=1e-12)).sum() + _PULL / 2 * (weights**2).sum())

    fitted = _minimise(loss, (0.3,) * 4, ((0.0, 3.0),) * 4)
    return dict(zip(("level_network", "level_rules", "level_words", "level_heads"), fitted, strict=True))


def _fit_named_pool(evidence: Evidence, heads: HeadEvidence, truth: NDArray[np.bool_]) -> dict[str, float]:
    cells = heads.named
    evidences = np.stack([evidence.area_logits[cells], heads.area_logits[cells], evidence.rule_areas[cells]])
    fitted = _fit_log_odds(evidences, truth[cells])
    return dict(zip(("area_network", "area_heads", "area_rules", "area_offset"), fitted, strict=True))


def _fit_implied(heads: HeadEvidence, truth: NDArray[np.bool_]) -> dict[str, float]:
    weight, offset = _fit_log_odds(heads.implied[~heads.named][None], truth[~heads.named])
    return {"implied_weight": weight, "implied_offset": offset}


def _fit_log_odds(evidences: _Floats, truth: NDArray[np.bool_]) -> list[float]:
    """Fit the weights of log-odds of shape ``(witnesses, cells)``, and an offset."""

    def loss(weights: _Floats) -> float:
        logits = weights[:-1] @ evidences + weights[-1]
        return float(np.logaddexp(0, np.where(truth, -logits, logits)).sum() + _PULL / 2 * (weights[:-1] ** 2).sum())

    bounds = (*((0.0, 8.0),) * len(evidences), (-6.0, 6.0))
    return _minimise(loss, (*(0.3,) * len(evidences), 0.0), bounds)


def _fit_levels(
    evidence: Evidence, levels: NDArray[np.int64], *, pools: bool
) -> tuple[float, float, float, tuple[float, ...]]:
    """Fit the weights of a log-linear pool (network, rules, words) and of a correction by the prior: four numbers."""
    counts = np.bincount(levels, minlength=len(STRENGTHS)) + 1.0
    prior = np.log(counts / counts.sum())
    rows = np.arange(len(levels))

    def loss(weights: _Floats) -> float:
        pooled = (
            weights[0] * evidence.log_levels
            + weights[1] * prior
            + weights[2] * evidence.log_rules
            + weights[3] * evidence.log_words
        )
        nll = -np.log(softmax(pooled)[rows, levels].clip(min=1e-12)).sum()
        return float(nll + _PULL / 2 * ((weights[0] - 1) ** 2 + weights[1] ** 2))

    start = (1.0, 0.0, *((0.5, 0.2) if pools else (0.0, 0.0)))
    alone = [*_BOUNDS[:2], (0.0, 0.0), (0.0, 0.0)]
    network, share, rules, words = _minimise(loss, start, _BOUNDS if pools else alone)
    return network, rules, words, tuple(round(float(share * value), 6) for value in prior)


def _fit_areas(evidence: Evidence, truth: NDArray[np.bool_], *, pools: bool) -> tuple[float, float, float]:
    """Fit weight of the transformer, weight of the rules' flag, and offset."""
    logits, flags = evidence.area_logits, evidence.rule_areas

    def loss(weights: _Floats) -> float:
        probability = sigmoid(weights[0] * logits + weights[1] * flags + weights[2]).clip(1e-12, _ALMOST_ONE)
        nll = -np.where(truth, np.log(probability), np.log(1 - probability)).sum()
        return float(nll + _PULL / 2 * ((weights[0] - 1) ** 2 + weights[1] ** 2 / 4 + weights[2] ** 2 / 4))

    alone = (_AREA_BOUNDS[0], (0.0, 0.0), _AREA_BOUNDS[2])
    network, rules, offset = _minimise(loss, (1.0, 0.0, 0.0), _AREA_BOUNDS if pools else alone)
    return network, rules, offset


def _minimise(
    loss: Callable[[_Floats], float], start: Sequence[float], bounds: Sequence[tuple[float, float]]
) -> list[float]:
    from scipy.optimize import minimize

    minimum: Any = minimize(loss, np.array(start), bounds=bounds, method="L-BFGS-B")
    return [round(float(value), 6) for value in minimum.x]


def thresholds(probabilities: _Floats, truth: NDArray[np.bool_]) -> tuple[float, ...]:
    """Fit a threshold per area, close to the common one because validation has few cases of each area."""
    common = best_threshold(probabilities, truth)
    own = (best_threshold(*pair) for pair in zip(probabilities.T, truth.T, strict=True))
    return tuple(round(_COMMON * common + (1 - _COMMON) * best, 4) for best in own)


def best_threshold(probabilities: _Floats, truth: NDArray[np.bool_]) -> float:
    """Return the middle of the thresholds with nearly the best F1; one half without true cases."""
    scores = np.array([area_micro_f1(truth, probabilities >= threshold) for threshold in _GRID])
    near = _GRID[scores >= scores.max() - _NEAR_BEST]
    return round(float(np.median(near)), 4) if truth.any() else 0.5


def _fit_review(
    evidence: Evidence,
    combination: Combination,
    levels: NDArray[np.int64],
    areas: NDArray[np.bool_],
    settings: Decision,
) -> Review:
    """Return the lowest confidences with enough right labels above them, with and without agreement of the witnesses."""
    probabilities = level_probabilities(evidence, combination)
    confidence, best = probabilities.max(axis=1), probabilities.argmax(axis=1)
    right, agrees = best == levels, all_agree(evidence, best)
    most = round(settings.most_reviewed * len(levels))
    chances = area_probabilities(evidence, combination)
    distance = np.abs(chances - np.array(combination.thresholds)).min(axis=1)
    areas_right = ((chances >= np.array(combination.thresholds)) == areas).all(axis=1)
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
