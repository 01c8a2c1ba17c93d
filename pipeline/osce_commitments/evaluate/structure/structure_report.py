"""The figures of the comparison with mark-up, with intervals, for machines and as one page for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from osce_commitments.evaluate.files import json_lines, markdown_page
from osce_commitments.evaluate.structure.forms import DocumentForm
from osce_commitments.evaluate.structure.scores import STRUCTURE_MEASURES, StructureScore
from osce_commitments.scoring.metrics import Interval, bootstrap

_MOST_LEFT_OUT = 10


@dataclass(frozen=True, slots=True)
class StructureReport:
    """The result of the comparison; ``figures`` has hits, cases and interval by form and measure."""

    model: str
    scores: tuple[StructureScore, ...]
    left_out: tuple[tuple[str, str], ...]
    figures: dict[DocumentForm, dict[str, tuple[int, int, Interval]]]

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
                            "hits": hits,
                            "of": cases,
                            "share": round(one.value, 4),
                            "interval": [round(one.low, 4), round(one.high, 4)],
                        }
                        for name, (hits, cases, one) in measures.items()
                    },
                }
                for form, measures in self.figures.items()
            },
        }

    def errors_as_jsonl(self) -> str:
        """One JSON object per failure, with the ids of the rows."""
        return json_lines(asdict(failure) for score in self.scores for failure in score.failures)

    def headline(self) -> list[str]:
        """Each measure in one line for the terminal."""
        return [
            f"{name:26} " + "  ".join(f"{form.value} {self._share(form, name)}" for form in self.figures)
            for name in self.measures()
        ]

    def as_markdown(self) -> str:
        """One page: a row per measure, a column per form."""
        return markdown_page("structure", report=self, most_left_out=_MOST_LEFT_OUT)

    def measures(self) -> list[str]:
        """The measures that have a case in some form."""
        return [name for name in STRUCTURE_MEASURES if any(name in measures for measures in self.figures.values())]

    def _share(self, form: DocumentForm, name: str) -> str:
        found = self.figures[form].get(name)
        return f"{found[2].value:.3f}" if found else "."

    def documents_in(self, form: DocumentForm) -> int:
        """Number of documents that were measured in a form."""
        return sum(score.form is form for score in self.scores)


def summarise_structure(
    model: str, scores: Sequence[StructureScore], left_out: Sequence[tuple[str, str]]
) -> StructureReport:
    """Add up the scores and give every measure of every form an interval."""
    figures: dict[DocumentForm, dict[str, tuple[int, int, Interval]]] = {}
    for form in DocumentForm:
        own = [score for score in scores if score.form is form]
        if own:
            figures[form] = {name: figure for name in STRUCTURE_MEASURES if (figure := _figure(name, own))}
    return StructureReport(model, tuple(scores), tuple(left_out), figures)


def _figure(name: str, scores: Sequence[StructureScore]) -> tuple[int, int, Interval] | None:
    measured = [score for score in scores if name in score.counts]
    if not measured:
        return None
    counts = np.array([score.counts[name] for score in measured], dtype=np.int64)
    interval = bootstrap(
        lambda at: float(counts[at, 0].sum() / counts[at, 1].sum()), [score.document for score in measured]
    )
    hits, cases = (int(total) for total in counts.sum(axis=0))
    return hits, cases, interval
