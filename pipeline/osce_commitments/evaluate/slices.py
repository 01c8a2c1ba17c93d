"""Figures by group of rows: where a classifier is good and where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from osce_commitments.labels import STRENGTHS, Field
from osce_commitments.schema import Classification
from osce_commitments.scoring import metrics
from osce_commitments.scoring.judges import Judge, Truth
from osce_commitments.scoring.labelled_rows import LabelledRow

HARD_CASE = "hard case"
_LENGTHS = ((15, "1 to 15 words"), (35, "16 to 35 words"), (60, "36 to 60 words"))


@dataclass(frozen=True, slots=True)
class Slice:
    """Figures of the rows of one group: accuracy and macro-F1 of levels, micro-F1 of areas."""

    by: str
    name: str
    rows: int
    accuracy: metrics.Interval
    macro_f1: float
    area_f1: float


def slices(rows: Sequence[LabelledRow], results: Sequence[Classification], judge: Judge, truth: Truth) -> list[Slice]:
    """Groups by role, cue, document type, decade, length and hard case; a row can show several hard cases."""
    pairs = list(zip(rows, results, strict=True))
    found = []
    for by, groups_of in _GROUPINGS.items():
        members: dict[str, list[int]] = {}
        for index, (row, result) in enumerate(pairs):
            for name in groups_of(row, result):
                members.setdefault(name, []).append(index)
        if len(members) > 1:
            found += [_slice(by, name, np.array(members[name]), judge, truth) for name in sorted(members)]
    return found


def _slice(by: str, name: str, at: np.ndarray[tuple[int], np.dtype[np.int64]], judge: Judge, truth: Truth) -> Slice:
    levels, areas = judge.levels[at], judge.areas[at]
    true_levels, true_areas = truth.levels[at], truth.areas[at]
    documents = [truth.documents[index] for index in at]
    return Slice(
        by=by,
        name=name,
        rows=len(at),
        accuracy=metrics.bootstrap(lambda some: metrics.accuracy(true_levels[some], levels[some]), documents),
        macro_f1=metrics.macro_f1(true_levels, levels, len(STRENGTHS)),
        area_f1=metrics.area_micro_f1(true_areas, areas),
    )


def _cue(_: LabelledRow, result: Classification) -> Iterator[str]:
    if result.strength_cue is None:
        yield "no cue"
    else:
        yield "cue in the text" if result.strength_cue.field is Field.TEXT else "cue inherited"


def _length(row: LabelledRow) -> str:
    words = len(row.text.split())
    return next((name for most, name in _LENGTHS if words <= most), "over 60 words")


_GROUPINGS: dict[str, Callable[[LabelledRow, Classification], Iterator[str]]] = {
    "role": lambda row, _: iter([row.role.value]),
    "cue": _cue,
    "document type": lambda row, _: iter([row.genre] if row.genre else []),
    "decade": lambda row, _: iter([f"{row.date[:3]}0s"] if row.date else []),
    "length": lambda row, _: iter([_length(row)]),
    HARD_CASE: lambda row, _: iter(row.hard_cases),
}
