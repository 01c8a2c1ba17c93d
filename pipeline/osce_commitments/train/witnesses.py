"""The rules as a witness: how far each of them is to be trusted, by labels of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.artefact import RuleWitness
from osce_commitments.classify.encoder.pooling import rule_name
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification
from osce_commitments.scoring.labelled_rows import LabelledRow

Ruled = tuple[Sequence[Classification], NDArray[np.int64]]
"""Judgements of the rules, and the levels that people gave to the same rows."""

_Shares = NDArray[np.float64]
_SIZE = len(STRENGTHS)
_SURE = 0.05  # added to every count, so that no share is 0


def rule_judgements(rows: Sequence[LabelledRow]) -> list[Classification]:
    """Tag the rows and label them with the rule classifier."""
    from osce_commitments.tag import load_tagger

    tagged = load_tagger().tag([row.provision(index) for index, row in enumerate(rows)])
    return RuleClassifier().classify(tagged)


def trust(learnt: Ruled, unseen: Ruled, smoothing: float) -> RuleWitness:
    """The shares of the true levels under every rule.

    Rules are right more often in rows that they were written from than elsewhere. So their shares in ``learnt`` rows
    count as ``smoothing`` unseen ones: a rule is trusted as far as it held where nobody had looked.
    """
    by_level = np.full((_SIZE, _SIZE), _SURE)
    for result, level in zip(*learnt, strict=True):
        by_level[result.strength.level, level] += 1
    by_level /= by_level.sum(axis=1, keepdims=True)
    by_rule: dict[str, _Shares] = {}
    for rows in (learnt, unseen):
        counts: dict[str, _Shares] = defaultdict(lambda: np.zeros(_SIZE))
        for result, level in zip(*rows, strict=True):
            name = rule_name(result)
            by_rule.setdefault(name, by_level[result.strength.level])
            counts[name][level] += 1
        for name, count in counts.items():
            mixed = count + smoothing * by_rule[name]
            by_rule[name] = mixed / mixed.sum()
    return RuleWitness(
        version=RuleClassifier().id,
        by_rule={name: _rounded(shares) for name, shares in sorted(by_rule.items())},
        by_level=tuple(_rounded(row) for row in by_level),
    )


def _rounded(shares: _Shares) -> tuple[float, ...]:
    return tuple(round(float(share), 6) for share in shares.clip(min=1e-6))
