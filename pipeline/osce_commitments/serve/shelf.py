"""The open versions of a dataset: their readers, and cached counts."""

from __future__ import annotations

import contextlib
import functools
import math
import multiprocessing
import signal
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import osce_commitments
from osce_commitments.dataset import Diff
from osce_commitments.dataset.versions import LATEST, VersionSpec
from osce_commitments.errors import ConfigError, OsceCommitmentsError
from osce_commitments.query import Reader, document_link
from osce_commitments.query.instruments import (
    NamedInstruments,
    document_name,
    documents_titled,
    documents_with_symbol,
    named_instruments,
)
from osce_commitments.schema import Row
from osce_commitments.serve.parameters import Ask

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_OPEN_VERSIONS, _KEPT_ANSWERS, _KEPT_CHANGES = 3, 128, 8
MOST_CHANGES = 200  # of each kind that are kept and shown
_SECONDS_BETWEEN_LOOKS = 60.0


@dataclass(frozen=True, slots=True)
class Preparing:
    """Progress of the vectors for searches by meaning: texts done and in all, minutes left (0 if unknown)."""

    done: int
    total: int
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two versions: the first rows of each kind, and how many there are, by name of the field."""

    shown: Diff
    counts: Mapping[str, int]

    @classmethod
    def of(cls, diff: Diff) -> Changes:
        """The changes without the rows that no page shows."""
        kinds = {
            field.name: getattr(diff, field.name) for field in fields(diff) if field.name not in {"before", "after"}
        }
        shown = replace(diff, **{name: rows[:MOST_CHANGES] for name, rows in kinds.items()})
        return cls(shown, {name: len(rows) for name, rows in kinds.items()})


def _make_ready(data: Path, version: int, labels: str, sender: Connection) -> None:
    """Make index and vectors of a version, and send what it changed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OsceCommitmentsError, OSError, sqlite3.Error):
        reader = osce_commitments.open(data, version, labels=labels)
        with contextlib.suppress(ConfigError):
            reader.prepare(lambda *_: None)
        sender.send(Changes.of(reader.dataset.diff(max(version - 1, 1), version)))


class _StoppedError(Exception):
    """The server ends; what is computed so far is dropped."""


