"""What a release is measured against: each peer learns rows of a plain pattern and is measured on others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring import metrics
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.row_sources import read_rows
from osce_commitments.tag import load_tagger
from osce_commitments.train import peers

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.scoring.labelled_rows import LabelledRow

    Files = dict[str, Path]


@pytest.fixture(scope="module")
def known(corpus_files: Files) -> list[LabelledRow]:
    return read_rows(corpus_files["train"])


@pytest.fixture(scope="module")
def asked(corpus_files: Files) -> list[LabelledRow]:
    return read_rows(corpus_files["test"])


def test_tfidf_learns_the_words(known: list[LabelledRow], asked: list[LabelledRow]) -> None:
    judge, truth = peers.tfidf(known, asked), truth_of(asked)
    assert judge.levels is not None
    assert judge.areas is not None
    assert judge.level_probabilities is not None
    assert metrics.macro_f1(truth.levels, judge.levels, len(STRENGTHS)) > 0.9
    assert metrics.area_micro_f1(truth.areas, judge.areas) > 0.9
    assert np.allclose(judge.level_probabilities.sum(axis=1), 1.0)
    assert judge.level_probabilities.shape == (len(asked), len(STRENGTHS))


def test_a_level_that_was_never_seen_has_no_probability(known: list[LabelledRow], asked: list[LabelledRow]) -> None:
    judge = peers.tfidf([row for row in known if row.strength != STRENGTHS[1]], asked)
    assert judge.level_probabilities is not None
    assert not judge.level_probabilities[:, 1].any()


@pytest.mark.slow
def test_textcat_is_seeded_and_learns(known: list[LabelledRow], asked: list[LabelledRow]) -> None:
    judge, again = peers.textcat(known, asked), peers.textcat(known, asked)
    assert judge.level_probabilities is not None
    assert again.level_probabilities is not None
    assert np.allclose(judge.level_probabilities, again.level_probabilities)
    assert judge.level_probabilities.shape == (len(asked), 6)
    assert judge.area_probabilities is not None
    assert judge.area_probabilities.shape == (len(asked), 12)


@pytest.mark.train
def test_a_frozen_encoder_has_features_of_context_and_text(known: list[LabelledRow], asked: list[LabelledRow]) -> None:
    judge = peers.frozen_encoder(known, asked, source="tiny", sha256="")
    assert judge.name == "frozen encoder + logistic regression"
    assert judge.levels is not None
    assert judge.levels.shape == (len(asked),)
    assert peers.embeddings(known, "tiny", "").shape == (len(known), 64)


def test_named_peers_are_classifiers(asked: list[LabelledRow]) -> None:
    tagged = load_tagger().tag([row.provision(index) for index, row in enumerate(asked)])
    assert [one.name for one in peers.named_peers(["rules"])(asked, tagged)] == [RuleClassifier().id]
