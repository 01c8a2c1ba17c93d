"""Lay an answer over a row of ``provisions``, and take it off again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from osce_commitments.corrections.merging import Standing
from osce_commitments.labels import LabelKind, ObligationStrength
from osce_commitments.schema import Row

_CHECKED = (LabelKind.STRENGTH, LabelKind.THREAT_AREAS)
_UNCORRECTED: Row = {"correction": "", "corrected": [], "corrected_by": "", "program_labels": ""}


def overlaid(row: Row, standing: Standing, *, is_doubtful: bool = False) -> Row:
    """The row of a provision with the labels of people.

    The words that explain a label of the program stay only where the label is the same. The mark for review is off
    where strength and areas were both checked, and on where people differ. ``is_doubtful``: the person may have meant
    another provision, which is then marked for review.
    """
    labels = {**_of_strength(row, standing.values), **_of_areas(row, standing.values)}
    for kind in (LabelKind.ADDRESSEE, LabelKind.ROLE):
        if kind.value in standing.values:
            labels[kind.value] = standing.values[kind.value]
    if standing.disputed or standing.boundary or is_doubtful:
        labels["needs_review"] = True
    elif all(kind in standing.by for kind in _CHECKED):
        labels["needs_review"] = False
    before = {name: row[name] for name, value in labels.items() if row[name] != value}
    marks = {
        "correction": standing.key,
        "corrected": [kind.value for kind in standing.by],
        "corrected_by": "; ".join(standing.people),
        "program_labels": json.dumps(before, ensure_ascii=False, sort_keys=True) if before else "",
    }
    return row | labels | marks


def reverted(row: Row) -> Row:
    """The row with the labels of the program."""
    if not row["correction"]:
        return row
    return row | (json.loads(row["program_labels"]) if row["program_labels"] else {}) | _UNCORRECTED


def uncorrected() -> Row:
    """The columns of corrections for a provision without any."""
    return {name: list(value) if isinstance(value, list) else value for name, value in _UNCORRECTED.items()}


def _of_strength(row: Row, values: Mapping[str, Any]) -> Row:
    strength = values.get(LabelKind.STRENGTH.value)
    if strength is None:
        return {}
    cue = row["strength_cue"] if strength == row["strength"] else None
    return {"strength": strength, "strength_level": ObligationStrength(strength).level, "strength_cue": cue}


def _of_areas(row: Row, values: Mapping[str, Any]) -> Row:
    areas = values.get(LabelKind.THREAT_AREAS.value)
    if areas is None:
        return {}
    cues = [cue for cue in row["area_cues"] if cue["area"] in areas]
    return {"threat_areas": list(areas), "area_basis": list(values["area_basis"]), "area_cues": cues}
