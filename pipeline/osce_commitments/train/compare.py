"""Two classifiers on the same labelled rows, with the paired bootstrap of their difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from osce_commitments.classify import load_classifier
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.judges import Judge, Truth, area_figures, judge_of, strength_figures, truth_of
from osce_commitments.scoring.metrics import Interval
from osce_commitments.scoring.row_sources import read_rows


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two classifiers.

    Attributes:
        key: Task and measure ("strength.macro_f1").
        first, second: The figures.
        gain: Advantage of the second, with its interval; None for errors of calibration and of level.
    """

    key: str
    first: float
    second: float
    gain: Interval | None

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the gain excludes zero."""
        return self.gain is not None and (self.gain.low > 0 or self.gain.high < 0)


def compare_on(data: Path, first: str, second: str) -> tuple[list[Difference], int]:
    """Compare two classifiers on labelled rows (JSONL); intervals come from resampling documents.

    Returns:
        The figures, and the number of documents that they rest on.

    Raises:
        InputError: If the data cannot be read; the message names file, line and column.
        ConfigError: If no classifier has one of the names.
    """
    rows, classifiers = read_rows(data), [load_classifier(name) for name in (first, second)]
    context = in_context(rows, data)
    one, other = (judge_of(classifier.id, context.classified(classifier)) for classifier in classifiers)
    return list(_differences(one, other, truth_of(rows))), len({row.document for row in rows})


def _differences(one: Judge, other: Judge, truth: Truth) -> Iterator[Difference]:
    for task, figures in (("strength", strength_figures), ("areas", area_figures)):
        before, after = figures(one, truth, than=other), figures(other, truth)
        for name, measure in before.measures.items():
            yield Difference(f"{task}.{name}", measure.value, after.measures[name].value, before.gain.get(name))
