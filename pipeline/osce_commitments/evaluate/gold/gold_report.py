"""The figures over all gold files, with intervals, as JSON for machines and as one page for people."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.evaluate.gold.file_score import FileScore, Problem
from osce_commitments.evaluate.gold.place_scores import PLACES
from osce_commitments.evaluate.gold.structure_scores import CONFLICTS, END_TO_END, NEUTRAL, STRICT
from osce_commitments.evaluate.gold.tag_scores import KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from osce_commitments.scoring.metrics import Interval

SPANS = ("boundary",)
GOLD_SHARES = (
    "role", "number", "lead-in attachment", "no lead-in", "lead-in", "lead-in end to end",
    "provision offsets", "tag offsets", CONFLICTS,
)  # fmt: skip
FACTS = ("symbol", "date", *PLACES)
_TEXT_WIDTH, _WORST = 160, 10


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure over all files; for a share only ``recall`` is meaningful.

    Attributes:
        hits, given, gold: Counts.
    """

    name: str
    hits: int
    given: int
    gold: int
    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True, slots=True)
class GoldReport:
    """The comparison with one part of the gold.

    Attributes:
        part: Name of the part ("dev", "test").
        figures: Measures by name.
        shows_errors: Whether single documents and errors are shown.
    """

    part: str
    scores: tuple[FileScore, ...]
    figures: dict[str, Measured]
    shows_errors: bool

    def as_dict(self) -> dict[str, Any]:
        """The figures under the keys of ``metrics.json``."""
        values: dict[str, Any] = {
            "part": self.part,
            "documents": len(self.scores),
            "neutral": self._neutral(),
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
        return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in self.problems())

    def as_markdown(self) -> str:
        """Return the figures and, if errors are shown, their number by kind and the worst documents."""
        lines = [
            f"# Structure and tags on the gold: {self.part}",
            "",
            f"{len(self.scores)} documents. Intervals: 95 %, by resampling documents. Tags are compared in provisions",
            "and stems whose boundaries were found; end-to-end recall counts every tag of the gold.",
            f"{self._neutral()} provisions were given for lines that are not coded: they count neither way.",
            "",
            *self._structure(),
            *self._tags(),
        ]
        if self.shows_errors:
            lines += [*self._documents(), *self._errors()]
        return "\n".join(lines) + "\n"

    def headline(self) -> list[str]:
        """The figures in a few lines for the terminal."""
        shares = [f"{name} {self.figures[name].recall.value:.3f}" for name in GOLD_SHARES]
        spans = [_line(self.figures[name]) for name in (*SPANS, *FACTS, *KINDS) if name in self.figures]
        return [*spans, ", ".join(shares)]

    def _neutral(self) -> int:
        return sum(score.tallies[NEUTRAL].given for score in self.scores)

    def _structure(self) -> Iterator[str]:
        yield from ("## Structure", "", "| measure | precision | recall | F1 | hits | given | gold |")
        yield "|---|---|---|---|---|---|---|"
        for name in (*SPANS, *FACTS):
            yield _row(self.figures[name])
        yield from ("", "| measure | share | hits | of |", "|---|---|---|---|")
        for name in GOLD_SHARES:
            one = self.figures[name]
            yield f"| {name} | {_interval(one.recall)} | {one.hits} | {one.gold} |"
        yield ""

    def _tags(self) -> Iterator[str]:
        yield from ("## Tags", "", "| kind | precision | recall | F1 | hits | given | gold | F1 of exact spans |")
        yield "|---|---|---|---|---|---|---|---|"
        for kind in KINDS:
            yield f"{_row(self.figures[kind])} {self.figures[kind + STRICT].f1.value:.3f} |"
        yield from ("", "| kind | end-to-end recall | hits | gold |", "|---|---|---|---|")
        for kind in KINDS:
            one = self.figures[kind + END_TO_END]
            yield f"| {kind} | {_interval(one.recall)} | {one.hits} | {one.gold} |"
        yield ""

    def _documents(self) -> Iterator[str]:
        names = ("boundary", "role", "number", "lead-in", *KINDS)
        worst = sorted((one for one in self.scores if one.problems), key=lambda one: -len(one.problems))[:_WORST]
        yield from ("## Documents", "", "Those with most errors; `metrics.json` has all of them.")
        yield from ("Hits / given / gold; hits / of for role, number and lead-in.", "")
        yield from (f"| document | errors | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}")
        for score in worst:
            cells = []
            for name in names:
                tally = score.tallies[name]
                middle = f"{tally.given} / " if name in {*SPANS, *KINDS} else ""
                cells.append(f"{tally.hits} / {middle}{tally.gold}" if tally.gold or tally.given else "")
            yield f"| {score.document} | {len(score.problems)} | {' | '.join(cells)} |"
        yield ""

    def _errors(self) -> Iterator[str]:
        found = self.problems()
        yield from (
            "## Errors",
            "",
            f"{len(found)} errors; `errors.jsonl` lists all of them. The first of each kind:",
            "",
        )
        first: dict[str, Problem] = {}
        for one in found:
            first.setdefault(one.what, one)
        counts = Counter(one.what for one in found)
        for what, count in counts.most_common(_WORST):
            one = first[what]
            where = f"{one.document} {one.number}".strip()
            yield f"- {what}, {count}: {one.expected} expected, {one.given} given ({where})"
            yield f"  - {textwrap.shorten(one.text, _TEXT_WIDTH, placeholder=' …')}"


def summarise(part: str, scores: Sequence[FileScore], *, shows_errors: bool) -> GoldReport:
    """Add up the files and give every measure an interval.

    Args:
        part: Name of the part of the gold.
        scores: The scores of each file.
        shows_errors: Whether the report shows single documents and errors.
    """
    kinds = [kind + end for kind in KINDS for end in ("", STRICT, END_TO_END)]
    names = (*SPANS, *GOLD_SHARES, *FACTS, *kinds)
    return GoldReport(part, tuple(scores), {name: _measured(name, scores) for name in names}, shows_errors)


def _measured(name: str, scores: Sequence[FileScore]) -> Measured:
    import numpy as np

    from osce_commitments.scoring.metrics import bootstrap

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


def _interval(one: Interval) -> str:
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"


def _row(one: Measured) -> str:
    measures = " | ".join(_interval(measure) for measure in (one.precision, one.recall, one.f1))
    return f"| {one.name} | {measures} | {one.hits} | {one.given} | {one.gold} |"


def _line(one: Measured) -> str:
    return (
        f"{one.name:12} P {one.precision.value:.3f}  R {one.recall.value:.3f}  F1 {one.f1.value:.3f}"
        f"  ({one.hits} of {one.given} given, {one.gold} gold)"
    )
