"""Trees and extra outputs give what the libraries give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.classify.encoder.heads import Dense, Heads
from osce_commitments.errors import ConfigError
from osce_commitments.train.heads import as_trees, writers_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_trees_say_what_scikit_learn_says(tmp_path: Path) -> None:
    # Imported here: it costs two seconds.
    trees_of = pytest.importorskip("sklearn.ensemble").HistGradientBoostingClassifier
    limits = pytest.importorskip("threadpoolctl").threadpool_limits

    draw = np.random.default_rng(1)
    cells = draw.normal(size=(600, 5)).astype(np.float32)
    truth = cells[:, 0] * cells[:, 1] > cells[:, 2]
    with limits(1):  # threads that wait for each other cost ten times as much on a busy machine
        model = trees_of(max_iter=20, early_stopping=False, random_state=0).fit(cells, truth)
        decided = model.decision_function(cells)
    trees = as_trees(model)
    assert trees(cells.astype(np.float64)) == pytest.approx(decided, abs=1e-4)
    shape = np.ones((2, 3))
    heads = Heads(Dense(np.zeros(2), np.ones(2), shape, np.zeros(3), np.ones((3, 18)), np.zeros(18)), trees)
    np.savez_compressed(tmp_path / "heads.npz", allow_pickle=False, **heads.as_arrays())
    read = Heads.read(tmp_path / "heads.npz")
    assert read.trees(cells.astype(np.float64)) == pytest.approx(trees(cells.astype(np.float64)), abs=1e-5)
    areas, levels = read.dense(np.ones((1, 2)))
    assert areas[0].tolist() == [6.0] * 12
    assert np.exp(levels).sum() == pytest.approx(1.0)


def test_a_file_without_heads_is_named(tmp_path: Path) -> None:
    (tmp_path / "heads.npz").write_bytes(b"none")
    with pytest.raises(ConfigError, match=r"heads\.npz holds no heads"):
        Heads.read(tmp_path / "heads.npz")


def test_writers_are_read_off_the_names_of_documents() -> None:
    assert writers_of(["51-plan.txt", "51-list.txt", "odd"], "^[0-9]+") == ["51", "51", "odd"]
    assert writers_of(["51-plan.txt"], "") == ["51-plan.txt"]
