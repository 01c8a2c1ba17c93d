"""Prefect flow of a training: resolve the configuration, call the steps, publish an artifact. Nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings  # noqa: F401

# isort: split
from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from osce_commitments.defaults import FLOORS_FILE, TRAINING_FOLDER
from osce_commitments.flows import training_steps as training
from osce_commitments.train import load_train_config

if TYPE_CHECKING:
    from osce_commitments.flows.training_steps import Retrained


_fine_tune = task(name="fine-tune", cache_policy=NO_CACHE)(training.fine_tune)
_make = task(name="export", cache_policy=NO_CACHE)(training.make)
_measure = task(name="evaluate", cache_policy=NO_CACHE)(training.measure)
_keep = task(name="keep", cache_policy=NO_CACHE)(training.keep)


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
    create_table_artifact(key="training", table=rows + [{"what": "below its floor", "value": one} for one in broken])
    return retrained
