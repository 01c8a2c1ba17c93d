"""The commitments of a dataset version, as used in reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import STRENGTHS, Adopted, Basis, ObligationStrength, Qualifier, Role, TagKind, ThreatArea
from osce_commitments.query import Conditions, Reader, connect, document_citation, provision_link
from osce_commitments.query.cite.citation_text import citation
from osce_commitments.texts.dates import first_and_last_day
from osce_commitments.texts.limits import is_limit

if TYPE_CHECKING:
    from osce_commitments.report.selection import Selection

# A commitment is operative text of an adopted document, as in the view `commitments`.
ADOPTED_ONLY = (Adopted.YES,)
COMMITMENT: Conditions = {"role": tuple(role for role in Role if role.is_operative), "adopted": ADOPTED_ONLY}

_ROWS = """
SELECT c.*, d.source, p.note_mark, p.strength_cue, p.tags, p.mentions
FROM operative_acts c JOIN provisions p ON p.id = c.id JOIN documents d ON d.id = c.document
WHERE list_contains($adopted, c.adopted){of}
ORDER BY coalesce(c.date, make_date(coalesce(c.year, 9999), 12, 31)), c.symbol, c.document, p.index
"""
_THESE = "\nAND c.id IN (SELECT unnest($ids::VARCHAR[])) AND p.id IN (SELECT unnest($ids::VARCHAR[]))"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline or regular interval.

    Attributes:
        text: As printed.
        ref: ISO 8601; empty if unknown.
        note: What it was counted from, or why there is no ref.
    """

    text: str
    ref: str
    note: str

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day, if it is dated."""
        return first_and_last_day(self.ref)

    @property
    def is_limit(self) -> bool:
        """Whether something is due by it: no day from which something holds, no length of a mandate or other period."""
        return is_limit(self.text, self.days)

    @property
    def in_words(self) -> str:
        """As printed, with the last day where the words do not name its year."""
        names_year = not self.days or self.days[1][:4] in self.text
        return self.text if names_year else f"{self.text} ({self.last_day})"

    @property
    def last_day(self) -> str:
        """The last day in words; empty if undated."""
        return day(dt.date.fromisoformat(self.days[1])) if self.days else ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A commitment.

    Attributes:
        instrument: Citation of its document.
        area_basis: What each of ``areas`` stands on.
        reports: Reporting duties: "who > to whom".
        cites: Symbols of cited instruments.
        corrected_by: Persons who checked or corrected its labels; empty if nobody did.
        cue: Words that explain the strength; empty if none.
    """

    id: str
    document: str
    source: str
    symbol: str
    instrument: str
    citation: str
    link: str
    adopted: Adopted
    date: dt.date | None
    year: int | None
    title: str
    heading: tuple[str, ...]
    number: str
    lead_in: str
    text: str
    reading: str
    strength: ObligationStrength
    areas: tuple[ThreatArea, ...]
    area_basis: tuple[Basis, ...]
    addressee: tuple[str, ...]
    qualifiers: tuple[Qualifier, ...]
    deadlines: tuple[Deadline, ...]
    reports: tuple[str, ...]
    cites: tuple[str, ...]
    needs_review: bool
    corrected_by: str
    model_id: str
    cue: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Statement:
        """The statement in a row of the query."""
        kept = {field.name: row[field.name] for field in fields(cls) if field.name in row}
        made = {
            "instrument": document_citation(row),
            "citation": citation(row),
            "link": provision_link(row["id"]),
            "adopted": Adopted(row["adopted"]),
            "heading": tuple(row["heading"]),
            "strength": ObligationStrength(row["strength"]),
            "areas": tuple(ThreatArea(area) for area in row["threat_areas"]),
            "area_basis": tuple(Basis(basis) for basis in row["area_basis"]),
            "addressee": tuple(row["addressee"]),
            "qualifiers": tuple(Qualifier(one) for one in row["qualifiers"]),
            "deadlines": tuple(Deadline(one["text"], one["ref"], one["note"]) for one in row["deadlines"]),
            "reports": _once(tag["ref"] for tag in row["tags"] if tag["kind"] == TagKind.REPORT),
            "cue": (row["strength_cue"] or {}).get("text", ""),
            "cites": _once(mention["symbol"] for mention in row["mentions"] if mention["symbol"]),
        }
        return cls(**kept | made)

    @property
    def due(self) -> tuple[Deadline, ...]:
        """The deadlines and intervals by which something is due, without beginnings, mandates and other periods."""
        return tuple(one for one in self.deadlines if one.is_limit)

    @property
    def doubt(self) -> str:
        """Words for the state of a document that does not count as adopted; empty for one that does."""
        return {Adopted.NO: "not adopted", Adopted.UNKNOWN: "adoption unknown"}.get(self.adopted, "")

    def on(self, bases: Collection[Basis]) -> Statement:
        """The statement with only the areas on some bases."""
        kept = [pair for pair in zip(self.areas, self.area_basis, strict=True) if pair[1] in bases]
        return replace(self, areas=tuple(area for area, _ in kept), area_basis=tuple(basis for _, basis in kept))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def day(when: dt.date) -> str:
    """A day in words: "6 December 2011"."""
    return f"{when.day} {when:%B %Y}"


def commitments(
    reader: Reader, adopted: Sequence[Adopted] = ADOPTED_ONLY, ids: Sequence[str] | None = None
) -> dict[str, Statement]:
    """The commitments of the version by id, oldest first.

    Args:
        reader: The dataset version.
        adopted: States of adoption of the documents.
        ids: Ids of provisions; None for all.
    """
    params = {"adopted": list(map(str, adopted))} | ({} if ids is None else {"ids": list(ids)})
    statement = _ROWS.format(of="" if ids is None else _THESE)
    with connect(reader.dataset, reader.version) as connection:
        table = connection.sql(statement, params=params).to_arrow_table()
    return {row["id"]: Statement.of(row) for row in table.to_pylist()}


def select(reader: Reader, selection: Selection) -> list[Statement]:
    """The selected commitments, oldest first, each with the areas that the selection counts.

    Args:
        reader: The dataset version.
        selection: Conditions.
    """
    if selection.is_all:
        return list(commitments(reader, selection.adopted).values())
    wanted = reader.ids(selection.text, by=selection.by, **_conditions(selection))
    found = list(commitments(reader, selection.adopted, wanted).values())
    return [one.on(selection.bases) for one in found] if selection.bases else found


def first_ids(reader: Reader, selection: Selection, order: str, most: int) -> frozenset[str]:
    """The ids of the first selected commitments in an order of :meth:`Reader.search`."""
    asked: Any = {"order": order, **_conditions(selection)}
    found = reader.search(selection.text, by=selection.by, limit=most, **asked)
    return frozenset(hit.id for hit in found.hits)


def _conditions(selection: Selection) -> Conditions:
    asked = selection.conditions or {"strength": f">={STRENGTHS[1]}"}
    return {**asked, **COMMITMENT, "adopted": selection.adopted}
