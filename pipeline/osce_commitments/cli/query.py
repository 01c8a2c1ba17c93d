"""Query commands: query, like, sql, show, graph, cite."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.condition_options import (
    AreaOption,
    OptionFlag,
    OptionText,
    OptionTexts,
    SinceOption,
    StrengthOption,
    WhereOption,
    condition_option,
    read_conditions,
)
from osce_commitments.cli.output import print_json, printed, say, whole_file, written
from osce_commitments.cli.report import emit, is_printed
from osce_commitments.labels import ACT_ROLES, STRENGTHS, Adopted, TextForm
from osce_commitments.phrases import shorten
from osce_commitments.texts.printable import counted_noun, visible

if TYPE_CHECKING:
    import pyarrow as pa

    from osce_commitments.query import Facets, Near, Reader, RowLayout, SearchResult, Selection

_TABLE_TEXT = 160
_ROWS_OF_A_TABLE = 50
_BINARY = ("parquet", "xlsx")
_ROWS = (".csv", ".json", ".jsonl", ".parquet", ".xlsx")
_PAPERS = (".docx", ".pdf", ".html", ".md", ".ics")
_Text = Annotated[
    str,
    typer.Argument(
        help='Words, "a phrase", AND, OR, NOT, brackets, prefix*; title: heading: lead_in: text: limit a term to a field.',
        metavar="TEXT",
    ),
]
_By = Annotated[Literal["words", "meaning", "both"], typer.Option(help="Match words, rank by meaning, or both.")]
_Order = Annotated[
    Literal["relevance", "newest", "oldest", "firmest", "due"] | None,
    typer.Option(
        help="relevance, newest, oldest, firmest or due; by default relevance with words, newest without.",
        metavar="ORDER",
    ),
]


def query_command(
    text: _Text = "",
    by: _By = "words",
    order: _Order = None,
    counts: Annotated[bool, typer.Option("--counts", help="Print counts by area, year, … instead of rows.")] = False,
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
    row_format: options.RowFormatOption = "table",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Maximum number of rows; by default 50 as a table, all as a file.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Write to this file: rows (.csv, .xlsx, …) or a report on the commitments found (.docx, .pdf, .html, .md, .ics).",
            metavar="FILE",
        ),
    ] = None,
    printed: options.MostPrinted = options.USUALLY_PRINTED,
    links: options.Links = None,
    bom: options.ByteOrderMark = False,
    cover: options.CoverOption = None,
    area: AreaOption = None,
    basis: Annotated[OptionTexts, condition_option("basis")] = None,
    strength: StrengthOption = None,
    addressee: Annotated[OptionText, condition_option("addressee")] = None,
    body: Annotated[OptionTexts, condition_option("body")] = None,
    since: SinceOption = None,
    until: Annotated[OptionText, condition_option("until")] = None,
    commitments: Annotated[OptionFlag, condition_option("commitments")] = None,
    meeting: Annotated[OptionText, condition_option("meeting")] = None,
    type: Annotated[OptionTexts, condition_option("type")] = None,  # noqa: A002 - the name of the option
    dated: Annotated[OptionFlag, condition_option("dated")] = None,
    role: Annotated[OptionTexts, condition_option("role")] = None,
    qualifier: Annotated[OptionTexts, condition_option("qualifier")] = None,
    adopted: Annotated[OptionTexts, condition_option("adopted")] = None,
    has_deadline: Annotated[OptionFlag, condition_option("has_deadline")] = None,
    needs_review: Annotated[OptionFlag, condition_option("needs_review")] = None,
    corrected: Annotated[OptionFlag, condition_option("corrected")] = None,
    due_since: Annotated[OptionText, condition_option("due_since")] = None,
    due_until: Annotated[OptionText, condition_option("due_until")] = None,
    document: Annotated[OptionText, condition_option("document")] = None,
    cites: Annotated[OptionText, condition_option("cites")] = None,
    id: Annotated[OptionTexts, condition_option("id")] = None,  # noqa: A002 - the name of the option
    model: Annotated[OptionText, condition_option("model")] = None,
    where: WhereOption = None,
) -> None:
    """Find provisions by words, threat area, strength, addressee, body, date and deadline."""
    import osce_commitments
    from osce_commitments.catalogue import display_title
    from osce_commitments.errors import ConfigError
    from osce_commitments.query import RowLayout, Selection, search_notes
    from osce_commitments.query.instruments import NamedInstruments, named_instruments

    conditions: Any = read_conditions(
        where,
        area=area, basis=basis, strength=strength, addressee=addressee, body=body, since=since, until=until,
        commitments=commitments, meeting=meeting, type=type, dated=dated, role=role, qualifier=qualifier,
        adopted=adopted, has_deadline=has_deadline, needs_review=needs_review, corrected=corrected,
        due_since=due_since, due_until=due_until, document=document, cites=cites, id=id, model=model,
    )  # fmt: skip
    if by != "words" and not text.strip():
        raise ConfigError(f"no words to rank by {by}", "give search words, or leave out --by")
    if out is not None and out.suffix.lower() in _PAPERS:
        from osce_commitments import report as reports

        selection, most = Selection(text, conditions, by), printed if is_printed(out) else 0
        emit(
            lambda reader: reports.overview(reader, selection, base=links or "", order=order or "", most=most),
            (data, as_of, labels), links or "", out, cover,
        )  # fmt: skip
        return
    if out is not None and row_format == "table" and out.suffix.lower() not in _ROWS:
        msg = f"{out}: no rows or report are written as {out.suffix or 'a file without an ending'}"
        raise ConfigError(msg, f"for rows, end the name in {', '.join(_ROWS)}; for a report, in {', '.join(_PAPERS)}")
    if cover:
        msg = "a cover is for reports"
        raise ConfigError(msg, f"give --out a name that ends in {', '.join(_PAPERS)}")
    reader = osce_commitments.open(data, as_of, labels=labels)
    is_terminal = row_format == "table" and out is None
    rows = limit or (_ROWS_OF_A_TABLE if is_terminal else None)
    chosen = Selection(text, conditions, by, order or "", rows)
    if counts:
        emit_rows(_counted(reader.facets(chosen)), row_format, out)
    else:
        named = named_instruments(text, reader, reader.documents()) if is_terminal and text else NamedInstruments()
        for name, row in named.rows:
            typer.echo(visible(f"Instrument: {name}: {display_title(row['title'])}"))
        search_result = reader.search(chosen)
        notes = search_notes(str(data), reader.info, chosen, dt.date.today())  # noqa: DTZ011 - the user's day
        emit_rows(search_result.to_arrow(), row_format, out, _shown_columns(), RowLayout(notes, links, bom))
        _say_cut(search_result)
        if is_terminal and by == "words" and not named.is_whole:
            _show_near(reader, reader.near(chosen, found=search_result.total))
        if is_terminal:
            _show_unknown(reader, chosen)
    if undated := reader.undated(chosen):
        say(f"{counted_noun(undated, 'undated provision')} left out by --since and --until; --no-dated shows them")
    for unmatched in reader.unmatched(chosen):
        say(unmatched.message)


def _say_cut(search_result: SearchResult) -> None:
    shown = len(search_result.hits)
    if search_result.total > shown:
        say(f"Showing {shown:,} of {search_result.total:,}. Narrow the search or raise --limit.")


def _show_near(reader: Reader, near: Near) -> None:
    """Print the near misses of a search with few rows, as the page does."""
    import pyarrow as pa

    from osce_commitments.query import SearchResult

    for heading, hits in zip(
        ("Close to it, but without all of the words", "Further from your words"), near, strict=True
    ):
        if hits:
            typer.echo(f"\n{heading}:")
            table = SearchResult(len(hits), hits, 0, reader.version).to_arrow()
            table = table.append_column("lacks", pa.array([", ".join(hit.lacks) for hit in hits]))
            emit_rows(table, "table", None, (*_shown_columns(), "lacks"))


def _show_unknown(reader: Reader, selection: Selection) -> None:
    """Print what would be commitments if adoption and form were known, below headings of their own."""
    if not selection.conditions.get("commitments") or selection.conditions.keys() & {"adopted", "form"}:
        return
    others = {name: value for name, value in selection.conditions.items() if name != "commitments"}
    for heading, states in (
        ("Adoption unknown", {"adopted": Adopted.UNKNOWN}),
        ("Form unknown", {"adopted": Adopted.YES, "form": TextForm.UNKNOWN}),
    ):
        acts = {"role": ACT_ROLES, "strength": f">={STRENGTHS[1]}", **states}
        unknown = reader.search(replace(selection, conditions={**acts, **others}))
        if unknown.total:
            typer.echo(f"\n{heading}, so not counted as commitments:")
            emit_rows(unknown.to_arrow(), "table", None, _shown_columns())
            _say_cut(unknown)


def _counted(facets: Facets) -> pa.Table:
    from dataclasses import fields

    import pyarrow as pa

    rows = [
        {"facet": field.name, "value": one.value, "count": one.count}
        for field in fields(facets)
        for one in getattr(facets, field.name)
        if one.count
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([("facet", pa.string()), ("value", pa.string()), ("count", pa.int64())])
    )


def like_command(
    provision: Annotated[
        str, typer.Argument(help="Id of a provision, its first characters, or its citation.", metavar="ID")
    ],
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    row_format: options.RowFormatOption = "table",
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of rows.")] = 10,
    out: options.Out = None,
    where: WhereOption = None,
) -> None:
    """Find the provisions most similar to a given one."""
    import osce_commitments
    from osce_commitments.query import Selection

    reader = osce_commitments.open(data, as_of)
    more_like = reader.more_like(provision, Selection.of(limit=limit, **read_conditions(where)))
    emit_rows(more_like.to_arrow(), row_format, out, ("score", *_shown_columns()))


def cite_command(
    symbols: Annotated[list[str] | None, typer.Argument(help="Symbols or ids; by default, all documents.")] = None,
    file_format: Annotated[Literal["bibtex", "csl"], typer.Option("--format", help="Output format.")] = "bibtex",
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    out: options.Out = None,
) -> None:
    """Write bibliography entries: BibTeX, or CSL-JSON for Zotero and word processors."""
    import osce_commitments
    from osce_commitments.query import write_references

    reader = osce_commitments.open(data, as_of)
    documents = [reader.document(symbol) for symbol in symbols] if symbols else reader.documents()
    with written(out) as stream:
        write_references(documents, file_format, stream)
    if out:
        say(f"{len(documents):,} {'entry' if len(documents) == 1 else 'entries'} written to {out}")


def sql_command(
    statement: Annotated[str, typer.Argument(help="One SELECT over the views.")],
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
    row_format: options.RowFormatOption = "table",
    out: options.Out = None,
) -> None:
    """Query the views in SQL (DuckDB, read-only): documents, provisions, commitments, mentions, lineage, corrections, rejects, runs, versions."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.query import run_sql

    emit_rows(run_sql(Dataset(data, labels), statement, as_of), row_format, out)


