"""Prefect's server for one run: out of reach of Ctrl-C, and always stopped.

``python -m osce_commitments.flows.prefect.server PORT PARENT`` serves until its parent ends, however that ends.
"""

from __future__ import annotations

import functools
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from osce_commitments.errors import ConfigError
from osce_commitments.flows.child_process import absolute_path, end_with

_HOST = "127.0.0.1"
# What Prefect sets for the servers that it starts itself: no pages, and no server of its own below it.
_SERVER_SETTINGS = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


class Server:
    """A running server; ``api_url`` is the address of its API."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.api_url = f"http://{_HOST}:{port}/api"

    def stop(self) -> None:
        """Stop the server."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the server answers."""
        deadline = time.monotonic() + seconds
        while not is_reachable(self.api_url):
            if self._process.poll() is not None:
                msg = f"Prefect's server ended while it started (exit code {self._process.returncode})"
                raise ConfigError(msg, "try --engine inline, or set PREFECT_API_URL to a running server")
            if time.monotonic() > deadline:
                self.stop()
                msg = f"Prefect's server did not start within {seconds:.0f} s"
                raise ConfigError(msg, "try --engine inline, or set PREFECT_API_URL to a running server")
            time.sleep(0.1)


def start(environment: Mapping[str, str], home: Path) -> Server:
    """Start a server on a free port, in a session of its own so that Ctrl-C at a terminal does not reach it.

    It works in its own folder and imports nothing from there: the working folder may hold files from anywhere.
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
    return Server(process, port)


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
