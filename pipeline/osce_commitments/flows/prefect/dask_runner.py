"""The Dask task runner, from the extra ``dask``."""

from __future__ import annotations

import logging
import os

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings

# isort: split
from dask import config
from prefect_dask.task_runners import DaskTaskRunner

# What nobody looks at without Dask's pages, and costs a run a twentieth of its time: a sample of every worker's stack each 10 ms,
# checks that event loops still turn each 20 ms, and looks at memory (of task workers it hardly changes).
_NO_STATISTICS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
    "distributed.worker.memory.monitor-interval": "5s",
}


def dask(workers: int) -> DaskTaskRunner:
    """A runner on a local cluster, or on the scheduler that ``DASK_SCHEDULER_ADDRESS`` names."""
    # Prefect lets Dask's notes through, and a closing cluster writes tracebacks of closed connections among them.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if address:
        return DaskTaskRunner(address=address)
    config.set(_NO_STATISTICS)  # workers take it over
    cluster = {
        "n_workers": workers,
        "threads_per_worker": 1,
        # A port that is free: Dask warns if another run has its usual one.
        "dashboard_address": "127.0.0.1:0",
        "scheduler_kwargs": {"dashboard": False},
        # Workers import this module before they take a task.
        "preload": safe_settings.__name__,
    }
    return DaskTaskRunner(cluster_kwargs=cluster)
