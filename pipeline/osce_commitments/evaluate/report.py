"""The result of an evaluation: figures for machines, and the parts of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from osce_commitments.evaluate.mistakes import Mistake, telling
from osce_commitments.evaluate.plain_words import few_documents
from osce_commitments.labels import Basis

TELLING_ERRORS, WORST_CASES = 10, 10
HARD_CASE = "hard case"


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
