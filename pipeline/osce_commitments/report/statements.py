"""The commitments of a dataset version, as used in reports."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from osce_commitments.labels import (
    Adopted,
    Basis,
    ObligationStrength,
    Qualifier,
    TagKind,
    ThreatArea,
)
from osce_commitments.query import Reader, connect, document_citation, provision_link
from osce_commitments.query.cite import citation
from osce_commitments.query.sql import OPERATIVE_ACTS
from osce_commitments.report.selection import commitments_of, selection_in_words
from osce_commitments.report.subthemes import subthemes_of_rows
from osce_commitments.texts.dates import first_and_last_day
from osce_commitments.texts.limits import is_limit

if TYPE_CHECKING:
    import pyarrow as pa

    from osce_commitments.query import Selection

_T = TypeVar("_T")

ADOPTED_ONLY = (Adopted.YES,)

_MORE = """, d.source, p.note_mark, coalesce(p.strength_cue.text, '') AS cue, p.index,
    [one.symbol for one in p.mentions if one.symbol <> ''] AS cites, [tag.ref for tag in p.tags if tag.kind = '{report}'] AS reports"""
_ROWS = """
WITH c AS ({acts})
SELECT {columns}, c.reports, coalesce(c.date, make_date(coalesce(c.year, 9999), 12, 31)) AS "when", c.index
FROM c WHERE list_contains($adopted, c.adopted){of}
"""
_ORDER = [(name, "ascending") for name in ("when", "symbol", "document", "index")]
_COPIED = ("id", "date", "year", "needs_review", "corrected_by")
_SHORT = f"{', '.join(f'c.{name}' for name in _COPIED)}, c.document, c.symbol, c.model_id, c.strength, c.strength_level, c.threat_areas, c.area_basis, c.addressee, c.deadlines"
_TEXTS = ("text", "lead_in", "heading", "title")  # they give the sub-theme
_WHOLE = "c.* EXCLUDE (reports, index)"
_BATCH = 50_000  # rows that are Python objects at a time
_THESE = " AND c.id IN (SELECT id FROM these)"
# What is counted of a commitment: those with the same of it are counted together.
_ALIKE = """SELECT '' AS id, '' AS document, NULL::DATE AS date, year, strength, threat_areas, area_basis, subthemes, addressee, deadlines,
    reports, needs_review, corrected_by, model_id, count(*)::INTEGER AS times
