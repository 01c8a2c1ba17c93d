"""Fits the pooling, calibration and review bounds of the two witnesses, with few numbers, on rows that neither has seen."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.artefact import Pooling, Review, RuleWitness
from osce_commitments.classify.encoder.pooling import (
    THRESHOLD,
    Evidence,
    Judgement,
    all_agree,
    combine,
    gather,
    log_shares,
    softmax,
)
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import Judge, Truth, plain_figures
from osce_commitments.train.settings import Decision
from osce_commitments.train.witnesses import Ruled, trust

_Floats = NDArray[np.float64]
_Rows = NDArray[np.intp]

_FOLDS = 10
# Strength of the pull towards small weights, so that a witness that says nothing gets none. No measurement chose it.
_PULL = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """Labelled rows, what the rules judged of them and what the network says of levels and areas."""

    judged: Sequence[Classification]
    log_levels: _Floats
    area_logits: _Floats
    truth: Truth

    @property
    def ruled(self) -> Ruled:
        """The judgements of the rules next to the levels of people."""
        return self.judged, self.truth.levels

    def at(self, rows: _Rows) -> Part:
        """Some of the rows."""
        documents = tuple(self.truth.documents[row] for row in rows)
        truth = Truth(self.truth.levels[rows], self.truth.areas[rows], documents)
        return Part([self.judged[row] for row in rows], self.log_levels[rows], self.area_logits[rows], truth)

    def evidence(self, witness: RuleWitness) -> Evidence:
        """What both witnesses say."""
        return gather(self.judged, witness, self.log_levels, self.area_logits)

    def folds(self) -> Iterator[tuple[_Rows, _Rows]]:
        """Rows of some documents, and those of all others; a document's fold does not depend on the others."""
        fold = np.array([zlib.crc32(document.encode()) % _FOLDS for document in self.truth.documents])
        for number in np.unique(fold):
            yield np.flatnonzero(fold == number), np.flatnonzero(fold != number)


def fit(part: Part, learnt: Ruled, settings: Decision) -> tuple[RuleWitness, Pooling]:
    """The trust in each rule and the pooling, from rows that neither network nor rules have learnt from.

    The pooling is fitted on what the rules are trusted without the document itself; a rule that holds in its own
    document only would be weighed too much.
    """
    witness = trust(learnt, part.ruled, settings.rule_smoothing)
    evidence = part.evidence(witness)
    log_rules = evidence.log_rules.copy()
    for rows, others in part.folds():
        held_out = trust(learnt, part.at(others).ruled, settings.rule_smoothing)
        log_rules[rows] = log_shares(part.at(rows).judged, held_out)
    return witness, fit_pooling(replace(evidence, log_rules=log_rules), part.truth, settings)


def judge_held_out(part: Part, learnt: Ruled, settings: Decision) -> Judgement:
    """The labels of every row by trust and pooling that were fitted without its document."""
    labels: dict[str, NDArray[Any]] = {}
    for rows, others in part.folds():
        witness, pooling = fit(part.at(others), learnt, settings)
        judged = combine(part.at(rows).evidence(witness), pooling)
        for name in Judgement.__slots__:
            values = getattr(judged, name)
            labels.setdefault(name, np.zeros((len(part.judged), *values.shape[1:]), dtype=values.dtype))[rows] = values
    return Judgement(**labels)


def fit_pooling(evidence: Evidence, truth: Truth, settings: Decision) -> Pooling:
    """Fit everything that turns the outputs of the witnesses into labels; every row counts the same."""
    of_levels, every = np.stack([evidence.log_levels, evidence.log_rules]), np.arange(len(truth.levels))
    of_areas = np.stack([evidence.area_logits, evidence.rule_areas])

    def level_loss(weights: _Floats) -> float:
        pooled = softmax(np.tensordot(weights, of_levels, axes=1))
        return float(-np.log(pooled[every, truth.levels].clip(min=1e-12)).sum() + _PULL / 2 * (weights**2).sum())

    def area_loss(weights: _Floats) -> float:
        logits = np.tensordot(weights[:-1], of_areas, axes=1) + weights[-1]
        entropy = np.logaddexp(0, np.where(truth.areas, -logits, logits)).sum()
        return float(entropy + _PULL / 2 * (weights[:-1] ** 2).sum())

    level_network, level_rules = _minimise(level_loss, (0.4, 0.4), ((0.0, 3.0),) * 2)
    area_network, area_rules, area_offset = _minimise(area_loss, (0.4, 0.4, -0.5), (*((0.0, 8.0),) * 2, (-6.0, 6.0)))
    pooling = Pooling(
        level_network=level_network,
        level_rules=level_rules,
        area_network=area_network,
        area_rules=area_rules,
        area_offset=area_offset,
        review=Review(strength=0.0, disagreement=0.0, area=0.0),
    )
    # The review bounds are the lowest confidences with enough right labels above them, with and without agreement.
    judged = combine(evidence, pooling)
    confidence, right = judged.level_probabilities.max(axis=1), judged.levels == truth.levels
    agrees, most = all_agree(evidence, judged.levels), round(settings.most_reviewed * len(truth.levels))
    distance = np.abs(judged.area_probabilities - THRESHOLD).min(axis=1)
    areas_right = (judged.areas == truth.areas).all(axis=1)
    review = Review(
        strength=least_sure(confidence[agrees], right[agrees], settings.sure_accuracy, most),
        disagreement=least_sure(confidence[~agrees], right[~agrees], settings.sure_accuracy, most),
        area=least_sure(distance, areas_right, settings.sure_accuracy, most),
    )
    return pooling.model_copy(update={"review": review})


def _minimise(
    loss: Callable[[_Floats], float], start: Sequence[float], bounds: Sequence[tuple[float, float]]
) -> list[float]:
    from scipy.optimize import minimize

    minimum: Any = minimize(loss, np.array(start), bounds=bounds, method="L-BFGS-B")
    return [round(float(value), 6) for value in minimum.x]


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
