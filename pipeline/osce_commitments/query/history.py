"""Lines of provisions through the years: what was first said, who repeated it, what became firmer, softer or was dropped."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import LabelKind, Relation
from osce_commitments.query.cite import citation, provision_link
from osce_commitments.query.result import html_table
from osce_commitments.query.search.index import unpack
from osce_commitments.query.store import Store
from osce_commitments.schema import Row

if TYPE_CHECKING:
    import pyarrow as pa

Spans = tuple[tuple[int, int, int, int], ...]

_LINES = """
    SELECT provision, line FROM lines
    WHERE line IN (SELECT line FROM lines WHERE provision IN (SELECT value FROM json_each(?))) ORDER BY provision
"""
_LINKS = """
    WITH wanted AS (SELECT value FROM json_each(?))
    SELECT earlier, later, record FROM lineage WHERE earlier IN wanted OR later IN wanted ORDER BY earlier, later
"""


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A provision that takes up an earlier one.

    Attributes:
        is_main: Whether it continues the line; not for the further parts of a split or a merger.
        score: Likeness of their words, 0 to 1.
        strength_change: Levels of obligation strength that it is firmer (above 0) or softer; 0 if only the classifier's label
            differs and not the words that give the force, or if a label is not sure.
        force_unsure: Whether the words that give the force differ, but a level needs review: nobody knows if it is firmer.
        new_act: Act verbs that are new on their matter, each after the one that it replaces; empty if none.
        new_date: Dates of the later provision alone, after those of the earlier one alone; empty if none is new.
        areas_added, areas_removed: Threat areas of one of them only.
        changed: Differences in words: start and end in the reading of the earlier and of the later provision.
    """

    earlier: str
    later: str
    relation: Relation
    is_main: bool
    score: float
    is_procedure: bool
    strength_change: int
    force_unsure: bool
    new_act: str
    new_date: str
    areas_added: tuple[str, ...]
    areas_removed: tuple[str, ...]
    addressee_changed: bool
    deadline_changed: bool
    changed: Spans

    @property
    def in_words(self) -> str:
        """The relation and what changed, in words."""
        change = self.strength_change
        parts = [self.relation.value]
        parts += [f"{'firmer' if change > 0 else 'softer'} by {abs(change)}"] if change else []
        parts += ["change of force not sure"] if self.force_unsure else []
        parts += [f"new act: {self.new_act}"] if self.new_act else []
        parts += [f"new date: {self.new_date}"] if self.new_date else []
        parts += ["other addressee"] if self.addressee_changed else []
        parts += ["deadline changed"] if self.deadline_changed else []
        parts += ["areas changed"] if self.areas_added or self.areas_removed else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment through the years.

    Attributes:
        id: Stable id; it changes only if an earlier appearance becomes known. Empty for a provision without links.
        appearances: Rows of provisions, oldest first, each with ``citation``, ``link``, ``takes_up`` (its :class:`TakenUp` of
            earlier documents) and ``main`` (the one that continues the line; None for the first).
        is_procedure: Whether all links of it are procedure.
    """

    id: str
    appearances: tuple[Row, ...]
    is_procedure: bool

    @property
    def years(self) -> tuple[int, ...]:
        """Years of its appearances, each once."""
        return tuple(sorted({row["year"] for row in self.appearances if row["year"]}))

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Sorts lines for reading: procedure last, many appearances first, then by the first year, undated ones last."""
        return self.is_procedure, -len(self.appearances), min(self.years, default=9999)


