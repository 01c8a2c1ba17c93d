"""The result of an evaluation: JSON for machines, Markdown and a page for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.evaluate.bases import BaseScore
from osce_commitments.evaluate.files import markdown_page
from osce_commitments.evaluate.mistakes import Mistake, find_mistakes, telling
from osce_commitments.evaluate.plain_words import few_documents
from osce_commitments.evaluate.slices import HARD_CASE, Slice
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import Figures
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.metrics import Bin, ClassScore, Interval

TELLING_ERRORS, WORST_CASES = 10, 10


@dataclass(frozen=True, slots=True)
class DataSource:
    """A file of labelled rows: its name, its path as given, and the hash of its bytes; all empty for rows in memory."""

    name: str = ""
    path: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything that an evaluation found.

    Attributes:
        model_id: The measured classifier.
        model_sha256: Identity of its files; empty if it has none.
        source: Origin of the labelled rows.
        plain: The figures in plain words.
        by_writer: Figures of strength and areas with intervals by resampling writers; empty if no writers are known.
        review: Shares of provisions marked for review: of all, and of those with a wrong level or area.
        strength, areas: Figures of the classifier.
        named_areas: Its figures over areas that a word of the provision names.
        area_bases: How many of the given areas are right, by basis.
        strength_peers, area_peers: Figures of the other judges on the same rows, and the gain over each.
        strength_intervals, area_intervals: F1 of every class with its interval.
        confusion: Counts by true level (row) and given level (column).
        calibration: Bins of predicted probability for levels and for areas.
        pictures: SVG by name.
    """

    model_id: str
    model_sha256: str
    source: DataSource
    rows: tuple[LabelledRow, ...]
    results: tuple[Classification, ...]
    strength: Figures
    areas: Figures
    named_areas: Figures
    area_bases: tuple[BaseScore, ...]
    strength_peers: tuple[Figures, ...]
    area_peers: tuple[Figures, ...]
    strength_classes: tuple[ClassScore, ...]
    area_classes: tuple[ClassScore, ...]
    strength_intervals: tuple[Interval, ...]
    area_intervals: tuple[Interval, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration: Mapping[str, Sequence[Bin]]
    plain: tuple[str, ...] = ()
    by_writer: tuple[Figures, ...] = ()
    review: Mapping[str, float] = field(default_factory=dict)
    slices: tuple[Slice, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """Number of documents that the rows come from."""
        return len({row.document for row in self.rows})

    @property
    def warning(self) -> str:
        """A warning before all figures; empty if none is needed."""
        return few_documents(self.documents)

    def headline(self) -> str:
        """The main figures in one line."""
        strength, areas = _as_dict(self.strength), _as_dict(self.areas)
        return (
            f"{self.model_id}, provisions: {len(self.rows)}, documents: {self.documents}: strength accuracy"
            f" {strength['accuracy']:.3f}, macro-F1 {strength['macro_f1']:.3f}, kappa {strength['kappa_quadratic']:.3f};"
            f" areas micro-F1 {areas['micro_f1']:.3f}, macro-F1 {areas['macro_f1']:.3f}"
        )

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        return {
            "model_id": self.model_id,
            "model_sha256": self.model_sha256,
            "data": {
                "name": self.source.name,
                "path": self.source.path,
                "sha256": self.source.sha256,
                "rows": len(self.rows),
                "documents": self.documents,
            },
            "strength": _as_dict(self.strength)
            | {
                "classes": _classes(STRENGTHS, self.strength_classes, self.strength_intervals),
                "confusion": [list(row) for row in self.confusion],
            },
            "areas": _as_dict(self.areas)
            | {
                "classes": _classes(THREAT_AREAS, self.area_classes, self.area_intervals),
                "named": _as_dict(self.named_areas),
                "bases": {one.basis.value: {"given": one.given, "right": one.right} for one in self.area_bases},
            },
            "peers": {
                "strength": {figures.name: _as_dict(figures) for figures in self.strength_peers},
                "areas": {figures.name: _as_dict(figures) for figures in self.area_peers},
            },
            "slices": [
                {
                    "by": one.by,
                    "name": one.name,
                    "rows": one.rows,
                    "accuracy": round(one.accuracy.value, 4),
                    "accuracy_interval": [round(one.accuracy.low, 4), round(one.accuracy.high, 4)],
                    "macro_f1": round(one.macro_f1, 4),
                    "area_micro_f1": round(one.area_f1, 4),
                }
                for one in self.slices
            ],
            "in_words": list(self.plain),
            "by_writer": {
                task: _as_dict(one) for task, one in zip(("strength", "areas"), self.by_writer, strict=False)
            },
            "review": {name: round(share, 4) for name, share in self.review.items()},
            "needs_review": sum(result.needs_review for result in self.results),
        }

    def mistakes(self) -> Iterator[Mistake]:
        """All errors, in the order of the data."""
        return find_mistakes(self.rows, self.results)

    def telling_mistakes(self) -> list[Mistake]:
        """The errors in the report."""
        return telling(self.mistakes(), TELLING_ERRORS)

    def shown_slices(self) -> list[Slice]:
        """All groups; of the hard cases only those with the lowest accuracy."""
        cases = sorted((one for one in self.slices if one.by == HARD_CASE), key=lambda one: one.accuracy.value)
        return [*(one for one in self.slices if one.by != HARD_CASE), *cases[:WORST_CASES]]

    def as_markdown(self) -> str:
        """One page: figures, confusion, calibration, groups of rows, and typical errors."""
        return markdown_page(
            "evaluation",
            report=self,
            strengths=STRENGTHS,
            areas=THREAT_AREAS,
            worst_cases=WORST_CASES,
            gains_of=_gains_of,
        )

    def as_html(self) -> str:
        """The page as HTML with pictures and without links to other files."""
        from osce_commitments.resources import template

        return template("evaluation.html").render(report=self, strengths=STRENGTHS, areas=THREAT_AREAS)


def _as_dict(figures: Figures) -> dict[str, Any]:
    values: dict[str, Any] = {name: round(measure.value, 4) for name, measure in figures.measures.items()}
    values["intervals"] = {name: [round(m.low, 4), round(m.high, 4)] for name, m in figures.measures.items()}
    if figures.gain:
        values["gain_over"] = {
            name: [round(m.value, 4), round(m.low, 4), round(m.high, 4)] for name, m in figures.gain.items()
        }
    return values


def _classes(
    labels: Sequence[str], scores: Sequence[ClassScore], intervals: Sequence[Interval]
) -> dict[str, dict[str, Any]]:
    return {
        str(label): {
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "f1": round(score.f1, 4),
            "f1_interval": [round(interval.low, 4), round(interval.high, 4)],
            "support": score.support,
        }
        for label, score, interval in zip(labels, scores, intervals, strict=True)
    }


def _gains_of(judges: Sequence[Figures]) -> list[str]:
    """Return the measures in which the gain over one of some judges is known."""
    return [name for name in judges[0].measures if any(name in judge.gain for judge in judges)]
