"""What the third witness learns from the words of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.classify.encoder.bag_of_ngrams import run_words
from osce_commitments.classify.encoder.transformer import onnx_network
from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.scoring.judges import truth_of
from osce_commitments.train.witnesses import fit_words, write_words

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.scoring.labelled_rows import LabelledRow


@pytest.fixture(scope="module")
def parts(corpus_files: dict[str, Path]) -> tuple[list[LabelledRow], list[LabelledRow]]:
    return read_rows(corpus_files["train"]), read_rows(corpus_files["test"])


def answers(rows: list[LabelledRow], path: Path) -> np.ndarray:
    return run_words(onnx_network(path), [row.provision(index) for index, row in enumerate(rows)])


@pytest.mark.train
def test_words_name_the_level_of_rows_that_were_not_learnt(
    parts: tuple[list[LabelledRow], list[LabelledRow]], tmp_path: Path
) -> None:
    write_words(parts[0], 10.0, tmp_path / "words.onnx")
    found = answers(parts[1], tmp_path / "words.onnx")
    assert np.allclose(np.exp(found).sum(axis=1), 1.0, atol=1e-5)
    assert (found.argmax(axis=1) == truth_of(parts[1]).levels).all()


@pytest.mark.train
@pytest.mark.parametrize("size", [1, 2, 3])
def test_levels_that_no_row_has_are_never_named(
    parts: tuple[list[LabelledRow], list[LabelledRow]], tmp_path: Path, size: int
) -> None:
    known = [row for row in parts[0] if row.strength.level < size]
    write_words(known, 10.0, tmp_path / "words.onnx")
    found = answers(known, tmp_path / "words.onnx")
    assert (found.argmax(axis=1) == truth_of(known).levels).all()
    assert np.exp(found[:, size:]).max() < 1e-6


def test_the_same_rows_give_the_same_weights(parts: tuple[list[LabelledRow], list[LabelledRow]]) -> None:
    first, second = (fit_words(parts[0], 10.0) for _ in range(2))
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()
    assert first[0].shape[1] == len(STRENGTHS)
