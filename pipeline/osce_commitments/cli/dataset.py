"""Dataset commands: versions, diff, export."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.output import near, print_json, print_lines, print_table
from osce_commitments.phrases import shorten
from osce_commitments.texts.places import place

if TYPE_CHECKING:
    from osce_commitments.dataset import Diff

_SHOWN = 30
_SHOWN_CHARACTERS = 100  # fits a line of a terminal
_CORRECTED = ("strength", "threat_areas", "addressee", "role", "boundary")


def versions_command(data: options.Data = options.DEFAULT_DATA, as_json: options.Json = False) -> None:
    """List the dataset's versions: date, changes, numbers of documents and provisions."""
    from osce_commitments.dataset import Dataset

    dataset = Dataset(data)
    dataset.info()  # raises an error if there is no dataset
    rows = [
        {
            "version": info.version,
            "created_at": info.created_at.isoformat(timespec="seconds"),
            "documents": info.counts.get("documents", 0),
            "provisions": info.counts.get("provisions", 0),
            "rejects": info.counts.get("rejects", 0),
            "corrections": info.counts.get("corrections", 0),
            "message": info.message,
            "run_id": info.run_id,
        }
        for info in dataset.versions()
    ]
    print_table(rows, as_json=as_json)


def diff_command(
    before: Annotated[str, typer.Argument(help="Earlier version: a number, a date or 'latest'.")],
    after: Annotated[str, typer.Argument(help="Later version: a number, a date or 'latest'.")] = "latest",
    data: options.Data = options.DEFAULT_DATA,
    as_json: options.Json = False,
) -> None:
    """Show what changed between two versions: documents, provisions, labels, lineage."""
    from osce_commitments.dataset import Dataset

    diff = Dataset(data).diff(before, after)
    if as_json:
        import dataclasses

        print_json(dataclasses.asdict(diff))
        return
    print_lines(_diff_lines(diff))


def _diff_lines(diff: Diff) -> Iterable[str]:
    yield f"version {diff.before} -> {diff.after}"
    if diff.is_empty:
        yield "no difference" if diff.before != diff.after else "no difference: both are the same version"
        return
    yield from _section("documents added", [_document(row) for row in diff.documents_added])
    yield from _section("documents removed", [_document(row) for row in diff.documents_removed])
    yield from _section("documents changed", [_document(after) for _, after in diff.documents_changed])
    yield from _section("provisions added", [f"+ {_provision(row)}" for row in diff.provisions_added])
    yield from _section("provisions removed", [f"- {_provision(row)}" for row in diff.provisions_removed])
    yield from _section("labels changed", [_labels(before, after) for before, after in diff.relabelled])
    yield from _section("corrections", [_correction(row) for row in diff.corrections])
    yield from _section("lineage added", [f"+ {_link(row)}" for row in diff.links_added])
    yield from _section("lineage removed", [f"- {_link(row)}" for row in diff.links_removed])
    changed = [f"{_link(after)}, before {before['relation']}" for before, after in diff.links_changed]
    yield from _section("lineage changed", changed)


def _section(title: str, lines: list[str]) -> Iterable[str]:
    if not lines:
        return
    yield ""
    yield f"{title}: {len(lines)}"
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  … and {len(lines) - _SHOWN} more (--json lists all)"


def _document(row: dict[str, Any]) -> str:
    return " · ".join(str(value) for value in (row["symbol"], row["title"], near(row["source"])) if value)


def _provision(row: dict[str, Any]) -> str:
    where = place(row)
    areas = ", ".join(row["threat_areas"]) or "no area"
    shortened = shorten(row["text"], _SHOWN_CHARACTERS, between_words=False)
    return f"{row['id']} [{row['strength']}; {areas}] {f'{where}: ' if where else ''}{shortened}"


def _link(row: dict[str, Any]) -> str:
    return f"{row['later_place']} takes up {row['earlier_place']}: {row['relation']}"


def _labels(before: dict[str, Any], after: dict[str, Any]) -> str:
    changes = [
        f"{name} {_label(before[name])} -> {_label(after[name])}"
        for name in ("strength", "threat_areas")
        if before[name] != after[name]
    ]
    return f"{after['id']} {'; '.join(changes)}"


def _correction(row: dict[str, Any]) -> str:
    said = [f"{name} {_label(row[name])}" for name in _CORRECTED if row[name] is not None]
    notes = [row["rule"], row["reason"]]
    return f"{row['provision']} {row['kind']} by {row['made_by']}: {'; '.join([*said, *filter(None, notes)])}".rstrip(
        ": "
    )


def _label(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "no area"


def export_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="Output folder; an earlier export there is replaced.")],
    file_format: Annotated[
        Literal["parquet", "csv", "jsonl", "akn"],
        typer.Option(
            "--format",
            help="Format of the tables: parquet, csv, jsonl, or akn (one Akoma Ntoso document per instrument).",
            metavar="FORMAT",
        ),
    ] = "parquet",
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
) -> None:
    """Export each table as one file with a data dictionary, or each instrument as Akoma Ntoso; with hashes."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.extra.akn import export

    folder = export(Dataset(data, labels), as_of, file_format, out)
    for path in sorted(folder.iterdir()):
        typer.echo(str(path))