class OpenVersion:
    """An open version. Its answers never change, so counts are kept.

    Attributes:
        reader: Reader of the version.
        documents: Rows of its documents without text, by id, oldest first.
        preparing: Progress of the vectors while they are made in the background; None otherwise.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.documents: Mapping[str, Row] = {row["id"]: row for row in reader.documents()}
        self._links = {row["symbol"].lower(): document_link(row) for row in self.documents.values() if row["symbol"]}
        self.facets = functools.lru_cache(_KEPT_ANSWERS)(reader.facets)
        self.count = functools.lru_cache(_KEPT_ANSWERS)(reader.count)
        self.preparing: Preparing | None = None
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None

    def prepare(self) -> None:
        """Make the vectors for searches by meaning in the background, unless they are there."""
        if not self.reader.is_prepared:
            self.preparing = Preparing(0, self.reader.info.counts["provisions"])
            self._worker = threading.Thread(target=self._prepare, name="prepare search by meaning", daemon=True)
            self._worker.start()

    def close(self) -> None:
        """End the work in the background: a network that still computes at the end of the process aborts it."""
        self._stopping.set()
        if self._worker:
            self._worker.join()

    def _prepare(self) -> None:
        begin = time.monotonic()

        def progress(done: int, total: int) -> None:
            if self._stopping.is_set():
                raise _StoppedError
            left = (time.monotonic() - begin) / done * (total - done) if done else 0.0
            self.preparing = Preparing(done, total, math.ceil(left / 60))

        try:
            # Without the encoder, a search by meaning says what is missing.
            with contextlib.suppress(_StoppedError, ConfigError):
                self.reader.prepare(progress)
        finally:
            self.preparing = None

    @functools.cached_property
    def models(self) -> frozenset[str]:
        """Ids of the classifiers that set the labels."""
        return frozenset(self.reader.models())

    def path_of(self, symbol: str) -> str:
        """Path of the instrument with a symbol; empty if the version lacks it."""
        return self._links.get(symbol.lower(), "")

    def named(self, key: str) -> list[Row]:
        """Rows of the documents with an id or with a symbol in any printed form."""
        if key in self.documents:
            return [self.documents[key]]
        return documents_with_symbol(self.documents.values(), key)

    def instruments(self, words: str) -> NamedInstruments:
        """See :func:`named_instruments`."""
        return named_instruments(words, self.reader, tuple(self.documents.values()))

    def meant(self, words: str) -> list[Row]:
        """Rows of the documents that a person may mean: by id, by symbol, by :func:`document_name`, or by words of that name."""
        if named := self.named(words):
            return named[:1]
        rows = self.documents.values()
        same = [row for row in rows if document_name(row).casefold() == words.casefold()]
        return same or documents_titled(rows, words)


class OpenVersions:
    """The versions of one dataset; the last few used stay open.

    Args:
        data: Folder of the dataset.
        version: The default version. None or "latest" is the newest: one that another process writes is shown within a minute.
        labels: See :func:`osce_commitments.open`.

    Raises:
        DatasetError: If the version does not exist.
    """

    def __init__(self, data: Path, version: VersionSpec = None, labels: str = "corrected") -> None:
        self._data, self._labels, self._lock = data, labels, threading.Lock()
        self._follows, self._looked = version in (None, LATEST), time.monotonic()
        self._worker: threading.Thread | None = None
        self._newest: dict[tuple[int, int], Changes] = {}
        book = self._opened(version)
        self.shown = book.reader.version
        self._books = OrderedDict({self.shown: book})
        self.changes = functools.lru_cache(_KEPT_CHANGES)(self._changes)

    def prepare(self) -> None:
        """Make in the background what the first visitors would wait for: vectors, and the newest changes."""
        self.book().prepare()
        self._worker = threading.Thread(target=self._newest_changes, args=(self.shown,), name="compare versions")
        self._worker.start()

    def book(self, version: str = "") -> OpenVersion:
        """A version by its number, or the default one.

        Raises:
            DatasetError: If it does not exist.
        """
        number = int(version) if version else self.shown
        with self._lock:
            if self._follows and time.monotonic() - self._looked > _SECONDS_BETWEEN_LOOKS:
                self._looked = math.inf
                self._worker = threading.Thread(target=self._look, name="look for a new version", daemon=True)
                self._worker.start()
            if number not in self._books:
                self._keep(OpenVersion(osce_commitments.open(self._data, number, labels=self._labels)))
            self._books.move_to_end(number)
            return self._books[number]

    def close(self) -> None:
        """End the work in the background."""
        if self._worker:
            self._worker.join()
        for book in self._books.values():
            book.close()

    def _look(self) -> None:
        """Open a version that is newer than the one shown; meanwhile visitors see that one."""
        try:
            # A folder that cannot be read now may be back in a minute.
            with contextlib.suppress(OsceCommitmentsError, OSError, sqlite3.Error):
                newest = self._books[self.shown].reader.dataset.latest_version()
                if newest > self.shown:
                    self._newest = self._made_ready(newest)
                    book = self._opened(newest)
                    self._newest_changes(newest)
                    with self._lock:
                        self.shown = newest
                        self._keep(book)
                    book.prepare()
        finally:
            self._looked = time.monotonic()

    def _made_ready(self, version: int) -> dict[tuple[int, int], Changes]:
        """Make what a new version needs in another process, which gives its memory back; returns the newest changes."""
        spawn = multiprocessing.get_context("spawn")
        receiver, sender = spawn.Pipe(duplex=False)
        spawn.Process(target=_make_ready, args=(self._data, version, self._labels, sender), daemon=True).start()
        sender.close()
        # A process that fails sends nothing: what it should have made is made here.
        with contextlib.suppress(EOFError):
            return {(max(version - 1, 1), version): receiver.recv()}
        return {}

    def _newest_changes(self, version: int) -> None:
        # Who asks for them sees what is wrong.
        with contextlib.suppress(OsceCommitmentsError, OSError):
            self.changes(max(version - 1, 1), version)

    def _changes(self, before: int, after: int) -> Changes:
        changes = self._newest.pop((before, after), None)
        return changes or Changes.of(self.book().reader.dataset.diff(before, after))

    def _opened(self, version: VersionSpec) -> OpenVersion:
        book = OpenVersion(osce_commitments.open(self._data, version, labels=self._labels))
        # Counts of the start page, before the first visitor asks for them.
        book.facets(Ask().selection)
        return book

    def _keep(self, book: OpenVersion) -> None:
        self._books[book.reader.version] = book
        if len(self._books) > _OPEN_VERSIONS:
            del self._books[next(book for book in self._books if book != self.shown)]
