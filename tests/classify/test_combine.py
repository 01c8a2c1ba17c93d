"""Two witnesses, one judgement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from osce_commitments.classify.encoder.artefact import Pooling, Register, Registers, Review, RuleWitness
from osce_commitments.classify.encoder.hints import cue_shares
from osce_commitments.classify.encoder.pooling import Evidence, combine, gather, level_probabilities
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Field, ThreatArea
from osce_commitments.schema import AreaCue, Classification, Cue

from .conftest import tagged

_LEVELS, _AREAS = len(STRENGTHS), len(THREAT_AREAS)
_POLICING = THREAT_AREAS.index(ThreatArea.POLICING)
_SHARES = (0.02, 0.02, 0.02, 0.02, 0.9, 0.02)
_NO_DOUBT = Review(strength=0.0, disagreement=0.0, area=0.0)


def pooling(review: Review | None = None, **weights: float) -> Pooling:
    """The network and the rules count; heads and words do not, unless they are given a weight."""
    values = {"level_network": 1.0, "level_rules": 1.0, "area_network": 1.0, "area_rules": 2.0, "implied_weight": 1.0}
    one = Register.model_validate(dict.fromkeys(Register.model_fields, 0.0) | values | weights)
    return Pooling(
        review=review or Review(strength=0.3, disagreement=0.8, area=0.0), registers=Registers(plain=one, formal=one)
    )


def judged(level: int, rule: str, *areas: ThreatArea) -> Classification:
    strength = STRENGTHS[level]
    return Classification(
        strength=strength,
        strength_probabilities=tuple(float(one == strength) for one in STRENGTHS),
        threat_areas=areas,
        area_probabilities=tuple(float(area in areas) for area in THREAT_AREAS),
        model_id="rules",
        strength_cue=Cue(Field.TEXT, 0, 1, "x", rule),
    )


def witness() -> RuleWitness:
    uniform = ((1 / 6,) * 6,) * _LEVELS
    return RuleWitness(version="rules", by_rule={"committing:will_of_actor": _SHARES}, by_level=uniform, by_area_cue={})


def evidence(probabilities: tuple[float, ...], logit: float, rule: Classification, **changes: Any) -> Evidence:  # noqa: ANN401
    """One provision: the network says so, every witness of levels agrees with it, and a word names policing."""
    logits, named = np.full((1, _AREAS), -5.0), np.zeros((1, 5, _AREAS))
    logits[0, _POLICING], named[0, 0, _POLICING] = logit, 1.0
    levels = np.log(np.array([probabilities]))
    rules = gather([tagged("Act.").provision], [rule], witness(), levels)
    said = {"log_levels": levels, "head_levels": levels, "area_logits": logits, "head_areas": logits, "implied": logits}
    return replace(rules, field_areas=named, **said | changes)


def test_a_rule_that_is_mostly_right_turns_an_undecided_transformer() -> None:
    undecided = evidence((0.05, 0.05, 0.05, 0.4, 0.35, 0.1), -5.0, judged(4, "strength.will_of_actor"))
    assert combine(undecided, pooling()).levels.tolist() == [4]
    assert combine(undecided, pooling(level_rules=0.0)).levels.tolist() == [3]


def test_a_rule_that_was_never_seen_says_nothing() -> None:
    undecided = evidence((0.05, 0.05, 0.05, 0.4, 0.35, 0.1), -5.0, judged(4, "strength.will_laid_down"))
    assert np.allclose(level_probabilities(undecided, pooling().registers), [[0.05, 0.05, 0.05, 0.4, 0.35, 0.1]])


def test_probabilities_sum_to_one_and_areas_are_independent() -> None:
    found = combine(evidence((0.5, 0.1, 0.1, 0.1, 0.1, 0.1), 3.0, judged(0, "strength.will_of_actor")), pooling())
    assert np.isclose(found.level_probabilities.sum(), 1.0)
    assert found.areas.sum() == 1
    assert found.areas[0, _POLICING]


def test_the_flag_of_the_rules_lifts_an_area_over_its_threshold() -> None:
    with_flag = evidence((1 / 6,) * 6, -1.0, judged(0, "strength.will_of_actor", ThreatArea.POLICING))
    without = evidence((1 / 6,) * 6, -1.0, judged(0, "strength.will_of_actor"))
    assert combine(with_flag, pooling()).areas[0, _POLICING]
    assert not combine(without, pooling()).areas[0, _POLICING]


def test_more_certainty_is_asked_where_the_witnesses_disagree() -> None:
    sure = (0.04, 0.04, 0.04, 0.7, 0.14, 0.04)
    agreeing = evidence(sure, -5.0, judged(3, "strength.will_laid_down"))
    disagreeing = evidence(sure, -5.0, judged(4, "strength.will_laid_down"))
    assert not combine(agreeing, pooling()).needs_review[0]
    assert combine(disagreeing, pooling()).needs_review[0]


def test_an_area_close_to_its_threshold_needs_review() -> None:
    close = evidence((0.95, 0.01, 0.01, 0.01, 0.01, 0.01), 0.1, judged(0, "strength.will_laid_down"))
    assert not combine(close, pooling()).needs_review[0]
    watchful = pooling(Review(strength=0.0, disagreement=0.0, area=0.1))
    assert combine(close, watchful).needs_review[0]


def test_more_certainty_is_asked_where_the_rules_doubt_their_own_level() -> None:
    rule = judged(3, "strength.will_laid_down")
    strict = pooling(Review(strength=0.3, disagreement=0.3, unsure=0.8, area=0.0))
    for is_unsure in (False, True):
        asked = evidence((0.04, 0.04, 0.04, 0.7, 0.14, 0.04), -5.0, replace(rule, needs_review=is_unsure))
        assert combine(asked, strict).needs_review[0] == is_unsure


def test_an_area_whose_cue_is_often_wrong_needs_review() -> None:
    strict = pooling(Review(strength=0.0, disagreement=0.0, area=0.0, area_cue=0.8))
    shares = np.ones((1, _AREAS))
    shares[0, _POLICING] = 0.6
    for logit, is_given in ((5.0, True), (-5.0, False)):
        found = combine(evidence((1 / 6,) * 6, logit, judged(0, "strength.will_laid_down"), cue_shares=shares), strict)
        assert found.areas[0, _POLICING] == found.needs_review[0] == is_given
    assert not combine(evidence((1 / 6,) * 6, 5.0, judged(0, "strength.will_laid_down")), strict).needs_review[0]


def test_a_cue_is_believed_by_its_rule_and_where_it_was_found() -> None:
    cue = AreaCue(ThreatArea.POLICING, Cue(Field.TEXT, 0, 6, "police", "areas.policing.police"))
    rule = replace(judged(0, "strength.will_laid_down", ThreatArea.POLICING), area_cues=(cue,))
    shares = {"areas.policing.police:text": 0.5, "text and context": 0.98}
    alone = np.zeros((1, 5, _AREAS))
    alone[0, (0, 4), _POLICING] = 1.0
    in_title = alone.copy()
    in_title[0, 3, _POLICING] = 1.0
    assert cue_shares([rule], alone, shares)[0, _POLICING] == 0.5
    assert cue_shares([rule], in_title, shares)[0, _POLICING] == 0.98, "a rule without a share of its own"
    assert (
        cue_shares([rule], alone, {}).min()
        == cue_shares([judged(0, "strength.will_laid_down")], alone, shares).min()
        == 1.0
    )


def test_formal_documents_are_reviewed_in_their_own_way() -> None:
    one = Register.model_validate(dict.fromkeys(Register.model_fields, 0.0))
    strict = Review(strength=0.9, disagreement=0.9, area=0.0)
    registers = Registers(plain=one, formal=one, plain_words=20, formal_words=30, formal_review=strict)
    for words, is_reviewed in ((20.0, False), (21.0, False), (30.0, True)):
        asked = evidence((1 / 6,) * 6, -5.0, judged(0, "strength.will_laid_down"), words=np.array([words]))
        assert combine(asked, Pooling(review=_NO_DOUBT, registers=registers)).needs_review[0] == is_reviewed


def test_a_certain_rule_is_not_outvoted() -> None:
    asked = evidence((0.01, 0.01, 0.01, 0.95, 0.01, 0.01), -5.0, judged(4, "strength.will_of_actor"))
    for is_certain, level in ((True, 4), (False, 3)):
        assert combine(asked.with_certain([is_certain]), pooling(level_words=1.0)).levels.tolist() == [level]
