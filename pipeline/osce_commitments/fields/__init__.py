"""Every column of the dataset, declared once: types, rows, views, search index, hits, exports and documentation follow.

So does every place that shows it to people: see :class:`Place` and :func:`columns_at`.

Text columns are empty, not null, where nothing is known; null is reserved for numbers, dates and cues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from osce_commitments.fields.column import Column, Place, TableDefinition
from osce_commitments.fields.documents import CORRECTIONS, DOCUMENTS, LINEAGE, REJECTS, RUNS
from osce_commitments.fields.provisions import DERIVED, PROVISIONS

__all__ = [
    "COMMITMENT_COLUMNS", "CORRECTIONS", "DESCRIBED_COLUMNS", "DOCUMENTS", "HIT_COLUMNS", "INHERITED_COLUMNS", "LINEAGE", "PINNED_TABLES",
    "PROVISIONS", "REJECTS", "RUNS", "SCHEMA_VERSION", "TABLES", "columns_at",
]  # fmt: skip

SCHEMA_VERSION = 7
TABLES: dict[str, TableDefinition] = {
    table.name: table for table in (DOCUMENTS, PROVISIONS, LINEAGE, REJECTS, CORRECTIONS, RUNS)
}
# Tables of which every version has its own state.
PINNED_TABLES = tuple(table.name for table in TABLES.values() if table.is_pinned)

# Columns that a provision takes from its document, even in place of its own column.
INHERITED_COLUMNS = tuple(column for column in DOCUMENTS.columns if column.shown)
_DESCRIBED = {column.name: column for column in (*PROVISIONS.columns, *INHERITED_COLUMNS)}
DESCRIBED_COLUMNS = tuple(_DESCRIBED.values())

# People read first what identifies a provision, last where it comes from; the rest keeps the order of the table.
_FIRST = ("id", "document", "symbol", "body", "type", "date", "year", "title")
_LAST = ("page", "needs_review", "adopted", "adopted_because", "model_id", "source")


def _in_reading_order(where: Place) -> tuple[Column, ...]:
    middle = [name for name in _DESCRIBED if name not in (*_FIRST, *_LAST)]
    ordered = (_DESCRIBED[name] for name in (*_FIRST, *middle, *_LAST))
    return tuple(column for column in ordered if where in column.shown)


HIT_COLUMNS = _in_reading_order(Place.HIT)
COMMITMENT_COLUMNS = _in_reading_order(Place.COMMITMENTS)


def columns_at(place: Place, more: Iterable[Column] = ()) -> tuple[Column, ...]:
    """The columns that a place shows, in its order, with those that only the place has."""
    shown = [column for column in (*DESCRIBED_COLUMNS, *DERIVED, *more) if place in column.shown]
    names = {column.name for column in shown}
    following: dict[str, list[Column]] = {}
    for column in shown:
        left = column.shown[place].after
        following.setdefault(left if left in names else "", []).append(column)

    def from_left(name: str) -> Iterator[Column]:
        # Of two columns after the same one, that without a column after it comes first: it was put between.
        for column in sorted(following.get(name, ()), key=lambda column: column.name in following):
            yield column
            yield from from_left(column.name)

    return tuple(from_left(""))
