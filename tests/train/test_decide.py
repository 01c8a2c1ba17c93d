"""What is fitted on rows that nobody has learnt from."""

from __future__ import annotations

import numpy as np
import pytest

from osce_commitments.classify.encoder.artefact import Pooling, Review
from osce_commitments.classify.encoder.pooling import Evidence, combine, softmax
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Field
from osce_commitments.schema import Classification, Cue
from osce_commitments.scoring.judges import Truth
from osce_commitments.train.decide import Part, fit, fit_pooling, headline, judge_held_out, least_sure
from osce_commitments.train.settings import Decision

_ROWS = 600
_BOAST = 3.0


def world(*, rules_right: float, rules_claim: float = 0.0) -> tuple[Evidence, Truth]:
    """Rows of a network that knows the probabilities but boasts, and of rules that are right so often.

    The rules claim to be right as often as they are, or ``rules_claim``.
    """
    draw = np.random.default_rng(7)
    known = draw.normal(size=(_ROWS, len(STRENGTHS))) * 1.5
    levels = np.array([draw.choice(len(STRENGTHS), p=row) for row in softmax(known)])
    logits = draw.normal(size=(_ROWS, len(THREAT_AREAS))) * 2 - 1
    areas = draw.random(logits.shape) < 1 / (1 + np.exp(-logits))
    wrong = (levels + draw.integers(1, 6, _ROWS)) % len(STRENGTHS)
    rules = np.where(draw.random(_ROWS) < rules_right, levels, wrong)
    claim = rules_claim or rules_right
    shares = np.where(np.eye(len(STRENGTHS)), claim, (1 - claim) / 5)
    evidence = Evidence(
        rule_levels=rules.astype(np.int64),
        log_rules=np.log(shares[rules]),
        rule_areas=np.where(draw.random(areas.shape) < rules_right, areas, ~areas).astype(float),
        log_levels=np.log(softmax(_BOAST * known)),
        area_logits=_BOAST * logits,
    )
    return evidence, Truth(levels.astype(np.int64), areas, ())


def weights(**of_world: float) -> Pooling:
    return fit_pooling(*world(**of_world), Decision())


def test_boasting_is_cured() -> None:
    evidence, truth = world(rules_right=1 / 6)
    doubts = Review(strength=0.0, disagreement=0.0, area=0.0)
    as_it_is = Pooling(
        level_network=1.0, level_rules=0.0, area_network=1.0, area_rules=0.0, area_offset=0.0, review=doubts
    )
    found = fit_pooling(evidence, truth, Decision())
    before, after = (headline(combine(evidence, pooling), truth) for pooling in (as_it_is, found))
    assert found.level_network == pytest.approx(1 / 3, abs=0.08)
    assert before["strength"]["ece"] > 0.15
    assert after["strength"]["ece"] < 0.06
    assert after["areas"]["ece_likely"] < 0.06


def test_good_rules_are_heard_and_bad_ones_are_not() -> None:
    good, bad = weights(rules_right=0.9), weights(rules_right=1 / 6, rules_claim=0.9)
    assert good.level_rules == pytest.approx(1.0, abs=0.3)
    assert bad.level_rules == pytest.approx(0.0, abs=0.1)
    assert good.area_rules > 1.0


def test_rows_that_need_no_review_are_right_more_often() -> None:
    evidence, truth = world(rules_right=0.8)
    review = headline(combine(evidence, fit_pooling(evidence, truth, Decision())), truth)["review"]
    assert 0.1 < review["share"] < 0.8
    assert review["accuracy_without"] > review["accuracy_with"] + 0.2


def test_the_least_confidence_leaves_out_no_more_than_it_may() -> None:
    confidence = np.linspace(0.5, 1.0, 11)
    right = np.array([False, False, True, *[True] * 8])
    assert least_sure(confidence, right, 1.0, most=11) == pytest.approx(0.6)
    assert least_sure(confidence, right, 1.0, most=1) == pytest.approx(0.55)
    assert least_sure(confidence, right, 0.5, most=11) == 0.0
    assert least_sure(confidence[:0], right[:0], 1.0, most=5) == 0.0


def part_of(documents: int) -> Part:
    """Four rows of each document; in each, a rule of its own is right, and the network knows nothing."""
    names = [f"document {number}" for number in range(documents) for _ in range(4)]
    rules = ("act_urging", "act_encouraging", "act_mandating", "act_permissive")
    levels = np.array([3, 2, 5, 1] * documents)
    judged = [
        Classification(
            STRENGTHS[level], (0.0,) * 6, (), (0.0,) * 12, "rules", Cue(Field.TEXT, 0, 1, "x", f"strength.{rule}")
        )
        for level, rule in zip(levels, rules * documents, strict=True)
    ]
    size = len(levels)
    nothing = Truth(levels, np.zeros((size, len(THREAT_AREAS)), dtype=bool), tuple(names))
    return Part(judged, np.full((size, 6), np.log(1 / 6)), np.full((size, 12), -3.0), nothing)


def test_trust_and_pooling_of_a_row_do_not_know_its_document() -> None:
    part, learnt = part_of(30), ([], np.zeros(0, dtype=np.int64))
    witness, pooling = fit(part, learnt, Decision())
    assert witness.by_rule["urging:act_urging"][3] > 0.7
    assert pooling.level_rules > 0.5
    held_out = judge_held_out(part, learnt, Decision())
    assert (held_out.levels == part.truth.levels).all()
    alone = judge_held_out(part_of(1), learnt, Decision())
    assert np.allclose(alone.level_probabilities, 1 / 6)
