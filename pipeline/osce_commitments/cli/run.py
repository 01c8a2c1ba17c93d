"""Commands: run, fetch, doctor."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from osce_commitments.classify import DEFAULT
from osce_commitments.cli import options
from osce_commitments.cli.exits import DEFECT_EXIT, DONE_EXIT, REJECTED_EXIT, USAGE_EXIT, ended_by_signals
from osce_commitments.cli.output import print_json, say
from osce_commitments.texts.printable import wrapped

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig


def run_command(
    sources: Annotated[
        list[str], typer.Argument(help="Files, folders, globs, addresses, catalogue:SYMBOL, or - for standard input.")
    ],
    data: options.Data = options.DEFAULT_DATA,
    config: options.ConfigFile = None,
    engine: Annotated[
        Literal["auto", "prefect", "inline"] | None, typer.Option(help="Engine that runs the stages.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Batches processed at the same time (Prefect).")] = None,
    model: options.Model = None,
    media_type: Annotated[
        Literal["pdf", "docx", "html", "txt", "akn"] | None,
        typer.Option(
            "--type",
            help="Format of standard input (pdf, docx, html, txt or akn), if its first bytes do not show it.",
            metavar="TYPE",
        ),
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            "--metadata",
            help="CSV table of facts that win over the text: file, symbol, title, date, body, type, adopted.",
            metavar="FILE",
        ),
    ] = None,
    has_vectors: Annotated[
        bool,
        typer.Option(
            "--vectors/--no-vectors", help="Prepare search by meaning, or leave that to the first such search."
        ),
    ] = True,
    as_json: options.Json = False,
) -> None:
    """Read documents into the dataset: new and changed ones are processed, unchanged ones are skipped."""
    if engine != "prefect" and len(sources) == 1 and Path(sources[0]).is_file():
        from osce_commitments.flows.reader_process import start_early

        start_early(model or DEFAULT)  # it loads while this process imports what it needs
    from osce_commitments.flows.engine import run_job
    from osce_commitments.labels import MediaType

    choices = _choices(config, engine=engine, workers=workers, model=model, metadata=metadata)
    stdin_type = MediaType(media_type) if media_type else None
    with _progress(), ended_by_signals(lambda: _state(data)):
        summary = run_job(sources, data, choices, stdin_type=stdin_type)
    from osce_commitments.cli.terminal import print_next, print_summary

    if as_json:
        print_json(summary.as_json())
    else:
        print_summary(summary)
    if has_vectors and summary.version != summary.version_before:
        with ended_by_signals(lambda: _state(data)):
            _prepare_search(data)
    if not as_json and (summary.version_before or summary.counts()["documents"]):
        print_next(summary)
    if any(reject.is_defect for reject in summary.rejects):
        raise typer.Exit(DEFECT_EXIT)
    raise typer.Exit(REJECTED_EXIT if summary.rejects else DONE_EXIT)


def _prepare_search(data: Path) -> None:
    """Make the vectors for search by meaning; the run does not fail if the encoder is missing."""
    import osce_commitments
    from osce_commitments.errors import ConfigError

    try:
        osce_commitments.open(data).prepare()
    except ConfigError as error:
        say(f"search by meaning is not prepared: {error}")


def _choices(config: Path | None, **overrides: object) -> RunConfig:
    from osce_commitments.classify import classifier_id
    from osce_commitments.config import load_config

    choices = load_config(config, {key: value for key, value in overrides.items() if value is not None})
    classifier_id(choices.model)  # report a wrong name before anything is read
    return choices


@contextlib.contextmanager
def _progress() -> Iterator[None]:
    from osce_commitments.cli.terminal import progress
    from osce_commitments.flows.progress import PROGRESS

    shown = progress()
    token = PROGRESS.set(shown)
    try:
        yield
    finally:
        PROGRESS.reset(token)
        shown.close()


def _state(data: Path) -> str:
    from osce_commitments.dataset import Dataset

    version = Dataset(data).latest_version() if data.exists() else 0
    state = f"is complete at version {version}" if version else "has no version yet"
    return f"dataset {data} {state}; the same command continues after the last finished batch"


def fetch_command(
    symbols: Annotated[
        list[str] | None, typer.Argument(help="Symbols; by default, every instrument that has an address.")
    ] = None,
    config: options.ConfigFile = None,
    as_json: options.Json = False,
) -> None:
    """Download catalogue instruments into the local cache."""
    from osce_commitments.config import load_config
    from osce_commitments.sources.instruments import FetchStatus, fetch_catalogue

    choices = load_config(config)
    results = fetch_catalogue(symbols or None, limits=choices.limits, fetch=choices.fetch)
    if as_json:
        import dataclasses

        print_json([dataclasses.asdict(result) for result in results])
    else:
        for result in results:
            where = result.path or result.message
            typer.echo(f"{result.symbol}: {result.status.value}{f': {where}' if where else ''}")
    failed = any(result.status is FetchStatus.FAILED for result in results)
    raise typer.Exit(REJECTED_EXIT if failed else DONE_EXIT)


def doctor_command(
    data: options.Data = options.DEFAULT_DATA,
    repair: Annotated[
        bool, typer.Option("--repair", help="Go back to the last whole version, and make damaged search indexes again.")
    ] = False,
) -> None:
    """Check the installation and the dataset, and say how to fix what is wrong."""
    from osce_commitments.flows.doctor import check, repair_dataset

    if repair:
        repair_dataset(data, typer.echo)
    checks = check(data)
    for item in checks:
        typer.echo(wrapped(f"{'ok ' if item.is_ok else 'BAD'}  {item.what}: {item.state}", sys.stdout, "     "))
    raise typer.Exit(DONE_EXIT if all(item.is_ok for item in checks) else USAGE_EXIT)
