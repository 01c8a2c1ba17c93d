"""Prefect flow of a training: resolve the configuration, call the steps, publish an artifact. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings  # noqa: F401

# isort: split
from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from osce_commitments.classify import releases
from osce_commitments.classify.encoder.artefact import read_artefact
from osce_commitments.defaults import FLOORS_FILE, TRAINING_FOLDER
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate import run_evaluation
from osce_commitments.evaluate.floors import gate, means, read_figures
from osce_commitments.flows.progress import PROGRESS
from osce_commitments.train import TrainConfig, export_candidate, load_train_config, train


@dataclass(frozen=True, slots=True)
class Retrained:
    """The result of a training: the classifier, its folder, the floors that it misses, and whether it is served."""

    model: str
    folder: Path
    broken: tuple[str, ...]
    is_served: bool


@task(name="fine-tune", cache_policy=NO_CACHE)
def _fine_tune(config: TrainConfig, work: Path) -> None:
    """Fine-tune; an interrupted training resumes."""
    train(config, work, say=PROGRESS.get().say)


@task(name="export", cache_policy=NO_CACHE)
def _make(config: TrainConfig, work: Path) -> Path:
    """Export the fine-tuned classifier; returns its folder."""
    return export_candidate(config, work, say=PROGRESS.get().say)


@task(name="evaluate", cache_policy=NO_CACHE)
def _measure(config: TrainConfig, candidate: Path, out: Path, floors: Path, name: str) -> tuple[str, ...]:
    """Measure a candidate on the test part; returns the floors of entry ``name`` that it misses."""
    if config.data.test is None:
        raise ConfigError("the training configuration has no test part", "set data.test")
    run_evaluation(config.data.test, out, str(candidate))
    return tuple(gate(out / "metrics.json", floors, name))


@task(name="keep", cache_policy=NO_CACHE)
def _keep(candidate: Path, broken: tuple[str, ...], out: Path, name: str, *, promotes: bool) -> Retrained:
    """Add a candidate that meets every floor to the releases and, if wanted, serve it.

    The history keeps its figures under the entry ``name`` of the floors file.
    """
    if broken:
        artefact = read_artefact(candidate)
        return Retrained(f"{artefact.name}@{artefact.version}", candidate, broken, is_served=False)
    release = releases.add_release(candidate)
    if promotes:
        figures = {name: means([read_figures(out / "metrics.json")])}
        releases.promote_release(
            release.name, release.version, releases.Promotion(reason="trained on schedule", figures=figures)
        )
    return Retrained(f"{release.name}@{release.version}", release.folder, (), is_served=promotes)


@flow(name="train", validate_parameters=False)
def train_flow(  # noqa: PLR0913, PLR0917 - the parameters of a deployment
    config: str | None = None,
    work: str = str(TRAINING_FOLDER),
    out: str = str(TRAINING_FOLDER / "evaluation"),
    floors: str = str(FLOORS_FILE),
    name: str = "commitments-test",
    promotes: bool = False,  # noqa: FBT001, FBT002 - a deployment names its parameters
) -> Retrained:
    """Fine-tune, export, measure and, if every floor is met, add the classifier to the releases.

    Prefect shows these descriptions with a deployment.

    Args:
        config: YAML file with the training configuration.
        work: Training folder; an interrupted run resumes there.
        out: Folder of the report.
        floors: File of floors.
        name: Entry of the floors file.
        promotes: Serve the new version at once; otherwise a person promotes it.
    """
    choices = load_train_config(Path(config) if config else None)
    _fine_tune(choices, Path(work))
    candidate = _make(choices, Path(work))
    broken = _measure(choices, candidate, Path(out), Path(floors), name)
    retrained: Retrained = _keep(candidate, broken, Path(out), name, promotes=promotes)
    rows = [{"what": "model", "value": retrained.model}, {"what": "served", "value": str(retrained.is_served)}]
    create_table_artifact(
        key="training", table=rows + [{"what": "below its floor", "value": floor} for floor in broken]
    )
    return retrained
