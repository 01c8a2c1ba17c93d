from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osce_commitments.scoring import metrics

LEVELS = 6
labels = st.lists(st.tuples(st.integers(0, LEVELS - 1), st.integers(0, LEVELS - 1)), min_size=2, max_size=40)


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The measures of scikit-learn, which nothing else here needs: its import costs two seconds."""
    import sklearn.metrics

    return sklearn.metrics


def arrays(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


@settings(max_examples=60, deadline=None)
@given(labels)
def test_strength_measures_equal_the_reference(reference: ModuleType, pairs: list[tuple[int, int]]) -> None:
    truth, guess = arrays(pairs)
    assert metrics.accuracy(truth, guess) == pytest.approx(reference.accuracy_score(truth, guess))
    assert metrics.mean_absolute_error(truth, guess) == pytest.approx(reference.mean_absolute_error(truth, guess))
    expected = reference.f1_score(truth, guess, average="macro", zero_division=0)
    assert metrics.macro_f1(truth, guess, LEVELS) == pytest.approx(expected)
    if len(set(truth) | set(guess)) > 1:
        kappa = reference.cohen_kappa_score(truth, guess, weights="quadratic", labels=range(LEVELS))
        assert metrics.kappa_quadratic(truth, guess, LEVELS) == pytest.approx(kappa)


def test_class_scores_equal_the_reference(reference: ModuleType) -> None:
    truth, guess = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 2, 0])
    every = np.arange(3)
    scores = metrics.class_scores(truth[:, None] == every, guess[:, None] == every)
    precision, recall, f1, _ = reference.precision_recall_fscore_support(truth, guess)
    assert scores == pytest.approx(np.stack([precision, recall, f1]))


def test_area_measures_equal_the_reference(reference: ModuleType) -> None:
    truth = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=bool)
    guess = np.array([[1, 0, 0], [0, 1, 1], [0, 1, 0]], dtype=bool)
    assert metrics.area_micro_f1(truth, guess) == pytest.approx(reference.f1_score(truth, guess, average="micro"))
    assert metrics.area_macro_f1(truth, guess) == pytest.approx(
        reference.f1_score(truth[:, :2], guess[:, :2], average="macro")
    )


def test_kappa_weighs_distance() -> None:
    truth = np.array([0, 1, 2, 3, 4, 5])
    near, far = np.array([1, 1, 2, 3, 4, 5]), np.array([5, 1, 2, 3, 4, 5])
    assert metrics.kappa_quadratic(truth, truth, LEVELS) == 1.0
    assert metrics.kappa_quadratic(truth, near, LEVELS) > metrics.kappa_quadratic(truth, far, LEVELS)


def test_bootstrap_draws_documents_and_repeats_itself() -> None:
    right = np.array([1, 1, 1, 1, 0, 0])
    documents = ["a", "a", "a", "a", "b", "b"]
    first = metrics.bootstrap(lambda at: float(right[at].mean()), documents, rounds=200)
    assert first == metrics.bootstrap(lambda at: float(right[at].mean()), documents, rounds=200)
    assert (first.low, first.high) == (0.0, 1.0)
    assert first.value == pytest.approx(4 / 6)


def test_no_labels_give_zero() -> None:
    nothing = np.array([], dtype=np.int64)
    assert metrics.accuracy(nothing, nothing) == 0.0
    assert metrics.macro_f1(nothing, nothing, LEVELS) == 0.0
    assert metrics.kappa_quadratic(nothing, nothing, LEVELS) == 0.0
    assert metrics.bootstrap(lambda _: 0.0, []) == metrics.Interval(0.0, 0.0, 0.0)


def alpha_by_definition(pairs: list[tuple[int, int]]) -> float:
    """One minus observed over expected disagreement, pair by pair, with the ordinal distance of the definition."""
    values = sorted(value for pair in pairs for value in pair)
    count = {level: values.count(level) for level in range(LEVELS)}

    def distance(a: int, b: int) -> float:
        low, high = min(a, b), max(a, b)
        return (sum(count[level] for level in range(low, high + 1)) - (count[low] + count[high]) / 2) ** 2

    observed = sum(distance(a, b) for a, b in pairs) / len(pairs)
    every = [distance(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j]
    expected = sum(every) / len(every)
    return 1 - observed / expected if expected else 1.0


@settings(max_examples=60, deadline=None)
@given(labels)
def test_alpha_follows_its_definition(pairs: list[tuple[int, int]]) -> None:
    assert metrics.alpha_ordinal(pairs, LEVELS) == pytest.approx(alpha_by_definition(pairs))


def test_kappa_of_a_yes_or_no_equals_the_reference(reference: ModuleType) -> None:
    first, second = np.array([1, 1, 0, 0, 1, 0]), np.array([1, 0, 0, 0, 1, 1])
    assert metrics.kappa_quadratic(first, second, 2) == pytest.approx(reference.cohen_kappa_score(first, second))
    assert metrics.kappa_quadratic(first, first, 2) == 1.0
    nobody = np.zeros(3, dtype=np.int64)
    assert metrics.kappa_quadratic(nobody, nobody, 2) == 1.0


def test_calibration_error_is_the_weighted_distance_of_confidence_and_right() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.25, 0.25])
    right = np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    assert metrics.calibration_error(confidence, right) == pytest.approx((0.20 * 4 + 0.25 * 2) / 6)
    assert [(count, share) for _, share, count in metrics.reliability(confidence, right)] == [(2, 0.0), (4, 0.75)]
    assert metrics.calibration_error(np.array([]), np.array([], dtype=bool)) == 0.0
    assert metrics.calibration_error(np.array([1.0]), np.array([True])) == 0.0


def test_f1_of_a_yes_or_no_equals_the_reference(reference: ModuleType) -> None:
    truth, guess = np.array([1, 1, 0, 0, 1], dtype=bool), np.array([1, 0, 0, 1, 1], dtype=bool)
    assert metrics.area_micro_f1(truth, guess) == pytest.approx(reference.f1_score(truth, guess))
