"""Heads that were learnt on the features of a network that stays as it is: levels, areas, and areas that no word names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.pooling import Evidence
from osce_commitments.classify.encoder.surroundings import ROLES, cell_features, sigmoid
from osce_commitments.errors import ConfigError
from osce_commitments.files import open_regular
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Provision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.classify.encoder.artefact import Registers

    Floats = NDArray[np.float64]

_LEAST_SHARE = 1e-4
_LEAF = -1
DENSE = ("mean", "scale", "hidden_weights", "hidden_offsets", "weights", "offsets")
TREES = ("roots", "feature", "limit", "left", "right", "value", "start")
# Rows times trees, many times over, are in memory at the same time: some 40 MB for so many rows.
_ROWS_AT_ONCE = 2_000
# Log-odds of an area that the rules give, and of one that they do not, where the network has not read the provision.
_GIVEN, _NOT_GIVEN = 5.7, -5.2


@dataclass(frozen=True, slots=True)
class NetworkOutput:
    """Network outputs for a batch of provisions: log-probabilities, log-odds, and features if it returns them."""

    log_levels: Floats
    area_logits: Floats
    features: Floats


@dataclass(frozen=True, slots=True)
class Dense:
    """One hidden layer with rectified units; its outputs are log-odds of the areas, then logits of the levels."""

    mean: Floats
    scale: Floats
    hidden_weights: Floats
    hidden_offsets: Floats
    weights: Floats
    offsets: Floats

    def __call__(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Log-odds of the areas and log-probabilities of the levels of inputs of shape ``(provisions, inputs)``."""
        hidden = np.maximum(_times((inputs - self.mean) / self.scale, self.hidden_weights) + self.hidden_offsets, 0.0)
        outputs = _times(hidden, self.weights) + self.offsets
        levels = outputs[:, len(THREAT_AREAS) :]
        top = levels.max(axis=1, keepdims=True)
        return outputs[:, : len(THREAT_AREAS)], levels - top - np.log(np.exp(levels - top).sum(axis=1, keepdims=True))


def _times(rows: Floats, weights: Floats) -> Floats:
    """The product of each row with the weights, row by row.

    A product of all rows at once rounds differently with their number: labels would depend on what is classified with them.
    """
    products = np.empty((len(rows), weights.shape[1]))
    for index, row in enumerate(rows):
        products[index] = row @ weights
    return products


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of regression trees (gradient boosting; J. Friedman, 2001): the log-odds that an unnamed area is there.

    Attributes:
        roots: Position of each tree's root.
        feature, limit, left, right, value: Of each node: what it asks, up to which value it goes left, where it leads;
            a leaf asks nothing (feature -1).
        start: Log-odds before any tree.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    limit: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    start: Floats

    def __call__(self, features: Floats) -> Floats:
        """Log-odds of rows of features, shape ``(rows,)``."""
        starts = range(0, len(features), _ROWS_AT_ONCE)
        return np.concatenate(
            [self._sums(features[start : start + _ROWS_AT_ONCE]) for start in starts] or [np.empty(0)]
        )

    def _sums(self, features: Floats) -> Floats:
        cells, first = features.ravel(), np.arange(len(features))[:, None] * features.shape[1]
        # A leaf asks the first feature, and any answer leads back to the leaf.
        question, itself = np.maximum(self.feature, 0), np.arange(len(self.feature))
        leads = np.where(self.feature == _LEAF, itself, np.stack([self.right, self.left])).T.ravel()
        nodes = np.broadcast_to(self.roots, (len(features), len(self.roots)))
        while (self.feature.take(nodes) != _LEAF).any():
            goes_left = cells.take(first + question.take(nodes)) <= self.limit.take(nodes)
            nodes = leads.take(2 * nodes + goes_left)
        return np.asarray(self.start[0] + self.value.take(nodes).sum(axis=1))


