"""Serving the page: the socket is bound before the address is announced, and Ctrl-C ends without a traceback."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.errors import ConfigError
from osce_commitments.serve.app import create_app

if TYPE_CHECKING:
    from osce_commitments.dataset.versions import VersionSpec

_BACKLOG = 128


def serve(data: Path, version: VersionSpec, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C.

    Args:
        data: Folder of the dataset.
        version: See :class:`osce_commitments.serve.shelf.OpenVersions`.
        host: Address to listen on.
        port: Port; 0 for a free one.
        announce: Called with the page's address once it can be opened.

    Raises:
        ConfigError: If the address cannot be used.
        DatasetError: If the version does not exist.
    """
    import uvicorn

    with _listen(host, port) as listener:
        app = create_app(data, version, hosts=_hosts(host))
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
        port = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{port}/")
        app.state.shelf.book().prepare()
        # Uvicorn raises the interrupt again after its last response.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        msg = f"unknown address {host!r}: {error.strerror}"
        raise ConfigError(msg, "give --host an address of this computer, such as 127.0.0.1") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            msg = f"port {port} of {host} is in use"
            raise ConfigError(msg, f"stop the program that uses it, or choose another: --port {port + 1}") from error
        msg = f"cannot listen on {host}:{port}: {error.strerror}"
        raise ConfigError(msg, "choose another --host or --port") from error
    return listener


def _hosts(host: str) -> tuple[str, ...]:
    """Host names under which the page answers: a foreign site in the browser must not read a local page."""
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    return ("localhost", "127.0.0.1", "[::1]", host) if is_local else ("*",)
