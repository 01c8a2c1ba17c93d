"""Read-only access to a search index through a few connections that threads share."""

from __future__ import annotations

import contextlib
import functools
import logging
import queue
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from osce_commitments.errors import DatasetError, UnavailableError
from osce_commitments.query.search.index import TEXTS, in_use, remove_cached, unpack
from osce_commitments.query.selection import ANYTHING, ANYTHING_MATCHING, RANK, Where, add_functions
from osce_commitments.schema import Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Answer = TypeVar("_Answer")
_LOG = logging.getLogger(__name__)
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
# The order of equals needs the table of provisions, where looking up every hit takes as long as ranking them: so only the best are.
_BEST = f"""
    WITH hits AS MATERIALIZED (SELECT rowid AS number, -{RANK} AS score FROM found WHERE found MATCH ?)
    SELECT p.number, score, (SELECT count(*) FROM hits) FROM hits CROSS JOIN provisions p USING (number)
    WHERE score >= ifnull((SELECT score FROM hits ORDER BY score DESC LIMIT 1 OFFSET ?), -1e999)
    ORDER BY {_ORDERS["relevance"]} LIMIT ? OFFSET ?
"""  # noqa: S608 - ours
_COUNTED = """
    WITH hits AS MATERIALIZED (
        SELECT p.number, p.last_day, p.strength, {due} AS due, -{rank} AS score
        FROM found CROSS JOIN provisions p ON p.number = found.rowid WHERE found MATCH ? AND {condition})
    SELECT p.number, p.score, (SELECT count(*) FROM hits) FROM hits p ORDER BY {order} LIMIT ? OFFSET ?
"""
_AT_ONCE = 500
_ALL = -1  # as a limit
# Each keeps pages of the file; more do not answer faster. The file is not mapped: Linux would count it once for each.
MOST_CONNECTIONS = 4
_SETTINGS = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;"


