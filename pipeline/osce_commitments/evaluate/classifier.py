"""Measures a classifier, and others, on the same labelled rows in the same way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify import RULES, Classifier, load_classifier
from osce_commitments.classify.encoder.artefact import SUMS_FILE, sums_sha256
from osce_commitments.classify.rules.areas import bases_of
from osce_commitments.errors import InputError
from osce_commitments.evaluate.files import figures_as_json, json_lines, markdown_page, write_files
from osce_commitments.evaluate.report import (
    HARD_CASE,
    TELLING_ERRORS,
    WORST_CASES,
    EvaluationReport,
    few_documents,
    find_mistakes,
    plain_sentences,
    telling,
)
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis, Field
from osce_commitments.schema import Classification
from osce_commitments.scoring import metrics
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.corrected_rows import read_rows, rows_sha256
from osce_commitments.scoring.judges import (
    Judge,
    Truth,
    area_figures,
    judge_of,
    strength_confidence,
    strength_figures,
    truth_of,
)
from osce_commitments.scoring.labelled_rows import LabelledRow

_LENGTHS = ((15, "1 to 15 words"), (35, "16 to 35 words"), (60, "36 to 60 words"))


def run_evaluation(
    data: Path,
    out: Path,
    model: str,
    *,
    others: Sequence[str] | None = None,
    writers: re.Pattern[str] | None = None,
) -> EvaluationReport:
    """Measure the classifier called ``model`` on a file of labelled rows, or on the checked provisions of a dataset.

    Writes ``metrics.json``, ``errors.jsonl`` and ``report.md`` into the folder ``out`` and creates it if it is missing.

    Args:
        data: The rows.
        out: Folder of the report.
        model: Name, version or folder.
        others: Classifiers to compare with; if left out, the rules.
        writers: Finds the writer in a document's name; adds intervals by writer.

    Raises:
        InputError: If the data cannot be read; the message names file, line and column.
        ConfigError: If no classifier has a name, or ``out`` cannot be written.
    """
    classifier = load_classifier(model)
    if others is None:
        others = () if model == RULES else (RULES,)
    compared = [load_classifier(name) for name in others]
    rows = read_rows(data)
    report = evaluate(rows, classifier, others=compared, writers=writers, data=data)
    texts = {
        "metrics.json": figures_as_json(report.figures),
        "errors.jsonl": json_lines(mistake.as_json() for mistake in report.mistakes),
        "report.md": markdown_page(
            "evaluation",
            report=report,
            warning=few_documents(report.figures["data"]["documents"]),
            telling=telling(report.mistakes, TELLING_ERRORS),
            strengths=STRENGTHS,
            bases=Basis,
            hard_case=HARD_CASE,
            worst_cases=WORST_CASES,
        ),
    }
    write_files(out, texts)
    return report


def evaluate(
    rows: Sequence[LabelledRow],
    classifier: Classifier,
    *,
    others: Sequence[Classifier] = (),
    writers: re.Pattern[str] | None = None,
    data: Path | None = None,
) -> EvaluationReport:
    """Classify labelled rows, next to the rest of their documents in the dataset ``data``, and measure all classifiers on them."""
    context = in_context(rows, data)
    results = context.classified(classifier)
    truth, judge = truth_of(rows), judge_of(classifier.id, results)
    peers = [judge_of(other.id, context.classified(other)) for other in others]
    folder: Path | None = getattr(classifier, "folder", None)
    assert judge.area_probabilities is not None  # noqa: S101 - a classifier gives probabilities of both
    bases, every = _bases(rows, results), np.arange(len(STRENGTHS))
    # The cells in which a word of the provision names the area.
    cells = [
        [basis is not Basis.IMPLIED for basis in bases_of(row.provision(index), THREAT_AREAS, result.area_cues)]
        for index, (row, result) in enumerate(zip(rows, results, strict=True))
    ]
    named = np.array(cells, dtype=np.bool_).reshape(len(rows), len(THREAT_AREAS))
    of_named = replace(judge, areas=judge.areas & named, area_probabilities=None)
    marked = np.array([result.needs_review for result in results], dtype=bool)
    mistaken = (
        ("wrong_levels", judge.levels != truth.levels),
        ("wrong_areas", (judge.areas != truth.areas).any(axis=1)),
    )
    figures = {
        "model_id": classifier.id,
        "model_sha256": sums_sha256(folder) if folder and (folder / SUMS_FILE).exists() else "",
        "data": {
            "name": data.name if data else "",
            "path": data.as_posix() if data else "",
            "sha256": rows_sha256(data) if data else "",
            "rows": len(rows),
            "documents": len(set(truth.documents)),
        },
        "strength": strength_figures(judge, truth).as_dict()
        | {
            "classes": _classes(STRENGTHS, truth.levels[:, None] == every, judge.levels[:, None] == every, truth),
            "confusion": metrics.confusion(truth.levels, judge.levels, len(STRENGTHS)).tolist(),
        },
        "areas": area_figures(judge, truth).as_dict()
        | {
            "classes": _classes(THREAT_AREAS, truth.areas, judge.areas, truth),
            "named": area_figures(of_named, replace(truth, areas=truth.areas & named)).as_dict(),
            "bases": bases,
        },
        "peers": {
            "strength": {peer.name: strength_figures(peer, truth, than=judge).as_dict() for peer in peers},
            "areas": {peer.name: area_figures(peer, truth, than=judge).as_dict() for peer in peers},
        },
        "calibration": {
            "strength": _rounded_bins(*strength_confidence(judge, truth)),
            "areas": _rounded_bins(judge.area_probabilities.ravel(), truth.areas.ravel()),
        },
        "slices": list(_slices(rows, results, judge, truth)),
        "in_words": plain_sentences(results, judge, truth, bases),
        "by_writer": _by_writer(judge, truth, writers) if writers else {},
        "review": {"share": round(float(marked.mean()), 4)}
        | {f"{name}_caught": round(float(marked[wrong].mean()), 4) if wrong.any() else 0.0 for name, wrong in mistaken},
        "needs_review": sum(result.needs_review for result in results),
    }
    return EvaluationReport(figures, tuple(find_mistakes(rows, results)))


def _classes(
    labels: Sequence[str], truth: NDArray[np.bool_], guess: NDArray[np.bool_], drawn: Truth
) -> dict[str, dict[str, Any]]:
    """Scores of every class, the F1 with its interval by resampling documents."""
    scores = metrics.class_scores(truth, guess)
    classes = {}
    for label, score, true, guessed in zip(labels, scores.T, truth.T, guess.T, strict=True):
        interval = _interval(metrics.area_micro_f1, true, guessed, drawn.documents)
        classes[str(label)] = {
            "precision": round(float(score[0]), 4),
            "recall": round(float(score[1]), 4),
            "f1": round(float(score[2]), 4),
            "f1_interval": [round(interval.low, 4), round(interval.high, 4)],
            "support": int(true.sum()),
        }
    return classes


def _interval(
    measure: Callable[[NDArray[Any], NDArray[Any]], float],
    truth: NDArray[Any],
    guess: NDArray[Any],
    documents: Sequence[str],
) -> metrics.Interval:
    return metrics.bootstrap(lambda drawn: measure(truth[drawn], guess[drawn]), documents)


def _bases(rows: Sequence[LabelledRow], results: Sequence[Classification]) -> dict[str, dict[str, int]]:
    """The number of given areas by basis, and how many of them people gave too."""
    counts, right = Counter[Basis](), Counter[Basis]()
    for row, result in zip(rows, results, strict=True):
        for area, basis in zip(result.threat_areas, result.area_basis, strict=True):
            counts[basis] += 1
            right[basis] += area in row.threat_areas
    return {basis.value: {"given": counts[basis], "right": right[basis]} for basis in Basis}


def _rounded_bins(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> list[list[float]]:
    """Mean probability, share of right ones and number of predictions, by bins of probability."""
    bins = metrics.reliability(confidence, right, bins=10)
    return [[round(mean, 4), round(share, 4), count] for mean, share, count in bins]


def _by_writer(judge: Judge, truth: Truth, writers: re.Pattern[str]) -> dict[str, Any]:
    """Figures with intervals by resampling writers, and the number of these.

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
    return {
        "writers": len(set(names)),
        "strength": strength_figures(judge, drawn).as_dict(),
        "areas": area_figures(judge, drawn).as_dict(),
    }


