"""The Dask task runner, from the extra ``dask``."""

from __future__ import annotations

import logging
import os

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings

# isort: split
from dask import config
from prefect_dask.task_runners import DaskTaskRunner

# What nobody looks at without Dask's pages: a sample of every worker's stack each 10 ms, and of the system twice a second.
_NO_STATISTICS = {"distributed.worker.profile.enabled": False, "distributed.admin.system-monitor.interval": "10s"}


def dask(workers: int) -> DaskTaskRunner:
    """A runner on a local cluster, or on the scheduler that ``DASK_SCHEDULER_ADDRESS`` names."""
    # Prefect lets Dask's notes through, and a closing cluster writes tracebacks of closed connections among them.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if address:
        return DaskTaskRunner(address=address)
    config.set(_NO_STATISTICS)  # workers take it over
    cluster = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    # Workers import this module before they take a task.
    return DaskTaskRunner(cluster_kwargs=cluster | {"preload": safe_settings.__name__})
