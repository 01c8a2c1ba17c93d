"""Label commands: choose provisions, write files to fill in, read answers back, compare persons, doubt labels, fill the corpus."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.condition_options import WhereOption, read_conditions
from osce_commitments.cli.output import print_json, print_lines, print_table, say, whole_file
from osce_commitments.errors import ConfigError
from osce_commitments.phrases import shorten
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.queue import Chosen
    from osce_commitments.labelling.session import LabelStatus

_LISTED = 30  # lines
_TEXT_WIDTH = 100  # characters of a provision in a list
_By = Annotated[str, typer.Option("--by", help="Name of the person who answers.", metavar="NAME")]
_For = Annotated[
    str,
    typer.Option(
        "--for", help="What is to be labelled: strength, areas or one area; by default, both.", metavar="LABEL"
    ),
]
_Budget = Annotated[int, typer.Option(min=1, help="Number of provisions.")]
_FileFormat = Annotated[
    Literal["csv", "xlsx", "label-studio", "argilla", "prodigy"] | None,
    typer.Option(
        "--format",
        help="csv, xlsx, label-studio, argilla or prodigy; by default, by the ending of the file.",
        metavar="FORMAT",
    ),
]
_Id = Annotated[str, typer.Argument(help="Id of a provision, or its first characters.", metavar="ID")]
_NoMeaning = Annotated[
    bool, typer.Option("--no-meaning", help="Do not compare meanings: faster, but near copies are chosen together.")
]

labels = typer.Typer(
    help="Correct labels: choose provisions, answer in a file or on the page, compare coders.", no_args_is_help=True
)


@labels.command("next")
def next_command(
    where: WhereOption = None,
    budget: _Budget = 50,
    wanted: _For = "",
    by: _By = "",
    no_meaning: _NoMeaning = False,
    data: options.Data = options.DEFAULT_DATA,
    as_json: options.Json = False,
) -> None:
    """List the provisions to look at next: of many documents and meanings, the doubtful ones first."""
    from osce_commitments.dataset import Dataset

    queue = _chosen(Dataset(data), budget, wanted, by, no_meaning, read_conditions(where))
    print_table([_queue_row(chosen) for chosen in queue], as_json=as_json)


def _chosen(
    dataset: Dataset, budget: int, wanted: str, by: str, no_meaning: bool, conditions: dict[str, Any]
) -> list[Chosen]:
    import osce_commitments
    from osce_commitments.labelling.queue import next_items
    from osce_commitments.query.search.encoder import released_encoder

    ids = None
    if conditions:
        rows = osce_commitments.open(dataset.path).rows(columns=["id"], **conditions)
        ids = frozenset(row["id"] for row in rows)
    embed = None if no_meaning else lambda texts: released_encoder().embed(texts)
    return next_items(dataset, budget, wanted, ids=ids, by=by, embed=embed)


def _queue_row(chosen: Chosen) -> dict[str, Any]:
    row = chosen.item.row
    text = " ".join(row["reading"].split())
    if len(text) > _TEXT_WIDTH and row["lead_in"]:
        text = f"… {' '.join(row['text'].split())}"  # the items of a list have one lead-in
    return {
        "id": chosen.item.id,
        "document": chosen.item.place,
        "doubt": round(chosen.doubt, 3),
        "doubtful": chosen.why,
        "strength": row["strength"],
        "areas": row["threat_areas"],
        "text": shorten(text, _TEXT_WIDTH, between_words=False),
    }


@labels.command("export")
def export_labels_command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File; for Label Studio and Argilla, a folder.", metavar="PATH")
    ],
    file_format: _FileFormat = None,
    where: WhereOption = None,
    budget: _Budget = 50,
    wanted: _For = "",
    by: _By = "",
    no_meaning: _NoMeaning = False,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Write provisions to a file for a person to fill in: the choice of labels next, or the named ones."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.formats import write_file
    from osce_commitments.labelling.items import load_items

    dataset, conditions = Dataset(data), read_conditions(where)
    if ids := conditions.get("id"):
        items = load_items(dataset, [_found(dataset, start) for start in ids])
    else:
        items = [chosen.item for chosen in _chosen(dataset, budget, wanted, by, no_meaning, conditions)]
    if not items:
        msg = "there is no provision left to label"
        raise ConfigError(msg, "ask for other conditions, or leave out --by to see what nobody has checked")
    for path in write_file(items, out, file_format or ""):
        typer.echo(str(path))
    say(
        f"{counted_noun(len(items), 'provision')} written; read the answers back: osce-commitments labels import FILE --by NAME"
    )


@labels.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="File that a person filled in.", metavar="FILE")],
    by: _By = "",
    file_format: _FileFormat = None,
    adjudicates: Annotated[
        bool, typer.Option("--adjudicates", help="The answers decide between those of others.")
    ] = False,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Read answers from a file: all, or none if a cell is wrong; the same file twice changes nothing."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.session import import_file

    done = import_file(Dataset(data), file, by, name=file_format or "", adjudicates=adjudicates, on_wait=say)
    rest = f", {done.empty:,} without" if done.empty else ""
    typer.echo(
        f"{done.answers:,} rows with an answer{rest}; {done.added:,} new. The dataset is at version {done.version}"
    )


@labels.command("set")
def set_command(
    provision: _Id,
    by: _By,
    strength: Annotated[str, typer.Option(help="Obligation strength, its number, or ok.")] = "",
    area: Annotated[
        list[str] | None, typer.Option(help="Threat area, none or ok; may be repeated. Replaces all areas.")
    ] = None,
    addressee: Annotated[
        list[str] | None, typer.Option(help="Addressee, none or ok; may be repeated. Replaces all addressees.")
    ] = None,
    role: Annotated[str, typer.Option(help="Part of the document.")] = "",
    boundary: Annotated[str, typer.Option(help="What is wrong with the boundaries.")] = "",
    rule: Annotated[str, typer.Option(help="Rule of the annotation guide, such as S6.")] = "",
    reason: Annotated[str, typer.Option(help="Reason in words.")] = "",
    adjudicates: Annotated[
        bool, typer.Option("--adjudicates", help="The answer decides between those of others.")
    ] = False,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Correct the labels of one provision."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.cells import Given, WrongCellsError
    from osce_commitments.labelling.items import load_items
    from osce_commitments.labelling.session import answers_of, keep_answers
    from osce_commitments.labels import CorrectionKind

    cells = {
        "strength": strength, "more_areas": "; ".join(area or []), "addressee": "; ".join(addressee or []), "role": role,
        "boundary": boundary, "rule": rule, "reason": reason,
    }  # fmt: skip
    if not any(cells[name] for name in ("strength", "more_areas", "addressee", "role", "boundary")):
        raise ConfigError("no label is given", "give --strength, --area, --addressee, --role or --boundary")
    dataset = Dataset(data)
    item = _found(dataset, provision)
    kind = CorrectionKind.ADJUDICATION if adjudicates else CorrectionKind.ANSWER
    given = Given(f"provision {item}", item, "", cells)
    try:
        read = answers_of("the command", [given], load_items(dataset, [item]), by=by, kind=kind, origin="set")
    except WrongCellsError as error:
        msg = "; ".join(
            f"--{cell.column.removeprefix('more_').replace('areas', 'area')}: {cell.problem}" for cell in error.cells
        )
        raise ConfigError(msg, "nothing was changed") from error
    added, version = keep_answers(dataset, read.answers, on_wait=say)
    typer.echo(f"{item} {'corrected' if added else 'unchanged: the same answer is known'}; version {version}")


def _found(dataset: Dataset, start: str) -> str:
    ids = [one for one in dataset.read("provisions", columns=["id"])["id"].to_pylist() if one.startswith(start.strip())]
    if len(ids) == 1 or start in ids:
        return start if start in ids else str(ids[0])
    msg = f"{'several provisions begin' if ids else 'no provision begins'} with {start!r}"
    raise ConfigError(msg, "find ids with osce-commitments query")


@labels.command("take-back")
def take_back_command(
    provision: Annotated[
        str, typer.Argument(help="Id of a provision or its first characters, or the key of a correction.", metavar="ID")
    ],
    by: _By,
    data: options.Data = options.DEFAULT_DATA,
) -> None:
    """Take back what a person answered about a provision; what others answered stays."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.session import keep_answers, withdrawal

    dataset = Dataset(data)
    key = provision.strip()
    known = {row["key"] for row in dataset.read("corrections", columns=["key"]).to_pylist()}
    if key not in known:
        wanted = _found(dataset, key)
        rows = dataset.read("provisions", columns=["id", "key", "correction"]).to_pylist()
        row = next(row for row in rows if row["id"] == wanted)
        key = row["correction"] or row["key"]
    added, version = keep_answers(dataset, [withdrawal(dataset, key, by)], on_wait=say)
    if not added:
        raise ConfigError(f"{by} has no answer about {provision}", "osce-commitments labels status names the persons")
    typer.echo(f"the answer of {by} about {provision} is taken back; version {version}")


