"""Downloads: the only place that uses the network."""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import ipaddress
import json
import socket
import ssl
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from osce_commitments.config import MEGABYTE, Fetch, Limits
from osce_commitments.errors import ConfigError, SourceError
from osce_commitments.files import read_regular, read_regular_bytes, write_whole
from osce_commitments.ids import content_sha256
from osce_commitments.labels import MediaType
from osce_commitments.sources.media import check_type, type_by_content, type_by_content_type, type_by_name

# The sockets of a request enforce its deadline, since a server that sends a byte now and then never meets an ordinary time limit.
# They also see the numerical address that a name leads to, so a name cannot lead elsewhere after it was checked.
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
    """Request an address once, without following redirects; a refusal is a ``SourceError``, a failure of the network one of ``FAILURES``."""
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


_KEY_DIGITS = 32


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """The record of a download: the address asked for, where redirects led, values for revalidation, and the hash of the bytes."""

    url: str
    final_url: str
    etag: str
    last_modified: str
    content_type: str
    sha256: str


class Cache:
    """Downloads by address, in a folder that the first write creates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, url: str) -> Path:
        """File for the bytes of an address, whether it exists or not."""
        return self._folder.absolute() / f"{_key(url)}.bin"

    def lock_path(self, host: str) -> Path:
        """File whose modification time is the time of the last request to a host; processes share it."""
        folder = self._folder / "hosts"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        return folder / _key(host)

    def load(self, url: str) -> tuple[CacheEntry, bytes] | None:
        """An earlier download; None if there is none or its bytes do not match the record."""
        path = self.path(url)
        try:
            values = json.loads(read_regular(path.with_suffix(".json")))
            content = read_regular_bytes(path)
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(values, dict) or set(values) != {field.name for field in fields(CacheEntry)}:
            return None
        entry = CacheEntry(**values)
        return (entry, content) if content_sha256(content) == entry.sha256 else None

    def save(self, entry: CacheEntry, content: bytes) -> None:
        """Keep a download."""
        path = self.keep(entry.url, content)
        try:
            write_whole(path.with_suffix(".json"), json.dumps(asdict(entry), indent=2), is_synced=False)
        except OSError as error:
            raise self._unusable(error) from error

    def keep(self, name: str, content: bytes) -> Path:
        """Keep bytes without an address under a name; returns their path."""
        path = self.path(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, content, is_synced=False)
        except OSError as error:
            raise self._unusable(error) from error
        return path

    def _unusable(self, error: OSError) -> ConfigError:
        msg = f"the download folder {self._folder} cannot be written: {error.strerror or error}"
        return ConfigError(msg, "set fetch.cache to a folder that you can write to")


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]


_REDIRECTS = 5
_ROBOTS_BYTES = 500_000  # RFC 9309, 2.5: at least that many are read
_LONGEST_PAUSE_SECONDS = 120.0
_GIVE_UP_ON_HOST_SECONDS = 300.0
_BY_HAND = "check the connection, or download the file and give its path"
_NOT_MODIFIED, _TOO_MANY, _SERVER_ERROR = 304, 429, 500
_GONE = frozenset({404, 410})
_REFUSED = frozenset({401, 403, 407, 451})
# A redirect without a robots.txt at its end is as good as none, and that means that all is allowed: RFC 9309, 2.3.1.3.
_NO_ROBOTS = frozenset({"private", "encoding", "redirect", "invalid_address"})


@dataclass(frozen=True, slots=True)
class Download:
    """A downloaded file, where it is kept and whether it is new; the note says why it could not be compared with the server's."""

    url: str
    content: bytes
    media_type: MediaType
    path: Path
    is_new: bool
    note: str = ""
    final_url: str = ""


class _TransientError(SourceError):
    """A temporary failure: no connection, a server error, too many requests."""

    pause_seconds: float = 0.0


