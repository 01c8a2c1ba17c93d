"""Measure what the program reads of marked-up documents: ``python -m corpora.marked_up FOLDER --out DIR``.

A PDF with the name of an Akoma Ntoso file (``*.xml``) is its printed form; for the other forms the mark-up is removed and the
words are set again. Writes ``metrics.json``, ``errors.jsonl`` with the ids of the rows, and ``report.md``.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.marked_up.forms import SETTERS, DocumentForm, set_lines
from corpora.marked_up.scores import STRUCTURE_MEASURES, score_form
from corpora.marked_up.truth import MarkedTruth, read_truth
from corpora.tallies import FileScore, measured
from osce_commitments.errors import InputError
from osce_commitments.evaluate.files import figures_as_json, json_lines, write_files
from osce_commitments.files import read_regular_bytes
from osce_commitments.labels import MediaType
from osce_commitments.schema import ClassifiedProvision, Document, Source, SourceRef

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from corpora.tallies import Measured
    from osce_commitments.classify import Classifier
    from osce_commitments.tag import Tagger

# Scores of one file, and the reasons why it, or one of its forms, was not measured.
FileResult = tuple[list[FileScore], list[tuple[str, str]]]
Figures = dict[DocumentForm, dict[str, "Measured"]]

_TYPES = {".txt": MediaType.TEXT, ".docx": MediaType.DOCX, ".pdf": MediaType.PDF, ".xml": MediaType.AKN}


def main() -> None:
    """Measure a folder and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of Akoma Ntoso documents")
    parser.add_argument("--out", type=Path, required=True, help="folder for figures, errors and the report")
    parser.add_argument(
        "--form", action="append", type=DocumentForm, choices=list(DocumentForm), help="by default, all"
    )
    parser.add_argument("--model", default="rules", help="classifier that gives the levels")
    parser.add_argument("--workers", type=int, default=1, help="number of processes")
    choices = parser.parse_args()
    paths = sorted(choices.folder.glob("*.xml"))
    measure = functools.partial(measure_file, forms=tuple(choices.form or DocumentForm), model=choices.model)
    results = list(_mapped(measure, paths, choices.workers))
    scores = [score for own, _ in results for score in own]
    left_out = [entry for _, missed in results for entry in missed]
    if not scores:
        parser.exit(
            2, f"no document of {choices.folder} could be measured{f': {left_out[0][1]}' if left_out else ''}\n"
        )
    figures = figures_of(scores)
    metrics = {
        "documents": len({score.document for score in scores}),
        "model": choices.model,
        "left_out": [{"file": name, "reason": reason} for name, reason in left_out],
        "forms": {form.value: _as_dict(form, measures, scores) for form, measures in figures.items()},
    }
    errors = json_lines(problem.as_dict() for score in scores for problem in score.problems)
    page = "\n".join(_page(figures, metrics))
    write_files(choices.out, {"metrics.json": figures_as_json(metrics), "errors.jsonl": errors, "report.md": page})
    sys.stdout.write(f"{page}\n")


def figures_of(scores: Sequence[FileScore]) -> Figures:
    """Add up the scores and give every measure of every form an interval."""
    figures: Figures = {}
    for form in DocumentForm:
        if own := [score for score in scores if score.form == form.value]:
            names = [name for name in STRUCTURE_MEASURES if any(name in score.tallies for score in own)]
            figures[form] = {name: measured(name, own) for name in names}
    return figures


def _as_dict(form: DocumentForm, measures: dict[str, Measured], scores: Sequence[FileScore]) -> dict[str, Any]:
    shares = {
        name: {
            "hits": figure.hits,
            "of": figure.gold,
            "share": round(figure.recall.value, 4),
            "interval": [round(figure.recall.low, 4), round(figure.recall.high, 4)],
        }
        for name, figure in measures.items()
    }
    return {"documents": sum(score.form == form.value for score in scores), "measures": shares}


