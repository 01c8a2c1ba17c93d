"""Trains the third witness: which runs of words go with which level."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.bag_of_ngrams import BUCKETS, features
from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow

_OPSET = 17
_STEPS, _TOLERANCE = 300, 1e-3
_NEVER = -20.0  # log-odds of a level that no row has


def write_words(rows: Sequence[LabelledRow], inverse_penalty: float, path: Path) -> None:
    """Learn the levels from the words of rows and write the model as an ONNX file."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights, offsets = fit_words(rows, inverse_penalty)
    constants = {
        "weights": weights.astype(np.float16),
        "offsets": offsets.astype(np.float32),
        "last": np.array([-1], dtype=np.int64),
        "runs": np.array([1], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["weights", "buckets"], ["small"]),
        helper.make_node("Cast", ["small"], ["wide"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["shares", "last"], ["column"]),
        helper.make_node("Mul", ["wide", "column"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "runs"], ["sums"], keepdims=0),
        helper.make_node("Add", ["sums", "offsets"], ["logits"]),
        helper.make_node("LogSoftmax", ["logits"], ["log_levels"], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "words",
        [
            helper.make_tensor_value_info("buckets", TensorProto.INT64, ["rows", "runs"]),
            helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["rows", "runs"]),
        ],
        [helper.make_tensor_value_info("log_levels", TensorProto.FLOAT, ["rows", len(STRENGTHS)])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def fit_words(rows: Sequence[LabelledRow], inverse_penalty: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logistic regression from runs of words to levels.

    Returns:
        Weights of shape ``(BUCKETS, levels)`` and offsets of shape ``(levels,)``.
    """
    from sklearn.linear_model import LogisticRegression

    weights, offsets = np.zeros((BUCKETS, len(STRENGTHS))), np.full(len(STRENGTHS), _NEVER)
    levels = truth_of(rows).levels
    seen = np.unique(levels)
    if len(seen) == 1:
        offsets[seen] = 0.0
        return weights, offsets
    model = LogisticRegression(C=inverse_penalty, max_iter=_STEPS, tol=_TOLERANCE).fit(_matrix(rows), levels)
    learnt, shift = _per_level(model, len(seen))
    weights[:, seen], offsets[seen] = learnt.T, shift
    return weights, offsets


def _per_level(model: Any, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # noqa: ANN401 - untyped
    """Return weights and offsets with one row per level; for two levels, scikit-learn keeps only the second."""
    if size > 2:  # noqa: PLR2004 - see above
        return model.coef_, model.intercept_
    return np.vstack([0 * model.coef_, model.coef_]), np.concatenate([0 * model.intercept_, model.intercept_])


def _matrix(rows: Sequence[LabelledRow]) -> Any:  # noqa: ANN401 - scipy has no types
    from scipy.sparse import csr_matrix

    pairs = [features(row.provision(index)) for index, row in enumerate(rows)]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in pairs)])
    buckets, shares = (np.concatenate([pair[part] for pair in pairs]) for part in (0, 1))
    return csr_matrix((shares.astype(np.float64), buckets, ends), shape=(len(rows), BUCKETS))
