"""Measure structure and tags on the gold: ``python -m corpora.gold.measure FOLDER --part dev --out DIR``.

Every document goes from its file to its tags as in a run. Writes ``metrics.json``, ``report.md`` and, if errors are shown,
``errors.jsonl``. Those of dev are always shown, those of test with ``--show-errors``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.gold.files import gold_paths, read_gold
from corpora.gold.scores import CONFLICTS, END_TO_END, NEUTRAL, PLACES, STRICT, score_file
from corpora.gold.tags import KINDS
from corpora.tallies import FileScore, Measured, Problem, measured
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.evaluate.files import figures_as_json, json_lines, markdown_page, write_files
from osce_commitments.phrases import shorten
from osce_commitments.schema import Document, TaggedProvision

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig
    from osce_commitments.tag import Tagger

SPANS = ("boundary",)
GOLD_SHARES = (
    "role", "number", "lead-in attachment", "no lead-in", "lead-in", "lead-in end to end",
    "provision offsets", "tag offsets", CONFLICTS,
)  # fmt: skip
FACTS = ("symbol", "date", *PLACES)
_TEXT_WIDTH, _WORST = 160, 10


@dataclass(frozen=True, slots=True)
class GoldReport:
    """The comparison with one part of the gold; errors are shown only for some parts."""

    part: str
    scores: tuple[FileScore, ...]
    figures: dict[str, Measured]
    shows_errors: bool

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        return {
            "part": self.part,
            "documents": len(self.scores),
            "neutral": self.neutral,
            "figures": {name: _as_dict(figure) for name, figure in self.figures.items()},
        }

    def problems(self) -> list[Problem]:
        """Return every error; none if errors are not shown."""
        return [problem for score in self.scores for problem in score.problems] if self.shows_errors else []

    def as_markdown(self) -> str:
        """Return the figures and, if errors are shown, their number by kind and the worst documents."""
        return markdown_page(
            Path(__file__).with_name("report.md.j2"),
            report=self,
            spans=SPANS,
            facts=FACTS,
            shares=GOLD_SHARES,
            kinds=KINDS,
            strict=STRICT,
            end_to_end=END_TO_END,
        )

    def headline(self) -> list[str]:
        """The figures in a few lines for the terminal."""
        figures = [self.figures[name] for name in (*SPANS, *FACTS, *KINDS) if name in self.figures]
        lines = [
            f"{figure.name:12} P {figure.precision.value:.3f}  R {figure.recall.value:.3f}  F1 {figure.f1.value:.3f}"
            f"  ({figure.hits} of {figure.given} given, {figure.gold} gold)"
            for figure in figures
        ]
        return [*lines, ", ".join(f"{name} {self.figures[name].recall.value:.3f}" for name in GOLD_SHARES)]

    @property
    def neutral(self) -> int:
        """Number of provisions that were given for lines that are not coded."""
        return sum(score.tallies[NEUTRAL].given for score in self.scores)

    def worst(self) -> list[FileScore]:
        """The documents with most errors."""
        return sorted((score for score in self.scores if score.problems), key=lambda score: -len(score.problems))[
            :_WORST
        ]

    def first_problems(self) -> Iterator[tuple[Problem, int, str]]:
        """The first error of each of the most frequent kinds, the number of this kind, and its words, shortened."""
        first: dict[str, Problem] = {}
        for problem in self.problems():
            first.setdefault(problem.what, problem)
        for what, count in Counter(problem.what for problem in self.problems()).most_common(_WORST):
            yield first[what], count, shorten(first[what].text, _TEXT_WIDTH)


def summarise(part: str, scores: Sequence[FileScore], *, shows_errors: bool) -> GoldReport:
    """Add up the files and give every measure an interval."""
    kinds = [kind + end for kind in KINDS for end in ("", STRICT, END_TO_END)]
    names = (*SPANS, *GOLD_SHARES, *FACTS, *kinds)
    return GoldReport(part, tuple(scores), {name: measured(name, scores) for name in names}, shows_errors)


def _as_dict(figure: Measured) -> dict[str, Any]:
    counts: dict[str, Any] = {"hits": figure.hits, "of": figure.gold}
    measures = {"share": figure.recall}
    if figure.name not in GOLD_SHARES and not figure.name.endswith(END_TO_END):
        counts = {"hits": figure.hits, "given": figure.given, "gold": figure.gold}
        measures = {"precision": figure.precision, "recall": figure.recall, "f1": figure.f1}
    values = {name: round(measure.value, 4) for name, measure in measures.items()}
    intervals = {name: [round(measure.low, 4), round(measure.high, 4)] for name, measure in measures.items()}
    return counts | values | {"intervals": intervals}


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
        score = score_file(gold, documents, provisions)
        for message in refused:
            score.complain("rejected", "", "", "a document", message)
        scores.append(score)
    report = summarise(part, scores, shows_errors=shows_errors)
    texts = {"metrics.json": figures_as_json(report.as_dict()), "report.md": report.as_markdown()}
    if shows_errors:
        texts["errors.jsonl"] = json_lines(problem.as_dict() for problem in report.problems())
    write_files(out, texts)
    return report


def read_document(
    path: Path, config: RunConfig, tagger: Tagger
) -> tuple[list[Document], list[TaggedProvision], list[str]]:
    """Run the stages up to the tags on one file; the last list has the rejects with reasons."""
    from osce_commitments import documents, provisions, sources
    from osce_commitments.errors import DocumentError, SourceError

    refs, rejects, _ = sources.discover([str(path)], limits=config.limits)
    refused = [reject.message for reject in rejects]
    instruments: list[Document] = []
    for ref in refs:
        try:
            source = sources.read_source(ref, limits=config.limits, fetch=config.fetch)
            parsed, rejects = documents.parse(source, limits=config.limits)
        except (DocumentError, SourceError) as error:
            refused.append(error.message)
            continue
        refused += [reject.message for reject in rejects]
        instruments += parsed
    tagged = [item for document in instruments for item in tagger.tag(provisions.segment(document))]
    return instruments, tagged, refused


def main() -> None:
    """Measure one part and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of gold documents, with subfolders dev and test")
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    parser.add_argument("--out", type=Path, required=True, help="folder for figures, errors and the report")
    parser.add_argument("--show-errors", action="store_true", help="list the errors of test, too")
    choices = parser.parse_args()
    is_shown = choices.show_errors or choices.part == "dev"
    try:
        report = run_gold(choices.folder, choices.part, choices.out, shows_errors=is_shown)
    except OsceCommitmentsError as error:
        sys.exit(f"error: {error}")
    sys.stdout.writelines(f"{line}\n" for line in report.headline())


if __name__ == "__main__":
    main()
