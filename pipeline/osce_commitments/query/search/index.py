"""The search index: one SQLite file per dataset version, built once from the tables.

It is in ``_search`` inside the dataset or, if that is not writable, in the user's cache folder. A file is written
atomically; its name has a fingerprint of the version's manifest and of the index format, so that an outdated file is never
opened. Files of versions that were not used recently are removed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import re
import shutil
import sqlite3
import stat
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from osce_commitments.catalogue import meeting_of
from osce_commitments.dataset import Dataset, delta
from osce_commitments.dataset.versions import VersionInfo
from osce_commitments.errors import DatasetError, UnavailableError
from osce_commitments.fields import DESCRIBED_COLUMNS, DOCUMENTS, INHERITED_COLUMNS
from osce_commitments.fields.column import Column, FullText, IndexedValue, SideTable
from osce_commitments.files import open_regular, replaced, try_lock
from osce_commitments.ids import fingerprint
from osce_commitments.lineage import line_ids
from osce_commitments.query.search.language import fold
from osce_commitments.schema import Row
from osce_commitments.texts.places import Spot, shared_places, spot

INDEX_FOLDER = "_search"
_CODE = "7"  # raise it when the content of the index changes; the fingerprint covers its layout
_KEPT = 3  # files, including the newest
_ROWS_AT_ONCE, _DOCUMENTS_AT_ONCE = 2_000, 100
_LOCK_SECONDS = 600.0
_WORD = re.compile(r"[^\W_]+")
# SQLite counts in the head of a file how often it was written to. When an index is made, its user version is set to that number.
_HEAD_BYTES, _WRITES, _SEAL = 100, slice(24, 28), slice(60, 64)
_LOG = logging.getLogger(__name__)

_Kind = TypeVar("_Kind", IndexedValue, FullText, SideTable)


def _indexed(kind: type[_Kind]) -> list[tuple[Column, _Kind]]:
    return [(column, form) for column in DESCRIBED_COLUMNS for form in column.indexed if isinstance(form, kind)]


_VALUES, _TEXTS, _SIDE_TABLES = _indexed(IndexedValue), _indexed(FullText), _indexed(SideTable)
_DESCRIBED = ("id", "meeting", *(column.name for column in INHERITED_COLUMNS))
TEXTS = tuple(column.name for column, _ in _TEXTS)  # the columns of the full-text table, in order

# Provisions are numbered by date, so that the default order of SQLite is chronological.
_SCHEMA = f"""
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE, symbol TEXT COLLATE NOCASE, source TEXT, record BLOB, content BLOB);
CREATE TABLE provisions (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, document INTEGER, first_day TEXT, last_day TEXT, meeting INTEGER,
    {", ".join(f"{value.name} {value.kind}" for _, value in _VALUES)});
