"""The scores of one gold file: counts of each measure, and the errors."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from osce_commitments.evaluate.gold.gold_files import GoldProvision
from osce_commitments.evaluate.gold.spans import Printed
from osce_commitments.schema import TaggedProvision

Matched = list[tuple[GoldProvision, TaggedProvision, Printed]]


@dataclass(slots=True)
class ScoreTally:
    """Counts of one measure; for a share, ``given`` and ``gold`` are both the number of cases."""

    hits: int = 0
    given: int = 0
    gold: int = 0

    def share(self, *, is_hit: bool) -> None:
        """Count one case of a share."""
        self.hits += is_hit
        self.given += 1
        self.gold += 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: what is wrong and where, with the expected and the given value."""

    document: str
    what: str
    number: str
    text: str
    expected: str
    given: str


@dataclass(slots=True)
class FileScore:
    """The results of the stages on one gold file."""

    document: str
    tallies: dict[str, ScoreTally] = field(default_factory=lambda: defaultdict(ScoreTally))
    problems: list[Problem] = field(default_factory=list)

    def complain(self, what: str, number: str, text: str, expected: str, given: str) -> None:
        """Add an error."""
        self.problems.append(Problem(self.document, what, number, text, expected, given))
