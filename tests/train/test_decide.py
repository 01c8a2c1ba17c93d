"""What is fitted on validation rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.classify.encoder.artefact import Register, Registers, Review
from osce_commitments.classify.encoder.pooling import Evidence, HeadEvidence, combine, softmax
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.scoring.judges import Truth
from osce_commitments.train.decide import (
    best_threshold,
    fit_combination,
    headline,
    least_sure,
    thresholds,
    uncalibrated,
)
from osce_commitments.train.settings import Decision

if TYPE_CHECKING:
    from osce_commitments.classify.encoder.artefact import Combination

_ROWS = 600
_BOAST = 3.0


def world(
    *, rules_right: float, rules_claim: float = 0.0, words_right: float = 1 / 6
) -> tuple[Evidence, np.ndarray, np.ndarray]:
    """Rows of a transformer that knows the probabilities but boasts, and of rules that are right so often.

    The rules claim to be right as often as they are, or ``rules_claim``; so do the words, which know nothing unless told.
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
    evidence = Evidence(
        np.log(softmax(_BOAST * known)),
        _BOAST * logits,
        rules.astype(np.int64),
        np.log(shares[rules]),
        flags,
        _words(levels, words_right),
        np.zeros(_ROWS, dtype=bool),
        np.ones(areas.shape),
    )
    return evidence, levels.astype(np.int64), areas


def _words(levels: np.ndarray, right: float) -> np.ndarray:
    draw = np.random.default_rng(8)
    wrong = (levels + draw.integers(1, 6, _ROWS)) % len(STRENGTHS)
    named = np.where(draw.random(_ROWS) < right, levels, wrong)
    return np.log(np.where(np.eye(len(STRENGTHS)), max(right, 0.9), (1 - max(right, 0.9)) / 5))[named]


def fitted(*, pools: bool, **of_world: float) -> tuple[Evidence, np.ndarray, np.ndarray, Combination]:
    evidence, levels, areas = world(**of_world)
    return evidence, levels, areas, fit_combination(evidence, levels, areas, Decision(), pools=pools)


def test_boasting_is_cured() -> None:
    evidence, levels, areas, found = fitted(pools=False, rules_right=0.5)
    before = headline(combine(evidence, uncalibrated()), Truth(levels, areas, ()))
    after = headline(combine(evidence, found), Truth(levels, areas, ()))
    assert found.strength_weight == pytest.approx(1 / 3, abs=0.08)
    assert before["strength"]["ece"] > 0.15
    assert after["strength"]["ece"] < 0.06
    assert before["areas"]["ece_likely"] > 0.05
    assert after["areas"]["ece_likely"] < 0.03


def test_good_rules_are_heard_and_bad_ones_are_not() -> None:
    *_, good = fitted(pools=True, rules_right=0.9)
    *_, bad = fitted(pools=True, rules_right=1 / 6, rules_claim=0.9)
    *_, deaf = fitted(pools=False, rules_right=0.9)
    assert good.rule_weight == pytest.approx(1.0, abs=0.3)
    assert bad.rule_weight == pytest.approx(0.0, abs=0.1)
    assert deaf.rule_weight == 0.0
    assert min(good.area_rule_weights) > 1.0
    assert set(deaf.area_rule_weights) == {0.0}


def test_words_are_heard_where_they_know_something() -> None:
    *_, good = fitted(pools=True, rules_right=1 / 6, words_right=0.9)
    *_, useless = fitted(pools=True, rules_right=1 / 6)
    *_, deaf = fitted(pools=False, rules_right=1 / 6, words_right=0.9)
    assert good.word_weight == pytest.approx(1.0, abs=0.3)
    assert useless.word_weight == pytest.approx(0.0, abs=0.1)
    assert deaf.word_weight == 0.0


def test_two_witnesses_are_better_than_one() -> None:
    evidence, levels, areas, both = fitted(pools=True, rules_right=0.8)
    alone = fit_combination(evidence, levels, areas, Decision(), pools=False)
    one, two = (headline(combine(evidence, each), Truth(levels, areas, ())) for each in (alone, both))
    assert two["strength"]["macro_f1"] > one["strength"]["macro_f1"] + 0.1
    assert two["areas"]["macro_f1"] > one["areas"]["macro_f1"]