CREATE TABLE records (number INTEGER PRIMARY KEY, record BLOB);
CREATE TABLE shared_places (number INTEGER PRIMARY KEY, place TEXT);
CREATE TEMP TABLE spots (number INTEGER PRIMARY KEY, document INTEGER, part TEXT, label TEXT, is_item INTEGER, is_sentence INTEGER, paragraph TEXT);
CREATE TABLE texts (number INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in TEXTS)});
CREATE TABLE lineage (earlier INTEGER, later INTEGER, record BLOB, PRIMARY KEY (later, earlier)) WITHOUT ROWID;
CREATE TABLE lines (provision INTEGER PRIMARY KEY, line TEXT);
CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(
    {", ".join(TEXTS)}, content='texts', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2');
""" + "".join(
    f"CREATE TABLE {table.name} ({', '.join(table.columns)}, provision INTEGER, "
    f"PRIMARY KEY ({', '.join(column.split()[0] for column in table.columns)}, provision)) WITHOUT ROWID;\n"
    for _, table in _SIDE_TABLES
)
_FINISH = """
INSERT INTO found (found) VALUES ('rebuild');
INSERT INTO found (found) VALUES ('optimize');
CREATE INDEX provisions_of_document ON provisions (document);
CREATE INDEX provisions_of_paragraph ON provisions (paragraph);
CREATE INDEX lineage_by_earlier ON lineage (earlier);
CREATE INDEX provisions_of_line ON lines (line);
CREATE INDEX documents_by_symbol ON documents (symbol);
""" + "".join(f"CREATE INDEX {table.name}_of_provision ON {table.name} (provision);\n" for _, table in _SIDE_TABLES)
_FORMAT = fingerprint(_CODE, _SCHEMA, _FINISH)


def path_of_index(dataset: Dataset, info: VersionInfo) -> Path:
    """Path of the index of a version, which is built if missing.

    Raises:
        DatasetError: If no folder is writable, or the tables cannot be read.
    """
    tables = json.dumps([dict(info.tables), dict(info.counts), dataset.labels], sort_keys=True)
    name = f"{info.version:06d}-{fingerprint(_FORMAT, info.run_id, info.created_at.isoformat(), tables)}.sqlite3"
    folders = _folders(dataset.path)
    for folder in folders:
        path = folder / name
        if _is_usable(path, dataset.path):
            with contextlib.suppress(OSError):
                os.utime(path)
            return path
    full: DatasetError | None = None
    for folder in folders:
        if _is_writable(folder):
            try:
                return _make(dataset, info, folder / name)
            except UnavailableError as error:  # a disk that is full may be full for this folder only
                if not isinstance(error.__cause__, OSError | sqlite3.Error):
                    raise
                full = error
    if full:
        raise full
    msg = f"the search index of {dataset.path} cannot be written to {' or '.join(map(str, folders))}"
    raise UnavailableError(msg, "make one of these folders writable, or set OSCE_COMMITMENTS_CACHE to another")


def cached_files(data: Path) -> Iterator[Path]:
    """The search indexes and vectors of a dataset, wherever they are cached."""
    for folder in _folders(data):
        yield from sorted(folder.glob("[!.]*.sqlite3"))
        yield from sorted(folder.glob("[!.]*/vectors.npy"))


def is_trusted(path: Path, data: Path) -> bool:
    """Whether a cached file comes from this user, from the owner of the dataset, or from root.

    Anyone else could have put false texts there, for example in the folder for temporary files.
    """
    try:
        owners = {_user(), 0, data.stat().st_uid}
        file, folder = path.stat(follow_symlinks=False), path.parent.stat()
    except OSError:
        return False
    return stat.S_ISREG(file.st_mode) and file.st_uid in owners and folder.st_uid in owners


def is_whole(path: Path) -> bool:
    """Whether nobody wrote to an index since it was made: an index with fewer rows would answer with fewer hits."""
    head = _head(path)
    return head[_WRITES] == head[_SEAL]


def _head(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(_HEAD_BYTES)


def _is_usable(path: Path, data: Path) -> bool:
    if not is_trusted(path, data):
        return False
    with contextlib.suppress(OSError):
        if is_whole(path):
            return True
        _LOG.warning("the search index %s was changed: it is made again", path)
    return False


@contextlib.contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Keep a cached file while it is open: another process that makes room leaves it."""
    with _locked(path, is_shared=True):
        yield


@contextlib.contextmanager
def _locked(path: Path, *, is_shared: bool = False) -> Iterator[bool]:
    """Lock a file; yields whether it is locked. Some file systems have no locks."""
    descriptor, is_locked = -1, False
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        is_locked = try_lock(descriptor, is_shared=is_shared)
    try:
        yield is_locked
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _folders(data: Path) -> list[Path]:
    chosen = os.environ.get("OSCE_COMMITMENTS_CACHE", "")
    cache = os.environ.get("XDG_CACHE_HOME", "") or str(Path("~/.cache").expanduser())
    place = fingerprint(str(data.resolve()))
    outside = [Path(chosen) / place] if chosen else [Path(cache) / "osce-commitments" / place]
    return [data / INDEX_FOLDER, *outside, Path(tempfile.gettempdir()) / f"osce-commitments-{_user()}" / place]


def _user() -> int:
    # On Windows, files belong to user 0 for Python, and the folder for temporary files is each user's own.
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Another user may have made it in the folder for temporary files.
        shared = [folder.parent, folder] if folder.parent.parent == Path(tempfile.gettempdir()) else []
        if any(path.is_symlink() or path.stat().st_uid not in {_user(), 0} for path in shared):
            return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _make(dataset: Dataset, info: VersionInfo, path: Path) -> Path:
    from filelock import FileLock, Timeout

    # Wait for another process that builds the same index, but not forever: it may hang.
    lock = FileLock(path.with_suffix(".lock"))
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=_LOCK_SECONDS)
    try:
        if not _is_usable(path, dataset.path):
            _build(dataset, info, path)
            times = {}
            for other in path.parent.glob("*.sqlite3"):
                with contextlib.suppress(OSError):  # another process may have removed it
                    times[other] = other.stat().st_mtime
            day_ago = time.time() - 86_400
            waste = {other for other in path.parent.glob(".*") if other.lstat().st_mtime < day_ago}
            for old in sorted(times, key=times.__getitem__, reverse=True)[_KEPT:]:
                with _locked(old) as is_free:
                    waste |= set(path.parent.glob(f"{old.stem}*")) if is_free else set()
            for other in waste:
                remove_cached(other)
    finally:
        lock.release()
    return path