def _page(figures: Figures, metrics: dict[str, Any]) -> Iterator[str]:
    """A row per measure, a column per form: share, 95 % interval by resampling documents, number of cases."""
    yield f"# Structure, facts and citations against mark-up: {metrics['documents']} documents, `{metrics['model']}`"
    yield ""
    headings = [f"{form.value} ({metrics['forms'][form.value]['documents']})" for form in figures]
    yield f"| measure | {' | '.join(headings)} |"
    yield "|---|" + "---|" * len(figures)
    for name in (name for name in STRUCTURE_MEASURES if any(name in measures for measures in figures.values())):
        cells = [measures.get(name) for measures in figures.values()]
        shown = (
            f"{cell.recall.value:.3f} [{cell.recall.low:.3f}, {cell.recall.high:.3f}] {cell.gold}" if cell else ""
            for cell in cells
        )
        yield f"| {name} | {' | '.join(shown)} |"
    yield ""
    yield from (f"- not measured: {entry['file']}: {entry['reason']}" for entry in metrics["left_out"])


def _mapped(measure: Callable[[Path], FileResult], paths: Iterable[Path], workers: int) -> Iterator[FileResult]:
    if workers == 1:
        yield from map(measure, paths)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(measure, paths)


def measure_file(path: Path, forms: Sequence[DocumentForm], model: str) -> FileResult:
    """Measure the forms of one file."""
    try:
        marked = read_truth(read_regular_bytes(path))
    except (InputError, OSError, ValueError) as error:
        return [], [(path.name, str(error))]
    if marked is None:
        return [], [(path.name, "it is not one document with a preamble and a main body")]
    truth, top = marked
    scores: list[FileScore] = []
    left_out: list[tuple[str, str]] = []
    for form in forms:
        source = _source(path, form, top)
        if source is None:
            continue
        scored = _score(path.stem, form, truth, source, model)
        if isinstance(scored, str):
            left_out.append((f"{path.name} as {form.value}", scored))
        else:
            scores.append(scored)
    return scores, left_out


def _source(path: Path, form: DocumentForm, top: Element) -> Source | None:
    """Return the bytes of a form under a name that says nothing; None if the form does not exist."""
    if form in SETTERS:
        ending, setter = SETTERS[form]
        return Source(SourceRef(f"document{ending}", _TYPES[ending]), setter(set_lines(top)))
    beside = path if form is DocumentForm.MARK_UP else path.with_suffix(".pdf")
    if not beside.is_file():
        return None
    return Source(SourceRef(f"document{beside.suffix}", _TYPES[beside.suffix]), read_regular_bytes(beside))


def _score(name: str, form: DocumentForm, truth: MarkedTruth, source: Source, model: str) -> FileScore | str:
    """Return the score of a form, or why it was refused."""
    from osce_commitments import documents
    from osce_commitments.config import RunConfig

    try:
        parsed, refused = documents.parse(source, limits=RunConfig().limits)
        if refused:
            return refused[0].message
        return score_form(name, form, truth, parsed, _classified(parsed, model))
    except InputError as error:
        return error.message
    except Exception as error:  # noqa: BLE001 - a defect in one document must not lose the figures of the others
        return f"a defect of the program, {type(error).__name__}: {' '.join(str(error).split())}"


def _classified(parsed: Sequence[Document], model: str) -> list[ClassifiedProvision]:
    from osce_commitments.provisions import segment

    tagger, classifier = _tools(model)
    tagged = [item for document in parsed for item in tagger.tag(segment(document))]
    labels = classifier.classify(tagged)
    return [ClassifiedProvision(*pair) for pair in zip(tagged, labels, strict=True)]


@functools.cache
def _tools(model: str) -> tuple[Tagger, Classifier]:
    from osce_commitments.classify import load_classifier
    from osce_commitments.tag import load_tagger

    return load_tagger(), load_classifier(model)


if __name__ == "__main__":
    main()
