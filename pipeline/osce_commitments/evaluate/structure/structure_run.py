"""Runs the stages on every form of marked-up documents and writes the comparison with the mark-up."""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate.files import figures_as_json, write_files
from osce_commitments.evaluate.structure.forms import SETTERS, DocumentForm, set_lines, set_pdf
from osce_commitments.evaluate.structure.scores import score_form
from osce_commitments.evaluate.structure.structure_report import StructureReport, summarise_structure
from osce_commitments.evaluate.structure.truth import MarkedTruth, read_truth
from osce_commitments.evaluate.tallies import FileScore
from osce_commitments.files import read_regular_bytes
from osce_commitments.labels import MediaType
from osce_commitments.schema import ClassifiedProvision, Document, Source, SourceRef

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from osce_commitments.classify import Classifier
    from osce_commitments.tag import Tagger

    # Scores of one file, and the reasons why it, or one of its forms, was not measured.
    Measured = tuple[list[FileScore], list[tuple[str, str]]]

_TYPES = {".txt": MediaType.TEXT, ".docx": MediaType.DOCX, ".pdf": MediaType.PDF, ".xml": MediaType.AKN}


def run_structure(  # noqa: PLR0913 - one name per option of the command
    folder: Path,
    out: Path,
    *,
    forms: Sequence[DocumentForm] = tuple(DocumentForm),
    model: str = "rules",
    workers: int = 1,
    on_start: Callable[[int], None] = lambda _: None,
    on_done: Callable[[int], None] = lambda _: None,
) -> StructureReport:
    """Measure facts, structure, levels and citations on the marked-up documents of a folder.

    Writes ``metrics.json``, ``report.md`` and ``errors.jsonl`` into the folder ``out``, which is made if it is missing.
    A PDF with the name of an Akoma Ntoso file (``*.xml``) is its printed form. ``on_start`` gets the number of files,
    ``on_done`` the number done since the last call.

    Raises:
        ConfigError: If no document can be measured, or a PDF cannot be set.
    """
    paths = sorted(folder.glob("*.xml"))
    if not paths:
        msg = f"{folder} {'contains no .xml file' if folder.is_dir() else 'is not a folder'}"
        raise ConfigError(
            msg, "give a folder of Akoma Ntoso documents, such as a clone of the UN's public repositories"
        )
    if set(forms) == {DocumentForm.PRINTED_PDF} and not any(path.with_suffix(".pdf").exists() for path in paths):
        msg = f"{folder} contains no PDF with the name of an .xml file"
        raise ConfigError(msg, "put the printed forms next to the .xml files, or choose another --form")
    if DocumentForm.RE_SET_PDF in forms:
        set_pdf([])  # fails at once if the extra is missing
    scores: list[FileScore] = []
    left_out: list[tuple[str, str]] = []
    measure = functools.partial(measure_file, forms=tuple(forms), model=model)
    on_start(len(paths))
    for measured, missed in _mapped(measure, paths, workers):
        scores += measured
        left_out += missed
        on_done(1)
    if not scores:
        msg = f"no document of {folder} could be measured: {left_out[0][1]}"
        raise ConfigError(msg, "give documents in Akoma Ntoso 3.0 with a preamble and a main body, in English")
    report = summarise_structure(model, scores, left_out)
    texts = {"metrics.json": figures_as_json(report.as_dict()), "report.md": report.as_markdown()}
    write_files(out, texts | {"errors.jsonl": report.errors_as_jsonl()})
    return report


def _mapped(measure: Callable[[Path], Measured], paths: Iterable[Path], workers: int) -> Iterator[Measured]:
    if workers == 1:
        yield from map(measure, paths)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(measure, paths)


def measure_file(path: Path, forms: Sequence[DocumentForm], model: str) -> Measured:
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
