"""The commitments of a dataset version, as used in reports."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from osce_commitments.labels import STRENGTHS, Adopted, Basis, ObligationStrength, Qualifier, Role, TagKind, ThreatArea
from osce_commitments.query import Conditions, Reader, connect, document_citation, provision_link
from osce_commitments.query.cite.citation_text import citation
from osce_commitments.query.views import OPERATIVE_ACTS
from osce_commitments.report.subthemes import subthemes_of_rows
from osce_commitments.texts.dates import first_and_last_day
from osce_commitments.texts.limits import is_limit

if TYPE_CHECKING:
    import pyarrow as pa

    from osce_commitments.report.selection import Selection

# A commitment is operative text of an adopted document, as in the view `commitments`.
ADOPTED_ONLY = (Adopted.YES,)
COMMITMENT: Conditions = {"role": tuple(role for role in Role if role.is_operative), "adopted": ADOPTED_ONLY}

_MORE = """, d.source, p.note_mark, coalesce(p.strength_cue.text, '') AS cue, p.index,
    [one.symbol for one in p.mentions if one.symbol <> ''] AS cites, [tag.ref for tag in p.tags if tag.kind = '{report}'] AS reports"""
_ROWS = """
WITH c AS ({acts})
SELECT {columns}, c.reports, coalesce(c.date, make_date(coalesce(c.year, 9999), 12, 31)) AS "when", c.index
FROM c WHERE list_contains($adopted, c.adopted){of}
"""
_ORDER = [(name, "ascending") for name in ("when", "symbol", "document", "index")]
_COPIED = ("id", "date", "year", "needs_review", "corrected_by")
_SHORT = f"{', '.join(f'c.{name}' for name in _COPIED)}, c.document, c.symbol, c.model_id, c.strength, c.threat_areas, c.area_basis, c.addressee, c.deadlines"
_TEXTS = ("text", "lead_in", "heading", "title")  # they give the sub-theme
_WHOLE = "c.* EXCLUDE (reports, index)"
_BATCH = 50_000  # rows that are Python objects at a time
_THESE = " AND c.id IN (SELECT unnest($ids::VARCHAR[]))"


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
class Outline:
    """What a report counts of a commitment: all but its words, so that very many fit into memory.

    Attributes:
        area_basis: What each of ``areas`` stands on.
        subthemes: The sub-theme in each of ``areas``.
        reports: Reporting duties: "who > to whom".
        corrected_by: Persons who checked or corrected its labels; empty if nobody did.
    """

    id: str
    document: str
    date: dt.date | None
    year: int | None
    strength: ObligationStrength
    areas: tuple[ThreatArea, ...]
    area_basis: tuple[Basis, ...]
    subthemes: tuple[str, ...]
    addressee: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    reports: tuple[str, ...]
    needs_review: bool
    corrected_by: str
    model_id: str

    @property
    def due(self) -> tuple[Deadline, ...]:
        """The deadlines and intervals by which something is due, without beginnings, mandates and other periods."""
        return tuple(one for one in self.deadlines if one.is_limit)

    def subtheme(self, area: ThreatArea) -> str:
        """The sub-theme of one of its areas that it belongs to."""
        return self.subthemes[self.areas.index(area)]

    def on(self, bases: Collection[Basis]) -> Self:
        """The commitment with only the areas on some bases."""
        kept = [at for at, basis in enumerate(self.area_basis) if basis in bases]
        return replace(
            self,
            areas=tuple(self.areas[at] for at in kept),
            area_basis=tuple(self.area_basis[at] for at in kept),
            subthemes=tuple(self.subthemes[at] for at in kept),
        )


@dataclass(frozen=True, slots=True)
class Statement(Outline):
    """A commitment.

    Attributes:
        instrument: Citation of its document.
        cites: Symbols of cited instruments.
        cue: Words that explain the strength; empty if none.
    """

    source: str
    symbol: str
    instrument: str
    citation: str
    link: str
    adopted: Adopted
    title: str
    heading: tuple[str, ...]
    number: str
    lead_in: str
    text: str
    reading: str
    qualifiers: tuple[Qualifier, ...]
    cites: tuple[str, ...]
    cue: str

    @property
    def doubt(self) -> str:
        """Words for the state of a document that does not count as adopted; empty for one that does."""
        return {Adopted.NO: "not adopted", Adopted.UNKNOWN: "adoption unknown"}.get(self.adopted, "")


def _outline(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _COPIED},
        "document": sys.intern(row["document"]),
        "model_id": sys.intern(row["model_id"]),
        "strength": ObligationStrength(row["strength"]),
        "areas": tuple(map(ThreatArea, row["threat_areas"])),
        "area_basis": tuple(map(Basis, row["area_basis"])),
        "subthemes": tuple(row["subthemes"]),
        "addressee": tuple(map(sys.intern, row["addressee"])),
        "deadlines": tuple(Deadline(one["text"], one["ref"], one["note"]) for one in row["deadlines"]),
        "reports": _once(row["reports"]),
    }


def _statement(row: Mapping[str, Any]) -> Statement:
    same = ("source", "symbol", "title", "number", "lead_in", "text", "reading", "cue")
    return Statement(
        **_outline(row),
        **{name: row[name] for name in same},
        instrument=document_citation(row),
        citation=citation(row),
        link=provision_link(row["id"]),
        adopted=Adopted(row["adopted"]),
        heading=tuple(row["heading"]),
        qualifiers=tuple(map(Qualifier, row["qualifiers"])),
        cites=_once(row["cites"]),
    )


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
    shared = reader.shared_places()
    rows = _rows(reader, adopted, ids, _WHOLE, ())
    return {row["id"]: _statement(row | {"shared_place": shared.get(row["id"])}) for row in rows}


def _rows(
    reader: Reader, adopted: Sequence[Adopted], ids: Sequence[str] | None, columns: str, left_out: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rows of commitments with their sub-themes, oldest first; without the columns that are left out."""
    import pyarrow as pa

    params = {"adopted": list(map(str, adopted))} | ({} if ids is None else {"ids": list(ids)})
    acts = OPERATIVE_ACTS.format(more=_MORE.format(report=TagKind.REPORT))
    statement = _ROWS.format(acts=acts, columns=columns, of="" if ids is None else _THESE)
    with connect(reader.dataset, reader.version, with_lines=False) as connection:
        batches = connection.sql(statement, params=params).to_arrow_reader(_BATCH)
        found = [_with_subthemes(batch, left_out) for batch in batches]
        empty = batches.schema.empty_table()
    table = pa.concat_tables(found or [empty]).sort_by(_ORDER)
    for batch in table.to_batches(_BATCH):
        yield from batch.to_pylist()


