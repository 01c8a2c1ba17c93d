"""Saved searches: watch add, watch list, watch run, watch remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.condition_options import AreaOption, StrengthOption, WhereOption, read_conditions
from osce_commitments.cli.exits import CHANGED_EXIT
from osce_commitments.cli.output import print_json, printed, say
from osce_commitments.query.conditions import CONDITIONS

if TYPE_CHECKING:
    from osce_commitments.report import Report

_Name = Annotated[str, typer.Argument(help="Name of the watch.", metavar="NAME")]
_Names = Annotated[list[str] | None, typer.Argument(help="Names; by default, every watch.", metavar="NAME")]
_Text = Annotated[str, typer.Argument(help="Words of the search, as for query.", metavar="TEXT")]
_Folder = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Folder for one file per watch; by default, Markdown is printed.", metavar="DIR"),
]

watch = typer.Typer(help="Saved searches: add, list, run, remove.", no_args_is_help=True)


@watch.command("add")
def add_watch_command(
    name: _Name,
    text: _Text = "",
    area: AreaOption = None,
    strength: StrengthOption = None,
    where: WhereOption = None,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Save a search; watch run then shows what is new in it."""
    import osce_commitments
    from osce_commitments.report.statements import select
    from osce_commitments.report.watches import Watch, add_watch

    known = [condition for condition in CONDITIONS if condition.in_reports]
    conditions = read_conditions(where, known, area=area, strength=strength)
    reader = osce_commitments.open(data)
    new = Watch(name, text, conditions, reader.version)
    count = len(select(reader, new.selection))  # a wrong condition is reported now, not at night
    add_watch(data, new)
    say(f"watching {name!r}: {count:,} commitments at version {reader.version}")


@watch.command("list")
def list_watches_command(data: options.Data = options.DEFAULT_DATA, as_json: options.Json = False) -> None:
    """List the saved searches and the version that each was last compared with."""
    from dataclasses import asdict

    from osce_commitments.cli.terminal import print_rows
    from osce_commitments.report import selection_in_words
    from osce_commitments.report.watches import load_watches

    watches = load_watches(data)
    if as_json:
        print_json([asdict(one) for one in watches])
        return
    words = [selection_in_words(one.selection, "All commitments.") for one in watches]
    print_rows([{"name": one.name, "search": word, "seen": one.seen} for one, word in zip(watches, words, strict=True)])


@watch.command("remove")
def remove_watch_command(name: _Name, data: options.Data = options.DEFAULT_DATA) -> None:
    """Forget a saved search."""
    from osce_commitments.report.watches import remove_watch

    remove_watch(data, name)
    say(f"removed {name!r}")


@watch.command("run")
def run_watches_command(
    names: _Names = None,
    file_format: Annotated[
        Literal["md", "html", "rss", "docx", "csv"],
        typer.Option("--format", help="Format of the files: md, html, rss, docx or csv.", metavar="FORMAT"),
    ] = "md",
    out: _Folder = None,
    links: options.Links = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Compare with the same version next time, too; by default, with this one.")
    ] = False,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Show what is new, changed or no longer found since the last time; exit code 4 if anything is."""
    import osce_commitments
    from osce_commitments.errors import ConfigError
    from osce_commitments.report import watch_reports
    from osce_commitments.report.watches import chosen_watches, load_watches, mark_seen

    if out is None and file_format != "md":
        raise ConfigError(f"no folder for files in {file_format}", "add --out DIR")
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"folder {out} cannot be made: {error.strerror}", "give --out another folder") from error
    chosen = chosen_watches(load_watches(data), names or [])
    reader = osce_commitments.open(data)
    changed = watch_reports(reader, chosen, base=links or "")
    _write(changed, out, file_format)
    if not keep:
        mark_seen(data, [one.name for one in chosen], reader.version)
    said = f"{len(changed):,} of {len(chosen):,} watches changed (dataset version {reader.version})"
    say(said if chosen else "no watches yet: osce-commitments watch add NAME 'WORDS' adds one")
    if changed:
        raise typer.Exit(CHANGED_EXIT)


def _write(reports: list[Report], out: Path | None, file_format: str) -> None:
    from osce_commitments.report import render, write_report

    for report in reports:
        content = render(report, file_format)
        if out is None:
            with printed() as stream:
                stream.write(content + b"\n")
        else:
            path = out / f"{report.title}.{file_format}"
            write_report(content, path)
            typer.echo(str(path))
