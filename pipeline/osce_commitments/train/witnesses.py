"""The rule classifier as a witness: its labels of coded rows, and how reliable they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.area_cues import cue_name, named_cues
from osce_commitments.classify.encoder.artefact import RuleWitness
from osce_commitments.classify.encoder.heads import area_hints
from osce_commitments.classify.encoder.pooling import rule_name
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow

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