def _build(dataset: Dataset, info: VersionInfo, path: Path) -> None:
    try:
        with replaced(path) as temporary, contextlib.closing(sqlite3.connect(temporary)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
            connection.executescript(_SCHEMA)
            with connection:
                _fill(connection, dataset, info)
            connection.executescript(f"{_FINISH} ANALYZE;")
            writes = int.from_bytes(_head(temporary)[_WRITES])
            connection.execute(f"PRAGMA user_version = {writes + 1}")  # itself one more
    except (OSError, sqlite3.Error) as error:
        msg = f"the search index {path} cannot be written: {error}"
        raise UnavailableError(msg, "check free disk space and permissions") from error


def remove_cached(path: Path) -> None:
    """Delete a cached file or folder, if nothing forbids it."""
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _fill(connection: sqlite3.Connection, dataset: Dataset, info: VersionInfo) -> None:
    import numpy as np

    described = sorted(dataset.read("documents", info.version, columns=_DESCRIBED).to_pylist(), key=_place)
    numbers = {row["id"]: number for number, row in enumerate(described, 1)}
    # The texts may be larger than memory, so they are not kept.
    for row in _rows(dataset, "documents", info, _DOCUMENTS_AT_ONCE):
        content = {column.name: row.pop(column.name) for column in DOCUMENTS.columns if column.is_large}
        values = (numbers[row["id"]], row["id"], row["symbol"], row["source"], pack(row), pack(content))
        _put(connection, "documents", values)
    # The number of every provision by its id.
    keys = dataset.read("provisions", info.version, columns=["id", "document", "index"])
    documents = keys["document"].combine_chunks().dictionary_encode()
    owners = np.array([numbers[key] for key in documents.dictionary.to_pylist()], np.int64)[documents.indices]
    ids = keys["id"].take(np.lexsort((keys["index"].to_numpy(), owners)))
    order = {key: number for number, key in enumerate(ids.to_pylist(), 1)}
    _fill_provisions(
        connection, _rows(dataset, "provisions", info), {row["id"]: row for row in described}, order, numbers
    )
    rows = sorted(_rows(dataset, "lineage", info), key=lambda row: (row["earlier_date"], row["earlier"], row["later"]))
    links = ((order[row["earlier"]], order[row["later"]], pack(row)) for row in rows)
    connection.executemany("INSERT INTO lineage VALUES (?, ?, ?)", links)
    lines = line_ids((row["earlier"], row["later"]) for row in rows if row["is_main"])
    connection.executemany("INSERT INTO lines VALUES (?, ?)", ((order[key], line) for key, line in lines.items()))


def _fill_provisions(
    connection: sqlite3.Connection,
    rows: Iterable[Row],
    documents: Mapping[str, Row],
    order: Mapping[str, int],
    numbers: Mapping[str, int],
) -> None:
    meetings = {key: meeting_of(row["body"], row["meeting"], row["date"]) for key, row in documents.items()}
    about = {key: {column.name: row[column.name] for column in INHERITED_COLUMNS} for key, row in documents.items()}
    words: set[str] = set()
    for own in rows:
        number, document, meeting = order[own["id"]], numbers[own["document"]], meetings[own["document"]]
        row = own | about[own["document"]]
        day, year = row["date"] and row["date"].isoformat(), row["year"]
        first, last = day or (year and f"{year:04d}-01-01"), day or (year and f"{year:04d}-12-31")
        values = (
            value.convert(row[column.name], *([row[value.paired]] if value.paired else [])) for column, value in _VALUES
        )
        ordinal = meeting.ordinal if meeting else None
        _put(connection, "provisions", (number, row["id"], document, first, last, ordinal, *values))
        joined = ((row[column.name], full_text.joined) for column, full_text in _TEXTS)
        texts = [value if isinstance(value, str) else separator.join(value) for value, separator in joined]
        _put(connection, "texts", (number, *texts))
        _put(connection, "records", (number, pack(row)))
        _put(connection, "spots", (number, document, *spot(row)))
        for column, table in _SIDE_TABLES:
            for beside in table.rows(row[column.name]):
                _put(connection, table.name, (*beside, number))
        words.update(word for text in texts for word in _WORD.findall(text))
    connection.executemany("INSERT OR IGNORE INTO words VALUES (?)", ((fold(word),) for word in words))
    spots = connection.execute(
        "SELECT number, document, part, label, is_item, is_sentence, paragraph FROM spots ORDER BY number"
    )
    for _, of_document in groupby(spots, key=itemgetter(1)):
        first_of_document, *_ = listed = list(of_document)
        for index, name in shared_places(Spot(*row[2:]) for row in listed).items():
            _put(connection, "shared_places", (first_of_document[0] + index, name))


def _rows(dataset: Dataset, table: str, info: VersionInfo, at_once: int = _ROWS_AT_ONCE) -> Iterator[Row]:
    import pyarrow as pa

    try:
        for batch in dataset.scan(table, info.version).to_batches(
            batch_size=at_once, batch_readahead=1, fragment_readahead=1
        ):
            yield from batch.to_pylist(maps_as_pydicts="strict")
    except (pa.ArrowException, OSError) as error:
        raise delta.damaged(dataset.path / table, error) from error


def _place(row: Row) -> tuple[Any, ...]:
    day = row["date"] or (f"{row['year']}-12-31" if row["year"] else "9")
    return (str(day), row["symbol"], row["id"])


def _put(connection: sqlite3.Connection, table: str, values: tuple[Any, ...]) -> None:
    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - ours


def pack(row: Mapping[str, Any]) -> bytes:
    """A row of a table as stored in the index."""
    return zlib.compress(json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> Row:
    """The row from its stored form."""
    row: Row = json.loads(zlib.decompress(packed))
    if not isinstance(row, dict):
        msg = f"a record holds no row but {str(row)[:30]!r}"
        raise TypeError(msg)
    if row.get("date"):
        row["date"] = dt.date.fromisoformat(row["date"])
    return row
