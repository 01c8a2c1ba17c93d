"""Commands that follow commitments through the years: history, lineage."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.condition_options import AreaOption, WhereOption, read_conditions

_IN_WORDS = ("table", "text")


def history_command(
    asked: Annotated[
        str,
        typer.Argument(
            help="Id of a provision, symbol of a document, or words as in query.", metavar='PROVISION|SYMBOL|"WORDS"'
        ),
    ],
    area: AreaOption = None,
    where: WhereOption = None,
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    row_format: options.RowFormatOption = "table",
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of lines.")] = 20,
    out: options.Out = None,
) -> None:
    """Follow a commitment through the years: its wording, level, addressee and what changed."""
    import osce_commitments
    from osce_commitments.cli.query import emit_rows
    from osce_commitments.errors import ConfigError

    conditions = read_conditions(where, area=area)
    history = osce_commitments.open(data, as_of).history(asked, limit=limit, **conditions)
    if not history.lines:
        msg = f"nothing found for {asked!r}"
        raise ConfigError(
            msg,
            "history looks for commitments; give --where role=preamble for recitals,"
            " --where commitments=no for the rest",
        )
    if row_format in _IN_WORDS and out is None:
        from osce_commitments.cli.cards import print_history

        print_history(history)
        return
    emit_rows(history.to_arrow(), row_format, out)


def lineage_command(
    file_format: Annotated[
        Literal["csv", "graphml"] | None,
        typer.Option("--format", help="Output format; by default, from the ending of --out, else CSV."),
    ] = None,
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    out: options.Out = None,
) -> None:
    """Write all links between provisions of earlier and later documents, as rows or as a graph."""
    from osce_commitments.cli.output import say, written
    from osce_commitments.cli.query import emit_rows
    from osce_commitments.dataset import Dataset
    from osce_commitments.query import Reader, lineage_graphml, run_sql

    is_graph = file_format == "graphml" or (file_format is None and out is not None and out.suffix == ".graphml")
    if not is_graph:
        emit_rows(run_sql(Dataset(data), "FROM lineage ORDER BY line, later_date, later, earlier", as_of), "csv", out)
        return
    with written(out) as stream:
        stream.write(lineage_graphml(Reader(data, as_of)).encode())
    if out:
        say(f"lineage written to {out}")
