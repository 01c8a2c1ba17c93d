"""One request, bounded in time, in size before and after unpacking, and in the machines that it may reach.

The sockets of a request enforce its deadline, since a server that sends a byte now and then never meets an ordinary time limit.
They also see the numerical address that a name leads to, so a name cannot lead elsewhere after it was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore
import httpx

from osce_commitments.errors import SourceError

if TYPE_CHECKING:
    from httpcore import NetworkStream

_MEGABYTE = 1_000_000
_GZIP_OR_ZLIB = 47  # zlib: both formats, largest window
_PIECE = 1 << 20
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# Local translation, sites, and the old way to write an address of four numbers; Python takes them for global.
_LOCAL_NETWORKS = tuple(map(ipaddress.ip_network, ("64:ff9b:1::/48", "fec0::/10", "::/96")))
_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal")


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """What a server sent; ``url`` is the address of the request."""

    status: int
    headers: httpx.Headers
    url: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one request.

    Attributes:
        max_bytes: Largest body, unpacked.
        timeout_seconds: Longest wait for the next bytes.
        deadline: Monotonic time at which the whole transfer must have ended.
        named_host: The private host that the user named; every other one must be public.
        cuts: Whether a body that is too large is cut, not refused.
    """

    max_bytes: int
    timeout_seconds: float
    deadline: float
    named_host: str
    cuts: bool = False


class _PrivateAddressError(httpcore.ConnectError):
    """A redirect leads into a private network."""


class _DeadlineError(httpcore.ReadTimeout):
    """The whole transfer takes too long."""


def transfer(url: str, headers: dict[str, str], bounds: Bounds) -> ServerAnswer:
    """Request an address once, without following redirects.

    Raises:
        SourceError: With reason ``too_large``, ``too_slow``, ``private`` or ``encoding``.
        httpx.RequestError: If the server cannot be reached or breaks off.
        httpx.InvalidURL: If the address is not valid.
    """
    asked = {"Accept-Encoding": "identity", **headers}
    host = (urlsplit(url).hostname or "").lower()
    try:
        with _client(host, bounds) as client, client.stream("GET", url, headers=asked) as response:
            content = _body(response, url, bounds)
    except httpx.RequestError as error:
        cause = error.__cause__
        if isinstance(cause, _DeadlineError):
            msg = f"{url} did not arrive within the time for one download"
            remedy = "raise fetch.deadline_seconds, or download the file and give its path"
            raise SourceError(msg, remedy, reason="too_slow") from error
        if isinstance(cause, _PrivateAddressError):
            msg = f"the address leads to {host}, which is not on the public internet"
            raise SourceError(msg, f"if you trust it, give {url} itself", reason="private") from error
        raise
    return ServerAnswer(response.status_code, response.headers, url, content)


def _client(host: str, bounds: Bounds) -> httpx.Client:
    client = httpx.Client(timeout=bounds.timeout_seconds)
    backend = _Backend(host, bounds)
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001 - httpx has no other way to pass it on
        if transport is not None:
            transport._pool._network_backend = backend  # type: ignore[attr-defined] # noqa: SLF001
    return client


class _Backend(httpcore.SyncBackend):
    """Sockets that keep the deadline, and reach private addresses only under the name that the user gave."""

    def __init__(self, host: str, bounds: Bounds) -> None:
        self._host, self._bounds = host, bounds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect; a proxy may be anywhere, since the user chose it."""
        is_free = host.lower() != self._host or self._host == self._bounds.named_host
        address = host if is_free else _public_address(host, port)
        stream = super().connect_tcp(address, port, _left(timeout, self._bounds), local_address, socket_options)
        return _Stream(stream, self._bounds)


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait ends at the deadline."""

    def __init__(self, stream: NetworkStream, bounds: Bounds) -> None:
        self._stream, self._bounds = stream, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, _left(timeout, self._bounds))
        except httpcore.ReadTimeout:
            _left(timeout, self._bounds)  # the deadline may be the reason
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, self._bounds))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        left = _left(timeout, self._bounds)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._bounds)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's signature
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, bounds: Bounds) -> float:
    left = bounds.deadline - time.monotonic()
    if left <= 0:
        raise _DeadlineError
    return left if timeout is None else min(timeout, left)


def private_host(host: str) -> str:
    """Return a host that is on a private network; empty for a public one, whose name must not lead there later."""
    try:
        _public_address(host, 0)
    except _PrivateAddressError:
        return host
    except httpcore.ConnectError:
        return ""
    return ""


def _public_address(host: str, port: int) -> str:
    """A numerical address of a host; every address of it must be public."""
    try:
        found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    if not found or host.lower().endswith(_LOCAL_NAMES) or not all(map(_is_public, map(str, found))):
        raise _PrivateAddressError
    return str(found[0])


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if found in _TRANSLATED:  # a gateway of the network turns it into the address at its end
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    is_local = any(found in network for network in _LOCAL_NETWORKS)
    return (inner or found).is_global and not found.is_multicast and not is_local


def _body(response: httpx.Response, url: str, bounds: Bounds) -> bytes:
    """Read the body as it comes, no further than the limit, which counts before and after unpacking."""
    parts: list[bytes] = []
    size = 0
    for part in _unpacked(response, url, bounds.max_bytes):
        parts.append(part)
        size += len(part)
        if size > bounds.max_bytes:
            if bounds.cuts:
                break
            msg = f"{url} is larger than {bounds.max_bytes / _MEGABYTE:g} MB"
            raise SourceError(msg, "raise limits.max_megabytes", reason="too_large")
    return b"".join(parts)


def _unpacked(response: httpx.Response, url: str, max_bytes: int) -> Iterator[bytes]:
    """The body in pieces of bounded size. Some servers pack it, although the request asks for an unpacked body."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        yield from response.iter_raw(_PIECE)
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        msg = f"{url} comes packed as {encoding[:40]}, which was not asked for"
        raise SourceError(msg, "download the file in a browser and give its path", reason="encoding")
    unpacker, packed = zlib.decompressobj(_GZIP_OR_ZLIB), 0
    try:
        for part in response.iter_raw(_PIECE):
            packed, rest = packed + len(part), part
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, min(_PIECE, max_bytes + 1))
                rest = unpacker.unconsumed_tail
            if packed > max_bytes:
                return
    except zlib.error as error:
        msg = f"{url} is packed, and the packing is damaged"
        raise SourceError(msg, "download the file in a browser and give its path", reason="encoding") from error
