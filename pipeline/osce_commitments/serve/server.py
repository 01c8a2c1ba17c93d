"""Serving the page: a socket that is ours before anything is promised, and an end without a traceback."""

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
        version: See :class:`osce_commitments.serve.shelf.Shelf`.
        host: Address to listen on.
        port: Port; 0 for a free one.
        announce: Called with the page's address when it can be opened.

    Raises:
        ConfigError: If the address cannot be used.
        DatasetError: If there is no such version.
    """
    import uvicorn

    with _listen(host, port) as listener:
        app = create_app(data, version, hosts=_hosts(host))
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
        port = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{port}/")
        # The server raises the interrupt again after its last answer.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        msg = f"there is no address {host!r}: {error.strerror}"
        raise ConfigError(msg, "give --host an address of this computer, such as 127.0.0.1") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            msg = f"port {port} of {host} is in use"
            raise ConfigError(msg, f"end what uses it, or take another: --port {port + 1}") from error
        msg = f"{host}:{port} cannot be listened on: {error.strerror}"
        raise ConfigError(msg, "give another --host or --port") from error
    return listener


def _hosts(host: str) -> tuple[str, ...]:
    """Names by which the page may be called; a page of another name in the browser must not read it."""
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    return ("localhost", "127.0.0.1", "[::1]", host) if is_local else ("*",)
