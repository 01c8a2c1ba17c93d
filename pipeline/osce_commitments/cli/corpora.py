"""Commands on labelled corpora: give rows without text their texts back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from osce_commitments.cli import options
from osce_commitments.cli.exits import DONE_EXIT, REJECTED_EXIT
from osce_commitments.cli.output import say
from osce_commitments.errors import ConfigError

corpora = typer.Typer(help="Labelled corpora: give rows without text their texts back.", no_args_is_help=True)


@corpora.command("hydrate")
def hydrate_command(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Documents, or folders of documents, that have the texts.")
    ] = None,
    fetches: Annotated[
        bool, typer.Option("--fetch", help="Also download the documents whose addresses the corpus gives.")
    ] = False,
    corpus: Annotated[Path, typer.Option(help="Folder of the corpus.", metavar="DIR")] = Path("corpora/real"),
    out: options.Out = None,
    config: options.ConfigFile = None,
) -> None:
    """Join labelled rows that have no text with the documents that have it; rows whose words no document has are named."""
    from osce_commitments.config import load_config
    from osce_commitments.files import write_whole
    from osce_commitments.scoring.addressed_rows import OPEN_PARTS, addresses, hydrate

    sources = [*(documents or ()), *(addresses(corpus) if fetches else ())]
    if not sources:
        raise ConfigError("no documents to take the texts from", "name their folder, or give --fetch")
    choices = load_config(config)
    result = hydrate(corpus, sources, OPEN_PARTS, limits=choices.limits, fetch=choices.fetch)
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in result.rows)
    if out:
        write_whole(out, lines)
    else:
        sys.stdout.write(lines)
    for source, message in result.unread:
        say(f"{source}: {message}")
    for row, field in result.missing:
        say(f"{row}: no document has the words of its {field}")
    say(f"{len(result.rows)} rows have their text, {len(result.missing)} have not")
    raise typer.Exit(REJECTED_EXIT if result.missing or result.unread else DONE_EXIT)
