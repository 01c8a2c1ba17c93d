"""Ask a dataset by SQL or by the id of a provision; :class:`Reader` searches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.errors import ConfigError
from osce_commitments.query.reader import Reader
from osce_commitments.query.views import VIEWS, connect
from osce_commitments.schema import ClassifiedProvision, Row
from osce_commitments.tables import classified_from_row

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from osce_commitments.dataset import Dataset
    from osce_commitments.dataset.versions import VersionSpec


_CONTEXT_CHARACTERS = 400


def run_sql(dataset: Dataset, statement: str, version: VersionSpec = None) -> pa.Table:
    """Rows of one SELECT (or WITH … SELECT) over the views of a version; nothing can be changed or read besides.

    Raises:
        ConfigError: If the statement is none, wrong, or would do more; the message lists views or columns.
        DatasetError: If there is no such version.
    """
    import duckdb

    with connect(dataset, version) as connection:
        try:
            _check_statement(connection, statement)
            return _fetch(connection, statement)
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0].rstrip(".!")
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
    except RuntimeError as error:
        # DuckDB names an interrupt by a person only in words.
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
    return table


def _hint(connection: duckdb.DuckDBPyConnection, statement: str, message: str) -> str:
    if "column" not in message.lower():
        return f"views: {', '.join(VIEWS)}"
    used = [view for view in VIEWS if re.search(rf"\b{view}\b", statement, re.IGNORECASE)]
    parts = []
    for view in used:
        names = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [view]).fetchall()
        parts.append(f"columns of {view}: {', '.join(name for (name,) in names)}")
    return "; ".join(parts) or f"views: {', '.join(VIEWS)}"


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """A provision in its context.

    Attributes:
        provision: Its row.
        record: The same as a record.
        document: Row of its document, without text, blocks and pages.
        before, after: Text that surrounds it.
    """

    provision: Row
    record: ClassifiedProvision
    document: Row
    before: str
    after: str


def show_provision(dataset: Dataset, provision: str, version: VersionSpec = None) -> ProvisionView:
    """One provision with what surrounds it.

    Args:
        dataset: The dataset.
        provision: Its id, or a beginning of it that no other has.
        version: See :meth:`Dataset.info`.

    Raises:
        DatasetError: If there is none, or several begin so.
    """
    reader = Reader(dataset.path, version)
    row = reader.provision(provision)
    document = reader.document(row["document"])
    text = document.pop("text")
    kept = {name: value for name, value in document.items() if name not in ("blocks", "pages")}
    before = text[max(0, row["start"] - _CONTEXT_CHARACTERS) : row["start"]]
    after = text[row["end"] : row["end"] + _CONTEXT_CHARACTERS]
    if row["start"] > _CONTEXT_CHARACTERS:
        before = before.partition(" ")[2]
    if row["end"] + _CONTEXT_CHARACTERS < len(text):
        after = after.rpartition(" ")[0]
    return ProvisionView(row, classified_from_row(row), kept, before, after)
