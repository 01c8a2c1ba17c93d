"""Label commands: classify texts, evaluate a classifier, check it against floors, give labelled rows their texts back."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.exits import DONE_EXIT, REJECTED_EXIT
from osce_commitments.cli.output import print_json, say, written
from osce_commitments.defaults import FLOORS_FILE
from osce_commitments.errors import ConfigError
from osce_commitments.schema import ClassifiedProvision


def classify_command(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Texts; by default or with -, each line of standard input is one text.")
    ] = None,
    lead_in: Annotated[str, typer.Option(help="Lead-in of the texts ('Calls upon participating States to:').")] = "",
    heading: Annotated[str, typer.Option(help="Heading above the texts.")] = "",
    title: Annotated[str, typer.Option(help="Title of the document.")] = "",
    role: Annotated[
        Literal["preamble", "operative", "annex", "attachment", "other"],
        typer.Option(
            help="Part of the document that the texts belong to: preamble, operative, annex, attachment or other.",
            metavar="ROLE",
        ),
    ] = "operative",
    model: options.Model = None,
    as_json: options.Json = False,
) -> None:
    """Classify texts: strength, threat areas, and the words and rules that explain them."""
    from osce_commitments.config import RunConfig
    from osce_commitments.labels import Role
    from osce_commitments.scoring.loose_texts import classify_texts

    lines = [] if texts == ["-"] else texts
    lines = lines or [line.strip() for line in _stdin().splitlines() if line.strip()]
    if not lines or not all(line.strip() for line in lines):
        raise ConfigError("no text to classify", "give it as an argument or on standard input")
    classified_provisions = classify_texts(
        lines, model or RunConfig().model, role=Role(role), title=title, heading=heading, lead_in=lead_in
    )
    if as_json:
        print_json([_plain(item) for item in classified_provisions])
        return
    from osce_commitments.cli.cards import print_labels
    from osce_commitments.cli.terminal import console

    for item in classified_provisions:
        typer.echo(item.tagged.provision.text)
        print_labels(console(), item, {})
        typer.echo()


def _stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"standard input is not UTF-8 (byte {error.start})"
        raise ConfigError(msg, "convert it first: iconv -t UTF-8") from error


def _plain(item: ClassifiedProvision) -> dict[str, Any]:
    from osce_commitments.tables import label_row

    return {"text": item.tagged.provision.text} | label_row(item.labels)


def evaluate_command(
    data: Annotated[Path, typer.Option("--data", help="JSONL file of labelled provisions.", metavar="FILE")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for figures, errors and reports.", metavar="DIR")],
    model: options.Model = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(
            help="Another classifier to measure on the same rows; may be repeated. By default, a released classifier"
            " is compared with the rules.",
            metavar="MODEL",
        ),
    ] = None,
    writers: Annotated[
        str,
        typer.Option(
            help="Regular expression for what of a document's name says who wrote it; intervals are then given by writer too.",
            metavar="REGEX",
        ),
    ] = "",
) -> None:
    """Evaluate a classifier on labelled provisions and compare it with others."""
    from osce_commitments.config import RunConfig
    from osce_commitments.evaluate import run_evaluation
    from osce_commitments.evaluate.report import few_documents

    try:
        pattern = re.compile(writers) if writers else None
    except re.error as error:
        msg = f"--writers {writers!r} is no regular expression: {error}"
        raise ConfigError(msg, "give one such as '^[0-9]+'") from error
    report = run_evaluation(data, out, model or RunConfig().model, others=beside, writers=pattern)
    warning = few_documents(report.figures["data"]["documents"])
    for line in filter(None, (report.headline(), warning, *report.figures["in_words"])):
        say(line)
    for name in ("metrics.json", "errors.jsonl", "report.md"):
        typer.echo(str(out / name))


def gate_command(
    metrics: Annotated[
        list[Path],
        typer.Argument(
            help="metrics.json from evaluate; with --set, those of three or more seeds give the spread that is allowed.",
            metavar="FILE",
        ),
    ],
    name: Annotated[str, typer.Option(help="Entry of the floors file; each measured data set has one.")],
    floors: Annotated[Path, typer.Option(help="File of floors.", metavar="FILE")] = FLOORS_FILE,
    sets: Annotated[bool, typer.Option("--set", help="Set the floors to these figures.")] = False,
    lowers: Annotated[
        bool, typer.Option("--lower", help="With --set: allow lower floors, or floors for other data; needs --reason.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Reason for lower floors; kept in the file.")] = "",
) -> None:
    """Check figures against the floors set for the same data; exit with 1 if one is missed."""
    from osce_commitments.evaluate.floors import gate as compare

    missed = compare(metrics, floors, name, sets=sets, lowers=lowers, reason=reason)
    for line in missed:
        say(line)
    if missed:
        raise typer.Exit(1)
    typer.echo(f"{name}: floors set" if sets else f"{name}: every floor is met")


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
    from osce_commitments.scoring.addressed_rows import addresses, hydrate

    sources = [*(documents or ()), *(addresses(corpus) if fetches else ())]
    if not sources:
        raise ConfigError("no documents to take the texts from", "name their folder, or give --fetch")
    choices = load_config(config)
    result = hydrate(corpus, sources, limits=choices.limits, fetch=choices.fetch)
    with written(out) as target:
        target.writelines(f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in result.rows)
    for source, message in result.unread:
        say(f"{source}: {message}")
    for row, document in result.missing:
        say(f"{row} of {document}: no document has its words")
    say(f"{len(result.rows)} rows have their text, {len(result.missing)} have not")
    raise typer.Exit(REJECTED_EXIT if result.missing or result.unread else DONE_EXIT)
