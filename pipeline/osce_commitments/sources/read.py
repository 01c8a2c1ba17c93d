"""The bytes of a source."""

from __future__ import annotations

import errno
import functools
import logging
import os
import stat
import sys
from dataclasses import replace

from osce_commitments.config import MEGABYTE, Fetch, Limits
from osce_commitments.errors import SourceError
from osce_commitments.schema import Source, SourceRef
from osce_commitments.sources.discover import STDIN
from osce_commitments.sources.fetch import Cache, Fetcher
from osce_commitments.sources.media import check_type, type_by_content

_LOG = logging.getLogger(__name__)


def localise(ref: SourceRef, *, limits: Limits, fetch: Fetch) -> SourceRef:
    """The source with its bytes in a local file (``path``), and the format that they show.

    Standard input is read and kept in the cache folder: it can be read only once, the file again and by other
    processes. An address is downloaded, or taken from the cache where the server says that nothing changed. A source
    with a symbol is fetched from the first address of the catalogue that shows it; its ``uri`` is then that address. A
    ``SourceError`` refuses what cannot be fetched, is empty, too large, or not of the format that its name promises.
    """
    if ref.path:
        return ref
    if ref.uri == STDIN:
        source = _read_stdin(ref, limits)
        return replace(source.ref, path=os.path.realpath(Cache(fetch.cache).keep(source.sha256, source.content)))
    if "://" not in ref.uri:
        return replace(ref, path=os.path.realpath(ref.uri))
    client = _fetcher(limits, fetch)
    if ref.symbol:
        from osce_commitments.sources.instruments import fetch_instrument

        download = fetch_instrument(ref.symbol, client)
    else:
        download = client.get(ref.uri)
    if download.note:
        _LOG.warning("%s", download.note)
    led_to = download.final_url if download.final_url != download.url else ""
    path = os.path.realpath(download.path)
    return replace(ref, uri=download.url, media_type=download.media_type, path=path, final_url=led_to)


def read_source(ref: SourceRef, *, limits: Limits, fetch: Fetch) -> Source:
    """Read a source, from its local file if it has one; otherwise as :func:`localise` finds it, with the same refusals."""
    if ref.uri == STDIN and not ref.path:
        return _read_stdin(ref, limits)
    ref = localise(ref, limits=limits, fetch=fetch)
    try:
        with open(ref.path, "rb", opener=_open_as_found) as file:
            content = file.read(limits.max_megabytes * MEGABYTE + 1)
    except FileNotFoundError as error:
        raise SourceError(f"{ref.uri} no longer exists", "check the path", reason="missing") from error
    except OSError as error:
        msg = f"{ref.uri} cannot be read: {error.strerror or error}"
        raise SourceError(msg, "check the permissions", reason="unreadable") from error
    _check_size(ref.uri, len(content), limits)
    check_type(ref.uri, ref.media_type, content)
    return Source(ref, content)


@functools.lru_cache(maxsize=4)
def _fetcher(limits: Limits, fetch: Fetch) -> Fetcher:
    """One per process, so that robots.txt and unreachable hosts are remembered."""
    return Fetcher(limits, fetch)


def _read_stdin(ref: SourceRef, limits: Limits) -> Source:
    # One byte more than allowed tells a large input from a full one.
    content = sys.stdin.buffer.read(limits.max_megabytes * MEGABYTE + 1)
    _check_size("standard input", len(content), limits)
    return Source(replace(ref, media_type=type_by_content(content) or ref.media_type), content)


def _open_as_found(path: str, flags: int) -> int:
    """Open a file by its real path: since it was found, a link or a pipe, which would block, may have taken its place."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        place = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115 - compared as a text
    except OSError:
        place = os.path.realpath(path)
    if stat.S_ISREG(os.fstat(descriptor).st_mode) and place == path:
        return descriptor
    os.close(descriptor)
    raise OSError(errno.ELOOP, "another file has taken its place")


def _check_size(name: str, size: int, limits: Limits) -> None:
    if size == 0:
        raise SourceError(f"{name} is empty (0 bytes)", "download or save it again", reason="empty")
    if size > limits.max_megabytes * MEGABYTE:
        msg = f"{name} is larger than {limits.max_megabytes} MB"
        raise SourceError(msg, "split it, or raise limits.max_megabytes", reason="too_large")
