"""Measures a classifier and its peers on the same labelled rows in the same way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.base import Classifier
from osce_commitments.classify.encoder.artefact import SUMS_FILE, sums_sha256
from osce_commitments.errors import InputError
from osce_commitments.evaluate.bases import base_scores, figures_of_named, named_cells
from osce_commitments.evaluate.files import figures_as_json, json_lines, write_files
from osce_commitments.evaluate.plain_words import plain_sentences
from osce_commitments.evaluate.report import DataSource, EvaluationReport
from osce_commitments.evaluate.slices import slices
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification, TaggedProvision
from osce_commitments.scoring import metrics
from osce_commitments.scoring.corrected_rows import rows_sha256
from osce_commitments.scoring.judges import (
    Figures,
    Judge,
    Truth,
    area_figures,
    judge_of,
    naive_judges,
    strength_confidence,
    strength_figures,
    truth_of,
)
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.row_sources import read_rows

Peers = Callable[[Sequence[LabelledRow], Sequence[TaggedProvision]], list[Judge]]
_Curve = Mapping[str, Sequence[tuple[int, float]]]

REPORT_FILES = ("metrics.json", "errors.jsonl", "report.md", "report.html")
_BINS = 10


def run_evaluation(  # noqa: PLR0913 - one name per option of the command
    data: Path,
    out: Path,
    model: str,
    *,
    peers: Peers | None = None,
    curve: _Curve | None = None,
    writers: re.Pattern[str] | None = None,
) -> EvaluationReport:
    """Measure the classifier called ``model`` on a file of labelled rows.

    Writes ``metrics.json``, ``errors.jsonl``, ``report.md`` and ``report.html`` into the folder ``out`` and creates it
    if it is missing. ``writers`` finds the writer in a document's name and adds intervals by writer.

    Raises:
        InputError: If the data cannot be read; the message names file, line and column.
        ConfigError: If no classifier has that name, or ``out`` cannot be written.
    """
    from osce_commitments.classify import load_classifier

    classifier = load_classifier(model)
    rows = read_rows(data)
    source = DataSource(data.name, data.as_posix(), rows_sha256(data))
    report = evaluate(rows, classifier, source=source, peers=peers, curve=curve, writers=writers, data=data)
    errors = json_lines(one.as_json() for one in report.mistakes())
    texts = (figures_as_json(report.as_dict()), errors, report.as_markdown(), report.as_html())
    write_files(out, dict(zip(REPORT_FILES, texts, strict=True)))
    return report


def read_curve(path: Path) -> dict[str, list[tuple[int, float]]]:
    """Read a learning curve: JSON with a list of ``[training provisions, macro-F1 of strength]`` per judge.

    Raises:
        InputError: If the file is missing or has another form.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {name: [(int(size), float(score)) for size, score in points] for name, points in content.items()}
    except (OSError, AttributeError, TypeError, ValueError) as error:
        msg = f"{path} is missing or is not a learning curve"
        raise InputError(msg, 'give JSON such as {"name": [[1000, 0.8], [2000, 0.9]]}', reason="curve") from error


