"""The result of an evaluation: figures in words, rows on which classifier and people differ, and the parts of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis, ThreatArea
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import Judge, Truth
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.metrics import confusion
from osce_commitments.texts.printable import counted_noun

FEW_DOCUMENTS = 30
_FEW_IMPLIED = 20  # with fewer implied areas, the share of wrong ones says little
_FEW_CASES = 8  # with fewer cases, the F1 of an area says little


def plain_sentences(
    results: Sequence[Classification], judge: Judge, truth: Truth, bases: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """Return about how many of a hundred labels are wrong, where, and what the review mark catches.

    ``bases`` has the number of given and of right areas by what they stand on.
    """
    wrong_level = judge.levels != truth.levels
    wrong_areas = (judge.areas != truth.areas).any(axis=1)
    marked = np.array([result.needs_review for result in results], dtype=bool)
    counts = confusion(truth.levels, judge.levels, len(STRENGTHS))
    np.fill_diagonal(counts, 0)
    frequent = ""
    if counts.any():
        expected, wrong = np.unravel_index(counts.argmax(), counts.shape)
        frequent = f" The most frequent error: “{STRENGTHS[wrong]}” where people read “{STRENGTHS[expected]}”."
    return [
        f"Of 100 levels of strength, about {_of_hundred(wrong_level.mean())} are wrong.{frequent}",
        *_about_areas(judge.areas, truth.areas, bases),
        (
            f"The review mark is on {_of_hundred(marked.mean())} of 100 provisions. It catches "
            f"{_of_hundred(marked[wrong_level].mean() if wrong_level.any() else 0.0)} of 100 wrong levels and "
            f"{_of_hundred(marked[wrong_areas].mean() if wrong_areas.any() else 0.0)} of 100 provisions with a "
            "wrong or missing area."
        ),
    ]


def few_documents(documents: int) -> str:
    """Return a warning for an evaluation on few documents; empty if there are enough."""
    if documents >= FEW_DOCUMENTS:
        return ""
    return (
        f"There {'is' if documents == 1 else 'are'} only {counted_noun(documents, 'document')}: the intervals are too narrow, and small differences say nothing. "
        f"Measure on {FEW_DOCUMENTS} or more."
    )


def _of_hundred(share: float) -> str:
    number = 100 * float(share)
    return f"{number:.0f}" if number >= 1 or number == 0 else "fewer than 1"


def _about_areas(
    areas: NDArray[np.bool_], true: NDArray[np.bool_], bases: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    hits, cases = (areas & true).sum(axis=0), true.sum(axis=0)
    if areas.any() and true.any():
        scores = np.where(cases >= _FEW_CASES, 2 * hits / np.maximum(1, areas.sum(axis=0) + cases), np.inf)
        weakest = ""
        if np.isfinite(scores).any():
            weakest = f" It is weakest in {THREAT_AREAS[int(scores.argmin())].value.replace('_', ' ')}."
        yield (
            f"Of 100 threat areas that it gives, about {_of_hundred(1 - hits.sum() / areas.sum())} are wrong. Of 100 that "
            f"people give, it misses about {_of_hundred(1 - hits.sum() / true.sum())}.{weakest}"
        )
    implied = bases[Basis.IMPLIED]
    named = {key: sum(counts[key] for counts in bases.values()) - implied[key] for key in ("given", "right")}
    if implied["given"] >= _FEW_IMPLIED and named["given"]:
        yield (
            f"Of 100 areas that a word names, about {_of_hundred(1 - named['right'] / named['given'])} are wrong; of 100 that are "
            f"only implied, about {_of_hundred(1 - implied['right'] / implied['given'])}."
        )


TELLING_ERRORS, WORST_CASES = 10, 10  # on the page; the files have all
HARD_CASE = "hard case"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row in which the labels of classifier and people differ."""

    row: LabelledRow
    result: Classification

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
        labels = [
            {
                "strength": judged.strength.value,
                "threat_areas": [area for area in THREAT_AREAS if area in judged.threat_areas],
            }
            for judged in (self.row, self.result)
        ]
        pairs = {
            "strength": zip(STRENGTHS, self.result.strength_probabilities, strict=True),
            "threat_areas": zip(THREAT_AREAS, self.result.area_probabilities, strict=True),
        }
        probabilities = {
            task: {str(label): round(value, 2) for label, value in pair if round(value, 2)}
            for task, pair in pairs.items()
        }
        return {
            "id": self.row.id,
            "document": self.row.document,
            "text": self.text,
            "gold": labels[0],
            "said": labels[1],
            "probabilities": probabilities,
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


def _names(areas: frozenset[ThreatArea]) -> str:
    return ", ".join(area for area in THREAT_AREAS if area in areas) or "no area"
