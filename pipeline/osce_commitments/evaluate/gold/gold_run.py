"""Runs the stages on the gold files and writes the comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.evaluate.files import figures_as_json, write_files
from osce_commitments.evaluate.gold.gold_files import gold_paths, read_gold
from osce_commitments.evaluate.gold.gold_report import GoldReport, summarise
from osce_commitments.evaluate.gold.structure_scores import score_file
from osce_commitments.schema import Document, TaggedProvision

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig
    from osce_commitments.tag import Tagger


def run_gold(folder: Path, part: str, out: Path, *, shows_errors: bool) -> GoldReport:
    """Measure structure and tags on one part of the gold.

    Writes ``metrics.json``, ``report.md`` and, if errors are shown, ``errors.jsonl`` into the folder ``out`` and creates it
    if it is missing. A file that the stages reject counts as one without provisions.

    Raises:
        InputError: If a gold file or its document cannot be read.
    """
    from osce_commitments.config import RunConfig
    from osce_commitments.tag import load_tagger

    config, tagger = RunConfig(), load_tagger()
    scores = []
    for path in gold_paths(folder / part):
        gold = read_gold(path)
        documents, provisions, refused = read_document(path.parent / gold.document, config, tagger)
        scores.append(score_file(gold, documents, provisions))
        for message in refused:
            scores[-1].complain("rejected", "", "", "a document", message)
    report = summarise(part, scores, shows_errors=shows_errors)
    texts = {"metrics.json": figures_as_json(report.as_dict()), "report.md": report.as_markdown()}
    write_files(out, texts | ({"errors.jsonl": report.errors_as_jsonl()} if shows_errors else {}))
    return report


def read_document(
    path: Path, config: RunConfig, tagger: Tagger
) -> tuple[list[Document], list[TaggedProvision], list[str]]:
    """Run the stages up to the tags on one file; the last list has the rejects with reasons."""
    from osce_commitments import documents, provisions, sources
    from osce_commitments.errors import DocumentError, SourceError

    refs, rejects, _ = sources.discover([str(path)], limits=config.limits)
    refused = [reject.message for reject in rejects]
    found: list[Document] = []
    tagged: list[TaggedProvision] = []
    for ref in refs:
        try:
            source = sources.read_source(ref, limits=config.limits, fetch=config.fetch)
            parsed, rejects = documents.parse(source, limits=config.limits)
        except (DocumentError, SourceError) as error:
            refused.append(error.message)
            continue
        refused += [reject.message for reject in rejects]
        found += parsed
        for document in parsed:
            tagged += tagger.tag(provisions.segment(document))
    return found, tagged, refused
