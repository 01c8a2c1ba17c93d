"""Turns the outputs of three witnesses (transformer, rules and words) into calibrated probabilities and labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.rules.verdict import witness_name
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.classify.encoder.artefact import Combination, Registers, RuleWitness

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeadEvidence:
    """Outputs of the heads for provisions, and the register of their documents.

    Attributes:
        log_levels: Log-probabilities of the levels, shape ``(provisions, levels)``.
        area_logits: Log-odds of the areas, shape ``(provisions, areas)``.
        implied: Log-odds of the areas that no word names, shape ``(provisions, areas)``.
        named: True where a word of the provision or its context names the area, shape ``(provisions, areas)``.
        words: Mean number of words of the provisions of the document, shape ``(provisions,)``.
    """

    log_levels: Floats
    area_logits: Floats
    implied: Floats
    named: NDArray[np.bool_]
    words: Floats

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> HeadEvidence:
        """The evidence on some of the provisions."""
        return HeadEvidence(
            self.log_levels[rows], self.area_logits[rows], self.implied[rows], self.named[rows], self.words[rows]
        )

    def where(self, chosen: NDArray[np.bool_], other: HeadEvidence | None) -> HeadEvidence:
        """This evidence on the chosen provisions and the other on the rest."""
        if other is None:
            return self
        rows = chosen[:, None]
        return replace(
            self,
            log_levels=np.where(rows, self.log_levels, other.log_levels),
            area_logits=np.where(rows, self.area_logits, other.area_logits),
            implied=np.where(rows, self.implied, other.implied),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outputs of the witnesses for some provisions.

    Attributes:
        log_levels: The transformer's log-probabilities, shape ``(provisions, levels)``.
        area_logits: The transformer's log-odds, shape ``(provisions, areas)``.
        rule_levels: Level that the rules give, shape ``(provisions,)``.
        log_rules: Log of the shares of true levels under the rule that judged, shape ``(provisions, levels)``.
        rule_areas: 1 where the rules name the area, shape ``(provisions, areas)``.
        log_words: Log-probabilities of the levels by the words alone, shape ``(provisions, levels)``; zeros if unused.
        unsure: True where the rules doubt their own level, shape ``(provisions,)``.
        cue_shares: Share of right areas under the cue of an area, shape ``(provisions, areas)``; 1 where there is none.
        heads: Outputs of the heads; None for a release without.
    """

    log_levels: Floats
    area_logits: Floats
    rule_levels: NDArray[np.int64]
    log_rules: Floats
    rule_areas: Floats
    log_words: Floats
    unsure: NDArray[np.bool_]
    cue_shares: Floats
    heads: HeadEvidence | None = None

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Evidence:
        """The evidence on some of the provisions."""
        return Evidence(
            self.log_levels[rows],
            self.area_logits[rows],
            self.rule_levels[rows],
            self.log_rules[rows],
            self.rule_areas[rows],
            self.log_words[rows],
            self.unsure[rows],
            self.cue_shares[rows],
            self.heads.at(rows) if self.heads else None,
        )

    def with_certain(self, certain: Sequence[bool]) -> Evidence:
        """Return evidence in which the rules alone count wherever they make a level certain."""
        rows = np.array(certain, dtype=bool).reshape(-1, 1)
        log_levels = np.where(rows, self.log_rules, self.log_levels)
        heads = self.heads and replace(self.heads, log_levels=np.where(rows, self.log_rules, self.heads.log_levels))
        log_words = np.where(rows, self.log_rules, self.log_words)
        return replace(self, log_levels=log_levels, log_words=log_words, heads=heads)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Labels with their probabilities.

    Attributes:
        level_probabilities: Shape ``(provisions, levels)``; rows sum to 1.
        area_probabilities: Shape ``(provisions, areas)``.
        levels: Most probable level, shape ``(provisions,)``.
        areas: True where an area's probability reaches its threshold.
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
    log_levels: Floats,
    area_logits: Floats,
    judged: Sequence[Classification],
    witness: RuleWitness,
    log_words: Floats | None = None,
) -> Evidence:
    """The outputs of the transformer, the rules and the words for the same provisions; every cue of an area counts as sure."""
    levels = np.array([result.strength.level for result in judged], dtype=np.int64)
    shares = [witness.by_rule.get(rule_name(result), witness.by_level[result.strength.level]) for result in judged]
    areas = [[area in result.threat_areas for area in THREAT_AREAS] for result in judged]
    return Evidence(
        log_levels.astype(np.float64),
        area_logits.astype(np.float64),
        levels,
        np.log(np.array(shares, dtype=np.float64).reshape(len(judged), len(STRENGTHS))),
        np.array(areas, dtype=np.float64).reshape(len(judged), len(THREAT_AREAS)),
        np.zeros_like(log_levels) if log_words is None else log_words,
        np.array([result.needs_review for result in judged], dtype=bool),
        np.ones((len(judged), len(THREAT_AREAS))),
    )


