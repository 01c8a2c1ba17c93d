"""Read-only SQL over a dataset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.dataset import delta
from osce_commitments.errors import ConfigError
from osce_commitments.query.views import VIEWS, connect

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from osce_commitments.dataset import Dataset
    from osce_commitments.dataset.versions import VersionSpec


_UNREADABLE = re.compile(r"reading the stream registered as '(?P<table>\w+)' failed")


def run_sql(dataset: Dataset, statement: str, version: VersionSpec = None) -> pa.Table:
    """Rows of one SELECT (or WITH … SELECT) over the views of a version; nothing else can be read or changed.

    Raises:
        ConfigError: If the statement is empty, invalid or not a SELECT; the message lists views or columns.
        DatasetError: If the version does not exist.
    """
    import duckdb

    with connect(dataset, version, with_lines="lineage" in statement.lower()) as connection:
        try:
            _check_statement(connection, statement)
            return _fetch(connection, statement)
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0].rstrip(".!")
            unreadable = _UNREADABLE.search(first)
            if unreadable:
                raise delta.damaged(dataset.path / unreadable["table"], error) from error
            raise ConfigError(first, _hint(connection, statement, first)) from error


def _check_statement(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    import duckdb

    found = connection.extract_statements(statement)
    if len(found) == 1 and found[0].type == duckdb.StatementType.SELECT:
        return
    msg = "give one statement, not " + str(len(found)) if len(found) != 1 else "only SELECT is allowed"
    raise ConfigError(msg, f"views: {', '.join(VIEWS)}")


def _fetch(connection: duckdb.DuckDBPyConnection, statement: str) -> pa.Table:
    try:
        table: pa.Table = connection.sql(statement).to_arrow_table()
        table = table.rename_columns(_distinct(table.column_names))
    except RuntimeError as error:
        # DuckDB reports Ctrl-C only in its message.
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
    return table


def _distinct(names: Sequence[str]) -> list[str]:
    """The names with a number after those that come again: formats with one value per name would lose the others."""
    found: list[str] = []
    for name in names:
        count, given = 1, name
        while given in found:
            count += 1
            given = f"{name}_{count}"
        found.append(given)
    return found


def _hint(connection: duckdb.DuckDBPyConnection, statement: str, message: str) -> str:
    if "column" not in message.lower():
        return f"views: {', '.join(VIEWS)}"
    used = [view for view in VIEWS if re.search(rf"\b{view}\b", statement, re.IGNORECASE)]
    parts = []
    for view in used:
        names = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [view]).fetchall()
        parts.append(f"columns of {view}: {', '.join(name for (name,) in names)}")
    return "; ".join(parts) or f"views: {', '.join(VIEWS)}"
