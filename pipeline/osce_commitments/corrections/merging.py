"""The answers that count: the newest of each person, and one for each provision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.labels import CorrectionKind, LabelKind
from osce_commitments.schema import Row

_PAIRED = {LabelKind.THREAT_AREAS: ("area_basis",)}
_NOTED = ("boundary", "rule", "reason")
_SAID = (*(kind.value for kind in LabelKind), "area_basis", "boundary")


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers that count for one provision.

    Attributes:
        row: The newest row that counts; its identity and the labels of the model come from there.
        values: Value of each label that somebody answered, and of ``area_basis``.
        by: Persons whose answers count, by label.
        disputed: Labels on which two persons differ and nobody has decided.
        boundary: What somebody says is wrong with the boundaries; None if nothing.
        answers: The merged answer of each person; that of an adjudication under the empty name.
    """

    row: Row
    values: Mapping[str, Any]
    by: Mapping[LabelKind, str]
    disputed: tuple[LabelKind, ...] = ()
    boundary: str | None = None
    answers: Mapping[str, Row] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Stable key of the provision."""
        return str(self.row["key"])

    @property
    def people(self) -> tuple[str, ...]:
        """Persons whose answers count, each once."""
        return tuple(dict.fromkeys(self.by.values()))


def standing_answers(rows: Iterable[Row]) -> dict[str, Standing]:
    """The answers that count, by key of the provision, from rows of ``corrections`` in the order of their numbers."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row["key"], []).append(row)
    found = {key: _standing(some) for key, some in by_key.items()}
    return {key: one for key, one in found.items() if one is not None}


def answers_of_people(rows: Sequence[Row]) -> dict[str, Row]:
    """The merged answer of each person about one provision; a later label replaces an earlier one.

    An adjudication stands under the empty name. A withdrawal removes what the same person said before, and the
    adjudications that they made.
    """
    merged: dict[str, Row] = {}
    for row in rows:
        name = "" if row["kind"] == CorrectionKind.ADJUDICATION else row["made_by"]
        if row["kind"] == CorrectionKind.WITHDRAWAL:
            merged.pop(name, None)
            if merged.get("", {}).get("made_by") == name:
                del merged[""]
            continue
        before = merged.pop(name, {})
        notes = {column: value for column, value in row.items() if column not in before or column not in _SAID}
        said = {column: row[column] for column in _SAID if row[column] is not None}
        merged[name] = before | notes | said
    return merged


def _standing(rows: Sequence[Row]) -> Standing | None:
    people = answers_of_people(rows)
    if not people:
        return None
    values: dict[str, Any] = {}
    by: dict[LabelKind, str] = {}
    disputed = []
    for kind in LabelKind:
        given = [row for row in people.values() if row.get(kind.value) is not None]
        if not given:
            continue
        decided = people.get("", {})
        chosen = decided if decided.get(kind.value) is not None else max(given, key=lambda row: row["number"])
        for name in (kind.value, *_PAIRED.get(kind, ())):
            values[name] = chosen[name]
        by[kind] = chosen["made_by"]
        if chosen is not decided and any(_said(row, kind) != _said(chosen, kind) for row in given):
            disputed.append(kind)
    newest = max(people.values(), key=lambda row: row["number"])
    boundary = next((row["boundary"] for row in reversed(people.values()) if row["boundary"]), None)
    return Standing(newest, values, by, tuple(disputed), boundary, people)


def _said(row: Mapping[str, Any], kind: LabelKind) -> Any:  # noqa: ANN401 - a label or a set of labels
    value = row[kind.value]
    return frozenset(value) if isinstance(value, list) else value


def new_rows(known: Sequence[Row], rows: Iterable[Row]) -> list[Row]:
    """The rows that answers add: an answer that repeats what the person says already adds none.

    ``known`` are all rows of ``corrections``, in order; ``given`` are rows without numbers, in the order of the
    answers.
    """
    by_key: dict[str, list[Row]] = {}
    for row in known:
        by_key.setdefault(row["key"], []).append(row)
    number = max((row["number"] for row in known), default=0)
    # A session that was killed before it removed an answer that waited leaves it to the next one.
    taken = {_moment(row) for row in known}
    added: list[Row] = []
    for row in rows:
        history = by_key.setdefault(row["key"], [])
        if _moment(row) in taken or not _changes(history, row):
            continue
        number += 1
        added.append({"number": number, **row})
        history.append(added[-1])
    return added


def _moment(row: Row) -> tuple[Any, ...]:
    return row["key"], row["made_by"], row["kind"], row["made_at"]


def _changes(history: Sequence[Row], row: Row) -> bool:
    people = answers_of_people(history)
    name = "" if row["kind"] == CorrectionKind.ADJUDICATION else row["made_by"]
    if row["kind"] == CorrectionKind.WITHDRAWAL:
        return name in people or people.get("", {}).get("made_by") == name
    before = people.get(name)
    if before is None:
        return True
    labels = any(
        row[kind.value] is not None and (before.get(kind.value) is None or _said(before, kind) != _said(row, kind))
        for kind in LabelKind
    )
    return labels or any(row[note] and row[note] != before.get(note) for note in _NOTED)
