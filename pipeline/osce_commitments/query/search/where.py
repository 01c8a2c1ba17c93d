"""Filters as SQL over the search index. Values are always bound, never put into the statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import STRENGTHS
from osce_commitments.query.search.index import area_mask, qualifier_mask
from osce_commitments.query.search.language import compile_query

if TYPE_CHECKING:
    from osce_commitments.query.filters import Filters

_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": "\\\\"})
_MATCHING = "p.number IN (SELECT rowid FROM found WHERE found MATCH ?)"
# Weights of title, heading, lead-in, text, reading: what an item says itself counts twice, since its reading has it too.
RANK = "bm25(found, 1.0, 1.0, 1.0, 1.0, 1.0)"


@dataclass(frozen=True, slots=True)
class Where:
    """A condition of SQL over ``provisions p``, and the full-text expression that ranks what meets it (empty if none)."""

    sql: str
    values: tuple[Any, ...]
    match: str = ""

    @property
    def matching(self) -> Where:
        """The same with the full-text expression as a condition among the others."""
        return Where(f"{self.sql} AND {_MATCHING}", (*self.values, self.match)) if self.match else self


def where(filters: Filters, expand: Callable[[str], Sequence[str]]) -> Where:
    """The condition that filters mean.

    Args:
        filters: What a person asked for.
        expand: The words of the index that begin so.

    Raises:
        QueryError: If the text query has no meaning.
    """
    parts = [(sql, values) for is_given, sql, values in _candidates(filters) if is_given]
    match = ""
    if filters.text is not None:
        expression = compile_query(filters.text, expand)
        match = expression.match
        if match and expression.unless:
            match = f"({match}) NOT ({expression.unless})"
        elif expression.unless:
            parts.append((f"NOT ({_MATCHING})", (expression.unless,)))
    statement = " AND ".join(f"({sql})" for sql, _ in parts) or "1"
    return Where(statement, tuple(value for _, values in parts for value in values), match)


def _candidates(filters: Filters) -> Iterable[tuple[object, str, tuple[Any, ...]]]:
    levels = filters.levels
    yield levels != (0, len(STRENGTHS) - 1), "p.strength BETWEEN ? AND ?", levels
    yield filters.threats or filters.without_area, _areas(filters), (area_mask(filters.threats),)
    yield filters.qualifiers, "p.qualifiers & ?", (qualifier_mask(filters.qualifiers),)
    yield filters.roles, _one_of("p.role", filters.roles), tuple(map(str, filters.roles))
    yield filters.bodies, _one_of("p.body", filters.bodies), filters.bodies
    yield filters.since, "p.last_day >= ?", (str(filters.since),)
    yield filters.until, "p.first_day <= ?", (str(filters.until),)
    yield filters.needs_review is not None, "p.needs_review = ?", (filters.needs_review,)
    yield filters.is_adopted is not None, "p.is_adopted = ?", (filters.is_adopted,)
    yield filters.has_deadline is not None, "p.has_deadline = ?", (filters.has_deadline,)
    yield filters.model, r"p.model = ? OR p.model LIKE ? ESCAPE '\'", _model(filters.model)
    yield filters.cites, _among("provision", "citations", "symbol = ?"), (filters.cites,)
    yield filters.addressee, _among("provision", "addressees", _NAMED), _names(filters)
    yield filters.document, _DOCUMENT, (*[filters.document] * 3, _like("%/", filters.document))
    yield filters.due_since, _among("provision", "deadlines", "last_day >= ?"), (str(filters.due_since),)
    yield filters.due_until, _among("provision", "deadlines", "first_day <= ?"), (str(filters.due_until),)


_NAMED = r"fold(name) LIKE ? ESCAPE '\' OR fold(name) = ?"
_DOCUMENT = (
    "p.document IN (SELECT number FROM documents WHERE symbol = ? OR id = ? OR source = ? OR source LIKE ? ESCAPE '\\')"
)


def _areas(filters: Filters) -> str:
    return "p.areas & ? OR p.areas = 0" if filters.without_area else "p.areas & ?"


def _one_of(column: str, values: Sequence[Any]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"


def _among(column: str, table: str, condition: str) -> str:
    return f"p.number IN (SELECT {column} FROM {table} WHERE {condition})"  # noqa: S608 - names and conditions are ours


def _like(before: str, text: str, after: str = "") -> str:
    return f"{before}{text.translate(_ESCAPED)}{after}"


def _model(name: str) -> tuple[str, str]:
    return name, _like("", name, "@%")


def _names(filters: Filters) -> tuple[str, str]:
    named = filters.addressee_name or filters.addressee
    return _like("%", filters.addressee.lower(), "%"), named.lower()


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that conditions use; the engine's own ``lower`` knows ASCII only."""
    connection.create_function("fold", 1, str.lower, deterministic=True)
