"""Judge labelled rows with a classifier and with the baselines, and measure all of them alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from osce_commitments.errors import ConfigError
from osce_commitments.evaluate import baselines
from osce_commitments.evaluate.report import Figures, Report
from osce_commitments.evaluate.rows import read_rows
from osce_commitments.ids import content_sha256
from osce_commitments.labels import STRENGTHS, THREAT_AREAS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from osce_commitments.classify.base import Classifier
    from osce_commitments.evaluate.rows import LabelledRow
    from osce_commitments.labels import ObligationStrength, ThreatArea


def run_evaluation(data: Path, out: Path, model: str) -> Report:
    """Measure the classifier called ``model`` on a file of labelled rows.

    Writes ``metrics.json`` and ``report.md`` into the folder ``out``, which is made if it is missing.

    Raises:
        InputError: If the data cannot be read; the message names file, line and column.
        ConfigError: If no classifier has that name, or ``out`` cannot be written.
    """
    from osce_commitments.classify import load_classifier

    classifier = load_classifier(model)
    rows = read_rows(data)
    report = evaluate(rows, classifier, data_name=data.name, data_sha256=content_sha256(data.read_bytes()))
    figures = json.dumps(report.as_dict(), indent=2, ensure_ascii=False)
    write_files(out, {"metrics.json": figures + "\n", "report.md": report.as_markdown()})
    return report


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts under their names into a folder, which is made if it is missing.

    Raises:
        ConfigError: If it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"folder {folder} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give --out a folder that you may write to") from error


def evaluate(
    rows: Sequence[LabelledRow], classifier: Classifier, *, data_name: str = "", data_sha256: str = ""
) -> Report:
    """Tag and classify labelled rows and measure the result, beside the baselines on the same rows."""
    from osce_commitments.metrics import area_scores, class_scores, confusion
    from osce_commitments.tag import load_tagger

    tagged = load_tagger().tag([row.provision(index) for index, row in enumerate(rows)])
    results = classifier.classify(tagged)
    truth, guess = _levels([row.strength for row in rows]), _levels([result.strength for result in results])
    table = confusion(truth, guess, len(STRENGTHS))
    true_areas = _matrix([row.threat_areas for row in rows])
    areas = _matrix([result.threat_areas for result in results])
    documents = [row.document for row in rows]
    return Report(
        model_id=classifier.id,
        data_name=data_name,
        data_sha256=data_sha256,
        rows=tuple(rows),
        results=tuple(results),
        strength=_strength(classifier.id, truth, guess, documents),
        areas=_areas(classifier.id, true_areas, areas, documents),
        strength_baselines=(
            _strength("modal lexicon", truth, _levels(baselines.modal_lexicon(rows)), documents),
            _strength("majority", truth, _levels(baselines.majority(rows)), documents),
        ),
        area_baselines=(_areas("keywords, else title", true_areas, _matrix(baselines.keywords(rows)), documents),),
        strength_classes=tuple(class_scores(table)),
        area_classes=tuple(area_scores(true_areas, areas)),
        confusion=tuple(tuple(int(count) for count in row) for row in table),
    )


def _strength(name: str, truth: NDArray[np.int64], guess: NDArray[np.int64], documents: Sequence[str]) -> Figures:
    from osce_commitments import metrics

    levels = len(STRENGTHS)
    measures: dict[str, Callable[[NDArray[np.int64]], float]] = {
        "accuracy": lambda at: metrics.accuracy(truth[at], guess[at]),
        "macro_f1": lambda at: metrics.macro_f1(truth[at], guess[at], levels),
        "kappa_quadratic": lambda at: metrics.kappa_quadratic(truth[at], guess[at], levels),
        "mae": lambda at: metrics.mean_absolute_error(truth[at], guess[at]),
    }
    return Figures(name, {key: metrics.bootstrap(measure, documents) for key, measure in measures.items()})


def _areas(name: str, truth: NDArray[np.bool_], guess: NDArray[np.bool_], documents: Sequence[str]) -> Figures:
    from osce_commitments import metrics

    measures: dict[str, Callable[[NDArray[np.int64]], float]] = {
        "micro_f1": lambda at: metrics.area_micro_f1(truth[at], guess[at]),
        "macro_f1": lambda at: metrics.area_macro_f1(truth[at], guess[at]),
    }
    return Figures(name, {key: metrics.bootstrap(measure, documents) for key, measure in measures.items()})


def _levels(labels: Sequence[ObligationStrength]) -> NDArray[np.int64]:
    import numpy as np

    return np.array([label.level for label in labels], dtype=np.int64)


def _matrix(labels: Sequence[Collection[ThreatArea]]) -> NDArray[np.bool_]:
    import numpy as np

    cells = [[area in row for area in THREAT_AREAS] for row in labels]
    return np.array(cells, dtype=np.bool_).reshape(len(labels), len(THREAT_AREAS))