def evaluate(  # noqa: PLR0913 - one name per thing that a report shows
    rows: Sequence[LabelledRow],
    classifier: Classifier,
    *,
    source: DataSource | None = None,
    peers: Peers | None = None,
    curve: _Curve | None = None,
    writers: re.Pattern[str] | None = None,
    data: Path | None = None,
) -> EvaluationReport:
    """Tag and classify labelled rows, next to the rest of their documents in the dataset ``data``; measure the result and other judges on the same rows."""
    from osce_commitments.evaluate.pictures import pictures
    from osce_commitments.scoring.context import in_context

    context = in_context(rows, data)
    tagged, results = context.rows, context.classified(classifier)
    truth, judge = truth_of(rows), judge_of(classifier.id, results)
    others = [*naive_judges(rows), *(peers(rows, tagged) if peers else ())]
    strength, areas = strength_figures(judge, truth), area_figures(judge, truth)
    strength_peers = [strength_figures(one, truth, than=judge) for one in others]
    every = np.arange(len(STRENGTHS))
    counts = metrics.confusion(truth.levels, judge.levels, len(STRENGTHS))
    table = tuple(tuple(map(int, row)) for row in counts)
    named = named_cells(rows, results)
    area_classes = tuple(metrics.area_scores(truth.areas, judge.areas))
    return EvaluationReport(
        model_id=classifier.id,
        model_sha256=_model_sha256(classifier),
        source=source or DataSource(),
        rows=tuple(rows),
        results=tuple(results),
        strength=strength,
        areas=areas,
        named_areas=figures_of_named(judge, truth, named),
        area_bases=tuple(base_scores(rows, results)),
        strength_peers=tuple(strength_peers),
        area_peers=tuple(area_figures(one, truth, than=judge) for one in others),
        strength_classes=tuple(metrics.class_scores(counts)),
        area_classes=area_classes,
        strength_intervals=_intervals(truth.levels[:, None] == every, judge.levels[:, None] == every, truth.documents),
        area_intervals=_intervals(truth.areas, judge.areas, truth.documents),
        confusion=table,
        calibration=_calibration(judge, truth),
        plain=plain_sentences(rows, results, judge, truth),
        by_writer=_by_writer(judge, truth, writers) if writers else (),
        review=_review(results, judge, truth),
        slices=tuple(slices(rows, results, judge, truth)),
        pictures=pictures(
            judge, truth, table=table, areas=area_classes, peers=(strength, *strength_peers), curve=curve or {}
        ),
    )


def _by_writer(judge: Judge, truth: Truth, writers: re.Pattern[str]) -> tuple[Figures, Figures]:
    """Return the figures of strength and areas with intervals by resampling writers.

    Raises:
        InputError: If a document's name does not contain its writer.
    """
    names = []
    for document in truth.documents:
        match = writers.search(document)
        if not match:
            msg = f"the document {document!r} names no writer"
            raise InputError(msg, f"give --writers a pattern that is found in every name, not {writers.pattern!r}")
        names.append(match.group(match.lastindex or 0))
    drawn = replace(truth, documents=tuple(names))
    titled = replace(judge, name=f"{judge.name}, intervals by writer ({len(set(names))})")
    return strength_figures(titled, drawn), area_figures(titled, drawn)


def _review(results: Sequence[Classification], judge: Judge, truth: Truth) -> dict[str, float]:
    marked = np.array([result.needs_review for result in results], dtype=bool)
    wrong: dict[str, NDArray[np.bool_]] = {
        "wrong_levels": np.asarray(judge.levels != truth.levels),
        "wrong_areas": np.any(judge.areas != truth.areas, axis=1),
    }
    return {"share": float(marked.mean())} | {
        f"{name}_caught": float(marked[rows].mean()) if rows.any() else 0.0 for name, rows in wrong.items()
    }


def _model_sha256(classifier: Classifier) -> str:
    """Return the identity of its files; empty for the rules, which have none."""
    folder: Path | None = getattr(classifier, "folder", None)
    return sums_sha256(folder) if folder and (folder / SUMS_FILE).exists() else ""


def _calibration(judge: Judge, truth: Truth) -> dict[str, list[metrics.Bin]]:
    assert judge.area_probabilities is not None  # noqa: S101 - a classifier gives probabilities of both
    confidence, right = strength_confidence(judge, truth)
    areas = metrics.reliability(judge.area_probabilities.ravel(), truth.areas.ravel(), bins=_BINS)
    return {"strength": metrics.reliability(confidence, right, bins=_BINS), "areas": areas}


def _intervals(
    truth: NDArray[np.bool_], given: NDArray[np.bool_], documents: Sequence[str]
) -> tuple[metrics.Interval, ...]:
    """Return the F1 of every column of two matrices with its interval."""
    return tuple(
        metrics.bootstrap(lambda at, one=one, other=other: metrics.binary_f1(one[at], other[at]), documents)  # type: ignore[misc]
        for one, other in zip(truth.T, given.T, strict=True)
    )
