"""The result of an evaluation: as JSON for machines, as Markdown and as a page for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification

if TYPE_CHECKING:
    from osce_commitments.evaluate.judges import Figures
    from osce_commitments.evaluate.rows import LabelledRow
    from osce_commitments.evaluate.slices import Slice
    from osce_commitments.metrics import ClassScore, Interval


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row on which the classifier differs from people; empty labels where they agree."""

    where: str
    text: str
    strength: tuple[str, str] | None
    areas: tuple[str, str] | None
    rule: str
    needs_review: bool


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything that an evaluation found.

    Attributes:
        model_id: Classifier that was measured.
        data_name, data_sha256: File of labelled rows and the hash of its bytes; empty if they came from memory.
        strength, areas: Figures of the classifier.
        strength_peers, area_peers: Figures of the other judges on the same rows, and the gain over each.
        strength_intervals, area_intervals: F1 of every class with its interval.
        confusion: Counts by true level (row) and given level (column).
        left_out: Peers that were not measured, and why.
        pictures: SVG by name.
    """

    model_id: str
    data_name: str
    data_sha256: str
    rows: tuple[LabelledRow, ...]
    results: tuple[Classification, ...]
    strength: Figures
    areas: Figures
    strength_peers: tuple[Figures, ...]
    area_peers: tuple[Figures, ...]
    strength_classes: tuple[ClassScore, ...]
    area_classes: tuple[ClassScore, ...]
    strength_intervals: tuple[Interval, ...]
    area_intervals: tuple[Interval, ...]
    confusion: tuple[tuple[int, ...], ...]
    slices: tuple[Slice, ...] = ()
    left_out: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """Number of documents that the rows come from."""
        return len({row.document for row in self.rows})

    @property
    def review_share(self) -> float:
        """Share of rows that the classifier wants a person to look at."""
        return sum(result.needs_review for result in self.results) / len(self.rows)

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
            "data": {
                "name": self.data_name,
                "sha256": self.data_sha256,
                "rows": len(self.rows),
                "documents": self.documents,
            },
            "strength": _as_dict(self.strength)
            | {
                "classes": _classes(STRENGTHS, self.strength_classes, self.strength_intervals),
                "confusion": [list(row) for row in self.confusion],
            },
            "areas": _as_dict(self.areas) | {"classes": _classes(THREAT_AREAS, self.area_classes, self.area_intervals)},
            "peers": {
                "strength": {figures.name: _as_dict(figures) for figures in self.strength_peers},
                "areas": {figures.name: _as_dict(figures) for figures in self.area_peers},
            },
            "not_measured": list(self.left_out),
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
            "needs_review": sum(result.needs_review for result in self.results),
        }

    def mistakes(self) -> Iterator[Mistake]:
        """Every row with a label that people did not give, in the order of the data."""
        for row, result in zip(self.rows, self.results, strict=True):
            given = frozenset(result.threat_areas)
            if row.strength == result.strength and row.threat_areas == given:
                continue
            differs = row.strength != result.strength
            yield Mistake(
                where=f"{row.document} {row.number or row.id} ({row.role})",
                text=" ".join(f"{row.lead_in} {row.text}".split()),
                strength=(row.strength.value, result.strength.value) if differs else None,
                areas=(_names(row.threat_areas), _names(given)) if row.threat_areas != given else None,
                rule=result.strength_cue.rule if result.strength_cue else "no rule",
                needs_review=result.needs_review,
            )

    def as_markdown(self) -> str:
        """The figures, the confusion table and every error with its text."""
        lines = [
            f"# Evaluation of {self.model_id}",
            "",
            f"{len(self.rows)} provisions of {self.documents} documents"
            + (f" from `{self.data_name}` (SHA-256 {self.data_sha256})." if self.data_name else "."),
            "Intervals: 95 %, by resampling documents. *Gain*: how much better the classifier is than that judge, on the",
            "same resamples; it is sure where the interval leaves out zero.",
            f"The classifier asks for a person's look at {self.review_share:.1%} of them.",
            "",
            *(f"Not measured: {what}." for what in self.left_out),
            "",
            *_section("Obligation strength", (self.strength, *self.strength_peers)),
            *_class_table(STRENGTHS, self.strength_classes, self.strength_intervals),
            *_confusion_table(self.confusion),
            *_section("Threat areas", (self.areas, *self.area_peers)),
            *_class_table(THREAT_AREAS, self.area_classes, self.area_intervals),
            *_slice_table(self.slices),
            "## Errors",
            "",
            *self._errors(),
        ]
        return "\n".join(lines) + "\n"

    def _errors(self) -> Iterator[str]:
        for one in self.mistakes():
            yield f"- {one.where}{', marked for review' if one.needs_review else ''}"
            if one.strength:
                yield f"  - strength: {one.strength[0]} expected, {one.strength[1]} given ({one.rule})"
            if one.areas:
                yield f"  - areas: {one.areas[0]} expected, {one.areas[1]} given"
            yield f"  - text: {one.text}"

    def as_html(self) -> str:
        """One page that stands alone: figures, pictures, slices, errors."""
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


def _section(title: str, judges: Sequence[Figures]) -> Iterator[str]:
    names = list(judges[0].measures)
    gained = [name for name in names if any(name in judge.gain for judge in judges)]
    heads = [*names, *(f"gain in {name}" for name in gained)]
    yield from (f"## {title}", "", f"| judge | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}")
    for judge in judges:
        cells = [_cell(judge.measures.get(name)) for name in names] + [_cell(judge.gain.get(name)) for name in gained]
        yield f"| {judge.name} | {' | '.join(cells)} |"
    yield ""


def _cell(measure: Interval | None) -> str:
    return f"{measure.value:.3f} [{measure.low:.3f}, {measure.high:.3f}]" if measure else ""


def _class_table(labels: Sequence[str], scores: Sequence[ClassScore], intervals: Sequence[Interval]) -> Iterator[str]:
    yield from ("| label | precision | recall | F1 | support |", "|---|---|---|---|---|")
    for label, score, interval in zip(labels, scores, intervals, strict=True):
        yield f"| {label} | {score.precision:.3f} | {score.recall:.3f} | {_cell(interval)} | {score.support} |"
    yield ""


def _confusion_table(table: Sequence[Sequence[int]]) -> Iterator[str]:
    yield from (f"| expected \\ given | {' | '.join(STRENGTHS)} |", f"|---|{'---|' * len(STRENGTHS)}")
    for level, counts in zip(STRENGTHS, table, strict=True):
        yield f"| {level} | {' | '.join(str(count) for count in counts)} |"
    yield ""


def _slice_table(slices: Sequence[Slice]) -> Iterator[str]:
    if not slices:
        return
    yield from ("## Slices", "", "| by | group | provisions | strength accuracy | macro-F1 | areas micro-F1 |")
    yield "|---|---|---|---|---|---|"
    for one in slices:
        figures = f"{_cell(one.accuracy)} | {one.macro_f1:.3f} | {one.area_f1:.3f}"
        yield f"| {one.by} | {one.name} | {one.rows} | {figures} |"
    yield ""


def _names(areas: frozenset[Any]) -> str:
    return ", ".join(area for area in THREAT_AREAS if area in areas) or "no area"
