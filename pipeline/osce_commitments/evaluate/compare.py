"""Two classifiers on the same labelled rows, with the paired bootstrap of their difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osce_commitments.classify import load_classifier
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.judges import area_figures, judge_of, strength_figures, truth_of
from osce_commitments.scoring.row_sources import read_rows


def compare_on(data: Path, first: str, second: str) -> tuple[list[dict[str, Any]], int]:
    """Compare two classifiers on labelled rows; intervals come from resampling documents.

    Returns:
        A row for each figure, with the gain of the second (none for errors of calibration and of level) and whether its
        interval excludes zero; and the number of documents that they rest on.

    Raises:
        InputError: If the data cannot be read; the message names file, line and column.
        ConfigError: If no classifier has one of the names.
    """
    rows, classifiers = read_rows(data), [load_classifier(name) for name in (first, second)]
    context, truth = in_context(rows, data), truth_of(rows)
    before, after = (judge_of(classifier.id, context.classified(classifier)) for classifier in classifiers)
    compared = []
    for task, figures_of in (("strength", strength_figures), ("areas", area_figures)):
        figures, later = figures_of(before, truth, than=after), figures_of(after, truth).measures
        for name, measure in figures.measures.items():
            gain = figures.gain.get(name)
            compared.append({
                "figure": f"{task}.{name}",
                first: round(measure.value, 4),
                second: round(later[name].value, 4),
                "gain": round(gain.value, 4) if gain else None,
                "low": round(gain.low, 4) if gain else None,
                "high": round(gain.high, 4) if gain else None,
                "sure": gain.low > 0 or gain.high < 0 if gain else None,
            })  # fmt: skip
    return compared, len(set(truth.documents))