def _with_subthemes(batch: pa.RecordBatch, left_out: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    table = pa.Table.from_batches([batch])
    return table.drop_columns(list(left_out)).append_column("subthemes", subthemes_of_rows(table))


def outlines(reader: Reader, selection: Selection) -> list[Outline]:
    """The selected commitments without their words; see :func:`select`."""
    short = ", ".join((_SHORT, *(f"c.{name}" for name in _TEXTS)))
    rows = _rows(reader, selection.adopted, _wanted(reader, selection), short, _TEXTS)
    found = (Outline(**_outline(row)) for row in rows)
    return [one.on(selection.bases) for one in found] if selection.bases else list(found)


def select(reader: Reader, selection: Selection, ids: Iterable[str] | None = None) -> list[Statement]:
    """The selected commitments, oldest first, each with the areas that the selection counts.

    Args:
        reader: The dataset version.
        selection: Conditions.
        ids: Ids of those that are wanted; None for all.
    """
    wanted = _wanted(reader, selection) if ids is None else list(ids)
    found = list(commitments(reader, selection.adopted, wanted).values())
    return [one.on(selection.bases) for one in found] if selection.bases else found


def _wanted(reader: Reader, selection: Selection) -> Sequence[str] | None:
    return None if selection.is_all else reader.ids(selection.text, by=selection.by, **_conditions(selection))


def first_ids(reader: Reader, selection: Selection, order: str, most: int) -> frozenset[str]:
    """The ids of the first selected commitments in an order of :meth:`Reader.search`; by default relevance with words, else newest."""
    asked: Any = {"order": order or ("relevance" if selection.text else "newest"), **_conditions(selection)}
    found = reader.search(selection.text, by=selection.by, limit=most, **asked)
    return frozenset(hit.id for hit in found.hits)


def _conditions(selection: Selection) -> Conditions:
    asked = selection.conditions or {"strength": f">={STRENGTHS[1]}"}
    return {**asked, **COMMITMENT, "adopted": selection.adopted}
