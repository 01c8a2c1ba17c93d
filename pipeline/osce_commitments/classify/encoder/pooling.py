"""Turns the outputs of the witnesses (network, heads, rules and words) into calibrated probabilities and labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.encoder.hints import area_hints, cue_shares
from osce_commitments.classify.encoder.surroundings import mean_words, sigmoid
from osce_commitments.classify.rules.verdict import witness_name
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification, Provision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.classify.encoder.artefact import Pooling, Registers, RuleWitness

    Floats = NDArray[np.float64]

THRESHOLD = 0.5  # of the probability of an area; the pooled probabilities are calibrated


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outputs of the witnesses for some provisions; those of network and heads are zeros until these were asked.

    Attributes:
        rule_levels: Level that the rules give, shape ``(provisions,)``.
        log_rules: Log of the shares of true levels under the rule that judged, shape ``(provisions, levels)``.
        rule_areas: 1 where the rules name the area, shape ``(provisions, areas)``.
        unsure: True where the rules doubt their own level, shape ``(provisions,)``.
        cue_shares: Share of right areas under the cue of an area, shape ``(provisions, areas)``; 1 where there is none.
        field_areas: Areas that each field names and the rules give, shape ``(provisions, 5, areas)``.
        words: Mean number of words of the provisions of the document, shape ``(provisions,)``.
        log_words: Log-probabilities of the levels by the words alone, shape ``(provisions, levels)``.
        log_levels, area_logits: Log-probabilities of the levels and log-odds of the areas by the network.
        head_levels, head_areas: The same by the heads.
        implied: Log-odds of the areas that no word names, shape ``(provisions, areas)``.
    """

    rule_levels: NDArray[np.int64]
    log_rules: Floats
    rule_areas: Floats
    unsure: NDArray[np.bool_]
    cue_shares: Floats
    field_areas: Floats
    words: Floats
    log_words: Floats
    log_levels: Floats
    area_logits: Floats
    head_levels: Floats
    head_areas: Floats
    implied: Floats

    @property
    def named(self) -> NDArray[np.bool_]:
        """True where a word of the provision or its context names the area, shape ``(provisions, areas)``."""
        return np.asarray(self.field_areas.any(axis=1), dtype=np.bool_)

    def at(self, rows: slice) -> Evidence:
        """The evidence on some of the provisions."""
        return Evidence(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def with_certain(self, certain: Sequence[bool]) -> Evidence:
        """Return evidence in which the rules alone count wherever they make a level certain."""
        rows = np.array(certain, dtype=bool).reshape(-1, 1)
        return replace(
            self,
            log_levels=np.where(rows, self.log_rules, self.log_levels),
            log_words=np.where(rows, self.log_rules, self.log_words),
            head_levels=np.where(rows, self.log_rules, self.head_levels),
        )


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


def rule_name(judged: Classification) -> str:
    """Return level and rule of a classification by rules, as the table of the witness names them."""
    return f"{judged.strength}:{witness_name(judged.strength_cue) if judged.strength_cue else 'no_cue'}"


def gather(
    provisions: Sequence[Provision], judged: Sequence[Classification], witness: RuleWitness, log_words: Floats
) -> Evidence:
    """The outputs of the rules and the words for the same provisions, before network and heads are asked."""
    shares = [witness.by_rule.get(rule_name(result), witness.by_level[result.strength.level]) for result in judged]
    areas = [[area in result.threat_areas for area in THREAT_AREAS] for result in judged]
    field_areas = area_hints(provisions, judged)
    no_levels, no_areas = np.zeros((len(judged), len(STRENGTHS))), np.zeros((len(judged), len(THREAT_AREAS)))
    return Evidence(
        rule_levels=np.array([result.strength.level for result in judged], dtype=np.int64),
        log_rules=np.log(np.array(shares, dtype=np.float64).reshape(no_levels.shape)),
        rule_areas=np.array(areas, dtype=np.float64).reshape(no_areas.shape),
        unsure=np.array([result.needs_review for result in judged], dtype=bool),
        cue_shares=cue_shares(judged, field_areas, witness.by_area_cue),
        field_areas=field_areas,
        words=mean_words(provisions),
        log_words=log_words,
        log_levels=no_levels,
        area_logits=no_areas,
        head_levels=no_levels,
        head_areas=no_areas,
        implied=no_areas,
    )


def combine(evidence: Evidence, pooling: Pooling) -> Judgement:
    """Pool the witnesses and decide."""
    levels = level_probabilities(evidence, pooling.registers)
    areas = area_probabilities(evidence, pooling.registers)
    best, areas_given = levels.argmax(axis=1), areas >= THRESHOLD
    least = _least(pooling, evidence)
    least_level = np.where(all_agree(evidence, best), least("strength"), least("disagreement"))
    least_level = np.where(evidence.unsure, np.maximum(least_level, least("unsure")), least_level)
    is_doubtful = np.abs(areas - THRESHOLD) < least("area")[:, None]
    is_doubtful |= areas_given & (evidence.cue_shares < least("area_cue")[:, None])
    return Judgement(levels, areas, best, areas_given, (levels.max(axis=1) < least_level) | is_doubtful.any(axis=1))


def _least(pooling: Pooling, evidence: Evidence) -> Callable[[str], Floats]:
    """A bound by its name in `Review`, for the register of each provision: shape ``(provisions,)``."""
    plain, other = pooling.review, pooling.registers.formal_review or pooling.review
    formal = pooling.registers.formality(evidence.words)
    if other is plain:
        formal = np.zeros(len(formal))
    return lambda name: (1.0 - formal) * getattr(plain, name) + formal * getattr(other, name)


def all_agree(evidence: Evidence, best: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether every witness names the level that was given."""
    agrees = best == evidence.rule_levels
    for witness in (evidence.log_levels, evidence.log_words, evidence.head_levels):
        agrees &= best == witness.argmax(axis=1)
    return np.asarray(agrees)


def level_probabilities(evidence: Evidence, registers: Registers) -> Floats:
    """Calibrated probability of every level."""
    weight = _blended(registers, registers.formality(evidence.words))
    return softmax(
        weight("level_network") * evidence.log_levels
        + weight("level_rules") * evidence.log_rules
        + weight("level_words") * evidence.log_words
        + weight("level_heads") * evidence.head_levels
    )


def area_probabilities(evidence: Evidence, registers: Registers) -> Floats:
    """Calibrated probability of every area: those that a word names and those that none names are two decisions."""
    weight = _blended(registers, registers.formality(evidence.words))
    named = (
        weight("area_network") * evidence.area_logits
        + weight("area_heads") * evidence.head_areas
        + weight("area_rules") * evidence.rule_areas
        + weight("area_offset")
    )
    weight = _blended(registers, registers.implied_formality(evidence.words))
    implied = weight("implied_weight") * evidence.implied + weight("implied_offset")
    return sigmoid(np.where(evidence.named, named, implied))


def _blended(registers: Registers, formal: Floats) -> Callable[[str], Floats]:
    """A weight by its name for each provision, shape ``(provisions, 1)``, from the share of ``formal`` in its document."""

    def weight(name: str) -> Floats:
        plain, other = float(getattr(registers.plain, name)), float(getattr(registers.formal, name))
        return np.asarray((1.0 - formal) * plain + formal * other)[:, None]

    return weight


def softmax(logits: Floats) -> Floats:
    """Probabilities from logits, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
