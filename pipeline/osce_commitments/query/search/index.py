"""The search index: one SQLite file per dataset version, made once from the tables and never trusted beyond them.

It lies in ``_search`` inside the dataset, or, where that cannot be written, in the user's cache folder. A file appears
whole or not at all; its name holds a fingerprint of the version's manifest and of the index's own format, so that a file
that does not fit is never opened. Files of earlier versions that were not used lately are removed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from osce_commitments.errors import DatasetError
from osce_commitments.ids import fingerprint
from osce_commitments.labels import Qualifier, ThreatArea
from osce_commitments.query.search.language import fold
from osce_commitments.schema import Row
from osce_commitments.texts.dates import first_and_last_day

if TYPE_CHECKING:
    from osce_commitments.dataset import Dataset
    from osce_commitments.dataset.versions import VersionInfo

INDEX_FOLDER = "_search"
_FORMAT = "2"
_CONTENT = ("text", "blocks", "pages")  # what is large in a document
_OF_DOCUMENT = ("symbol", "body", "type", "source", "is_adopted")  # what a provision is shown with
_KEPT = 3  # files, the newest included
_ROWS_AT_ONCE = 2_000
_LOCK_SECONDS = 600.0
_WORD = re.compile(r"[^\W_]+")
_AREAS = {area.value: 1 << bit for bit, area in enumerate(ThreatArea)}
_QUALIFIERS = {qualifier.value: 1 << bit for bit, qualifier in enumerate(Qualifier)}

# Numbers of provisions follow the order by date, so that the engine's own order is the one that people expect.
_SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE, symbol TEXT COLLATE NOCASE, source TEXT, record BLOB, content BLOB);
CREATE TABLE provisions (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, document INTEGER, first_day TEXT, last_day TEXT, year INTEGER,
    strength INTEGER, areas INTEGER, qualifiers INTEGER, role TEXT, body TEXT, model TEXT, needs_review INTEGER,
    is_adopted INTEGER, has_deadline INTEGER);
CREATE TABLE records (number INTEGER PRIMARY KEY, record BLOB);
CREATE TABLE texts (number INTEGER PRIMARY KEY, title TEXT, heading TEXT, lead_in TEXT, text TEXT, reading TEXT);
CREATE TABLE addressees (name TEXT, provision INTEGER, PRIMARY KEY (name, provision)) WITHOUT ROWID;
CREATE TABLE citations (symbol TEXT COLLATE NOCASE, provision INTEGER, PRIMARY KEY (symbol, provision)) WITHOUT ROWID;
CREATE TABLE deadlines (provision INTEGER, first_day TEXT, last_day TEXT);
CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(
    title, heading, lead_in, text, reading, content='texts', content_rowid='number',
    tokenize='porter unicode61 remove_diacritics 2');
"""
_FINISH = """
INSERT INTO found (found) VALUES ('rebuild');
INSERT INTO found (found) VALUES ('optimize');
CREATE INDEX provisions_of_document ON provisions (document);
CREATE INDEX documents_by_symbol ON documents (symbol);
CREATE INDEX citations_of_provision ON citations (provision);
CREATE INDEX addressees_of_provision ON addressees (provision);
ANALYZE;
"""


def path_of_index(dataset: Dataset, info: VersionInfo) -> Path:
    """The index of a version, made if there is none yet.

    Raises:
        DatasetError: If it cannot be written anywhere, or the tables cannot be read.
    """
    name = _name(info)
    folders = _folders(dataset.path)
    for folder in folders:
        path = folder / name
        if path.is_file():
            with contextlib.suppress(OSError):
                os.utime(path)
            return path
    for folder in folders:
        if _is_writable(folder):
            return _make(dataset, info, folder / name)
    msg = f"the search index of {dataset.path} cannot be written to {' or '.join(map(str, folders))}"
    raise DatasetError(msg, "make one of these folders writable, or name another in OSCE_COMMITMENTS_CACHE")


def _name(info: VersionInfo) -> str:
    tables = json.dumps([dict(info.tables), dict(info.counts)], sort_keys=True)
    return f"{info.version:06d}-{fingerprint(_FORMAT, info.run_id, info.created_at.isoformat(), tables)}.sqlite3"


def _folders(data: Path) -> list[Path]:
    given = os.environ.get("OSCE_COMMITMENTS_CACHE", "")
    cache = os.environ.get("XDG_CACHE_HOME", "") or str(Path("~/.cache").expanduser())
    place = fingerprint(str(data.resolve()))
    outside = [Path(given) / place] if given else [Path(cache) / "osce-commitments" / place]
    return [data / INDEX_FOLDER, *outside, Path(tempfile.gettempdir()) / f"osce-commitments-{os.getuid()}" / place]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _make(dataset: Dataset, info: VersionInfo, path: Path) -> Path:
    from filelock import FileLock, Timeout

    # Somebody else's builder saves the work; one that hangs must not stop this one.
    lock = FileLock(path.with_suffix(".lock"))
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=_LOCK_SECONDS)
    try:
        if not path.is_file():
            _build(dataset, info, path)
            _forget_others(path)
    finally:
        lock.release()
    return path


