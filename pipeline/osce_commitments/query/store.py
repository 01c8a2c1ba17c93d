"""Read-only access to a search index, one connection per thread."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.errors import DatasetError
from osce_commitments.query.search.index import TEXTS, unpack
from osce_commitments.query.where import RANK, Where, add_functions
from osce_commitments.schema import Row

_LISTED = 5
_MOST_WORDS = 400
# Noncharacters, which no text contains: the engine marks matches with them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_NEWEST = "p.last_day DESC NULLS LAST, p.number"
_ORDERS = {
    "relevance": f"score DESC, {_NEWEST}",
    "newest": _NEWEST,
    "oldest": "p.number",
    "firmest": f"p.strength DESC, score DESC, {_NEWEST}",
    "due": "{due} NULLS LAST, p.number",
}
_READING = TEXTS.index("reading")
_AT_ONCE = 500


class Store:
    """The index in a file.

    Args:
        path: The file; it must exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def find(self, where: Where, order: str) -> list[tuple[int, float]]:
        """Numbers and scores of the provisions that meet a condition, sorted (``relevance``, ``newest``, …)."""
        sql, days = where.due
        by, values = _ORDERS[order].format(due=sql), where.values + (days if order == "due" else ())
        if not where.match:
            statement = f"SELECT p.number, 0.0 AS score FROM provisions p WHERE {where.sql} ORDER BY {by}"  # noqa: S608 - ours
            return self.rows(statement, values)
        statement = (
            f"SELECT p.number, -{RANK} AS score FROM found CROSS JOIN provisions p ON p.number = found.rowid "  # noqa: S608 - ours
            f"WHERE found MATCH ? AND {where.sql} ORDER BY {by}"
        )
        return self.rows(statement, (where.match, *values))

    def records(self, numbers: Sequence[int]) -> list[Row]:
        """The rows of provisions, in the order of the numbers."""
        found: dict[int, Row] = {}
        for some in _batches(numbers):
            statement = f"SELECT number, record FROM records WHERE number IN ({_marks(some)})"  # noqa: S608 - only marks
            found.update({number: unpack(packed) for number, packed in self.rows(statement, tuple(some))})
        return [found[number] for number in numbers]

    def highlights(self, numbers: Sequence[int], match: str) -> dict[int, tuple[tuple[int, int], ...]]:
        """Matches of the full-text expression in the reading texts, by number."""
        if not match or not numbers:
            return {}
        statement = (
            f"SELECT rowid, highlight(found, {_READING}, ?, ?) FROM found "  # noqa: S608 - only marks
            f"WHERE found MATCH ? AND rowid IN ({_marks(numbers)})"
        )
        return {number: _spans(text) for number, text in self.rows(statement, (_OPEN, _CLOSE, match, *numbers))}

    def number(self, provision: str) -> int:
        """Number of the provision with an id or an unambiguous prefix of it.

        Raises:
            DatasetError: If no provision or several match.
        """
        wanted = provision.strip()
        statement = "SELECT id, number FROM provisions WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        rows = self.rows(statement, (wanted, f"{wanted}\U0010ffff", _LISTED)) if wanted else []
        if len(rows) == 1 or (rows and rows[0][0] == wanted):
            return int(rows[0][1])
        if not rows:
            msg = f"provision {provision!r} is not in this version"
            raise DatasetError(msg, "find ids with osce-commitments query")
        msg = f"several provisions begin with {provision!r}"
        raise DatasetError(msg, f"give more of the id: {', '.join(one for one, _ in rows)}")

    def documents(self) -> Iterator[Row]:
        """Rows of ``documents`` without text, blocks and pages, oldest first."""
        return (unpack(packed) for (packed,) in self.rows("SELECT record FROM documents ORDER BY number"))

    def document(self, key: str) -> tuple[int, Row] | None:
        """Number and row of the first document with an id or symbol in any letter case, if any."""
        statement = "SELECT number, record, content FROM documents WHERE id = ? OR symbol = ? ORDER BY number LIMIT 1"
        rows = self.rows(statement, (key, key.lower())) if key else []
        return (rows[0][0], unpack(rows[0][1]) | unpack(rows[0][2])) if rows else None

    def words(self, beginning: str) -> list[str]:
        """Words of the index with a prefix, at most a few hundred."""
        statement = "SELECT word FROM words WHERE word >= ? AND word < ? LIMIT ?"
        return [word for (word,) in self.rows(statement, (beginning, f"{beginning}\U0010ffff", _MOST_WORDS + 1))]

    def readings(self) -> list[str]:
        """Reading texts of all provisions, by number."""
        return [reading for (reading,) in self.rows("SELECT reading FROM texts ORDER BY number")]

    def last_days(self) -> list[int]:
        """Last possible date of each provision (20051206; 0 if undated), by number."""
        statement = "SELECT coalesce(CAST(replace(last_day, '-', '') AS INTEGER), 0) FROM provisions ORDER BY number"
        return [day for (day,) in self.rows(statement)]

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Result of a statement over the index.

        Raises:
            DatasetError: If the file is damaged or missing.
        """
        try:
            return self._connection().execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            msg = f"the search index {self._path} cannot be read: {error}"
            raise DatasetError(msg, "remove the file; it is rebuilt on the next search") from error

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Immutable: SQLite needs no lock file, so a read-only folder works.
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            connection.executescript(
                "PRAGMA query_only = ON; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -16384;"
            )
            add_functions(connection)
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        with contextlib.suppress(AttributeError):
            self._local.connection.close()
            del self._local.connection


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))


def _spans(marked: str) -> tuple[tuple[int, int], ...]:
    spans, at, start = [], 0, 0
    for sign in marked:
        if sign == _OPEN:
            start = at
        elif sign == _CLOSE:
            spans.append((start, at))
        else:
            at += 1
    return tuple(spans)
