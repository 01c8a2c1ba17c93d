"""Counts of what was found, by the values that a person filters with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.query.filters import NO_AREA, Filters
from osce_commitments.query.result import Count, Facets
from osce_commitments.query.search.index import area_mask
from osce_commitments.query.search.where import where

if TYPE_CHECKING:
    from osce_commitments.query.search.store import Store

_ANY = Filters()
# The fields of the filters that a facet leaves aside.
_OWN: Mapping[str, tuple[str, ...]] = {
    "strength": ("levels",),
    "threat_areas": ("threats", "without_area"),
    "year": ("since", "until"),
    "body": ("bodies",),
    "addressee": ("addressee", "addressee_name"),
}
_COLUMNS = {"strength": "p.strength", "threat_areas": "p.areas", "year": "p.year", "body": "p.body"}
_NAMES = """
    SELECT a.name, count(*) FROM provisions p JOIN addressees a ON a.provision = p.number
    WHERE {} GROUP BY a.name ORDER BY count(*) DESC, a.name
"""


def count_facets(store: Store, filters: Filters) -> Facets:
    """Every facet, each counted without its own condition.

    Raises:
        QueryError: If the text query has no meaning.
    """
    found = {name: _count(store, replace(filters, **_without(own)), name) for name, own in _OWN.items()}
    return Facets(**found)


def _without(fields: Iterable[str]) -> dict[str, Any]:
    return {field: getattr(_ANY, field) for field in fields}


def _count(store: Store, filters: Filters, name: str) -> tuple[Count, ...]:
    condition = where(filters, store.words).matching
    if name == "addressee":
        return tuple(Count(*row) for row in store.rows(_NAMES.format(condition.sql), condition.values))
    column = _COLUMNS[name]
    statement = f"SELECT {column}, count(*) FROM provisions p WHERE {condition.sql} GROUP BY {column}"  # noqa: S608 - ours
    return _counts(name, dict(store.rows(statement, condition.values)))


def _counts(name: str, found: Mapping[Any, int]) -> tuple[Count, ...]:
    counts = Counter(found)
    if name == "strength":
        return tuple(Count(str(label), counts[level]) for level, label in enumerate(STRENGTHS))
    if name == "threat_areas":
        areas = tuple(Count(str(area), _with(counts, area_mask([area]))) for area in THREAT_AREAS)
        return (*areas, Count(NO_AREA, counts[0]))
    if name == "year":
        return tuple(Count(str(year), counts[year]) for year in sorted(year for year in counts if year is not None))
    return tuple(Count(body, count) for body, count in counts.most_common() if body)


def _with(counts: Mapping[int, int], mask: int) -> int:
    return sum(count for areas, count in counts.items() if areas & mask)
