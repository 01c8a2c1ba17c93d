"""Counts of found provisions: by one value, by two at once, and by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import NAMED, STRENGTHS, THREAT_AREAS, Basis
from osce_commitments.query.condition_values import NAMED_ANYWHERE, NO_AREA, commitments_sql
from osce_commitments.query.conditions import BY_NAME
from osce_commitments.query.result import Count, Facets
from osce_commitments.query.search.index import area_mask
from osce_commitments.query.store import Store
from osce_commitments.query.where import ANYTHING_MATCHING, Filters, Where, areas_on

_MASKS = {str(area): area_mask([area]) for area in THREAT_AREAS}
_COLUMNS = {
    "strength": "p.strength",
    "threat_areas": "{areas}",
    **{name: f"p.{name}" for name in ("year", "body", "meeting", "type", "adopted")},
    "commitments": commitments_sql(True)[0],  # noqa: FBT003 - a condition's value
    "basis": "{bases}",
}
_BASES = {NAMED_ANYWHERE: NAMED, **{str(basis): (basis,) for basis in Basis}}
_BITS = {"threat_areas": _MASKS, "basis": {name: 1 << bit for bit, name in enumerate(_BASES)}}
_NAMES = "SELECT a.name, count(*) FROM {} WHERE {} GROUP BY a.name ORDER BY count(*) DESC, a.name"
_GROUPS = "SELECT {0.areas}, p.strength, p.year, count(*) FROM provisions p WHERE {0.sql} GROUP BY 1, 2, 3"
_ADDRESSEES = """
    SELECT a.name, {0.areas}, count(*) FROM provisions p JOIN addressees a ON a.provision = p.number
    WHERE {0.sql} GROUP BY 1, 2
"""
_DOCUMENTS = """
    SELECT d.id, {0.areas}, p.strength, count(*) FROM provisions p JOIN documents d ON d.number = p.document
    WHERE {0.sql} GROUP BY p.document, 2, 3 ORDER BY p.document
"""
Counts = Counter[tuple[str, str]]
Find = Callable[[Filters], Where]  # the condition for what a search with these filters shows


def count_facets(store: Store, filters: Filters, find: Find) -> Facets:
    """All facets, each counted without its own condition.

    Raises:
        QueryError: If the text query is not valid.
    """
    whole, facets = find(filters), [facet.name for facet in fields(Facets)]
    bases = _bases(filters.values.get("area", THREAT_AREAS))
    names_by_condition: defaultdict[Where, list[str]] = defaultdict(list)
    for name in facets:
        own = [condition.name for condition in BY_NAME.values() if condition.facet == name]
        is_own = not filters.values.keys().isdisjoint(own)
        names_by_condition[find(filters.without(own)) if is_own else whole].append(name)
    found: dict[str, tuple[Count, ...]] = {}
    for condition, names in names_by_condition.items():
        columns = {
            name: sql.format(areas=condition.areas, bases=bases) for name, sql in _COLUMNS.items() if name in names
        }
        found |= _counted(store, condition, columns)
        if "addressee" in names:
            table, met = "provisions p JOIN addressees a ON a.provision = p.number", condition.sql
            if met == ANYTHING_MATCHING:
                table, met = "addressees a", met.replace("p.number", "a.provision")
            found["addressee"] = tuple(Count(*row) for row in store.rows(_NAMES.format(table, met), condition.values))
    return Facets(**found)


def _counted(store: Store, condition: Where, columns: Mapping[str, str]) -> dict[str, tuple[Count, ...]]:
    """Facets that count values of a column, in one pass over what meets the condition."""
    if not columns:
        return {}
    places = ", ".join(str(place) for place in range(1, len(columns) + 1))
    statement = (
        f"SELECT {', '.join(columns.values())}, count(*) FROM provisions p WHERE {condition.sql} GROUP BY {places}"  # noqa: S608 - ours
    )
    counts: list[Counter[Any]] = [Counter() for _ in columns]
    for *values, count in store.rows(statement, condition.values):
        for counter, value in zip(counts, values, strict=True):
            counter[value] += count
    return {name: _in_order(name, counter) for name, counter in zip(columns, counts, strict=True)}


def _bases(areas: Sequence[str]) -> str:
    """Expression for what one of the areas stands on, a bit for each of ``_BASES``."""
    mask = area_mask(areas)
    return " | ".join(f"((({areas_on(bases)} & {mask}) != 0) << {bit})" for bit, bases in enumerate(_BASES.values()))


def _in_order(name: str, counts: Counter[Any]) -> tuple[Count, ...]:
    if name == "commitments":
        return Count("yes", counts[1]), Count("any", counts.total())
    if name == "meeting":
        meetings = (meeting for meeting in reversed(load_catalogue().meetings) if meeting.ordinal in counts)
        return tuple(Count(f"{one.place} {one.year}", counts[one.ordinal]) for one in meetings)
    if name == "strength":
        return tuple(Count(str(label), counts[level]) for level, label in enumerate(STRENGTHS))
    if name in _BITS:
        found = {label: sum(counts[count] for count in counts if count & bit) for label, bit in _BITS[name].items()}
        none = {NO_AREA: counts[0]} if name == "threat_areas" else {}
        return tuple(Count(*pair) for pair in (found | none).items())
    if name == "year":
        return tuple(Count(str(year), counts[year]) for year in sorted(year for year in counts if year is not None))
    return tuple(Count(value, count) for value, count in counts.most_common() if value)


@dataclass(frozen=True, slots=True)
class CrossCounts:
    """Counts by two values at once; a provision with several areas or addressees counts in each.

    Attributes:
        area_strength: By area and strength; ``none`` for provisions without an area.
        area_year: By area and year; undated documents are left out.
        addressee_area: By addressee and area.
    """

    area_strength: Counts
    area_year: Counts
    addressee_area: Counts


@dataclass(slots=True)
class DocumentCounts:
    """Counts of the provisions found in one document, by threat area and strength."""

    document: str
    total: int = 0
    areas: Counter[str] = field(default_factory=Counter)
    strengths: Counter[str] = field(default_factory=Counter)


def count_cross(store: Store, condition: Where) -> CrossCounts:
    """Counts by two values of the provisions that meet a condition."""
    cross_counts = CrossCounts(Counter(), Counter(), Counter())
    for mask, level, year, count in store.rows(_GROUPS.format(condition), condition.values):
        for area in _areas(mask):
            cross_counts.area_strength[area, str(STRENGTHS[level])] += count
            if year is not None:
                cross_counts.area_year[area, str(year)] += count
    for name, mask, count in store.rows(_ADDRESSEES.format(condition), condition.values):
        for area in _areas(mask):
            cross_counts.addressee_area[name, area] += count
    return cross_counts


def count_documents(store: Store, condition: Where) -> Mapping[str, DocumentCounts]:
    """Counts for each document with provisions that meet a condition, oldest document first."""
    found: defaultdict[str, DocumentCounts] = defaultdict(lambda: DocumentCounts(""))
    for document, mask, level, count in store.rows(_DOCUMENTS.format(condition), condition.values):
        counts = found[document]
        counts.document = document
        counts.total += count
        counts.strengths[str(STRENGTHS[level])] += count
        for area in _areas(mask):
            counts.areas[area] += count
    return found


def _areas(mask: int) -> list[str]:
    return [area for area, bit in _MASKS.items() if mask & bit] or [NO_AREA]
