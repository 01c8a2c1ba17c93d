"""What is fitted on validation rows."""

from __future__ import annotations

import numpy as np
import pytest

from osce_commitments.classify.encoder.artefact import Register, Registers, Review
from osce_commitments.classify.encoder.pooling import Evidence, combine, softmax
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.scoring.judges import Truth
from osce_commitments.train.decide import fit_pooling, headline, least_sure
from osce_commitments.train.settings import Decision

_ROWS = 600
_BOAST = 3.0


def world(*, rules_right: float, rules_claim: float = 0.0, words_right: float = 1 / 6) -> tuple[Evidence, Truth]:
    """Rows of a transformer that knows the probabilities but boasts, and of rules that are right so often.

    The rules claim to be right as often as they are, or ``rules_claim``; so do the words, which know nothing unless told.
    Heads know the implied areas well; half of the cells are named.
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
    flags = np.where(draw.random(areas.shape) < rules_right, areas, ~areas).astype(float)
    named = np.zeros((_ROWS, 5, len(THREAT_AREAS)))
    named[:, 0, ::2] = 1.0
    knows = np.where(areas, 2.0, -2.0)
    evidence = Evidence(
        rule_levels=rules.astype(np.int64),
        log_rules=np.log(shares[rules]),
        rule_areas=flags,
        unsure=np.zeros(_ROWS, dtype=bool),
        cue_shares=np.ones(areas.shape),
        field_areas=named,
        words=np.full(_ROWS, 20.0),
        log_words=_words(levels, words_right),
        log_levels=np.log(softmax(_BOAST * known)),
        area_logits=_BOAST * logits,
        head_levels=np.log(softmax(_BOAST * known)),
        head_areas=knows / 4,
        implied=knows,
    )
    return evidence, Truth(levels.astype(np.int64), areas, ())


def _words(levels: np.ndarray, right: float) -> np.ndarray:
    draw = np.random.default_rng(8)
    wrong = (levels + draw.integers(1, 6, _ROWS)) % len(STRENGTHS)
    named = np.where(draw.random(_ROWS) < right, levels, wrong)
    return np.log(np.where(np.eye(len(STRENGTHS)), max(right, 0.9), (1 - max(right, 0.9)) / 5))[named]


def weights(**of_world: float) -> Register:
    return fit_pooling(*world(**of_world), Decision()).registers.plain


def test_boasting_is_cured() -> None:
    evidence, truth = world(rules_right=1 / 6)
    plain = dict.fromkeys(Register.model_fields, 0.0) | {
        "level_network": 1.0,
        "area_network": 1.0,
        "implied_weight": 1.0,
    }
    as_it_is = Register.model_validate(plain)
    review = Review(strength=0.0, disagreement=0.0, area=0.0)
    boasts = fit_pooling(evidence, truth, Decision(pools=Registers(plain=as_it_is, formal=as_it_is), review=review))
    found = fit_pooling(evidence, truth, Decision())
    before, after = (headline(combine(evidence, pooling), truth) for pooling in (boasts, found))
    one = found.registers.plain
    assert one.level_network + one.level_heads == pytest.approx(1 / 3, abs=0.08)
    assert before["strength"]["ece"] > 0.15
    assert after["strength"]["ece"] < 0.06
    assert after["areas"]["ece_likely"] < 0.06


def test_good_rules_are_heard_and_bad_ones_are_not() -> None:
    good, bad = weights(rules_right=0.9), weights(rules_right=1 / 6, rules_claim=0.9)
    assert good.level_rules == pytest.approx(1.0, abs=0.3)
    assert bad.level_rules == pytest.approx(0.0, abs=0.1)
    assert good.area_rules > 1.0


def test_words_are_heard_where_they_know_something() -> None:
    assert weights(rules_right=1 / 6, words_right=0.9).level_words == pytest.approx(1.0, abs=0.3)
    assert weights(rules_right=1 / 6).level_words == pytest.approx(0.0, abs=0.1)


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


def test_chosen_weights_and_doubts_are_taken_as_they_are() -> None:
    pool = Register(
        level_network=0.5, level_rules=0.1, level_words=0.2, level_heads=0.3,
        area_network=0.4, area_heads=0.1, area_rules=2.0, area_offset=-1.0,
    )  # fmt: skip
    doubts = Review(strength=0.8, disagreement=0.97, area=0.25)
    chosen = Decision(pools=Registers(plain=pool, formal=pool), review=doubts, formal_review=doubts)
    pooling = fit_pooling(*world(rules_right=0.8), chosen)
    assert (pooling.registers.plain, pooling.registers.formal_review, pooling.review) == (pool, doubts, doubts)


def test_without_a_choice_one_set_of_weights_is_fitted_for_all_documents() -> None:
    registers = fit_pooling(*world(rules_right=0.8), Decision()).registers
    assert registers.plain == registers.formal
    assert registers.plain.area_heads > registers.plain.area_network
    assert registers.plain.implied_weight > 1
