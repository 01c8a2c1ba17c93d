"""The rule classifier as a witness: its labels of coded rows, and how reliable they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.encoder.artefact import RuleWitness
from osce_commitments.classify.encoder.pooling import rule_name
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification
from osce_commitments.train.data import CodedRow, levels_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SURE = 0.05  # added to every count, so that no share is 0


def rule_judgements(rows: Sequence[CodedRow]) -> list[Classification]:
    """Tag the rows and label them with the rule classifier."""
    from osce_commitments.tag import load_tagger

    tagged = load_tagger().tag([row.labelled.provision(index) for index, row in enumerate(rows)])
    return RuleClassifier().classify(tagged)


def witness_of(rows: Sequence[CodedRow], judged: Sequence[Classification], smoothing: float) -> RuleWitness:
    """Count the true levels under every rule.

    Args:
        rows: Coded rows; training rows are fine, because the rules have no fitted parameters.
        judged: Their classifications by the rules.
        smoothing: Number of rows with the shares of the rule's level that are added to the rule's own rows.
    """
    size = len(STRENGTHS)
    by_level = np.full((size, size), _SURE)
    by_rule: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(size))
    for true, one in zip(levels_of(rows), judged, strict=True):
        by_level[one.strength.level, true] += 1
        by_rule[rule_name(one)][true] += 1
    shares = by_level / by_level.sum(axis=1, keepdims=True)

    def smoothed(name: str, counts: NDArray[np.float64]) -> tuple[float, ...]:
        level = next(label.level for label in STRENGTHS if name.startswith(f"{label}:"))
        mixed = counts + smoothing * shares[level]
        return _rounded(mixed / mixed.sum())

    return RuleWitness(
        version=RuleClassifier().id,
        by_rule={name: smoothed(name, counts) for name, counts in sorted(by_rule.items())},
        by_level=tuple(_rounded(row) for row in shares),
    )


def _rounded(shares: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(share), 6) for share in shares.clip(min=1e-6))
