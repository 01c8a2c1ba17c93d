"""Counts of cases by measure in one file, their differences, and figures over files with intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.scoring.metrics import Interval, bootstrap


@dataclass(slots=True)
class ScoreTally:
    """Counts of one measure; for a share, ``given`` and ``gold`` are both the number of cases."""

    hits: int = 0
    given: int = 0
    gold: int = 0

    def share(self, *, is_hit: bool) -> None:
        """Count one case of a share."""
        self.hits += is_hit
        self.given += 1
        self.gold += 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference: the measure and the place, with the expected and the given value.

    Attributes:
        form: Form of the document, if it is measured in several.
        rows: Ids of the provisions concerned, if known.
    """

    document: str
    what: str
    number: str
    text: str
    expected: str
    given: str
    form: str = ""
    rows: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """One line of ``errors.jsonl``."""
        return {name: value for name, value in asdict(self).items() if value or name not in {"form", "rows"}}


@dataclass(slots=True)
class FileScore:
    """The results of the stages on one file, or on one form of it."""

    document: str
    form: str = ""
    tallies: dict[str, ScoreTally] = field(default_factory=lambda: defaultdict(ScoreTally))
    problems: list[Problem] = field(default_factory=list)

    def complain(  # noqa: PLR0913, PLR0917 - the parts of an error
        self, what: str, number: str, text: str, expected: str, value: str, rows: Iterable[str] = ()
    ) -> None:
        """Add an error."""
        self.problems.append(Problem(self.document, what, number, text, expected, value, self.form, tuple(rows)))


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure over all files; for a share only ``recall`` is meaningful."""

    name: str
    hits: int
    given: int
    gold: int
    precision: Interval
    recall: Interval
    f1: Interval


def measured(name: str, scores: Sequence[FileScore]) -> Measured:
    """Add up a measure over files, with intervals by resampling files."""
    # Documents without a case do not count: drawn alone they would make the measure zero.
    tallies = {score.document: score.tallies.get(name, ScoreTally()) for score in scores}
    cases = {document: tally for document, tally in tallies.items() if tally.given or tally.gold}
    rows = [(tally.hits, tally.given, tally.gold) for tally in cases.values()]
    counts = np.array(rows, dtype=np.int64).reshape(len(rows), 3)

    def interval(measure: Callable[[NDArray[np.int64]], float]) -> Interval:
        return bootstrap(lambda drawn: measure(counts[drawn].sum(axis=0)), list(cases))

    hits, positives, gold = (int(total) for total in counts.sum(axis=0))
    return Measured(
        name=name,
        hits=hits,
        given=positives,
        gold=gold,
        precision=interval(lambda total: _ratio(total[0], total[1])),
        recall=interval(lambda total: _ratio(total[0], total[2])),
        f1=interval(lambda total: _ratio(2 * total[0], total[1] + total[2])),
    )


def _ratio(part: np.int64, whole: np.int64) -> float:
    return float(part / whole) if whole else 0.0
