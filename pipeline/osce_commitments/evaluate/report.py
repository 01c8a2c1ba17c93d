"""The result of an evaluation, as JSON for machines and as Markdown for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import STRENGTHS, THREAT_AREAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from osce_commitments.evaluate.rows import LabelledRow
    from osce_commitments.metrics import ClassScore, Interval
    from osce_commitments.schema import Classification


@dataclass(frozen=True, slots=True)
class Figures:
    """Measures of one judge on one task, each with its interval."""

    name: str
    measures: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an evaluation found.

    Attributes:
        model_id: Classifier that was measured.
        data_name, data_sha256: File of labelled rows and the hash of its bytes; empty if they came from memory.
        strength, areas: Figures of the classifier.
        strength_baselines, area_baselines: Figures of the naive baselines on the same rows.
        confusion: Counts by true level (row) and given level (column).
    """

    model_id: str
    data_name: str
    data_sha256: str
    rows: tuple[LabelledRow, ...]
    results: tuple[Classification, ...]
    strength: Figures
    areas: Figures
    strength_baselines: tuple[Figures, ...]
    area_baselines: tuple[Figures, ...]
    strength_classes: tuple[ClassScore, ...]
    area_classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        return {
            "model_id": self.model_id,
            "data": {
                "name": self.data_name,
                "sha256": self.data_sha256,
                "rows": len(self.rows),
                "documents": len({row.document for row in self.rows}),
            },
            "strength": _as_dict(self.strength)
            | {
                "classes": _classes(STRENGTHS, self.strength_classes),
                "confusion": [list(row) for row in self.confusion],
            },
            "areas": _as_dict(self.areas) | {"classes": _classes(THREAT_AREAS, self.area_classes)},
            "baselines": {
                "strength": {figures.name: _as_dict(figures) for figures in self.strength_baselines},
                "areas": {figures.name: _as_dict(figures) for figures in self.area_baselines},
            },
            "needs_review": sum(result.needs_review for result in self.results),
        }

    def as_markdown(self) -> str:
        """The figures, the confusion table and every error with its text."""
        documents = len({row.document for row in self.rows})
        lines = [
            f"# Evaluation of {self.model_id}",
            "",
            f"{len(self.rows)} provisions of {documents} documents"
            + (f" from `{self.data_name}` (SHA-256 {self.data_sha256})." if self.data_name else "."),
            "Intervals: 95 %, by resampling documents.",
            "",
            *_section("Obligation strength", (self.strength, *self.strength_baselines)),
            *_class_table(STRENGTHS, self.strength_classes),
            *_confusion_table(self.confusion),
            *_section("Threat areas", (self.areas, *self.area_baselines)),
            *_class_table(THREAT_AREAS, self.area_classes),
            "## Errors",
            "",
            *self._errors(),
        ]
        return "\n".join(lines) + "\n"

    def _errors(self) -> Iterator[str]:
        for row, result in zip(self.rows, self.results, strict=True):
            given = frozenset(result.threat_areas)
            if row.strength == result.strength and row.threat_areas == given:
                continue
            yield f"- `{row.document}` {row.number or row.id} ({row.role})"
            if row.strength != result.strength:
                rule = result.strength_cue.rule if result.strength_cue else "no rule"
                yield f"  - strength: {row.strength} expected, {result.strength} given ({rule})"
            if row.threat_areas != given:
                yield f"  - areas: {_names(row.threat_areas)} expected, {_names(given)} given"
            yield f"  - text: {' '.join(f'{row.lead_in} {row.text}'.split())}"


def _as_dict(figures: Figures) -> dict[str, Any]:
    values: dict[str, Any] = {name: round(measure.value, 4) for name, measure in figures.measures.items()}
    intervals = {name: [round(m.low, 4), round(m.high, 4)] for name, m in figures.measures.items()}
    return values | {"intervals": intervals}


def _classes(labels: Sequence[str], scores: Sequence[ClassScore]) -> dict[str, dict[str, float]]:
    return {
        str(label): {
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "f1": round(score.f1, 4),
            "support": score.support,
        }
        for label, score in zip(labels, scores, strict=True)
    }


def _section(title: str, judges: Sequence[Figures]) -> Iterator[str]:
    names = list(judges[0].measures)
    yield from (f"## {title}", "", f"| judge | {' | '.join(names)} |", f"|---|{'---|' * len(names)}")
    for judge in judges:
        cells = [f"{m.value:.3f} [{m.low:.3f}, {m.high:.3f}]" for m in judge.measures.values()]
        yield f"| {judge.name} | {' | '.join(cells)} |"
    yield ""


def _class_table(labels: Sequence[str], scores: Sequence[ClassScore]) -> Iterator[str]:
    yield from ("| label | precision | recall | F1 | support |", "|---|---|---|---|---|")
    for label, score in zip(labels, scores, strict=True):
        yield f"| {label} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {score.support} |"
    yield ""


def _confusion_table(table: Sequence[Sequence[int]]) -> Iterator[str]:
    yield from (f"| expected \\ given | {' | '.join(STRENGTHS)} |", f"|---|{'---|' * len(STRENGTHS)}")
    for level, counts in zip(STRENGTHS, table, strict=True):
        yield f"| {level} | {' | '.join(str(count) for count in counts)} |"
    yield ""


def _names(areas: frozenset[Any]) -> str:
    return ", ".join(area for area in THREAT_AREAS if area in areas) or "no area"