def combine(evidence: Evidence, combination: Combination) -> Judgement:
    """Pool the witnesses and decide."""
    levels = level_probabilities(evidence, combination)
    areas = area_probabilities(evidence, combination)
    thresholds = np.array(combination.thresholds)
    best = levels.argmax(axis=1)
    least = _least(combination, evidence)
    least_level = np.where(all_agree(evidence, best), least("strength"), least("disagreement"))
    least_level = np.where(evidence.unsure, np.maximum(least_level, least("unsure")), least_level)
    areas_given = areas >= thresholds
    is_doubtful = np.abs(areas - thresholds) < least("area")[:, None]
    is_doubtful |= areas_given & (evidence.cue_shares < least("area_cue")[:, None])
    return Judgement(levels, areas, best, areas_given, (levels.max(axis=1) < least_level) | is_doubtful.any(axis=1))


def _least(combination: Combination, evidence: Evidence) -> Callable[[str], Floats]:
    """A bound by its name in `Review`, for the register of each provision: shape ``(provisions,)``."""
    registers, plain = combination.registers, combination.review
    formal = np.zeros(len(evidence.unsure))
    if registers and registers.formal_review and evidence.heads:
        formal = registers.formality(evidence.heads.words)
    other = (registers and registers.formal_review) or plain
    return lambda name: (1.0 - formal) * getattr(plain, name) + formal * getattr(other, name)


def all_agree(evidence: Evidence, best: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the rules and, in a release with heads, every other witness name the level that was given."""
    agrees = best == evidence.rule_levels
    if evidence.heads:
        for witness in (evidence.log_levels, evidence.log_words, evidence.heads.log_levels):
            agrees &= best == witness.argmax(axis=1)
    return np.asarray(agrees)


def level_probabilities(evidence: Evidence, combination: Combination) -> Floats:
    """Calibrated probability of every level."""
    if combination.registers and evidence.heads:
        weight = _blended(combination.registers, combination.registers.formality(evidence.heads.words))
        return softmax(
            weight("level_network") * evidence.log_levels
            + weight("level_rules") * evidence.log_rules
            + weight("level_words") * evidence.log_words
            + weight("level_heads") * evidence.heads.log_levels
        )
    pooled = (
        combination.strength_weight * evidence.log_levels
        + combination.rule_weight * evidence.log_rules
        + combination.word_weight * evidence.log_words
    )
    return softmax(pooled + np.array(combination.level_offsets))


def area_probabilities(evidence: Evidence, combination: Combination) -> Floats:
    """Calibrated probability of every area: those that a word names and those that none names are two decisions."""
    if combination.registers and evidence.heads:
        weight = _blended(combination.registers, combination.registers.formality(evidence.heads.words))
        named = (
            weight("area_network") * evidence.area_logits
            + weight("area_heads") * evidence.heads.area_logits
            + weight("area_rules") * evidence.rule_areas
            + weight("area_offset")
        )
        weight = _blended(combination.registers, combination.registers.implied_formality(evidence.heads.words))
        implied = weight("implied_weight") * evidence.heads.implied + weight("implied_offset")
        return sigmoid(np.where(evidence.heads.named, named, implied))
    return sigmoid(
        evidence.area_logits * np.array(combination.area_weights)
        + evidence.rule_areas * np.array(combination.area_rule_weights)
        + np.array(combination.area_offsets)
    )


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


def sigmoid(logits: Floats) -> Floats:
    """Probabilities from log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))))
