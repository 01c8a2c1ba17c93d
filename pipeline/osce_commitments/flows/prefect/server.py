"""Prefect's server for one run: out of reach of Ctrl-C, and always stopped.

``python -m osce_commitments.flows.prefect.server PORT PARENT`` serves until its parent ends, however that ends.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from osce_commitments.errors import ConfigError
from osce_commitments.flows.child_process import absolute_path, end_with

_HOST = "127.0.0.1"
# What Prefect sets for the servers that it starts itself: no pages, and no server of its own below it.
_SERVER_SETTINGS = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
# Prefect counts only its own sleeps, and a first start migrates a new database: half a minute on a busy machine.
START_LIMIT_SECONDS = 180
_REMEDY = "try --engine inline, or set PREFECT_API_URL to a running server"


@contextlib.contextmanager
def start(environment: Mapping[str, str], home: Path) -> Iterator[str]:
    """Run a server on a free port for the context; yields the address of its API when it answers.

    It has a session of its own, so that Ctrl-C at a terminal does not reach it. It works in its own folder and imports nothing
    from there: the working folder may hold files from anywhere.
    """
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-P", "-m", __name__, str(port), str(os.getpid())],
        cwd=home,
        env={**environment, **_SERVER_SETTINGS, **absolute_path(environment)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    api_url, deadline = f"http://{_HOST}:{port}/api", time.monotonic() + START_LIMIT_SECONDS
    try:
        while not is_reachable(api_url):
            if process.poll() is not None:
                raise ConfigError(f"Prefect's server ended while it started (exit code {process.returncode})", _REMEDY)
            if time.monotonic() > deadline:
                raise ConfigError(f"Prefect's server did not start within {START_LIMIT_SECONDS} s", _REMEDY)
            time.sleep(0.1)
        yield api_url
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def is_reachable(api_url: str) -> bool:
    """Whether a Prefect server answers at an address."""
    import httpx

    try:
        return httpx.get(f"{api_url}/health", timeout=5, verify=_certificates()).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


@functools.cache
def _certificates() -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()  # takes longer than the request


def server_main() -> None:
    """Serve until the parent ends."""
    from osce_commitments.flows.prefect import safe_settings  # noqa: F401 - before Prefect

    # isort: split
    import uvicorn

    port, parent = int(sys.argv[1]), int(sys.argv[2])
    end_with(parent)
    uvicorn.run("prefect.server.api.server:create_app", factory=True, host=_HOST, port=port, log_level="error")


if __name__ == "__main__":
    server_main()
