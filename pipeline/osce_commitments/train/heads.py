"""Learn heads on the features of a network that stays as it is.

Areas that no word names are learnt here: the network met them in few documents. The trees read what
the dense head says about rows that it has not learnt from.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.heads import Dense, Heads, Trees
from osce_commitments.classify.encoder.pooling import Evidence
from osce_commitments.classify.encoder.surroundings import cell_features
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Provision
from osce_commitments.scoring.judges import Truth
from osce_commitments.train.settings import HeadChoice

_Floats = NDArray[np.float64]

_FOLDS = 4
_BATCH = 128
_AREA_WEIGHT = 12.0  # as if the loss of the areas were summed
_LEAST_SCALE = 0.3  # added to each deviation, so that what hardly varies is not blown up
_LEAVES, _RATE, _LEAST_LEAF, _PENALTY = 24, 0.08, 40, 5.0


def learn_heads(
    inputs: _Floats, evidence: Evidence, provisions: Sequence[Provision], truth: Truth, choice: HeadChoice
) -> tuple[Heads, Evidence]:
    """Learn the dense head and the trees; the same rows and choices give the same heads.

    Returns:
        The heads, and the evidence with their outputs for each row without having learnt from its writer.
    """
    writers = writers_of(truth.documents, choice.writers)
    fold = np.array([zlib.crc32(writer.encode()) % _FOLDS for writer in writers])
    areas, levels = np.zeros(truth.areas.shape), np.zeros((len(truth.levels), len(STRENGTHS)))
    for number in range(_FOLDS):
        out = fold == number
        if out.any() and not out.all():
            areas[out], levels[out] = _dense(inputs[~out], truth.levels[~out], truth.areas[~out], choice)(inputs[out])
    dense = _dense(inputs, truth.levels, truth.areas, choice)
    cells = cell_features(provisions, evidence.field_areas, evidence.area_logits, areas)
    unnamed, implied = ~evidence.named, np.zeros(truth.areas.shape)
    for number in range(_FOLDS):
        out, others = unnamed & (fold == number)[:, None], unnamed & (fold != number)[:, None]
        if out.any() and others.any():
            implied[out] = _grow(cells[others], truth.areas[others], choice)(cells[out])
    trees = _grow(cells[unnamed], truth.areas[unnamed], choice)
    return Heads(dense, trees), replace(evidence, head_levels=levels, head_areas=areas, implied=implied)


def writers_of(documents: Sequence[str], pattern: str) -> list[str]:
    """The writer in each document's name; the whole name where the pattern finds nothing."""
    matches = [re.search(pattern, name) if pattern else None for name in documents]
    return [match.group() if match else name for match, name in zip(matches, documents, strict=True)]


def _dense(inputs: _Floats, levels: NDArray[np.int64], areas: NDArray[np.bool_], choice: HeadChoice) -> Dense:
    import torch
    from torch import nn
    from torch.nn import functional

    torch.manual_seed(choice.seed)
    torch.set_num_threads(1)
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + _LEAST_SCALE
    normed = torch.tensor((inputs - mean) / scale, dtype=torch.float32)
    true_areas, true_levels = torch.tensor(areas, dtype=torch.float32), torch.tensor(levels)
    steps = torch.eye(len(STRENGTHS)).cumsum(dim=1)
    hidden = nn.Linear(normed.shape[1], choice.width)
    outer = nn.Linear(choice.width, len(THREAT_AREAS) + len(STRENGTHS))
    model = nn.Sequential(nn.Dropout(choice.dropout), hidden, nn.ReLU(), nn.Dropout(choice.dropout), outer)
    total = choice.passes * -(-len(normed) // _BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=choice.learning_rate, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, choice.learning_rate, total_steps=max(total, 2))
    for _ in range(choice.passes):
        for batch in torch.randperm(len(normed)).split(_BATCH):
            outputs = model(normed[batch])
            of_areas, of_levels = outputs[:, : len(THREAT_AREAS)], outputs[:, len(THREAT_AREAS) :]
            distance = of_levels.softmax(dim=1).cumsum(dim=1) - steps[true_levels[batch]]
            loss = (
                _AREA_WEIGHT * functional.binary_cross_entropy_with_logits(of_areas, true_areas[batch])
                + functional.cross_entropy(of_levels, true_levels[batch])
                + distance.square().sum(dim=1).mean()
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rate.step()
    return _rounded(mean, scale, hidden, outer)


def _rounded(mean: _Floats, scale: _Floats, hidden: Any, outer: Any) -> Dense:  # noqa: ANN401 - layers of torch
    """The layers with the precision that the file has."""
    arrays = (mean, scale, hidden.weight.T, hidden.bias, outer.weight.T, outer.bias)
    plain = (array.detach().numpy() if hasattr(array, "detach") else array for array in arrays)
    return Dense(*(np.asarray(array).astype(np.float16).astype(np.float64) for array in plain))


def _grow(cells: _Floats, truth: NDArray[np.bool_], choice: HeadChoice) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    if truth.all() or not truth.any():
        nothing = np.zeros(1)
        never = np.full(1, 20.0 if truth.any() else -20.0)
        none = np.full(1, -1)
        return Trees(np.zeros(1, dtype=np.int64), none, nothing, none, none, nothing, never)
    model = HistGradientBoostingClassifier(
        max_iter=choice.trees,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=min(_LEAST_LEAF, max(1, len(truth) // 10)),
        l2_regularization=_PENALTY,
        early_stopping=False,
        random_state=choice.seed,
    ).fit(cells.astype(np.float32), truth)
    return as_trees(model)


def as_trees(model: Any) -> Trees:  # noqa: ANN401 - scikit-learn has no types
    """The nodes of a fitted model one after another (`sklearn.ensemble._hist_gradient_boosting.predictor`)."""
    nodes = [grown[0].nodes for grown in model._predictors]  # noqa: SLF001 - scikit-learn exports trees in no other way
    roots = np.cumsum([0, *(len(node) for node in nodes[:-1])])
    whole = np.concatenate(nodes)
    shift = np.repeat(roots, [len(node) for node in nodes])
    is_leaf = whole["is_leaf"].astype(bool)
    return Trees(
        roots=roots.astype(np.int64),
        feature=np.where(is_leaf, -1, whole["feature_idx"]).astype(np.int64),
        limit=np.where(is_leaf, 0.0, whole["num_threshold"]).astype(np.float32).astype(np.float64),
        left=np.where(is_leaf, 0, whole["left"] + shift).astype(np.int64),
        right=np.where(is_leaf, 0, whole["right"] + shift).astype(np.int64),
        value=np.where(is_leaf, whole["value"], 0.0).astype(np.float32).astype(np.float64),
        start=np.asarray(model._baseline_prediction, dtype=np.float64).reshape(-1)[:1],  # noqa: SLF001
    )
