"""Find the sources of the inputs: files, folders, patterns, addresses, catalogue rows, standard input."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from osce_commitments.catalogue.store import load_catalogue
from osce_commitments.config import MEGABYTE, Limits
from osce_commitments.labels import MediaType
from osce_commitments.schema import Reject, SourceRef
from osce_commitments.sources.media import (
    HEAD_BYTES,
    holds_a_document,
    suffix,
    type_by_content,
    type_by_name,
    unsupported,
)

STDIN = "-"
CATALOGUE_PREFIX = "catalogue:"

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://")


class Discovery(NamedTuple):
    """The sources of the inputs, each file once, rejected inputs, and paths of files in folders that are no documents."""

    refs: list[SourceRef]
    rejects: list[Reject]
    passed_over: list[str]


def discover(inputs: Sequence[str], *, stdin_type: MediaType | None = None, limits: Limits) -> Discovery:
    """Find the sources that the inputs name, and report everything that is left out.

    A named file that is not read is a reject, and so is a document in a folder that could be converted (an old Word
    file, a scan). Other files in folders are listed as passed over; names that begin with a dot are ignored.

    Args:
        inputs: Files, folders (searched through, in sorted order), glob patterns (``**`` for any depth),
            http(s) addresses, ``catalogue:SYMBOL`` and ``-`` for standard input.
        stdin_type: Format of standard input if its first bytes do not show it; text by default.
        limits: ``max_megabytes`` bounds a file.
    """
    search = _Search(limits, stdin_type or MediaType.TEXT)
    for item in inputs:
        search.add(item)
    return Discovery(search.refs, search.rejects, search.passed_over)


@dataclass
class _Search:
    limits: Limits
    stdin_type: MediaType
    refs: list[SourceRef] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, item: str) -> None:
        scheme = _SCHEME.match(item)
        if item == STDIN:
            self._found(STDIN, SourceRef(STDIN, self.stdin_type))
        elif item.startswith(CATALOGUE_PREFIX):
            self._add_catalogue_row(item)
        elif scheme:
            if scheme["scheme"].lower() in {"http", "https"}:
                self._found(item, SourceRef(item, type_by_name(item) or MediaType.HTML))
            else:
                message = f"{item}: {scheme['scheme'].lower()} addresses are not supported"
                self._reject(item, "unknown_scheme", message, "give an http or https address, or a path")
        else:
            self._add_path(item)

    def _found(self, key: str, ref: SourceRef) -> None:
        if key not in self.seen:
            self.seen.add(key)
            self.refs.append(ref)

    def _reject(self, source: str, reason: str, message: str, remedy: str) -> None:
        key = f"{reason}:{source}"
        if key not in self.seen:
            self.seen.add(key)
            self.rejects.append(Reject(_printable(source), "", "sources", reason, _printable(message), remedy))

    def _add_catalogue_row(self, item: str) -> None:
        catalogue = load_catalogue()
        instrument = catalogue.instrument(item.removeprefix(CATALOGUE_PREFIX))
        if instrument is None:
            remedy = "give a symbol of the catalogue, such as catalogue:MC.DOC/4/15"
            self._reject(item, "unknown_symbol", f"{item}: the catalogue has no such instrument", remedy)
            return
        addresses = catalogue.urls(instrument.symbol)
        if not addresses:
            message = f"{item}: the catalogue has no address for {instrument.symbol}"
            self._reject(item, "no_address", message, "download the file and give its path")
            return
        media_type = type_by_name(addresses[0]) or MediaType.HTML
        key = CATALOGUE_PREFIX + instrument.symbol
        self._found(key, SourceRef(addresses[0], media_type, instrument.symbol))

    def _add_path(self, item: str) -> None:
        path = os.path.expanduser(item)  # noqa: PTH111 - Path would drop a trailing slash and "./"
        if os.path.lexists(path):
            self._add_existing(path)
            return
        if not glob.has_magic(path):
            self._reject(item, "missing", f"{item} does not exist", "check the path")
            return
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            message = f"no file matches the pattern {item}"
            self._reject(item, "no_match", message, "check the pattern; ** matches folders at any depth")
        for match in matches:
            self._add_existing(match)

    def _add_existing(self, path: str) -> None:
        if not os.path.isdir(path):  # noqa: PTH112 - paths stay strings, as the user wrote them
            self._add_file(path)
            return
        rejects_before, count, real = len(self.rejects), 0, os.path.realpath(path)
        for file in self._walk(path, set()):
            count += 1
            self._add_file(file, is_listed=True, top=real)
        if not count and len(self.rejects) == rejects_before:
            remedy = "give a folder with PDF, DOCX, HTML, Akoma Ntoso or text files"
            self._reject(_absolute(path), "empty_folder", f"the folder {path} contains no files", remedy)

    def _walk(self, folder: str, entered: set[str]) -> Iterator[str]:
        """Files of a folder and its subfolders, sorted; a folder that links lead to again is entered once."""
        top = os.path.realpath(folder)
        waiting = [(folder, top)]
        while waiting:
            path, real = waiting.pop()
            # Returns False where Path raises, in a folder without search permission.
            if not os.path.isdir(path):  # noqa: PTH112
                yield path
                continue
            # Only for links: it looks at every folder above, which takes long in a deep one.
            if os.path.islink(path):  # noqa: PTH114
                real = os.path.realpath(path)
            if real in entered:
                continue
            entered.add(real)
            if not Path(real).is_relative_to(top):
                self._outside(path, real)
                continue
            try:
                entries = sorted(Path(path).iterdir(), reverse=True)
            except OSError as error:
                self._unreadable(_absolute(path), error)
                continue
            waiting += [
                (str(entry), os.path.join(real, entry.name))  # noqa: PTH118
                for entry in entries
                if not entry.name.startswith(".")
            ]

    def _unreadable(self, path: str, error: OSError) -> None:
        message = f"{path} cannot be read: {error.strerror or error}"
        self._reject(path, "unreadable", message, "check the permissions")

    def _outside(self, path: str, real: str) -> None:
        # Who sends a folder must not choose among the files of its reader.
        message = f"{_absolute(path)} is a link to {real}, outside the folder"
        self._reject(_absolute(path), "link", message, f"give {real} as an input of its own")

    def _add_file(self, path: str, *, is_listed: bool = False, top: str = "") -> None:
        uri = _absolute(path)
        key = os.path.realpath(path)
        if key in self.seen:
            return
        if _printable(uri) != uri:
            self._reject(uri, "name", f"{uri}: the name is not UTF-8", "rename the file")
            return
        if top and not Path(key).is_relative_to(top):
            self._outside(path, key)
            return
        try:
            status = Path(path).stat()
            head = b""
            if stat.S_ISREG(status.st_mode) and not Path(path).suffix:
                with Path(path).open("rb") as file:
                    head = file.read(HEAD_BYTES)
        except FileNotFoundError:
            self._reject(uri, "missing", f"{uri} is a broken link", "repair or remove the link")
            return
        except OSError as error:
            self._unreadable(uri, error)
            return
        media_type = type_by_name(path) or (None if Path(path).suffix else type_by_content(head))
        if not stat.S_ISREG(status.st_mode):
            self._reject(uri, "unsupported", f"{uri} is neither a file nor a folder", "give a file or a folder")
        elif media_type is None and is_listed and suffix(path) and not holds_a_document(path):
            self.passed_over.append(_printable(uri))
        elif media_type is None:
            self._reject(uri, "unsupported", *unsupported(uri))
        elif status.st_size == 0:
            self._reject(uri, "empty", f"{uri} is empty (0 bytes)", "download or save it again")
        elif status.st_size > self.limits.max_megabytes * MEGABYTE:
            message = f"{uri} has {status.st_size / MEGABYTE:.1f} MB; the limit is {self.limits.max_megabytes} MB"
            self._reject(uri, "too_large", message, "split it, or raise limits.max_megabytes")
        else:
            self._found(key, SourceRef(uri, media_type, path=key))


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - links in the path stay as the user wrote them


def _printable(path: str) -> str:
    r"""A path with the bytes of a name that is not UTF-8 written as ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
