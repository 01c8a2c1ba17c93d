"""The order of a training, without Prefect: fine-tune, export, measure, check against floors, serve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from osce_commitments.classify import releases
from osce_commitments.classify.encoder.artefact import read_artefact
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate import run_evaluation
from osce_commitments.evaluate.floors import gate, means, read_figures
from osce_commitments.flows.progress import PROGRESS
from osce_commitments.train import TrainConfig, export_candidate, train


@dataclass(frozen=True, slots=True)
class Retrained:
    """The result of a training: the classifier, its folder, the floors that it misses, and whether it is served."""

    model: str
    folder: Path
    broken: tuple[str, ...]
    is_served: bool


def fine_tune(config: TrainConfig, work: Path) -> None:
    """Fine-tune; an interrupted training resumes."""
    train(config, work, say=PROGRESS.get().say)


def make(config: TrainConfig, work: Path) -> Path:
    """Export the fine-tuned classifier; returns its folder."""
    return export_candidate(config, work, say=PROGRESS.get().say)


def measure(config: TrainConfig, candidate: Path, out: Path, floors: Path, name: str) -> tuple[str, ...]:
    """Measure a candidate on the test part; returns the floors of entry ``name`` that it misses."""
    if config.data.test is None:
        raise ConfigError("the training configuration has no test part", "set data.test")
    run_evaluation(config.data.test, out, str(candidate))
    return tuple(gate(out / "metrics.json", floors, name))


def keep(candidate: Path, broken: tuple[str, ...], out: Path, name: str, *, promotes: bool) -> Retrained:
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
