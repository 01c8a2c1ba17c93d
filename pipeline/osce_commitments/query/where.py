"""Filters as SQL over the search index. Values are always bound, never put into the statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from osce_commitments.query.conditions import BY_NAME
from osce_commitments.query.filters import Filters
from osce_commitments.query.search.language import compile_query

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
    parts = [BY_NAME[name].sql(value) for name, value in filters.values.items()]
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


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that conditions use; the engine's own ``lower`` knows ASCII only."""
    connection.create_function("fold", 1, str.lower, deterministic=True)
