"""Commands that ask the dataset: query, sql, show."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer

from osce_commitments.cli import options

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from osce_commitments.dataset import Dataset

_TABLE_COLUMNS = ("id", "symbol", "date", "number", "strength", "threat_areas", "addressee", "text")
_TABLE_TEXT = 160


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(query)
    app.command()(sql)
    app.command()(show)
    app.command()(graph)


def query(
    threat: Annotated[list[str] | None, typer.Option(help="Threat area; may be repeated (any of them).")] = None,
    strength: Annotated[str, typer.Option(help="'urging', '>=urging', 'encouraging..committing'.")] = "",
    addressee: Annotated[str, typer.Option(help="Part of the addressee's name, or an abbreviation.")] = "",
    body: Annotated[list[str] | None, typer.Option(help="Adopting body (MC, PC, FSC, …); may be repeated.")] = None,
    since: Annotated[str, typer.Option(help="Year or day from which documents count.")] = "",
    until: Annotated[str, typer.Option(help="Year or day up to which documents count.")] = "",
    text: Annotated[str, typer.Option(help="Words that all occur; 'traffick*' matches beginnings.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="Role (operative, annex, …); may be repeated.")] = None,
    document: Annotated[str, typer.Option(help="Symbol, source, file name or id of the document.")] = "",
    qualifier: Annotated[list[str] | None, typer.Option(help="Qualifier (voluntary, …); may be repeated.")] = None,
    needs_review: Annotated[bool | None, typer.Option(help="Only what (does not) ask for a look.")] = None,
    adopted: Annotated[bool | None, typer.Option(help="Only documents that a body (did not) adopt.")] = None,
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    row_format: options.RowFormat = "table",
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 50,
    out: options.Out = None,
) -> None:
    """Find provisions by threat area, strength, addressee, body, date and words."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.query import Filters, select

    filters = Filters.parse(
        threats=threat or (),
        strength=strength,
        addressee=addressee,
        bodies=body or (),
        since=since,
        until=until,
        text=text,
        roles=role or (),
        document=document,
        qualifiers=qualifier or (),
        needs_review=needs_review,
        is_adopted=adopted,
    )
    # One row more than asked for tells whether there are more.
    table = select(Dataset(data), filters, as_of, limit + 1)
    has_more = table.num_rows > limit
    _emit(table.slice(0, limit), row_format, out, _TABLE_COLUMNS)
    if filters.since or filters.until:
        _say_undated(Dataset(data), as_of)
    if has_more:
        typer.echo(f"… more than {limit} rows: narrow the search or raise --limit", err=True)


def _say_undated(dataset: Dataset, as_of: str) -> None:
    from osce_commitments.query import run_sql

    statement = "SELECT count(*) AS n FROM documents WHERE date IS NULL AND year IS NULL"
    count = run_sql(dataset, statement, as_of).to_pylist()[0]["n"]
    if count:
        typer.echo(f"--since and --until leave out {count} documents that state no date", err=True)


def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT over the views.")],
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    row_format: options.RowFormat = "table",
    out: options.Out = None,
) -> None:
    """Ask in SQL (DuckDB, read-only): documents, provisions, commitments, mentions, rejects, runs, versions."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.query import run_sql

    _emit(run_sql(Dataset(data), statement, as_of), row_format, out)


def _emit(table: pa.Table, row_format: str, out: Path | None, columns: tuple[str, ...] = ()) -> None:
    from osce_commitments.query import RowFormat, write_rows

    if row_format == "table" and out is None:
        from osce_commitments.cli.terminal import print_rows

        wanted = [name for name in columns if name in table.column_names] or table.column_names
        print_rows([_shorten(row) for row in table.select(wanted).to_pylist()])
        return
    if out is None:
        write_rows(table, row_format, sys.stdout.buffer)
        return
    # A format that does not exist must be told before a file of the user is opened, which empties it.
    known = RowFormat.named(out.suffix.lstrip(".") if row_format == "table" else row_format)
    with _open(out) as target:
        write_rows(table, known, target)
    typer.echo(f"{table.num_rows} rows written to {out}", err=True)


def _open(out: Path) -> BinaryIO:
    from osce_commitments.errors import ConfigError

    try:
        return out.open("wb")
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give --out a file in a folder that exists") from error


def _shorten(row: dict[str, Any]) -> dict[str, Any]:
    text = row.get("text")
    if isinstance(text, str) and len(text) > _TABLE_TEXT:
        row["text"] = text[: _TABLE_TEXT - 1] + "…"
    return row


def show(
    provision: Annotated[str, typer.Argument(help="Id of a provision, or its beginning.", metavar="ID")],
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    as_json: options.Json = False,
) -> None:
    """Show a provision in its context: lead-in, cue, tags, labels and why."""
    from osce_commitments import query as questions
    from osce_commitments.dataset import Dataset

    found = questions.show(Dataset(data), provision, as_of)
    if as_json:
        import json

        plain = {
            "provision": found.provision,
            "document": found.document,
            "before": found.before,
            "after": found.after,
        }
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2, default=str))
        return
    from osce_commitments.cli.card import print_card

    print_card(found)


def graph(
    file_format: Annotated[Literal["graphml", "json"], typer.Option("--format", help="Format.")] = "graphml",
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    out: options.Out = None,
) -> None:
    """Write the citation graph: which instrument cites which, with in-degrees."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.query import citation_graph

    found = citation_graph(Dataset(data), as_of)
    text = found.serialise(file_format) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    with _open(out) as target:
        target.write(text.encode())
    typer.echo(f"{len(found.nodes)} instruments and {len(found.edges)} citations written to {out}", err=True)