@dataclass(frozen=True, slots=True, repr=False)
class History:
    """Lines, in the order of the provisions that were asked for.

    Attributes:
        lines: The lines.
        asked: Ids of the provisions that were asked for.
        version: Version of the dataset.
    """

    lines: tuple[CommitmentLine, ...]
    asked: tuple[str, ...]
    version: int

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary per appearance."""
        rows = []
        for line in self.lines:
            for row in line.appearances:
                main = row["main"]
                rows.append({
                    "line": line.id,
                    "provision": row["id"],
                    **{name: row[name] for name in ("year", "date", "citation", "strength")},
                    "cue": (row["strength_cue"] or {}).get("text", ""),
                    "addressee": list(row["addressee"]),
                    "threat_areas": list(row["threat_areas"]),
                    "takes_up": main.earlier if main else "",
                    "relation": main.relation.value if main else "",
                    "score": main.score if main else None,
                    "strength_change": main.strength_change if main else None,
                    "force_unsure": main.force_unsure if main else None,
                    "new_act": main.new_act if main else "",
                    "new_date": main.new_date if main else "",
                    "change": main.in_words if main else "first appearance",
                    "is_procedure": line.is_procedure,
                    "reading": row["reading"],
                    "link": row["link"],
                })  # fmt: skip
        return rows

    def to_arrow(self) -> pa.Table:
        """The appearances as an Arrow table; the schema is the same without lines."""
        import pyarrow as pa

        text, texts = pa.string(), pa.list_(pa.string())
        schema = pa.schema({
            "line": text, "provision": text, "year": pa.int32(), "date": pa.date32(), "citation": text, "strength": text,
            "cue": text, "addressee": texts, "threat_areas": texts, "takes_up": text, "relation": text, "score": pa.float64(),
            "strength_change": pa.int64(), "force_unsure": pa.bool_(), "new_act": text, "new_date": text, "change": text, "is_procedure": pa.bool_(), "reading": text, "link": text,
        })  # fmt: skip
        return pa.Table.from_pylist(self.to_dicts(), schema=schema)

    def __repr__(self) -> str:
        return f"History({self._summary()})"

    def _repr_html_(self) -> str:
        names = ("line", "year", "citation", "strength", "change", "reading")
        return html_table(names, ([row[name] for name in names] for row in self.to_dicts()), self._summary())

    def _summary(self) -> str:
        return f"{len(self.lines):,} lines, dataset version {self.version}"


def lines_through(store: Store, numbers: Sequence[int], version: int, limit: int | None) -> History:
    """The lines of some provisions, each once, in their order; a provision without links is a line of its own."""
    line_of = dict(store.rows(_LINES, (json.dumps(numbers),)))
    members: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in line_of.items():
        members[line].append(number)
    known = sorted({*line_of, *numbers})
    taken_up: defaultdict[int, list[TakenUp]] = defaultdict(list)
    stored, rows = _links(store, known)
    for earlier, later, record in stored:
        taken_up[later].append(_taken_up(rows[earlier], rows[later], record))
    lines: dict[str | int, CommitmentLine] = {}
    for number in numbers:
        key = line_of.get(number, number)
        if key not in lines and (limit is None or len(lines) < limit):
            # Provisions are numbered by date.
            of_line = members[key] if isinstance(key, str) else [number]
            links = [link for member in of_line for link in taken_up[member]]
            mains = {member: next((link for link in taken_up[member] if link.is_main), None) for member in of_line}
            appearances = tuple(
                rows[member] | {"takes_up": tuple(taken_up[member]), "main": mains[member]} for member in of_line
            )
            is_procedure = bool(links) and all(link.is_procedure for link in links)
            lines[key] = CommitmentLine(line_of.get(number, ""), appearances, is_procedure)
    return History(tuple(lines.values()), tuple(rows[number]["id"] for number in numbers), version)


def links_of(store: Store, numbers: Sequence[int]) -> tuple[dict[str, list[TakenUp]], dict[str, Row]]:
    """All links of some provisions in both directions by the id of the provision, and the rows of all provisions concerned."""
    links, rows = _links(store, numbers)
    by_id: defaultdict[str, list[TakenUp]] = defaultdict(list)
    for earlier, later, record in links:
        link = _taken_up(rows[earlier], rows[later], record)
        by_id[link.earlier].append(link)
        by_id[link.later].append(link)
    return dict(by_id), {row["id"]: row for row in rows.values()}


def _links(store: Store, numbers: Sequence[int]) -> tuple[list[tuple[int, int, Row]], dict[int, Row]]:
    """All links of some provisions, and the rows of both sides."""
    stored = store.rows(_LINKS, (json.dumps(numbers),))
    known = sorted({number for earlier, later, _ in stored for number in (earlier, later)} | set(numbers))
    rows = dict(zip(known, map(cited_row, store.records(known)), strict=True))
    return [(earlier, later, unpack(record)) for earlier, later, record in stored], rows


def _taken_up(earlier: Row, later: Row, link: Row) -> TakenUp:
    before, after = earlier["threat_areas"], later["threat_areas"]
    firmer = later["strength_level"] - earlier["strength_level"]
    is_unsure = any(row["needs_review"] and LabelKind.STRENGTH not in row["corrected"] for row in (earlier, later))
    return TakenUp(
        earlier=earlier["id"],
        later=later["id"],
        relation=Relation(link["relation"]),
        is_main=link["is_main"],
        score=link["score"],
        is_procedure=link["is_procedure"],
        # Where only the labels differ and not the words that give the force, nothing became firmer or softer.
        strength_change=firmer if link["force_changed"] and not is_unsure else 0,
        force_unsure=link["force_changed"] and is_unsure,
        new_act=link["new_act"],
        new_date=link["new_date"],
        areas_added=tuple(area for area in after if area not in before),
        areas_removed=tuple(area for area in before if area not in after),
        addressee_changed=link["addressee_changed"],
        deadline_changed=link["deadline_changed"],
        changed=tuple(tuple(span.values()) for span in link["changed"]),
    )


def cited_row(row: Row) -> Row:
    """A row of ``provisions`` with ``citation`` and ``link``."""
    return row | {"citation": citation(row), "link": provision_link(row["id"])}
