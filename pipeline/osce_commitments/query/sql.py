"""Read-only SQL over the views of a dataset version."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.dataset import Dataset, delta
from osce_commitments.dataset.versions import VersionSpec
from osce_commitments.errors import ConfigError
from osce_commitments.fields import COMMITMENT_COLUMNS, INHERITED_COLUMNS
from osce_commitments.labels import act_sql, counted_sql
from osce_commitments.lineage import line_ids

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

VIEWS = (
    "documents",
    "provisions",
    "operative_acts",
    "commitments",
    "mentions",
    "lineage",
    "corrections",
    "rejects",
    "runs",
    "versions",
)

_CATALOGUE, _LINKS, _LINES = "catalogue_instruments", "lineage_links", "lineage_lines"
# The document's id comes last, as in earlier versions.
_COLUMNS = sorted(COMMITMENT_COLUMNS, key=lambda column: column.name == "document")
_SELECTED = ", ".join(f"{'d' if column in INHERITED_COLUMNS else 'p'}.{column.name}" for column in _COLUMNS)
# A level that needs review, unless a person set it, says nothing firm on a change of force.
_UNSURE = (
    "(" + " OR ".join(f"({row}.needs_review AND NOT list_contains({row}.corrected, 'strength'))" for row in "ab") + ")"
)
_DEFINITIONS = {
    # Operative text that asks for or promises an act; a commitment, if the document is adopted.
    "operative_acts": f"""
        SELECT {_SELECTED} FROM provisions p JOIN documents d ON d.id = p.document
        WHERE {act_sql("p.role", "p.strength_level")}
    """,  # noqa: S608 - nothing comes from outside
    "commitments": f"SELECT * FROM operative_acts o WHERE {counted_sql('o')}",  # noqa: S608 - nothing comes from outside
    "mentions": f"""
        SELECT m.provision, m.document, d.symbol AS citing_symbol, m.mention.symbol AS symbol,
               m.mention.text AS text, m.mention.note AS note, m.mention.symbol <> '' AS is_resolved, c.title
        FROM (SELECT id AS provision, document, unnest(mentions) AS mention FROM provisions) m
        JOIN documents d ON d.id = m.document
        LEFT JOIN {_CATALOGUE} c ON c.symbol = m.mention.symbol
    """,  # noqa: S608 - nothing comes from outside
    # What depends on labels is taken from the labels of today. A change of level counts only where the words that give the
    # force differ too.
    "lineage": f"""
        SELECT n.line, l.earlier, l.later, l.relation, l.score,
               CASE WHEN l.force_changed AND NOT {_UNSURE} THEN b.strength_level - a.strength_level ELSE 0 END
                   AS strength_change,
               l.force_changed AND {_UNSURE} AS force_unsure, l.new_act, l.new_date,
               list_sort(a.threat_areas) <> list_sort(b.threat_areas) AS areas_changed,
               l.addressee_changed, l.deadline_changed, l.is_main, l.is_procedure, l.overlap, l.same_title,
               d.symbol AS earlier_symbol, a.number AS earlier_number, l.earlier_date, a.strength AS earlier_strength,
               a.strength_cue.text AS earlier_cue, a.reading AS earlier_reading,
               e.symbol AS later_symbol, b.number AS later_number, e.date AS later_date, b.strength AS later_strength,
               b.strength_cue.text AS later_cue, b.reading AS later_reading, l.changed
        FROM {_LINKS} l JOIN provisions a ON a.id = l.earlier JOIN provisions b ON b.id = l.later
        JOIN documents d ON d.id = l.earlier_document JOIN documents e ON e.id = l.later_document
        LEFT JOIN {_LINES} n ON n.provision = l.later
    """,  # noqa: S608 - nothing comes from outside
}
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
            parsed = connection.extract_statements(statement)
            if len(parsed) != 1 or parsed[0].type != duckdb.StatementType.SELECT:
                msg = f"give one statement, not {len(parsed)}" if len(parsed) != 1 else "only SELECT is allowed"
                raise ConfigError(msg, f"views: {', '.join(VIEWS)}")
            table: pa.Table = connection.sql(statement).to_arrow_table()
        except RuntimeError as error:
            if "interrupted" in str(error).lower():  # DuckDB reports Ctrl-C only in its message
                raise KeyboardInterrupt from error
            raise
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0].rstrip(".!")
            unreadable = _UNREADABLE.search(first)
            if unreadable:
                raise delta.damaged(dataset.path / unreadable["table"], error) from error
            raise ConfigError(first, _hint(connection, statement, first)) from error
    # Names that come again have a number: formats with one value per name would lose the others.
    distinct: list[str] = []
    for name in table.column_names:
        numbered = (f"{name}_{number}" if number > 1 else name for number in itertools.count(1))
        distinct.append(next(candidate for candidate in numbered if candidate not in distinct))
    return table.rename_columns(distinct)


def _hint(connection: duckdb.DuckDBPyConnection, statement: str, message: str) -> str:
    if "column" not in message.lower():
        return f"views: {', '.join(VIEWS)}"
    used = [view for view in VIEWS if re.search(rf"\b{view}\b", statement, re.IGNORECASE)]
    parts = []
    for view in used:
        names = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [view]).fetchall()
        parts.append(f"columns of {view}: {', '.join(name for (name,) in names)}")
    return "; ".join(parts) or f"views: {', '.join(VIEWS)}"


def connect(dataset: Dataset, version: VersionSpec = None, *, with_lines: bool = True) -> duckdb.DuckDBPyConnection:
    """A connection with access to the views of one version only: no files, network or settings.

    Naming the lines of ``lineage`` costs a pass over all links.

    Raises:
        DatasetError: If the version does not exist.
    """
    import duckdb

    number = dataset.resolve(version)
    # Without replacements, a name in a statement cannot refer to a Python variable.
    connection = duckdb.connect(config={"enable_external_access": "false", "python_enable_replacements": "false"})
    for name in ("documents", "provisions", "corrections", "rejects"):
        connection.register(name, dataset.scan(name, number))
    connection.register("runs", dataset.read("runs", number))
    connection.register("versions", _versions(dataset, number))
    connection.register(_CATALOGUE, _instruments())
    connection.register(_LINKS, dataset.scan("lineage", number))
    connection.register(_LINES, _lines(dataset, number if with_lines else None))
    for name, statement in _DEFINITIONS.items():
        connection.execute(f"CREATE VIEW {name} AS {statement}")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")
    return connection


def _versions(dataset: Dataset, number: int) -> pa.Table:
    import pyarrow as pa

    infos = [info for info in dataset.versions() if info.version <= number]
    tables = ("documents", "provisions", "rejects", "corrections")
    columns = {
        "version": pa.array([info.version for info in infos], pa.int64()),
        "created_at": pa.array([info.created_at for info in infos], pa.timestamp("us", tz="UTC")),
        "run_id": pa.array([info.run_id for info in infos], pa.string()),
        "message": pa.array([info.message for info in infos], pa.string()),
        "package_version": pa.array([info.package_version for info in infos], pa.string()),
    }
    counts = {name: pa.array([info.counts.get(name) for info in infos], pa.int64()) for name in tables}
    return pa.table(columns | counts)


def _lines(dataset: Dataset, number: int | None) -> pa.Table:
    import pyarrow as pa

    columns, links = ("earlier", "later", "is_main", "earlier_date"), []
    if number is not None:
        rows = dataset.read("lineage", number, columns).sort_by(
            [("earlier_date", "ascending"), ("earlier", "ascending")]
        )
        links = [(row["earlier"], row["later"]) for row in rows.to_pylist() if row["is_main"]]
    lines = line_ids(links)
    return pa.table({"provision": pa.array(lines, pa.string()), "line": pa.array(lines.values(), pa.string())})


def _instruments() -> pa.Table:
    import pyarrow as pa

    rows = load_catalogue().instruments
    columns = {"symbol": [row.symbol for row in rows], "title": [row.title for row in rows]}
    return pa.table(columns, schema=pa.schema([("symbol", pa.string()), ("title", pa.string())]))
