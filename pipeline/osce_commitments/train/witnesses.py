"""The rules and the words as witnesses: how reliable the rules are, and which runs of words go with which level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.artefact import RuleWitness
from osce_commitments.classify.encoder.bag_of_ngrams import BUCKETS, features
from osce_commitments.classify.encoder.hints import area_hints, cue_name, named_cues
from osce_commitments.classify.encoder.pooling import rule_name
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow

_OPSET = 17
_STEPS, _TOLERANCE = 300, 1e-3
_NEVER = -20.0  # log-odds of a level that no row has
_SURE = 0.05  # added to every count, so that no share is 0
_AREA_SMOOTHING = 30.0  # rows with the share of the place that are added to the rows of a cue


def rule_judgements(rows: Sequence[LabelledRow]) -> list[Classification]:
    """Tag the rows and label them with the rule classifier."""
    from osce_commitments.tag import load_tagger

    tagged = load_tagger().tag([row.provision(index) for index, row in enumerate(rows)])
    return RuleClassifier().classify(tagged)


def witness_of(rows: Sequence[LabelledRow], judged: Sequence[Classification], smoothing: float) -> RuleWitness:
    """Count the true levels under every rule, in any coded rows: the rules have no fitted parameters.

    ``smoothing`` rows with the shares of the rule's level are added to the rule's own rows.
    """
    size = len(STRENGTHS)
    by_level = np.full((size, size), _SURE)
    by_rule: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(size))
    for true, result in zip(truth_of(rows).levels, judged, strict=True):
        by_level[result.strength.level, true] += 1
        by_rule[rule_name(result)][true] += 1
    shares = by_level / by_level.sum(axis=1, keepdims=True)

    areas = truth_of(rows).areas
    cues: dict[str, list[bool]] = defaultdict(list)
    hints = area_hints([row.provision(index) for index, row in enumerate(rows)], judged)
    for row, (result, field_areas) in enumerate(zip(judged, hints, strict=True)):
        for area, rule, place in named_cues(result, field_areas):
            cues[cue_name(rule, place)].append(bool(areas[row, area]))
            cues[place].append(bool(areas[row, area]))

    def smoothed(name: str, counts: NDArray[np.float64]) -> tuple[float, ...]:
        level = next(label.level for label in STRENGTHS if name.startswith(f"{label}:"))
        mixed = counts + smoothing * shares[level]
        return _rounded(mixed / mixed.sum())

    return RuleWitness(
        version=RuleClassifier().id,
        by_rule={name: smoothed(name, counts) for name, counts in sorted(by_rule.items())},
        by_level=tuple(_rounded(row) for row in shares),
        by_area_cue=_shares(cues),
    )


def _shares(cues: Mapping[str, Sequence[bool]]) -> dict[str, float]:
    """Share of right areas by cue, smoothed towards the share of its place."""
    places = {name: sum(hits) / len(hits) for name, hits in cues.items() if ":" not in name}
    return {
        name: round((sum(hits) + _AREA_SMOOTHING * share) / (len(hits) + _AREA_SMOOTHING), 4)
        for name, hits in sorted(cues.items())
        for share in [places[name.rpartition(":")[2]]]
    }


def _rounded(shares: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(share), 6) for share in shares.clip(min=1e-6))


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
    learnt, shift = model.coef_, model.intercept_
    if len(seen) == 2:  # noqa: PLR2004 - of two levels, scikit-learn keeps only the second
        learnt, shift = np.vstack([0 * learnt, learnt]), np.concatenate([0 * shift, shift])
    weights[:, seen], offsets[seen] = learnt.T, shift
    return weights, offsets


def _matrix(rows: Sequence[LabelledRow]) -> Any:  # noqa: ANN401 - scipy has no types
    from scipy.sparse import csr_matrix

    pairs = [features(row.provision(index)) for index, row in enumerate(rows)]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in pairs)])
    buckets, shares = (np.concatenate([pair[part] for pair in pairs]) for part in (0, 1))
    return csr_matrix((shares.astype(np.float64), buckets, ends), shape=(len(rows), BUCKETS))
