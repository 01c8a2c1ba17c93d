"""Run a candidate next to the served classifier over a dataset, and group what it would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osce_commitments.classify import load_classifier
from osce_commitments.corrections import Standing, reverted, standing_answers
from osce_commitments.dataset import Dataset
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, LabelKind
from osce_commitments.schema import Classification, Row
from osce_commitments.tables import classified_from_row

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One provision with another label.

    Attributes:
        sureness: How much surer the candidate is of its label than the served classifier, -1 to 1.
        right: ``candidate``, ``served`` or ``neither`` by a person who checked it; empty if nobody did.
    """

    provision: str
    document: str
    text: str
    sureness: float
    right: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Provisions with the same change of one label.

    Attributes:
        label: ``strength`` or a threat area.
        before, after: Labels of the served classifier and of the candidate; ``yes`` and ``no`` for an area.
        distance: Levels between them; 1 for an area.
        changes: The most telling first: those that people checked, then those of which the candidate is surest.
    """

    label: str
    before: str
    after: str
    distance: int
    changes: tuple[LabelChange, ...]

    @property
    def verdicts(self) -> Mapping[str, int]:
        """How often a person agrees with the candidate, the served one, or neither."""
        counts: defaultdict[str, int] = defaultdict(int)
        for one in self.changes:
            if one.right:
                counts[one.right] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Challenge:
    """The result of a trial.

    Attributes:
        served, candidate: Ids of the classifiers.
        provisions: Number of provisions judged.
        groups: The most telling first: large distances of strength, then many provisions.
    """

    served: str
    candidate: str
    provisions: int
    groups: tuple[ChangeGroup, ...]


def challenge(data: Path, candidate: str, served: str) -> Challenge:
    """Let two classifiers judge every provision of the newest version of a dataset; nothing is written.

    Raises:
        ConfigError: If no classifier has one of the names.
        DatasetError: If there is no dataset.
    """
    dataset = Dataset(data)
    rows = [reverted(row) for row in dataset.read("provisions").to_pylist()]
    standing = standing_answers(dataset.read("corrections").to_pylist())
    first, second = load_classifier(served), load_classifier(candidate)
    found: defaultdict[tuple[str, str, str], list[LabelChange]] = defaultdict(list)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        tagged = [classified_from_row(row).tagged for row in some]
        for row, one, other in zip(some, first.classify(tagged), second.classify(tagged), strict=True):
            for key, change in _changes(row, one, other, standing.get(row["key"])):
                found[key].append(change)
    groups = [_group(*key, changes) for key, changes in found.items()]
    groups.sort(key=lambda one: (-one.distance, -len(one.changes), one.label))
    return Challenge(first.id, second.id, len(rows), tuple(groups))


def _group(label: str, before: str, after: str, changes: list[LabelChange]) -> ChangeGroup:
    distance = abs(STRENGTHS.index(before) - STRENGTHS.index(after)) if label == LabelKind.STRENGTH else 1
    ordered = sorted(changes, key=lambda one: (not one.right, -one.sureness, one.provision))
    return ChangeGroup(label, before, after, distance, tuple(ordered))


def _changes(
    row: Row, one: Classification, other: Classification, answer: Standing | None
) -> Iterator[tuple[tuple[str, str, str], LabelChange]]:
    values: Mapping[str, Any] = answer.values if answer else {}
    if one.strength != other.strength:
        sure = other.strength_probabilities[other.strength.level] - one.strength_probabilities[one.strength.level]
        right = _right(values.get("strength"), one.strength.value, other.strength.value)
        yield (LabelKind.STRENGTH.value, one.strength.value, other.strength.value), _change(row, sure, right)
    said = values.get("threat_areas")
    for at, area in enumerate(THREAT_AREAS):
        before, after = area in one.threat_areas, area in other.threat_areas
        if before != after:
            chance = abs(other.area_probabilities[at] - one.area_probabilities[at])
            right = "" if said is None else ("candidate" if (area.value in said) == after else "served")
            yield (area.value, _word(before), _word(after)), _change(row, chance, right)


def _right(said: str | None, served: str, candidate: str) -> str:
    if said is None:
        return ""
    return "candidate" if said == candidate else "served" if said == served else "neither"


def _word(given: bool) -> str:  # noqa: FBT001 - a label in words
    return "yes" if given else "no"


def _change(row: Row, sureness: float, right: str) -> LabelChange:
    return LabelChange(
        row["id"], row["symbol"] or row["title"], " ".join(row["reading"].split()), round(sureness, 4), right
    )
