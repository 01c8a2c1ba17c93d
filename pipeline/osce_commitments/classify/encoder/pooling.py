"""Turns the outputs of the two witnesses, network and rules, into calibrated probabilities, labels and review marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.rules.verdict import witness_name
from osce_commitments.labels import THREAT_AREAS
from osce_commitments.schema import Classification

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.classify.encoder.artefact import Pooling, RuleWitness

    Floats = NDArray[np.float64]

THRESHOLD = 0.5  # of the probability of an area; the pooled probabilities are calibrated


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outputs of the witnesses for some provisions.

    Attributes:
        rule_levels: Level that the rules give, shape ``(provisions,)``.
        log_rules: Log of the shares of true levels under the rule that judged, shape ``(provisions, levels)``.
        rule_areas: 1 where the rules give the area, shape ``(provisions, areas)``.
        log_levels, area_logits: Log-probabilities of the levels and log-odds of the areas by the network.
    """

    rule_levels: NDArray[np.int64]
    log_rules: Floats
    rule_areas: Floats
    log_levels: Floats
    area_logits: Floats


@dataclass(frozen=True, slots=True)
class Judgement:
    """Labels with their probabilities.

    Attributes:
        level_probabilities: Shape ``(provisions, levels)``; rows sum to 1.
        area_probabilities: Shape ``(provisions, areas)``.
        levels: Most probable level, shape ``(provisions,)``.
        areas: True where an area's probability reaches one half.
        needs_review: True for labels that a person should check, shape ``(provisions,)``.
    """

    level_probabilities: Floats
    area_probabilities: Floats
    levels: NDArray[np.int64]
    areas: NDArray[np.bool_]
    needs_review: NDArray[np.bool_]

    def at(self, rows: NDArray[np.intp]) -> Judgement:
        """The labels of some of the provisions."""
        return Judgement(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def rule_name(judged: Classification) -> str:
    """Return level and rule of a classification by rules, as the table of the witness names them."""
    return f"{judged.strength}:{witness_name(judged.strength_cue) if judged.strength_cue else 'no_cue'}"


def log_shares(judged: Sequence[Classification], witness: RuleWitness) -> Floats:
    """Log of the shares of true levels under the rules that judged, shape ``(provisions, levels)``."""
    levels = len(witness.by_level)
    shares = [witness.by_rule.get(rule_name(result), witness.by_level[result.strength.level]) for result in judged]
    return np.log(np.array(shares, dtype=np.float64).reshape(len(judged), levels))


def gather(judged: Sequence[Classification], witness: RuleWitness, log_levels: Floats, area_logits: Floats) -> Evidence:
    """The evidence of what the rules judged and the outputs of the network for the same provisions."""
    areas = [[area in result.threat_areas for area in THREAT_AREAS] for result in judged]
    return Evidence(
        rule_levels=np.array([result.strength.level for result in judged], dtype=np.int64),
        log_rules=log_shares(judged, witness),
        rule_areas=np.array(areas, dtype=np.float64).reshape(area_logits.shape),
        log_levels=log_levels,
        area_logits=area_logits,
    )


def combine(evidence: Evidence, pooling: Pooling) -> Judgement:
    """Pool the witnesses and decide."""
    levels = softmax(pooling.level_network * evidence.log_levels + pooling.level_rules * evidence.log_rules)
    logits = pooling.area_network * evidence.area_logits + pooling.area_rules * evidence.rule_areas
    areas = 1.0 / (1.0 + np.exp(-(logits + pooling.area_offset)))
    best, review = levels.argmax(axis=1), pooling.review
    least = np.where(all_agree(evidence, best), review.strength, review.disagreement)
    is_doubtful = np.abs(areas - THRESHOLD).min(axis=1) < review.area
    return Judgement(levels, areas, best, areas >= THRESHOLD, (levels.max(axis=1) < least) | is_doubtful)


def all_agree(evidence: Evidence, best: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether both witnesses name the level that was given."""
    return np.asarray((best == evidence.rule_levels) & (best == evidence.log_levels.argmax(axis=1)))


def softmax(logits: Floats) -> Floats:
    """Probabilities from logits, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
