"""Two witnesses, one judgement."""

from __future__ import annotations

import numpy as np

from osce_commitments.classify.encoder.artefact import Pooling, Review, RuleWitness
from osce_commitments.classify.encoder.pooling import Evidence, combine, gather
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Field, ThreatArea
from osce_commitments.schema import Classification, Cue

_LEVELS, _AREAS = len(STRENGTHS), len(THREAT_AREAS)
_POLICING = THREAT_AREAS.index(ThreatArea.POLICING)
_SHARES = (0.02, 0.02, 0.02, 0.02, 0.9, 0.02)
_UNDECIDED = (0.05, 0.05, 0.05, 0.4, 0.35, 0.1)


def pooling(review: Review | None = None, **weights: float) -> Pooling:
    values = {"level_network": 1.0, "level_rules": 1.0, "area_network": 1.0, "area_rules": 2.0, "area_offset": 0.0}
    doubts = review or Review(strength=0.3, disagreement=0.8, area=0.0)
    return Pooling.model_validate(values | weights | {"review": doubts})


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


def evidence(probabilities: tuple[float, ...], logit: float, rule: Classification) -> Evidence:
    """One provision of which the network gives these levels, and policing by this logit."""
    uniform = ((1 / 6,) * 6,) * _LEVELS
    witness = RuleWitness(version="rules", by_rule={"committing:will_of_actor": _SHARES}, by_level=uniform)
    logits = np.full((1, _AREAS), -5.0)
    logits[0, _POLICING] = logit
    return gather([rule], witness, np.log(np.array([probabilities])), logits)


def test_a_rule_that_is_mostly_right_turns_an_undecided_network() -> None:
    undecided = evidence(_UNDECIDED, -5.0, judged(4, "strength.will_of_actor"))
    assert combine(undecided, pooling()).levels.tolist() == [4]
    assert combine(undecided, pooling(level_rules=0.0)).levels.tolist() == [3]


def test_a_rule_that_was_never_seen_says_nothing() -> None:
    undecided = evidence(_UNDECIDED, -5.0, judged(4, "strength.will_laid_down"))
    assert np.allclose(combine(undecided, pooling()).level_probabilities, [_UNDECIDED])


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