class Store:
    """The index in a file.

    A file that is damaged or gone is made again, once.

    Args:
        make: Returns the path of the file, which it makes if missing.
    """

    def __init__(self, make: Callable[[], Path]) -> None:
        self._make, self._path = make, make()
        # The last one used comes first: a process with one thread opens one.
        self._connections: queue.LifoQueue[tuple[sqlite3.Connection | None, int]] = queue.LifoQueue()
        for _ in range(MOST_CONNECTIONS):
            self._connections.put((None, 0))
        self._lock, self._generation = threading.Lock(), 0
        # The file stays in use until the store is no longer needed.
        self._use = contextlib.ExitStack()
        self._use.enter_context(in_use(self._path))
        weakref.finalize(self, self._use.close)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def page(
        self, where: Where, order: str, limit: int | None = None, offset: int = 0
    ) -> tuple[list[tuple[int, float]], int]:
        """Numbers and scores of the provisions that meet a condition, sorted (``relevance``, ``newest``, …), and how many there are."""
        by, (due, days) = _ORDERS[order], where.due if order == "due" else ("NULL", ())
        part = (_ALL if limit is None else limit, offset)
        if not where.match:
            statement = (
                f"SELECT p.number, 0.0 AS score FROM provisions p WHERE {where.sql} ORDER BY {by.format(due=due)}"  # noqa: S608 - ours
            )
            return self.rows(f"{statement} LIMIT ? OFFSET ?", (*where.values, *days, *part)), self.count(where)
        if limit and order == "relevance" and where.sql == ANYTHING:
            rows = self.rows(_BEST, (where.match, offset + limit - 1, *part))
        else:
            statement = _COUNTED.format(due=due, rank=RANK, condition=where.sql, order=by.format(due="p.due"))
            rows = self.rows(statement, (*days, where.match, *where.values, *part))
        shows_all = offset == 0 and limit != 0
        total = rows[0][2] if rows else 0 if shows_all else self.count(where.matching)
        return [(number, score) for number, score, _ in rows], total

    def count(self, condition: Where) -> int:
        """Number of the provisions that meet a condition without an expression for ranking."""
        # Alone, the full-text index counts eight times as fast.
        found = (
            "found WHERE found MATCH ?" if condition.sql == ANYTHING_MATCHING else f"provisions p WHERE {condition.sql}"
        )
        ((count,),) = self.rows(f"SELECT count(*) FROM {found}", condition.values)  # noqa: S608 - ours
        return int(count)

    def numbers(self, condition: Where) -> NDArray[np.int64]:
        """Numbers of the provisions that meet a condition without an expression for ranking, in ascending order."""
        return self._joined(f"SELECT group_concat(p.number) FROM provisions p WHERE {condition.sql}", condition.values)  # noqa: S608 - ours

    def matching(self, match: str) -> NDArray[np.int64]:
        """Numbers of the provisions that match a full-text expression, in ascending order."""
        return self._joined("SELECT group_concat(rowid) FROM found WHERE found MATCH ?", (match,))

    def _joined(self, statement: str, values: tuple[Any, ...]) -> NDArray[np.int64]:
        """Numbers as one text: many times faster than one row each."""
        ((joined,),) = self.rows(statement, values)
        return np.sort(np.fromstring(joined, dtype=np.int64, sep=",")) if joined else np.empty(0, dtype=np.int64)

    def records(self, numbers: Sequence[int]) -> list[Row]:
        """The rows of provisions, in the order of the numbers."""
        found: dict[int, Row] = {}
        for batch in _batches(numbers):
            statement = f"SELECT number, record FROM records WHERE number IN ({_marks(batch)})"  # noqa: S608 - only marks
            found.update(self._unpacked(statement, tuple(batch)))
            statement = f"SELECT number, place FROM shared_places WHERE number IN ({_marks(batch)})"  # noqa: S608 - only marks
            for number, place in self.rows(statement, tuple(batch)):
                found[number]["shared_place"] = place
        return [found[number] for number in numbers]

    def shared_places(self) -> dict[str, str]:
        """Names of the places that several provisions share, by the id of the provision."""
        return dict(self.rows("SELECT p.id, s.place FROM shared_places s JOIN provisions p ON p.number = s.number"))

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
            raise DatasetError(msg, "give its id or its citation; osce-commitments query finds both")
        msg = f"several provisions begin with {provision!r}"
        raise DatasetError(msg, f"give more of the id: {', '.join(one for one, _ in rows)}")

    def areas(self, numbers: Sequence[int]) -> list[int]:
        """The areas of provisions as bit masks, in the order of the numbers."""
        statement = f"SELECT number, areas FROM provisions WHERE number IN ({_marks(numbers)})"  # noqa: S608 - only marks
        found = dict(self.rows(statement, tuple(numbers)))
        return [found[number] for number in numbers]

    @functools.cached_property
    def areas_of_all(self) -> dict[int, int]:
        """Number of provisions by bit mask of their areas."""
        return dict(self.rows("SELECT areas, count(*) FROM provisions GROUP BY areas"))

    def documents(self) -> Iterator[Row]:
        """Rows of ``documents`` without text, blocks and pages, oldest first."""
        return iter(self._unpacked("SELECT number, record FROM documents ORDER BY number").values())

    def document(self, key: str) -> tuple[int, Row] | None:
        """Number and row of the first document with an id or symbol in any letter case, if any."""
        statement = "SELECT number, record, content FROM documents WHERE id = ? OR symbol = ? ORDER BY number LIMIT 1"
        if not key:
            return None

        def ask() -> tuple[int, Row] | None:
            with self._connected() as connection:
                rows = connection.execute(statement, (key, key.lower())).fetchall()
            return (rows[0][0], unpack(rows[0][1]) | unpack(rows[0][2])) if rows else None

        return self._healing(ask)

    def words(self, beginning: str) -> list[str]:
        """Words of the index with a prefix, at most a few hundred."""
        statement = "SELECT word FROM words WHERE word >= ? AND word < ? LIMIT ?"
        return [word for (word,) in self.rows(statement, (beginning, f"{beginning}\U0010ffff", _MOST_WORDS + 1))]

    def readings(self) -> list[str]:
        """Reading texts of all provisions, by number."""
        return [reading for (reading,) in self.rows("SELECT reading FROM texts ORDER BY number")]

    def _unpacked(self, statement: str, values: tuple[Any, ...] = ()) -> dict[int, Row]:
        def ask() -> dict[int, Row]:
            with self._connected() as connection:
                rows = connection.execute(statement, values).fetchall()
            return {number: unpack(record) for number, record in rows}

        return self._healing(ask)

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Result of a statement over the index.

        Raises:
            UnavailableError: If the file is damaged or missing, and cannot be made again.
        """

        def ask() -> list[Any]:
            with self._connected() as connection:
                return connection.execute(statement, values).fetchall()

        return self._healing(ask)

    def _healing(self, ask: Callable[[], _Answer]) -> _Answer:
        while True:
            generation = self._generation
            try:
                return ask()
            except (sqlite3.DatabaseError, zlib.error, ValueError, TypeError) as error:
                if not self._heal(generation, error):
                    msg = f"the search index {self._path} cannot be read: {error}"
                    raise UnavailableError(msg, "remove the file; it is made again on the next search") from error

    def _heal(self, generation: int, error: Exception) -> bool:
        """Make the file again if that was not done before; whether it is worth to ask again."""
        with self._lock:
            if generation < self._generation:
                return True
            is_gone = not self._path.exists()
            if self._generation and not is_gone:
                return False
            if not is_gone:
                _LOG.warning("the search index %s is damaged (%s): it is made again", self._path, error)
                remove_cached(self._path)
            self._path = self._make()
            self._generation += 1
            self._use.enter_context(in_use(self._path))
            return True

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection that no other thread uses meanwhile; waits for one if all are in use."""
        connection, generation = self._connections.get()
        try:
            if connection is None or generation != self._generation:
                if connection is not None:
                    connection.close()
                connection, generation = None, self._generation
                connection = self._opened()
            yield connection
        finally:
            self._connections.put((connection, generation))

    def _opened(self) -> sqlite3.Connection:
        # Immutable: SQLite needs no lock file, so a read-only folder works.
        uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.executescript(_SETTINGS)
        add_functions(connection)
        return connection


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