@dataclass(frozen=True, slots=True)
class Heads:
    """Dense head and trees that a release learnt on the features of its network."""

    dense: Dense
    trees: Trees

    @classmethod
    def read(cls, path: Path) -> Heads:
        """The heads in a file of NumPy arrays, none of which is a pickle.

        Raises:
            ConfigError: If the file is of another form.
        """
        try:
            with open_regular(path) as stream, np.load(stream, allow_pickle=False) as arrays:
                dense = {name: arrays[f"dense_{name}"].astype(np.float64) for name in DENSE}
                wide = {name: np.float64 if name in {"limit", "value", "start"} else np.int64 for name in TREES}
                trees = {name: arrays[f"trees_{name}"].astype(kind) for name, kind in wide.items()}
        except (OSError, ValueError, KeyError) as error:
            msg = f"{path} holds no heads: {' '.join(str(error).split())[:200]}"
            raise ConfigError(msg, "fetch the folder again; released files are never edited") from error
        return cls(Dense(**dense), Trees(**trees))

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of the file; weights in half precision."""
        dense = {f"dense_{name}": getattr(self.dense, name).astype(np.float16) for name in DENSE}
        small = {"feature": np.int16, "left": np.int32, "right": np.int32, "roots": np.int32}
        trees = {f"trees_{name}": getattr(self.trees, name).astype(small.get(name, np.float32)) for name in TREES}
        return dense | trees


def head_inputs(features: Floats, evidence: Evidence, provisions: Sequence[Provision]) -> Floats:
    """Inputs of the dense head, shape ``(provisions, inputs)``.

    Args:
        features: Normed output of the network's encoder, shape ``(provisions, width)``.
        evidence: The outputs of network, rules and words.
        provisions: The provisions of both.
    """
    size = len(provisions)
    roles = np.array([[provision.role is role for role in ROLES] for provision in provisions], dtype=np.float64)
    return np.concatenate(
        [
            features,
            evidence.field_areas.reshape(size, -1),
            sigmoid(evidence.area_logits),
            np.eye(len(STRENGTHS))[evidence.rule_levels],
            evidence.unsure[:, None].astype(np.float64),
            np.log(np.exp(evidence.log_rules) + _LEAST_SHARE),
            evidence.log_words,
            evidence.log_levels,
            roles.reshape(size, len(ROLES)),
        ],
        axis=1,
    )


def needs_network(evidence: Evidence, registers: Registers) -> NDArray[np.bool_]:
    """Mask of the provisions that the network has to read by what rules and words say, shape ``(provisions,)``.

    In formal documents it changes no label for the better where every area that a field names is one that the rules give,
    and rules and words agree on the level, as :class:`Registers` says.
    """
    formal = registers.formality(evidence.words) > registers.reads_all_until
    levels, by_words = evidence.rule_levels, evidence.log_words
    open_, unsure = by_words.argmax(axis=1) != levels, evidence.unsure
    if registers.doubted_below is None:
        open_ = open_ | unsure
    else:
        open_ = open_ & (unsure | (np.exp(by_words[np.arange(len(levels)), levels]) < registers.doubted_below))
    by_rules = evidence.field_areas[:, -1].astype(bool)
    unnamed = (evidence.field_areas[:, :-1].any(axis=1) & ~by_rules).any(axis=1)
    if registers.implied_words:
        unnamed |= ~evidence.named.any(axis=1) & (registers.implied_formality(evidence.words) < 1.0)
    return np.asarray(~formal | open_ | unnamed)


def ask_heads(
    heads: Heads, outputs: NetworkOutput, rules: Evidence, provisions: Sequence[Provision], read: NDArray[np.bool_]
) -> Evidence:
    """Add the outputs of network and heads to the evidence of rules and words.

    Where the network has not read a provision, network and heads are taken to say what the rules say.

    Args:
        heads: The heads of the release.
        outputs: Outputs of the network for the provisions that it has read.
        rules: Evidence of rules and words on all provisions.
        provisions: All provisions.
        read: Mask of those that the network has read, shape ``(provisions,)``.
    """
    log_levels, area_logits = rules.log_rules.copy(), np.where(rules.rule_areas > 0, _GIVEN, _NOT_GIVEN)
    log_levels[read], area_logits[read] = outputs.log_levels, outputs.area_logits
    evidence = replace(rules, log_levels=log_levels, area_logits=area_logits)
    head_levels, head_areas = log_levels.copy(), area_logits.copy()
    if read.any():
        features = np.zeros((len(read), outputs.features.shape[1]))
        features[read] = outputs.features
        head_areas[read], head_levels[read] = heads.dense(head_inputs(features, evidence, provisions)[read])
    implied, unnamed = np.full(area_logits.shape, _NOT_GIVEN), ~rules.named & read[:, None]
    if unnamed.any():
        implied[unnamed] = heads.trees(cell_features(provisions, rules.field_areas, area_logits, head_areas)[unnamed])
    return replace(evidence, head_levels=head_levels, head_areas=head_areas, implied=implied)
