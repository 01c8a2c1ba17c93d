"""Counts of found provisions: facets, and by several values at once."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import NAMED, STRENGTHS, THREAT_AREAS, Basis
from osce_commitments.query.conditions import BY_NAME, NAMED_ANYWHERE, NO_AREA, commitments_sql
from osce_commitments.query.result import Count, Facets
from osce_commitments.query.search.index import area_mask
from osce_commitments.query.selection import ANYTHING_MATCHING, Selection, Where, areas_on
from osce_commitments.query.store import Store

_MASKS = {str(area): area_mask([area]) for area in THREAT_AREAS}
_COLUMNS = {
    "strength": "p.strength",
    "threat_areas": "{areas}",
    **{name: f"p.{name}" for name in ("year", "body", "meeting", "type", "adopted", "form")},
    "commitments": commitments_sql(True)[0],  # noqa: FBT003 - a condition's value
    "basis": "{bases}",
}
_BASES = {NAMED_ANYWHERE: NAMED, **{str(basis): (basis,) for basis in Basis}}
_BITS = {"threat_areas": _MASKS, "basis": {name: 1 << bit for bit, name in enumerate(_BASES)}}
_JOINS = {
    "addressee": "JOIN addressees a ON a.provision = p.number",
    "document": "JOIN documents d ON d.number = p.document",
}
_BY_NAME = "GROUP BY a.name ORDER BY count(*) DESC, a.name"
# Words alone need no table of provisions.
_NAMES_OF_MATCHES = f"""
    SELECT a.name, count(*) FROM addressees a WHERE a.provision IN (SELECT rowid FROM found WHERE found MATCH ?) {_BY_NAME}
"""  # noqa: S608 - ours
Counts = Counter[tuple[str, ...]]


def count_facets(store: Store, selection: Selection, find: Callable[[Selection], Where]) -> Facets:
    """All facets, each counted without its own condition.

    Raises:
        QueryError: If the text query is not valid.
    """
    whole, facets = find(selection), [facet.name for facet in fields(Facets)]
    bases = _bases(selection.values.get("area", THREAT_AREAS))
    names_by_condition: defaultdict[Where, list[str]] = defaultdict(list)
    for name in facets:
        own = [condition.name for condition in BY_NAME.values() if condition.facet == name]
        is_own = not selection.values.keys().isdisjoint(own)
        names_by_condition[find(selection.without(own)) if is_own else whole].append(name)
    found: dict[str, tuple[Count, ...]] = {}
    for condition, names in names_by_condition.items():
        columns = {
            name: sql.format(areas=condition.areas, bases=bases) for name, sql in _COLUMNS.items() if name in names
        }
        found |= _counted(store, condition, columns)
        if "addressee" in names:
            if condition.sql == ANYTHING_MATCHING:
                rows = store.rows(_NAMES_OF_MATCHES, condition.values)
            else:
                rows = store.select("a.name, count(*)", condition, _BY_NAME, joins=_JOINS["addressee"])
            found["addressee"] = tuple(Count(*row) for row in rows)
    return Facets(**found)


def _counted(store: Store, condition: Where, columns: Mapping[str, str]) -> dict[str, tuple[Count, ...]]:
    """Facets that count values of a column, in one pass over what meets the condition."""
    if not columns:
        return {}
    places = ", ".join(str(place) for place in range(1, len(columns) + 1))
    counts: list[Counter[Any]] = [Counter() for _ in columns]
    for *values, count in store.select(f"{', '.join(columns.values())}, count(*)", condition, f"GROUP BY {places}"):
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
        return tuple(Count(f"{meeting.place} {meeting.year}", counts[meeting.ordinal]) for meeting in meetings)
    if name == "strength":
        return tuple(Count(str(label), counts[level]) for level, label in enumerate(STRENGTHS))
    if name in _BITS:
        found = {label: sum(counts[count] for count in counts if count & bit) for label, bit in _BITS[name].items()}
        none = {NO_AREA: counts[0]} if name == "threat_areas" else {}
        return tuple(Count(*pair) for pair in (found | none).items())
    if name == "year":
        return tuple(Count(str(year), counts[year]) for year in sorted(year for year in counts if year is not None))
    return tuple(Count(value, count) for value, count in counts.most_common() if value)


def count_by(store: Store, condition: Where, names: Sequence[str]) -> Counts:
    """Counts of what meets a condition by some values at once, oldest document first; see :meth:`Reader.count`."""
    columns = [
        (_COLUMNS | {"addressee": "a.name", "document": "d.id"})[name].format(areas=condition.areas) for name in names
    ]
    joins = " ".join(_JOINS.get(name, "") for name in names)
    places = ", ".join("p.document" if name == "document" else str(place) for place, name in enumerate(names, 1))
    rest = f"{f'GROUP BY {places}' if names else ''}{' ORDER BY p.document' if 'document' in names else ''}"
    counts: Counts = Counter()
    for *values, count in store.select(", ".join([*columns, "count(*)"]), condition, rest, joins=joins):
        for labels in itertools.product(*map(_labels, names, values)):
            counts[labels] += count
    return counts


def _labels(name: str, value: Any) -> Sequence[str]:  # noqa: ANN401 - of any column
    """The values that a value of the index stands for."""
    if name == "threat_areas":
        return [area for area, bit in _MASKS.items() if value & bit] or [NO_AREA]
    return () if value is None else (str(STRENGTHS[value]) if name == "strength" else str(value),)
