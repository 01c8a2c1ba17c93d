"""Options that several commands share, declared once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from osce_commitments.errors import ConfigError
from osce_commitments.phrases import did_you_mean, similar

Data = Annotated[Path, typer.Option("--data", help="Folder of the dataset.", metavar="DIR")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="Dataset version: a number, a date (2026-03-01), or 'latest'.", metavar="VERSION")
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="YAML configuration file.", metavar="FILE")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Classifier: rules, NAME, NAME@VERSION or a folder; by default, the promoted one."),
]
LabelsByOption = Annotated[
    Literal["corrected", "model"],
    typer.Option("--labels", help="Labels with the corrections of people, or those of the model alone."),
]
RowFormatOption = Annotated[
    Literal["table", "csv", "json", "jsonl", "parquet", "xlsx"],
    typer.Option("--format", help="Format of the rows: table, csv, json, jsonl, parquet or xlsx.", metavar="FORMAT"),
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.", metavar="FILE")
]
DEFAULT_DATA = Path("data")
Links = Annotated[
    str | None,
    typer.Option("--links", help="Address of the page (osce-commitments serve) that links lead to.", metavar="URL"),
]
MostPrinted = Annotated[
    int,
    typer.Option(
        "--print",
        min=0,
        help="Most commitments in a Word or PDF paper, the first by order; 0 for all.",
        metavar="NUMBER",
    ),
]
USUALLY_PRINTED = 1_000
ByteOrderMark = Annotated[
    bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, so that Excel on Windows reads UTF-8.")
]
COVER = ("title", "audience", "author", "day", "marking")
CoverOption = Annotated[
    list[str] | None,
    typer.Option(
        help=f"For the cover of a report: {', '.join(COVER)}; and template=FILE, a Word file of your own (.docx, .dotx)."
        " May be repeated.",
        metavar="NAME=TEXT",
    ),
]


def named_values(option: str, texts: Iterable[str] | None, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The names and values of a repeated option that takes ``NAME=VALUE``; a name may have hyphens and capitals.

    Raises:
        ConfigError: If a text has no value, or there is no such name.
    """
    for text in texts or ():
        written, _, value = (part.strip() for part in text.partition("="))
        name = written.lower().replace("-", "_")
        if name not in names:
            msg = f"{option} {text}: there is no {written!r} here"
            question = did_you_mean(similar(name, [known.replace("_", "-") for known in names]))
            raise ConfigError(
                msg, question or f"write {option} NAME=VALUE with one of: {', '.join(names).replace('_', '-')}"
            )
        if not value:
            msg = f"{option} {text}: the value is missing"
            raise ConfigError(msg, f"write {option} {written}=VALUE")
        yield name, value
