"""The answer of a person about one provision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from osce_commitments.labels import Basis, Boundary, CorrectionKind, LabelKind, ObligationStrength, Role, ThreatArea
from osce_commitments.schema import Row

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