def emit_rows(
    table: pa.Table, row_format: str, out: Path | None, columns: tuple[str, ...] = (), layout: RowLayout | None = None
) -> None:
    """Print rows, or write them to a file in the format of the option or of its ending."""
    from osce_commitments.query import RowFormat, write_rows

    if row_format == "table" and out is None:
        from osce_commitments.cli.terminal import print_rows

        wanted = [name for name in columns if name in table.column_names] or table.column_names
        if columns and any(value != "yes" for value in table["adopted"].to_pylist()):
            wanted.append("adopted")
        rows = table.select(wanted).to_pylist()
        print_rows([_shorten(row) for row in rows] if sys.stdout.isatty() else rows)
        return
    if out is None:
        from osce_commitments.errors import ConfigError

        if row_format in _BINARY and sys.stdout.isatty():
            raise ConfigError(f"{row_format} cannot be shown in a terminal", f"add --out FILE.{row_format}")
        with printed() as stream:
            write_rows(table, row_format, stream, layout)
        return
    known = RowFormat.named(out.suffix.lstrip(".") if row_format == "table" else row_format)
    with whole_file(out) as target:
        write_rows(table, known, target, layout)
    say(f"{counted_noun(table.num_rows, 'row')} written to {out}")


def _shown_columns() -> tuple[str, ...]:
    from osce_commitments.fields import columns_at
    from osce_commitments.fields.column import Place

    return tuple(column.name for column in columns_at(Place.TERMINAL))


