"""Corrections: what people say is right, kept by what a provision is, and laid over the labels of the program.

The answers that count are the newest of each person, one for each provision.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.ids import fingerprint
from osce_commitments.labels import Basis, Boundary, CorrectionKind, LabelKind, ObligationStrength, Role, ThreatArea
from osce_commitments.schema import Row
from osce_commitments.texts.normalise import clean, plain, without_note_marks

_NO_LETTERS = re.compile(r"[\W_]+")
_LAST_WORDS = re.compile(r"(?: (?:and|or))+$")
_CACHED = 8192  # titles and lead-ins recur


@dataclass(frozen=True, slots=True)
class Identity:
    """The words that make a provision: letters and digits, without case, marks of notes and a final "and" or "or"."""

    symbol: str
    title: str
    lead_in: str
    text: str

    @property
    def key(self) -> str:
        """The same for the same words, lead-in, title and symbol."""
        return "k" + fingerprint(self.symbol, self.title, self.lead_in, self.text)


def identity_of(symbol: str, title: str, lead_in: str, text: str) -> Identity:
    """The identity of a provision of a document with a symbol and a title."""
    return Identity(_cached(symbol), _cached(title), _cached(lead_in), _LAST_WORDS.sub("", bare_words(text)))


def bare_words(text: str) -> str:
    """Letters and digits of a text, words apart, without case and marks of notes."""
    words, _ = without_note_marks(plain(clean(text)))
    return " ".join(_NO_LETTERS.sub(" ", words.casefold()).split())


_cached = functools.lru_cache(_CACHED)(bare_words)


_MODEL_COLUMNS = {"strength": "strength", "areas": "threat_areas", "role": "role", "addressee": "addressee"}


@dataclass(frozen=True, slots=True)
class Subject:
    """The provision that an answer is about, as it was when the person saw it; for its key see :class:`Identity`."""

    provision: str
    key: str
    symbol: str
    title: str
    heading: tuple[str, ...]
    lead_in: str
    text: str
    model_id: str
    model_strength: ObligationStrength
    model_areas: tuple[ThreatArea, ...]
    model_role: Role
    model_addressee: tuple[str, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Subject:
        """The provision of a row of ``provisions``, which has the labels of the program."""
        labels = {f"model_{kind}": row[column] for kind, column in _MODEL_COLUMNS.items()}
        return cls.of_correction(dict(row) | labels | {"provision": row["id"]})

    @classmethod
    def of_correction(cls, row: Mapping[str, Any]) -> Subject:
        """The provision that a row of ``corrections`` is about."""
        return cls(
            provision=row["provision"],
            key=row["key"],
            symbol=row["symbol"],
            title=row["title"],
            heading=tuple(row["heading"]),
            lead_in=row["lead_in"],
            text=row["text"],
            model_id=row["model_id"],
            model_strength=ObligationStrength(row["model_strength"]),
            model_areas=tuple(map(ThreatArea, row["model_areas"])),
            model_role=Role(row["model_role"]),
            model_addressee=tuple(row["model_addressee"]),
        )


@dataclass(frozen=True, slots=True)
class LabelAnswer:
    """The answer of a person about a provision; None for what they do not say.

    Attributes:
        kind: Answer, withdrawal (which says nothing else) or adjudication.
        threat_areas: In the order of the label set.
        area_basis: What each of these areas stands on.
        boundary: What is wrong with the boundaries; None if nothing.
        rule: Rule of the annotation guide; may be empty.
        reason: In words; may be empty.
        origin: Where it came from: a file, a command, ``page``.
    """

    subject: Subject
    by: str
    kind: CorrectionKind = CorrectionKind.ANSWER
    strength: ObligationStrength | None = None
    threat_areas: tuple[ThreatArea, ...] | None = None
    area_basis: tuple[Basis, ...] | None = None
    addressee: tuple[str, ...] | None = None
    role: Role | None = None
    boundary: Boundary | None = None
    rule: str = ""
    reason: str = ""
    origin: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether it neither answers nor takes back."""
        return self.kind != CorrectionKind.WITHDRAWAL and not self.labels and self.boundary is None

    @property
    def labels(self) -> dict[LabelKind, Any]:
        """The labels that it answers, as values of columns."""
        values = {
            LabelKind.STRENGTH: self.strength and self.strength.value,
            LabelKind.THREAT_AREAS: None if self.threat_areas is None else [area.value for area in self.threat_areas],
            LabelKind.ADDRESSEE: None if self.addressee is None else list(self.addressee),
            LabelKind.ROLE: self.role and self.role.value,
        }
        return {kind: value for kind, value in values.items() if value is not None}

    def as_row(self) -> Row:
        """The row of ``corrections``, without ``number`` and ``made_at``."""
        subject, labels = self.subject, self.labels
        return {
            "made_by": self.by,
            "kind": self.kind.value,
            "key": subject.key,
            "provision": subject.provision,
            "symbol": subject.symbol,
            "title": subject.title,
            "heading": list(subject.heading),
            "lead_in": subject.lead_in,
            "text": subject.text,
            **{kind.value: labels.get(kind) for kind in LabelKind},
            "area_basis": None if self.area_basis is None else [basis.value for basis in self.area_basis],
            "boundary": self.boundary and self.boundary.value,
            "rule": self.rule,
            "reason": self.reason,
            "model_id": subject.model_id,
            "model_strength": subject.model_strength.value,
            "model_areas": [area.value for area in subject.model_areas],
            "model_role": subject.model_role.value,
            "model_addressee": list(subject.model_addressee),
            "origin": self.origin,
        }


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
    standing = {key: _standing(answers) for key, answers in by_key.items()}
    return {key: value for key, value in standing.items() if value is not None}


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
        labels = {column: row[column] for column in _SAID if row[column] is not None}
        merged[name] = before | notes | labels
    return merged