class Fetcher:
    """Fetches addresses politely: robots.txt, one request at a time per host, pauses, revalidation.

    The pause after the first failure doubles with each. Tests replace ``sleep``.
    """

    def __init__(
        self,
        limits: Limits,
        fetch: Fetch,
        *,
        sleep: Callable[[float], None] = time.sleep,
        first_pause_seconds: float = 1.0,
    ) -> None:
        self._fetch = fetch
        self._limits = limits
        self._sleep = sleep
        self._first_pause = first_pause_seconds
        self._cache = Cache(fetch.cache)
        self._robots: dict[str, RobotFileParser] = {}
        self._pauses: dict[str, float] = {}
        self._unreachable: dict[str, tuple[float, str]] = {}

    def get(self, url: str) -> Download:
        """The file at an address: from the server, or the kept copy if the server's is unchanged or unreachable.

        The reason of a ``SourceError`` is ``unreachable``, ``server_error``, ``not_found``, ``refused``, ``robots``,
        ``too_large``, ``too_slow``, ``private``, ``redirect``, ``encoding``, ``empty``, ``unsupported``, ``wrong_type``
        or ``invalid_address``.
        """
        if "@" in _split(url).netloc:
            msg = f"the address of {_split(url).hostname} has a user name or a password, which the dataset would keep"
            raise SourceError(msg, "download the file and give its path", reason="invalid_address")
        copy = self._cache.load(url)
        try:
            answer = self._ask(url, copy[0] if copy else None)
        except _TransientError as error:
            if copy is None:
                raise
            return self._download(*copy, is_new=False, note=f"{error.message}; the kept copy is used")
        if answer.status == _NOT_MODIFIED and copy:
            return self._download(*copy, is_new=False)
        entry = CacheEntry(
            url=url,
            final_url=answer.url,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
            content_type=answer.headers.get("content-type", ""),
            sha256=content_sha256(answer.content),
        )
        download = self._download(entry, answer.content, is_new=not copy or copy[0].sha256 != entry.sha256)
        self._cache.save(entry, answer.content)
        return download

    def _download(self, entry: CacheEntry, content: bytes, *, is_new: bool, note: str = "") -> Download:
        promised = type_by_name(entry.final_url) or type_by_name(entry.url)
        if promised:
            check_type(entry.url, promised, content)
        media_type = type_by_content(content) or type_by_content_type(entry.content_type) or promised
        if media_type is None:
            msg = f"{entry.url} has the type {entry.content_type or 'unknown'}, which is not supported"
            raise SourceError(
                msg, "give the address of a PDF, DOCX, HTML, Akoma Ntoso or text file", reason="unsupported"
            )
        if media_type is not promised:
            check_type(entry.url, media_type, content)
        return Download(entry.url, content, media_type, self._cache.path(entry.url), is_new, note, entry.final_url)

    def _ask(self, url: str, cache_entry: CacheEntry | None) -> ServerAnswer:
        """The server's answer at the end of all redirects, each hop allowed by its own host's robots.txt."""
        bounds = Bounds(
            max_bytes=self._limits.max_megabytes * MEGABYTE,
            timeout_seconds=self._fetch.timeout_seconds,
            deadline=time.monotonic() + self._fetch.deadline_seconds,
            named_host=private_host((_split(url).hostname or "").lower()),
        )
        known = (
            {"If-None-Match": cache_entry.etag, "If-Modified-Since": cache_entry.last_modified} if cache_entry else {}
        )
        headers = {name: value for name, value in known.items() if value}
        answer = self._follow(url, headers, bounds, before_each=self._check_robots)
        if answer.status in _GONE:
            raise SourceError(f"{url} does not exist (status {answer.status})", "check the address", reason="not_found")
        if answer.status in _REFUSED:
            msg = f"{url} refuses access to programs (status {answer.status})"
            raise SourceError(msg, "download the file in a browser and give its path", reason="refused")
        if answer.status not in {200, 203, _NOT_MODIFIED}:  # any other failure, or only a part of the file
            raise SourceError(f"{url} cannot be fetched (status {answer.status})", _BY_HAND, reason="refused")
        if not answer.content and answer.status != _NOT_MODIFIED:
            msg = f"{url} is empty (the server sent 0 bytes)"
            raise SourceError(msg, "check the address in a browser", reason="empty")
        return answer

    def _follow(
        self,
        url: str,
        headers: dict[str, str],
        bounds: Bounds,
        before_each: Callable[[str, Bounds], None] = lambda _url, _bounds: None,
    ) -> ServerAnswer:
        """Request an address and those that it redirects to."""
        here = url
        for _ in range(_REDIRECTS + 1):
            before_each(here, bounds)
            answer = self._insist(here, headers, bounds)
            target = answer.headers.get("location")
            if answer.status == _NOT_MODIFIED or not (300 <= answer.status < 400 and target):  # noqa: PLR2004
                return answer
            origin, here = here, urljoin(here, target)
            if "@" in _split(here).netloc:
                raise SourceError(f"{origin} redirects to an address with a user name", _BY_HAND, reason="redirect")
        raise SourceError(f"{url} redirects more than {_REDIRECTS} times", _BY_HAND, reason="redirect")

    def _check_robots(self, url: str, bounds: Bounds) -> None:
        parts = _split(url)
        host = f"{parts.scheme}://{parts.netloc}"
        agent = self._fetch.user_agent.split()[0]  # Only the product's name counts in robots.txt.
        if host not in self._robots:
            lines: list[str] = []
            try:
                answer = self._follow(f"{host}/robots.txt", {}, replace(bounds, max_bytes=_ROBOTS_BYTES, cuts=True))
            except SourceError as error:
                if error.reason not in _NO_ROBOTS:
                    raise
            else:
                if answer.status < 300:  # noqa: PLR2004 - any success
                    lines = answer.content.decode("utf-8", errors="replace").splitlines()
            self._robots[host] = RobotFileParser()
            self._robots[host].parse(lines)
            self._pauses[parts.netloc] = float(self._robots[host].crawl_delay(agent) or 0.0)
        if not self._robots[host].can_fetch(agent, url):
            msg = f"{parts.netloc} does not allow programs to fetch {url} (robots.txt)"
            raise SourceError(msg, "download the file in a browser and give its path", reason="robots")

    def _insist(self, url: str, headers: dict[str, str], bounds: Bounds) -> ServerAnswer:
        """Request an address; retry after connection and server errors, with growing pauses."""
        import tenacity

        host = _split(url).netloc
        since, message = self._unreachable.get(host, (0.0, ""))
        if message and time.monotonic() - since < _GIVE_UP_ON_HOST_SECONDS:
            raise _TransientError(message, _BY_HAND, reason="unreachable")

        def pause(state: tenacity.RetryCallState) -> float:
            growing = self._first_pause * 2.0 ** (state.attempt_number - 1)
            asked_for = getattr(state.outcome and state.outcome.exception(), "pause_seconds", 0.0)
            return min(max(growing, asked_for), _LONGEST_PAUSE_SECONDS)

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._fetch.attempts),
            wait=pause,
            retry=tenacity.retry_if_exception_type(_TransientError),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._request, url, headers, bounds)
        except _TransientError as error:
            if error.reason == "unreachable":
                self._unreachable[host] = (time.monotonic(), error.message)
            raise

    def _request(self, url: str, headers: dict[str, str], bounds: Bounds) -> ServerAnswer:
        host = _split(url).netloc
        self._wait_for_turn(host)
        try:
            answer = transfer(url, {"User-Agent": self._fetch.user_agent, **headers}, bounds)
        except httpx.InvalidURL as error:
            raise _invalid(url) from error
        except FAILURES as error:
            detail = " ".join(str(error).split()) or type(error).__name__
            raise _TransientError(f"cannot reach {host}: {detail}", _BY_HAND, reason="unreachable") from error
        if answer.status < _SERVER_ERROR and answer.status != _TOO_MANY:
            return answer
        msg = f"{host} answered with status {answer.status}"
        remedy = "try again later, or download the file and give its path"
        pause = _retry_after(answer.headers.get("retry-after", ""))
        if pause > _LONGEST_PAUSE_SECONDS:
            msg += f" and asks to wait {pause:.0f} seconds"
            raise SourceError(msg, remedy, reason="server_error")
        failure = _TransientError(msg, remedy, reason="server_error")
        failure.pause_seconds = pause
        raise failure

    def _wait_for_turn(self, host: str) -> None:
        """Keep requests to one host apart, also those of other processes with the same cache folder."""
        from filelock import FileLock

        stamp = self._cache.lock_path(host)
        with FileLock(stamp.with_suffix(".lock")):
            last = stamp.stat().st_mtime if stamp.exists() else 0.0
            pause = max(self._fetch.seconds_between_requests, self._pauses.get(host, 0.0))
            pause = min(pause, _LONGEST_PAUSE_SECONDS)
            wait = last + pause - time.time()
            if wait > 0:
                self._sleep(min(wait, pause))  # A stamp in the future comes from a clock that was set back.
            stamp.touch()


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _invalid(url) from error
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise _invalid(url)
    return parts


def _invalid(url: str) -> SourceError:
    return SourceError(f"{url} is not an http or https address", "check the address", reason="invalid_address")


def _retry_after(header: str) -> float:
    """Seconds that a Retry-After header asks for: a number or a date; 0.0 if it says nothing."""
    if header.isascii() and header.strip().isdecimal():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    now = dt.datetime.now(dt.UTC)
    return max((until.replace(tzinfo=until.tzinfo or dt.UTC) - now).total_seconds(), 0.0)
