"""Commands that train and release classifiers: train, models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from osce_commitments.cli import options
from osce_commitments.cli.exits import ended_by_signals
from osce_commitments.cli.output import print_json, print_table, say
from osce_commitments.defaults import FLOORS_FILE, OPENINGS_FILE, TRAINING_FOLDER
from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular

if TYPE_CHECKING:
    from osce_commitments.classify.releases import Promotion

_OutFolder = Annotated[Path, typer.Option("--out", "-o", help="Output folder.", metavar="DIR")]
_Work = Annotated[
    Path, typer.Option("--work", help="Working folder; rerun with the same one to resume.", metavar="DIR")
]
_Named = Annotated[str, typer.Argument(help="NAME, NAME@VERSION or a folder.", metavar="MODEL")]
_Reason = Annotated[str, typer.Option("--reason", help="Reason, kept in the history.")]
_Metrics = Annotated[
    list[Path] | None,
    typer.Option(
        "--metrics",
        help="metrics.json of this classifier, from evaluate; otherwise it is measured now.",
        metavar="FILE",
    ),
]
_Floors = Annotated[Path, typer.Option("--floors", help="File of floors that it has to meet.", metavar="FILE")]
_Real = Annotated[
    Path | None,
    typer.Option(
        "--real", help="Labelled rows on which it may not lose against the served classifier.", metavar="FILE"
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Serve it whatever its figures are; needs --reason.")]
_MEASURES = ("strength.accuracy", "strength.macro_f1", "strength.kappa_quadratic", "strength.ece")
_AREA_MEASURES = ("areas.micro_f1", "areas.macro_f1", "areas.ece_likely")

models = typer.Typer(help="Released classifiers: list, show, compare, add, promote, roll back.", no_args_is_help=True)


def train_command(
    config: options.ConfigFile = None,
    work: _Work = TRAINING_FOLDER,
    only: Annotated[
        Literal["fit", "export"] | None,
        typer.Option(help="Only fine-tune, or only export an earlier result; by default, both."),
    ] = None,
    version: Annotated[str, typer.Option(help="Version of the result; by default, the next number.")] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start again instead of resuming from the last checkpoint.")
    ] = False,
) -> None:
    """Fine-tune a classifier on the coded corpus and export it; an interrupted training resumes."""
    from osce_commitments import train as training

    choices = training.load_train_config(config)
    with ended_by_signals(lambda: _state(work)):
        if only != "export":
            trained = training.train(choices, work, fresh=fresh, say=say)
            say(f"fine-tuned in {trained.record['seconds']:.0f} s: {work}")
        if only == "fit":
            return
        folder = training.export_candidate(choices, work, version=version, say=say)
    parts = json.loads(read_regular(folder / "metrics.json"))["parts"]
    from osce_commitments.cli.terminal import print_rows

    keys = [key.split(".") for key in (*_MEASURES, *_AREA_MEASURES)]
    print_rows(
        [
            {"part": part, "judge": judge}
            | {f"{task} {name}": f"{judges[judge][task][name]:.3f}" for task, name in keys}
            for part, judges in parts.items()
            for judge in judges
        ]
    )
    typer.echo(f"{folder}\nrelease it: osce-commitments models add {folder} --promote --reason WHY")


def _state(work: Path) -> str:
    return f"the same command resumes from the last checkpoint in {work}"


@models.command("list")
def list_(as_json: options.Json = False) -> None:
    """List the released classifiers; a name without a version means its promoted version."""
    from osce_commitments.classify.releases import list_releases, releases_root

    rows = [
        {"model": f"{release.name}@{release.version}", "promoted": release.is_promoted, "folder": str(release.folder)}
        for release in list_releases()
    ]
    if as_json:
        print_json(rows)
    elif not rows:
        typer.echo(f"no classifier is released in {releases_root()}; use --model rules")
    else:
        from osce_commitments.cli.terminal import print_rows

        print_rows([row | {"promoted": "yes" if row["promoted"] else ""} for row in rows])


@models.command("show")
def show_model_command(model: _Named, as_json: options.Json = False) -> None:
    """Show the card of a released classifier, or everything about it as JSON."""
    from osce_commitments.classify.encoder.artefact import CARD_FILE, METRICS_FILE, read_artefact
    from osce_commitments.classify.releases import locate

    folder = locate(model)
    if as_json:
        figures = json.loads(read_regular(folder / METRICS_FILE))
        print_json({"artefact": read_artefact(folder).model_dump(mode="json"), "metrics": figures})
    else:
        read_artefact(folder)
        typer.echo(read_regular(folder / CARD_FILE))


@models.command("compare")
def compare_command(
    first: _Named,
    second: _Named,
    data: Annotated[Path, typer.Option("--data", help="JSONL file of labelled rows to measure on.", metavar="FILE")],
    as_json: options.Json = False,
) -> None:
    """Compare two classifiers on labelled rows, with the paired bootstrap by document."""
    from osce_commitments.evaluate.classifier import compare_on
    from osce_commitments.evaluate.report import few_documents

    rows, documents = compare_on(data, first, second)
    if warning := few_documents(documents):
        say(warning)
    print_table(rows, as_json=as_json)


@models.command("add")
def add_command(
    folder: Annotated[Path, typer.Argument(help="Folder that train exported.", metavar="DIR")],
    promotes: Annotated[
        bool, typer.Option("--promote", help="Make it the served version, if it meets its floors.")
    ] = False,
    reason: _Reason = "",
    metrics: _Metrics = None,
    forces: _Force = False,
) -> None:
    """Add an exported classifier to the releases; with --promote, serve it."""
    from osce_commitments.classify import releases

    if not promotes and (reason or metrics or forces):
        msg = "--reason, --metrics and --force say why a version is served"
        raise ConfigError(msg, "add --promote, or leave them out")
    grounds = _grounds(str(folder), FLOORS_FILE, metrics, None, reason, forces=forces) if promotes else None
    release = releases.add_release(folder)
    if grounds:
        releases.promote_release(release.name, release.version, grounds)
    typer.echo(
        f"{release.name}@{release.version}{' is served' if promotes else ' is released, not served'}: {release.folder}"
    )


@models.command("promote")
def promote_command(
    model: Annotated[str, typer.Argument(help="NAME@VERSION.", metavar="MODEL")],
    reason: _Reason = "",
    metrics: _Metrics = None,
    floors: _Floors = FLOORS_FILE,
    real: _Real = None,
    forces: _Force = False,
) -> None:
    """Make a version the one served under its name, if it meets every floor; the history keeps date and figures."""
    from osce_commitments.classify import releases

    name, _, version = model.partition("@")
    if not version:
        raise ConfigError(f"{model!r} has no version", f"write {model}@VERSION; see osce-commitments models list")
    releases.promote_release(name, version, _grounds(model, floors, metrics, real, reason, forces=forces))
    typer.echo(f"{name}@{version} is served")


def _grounds(
    model: str, floors: Path, metrics: list[Path] | None, real: Path | None, reason: str, *, forces: bool
) -> Promotion:
    from osce_commitments.classify.releases import locate
    from osce_commitments.evaluate.floors import forced_grounds, grounds_of

    if forces:
        return forced_grounds(model, metrics or [], reason)
    locate(model)
    return grounds_of(model, floors, metrics=metrics or [], real=real, reason=reason, say=say)


@models.command("rollback")
def rollback_command(
    name: Annotated[str, typer.Argument(help="Name of the classifier.")], reason: _Reason = ""
) -> None:
    """Undo the last promotion of a classifier."""
    from osce_commitments.classify import releases

    typer.echo(f"{name}@{releases.rollback_release(name, reason=reason)} is served")


@models.command("repool")
def repool_command(
    model: _Named,
    out: _OutFolder,
    config: options.ConfigFile = None,
) -> None:
    """Refit trust in rules and pooling of a released network and keep its weights; takes minutes, not a full training."""
    from osce_commitments import train as training

    typer.echo(str(training.repool(training.load_train_config(config), model, out, say=say)))


@models.command("export-hf")
def export_hf_command(
    model: _Named,
    out: Annotated[Path, typer.Option("--out", "-o", help="Output folder; new or empty.", metavar="DIR")],
) -> None:
    """Export the network of a released classifier for Hugging Face's libraries: safetensors, configuration, tokenizer, card."""
    from osce_commitments.extra.hugging_face import export_hugging_face

    typer.echo(str(export_hugging_face(model, out)))


@models.command("describe")
def describe_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a candidate or a release.", metavar="DIR")],
    measured: Annotated[
        list[str] | None,
        typer.Option(
            "--measured",
            help="Kind of documents (and, after a colon, what was chosen on them) and metrics.json of evaluate; repeat it, real documents first.",
            metavar="KIND=FILE",
        ),
    ] = None,
) -> None:
    """Put measured figures, also those of the log of the sealed part, into the card, in numbers and in plain words."""
    from osce_commitments.train.release import add_figures

    files: dict[str, Path] = {}
    for text in measured or []:
        kind, _, file = text.partition("=")
        if not kind.strip() or not file:
            msg = f"--measured {kind!r} names no kind of documents and file"
            raise ConfigError(msg, 'write --measured "real documents=report/metrics.json"')
        files[kind.strip()] = Path(file)
    for quality in add_figures(folder, files, OPENINGS_FILE if OPENINGS_FILE.exists() else None):
        typer.echo(f"{quality.heading}: {' '.join(quality.sentences)}")
