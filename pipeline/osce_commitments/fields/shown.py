"""Which columns are shown together with a provision, in the order in which people read them."""

from __future__ import annotations

from osce_commitments.fields.column import Column, Shown
from osce_commitments.fields.documents import DOCUMENTS
from osce_commitments.fields.provisions import PROVISIONS

# What identifies the provision comes first, where it comes from last; the rest keeps the order of the table.
_FIRST = ("id", "document", "symbol", "body", "type", "date", "year", "title")
_LAST = ("page", "needs_review", "is_adopted", "model_id", "source")

# What a provision takes over from its document, also in place of a column of its own.
INHERITED_COLUMNS = tuple(column for column in DOCUMENTS.columns if column.shown)
_DESCRIBED = {column.name: column for column in (*PROVISIONS.columns, *INHERITED_COLUMNS)}
DESCRIBED_COLUMNS = tuple(_DESCRIBED.values())


def _in_reading_order(where: Shown) -> tuple[Column, ...]:
    columns = {column.name: column for column in _DESCRIBED.values() if where in column.shown}
    middle = [name for name in columns if name not in (*_FIRST, *_LAST)]
    return tuple(columns[name] for name in (*_FIRST, *middle, *_LAST) if name in columns)


HIT_COLUMNS = _in_reading_order(Shown.HIT)
COMMITMENT_COLUMNS = _in_reading_order(Shown.COMMITMENTS)
