"""Serving the page: the socket is bound before the address is announced, and Ctrl-C ends without a traceback."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import re
import socket
from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from osce_commitments.dataset.versions import VersionSpec
from osce_commitments.errors import ConfigError
from osce_commitments.serve.app import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI

_BACKLOG, _MOST_CONNECTIONS = 1_024, 500
_SECONDS_FOR_A_REQUEST, _SECONDS_TO_TAKE_MORE = 20.0, 60.0
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

    See :func:`create_app`. ``announce`` gets the address of the page once it can be opened.

    Raises:
        ConfigError: If the address or the path cannot be used, or corrections from the network were not allowed.
        DatasetError: If the version does not exist.
    """
    if reviewer and not allows_network and (place.trusted_hosts or not _is_local(place.host)):
        msg = f"at this address, others in the network could correct labels as {reviewer}"
        raise ConfigError(msg, "leave out --host and --trusted-host, or add --review-from-network")
    base_path = _checked(place.base_path)
    with _listen(place.host, place.port) as listener:
        app = create_app(
            data, version, (*place.trusted_hosts, *_hosts(place)), base_path, reviewer=reviewer, labels=labels
        )
        port = listener.getsockname()[1]
        shown = f"[{place.host}]" if ":" in place.host else place.host
        announce(f"http://{shown}:{port}{base_path}/")
        app.state.shelf.prepare()
        reviewing = app.state.reviewing
        desk = contextlib.closing(reviewing.desk) if reviewing else contextlib.nullcontext()
        # Uvicorn raises the interrupt again after its last response.
        with contextlib.suppress(KeyboardInterrupt), contextlib.closing(app.state.shelf), desk:
            uvicorn.Server(config_of(app)).run(sockets=[listener])


def config_of(app: FastAPI) -> uvicorn.Config:
    """The settings of the server, which bound what one client can hold."""
    return uvicorn.Config(
        app,
        http=BoundedConnection,
        limit_concurrency=_MOST_CONNECTIONS,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
    )


class BoundedConnection(H11Protocol):
    """A connection that ends if a request stays half, or if nobody takes the answer."""

    _timer: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class
        """A request is due."""
        super().connection_made(transport)
        self._end_after(_SECONDS_FOR_A_REQUEST)

    def data_received(self, data: bytes) -> None:
        """A request that is whole stops the clock; a part of one does not set it back."""
        super().data_received(data)
        is_whole = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        if is_whole:
            self._stop_clock()
        elif self._timer is None:
            self._end_after(_SECONDS_FOR_A_REQUEST)

    def pause_writing(self) -> None:
        """The client must take what is waiting for it."""
        super().pause_writing()
        self._end_after(_SECONDS_TO_TAKE_MORE)

    def resume_writing(self) -> None:
        """It did."""
        super().resume_writing()
        self._stop_clock()

    def timeout_keep_alive_handler(self) -> None:
        """No more requests are expected; what is left of the answer is waited for, but not forever."""
        super().timeout_keep_alive_handler()
        self._end_after(_SECONDS_TO_TAKE_MORE)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._stop_clock()
        super().connection_lost(exc)

    def _end_after(self, seconds: float) -> None:
        self._stop_clock()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # With the protocol named, the server sends small answers at once; without, it waits for the client's receipt.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
