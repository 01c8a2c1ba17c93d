"""Ask a dataset: by filters, by SQL, by the id of a provision. Values are always bound, never put into SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.query.views import VIEWS, connect
from osce_commitments.tables import classified_from_row

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from osce_commitments.dataset import Dataset
    from osce_commitments.dataset.versions import VersionSpec
    from osce_commitments.query.filters import Filters
    from osce_commitments.schema import ClassifiedProvision

Row = dict[str, Any]
Condition = tuple[str, list[Any]]

_CONTEXT_CHARACTERS = 400
_LISTED = 5
_SELECT = """
    SELECT p.id, d.symbol, d.body, d.type, d.date, p.year, p.title, p.role, p.heading, p.number, p.lead_in, p.text,
           p.tail, p.note_mark, p.note_of, p.delegation, p.about, p.strength, p.threat_areas, p.addressee, p.qualifiers,
           p.page, p.needs_review, d.is_adopted, p.document, d.source
    FROM provisions p JOIN documents d ON d.id = p.document
"""
_ORDER = " ORDER BY d.date NULLS LAST, p.year NULLS LAST, d.symbol, p.document, p.index"
# RE2 knows word borders of ASCII letters only.
_BORDER = r"[^\pL\pN]"


def select(dataset: Dataset, filters: Filters, version: VersionSpec = None, limit: int | None = None) -> pa.Table:
    """Provisions that meet the conditions, oldest document first.

    Raises:
        DatasetError: If there is no such version.
    """
    found = _conditions(filters)
    statement = _SELECT + "WHERE " + " AND ".join(f"({sql})" for sql, _ in found) + _ORDER
    values = [value for _, given in found for value in given]
    if limit is not None:
        statement, values = statement + " LIMIT ?", [*values, limit]
    with connect(dataset, version) as connection:
        return _fetch(connection, statement, values)


def _conditions(filters: Filters) -> list[Condition]:
    has_addressee = "contains(lower(name), lower(?)) OR lower(name) = lower(?)"
    has_document = "d.id = ? OR lower(d.symbol) = lower(?) OR d.source = ? OR ends_with(d.source, ?)"
    addressee, document = filters.addressee, filters.document
    candidates: list[tuple[object, str, list[Any]]] = [
        (filters.threats, "list_has_any(p.threat_areas, ?)", [list(map(str, filters.threats))]),
        (True, "p.strength_level BETWEEN ? AND ?", list(filters.levels)),
        (
            addressee,
            f"len(list_filter(p.addressee, lambda name: {has_addressee})) > 0",
            [addressee, filters.addressee_name or addressee],
        ),
        (filters.bodies, "list_contains(?, d.body)", [list(filters.bodies)]),
        (filters.since, "coalesce(d.date, make_date(p.year, 12, 31)) >= ?", [filters.since]),
        (filters.until, "coalesce(d.date, make_date(p.year, 1, 1)) <= ?", [filters.until]),
        (filters.roles, "list_contains(?, p.role)", [list(map(str, filters.roles))]),
        (document, has_document, [document, document, document, f"/{document}"]),
        (filters.qualifiers, "list_has_any(p.qualifiers, ?)", [list(map(str, filters.qualifiers))]),
        (filters.needs_review is not None, "p.needs_review = ?", [filters.needs_review]),
        (filters.is_adopted is not None, "d.is_adopted = ?", [filters.is_adopted]),
    ]
    words = [("regexp_matches(p.reading, ?, 'i')", [_word_pattern(word)]) for word in filters.words]
    return [(sql, values) for is_given, sql, values in candidates if is_given] + words


def _word_pattern(word: str) -> str:
    beginning = word.removesuffix("*")
    end = "" if word != beginning else f"(?:$|{_BORDER})"
    return f"(?:^|{_BORDER}){re.escape(beginning)}{end}"


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
            return _fetch(connection, statement, [])
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


def _fetch(connection: duckdb.DuckDBPyConnection, statement: str, values: list[Any]) -> pa.Table:
    try:
        table: pa.Table = connection.sql(statement, params=values).to_arrow_table()
    except RuntimeError as error:
        # DuckDB tells an interrupt by a person only in words.
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


def show(dataset: Dataset, provision: str, version: VersionSpec = None) -> ProvisionView:
    """One provision with what surrounds it.

    Args:
        dataset: The dataset.
        provision: Its id, or a beginning of it that no other has.
        version: See :meth:`Dataset.info`.

    Raises:
        DatasetError: If there is none, or several begin so.
    """
    with connect(dataset, version) as connection:
        statement = "SELECT * FROM provisions WHERE starts_with(id, ?) ORDER BY id LIMIT ?"
        rows = _fetch(connection, statement, [provision.strip(), _LISTED]).to_pylist() if provision.strip() else []
        row = _only(provision, rows)
        documents = _fetch(connection, "SELECT * FROM documents WHERE id = ?", [row["document"]])
    (document,) = documents.to_pylist(maps_as_pydicts="strict")
    text = document.pop("text")
    kept = {name: value for name, value in document.items() if name not in ("blocks", "pages")}
    before = text[max(0, row["start"] - _CONTEXT_CHARACTERS) : row["start"]]
    after = text[row["end"] : row["end"] + _CONTEXT_CHARACTERS]
    if row["start"] > _CONTEXT_CHARACTERS:
        before = before.partition(" ")[2]
    if row["end"] + _CONTEXT_CHARACTERS < len(text):
        after = after.rpartition(" ")[0]
    return ProvisionView(row, classified_from_row(row), kept, before, after)


def _only(wanted: str, rows: list[Row]) -> Row:
    exact = [row for row in rows if row["id"] == wanted.strip()]
    if len(rows) == 1 or exact:
        return (exact or rows)[0]
    if not rows:
        msg = f"there is no provision {wanted!r} in this version"
        raise DatasetError(msg, "find ids with osce-commitments query")
    msg = f"several provisions begin with {wanted!r}"
    raise DatasetError(msg, f"give more of the id: {', '.join(row['id'] for row in rows)}")
