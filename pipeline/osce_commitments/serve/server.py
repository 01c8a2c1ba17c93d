"""Serving the page: the socket is bound before the address is announced, and Ctrl-C ends without a traceback."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.errors import ConfigError
from osce_commitments.serve.app import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI

    from osce_commitments.dataset.versions import VersionSpec

_BACKLOG = 128
_BASE_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Where the page is offered.

    Attributes:
        host: Address to listen on.
        port: Port; 0 for a free one.
        base_path: Path at which a proxy offers the page, such as ``/commitments``; empty for the root.
        trusted_hosts: Host names under which the page answers, besides ``host`` and those of this computer. If there are
            none and ``host`` is open to the network, it answers under any name.
    """

    host: str
    port: int
    base_path: str = ""
    trusted_hosts: tuple[str, ...] = ()


def serve(  # noqa: PLR0913 - options of the command
    data: Path,
    version: VersionSpec,
    place: PageAddress,
    announce: Callable[[str], None],
    *,
    reviewer: str = "",
    allows_network: bool = False,
    labels: str = "corrected",
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        data: Folder of the dataset.
        version: See :class:`osce_commitments.serve.shelf.OpenVersions`.
        place: Where to offer it.
        announce: Called with the page's address once it can be opened.
        reviewer: See :func:`create_app`.
        allows_network: Whether others in the network may correct labels too.
        labels: See :func:`osce_commitments.open`.

    Raises:
        ConfigError: If the address or the path cannot be used, or corrections from the network were not allowed.
        DatasetError: If the version does not exist.
    """
    import uvicorn

    if reviewer and not allows_network and (place.trusted_hosts or not _is_local(place.host)):
        msg = f"at this address, others in the network could correct labels as {reviewer}"
        raise ConfigError(msg, "leave out --host and --trusted-host, or add --review-from-network")
    base_path = _checked(place.base_path)
    with _listen(place.host, place.port) as listener:
        app = create_app(
            data, version, (*place.trusted_hosts, *_hosts(place)), base_path, reviewer=reviewer, labels=labels
        )
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
        port = listener.getsockname()[1]
        shown = f"[{place.host}]" if ":" in place.host else place.host
        announce(f"http://{shown}:{port}{base_path}/")
        app.state.shelf.prepare()
        # Uvicorn raises the interrupt again after its last response.
        with contextlib.suppress(KeyboardInterrupt), contextlib.closing(app.state.shelf), _closing_desk(app):
            uvicorn.Server(config).run(sockets=[listener])


def _closing_desk(app: FastAPI) -> contextlib.AbstractContextManager[object]:
    reviewing = app.state.reviewing
    return contextlib.closing(reviewing.desk) if reviewing else contextlib.nullcontext()


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


def _hosts(place: PageAddress) -> tuple[str, ...]:
    """Host names under which the page answers: a foreign site in the browser must not read a local page."""
    if _is_local(place.host) or place.trusted_hosts:
        return ("localhost", "127.0.0.1", "[::1]", place.host)
    return ("*",)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _checked(base_path: str) -> str:
    path = base_path.rstrip("/")
    if path and not _BASE_PATH.fullmatch(path):
        msg = f"--base-path {base_path!r} is not a path"
        raise ConfigError(msg, "write it as /commitments: a slash, then letters, digits, dots, hyphens and slashes")
    return path
