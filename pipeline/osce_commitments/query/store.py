"""Read-only access to a search index through a few connections that threads share, and counts over it."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import logging
import queue
import sqlite3
import threading
import weakref
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from osce_commitments.catalogue import load_catalogue
from osce_commitments.errors import DatasetError, UnavailableError
from osce_commitments.fields.provisions import area_mask
from osce_commitments.labels import NAMED, STRENGTHS, THREAT_AREAS, Basis
from osce_commitments.query.conditions import BY_NAME, NAMED_ANYWHERE, NO_AREA, commitments_sql
from osce_commitments.query.result import Count, Facets
from osce_commitments.query.search.index import TEXTS, in_use, remove_cached, unpack
from osce_commitments.query.selection import ANYTHING, ANYTHING_MATCHING, RANK, Selection, Where, areas_on
from osce_commitments.schema import Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Shape = TypeVar("_Shape")
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
# A list of numbers is one bound value.
_RECORDS = """
    SELECT r.record, s.place, (
        SELECT json_group_array(json_array(t.lead_in, t.text, t.reading))
        FROM provisions q JOIN texts t USING (number) WHERE q.paragraph = p.paragraph)
    FROM json_each(?) wanted CROSS JOIN records r ON r.number = wanted.value JOIN provisions p ON p.number = r.number
    LEFT JOIN shared_places s ON s.number = r.number ORDER BY wanted.key
"""
_AREAS = """
    SELECT p.areas FROM json_each(?) wanted CROSS JOIN provisions p ON p.number = wanted.value ORDER BY wanted.key
"""
_HIGHLIGHTED = f"""
    SELECT rowid, highlight(found, {TEXTS.index("reading")}, ?, ?) FROM found
    WHERE found MATCH ? AND rowid IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - ours
_AT_ONCE = 2_000
_ALL = -1  # as a limit
# Each keeps pages of the file; more do not answer faster. The file is not mapped: Linux would count it once for each.
MOST_CONNECTIONS = 4
_SETTINGS = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;"


_MASKS = {str(area): area_mask([area]) for area in THREAT_AREAS}
_COLUMNS = {
    "strength": "p.strength",
    "threat_areas": "{areas}",
    **{name: f"p.{name}" for name in ("year", "body", "meeting", "type", "adopted", "form")},
    "commitments": commitments_sql(True)[0],  # noqa: FBT003 - a condition's value
    "basis": "{bases}",
}
_BASES = {NAMED_ANYWHERE: NAMED, **{str(basis): (basis,) for basis in Basis}}
_BITS = {"threat_areas": _MASKS, "basis": {name: 1 << bit for bit, name in enumerate(_BASES)}}
_JOINS = {
    "addressee": "JOIN addressees a ON a.provision = p.number",
    "document": "JOIN documents d ON d.number = p.document",
}
_BY_NAME = "GROUP BY a.name ORDER BY count(*) DESC, a.name"
# Words alone need no table of provisions.
_NAMES_OF_MATCHES = f"""
    SELECT a.name, count(*) FROM addressees a WHERE a.provision IN (SELECT rowid FROM found WHERE found MATCH ?) {_BY_NAME}
"""  # noqa: S608 - ours
Counts = Counter[tuple[str, ...]]


