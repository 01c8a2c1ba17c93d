"""Figures of threat areas by their basis: named by a word, or implied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.rules.areas import bases_of
from osce_commitments.labels import THREAT_AREAS, Basis
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import Figures, Judge, Truth, area_figures
from osce_commitments.scoring.labelled_rows import LabelledRow


@dataclass(frozen=True, slots=True)
class BaseScore:
    """The number of given areas on one basis, and how many of them people gave too."""

    basis: Basis
    given: int
    right: int


def base_scores(rows: Sequence[LabelledRow], results: Sequence[Classification]) -> Iterator[BaseScore]:
    """Return the given areas by their basis."""
    given, right = Counter[Basis](), Counter[Basis]()
    for row, result in zip(rows, results, strict=True):
        for area, basis in zip(result.threat_areas, result.area_basis, strict=True):
            given[basis] += 1
            right[basis] += area in row.threat_areas
    return (BaseScore(basis, given[basis], right[basis]) for basis in Basis)


def named_cells(rows: Sequence[LabelledRow], results: Sequence[Classification]) -> NDArray[np.bool_]:
    """Return whether a word of each provision names each area, shape ``(n, 12)``."""
    cells = [
        [basis is not Basis.IMPLIED for basis in bases_of(row.provision(index), THREAT_AREAS, result.area_cues)]
        for index, (row, result) in enumerate(zip(rows, results, strict=True))
    ]
    return np.array(cells, dtype=np.bool_).reshape(len(rows), len(THREAT_AREAS))


def figures_of_named(judge: Judge, truth: Truth, named: NDArray[np.bool_]) -> Figures:
    """Return micro- and macro-F1 over the cells in which a word names the area."""
    title = f"{judge.name}, named areas only"
    of_named = replace(judge, name=title, areas=judge.areas & named, area_probabilities=None)
    return area_figures(of_named, replace(truth, areas=truth.areas & named))