def test_rows_that_need_no_review_are_right_more_often() -> None:
    evidence, levels, areas, found = fitted(pools=True, rules_right=0.8)
    review = headline(combine(evidence, found), Truth(levels, areas, ()))["review"]
    assert 0.1 < review["share"] < 0.8
    assert review["accuracy_without"] > review["accuracy_with"] + 0.2


def test_a_threshold_stays_near_one_half_unless_the_rows_say_otherwise() -> None:
    truth = np.array([False] * 50 + [True] * 50)
    assert best_threshold(np.linspace(0, 1, 100), truth) == pytest.approx(0.5, abs=0.03)
    assert best_threshold(np.where(truth, 0.3, 0.05), truth) < 0.4
    assert best_threshold(np.linspace(0, 1, 100), np.zeros(100, dtype=bool)) == 0.5


def test_a_threshold_of_an_area_is_mostly_the_common_one() -> None:
    truth = np.tile(np.array([False] * 50 + [True] * 50)[:, None], 3)
    probabilities = np.where(truth, 0.9, 0.2)
    probabilities[:, 2] = np.where(truth[:, 2], 0.3, 0.02)
    first, second, odd = thresholds(probabilities, truth)
    assert first == second
    assert odd < first < odd + 0.1


def test_the_least_confidence_leaves_out_no_more_than_it_may() -> None:
    confidence = np.linspace(0.5, 1.0, 11)
    right = np.array([False, False, True, *[True] * 8])
    assert least_sure(confidence, right, 1.0, most=11) == pytest.approx(0.6)
    assert least_sure(confidence, right, 1.0, most=1) == pytest.approx(0.55)
    assert least_sure(confidence, right, 0.5, most=11) == 0.0
    assert least_sure(confidence[:0], right[:0], 1.0, most=5) == 0.0


def with_heads(evidence: Evidence, truth: np.ndarray) -> Evidence:
    """Heads that know the implied areas well; half of the cells are named."""
    named = np.zeros(truth.shape, dtype=bool)
    named[:, ::2] = True
    knows = np.where(truth, 2.0, -2.0)
    return replace(
        evidence, heads=HeadEvidence(evidence.log_levels, knows / 4, knows, named, np.full(len(truth), 20.0))
    )


def test_chosen_weights_and_doubts_are_taken_as_they_are() -> None:
    evidence, levels, areas = world(rules_right=0.8)
    pool = Register(
        level_network=0.5, level_rules=0.1, level_words=0.2, level_heads=0.3,
        area_network=0.4, area_heads=0.1, area_rules=2.0, area_offset=-1.0,
    )  # fmt: skip
    doubts = Review(strength=0.8, disagreement=0.97, area=0.25)
    chosen = Decision(pools=Registers(plain=pool, formal=pool), review=doubts)
    both = fit_combination(with_heads(evidence, areas), levels, areas, chosen, pools=True)
    alone = fit_combination(with_heads(evidence, areas), levels, areas, chosen, pools=False)
    assert both.registers is not None
    assert both.registers.plain.model_dump() == pool.model_dump()
    assert (both.review.strength, both.review.disagreement, both.review.area) == (0.8, 0.97, 0.25)
    assert set(both.thresholds) == {0.5}
    assert alone.registers is None
    assert fit_combination(evidence, levels, areas, chosen, pools=True).registers is None


def test_without_a_choice_one_set_of_weights_is_fitted_for_all_documents() -> None:
    evidence, levels, areas = world(rules_right=0.8)
    fitted = fit_combination(with_heads(evidence, areas), levels, areas, Decision(), pools=True).registers
    assert fitted is not None
    assert fitted.plain == fitted.formal
    assert fitted.plain.level_rules > 0
    assert fitted.plain.area_heads > fitted.plain.area_network
    assert fitted.plain.implied_weight > 1
