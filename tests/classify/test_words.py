"""Runs of words as the third witness reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from osce_commitments.classify.encoder.bag_of_ngrams import BUCKETS, features, pad_runs, run_words
from osce_commitments.labels import STRENGTHS

from .conftest import tagged

if TYPE_CHECKING:
    from numpy.typing import NDArray


def buckets(text: str, lead_in: str = "", role: str = "operative") -> set[int]:
    return set(features(tagged(text, lead_in, role).provision)[0].tolist())


def test_every_run_is_a_bucket_and_the_same_text_has_the_same_ones() -> None:
    # 3 words: 3 + 2 + 1 runs; with the mark of the beginning 4 + 3 + 2 + 1; the role.
    assert len(buckets("States may act")) == 6 + 10 + 1
    assert buckets("States may act") == buckets("STATES MAY  ACT")
    assert max(buckets("States may act")) < BUCKETS


@pytest.mark.parametrize(
    "other", [buckets("act may States"), buckets("", "States may act"), buckets("States may act", role="preamble")]
)
def test_order_field_and_role_are_told_apart(other: set[int]) -> None:
    assert not buckets("States may act") <= other


def test_a_field_counts_alike_whatever_its_length() -> None:
    for text in ("shall", "shall report each year to the Council on the steps that were taken"):
        _, shares = features(tagged(text, "Each party").provision)
        assert float((shares**2).sum()) == pytest.approx(4.0)  # text, beginning, lead-in, role


def test_an_empty_text_has_its_role_and_no_lead_in() -> None:
    _, shares = features(tagged("").provision)
    assert float((shares**2).sum()) == pytest.approx(2.0)  # the mark of the beginning, the role


def test_filling_up_counts_nothing() -> None:
    short, long = (features(tagged(text).provision) for text in ("may", "may report to the Council"))
    arrays = pad_runs([short, long])
    assert arrays["buckets"].shape == arrays["shares"].shape == (2, len(long[0]))
    assert not arrays["shares"][0, len(short[0]) :].any()


def test_rows_are_answered_in_order_over_batches() -> None:
    def network(arrays: dict[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        return [np.repeat((arrays["shares"] > 0).sum(axis=1, keepdims=True), len(STRENGTHS), axis=1)]

    asked = [tagged(" ".join(["word"] * size)).provision for size in range(100)]
    found = run_words(network, asked)
    assert found.shape == (100, len(STRENGTHS))
    assert found[:, 0].tolist() == [len(features(one)[0]) for one in asked]
    assert run_words(network, []).shape == (0, len(STRENGTHS))
