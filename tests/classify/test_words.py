"""Runs of words as the third witness reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from osce_commitments.classify.encoder.bag_of_ngrams import BUCKETS, features, pad_runs, run_words
from osce_commitments.classify.encoder.inputs import Composer
from osce_commitments.classify.encoder.transformer import TransformerClassifier
from osce_commitments.labels import STRENGTHS, THREAT_AREAS

from .conftest import tagged
from .test_inputs import words as tokenizer
from .test_releases import artefact

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


@pytest.mark.parametrize(("weight", "named", "asked"), [(2.0, 4, True), (0.0, 3, False)])
def test_words_turn_a_level_only_where_they_have_weight(weight: float, named: int, *, asked: bool) -> None:
    calls = []

    def words(arrays: dict[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        calls.append(arrays)
        return [np.log(np.full((len(arrays["shares"]), 6), 0.02) + 0.88 * (np.arange(6) == 4)).astype(np.float32)]

    def network(arrays: dict[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        levels = np.log(np.full((len(arrays["input_ids"]), 6), 0.1) + 0.4 * (np.arange(6) == 3))
        return [levels.astype(np.float32), np.full((len(levels), len(THREAT_AREAS)), -9, dtype=np.float32)]

    made = artefact("1")
    pooled = made.combinations["transformer"].model_copy(update={"word_weight": weight})
    made = made.model_copy(update={"combinations": {"transformer": pooled}, "has_words": True})
    classifier = TransformerClassifier(made, Composer(tokenizer(), made.inputs), network, "", Path(), words)
    assert classifier.classify([tagged("States may act.")])[0].strength == STRENGTHS[named]
    assert bool(calls) == asked
