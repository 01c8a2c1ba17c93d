"""Prefect flows: resolve the configuration, call the steps, publish artifacts. Nothing else."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings

# isort: split
from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from osce_commitments.config import RunConfig, Runner, load_config
from osce_commitments.errors import ConfigError
from osce_commitments.flows import steps
from osce_commitments.flows.batch import unpack_batch
from osce_commitments.flows.prefect.batch_task import batch
from osce_commitments.flows.summary import Relabelled, RunSummary
from osce_commitments.schema import BatchResult, SourceRef

# What nobody looks at without Dask's pages, and costs a run a twentieth of its time: a sample of every worker's stack each 10 ms,
# checks that event loops still turn each 20 ms, and looks at memory (of task workers it hardly changes).
_NO_STATISTICS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
    "distributed.worker.memory.monitor-interval": "5s",
}


def _runner(choices: RunConfig) -> TaskRunner[Any]:
    """The configured task runner; Dask's, from the extra ``dask``, works on a local cluster or the one of ``DASK_SCHEDULER_ADDRESS``."""
    if choices.runner is Runner.THREAD:  # a thread waits for its own process, which reads documents within a budget
        return ThreadPoolTaskRunner(max_workers=choices.workers)
    try:
        from dask import config as settings
        from prefect_dask.task_runners import DaskTaskRunner
    except ModuleNotFoundError as error:
        msg = f"task runner {choices.runner.value!r} needs the package {error.name!r}, which is not installed"
        raise ConfigError(msg, "in the project's folder: pip install '.[dask]'") from error
    # Prefect lets Dask's notes through, and a closing cluster writes tracebacks of closed connections among them.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    if address := os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return DaskTaskRunner(address=address)
    settings.set(_NO_STATISTICS)  # workers take it over
    cluster = {
        "n_workers": choices.workers,
        "threads_per_worker": 1,
        # A port that is free: Dask warns if another run has its usual one.
        "dashboard_address": "127.0.0.1:0",
        "scheduler_kwargs": {"dashboard": False},
        # Workers import this module before they take a task.
        "preload": safe_settings.__name__,
    }
    return DaskTaskRunner(cluster_kwargs=cluster)


def _submit(batches: Iterable[Sequence[SourceRef]], config: RunConfig) -> Iterator[BatchResult]:
    # A window of batches: results of a large job must not pile up while one is written.
    pending: deque[Any] = deque()
    for refs in batches:
        pending.append(batch.submit(refs, config))
        if len(pending) > 2 * config.workers:
            yield from unpack_batch(pending.popleft().result())
    while pending:
        yield from unpack_batch(pending.popleft().result())


def _resolve(config: str | None, overrides: dict[str, Any] | None) -> RunConfig:
    return load_config(Path(config) if config else None, overrides)


@flow(name="ingest", validate_parameters=False)
def ingest_flow(
    sources: list[str], data: str, config: str | None = None, overrides: dict[str, Any] | None = None
) -> RunSummary:
    """Read new and changed inputs into the dataset; unchanged ones are skipped."""
    summary = steps.ingest(sources, Path(data), _resolve(config, overrides), map_batches=_submit)
    create_table_artifact(
        key="summary", table=[{"what": key, "count": value} for key, value in summary.counts().items()]
    )
    if summary.rejects:
        rows = [{"source": r.source, "why": r.message, "what to do": r.remedy} for r in summary.rejects]
        create_table_artifact(key="rejects", table=rows)
    return summary


@flow(name="classify", validate_parameters=False)
def classify_flow(data: str, config: str | None = None, overrides: dict[str, Any] | None = None) -> Relabelled:
    """Relabel what another model labelled."""
    return steps.relabel(Path(data), _resolve(config, overrides))


@flow(name="publish", validate_parameters=False)
def publish_flow(data: str, out: str, file_format: str = "parquet") -> None:
    """Write the newest version as plain files with a data dictionary."""
    steps.publish(Path(data), Path(out), file_format)


@flow(name="watch", validate_parameters=False)
def watch_flow(data: str, out: str, file_format: str = "html") -> list[str]:
    """Write what is new in the saved searches, one file per search that changed; returns the paths."""
    return [str(path) for path in steps.write_news(Path(data), Path(out), file_format)]


@flow(name="full", validate_parameters=False)
def full_flow(  # noqa: PLR0913, PLR0917 - one parameter per choice of a deployment
    sources: list[str],
    data: str,
    config: str | None = None,
    out: str | None = None,
    overrides: dict[str, Any] | None = None,
    news: str | None = None,
) -> RunSummary:
    """Ingest, relabel if the model changed, publish if a folder is given, run the watches if one for news is given."""
    choices = _resolve(config, overrides)
    summary: RunSummary = ingest_flow.with_options(task_runner=_runner(choices))(sources, data, config, overrides)
    relabelled: Relabelled = classify_flow(data, config, overrides)
    if out:
        publish_flow(data, out)
    if news:
        watch_flow(data, news)
    return summary.with_relabelled(relabelled)