def _standing(rows: Sequence[Row]) -> Standing | None:
    people = answers_of_people(rows)
    if not people:
        return None
    values: dict[str, Any] = {}
    by: dict[LabelKind, str] = {}
    disputed = []
    for kind in LabelKind:
        answers = [row for row in people.values() if row.get(kind.value) is not None]
        if not answers:
            continue
        decided = people.get("", {})
        chosen = decided if decided.get(kind.value) is not None else max(answers, key=lambda row: row["number"])
        for name in (kind.value, *_PAIRED.get(kind, ())):
            values[name] = chosen[name]
        by[kind] = chosen["made_by"]
        if chosen is not decided and any(_said(row, kind) != _said(chosen, kind) for row in answers):
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


_CHECKED = (LabelKind.STRENGTH, LabelKind.THREAT_AREAS)
_UNCORRECTED: Row = {"correction": "", "corrected": [], "corrected_by": "", "program_labels": ""}


def overlaid(row: Row, standing: Standing, *, is_doubtful: bool = False) -> Row:
    """The row of a provision with the labels of people.

    The words that explain a label of the program stay only where the label is the same. The mark for review is off
    where strength and areas were both checked, and on where people differ. ``is_doubtful``: the person may have meant
    another provision, which is then marked for review.
    """
    labels = {**_of_strength(row, standing.values), **_of_areas(row, standing.values)}
    for kind in (LabelKind.ADDRESSEE, LabelKind.ROLE):
        if kind.value in standing.values:
            labels[kind.value] = standing.values[kind.value]
    if standing.disputed or standing.boundary or is_doubtful:
        labels["needs_review"] = True
    elif all(kind in standing.by for kind in _CHECKED):
        labels["needs_review"] = False
    before = {name: row[name] for name, value in labels.items() if row[name] != value}
    marks = {
        "correction": standing.key,
        "corrected": [kind.value for kind in standing.by],
        "corrected_by": "; ".join(standing.people),
        "program_labels": json.dumps(before, ensure_ascii=False, sort_keys=True) if before else "",
    }
    return row | labels | marks


def reverted(row: Row) -> Row:
    """The row with the labels of the program."""
    if not row["correction"]:
        return row
    return row | (json.loads(row["program_labels"]) if row["program_labels"] else {}) | _UNCORRECTED


def uncorrected() -> Row:
    """The columns of corrections for a provision without any."""
    return {name: list(value) if isinstance(value, list) else value for name, value in _UNCORRECTED.items()}


def _of_strength(row: Row, values: Mapping[str, Any]) -> Row:
    strength = values.get(LabelKind.STRENGTH.value)
    if strength is None:
        return {}
    cue = row["strength_cue"] if strength == row["strength"] else None
    return {"strength": strength, "strength_level": ObligationStrength(strength).level, "strength_cue": cue}


def _of_areas(row: Row, values: Mapping[str, Any]) -> Row:
    areas = values.get(LabelKind.THREAT_AREAS.value)
    if areas is None:
        return {}
    cues = [cue for cue in row["area_cues"] if cue["area"] in areas]
    return {"threat_areas": list(areas), "area_basis": list(values["area_basis"]), "area_cues": cues}


# Either symbol or title may be new. A new lead-in can change the labels, so such a match is doubtful; short items recur
# under several lead-ins of one document.
_SHORT = 8  # words
_WAYS: tuple[Callable[[Identity], tuple[str, ...]], ...] = (
    lambda identity: (identity.text, identity.lead_in, identity.symbol) if identity.symbol else (),
    lambda identity: (identity.text, identity.lead_in, identity.title) if identity.title else (),
    lambda identity: (identity.text, identity.symbol) if identity.symbol and identity.text.count(" ") >= _SHORT else (),
    lambda identity: (identity.text, identity.title) if identity.title and identity.text.count(" ") >= _SHORT else (),
)


class Corrections:
    """The rows of ``corrections`` of a dataset, to be laid over its provisions."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = sorted(rows, key=lambda row: row["number"])
        self.standing = standing_answers(self.rows)
        self._ways: list[dict[tuple[str, ...], Standing]] = [{} for _ in _WAYS]
        for answer in sorted(self.standing.values(), key=lambda answer: answer.row["number"]):
            identity = _identity(answer.row)
            for way, known in zip(_WAYS, self._ways, strict=True):
                if words := way(identity):
                    known[words] = answer

    def find(self, row: Mapping[str, Any]) -> Standing | None:
        """The answers that count for a provision, if anybody has answered."""
        if not self.standing:
            return None
        if exact := self.standing.get(row["key"]):
            return exact
        identity = _identity(row)
        for way, known in zip(_WAYS, self._ways, strict=True):
            if (words := way(identity)) and words in known:
                return known[words]
        return None

    def over(self, row: Row) -> Row:
        """A row of ``provisions`` with what counts for it in place of the labels of the program.

        It is marked for review if its lead-in is not the one that the person saw.
        """
        plain = reverted(row)
        if not (offset := self.find(plain)):
            return plain
        is_new = bare_words(offset.row["lead_in"]) != bare_words(plain["lead_in"])
        return overlaid(plain, offset, is_doubtful=is_new)


def _identity(row: Mapping[str, Any]) -> Identity:
    return identity_of(row["symbol"], row["title"], row["lead_in"], row["text"])
