"""One request, bounded in time, in size before and after unpacking, and in the machines that it may reach.

The sockets of a request enforce its deadline, since a server that sends a byte now and then never meets an ordinary time limit.
They also see the numerical address that a name leads to, so a name cannot lead elsewhere after it was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import urllib.request
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from osce_commitments.errors import SourceError

FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError)
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


def transfer(url: str, headers: dict[str, str], bounds: Bounds) -> ServerAnswer:
    """Request an address once, without following redirects.

    Raises:
        SourceError: With reason ``too_large``, ``too_slow``, ``private`` or ``encoding``.
        httpcore.NetworkError: If the server cannot be reached or breaks off, or another of ``FAILURES``.
        httpx.InvalidURL: If the address is not valid.
    """
    request = httpx.Request("GET", url, headers={"Accept": "*/*", "Accept-Encoding": "identity", **headers})
    raw = request.url
    address = httpcore.URL(scheme=raw.raw_scheme, host=raw.raw_host, port=raw.port, target=raw.raw_path)
    waits = dict.fromkeys(("connect", "read", "write", "pool"), bounds.timeout_seconds)
    pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(),
        proxy=_proxy(raw.scheme, raw.host),
        network_backend=_Sockets(url, raw.host.lower(), bounds),
    )
    with pool, pool.stream("GET", address, headers=request.headers.raw, extensions={"timeout": waits}) as response:
        received = httpx.Headers(response.headers)
        content = _body(response.iter_stream(), received.get("content-encoding", ""), url, bounds)
        return ServerAnswer(response.status, received, url, content)


def _proxy(scheme: str, host: str) -> httpcore.Proxy | None:
    """The proxy that the environment names for a host, if any."""
    named = urllib.request.getproxies()
    address = named.get(scheme) or named.get("all")
    if not address or urllib.request.proxy_bypass(host):
        return None
    proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    return httpcore.Proxy(str(proxy.url), auth=proxy.raw_auth)


class _Sockets(httpcore.SyncBackend):
    """Sockets that keep the deadline, and reach private addresses only under the name that the user gave."""

    def __init__(self, url: str, host: str, bounds: Bounds) -> None:
        self._url, self._host, self._bounds = url, host, bounds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect; a proxy may be anywhere, since the user chose it."""
        if host.lower() == self._host != self._bounds.named_host:
            addresses = _addresses(host, port)
            if not _are_public(host, addresses):
                msg = f"the address leads to {host}, which is not on the public internet"
                raise SourceError(msg, f"if you trust it, give {self._url} itself", reason="private")
            host = addresses[0]
        return _Stream(super().connect_tcp(host, port, self.left(timeout), local_address, socket_options), self)

    def left(self, timeout: float | None) -> float:
        """Seconds that the next step may take."""
        left = self._bounds.deadline - time.monotonic()
        if left <= 0:
            msg = f"{self._url} did not arrive within the time for one download"
            remedy = "raise fetch.deadline_seconds, or download the file and give its path"
            raise SourceError(msg, remedy, reason="too_slow")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, sockets: _Sockets) -> None:
        self._stream, self._sockets = stream, sockets
        self.close, self.get_extra_info = stream.close, stream.get_extra_info  # type: ignore[method-assign]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._sockets.left(timeout))
        except httpcore.ReadTimeout:
            self._sockets.left(timeout)  # the deadline may be the reason
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._sockets.left(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._sockets.left(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._sockets)


def private_host(host: str) -> str:
    """Return a host that is on a private network; empty for a public one, whose name must not lead there later."""
    try:
        return "" if _are_public(host, _addresses(host, 0)) else host
    except httpcore.ConnectError:
        return ""


def _addresses(host: str, port: int) -> list[str]:
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error


def _are_public(host: str, addresses: list[str]) -> bool:
    return bool(addresses) and not host.lower().endswith(_LOCAL_NAMES) and all(map(_is_public, addresses))


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if parsed in _TRANSLATED:  # a gateway of the network turns it into the address at its end
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    is_local = any(parsed in network for network in _LOCAL_NETWORKS)
    return (inner or parsed).is_global and not parsed.is_multicast and not is_local


def _body(parts: Iterable[bytes], encoding: str, url: str, bounds: Bounds) -> bytes:
    """Read the body as it comes, no further than the limit, which counts before and after unpacking."""
    encoding = encoding.strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        msg = f"{url} comes packed as {encoding[:40]}, which was not asked for"
        raise SourceError(msg, "download the file in a browser and give its path", reason="encoding")
    if encoding not in {"", "identity"}:
        parts = _unpacked(parts, url, bounds.max_bytes)
    content = bytearray()
    for part in parts:
        content += part
        if len(content) > bounds.max_bytes:
            if bounds.cuts:
                break
            msg = f"{url} is larger than {bounds.max_bytes / 1e6:g} MB"
            raise SourceError(msg, "raise limits.max_megabytes", reason="too_large")
    return bytes(content)


def _unpacked(parts: Iterable[bytes], url: str, max_bytes: int) -> Iterator[bytes]:
    """The body in pieces of bounded size. Some servers pack it, although the request asks for an unpacked body."""
    unpacker, packed = zlib.decompressobj(_GZIP_OR_ZLIB), 0
    try:
        for part in parts:
            packed, rest = packed + len(part), part
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, min(_PIECE, max_bytes + 1))
                rest = unpacker.unconsumed_tail
            if packed > max_bytes:
                return
    except zlib.error as error:
        msg = f"{url} is packed, and the packing is damaged"
        raise SourceError(msg, "download the file in a browser and give its path", reason="encoding") from error
