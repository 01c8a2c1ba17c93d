"""Parsed conditions of a search, and their SQL over the search index; values are always bound parameters."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Unpack

from osce_commitments.errors import ConfigError
from osce_commitments.labels import Basis
from osce_commitments.query.condition_values import AREAS, Sql
from osce_commitments.query.conditions import BY_NAME, Conditions, without_empty
from osce_commitments.query.search.language import QueryNode, compile_query, parse_query, within_limit

_MATCHING = "p.number IN (SELECT rowid FROM found WHERE found MATCH ?)"
ANYTHING = "1"
ANYTHING_MATCHING = f"{ANYTHING} AND {_MATCHING}"
# Weights of title, heading, lead-in, text, reading. The text of an item counts twice, because its reading repeats it.
RANK = "bm25(found, 1.0, 1.0, 1.0, 1.0, 1.0)"


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on a provision; all that are given must hold.

    Attributes:
        text: The text query; None for any text.
        values: The other conditions by name, as their ``read`` returns them.
    """

    text: QueryNode | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, *, text: str = "", **conditions: Unpack[Conditions]) -> Filters:
        """Parse conditions as a person writes them.

        Args:
            text: A query: words, "phrases", AND OR NOT, brackets, beginnings*, ``title: heading: lead_in: text:``.
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: If a name or form is wrong; the message lists the choices.
            QueryError: If the text is not a valid query; the message says where.
            TypeError: If a condition does not exist.
        """
        read = {name: BY_NAME[name].read(given, name) for name, given in without_empty(conditions).items()}
        found = {name: value for name, value in read.items() if value is not None}
        for name in found:
            _check_order(found, name, BY_NAME[name].end)
        return cls(parse_query(text), found)

    def without(self, names: Collection[str]) -> Filters:
        """The filters without some conditions."""
        return replace(self, values={name: value for name, value in self.values.items() if name not in names})


def _check_order(found: Mapping[str, Any], first: str, last: str) -> None:
    if last in found and found[first] > found[last]:
        msg = f"{first} {found[first]} is after {last} {found[last]}"
        raise ConfigError(msg, f"give the earlier day with {first}")


@dataclass(frozen=True, slots=True)
class Where:
    """An SQL condition over ``provisions p``.

    Attributes:
        match: Full-text expression for ranking; may be empty.
        areas: Expression for the mask of a provision's areas, of which only those on the chosen bases count.
        due: Expression for the last day of a provision's first deadline within the chosen days, with its values.
    """

    sql: str
    values: tuple[Any, ...]
    match: str = ""
    areas: str = "p.areas"
    due: Sql = ("NULL", ())

    @property
    def matching(self) -> Where:
        """The same with the full-text expression as part of the condition."""
        if not self.match:
            return self
        return replace(self, sql=f"{self.sql} AND {_MATCHING}", values=(*self.values, self.match), match="")


def where(filters: Filters, expand: Callable[[str], Sequence[str]]) -> Where:
    """The condition for some filters.

    Args:
        filters: Parsed conditions.
        expand: Returns the words of the index with a prefix.

    Raises:
        QueryError: If the text query is not valid.
    """
    parts = list(_parts(filters.values))
    match = ""
    if filters.text is not None:
        expression = compile_query(filters.text, within_limit(expand))
        match = expression.match
        if match and expression.unless:
            match = f"({match}) NOT ({expression.unless})"
        elif expression.unless:
            parts.append((f"NOT ({_MATCHING})", (expression.unless,)))
    areas = areas_on(filters.values.get("basis", ()))
    statement = " AND ".join(f"({sql})" for sql, _ in parts).replace(AREAS, areas) or ANYTHING
    due = _due(filters.values.get("due_since"), filters.values.get("due_until"))
    return Where(statement, tuple(value for _, values in parts for value in values), match, areas, due)


def _parts(values: Mapping[str, Any]) -> Iterator[Sql]:
    """The conditions; the days of a period in which one row must lie are one condition."""
    joined = {BY_NAME[name].end for name in values if BY_NAME[name].between}
    for name, value in values.items():
        condition = BY_NAME[name]
        if condition.between:
            yield condition.between(value, values.get(condition.end))
        elif name not in joined:
            yield condition.sql(value)


def _due(first: dt.date | None, last: dt.date | None) -> Sql:
    days = [(sql, str(day)) for sql, day in (("last_day >= ?", first), ("first_day <= ?", last)) if day]
    within = "".join(f" AND {sql}" for sql, _ in days)
    return f"(SELECT min(last_day) FROM deadlines WHERE provision = p.number{within})", tuple(day for _, day in days)  # noqa: S608 - ours


def areas_on(bases: Iterable[Basis]) -> str:
    """Expression for the mask of the areas on some bases; without any, of all areas."""
    return f"({' | '.join(f'p.areas_{basis}' for basis in bases) or 'p.areas'})"


def add_functions(connection: sqlite3.Connection) -> None:
    """Add the functions that conditions use; SQLite's own ``lower`` handles only ASCII."""
    connection.create_function("fold", 1, str.lower, deterministic=True)