def _shorten(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("text", "reading"):
        text = row.get(name)
        if isinstance(text, str):
            row[name] = shorten(text, _TABLE_TEXT, between_words=False)
    return row


def show_command(
    provision: Annotated[
        str, typer.Argument(help="Id of a provision, its first characters, or its citation.", metavar="ID")
    ],
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
    as_json: options.Json = False,
) -> None:
    """Show a provision in context: lead-in, cue, tags, labels and their reasons."""
    from osce_commitments.query import Reader

    provision_view = Reader(data, as_of, labels=labels).show(provision)
    if as_json:
        plain = {
            "provision": provision_view.provision,
            "document": provision_view.document,
            "before": provision_view.before,
            "after": provision_view.after,
        }
        print_json(plain)
        return
    from osce_commitments.cli.cards import print_card

    print_card(provision_view)


def graph_command(
    file_format: Annotated[
        Literal["graphml", "json"] | None,
        typer.Option("--format", help="Output format; by default, from the ending of --out, else GraphML."),
    ] = None,
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    out: options.Out = None,
) -> None:
    """Write the citation graph: which instrument cites which, with in-degrees."""
    from osce_commitments.query import Reader, citation_graph

    found = citation_graph(Reader(data, as_of))
    is_json = out is not None and out.suffix.lower() == ".json"
    text = found.serialise(file_format or ("json" if is_json else "graphml")) + "\n"
    with written(out) as stream:
        stream.write(text.encode())
    if out:
        say(f"{len(found.nodes):,} instruments and {len(found.edges):,} citations written to {out}")