class Store:
    """The index in a file.

    A file that is damaged or gone is made again, once.

    Attributes:
        path: The file.
    """

    def __init__(self, make: Callable[[], Path]) -> None:
        self._make, self.path = make, make()
        # The last one used comes first: a process with one thread opens one.
        self._connections: queue.LifoQueue[tuple[sqlite3.Connection | None, int]] = queue.LifoQueue()
        for _ in range(MOST_CONNECTIONS):
            self._connections.put((None, 0))
        self._lock, self._generation = threading.Lock(), 0
        # The file stays in use until the store is no longer needed.
        self._use = contextlib.ExitStack()
        self._use.enter_context(in_use(self.path))
        weakref.finalize(self, self._use.close)

    def page(
        self, where: Where, order: str, limit: int | None = None, offset: int = 0
    ) -> tuple[list[tuple[int, float]], int]:
        """Numbers and scores of the provisions that meet a condition, sorted (``relevance``, ``newest``, …), and how many there are."""
        by, (due, days) = _ORDERS[order], where.due if order == "due" else ("NULL", ())
        part = (_ALL if limit is None else limit, offset)
        if not where.match:
            rest = f"ORDER BY {by.format(due=due)} LIMIT ? OFFSET ?"
            return self.select("p.number, 0.0 AS score", where, rest, (*days, *part)), self.count(where)
        if limit and order == "relevance" and where.sql == ANYTHING:
            rows = self.rows(_BEST, (where.match, offset + limit - 1, *part))
        else:
            statement = _COUNTED.format(due=due, rank=RANK, condition=where.sql, order=by.format(due="p.due"))
            rows = self.rows(statement, (*days, where.match, *where.values, *part))
        shows_all = offset == 0 and limit != 0
        total = rows[0][2] if rows else 0 if shows_all else self.count(where.matching)
        return [(number, score) for number, score, _ in rows], total

    def select(
        self, columns: str, condition: Where, rest: str = "", values: tuple[Any, ...] = (), *, joins: str = ""
    ) -> list[Any]:
        """Columns of the provisions that meet a condition without an expression for ranking."""
        statement = f"SELECT {columns} FROM provisions p {joins} WHERE {condition.sql} {rest}"  # noqa: S608 - ours; values are bound
        return self.rows(statement, (*condition.values, *values))

    def count(self, condition: Where) -> int:
        """Number of the provisions that meet a condition without an expression for ranking."""
        if condition.sql == ANYTHING_MATCHING:  # alone, the full-text index counts eight times as fast
            ((count,),) = self.rows("SELECT count(*) FROM found WHERE found MATCH ?", condition.values)
        else:
            ((count,),) = self.select("count(*)", condition)
        return int(count)

    def numbers(self, condition: Where) -> NDArray[np.int64]:
        """Numbers of the provisions that meet a condition without an expression for ranking, in ascending order."""
        return _numbers(self.select("group_concat(p.number)", condition))

    def matching(self, match: str) -> NDArray[np.int64]:
        """Numbers of the provisions that match a full-text expression, in ascending order."""
        return _numbers(self.rows("SELECT group_concat(rowid) FROM found WHERE found MATCH ?", (match,)))

    def records(self, numbers: Iterable[int]) -> Iterator[Row]:
        """The rows of provisions, in the order of the numbers."""
        left = list(numbers)
        for start in range(0, len(left), _AT_ONCE):
            yield from self._shaped(_record, _RECORDS, (json.dumps(left[start : start + _AT_ONCE]),))

    def highlights(self, numbers: Sequence[int], match: str) -> dict[int, tuple[tuple[int, int], ...]]:
        """Matches of the full-text expression in the reading texts, by number."""
        if not match or not numbers:
            return {}
        spans: dict[int, tuple[tuple[int, int], ...]] = {}
        for number, marked in self.rows(_HIGHLIGHTED, (_OPEN, _CLOSE, match, json.dumps(list(numbers)))):
            pairs, length, start = [], 0, 0
            for sign in marked:
                if sign == _OPEN:
                    start = length
                elif sign == _CLOSE:
                    pairs.append((start, length))
                else:
                    length += 1
            spans[number] = tuple(pairs)
        return spans

    def number(self, provision: str) -> int:
        """Number of the provision with an id, or the first of the paragraph with one, or with an unambiguous prefix of it.

        Raises:
            DatasetError: If no provision or several match.
        """
        wanted = provision.strip()
        rows: list[Any] = []
        for name in ("id", "paragraph") if wanted else ():
            statement = (
                f"SELECT {name}, min(number) FROM provisions WHERE {name} >= ? AND {name} < ? GROUP BY 1 LIMIT ?"  # noqa: S608 - ours
            )
            rows += self.rows(statement, (wanted, f"{wanted}\U0010ffff", _LISTED))
        if len(rows) == 1 or (rows and rows[0][0] == wanted):
            return int(rows[0][1])
        if not rows:
            msg = f"provision {provision!r} is not in this version"
            raise DatasetError(msg, "give its id or its citation; osce-commitments query finds both")
        msg = f"several provisions begin with {provision!r}"
        raise DatasetError(msg, f"give more of the id: {', '.join(one for one, _ in rows)}")

    def areas(self, numbers: Sequence[int]) -> list[int]:
        """The areas of provisions as bit masks, in the order of the numbers."""
        return [areas for (areas,) in self.rows(_AREAS, (json.dumps(list(numbers)),))]

    @functools.cached_property
    def areas_of_all(self) -> dict[int, int]:
        """Number of provisions by bit mask of their areas."""
        return dict(self.rows("SELECT areas, count(*) FROM provisions GROUP BY areas"))

    def documents(self) -> list[Row]:
        """Rows of ``documents`` without text, blocks and pages, oldest first."""
        return self._shaped(unpack, "SELECT record FROM documents ORDER BY number")

    def document(self, key: str) -> tuple[int, Row] | None:
        """Number and row of the first document with an id or symbol in any letter case, if any."""
        statement = "SELECT number, record, content FROM documents WHERE id = ? OR symbol = ? ORDER BY number LIMIT 1"

        def row(number: int, record: bytes, content: bytes) -> tuple[int, Row]:
            return number, unpack(record) | unpack(content)

        rows = self._shaped(row, statement, (key, key.lower())) if key else []
        return rows[0] if rows else None

    def words(self, beginning: str) -> list[str]:
        """Words of the index with a prefix, at most a few hundred."""
        statement = "SELECT word FROM words WHERE word >= ? AND word < ? LIMIT ?"
        return [word for (word,) in self.rows(statement, (beginning, f"{beginning}\U0010ffff", _MOST_WORDS + 1))]

    def readings(self) -> list[str]:
        """Reading texts of all provisions, by number."""
        return [reading for (reading,) in self.rows("SELECT reading FROM texts ORDER BY number")]

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Result of a statement over the index.

        Raises:
            UnavailableError: If the file is damaged or missing, and cannot be made again.
        """
        return self._shaped(lambda *row: row, statement, values)

    def _shaped(self, shape: Callable[..., _Shape], statement: str, values: tuple[Any, ...] = ()) -> list[_Shape]:
        """Result of a statement, each row in a shape; a record that cannot be unpacked shows a damaged file, too."""
        while True:
            generation = self._generation
            try:
                with self._connected() as connection:
                    return [shape(*row) for row in connection.execute(statement, values).fetchall()]
            except (sqlite3.DatabaseError, zlib.error, ValueError, TypeError) as error:
                if not self._heal(generation, error):
                    msg = f"the search index {self.path} cannot be read: {error}"
                    raise UnavailableError(msg, "remove the file; it is made again on the next search") from error

    def _heal(self, generation: int, error: Exception) -> bool:
        """Make the file again if that was not done before; whether it is worth to ask again."""
        with self._lock:
            if generation < self._generation:
                return True
            is_gone = not self.path.exists()
            if self._generation and not is_gone:
                return False
            if not is_gone:
                _LOG.warning("the search index %s is damaged (%s): it is made again", self.path, error)
                remove_cached(self.path)
            self.path = self._make()
            self._generation += 1
            self._use.enter_context(in_use(self.path))
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
                # Immutable: SQLite needs no lock file, so a read-only folder works.
                uri = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
                connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
                connection.executescript(_SETTINGS)
                # Conditions fold names; SQLite's own lower handles only ASCII.
                connection.create_function("fold", 1, str.lower, deterministic=True)
            yield connection
        finally:
            self._connections.put((connection, generation))


def _record(packed: bytes, shared_place: str | None, paragraph: str | None) -> Row:
    row = unpack(packed)
    provisions = json.loads(paragraph or "[]")
    whole = _whole(provisions) if len(provisions) > 1 else row["reading"]
    return row | {"paragraph": whole} | ({"shared_place": shared_place} if shared_place else {})


def _whole(provisions: Sequence[Sequence[str]]) -> str:
    """Text of a paragraph from lead-in, text and reading of its provisions: what several share is there once."""
    rows = [[words.split() for words in provision] for provision in provisions]
    whole: list[str] = []
    above: list[str] = []
    for (stem, text, reading), following in zip_longest(rows, rows[1:]):
        has_more_before_tail = following is not None and len(following[2]) > len(following[0]) + len(following[1])
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(above, stem, strict=False)))
        whole += stem[shared:] + (text if has_more_before_tail else reading[len(stem) :])
        above = stem
    return " ".join(whole)


def _numbers(rows: Sequence[Any]) -> NDArray[np.int64]:
    """Numbers that were joined to one text: many times faster than a row each."""
    ((joined,),) = rows
    return np.sort(np.fromstring(joined, dtype=np.int64, sep=",")) if joined else np.empty(0, dtype=np.int64)


def count_facets(store: Store, selection: Selection, find: Callable[[Selection], Where]) -> Facets:
    """All facets, each counted without its own condition.

    Raises:
        QueryError: If the text query is not valid.
    """
    whole, facets = find(selection), [facet.name for facet in fields(Facets)]
    bases = _bases(selection.values.get("area", THREAT_AREAS))
    names_by_condition: defaultdict[Where, list[str]] = defaultdict(list)
    for name in facets:
        own = [condition.name for condition in BY_NAME.values() if condition.facet == name]
        is_own = not selection.values.keys().isdisjoint(own)
        names_by_condition[find(selection.without(own)) if is_own else whole].append(name)
    found: dict[str, tuple[Count, ...]] = {}
    for condition, names in names_by_condition.items():
        columns = {
            name: sql.format(areas=condition.areas, bases=bases) for name, sql in _COLUMNS.items() if name in names
        }
        found |= _counted(store, condition, columns)
        if "addressee" in names:
            if condition.sql == ANYTHING_MATCHING:
                rows = store.rows(_NAMES_OF_MATCHES, condition.values)
            else:
                rows = store.select("a.name, count(*)", condition, _BY_NAME, joins=_JOINS["addressee"])
            found["addressee"] = tuple(Count(*row) for row in rows)
    return Facets(**found)


def _counted(store: Store, condition: Where, columns: Mapping[str, str]) -> dict[str, tuple[Count, ...]]:
    """Facets that count values of a column, in one pass over what meets the condition."""
    if not columns:
        return {}
    places = ", ".join(str(place) for place in range(1, len(columns) + 1))
    counts: list[Counter[Any]] = [Counter() for _ in columns]
    for *values, count in store.select(f"{', '.join(columns.values())}, count(*)", condition, f"GROUP BY {places}"):
        for counter, value in zip(counts, values, strict=True):
            counter[value] += count
    return {name: _in_order(name, counter) for name, counter in zip(columns, counts, strict=True)}


def _bases(areas: Sequence[str]) -> str:
    """Expression for what one of the areas stands on, a bit for each of ``_BASES``."""
    mask = area_mask(areas)
    return " | ".join(f"((({areas_on(bases)} & {mask}) != 0) << {bit})" for bit, bases in enumerate(_BASES.values()))


def _in_order(name: str, counts: Counter[Any]) -> tuple[Count, ...]:
    if name == "commitments":
        return Count("yes", counts[1]), Count("any", counts.total())
    if name == "meeting":
        meetings = (meeting for meeting in reversed(load_catalogue().meetings) if meeting.ordinal in counts)
        return tuple(Count(f"{meeting.place} {meeting.year}", counts[meeting.ordinal]) for meeting in meetings)
    if name == "strength":
        return tuple(Count(str(label), counts[level]) for level, label in enumerate(STRENGTHS))
    if name in _BITS:
        found = {label: sum(counts[count] for count in counts if count & bit) for label, bit in _BITS[name].items()}
        none = {NO_AREA: counts[0]} if name == "threat_areas" else {}
        return tuple(Count(*pair) for pair in (found | none).items())
    if name == "year":
        return tuple(Count(str(year), counts[year]) for year in sorted(year for year in counts if year is not None))
    return tuple(Count(value, count) for value, count in counts.most_common() if value)


def count_by(store: Store, condition: Where, names: Sequence[str]) -> Counts:
    """Counts of what meets a condition by some values at once, oldest document first; see :meth:`Reader.count`."""
    columns = [
        (_COLUMNS | {"addressee": "a.name", "document": "d.id"})[name].format(areas=condition.areas) for name in names
    ]
    joins = " ".join(_JOINS.get(name, "") for name in names)
    places = ", ".join("p.document" if name == "document" else str(place) for place, name in enumerate(names, 1))
    rest = f"{f'GROUP BY {places}' if names else ''}{' ORDER BY p.document' if 'document' in names else ''}"
    counts: Counts = Counter()
    for *values, count in store.select(", ".join([*columns, "count(*)"]), condition, rest, joins=joins):
        for labels in itertools.product(*map(_labels, names, values)):
            counts[labels] += count
    return counts


def _labels(name: str, value: Any) -> Sequence[str]:  # noqa: ANN401 - of any column
    """The values that a value of the index stands for."""
    if name == "threat_areas":
        return [area for area, bit in _MASKS.items() if value & bit] or [NO_AREA]
    return () if value is None else (str(STRENGTHS[value]) if name == "strength" else str(value),)