def _build(dataset: Dataset, info: VersionInfo, path: Path) -> None:
    temporary = path.with_name(f".{path.stem}.{uuid4().hex[:8]}")
    try:
        with contextlib.closing(sqlite3.connect(temporary)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
            connection.executescript(_SCHEMA)
            with connection:
                _fill(connection, dataset, info)
            connection.executescript(_FINISH)
        temporary.replace(path)
    except (OSError, sqlite3.Error) as error:
        msg = f"the search index {path} cannot be written: {error}"
        raise DatasetError(msg, "see to space and permissions") from error
    finally:
        temporary.unlink(missing_ok=True)


def _forget_others(path: Path) -> None:
    old = sorted(path.parent.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime, reverse=True)[_KEPT:]
    day_ago = time.time() - 86_400
    rest = (one for one in path.parent.glob(".*") if one.stat().st_mtime < day_ago)
    beside = (other for one in old for other in path.parent.glob(f"{one.stem}*"))
    for one in {*beside, *rest}:
        with contextlib.suppress(OSError):
            shutil.rmtree(one) if one.is_dir() else one.unlink()


def _fill(connection: sqlite3.Connection, dataset: Dataset, info: VersionInfo) -> None:
    ordered = sorted(_rows(dataset, "documents", info), key=_place)
    numbers = {row["id"]: number for number, row in enumerate(ordered, 1)}
    connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", map(_document, enumerate(ordered, 1)))
    keys = dataset.read("provisions", info.version, columns=["id", "document", "index"]).to_pylist()
    keys.sort(key=lambda key: (numbers[key["document"]], key["index"]))
    order = {key["id"]: number for number, key in enumerate(keys, 1)}
    about = {row["id"]: {name: row[name] for name in _OF_DOCUMENT} for row in ordered}
    words: set[str] = set()
    for row in _rows(dataset, "provisions", info):
        _insert(connection, row | about[row["document"]], order[row["id"]], numbers[row["document"]])
        for text in (row["title"], *row["heading"], row["reading"]):
            words.update(_WORD.findall(text))
    connection.executemany("INSERT OR IGNORE INTO words VALUES (?)", ((fold(word),) for word in words))


def _rows(dataset: Dataset, table: str, info: VersionInfo) -> Iterator[Row]:
    for batch in dataset.scan(table, info.version).to_batches(batch_size=_ROWS_AT_ONCE):
        yield from batch.to_pylist(maps_as_pydicts="strict")


def _place(row: Row) -> tuple[Any, ...]:
    return (str(row["date"] or "9"), row["year"] or 9999, row["symbol"], row["id"])


def _document(numbered: tuple[int, Row]) -> tuple[Any, ...]:
    number, row = numbered
    content = {name: row.pop(name) for name in _CONTENT}
    return number, row["id"], row["symbol"], row["source"], pack(row), pack(content)


def _insert(connection: sqlite3.Connection, row: Row, number: int, document: int) -> None:
    day, year = row["date"] and row["date"].isoformat(), row["year"]
    first, last = day or (year and f"{year:04d}-01-01"), day or (year and f"{year:04d}-12-31")
    areas, qualifiers = _mask(_AREAS, row["threat_areas"]), _mask(_QUALIFIERS, row["qualifiers"])
    values = (
        number, row["id"], document, first, last, year, row["strength_level"], areas, qualifiers, row["role"],
        row["body"], row["model_id"], row["needs_review"], row["is_adopted"], bool(row["deadlines"]),
    )  # fmt: skip
    execute, many = connection.execute, connection.executemany
    execute(f"INSERT INTO provisions VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - only marks
    texts = row["title"], " / ".join(row["heading"]), row["lead_in"], row["text"], row["reading"]
    execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)", (number, *texts))
    execute("INSERT INTO records VALUES (?, ?)", (number, pack(row)))
    many("INSERT OR IGNORE INTO addressees VALUES (?, ?)", [(name, number) for name in row["addressee"]])
    symbols = {mention["symbol"] for mention in row["mentions"] if mention["symbol"]}
    many("INSERT OR IGNORE INTO citations VALUES (?, ?)", [(symbol, number) for symbol in symbols])
    days = (first_and_last_day(deadline["ref"]) for deadline in row["deadlines"])
    many("INSERT INTO deadlines VALUES (?, ?, ?)", [(number, *found) for found in days if found])


def _mask(bits: Mapping[str, int], labels: Iterable[str]) -> int:
    found = 0
    for label in labels:
        found |= bits.get(label, 0)
    return found


def area_mask(areas: Iterable[str]) -> int:
    """Threat areas as the index holds them: one bit each."""
    return _mask(_AREAS, areas)


def qualifier_mask(qualifiers: Iterable[str]) -> int:
    """Qualifiers as the index holds them: one bit each."""
    return _mask(_QUALIFIERS, qualifiers)


def pack(row: Mapping[str, Any]) -> bytes:
    """A row of a table as the index holds it."""
    return zlib.compress(json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> Row:
    """The row that was packed."""
    row: Row = json.loads(zlib.decompress(packed))
    if row.get("date"):
        row["date"] = dt.date.fromisoformat(row["date"])
    return row
