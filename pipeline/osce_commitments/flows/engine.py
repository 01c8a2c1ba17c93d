"""Run the job inline or under Prefect, with one server for the whole run.

Workers find that server through ``PREFECT_API_URL``; without it each would start its own.
A server that is already configured is used as it is.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from osce_commitments.config import Engine, RunConfig, Runner
from osce_commitments.errors import ConfigError
from osce_commitments.flows import steps
from osce_commitments.flows.looking import FOUND, Found, find_inputs
from osce_commitments.flows.prefect import server
from osce_commitments.flows.progress import PROGRESS
from osce_commitments.ids import content_sha256
from osce_commitments.labels import MediaType
from osce_commitments.sources import STDIN

if TYPE_CHECKING:
    from osce_commitments.flows.summary import RunSummary

_PREFECT_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(server.START_LIMIT_SECONDS),
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "DO_NOT_TRACK": "1",
}
_REMEDY = "set PREFECT_HOME to a folder that you can write to, or use --engine inline"


def run_job(inputs: Sequence[str], data: Path, config: RunConfig, *, stdin_type: MediaType | None = None) -> RunSummary:
    """Process the inputs with the configured engine."""
    if STDIN in inputs and config.engine is Engine.PREFECT:
        msg = "Prefect's workers cannot read standard input"
        raise ConfigError(msg, "use --engine inline, or write the text to a file")
    # The server of a run listens on this machine only.
    scheduler = os.environ.get("DASK_SCHEDULER_ADDRESS", "")
    host = urlsplit(scheduler).hostname or ""
    is_here = host in {"", "localhost", "::1"} or host.startswith("127.")
    uses_it = config.engine is not Engine.INLINE and config.runner is Runner.DASK
    if uses_it and not is_here and not os.environ.get("PREFECT_API_URL"):
        msg = f"the workers of the Dask cluster at {scheduler} cannot reach the Prefect server of this run"
        raise ConfigError(msg, "start one that they can reach, and set PREFECT_API_URL (docs/explanation/scale.md)")
    intake = find_inputs(inputs, config, stdin_type)
    token = FOUND.set(intake)
    try:
        if choose_engine(inputs, intake, data, config) is Engine.INLINE:
            summary = steps.ingest(inputs, data, config, stdin_type=stdin_type)
            return summary.with_relabelled(steps.relabel(data, config))
        with prefect_server(data):
            from osce_commitments.flows.prefect.flows import full_flow

            result: RunSummary = full_flow(list(inputs), str(data), overrides=config.model_dump(mode="json"))
        return result
    finally:
        FOUND.reset(token)


def choose_engine(inputs: Sequence[str], intake: Found, data: Path, config: RunConfig) -> Engine:
    """The engine for a job: no server is started where there is nothing to process."""
    if config.engine is Engine.INLINE or STDIN in inputs:
        return Engine.INLINE
    least = config.auto_threshold if config.engine is Engine.AUTO else 1
    return Engine.PREFECT if steps.count_work(intake, data, config) >= least else Engine.INLINE


@contextlib.contextmanager
def prefect_server(data: Path) -> Iterator[str]:
    """Use the configured Prefect server, or run one for the context; yields its API address.

    Do not import Prefect before: it reads its settings from the environment at import.
    """
    progress = PROGRESS.get()
    for key, value in _PREFECT_SETTINGS.items():
        os.environ.setdefault(key, value)
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        if not server.is_reachable(configured):
            msg = f"no Prefect server answers at PREFECT_API_URL={configured}"
            raise ConfigError(msg, "start it, or unset the variable to let the run start its own")
        progress.say(f"Prefect: using the server at {configured}")
        yield configured
        return
    home = _home(data)
    first = "" if home.exists() else " (the first start takes up to a minute)"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"folder {home} cannot be created for Prefect: {error.strerror}", _REMEDY) from error
    os.environ["PREFECT_HOME"] = str(home)
    # Set here, so that no file of the working folder can override it.
    os.environ.setdefault("PREFECT_PROFILES_PATH", str(home / "profiles.toml"))
    os.environ.setdefault("PREFECT_LOGGING_SETTINGS_PATH", str(home / "logging.yml"))
    progress.say(f"Prefect: waiting for its server to start{first}")
    begin = time.perf_counter()
    with server.start(os.environ, home) as api_url:
        progress.say(f"Prefect: ready after {time.perf_counter() - begin:.0f} s at {api_url}")
        # Before the import: Prefect's later threads know only the settings of that moment, and without an address they would
        # start their own server.
        os.environ["PREFECT_API_URL"] = api_url
        from osce_commitments.flows.prefect import safe_settings  # noqa: F401 - before Prefect

        # isort: split
        from prefect.settings import PREFECT_API_URL, temporary_settings

        try:
            with temporary_settings({PREFECT_API_URL: api_url}):
                yield api_url
        finally:
            del os.environ["PREFECT_API_URL"]


def _home(data: Path) -> Path:
    """Folder of Prefect's database and settings, one per dataset.

    It is outside the dataset, which may come from somebody else.
    """
    state = os.environ.get("XDG_STATE_HOME", "")
    if sys.platform == "darwin":
        state = "~/Library/Application Support"
    elif not state.startswith("/"):
        state = "~/.local/state"
    ours = Path(state, "osce-commitments", "prefect", content_sha256(os.fsencode(data.resolve()))[:16])
    try:
        return Path(os.environ.get("PREFECT_HOME") or ours).expanduser().absolute()
    except RuntimeError as error:
        raise ConfigError("this user has no home folder for Prefect's files", _REMEDY) from error
