"""Label commands about answers: what was checked, where persons differ, what models doubt, what goes to the corpus."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osce_commitments.cli import options
from osce_commitments.cli.labels import TEXT_WIDTH, FileFormat, labels
from osce_commitments.cli.output import print_json, print_lines, print_table, say, whole_file
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from osce_commitments.labelling.session import LabelStatus

_LISTED = 30


@labels.command("status")
def status_command(data: options.Data = options.DEFAULT_DATA, as_json: options.Json = False) -> None:
    """Show what people checked: by person and label, corrections without a provision, open disagreements."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.session import status_of

    found = status_of(Dataset(data))
    if as_json:
        print_json(_status(found))
        return
    print_lines(_status_lines(found))


def _status(label_status: LabelStatus) -> dict[str, Any]:
    return {
        "rows": label_status.rows,
        "provisions": len(label_status.standing),
        "people": dict(label_status.people),
        "answered": {kind.value: count for kind, count in label_status.answered.items()},
        "program_was_right": {kind.value: label_status.same[kind] for kind in label_status.answered},
        "needs_review": label_status.left,
        "waiting": label_status.waiting,
        "disputed": [one.key for one in label_status.disputed],
        "unattached": [
            {name: one.row[name] for name in ("key", "symbol", "title", "lead_in", "text", "made_by")}
            for one in label_status.unattached
        ],
    }


def _status_lines(label_status: LabelStatus) -> Iterator[str]:
    from osce_commitments.labelling.session import described

    people = ", ".join(f"{name} {count:,}" for name, count in label_status.people.most_common() if name)
    checked = f"{counted_noun(len(label_status.standing), 'provision')} checked"
    yield f"{checked} ({counted_noun(label_status.rows, 'answer')}): {people}" if people else f"{checked} yet"
    for kind, count in label_status.answered.items():
        yield f"  {kind.value}: {count:,} answered, the program was right in {label_status.same[kind]:,}"
    if label_status.waiting:
        yield (
            f"{label_status.waiting:,} further answers from the page are saved but in no version yet: stop the page with Ctrl-C; "
            "if it was killed, the next import, run or review takes them in"
        )
    yield f"{counted_noun(label_status.left, 'provision')} marked for review"
    if label_status.disputed:
        yield f"{counted_noun(len(label_status.disputed), 'open disagreement')}: osce-commitments labels agreement"
    if label_status.unattached:
        yield f"{counted_noun(len(label_status.unattached), 'correction')} without a provision in this version:"
    yield from _first([f"  {one.key} {described(one.row)} ({one.row['made_by']})" for one in label_status.unattached])


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_LISTED]
    if len(lines) > _LISTED:
        yield f"  … and {len(lines) - _LISTED:,} more (--json lists all)"


@labels.command("agreement")
def agreement_command(data: options.Data = options.DEFAULT_DATA, as_json: options.Json = False) -> None:
    """Show how far persons agree: Krippendorff's alpha of strength, kappa of each area, and where they differ."""
    from osce_commitments.corrections import standing_answers
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.agreement import agreement, answers_in_words
    from osce_commitments.labelling.session import described

    dataset = Dataset(data)
    dataset.info()
    found = agreement(standing_answers(dataset.read("corrections").to_pylist()))
    if as_json:
        values = {
            "people": found.people, "strength_units": found.strength_units, "alpha": found.alpha,
            "area_units": found.area_units, "same_areas": found.same_areas,
            "areas": {area.area.value: {"kappa": area.kappa, "given": area.given, "differing": area.differing} for area in found.areas},
            "differing": [{"provision": one.row["provision"], "answers": answers_in_words(one)} for one in found.differing],
        }  # fmt: skip
        print_json(values)
        return
    typer.echo(f"persons: {', '.join(found.people) or 'none yet'}")
    alpha = f", alpha {found.alpha:.3f}" if found.alpha is not None else ", so no alpha"
    typer.echo(f"strength: {found.strength_units:,} provisions with two or more answers{alpha}")
    same = f", {found.same_areas:.1%} with the same areas" if found.same_areas is not None else ""
    typer.echo(f"areas: {found.area_units:,} provisions with two or more answers{same}")
    for one in found.areas:
        if one.kappa is not None and one.given:
            say(f"  {one.area.value}: kappa {one.kappa:.3f}, given {one.given:,} times, {one.differing:,} differ")
    typer.echo(f"{len(found.differing):,} provisions on which persons differ")
    print_lines(
        _first([f"  {one.row['provision']} {described(one.row)}: {answers_in_words(one)}" for one in found.differing])
    )


@labels.command("adjudicate")
def adjudicate_command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File; for Label Studio and Argilla, a folder.", metavar="PATH")
    ],
    file_format: FileFormat = None,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Write the provisions on which persons differ, with their answers; decide with labels import --adjudicates."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.formats import write_file
    from osce_commitments.labelling.session import disputed_items

    items = disputed_items(Dataset(data))
    if not items:
        typer.echo("there is no open disagreement")
        return
    for path in write_file(items, out, file_format or ""):
        typer.echo(str(path))
    typer.echo(
        f"{counted_noun(len(items), 'open disagreement')}; decide with: osce-commitments labels import FILE --by NAME --adjudicates"
    )


@labels.command("suspects")
def suspects_command(
    data: Annotated[
        Path, typer.Argument(help="JSONL file of labelled rows, or a dataset with corrections.", metavar="FILE")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the rows to a file for a person to fill in.", metavar="PATH"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of labels.")] = 50,
    as_json: options.Json = False,
) -> None:
    """List labels of people that are unlikely for models trained without them, the surest doubts first (extra train)."""
    from osce_commitments.labelling.formats import write_file
    from osce_commitments.labelling.items import doubted_items
    from osce_commitments.train.suspects import suspects

    every = suspects(data)
    found = every[:limit]
    if out is not None:
        doubts: dict[str, tuple[Any, list[str]]] = {}
        for one in found:
            words = f"{one.label}: {one.given}, likelier {one.likelier} ({one.doubt:.2f})"
            doubts.setdefault(one.row.id, (one.row, []))[1].append(words)
        for path in write_file(doubted_items((row, "; ".join(words)) for row, words in doubts.values()), out, ""):
            typer.echo(str(path))
        return
    rows = [
        {
            "id": one.row.id, "label": one.label, "given": one.given, "likelier": one.likelier, "doubt": one.doubt,
            "distance": one.distance, "text": " ".join(f"{one.row.lead_in} {one.row.text}".split())[:TEXT_WIDTH],
        }
        for one in found
    ]  # fmt: skip
    print_table(rows, as_json=as_json)
    if not as_json:
        say(f"{len(every):,} doubted labels, {len(found):,} shown")


@labels.command("to-corpus")
def to_corpus_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="JSONL file.", metavar="FILE")],
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Write the checked provisions in the form of the corpus, each with who answered, when, why and what the program said."""
    from osce_commitments.scoring.corrected_rows import corpus_lines

    lines = [json.dumps(line, ensure_ascii=False) for line in corpus_lines(data)]
    with whole_file(out) as target:
        target.writelines(f"{line}\n".encode() for line in lines)
    typer.echo(f"{len(lines):,} rows written to {out}")