@labels.command("status")
def status_command(data: options.Data = options.DEFAULT_DATA, as_json: options.Json = False) -> None:
    """Show what people checked: by person and label, corrections without a provision, open disagreements."""
    from osce_commitments.dataset import Dataset
    from osce_commitments.labelling.session import status_of

    label_status = status_of(Dataset(data))
    if as_json:
        print_json(_status(label_status))
        return
    print_lines(_status_lines(label_status))


def _status(label_status: LabelStatus) -> dict[str, Any]:
    return {
        "rows": label_status.rows,
        "provisions": len(label_status.standing),
        "people": dict(label_status.people),
        "answered": {kind.value: count for kind, count in label_status.answered.items()},
        "program_was_right": {kind.value: label_status.same[kind] for kind in label_status.answered},
        "needs_review": label_status.left,
        "waiting": label_status.waiting,
        "disputed": [standing.key for standing in label_status.disputed],
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
    yield from _first(
        [
            f"  {standing.key} {described(standing.row)} ({standing.row['made_by']})"
            for standing in label_status.unattached
        ]
    )


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
            "differing": [{"provision": standing.row["provision"], "answers": answers_in_words(standing)} for standing in found.differing],
        }  # fmt: skip
        print_json(values)
        return
    typer.echo(f"persons: {', '.join(found.people) or 'none yet'}")
    alpha = f", alpha {found.alpha:.3f}" if found.alpha is not None else ", so no alpha"
    typer.echo(f"strength: {found.strength_units:,} provisions with two or more answers{alpha}")
    same = f", {found.same_areas:.1%} with the same areas" if found.same_areas is not None else ""
    typer.echo(f"areas: {found.area_units:,} provisions with two or more answers{same}")
    for area_agreement in found.areas:
        if area_agreement.kappa is not None and area_agreement.given:
            say(
                f"  {area_agreement.area.value}: kappa {area_agreement.kappa:.3f}, given {area_agreement.given:,} times, {area_agreement.differing:,} differ"
            )
    typer.echo(f"{len(found.differing):,} provisions on which persons differ")
    print_lines(
        _first([f"  {one.row['provision']} {described(one.row)}: {answers_in_words(one)}" for one in found.differing])
    )


@labels.command("adjudicate")
def adjudicate_command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File; for Label Studio and Argilla, a folder.", metavar="PATH")
    ],
    file_format: _FileFormat = None,
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
        for suspect in found:
            words = f"{suspect.label}: {suspect.given}, likelier {suspect.likelier} ({suspect.doubt:.2f})"
            doubts.setdefault(suspect.row.id, (suspect.row, []))[1].append(words)
        for path in write_file(doubted_items((row, "; ".join(words)) for row, words in doubts.values()), out, ""):
            typer.echo(str(path))
        return
    rows = [
        {
            "id": one.row.id, "label": one.label, "given": one.given, "likelier": one.likelier, "doubt": one.doubt,
            "distance": one.distance, "text": " ".join(f"{one.row.lead_in} {one.row.text}".split())[:_TEXT_WIDTH],
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
