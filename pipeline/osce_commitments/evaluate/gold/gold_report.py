"""The figures over all gold files, with intervals, as JSON for machines and as one page for people."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.evaluate.files import json_lines, markdown_page
from osce_commitments.evaluate.gold.file_score import FileScore, Problem
from osce_commitments.evaluate.gold.place_scores import PLACES
from osce_commitments.evaluate.gold.structure_scores import CONFLICTS, END_TO_END, NEUTRAL, STRICT
from osce_commitments.evaluate.gold.tag_scores import KINDS
from osce_commitments.scoring.metrics import Interval, bootstrap

SPANS = ("boundary",)
GOLD_SHARES = (
    "role", "number", "lead-in attachment", "no lead-in", "lead-in", "lead-in end to end",
    "provision offsets", "tag offsets", CONFLICTS,
)  # fmt: skip
FACTS = ("symbol", "date", *PLACES)
_TEXT_WIDTH, _WORST = 160, 10


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure over all files; for a share only ``recall`` is meaningful."""

    name: str
    hits: int
    given: int
    gold: int
    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True, slots=True)
class GoldReport:
    """The comparison with one part of the gold; errors and single documents are shown only for some parts."""

    part: str
    scores: tuple[FileScore, ...]
    figures: dict[str, Measured]
    shows_errors: bool

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        values: dict[str, Any] = {
            "part": self.part,
            "documents": len(self.scores),
            "neutral": self.neutral,
            "figures": {name: _as_dict(one) for name, one in self.figures.items()},
        }
        if self.shows_errors:
            values["per_document"] = {score.document: _counts(score) for score in self.scores}
        return values

    def problems(self) -> list[Problem]:
        """Return every error; none if errors are not shown."""
        return [one for score in self.scores for one in score.problems] if self.shows_errors else []

    def errors_as_jsonl(self) -> str:
        """One JSON object per error."""
        return json_lines(map(asdict, self.problems()))

    def as_markdown(self) -> str:
        """Return the figures and, if errors are shown, their number by kind and the worst documents."""
        return markdown_page(
            "gold",
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
        shares = [f"{name} {self.figures[name].recall.value:.3f}" for name in GOLD_SHARES]
        spans = [_line(self.figures[name]) for name in (*SPANS, *FACTS, *KINDS) if name in self.figures]
        return [*spans, ", ".join(shares)]

    @property
    def neutral(self) -> int:
        """Number of provisions that were given for lines that are not coded."""
        return sum(score.tallies[NEUTRAL].given for score in self.scores)

    def worst(self) -> list[FileScore]:
        """The documents with most errors."""
        return sorted((one for one in self.scores if one.problems), key=lambda one: -len(one.problems))[:_WORST]

    def first_problems(self) -> Iterator[tuple[Problem, int, str]]:
        """The first error of each of the most frequent kinds, the number of this kind, and its words, shortened."""
        first: dict[str, Problem] = {}
        for one in self.problems():
            first.setdefault(one.what, one)
        for what, count in Counter(one.what for one in self.problems()).most_common(_WORST):
            yield first[what], count, textwrap.shorten(first[what].text, _TEXT_WIDTH, placeholder=" …")


def summarise(part: str, scores: Sequence[FileScore], *, shows_errors: bool) -> GoldReport:
    """Add up the files and give every measure an interval."""
    kinds = [kind + end for kind in KINDS for end in ("", STRICT, END_TO_END)]
    names = (*SPANS, *GOLD_SHARES, *FACTS, *kinds)
    return GoldReport(part, tuple(scores), {name: _measured(name, scores) for name in names}, shows_errors)


def _measured(name: str, scores: Sequence[FileScore]) -> Measured:
    # Documents without a case do not count: drawn alone they would make the measure zero.
    with_cases = [score for score in scores if score.tallies[name].given or score.tallies[name].gold]
    rows = [(one.tallies[name].hits, one.tallies[name].given, one.tallies[name].gold) for one in with_cases]
    counts = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    documents = [score.document for score in with_cases]

    def measured(weigh: Callable[[NDArray[np.int64]], float]) -> Interval:
        return bootstrap(lambda at: weigh(counts[at].sum(axis=0)), documents)

    hits, given, gold = (int(total) for total in counts.sum(axis=0))
    return Measured(
        name=name,
        hits=hits,
        given=given,
        gold=gold,
        precision=measured(lambda total: _ratio(total[0], total[1])),
        recall=measured(lambda total: _ratio(total[0], total[2])),
        f1=measured(lambda total: _ratio(2 * total[0], total[1] + total[2])),
    )


def _ratio(part: np.int64, whole: np.int64) -> float:
    return float(part / whole) if whole else 0.0


def _as_dict(one: Measured) -> dict[str, Any]:
    counts: dict[str, Any] = {"hits": one.hits, "of": one.gold}
    measures = {"share": one.recall}
    if one.name not in GOLD_SHARES and not one.name.endswith(END_TO_END):
        counts = {"hits": one.hits, "given": one.given, "gold": one.gold}
        measures = {"precision": one.precision, "recall": one.recall, "f1": one.f1}
    values = {name: round(measure.value, 4) for name, measure in measures.items()}
    intervals = {name: [round(measure.low, 4), round(measure.high, 4)] for name, measure in measures.items()}
    return counts | values | {"intervals": intervals}


def _counts(score: FileScore) -> dict[str, list[int]]:
    return {name: [one.hits, one.given, one.gold] for name, one in score.tallies.items() if one.gold or one.given}


def _line(one: Measured) -> str:
    return (
        f"{one.name:12} P {one.precision.value:.3f}  R {one.recall.value:.3f}  F1 {one.f1.value:.3f}"
        f"  ({one.hits} of {one.given} given, {one.gold} gold)"
    )
