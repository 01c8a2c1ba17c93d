"""The Dask task runner, from the extra ``dask``."""

from __future__ import annotations

import logging
import os

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings

# isort: split
from prefect_dask.task_runners import DaskTaskRunner


def dask(workers: int) -> DaskTaskRunner:
    """A runner on a local cluster, or on the scheduler that ``DASK_SCHEDULER_ADDRESS`` names."""
    # Prefect lets Dask's notes through, and a closing cluster writes tracebacks of closed connections among them.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if address:
        return DaskTaskRunner(address=address)
    cluster = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    # Workers import this module before they take a task.
    return DaskTaskRunner(cluster_kwargs=cluster | {"preload": safe_settings.__name__})