FROM found WHERE id NOT IN (SELECT unnest($without::VARCHAR[])) GROUP BY ALL"""
_FIRM_OR_NEW = (
    "SELECT id FROM found ORDER BY {by}coalesce(date, make_date(coalesce(year, 1), 1, 1)) DESC, place LIMIT {most}"
)
_WITH_DEADLINES = "SELECT deadlines, min(place, {most}) AS places FROM found WHERE len(deadlines) > 0 GROUP BY 1"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a report counts of a commitment, or of several that are counted alike: all but their words.

    Attributes:
        id, document, date: Empty for several.
        times: Number of these commitments.
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
    times: int = 1

    @property
    def due(self) -> tuple[Deadline, ...]:
        """The deadlines and intervals by which something is due, without beginnings, mandates and other periods."""
        return tuple(deadline for deadline in self.deadlines if deadline.is_limit)

    def subtheme(self, area: ThreatArea) -> str:
        """The sub-theme of one of its areas that it belongs to."""
        return self.subthemes[self.areas.index(area)]

    def on(self, bases: Collection[Basis]) -> Self:
        """The commitment with only the areas on some bases."""
        kept = [index for index, basis in enumerate(self.area_basis) if basis in bases]
        return replace(
            self,
            areas=tuple(self.areas[at] for at in kept),
            area_basis=tuple(self.area_basis[at] for at in kept),
            subthemes=tuple(self.subthemes[at] for at in kept),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
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
        "deadlines": _deadlines(row["deadlines"]),
        "reports": _once(row["reports"]),
    }


def _deadlines(found: Iterable[Mapping[str, str]]) -> tuple[Deadline, ...]:
    return tuple(Deadline(one["text"], one["ref"], one["note"]) for one in found)


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


def total(statements: Iterable[Outline]) -> int:
    """How many commitments these are."""
    return sum(statement.times for statement in statements)


def tally(found: Iterable[tuple[_T, int]]) -> Counter[_T]:
    """The sum of the numbers of each value."""
    counts: Counter[_T] = Counter()
    for value, times in found:
        counts[value] += times
    return counts


def _few(rows: Sequence[Mapping[str, Any]]) -> list[Statement]:
    """The commitments of whole rows."""
    import pyarrow as pa

    lists = ("threat_areas", "heading")
    columns = {
        name: pa.array([row[name] for row in rows], pa.list_(pa.string()) if name in lists else pa.string())
        for name in (*_TEXTS, "threat_areas")
    }
    found = zip(rows, subthemes_of_rows(pa.table(columns)).to_pylist(), strict=True)
    return [_statement({**row, **_derived(row), "subthemes": names}) for row, names in found]


def _derived(row: Mapping[str, Any]) -> dict[str, Any]:
    """What :data:`_MORE` selects."""
    return {
        "cue": (row["strength_cue"] or {}).get("text") or "",
        "cites": [one["symbol"] for one in row["mentions"] if one["symbol"]],
        "reports": [one["ref"] for one in row["tags"] if one["kind"] == TagKind.REPORT],
    }


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
    shared, table = reader.shared_places(), _table(reader, adopted, ids, _WHOLE, ())
    rows = (row for batch in table.to_batches(_BATCH) for row in batch.to_pylist())
    return {row["id"]: _statement(row | {"shared_place": shared.get(row["id"])}) for row in rows}


def _table(
    reader: Reader, adopted: Sequence[Adopted], ids: Sequence[str] | None, columns: str, left_out: Sequence[str]
) -> pa.Table:
    """The rows of commitments with their sub-themes, oldest first; without the columns that are left out."""
    import pyarrow as pa

    acts = OPERATIVE_ACTS.format(more=_MORE.format(report=TagKind.REPORT))
    statement = _ROWS.format(acts=acts, columns=columns, of="" if ids is None else _THESE)
    with connect(reader.dataset, reader.version, with_lines=False) as connection:
        connection.register("these", pa.table({"id": pa.array(ids or (), pa.string())}))
        batches = connection.sql(statement, params={"adopted": list(map(str, adopted))}).to_arrow_reader(_BATCH)
        found = [_with_subthemes(batch, left_out) for batch in batches]
        empty = batches.schema.empty_table()
    return pa.concat_tables(found or [empty]).sort_by(_ORDER)


def _with_subthemes(batch: pa.RecordBatch, left_out: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    table = pa.Table.from_batches([batch])
    return table.drop_columns(list(left_out)).append_column("subthemes", subthemes_of_rows(table))


class Outlines:
    """The selected commitments without their words, of which very many fit into memory; see :func:`select`.

    Attributes:
        total: Their number.
        documents: Number of their documents.
    """

    def __init__(self, reader: Reader, selection: Selection) -> None:
        import duckdb
        import pyarrow as pa

        short = ", ".join((_SHORT, *(f"c.{name}" for name in _TEXTS)))
        rows = _table(reader, *_wanted(reader, selection), short, _TEXTS)
        self.total, self.documents = rows.num_rows, len(rows["document"].unique())
        self._ids, self._bases = rows["id"], selection.values.get("basis", ())
        self._connection = duckdb.connect()
        self._connection.register("found", rows.append_column("place", pa.array(range(self.total), pa.int32())))

    def highlights(self, today: dt.date, most: int) -> set[str]:
        """Ids of the first of the firmest, of the newest, and of those due next."""
        fetch = self._connection.execute
        both = [fetch(_FIRM_OR_NEW.format(by=by, most=most)).fetchall() for by in ("", "strength_level DESC, ")]
        alike = fetch(_WITH_DEADLINES.format(most=most)).fetchall()
        days = [
            (day, place) for found, places in alike for day in next_days(_deadlines(found), today) for place in places
        ]
        return {one for rows in both for (one,) in rows} | {self._ids[at].as_py() for _, at in sorted(days)[:most]}

    def counted(self, without: Collection[str]) -> list[Outline]:
        """All but some of them, those together that are counted alike."""
        rows = self._connection.sql(_ALIKE, params={"without": list(without)}).to_arrow_table().to_pylist()
        outlines = (Outline(**_outline(row), times=row["times"]) for row in rows)
        return [one.on(self._bases) for one in outlines] if self._bases else list(outlines)


def next_days(deadlines: Iterable[Deadline], today: dt.date) -> list[dt.date]:
    """The last days of dated limits from today on."""
    days = (dt.date.fromisoformat(deadline.days[1]) for deadline in deadlines if deadline.days and deadline.is_limit)
    return [day for day in days if day >= today]


def select(reader: Reader, selection: Selection, ids: Iterable[str] | None = None) -> list[Statement]:
    """The selected commitments, oldest first, each with the areas that the selection counts.

    Args:
        reader: The dataset version.
        selection: Conditions.
        ids: Ids of those that are wanted; None for all.
    """
    if ids is None:
        found = list(commitments(reader, *_wanted(reader, selection)).values())
    else:
        found = _few(reader.rows(id=list(ids)))
    bases = selection.values.get("basis")
    return [one.on(bases) for one in found] if bases else found


def _wanted(reader: Reader, selection: Selection) -> tuple[Sequence[Adopted], list[str] | None]:
    """The states of adoption, and the ids; None for all."""
    chosen = commitments_of(selection)
    ids = [row["id"] for row in reader.rows(chosen, ["id"])] if selection_in_words(selection) else None
    return chosen.values["adopted"], ids


def first_ids(reader: Reader, selection: Selection, order: str, most: int) -> frozenset[str]:
    """The ids of the first selected commitments in an order of :meth:`Reader.search`; by default relevance with words, else newest."""
    asked: Any = order or ("relevance" if selection.text else "newest")
    return frozenset(hit.id for hit in reader.search(commitments_of(selection), limit=most, order=asked).hits)
