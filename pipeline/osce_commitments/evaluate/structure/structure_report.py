"""The figures of the comparison with mark-up, with intervals, for machines and as one page for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from osce_commitments.evaluate.files import json_lines, markdown_page
from osce_commitments.evaluate.structure.forms import DocumentForm
from osce_commitments.evaluate.structure.scores import STRUCTURE_MEASURES
from osce_commitments.evaluate.tallies import FileScore, Measured, measured

_MOST_LEFT_OUT = 10


@dataclass(frozen=True, slots=True)
class StructureReport:
    """The result of the comparison; ``figures`` are by form and measure."""

    model: str
    scores: tuple[FileScore, ...]
    left_out: tuple[tuple[str, str], ...]
    figures: dict[DocumentForm, dict[str, Measured]]

    @property
    def documents(self) -> int:
        """Number of documents that were measured in any form."""
        return len({score.document for score in self.scores})

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        return {
            "documents": self.documents,
            "model": self.model,
            "left_out": [{"file": name, "reason": reason} for name, reason in self.left_out],
            "forms": {
                form.value: {
                    "documents": self.documents_in(form),
                    "measures": {
                        name: {
                            "hits": figure.hits,
                            "of": figure.gold,
                            "share": round(figure.recall.value, 4),
                            "interval": [round(figure.recall.low, 4), round(figure.recall.high, 4)],
                        }
                        for name, figure in measures.items()
                    },
                }
                for form, measures in self.figures.items()
            },
        }

    def errors_as_jsonl(self) -> str:
        """One JSON object per failure, with the ids of the rows."""
        return json_lines(problem.as_dict() for score in self.scores for problem in score.problems)

    def headline(self) -> list[str]:
        """Each measure in one line for the terminal."""
        lines = []
        for name in self.measures():
            figures = [(form.value, measures.get(name)) for form, measures in self.figures.items()]
            shares = (f"{form} {f'{figure.recall.value:.3f}' if figure else '.'}" for form, figure in figures)
            lines.append(f"{name:26} " + "  ".join(shares))
        return lines

    def as_markdown(self) -> str:
        """One page: a row per measure, a column per form."""
        return markdown_page("structure", report=self, most_left_out=_MOST_LEFT_OUT)

    def measures(self) -> list[str]:
        """The measures that have a case in some form."""
        return [name for name in STRUCTURE_MEASURES if any(name in measures for measures in self.figures.values())]

    def documents_in(self, form: DocumentForm) -> int:
        """Number of documents that were measured in a form."""
        return sum(score.form == form.value for score in self.scores)


def summarise_structure(
    model: str, scores: Sequence[FileScore], left_out: Sequence[tuple[str, str]]
) -> StructureReport:
    """Add up the scores and give every measure of every form an interval."""
    figures: dict[DocumentForm, dict[str, Measured]] = {}
    for form in DocumentForm:
        if own := [score for score in scores if score.form == form.value]:
            names = [name for name in STRUCTURE_MEASURES if any(name in score.tallies for score in own)]
            figures[form] = {name: measured(name, own) for name in names}
    return StructureReport(model, tuple(scores), tuple(left_out), figures)
