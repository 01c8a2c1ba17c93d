"""The result of an evaluation: figures for machines, rows on which classifier and people differ, and the parts of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from osce_commitments.evaluate.plain_words import few_documents
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis, ObligationStrength, ThreatArea
from osce_commitments.schema import Classification
from osce_commitments.scoring.labelled_rows import LabelledRow

TELLING_ERRORS, WORST_CASES = 10, 10
HARD_CASE = "hard case"
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row in which the labels of classifier and people differ."""

    row: LabelledRow
    result: Classification

    @property
    def where(self) -> str:
        """Document, paragraph number if any, and role."""
        return f"{' '.join(filter(None, (self.row.document, self.row.number)))} ({self.row.role})"

    @property
    def text(self) -> str:
        """Lead-in and text in one line."""
        return " ".join(f"{self.row.lead_in} {self.row.text}".split())

    @property
    def strength(self) -> tuple[str, str] | None:
        """The level of people and that of the classifier; None if they agree."""
        gold, level = self.row.strength, self.result.strength
        return None if gold == level else (gold.value, level.value)

    @property
    def areas(self) -> tuple[str, str] | None:
        """The areas of people and those of the classifier; None if they agree."""
        gold, theirs = self.row.threat_areas, frozenset(self.result.threat_areas)
        return None if gold == theirs else (_names(gold), _names(theirs))

    @property
    def rule(self) -> str:
        """The rule that explains the level."""
        return self.result.strength_cue.rule if self.result.strength_cue else "no rule"

    @property
    def level_certainty(self) -> float:
        """Return the probability of its wrong level; 0 if the level is right."""
        return self.result.strength_probabilities[self.result.strength.level] if self.strength else 0.0

    @property
    def area_certainty(self) -> float:
        """Return the highest probability of a wrong area or of the absence of a right one; 0 if all are right."""
        probabilities = dict(zip(THREAT_AREAS, self.result.area_probabilities, strict=True))
        present = frozenset(self.result.threat_areas)
        wrong = self.row.threat_areas ^ present
        return max((probabilities[area] if area in present else 1 - probabilities[area] for area in wrong), default=0.0)

    def as_json(self) -> dict[str, Any]:
        """One line of ``errors.jsonl``.

        A label without a probability has less than 0.005; ``cue`` is null if no words explain the level.
        """
        cue = self.result.strength_cue
        return {
            "id": self.row.id,
            "document": self.row.document,
            "text": self.text,
            "gold": _labels(self.row.strength, self.row.threat_areas),
            "said": _labels(self.result.strength, self.result.threat_areas),
            "probabilities": {
                "strength": _rounded(STRENGTHS, self.result.strength_probabilities),
                "threat_areas": _rounded(THREAT_AREAS, self.result.area_probabilities),
            },
            "cue": {"text": cue.text, "rule": cue.rule} if cue else None,
            "needs_review": self.result.needs_review,
        }


def find_mistakes(rows: Iterable[LabelledRow], results: Iterable[Classification]) -> Iterator[Mistake]:
    """Return every row on which the labels differ, in the order of the data."""
    for row, result in zip(rows, results, strict=True):
        if row.strength != result.strength or row.threat_areas != frozenset(result.threat_areas):
            yield Mistake(row, result)


def telling(mistakes: Iterable[Mistake], limit: int) -> list[Mistake]:
    """Return the errors with the highest certainty, half of them wrong levels; at most one per document."""
    errors = list(mistakes)
    chosen: dict[str, Mistake] = {}
    certainties: list[tuple[Callable[[Mistake], float], int]] = [
        (lambda mistake: mistake.level_certainty, limit // 2),
        (lambda mistake: mistake.area_certainty, limit),
    ]
    for certainty, until in certainties:
        for mistake in sorted(filter(certainty, errors), key=certainty, reverse=True):
            if len(chosen) < until:
                chosen.setdefault(mistake.row.document, mistake)
    return list(chosen.values())


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All figures of an evaluation under the keys of ``metrics.json``, and all errors in the order of the data."""

    figures: dict[str, Any]
    mistakes: tuple[Mistake, ...]

    @property
    def warning(self) -> str:
        """A warning before all figures; empty if none is needed."""
        return few_documents(self.figures["data"]["documents"])

    def headline(self) -> str:
        """The main figures in one line."""
        strength, areas, data = self.figures["strength"], self.figures["areas"], self.figures["data"]
        return (
            f"{self.figures['model_id']}, provisions: {data['rows']}, documents: {data['documents']}: strength accuracy"
            f" {strength['accuracy']:.3f}, macro-F1 {strength['macro_f1']:.3f}, kappa {strength['kappa_quadratic']:.3f};"
            f" areas micro-F1 {areas['micro_f1']:.3f}, macro-F1 {areas['macro_f1']:.3f}"
        )

    def judges(self, task: str) -> dict[str, dict[str, Any]]:
        """Figures of ``strength`` or ``areas`` by the name of the judge, the classifier first."""
        name, by_writer = self.figures["model_id"], self.figures["by_writer"]
        judges: dict[str, dict[str, Any]] = {name: self.figures[task]}
        if by_writer:
            judges[f"{name}, intervals by writer ({by_writer['writers']})"] = by_writer[task]
        if task == "areas":
            judges[f"{name}, named areas only"] = self.figures["areas"]["named"]
        judges |= self.figures["peers"][task]
        return judges

    def bases(self) -> list[tuple[str, dict[str, int]]]:
        """The given areas by their basis, in words."""
        return [(basis.in_words, self.figures["areas"]["bases"][basis.value]) for basis in Basis]

    def telling_mistakes(self) -> list[Mistake]:
        """The errors on the page."""
        return telling(self.mistakes, TELLING_ERRORS)

    def shown_slices(self) -> list[dict[str, Any]]:
        """All groups; of the hard cases only those with the lowest accuracy."""
        groups = self.figures["slices"]
        cases = sorted((group for group in groups if group["by"] == HARD_CASE), key=lambda group: group["accuracy"])
        return [*(group for group in groups if group["by"] != HARD_CASE), *cases[:WORST_CASES]]


def _labels(strength: ObligationStrength, areas: Iterable[ThreatArea]) -> dict[str, Any]:
    present = frozenset(areas)
    return {"strength": strength.value, "threat_areas": [area.value for area in THREAT_AREAS if area in present]}


def _rounded(labels: Sequence[str], probabilities: Sequence[float]) -> dict[str, float]:
    rounded = {str(label): round(value, _DECIMALS) for label, value in zip(labels, probabilities, strict=True)}
    return {label: value for label, value in rounded.items() if value}


def _names(areas: frozenset[ThreatArea]) -> str:
    return ", ".join(area for area in THREAT_AREAS if area in areas) or "no area"
