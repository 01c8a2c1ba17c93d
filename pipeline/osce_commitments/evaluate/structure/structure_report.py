"""The figures of the comparison with mark-up, with intervals, for machines and as one page for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.evaluate.structure.forms import DocumentForm
from osce_commitments.evaluate.structure.scores import STRUCTURE_MEASURES, StructureScore

if TYPE_CHECKING:
    from osce_commitments.scoring.metrics import Interval

_MOST_LEFT_OUT = 10


@dataclass(frozen=True, slots=True)
class StructureReport:
    """The result of the comparison.

    Attributes:
        model: Classifier that gave the levels.
        scores: One per form of a document.
        left_out: Files that were not measured, with reasons.
        figures: Hits, cases and interval by form and measure.
    """

    model: str
    scores: tuple[StructureScore, ...]
    left_out: tuple[tuple[str, str], ...]
    figures: dict[DocumentForm, dict[str, tuple[int, int, Interval]]]

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        return {
            "documents": len({score.document for score in self.scores}),
            "model": self.model,
            "left_out": [{"file": name, "reason": reason} for name, reason in self.left_out],
            "forms": {
                form.value: {
                    "documents": sum(score.form is form for score in self.scores),
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
        failures = (failure for score in self.scores for failure in score.failures)
        return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in failures)

    def headline(self) -> list[str]:
        """Each measure in one line for the terminal."""
        return [
            f"{name:26} " + "  ".join(f"{form.value} {self._share(form, name)}" for form in self.figures)
            for name in self._measures()
        ]

    def as_markdown(self) -> str:
        """One page: a row per measure, a column per form."""
        return "\n".join(self._page()) + "\n"

    def _measures(self) -> list[str]:
        return [name for name in STRUCTURE_MEASURES if any(name in measures for measures in self.figures.values())]

    def _share(self, form: DocumentForm, name: str) -> str:
        found = self.figures[form].get(name)
        return f"{found[2].value:.3f}" if found else "."

    def _page(self) -> Iterator[str]:
        count = len({score.document for score in self.scores})
        yield from ("# Structure, facts and citations against mark-up", "")
        yield f"{count} documents in Akoma Ntoso, model `{self.model}`. Each cell: share, 95 % interval by resampling"
        yield "documents, number of cases. The forms: `mark-up` is the file as it is; for `text`, `docx` and `re-set-pdf` the"
        yield "mark-up was removed, with the footnotes, and the words were set again; `printed-pdf` is the PDF next to it."
        yield ""
        yield f"| measure | {' | '.join(f'{form.value} ({self._documents(form)})' for form in self.figures)} |"
        yield f"|---|{'---|' * len(self.figures)}"
        for name in self._measures():
            yield f"| {name} | {' | '.join(self._cell(form, name) for form in self.figures)} |"
        yield from ("", *_NOTES, "")
        if self.left_out:
            yield from (f"{len(self.left_out)} files were not measured:", "")
            yield from (f"- {name}: {reason}" for name, reason in self.left_out[:_MOST_LEFT_OUT])
            if len(self.left_out) > _MOST_LEFT_OUT:
                yield "- … (`metrics.json` lists all)"

    def _documents(self, form: DocumentForm) -> int:
        return sum(score.form is form for score in self.scores)

    def _cell(self, form: DocumentForm, name: str) -> str:
        found = self.figures[form].get(name)
        if found is None:
            return ""
        _, cases, one = found
        return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}] {cases}"


_NOTES = (
    "- Role, lead-in, number and level are measured where the unit was found; lead-in, number and level where it is whole.",
    "- Level: only paragraphs whose opening act is their only act, and only acts whose level the annotation guide fixes.",
    "- Not truth: paragraphs that carry a list label in their words, as the mark-up does not say that they are items.",
    "- `errors.jsonl` lists every failure with the ids of its rows.",
)


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
    import numpy as np

    from osce_commitments.scoring.metrics import bootstrap

    measured = [score for score in scores if name in score.counts]
    if not measured:
        return None
    counts = np.array([score.counts[name] for score in measured], dtype=np.int64)
    interval = bootstrap(
        lambda at: float(counts[at, 0].sum() / counts[at, 1].sum()), [score.document for score in measured]
    )
    hits, cases = (int(total) for total in counts.sum(axis=0))
    return hits, cases, interval