def _slices(
    rows: Sequence[LabelledRow], results: Sequence[Classification], judge: Judge, truth: Truth
) -> Iterator[dict[str, Any]]:
    """Figures by role, cue, document type, decade, length and hard case; a row can show several hard cases."""
    members: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, pair in enumerate(zip(rows, results, strict=True)):
        for grouping, name in _groups(*pair):
            members[grouping][name].append(index)
    for grouping in ("role", "cue", "document type", "decade", "length", HARD_CASE):
        groups = members[grouping]
        for name in sorted(groups) if len(groups) > 1 else ():
            part = np.array(groups[name])
            levels, true_levels = judge.levels[part], truth.levels[part]
            documents = [truth.documents[index] for index in part]
            accuracy = _interval(metrics.accuracy, true_levels, levels, documents)
            yield {
                "by": grouping,
                "name": name,
                "rows": len(part),
                "accuracy": round(accuracy.value, 4),
                "accuracy_interval": [round(accuracy.low, 4), round(accuracy.high, 4)],
                "macro_f1": round(metrics.macro_f1(true_levels, levels, len(STRENGTHS)), 4),
                "area_micro_f1": round(metrics.area_micro_f1(truth.areas[part], judge.areas[part]), 4),
            }


def _groups(row: LabelledRow, result: Classification) -> Iterator[tuple[str, str]]:
    yield "role", row.role.value
    if result.strength_cue is None:
        yield "cue", "no cue"
    else:
        yield "cue", "cue in the text" if result.strength_cue.field is Field.TEXT else "cue inherited"
    if row.genre:
        yield "document type", row.genre
    if row.date:
        yield "decade", f"{row.date[:3]}0s"
    words = len(row.text.split())
    yield "length", next((name for most, name in _LENGTHS if words <= most), "over 60 words")
    yield from ((HARD_CASE, case) for case in row.hard_cases)


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
