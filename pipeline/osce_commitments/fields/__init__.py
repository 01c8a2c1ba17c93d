"""Every column of the dataset, declared once: types, rows, views, search index, hits, exports and documentation follow.

Text columns are empty, not null, where nothing is known; null is reserved for numbers, dates and cues.
"""

from __future__ import annotations

from osce_commitments.fields.column import (
    Column,
    ColumnType,
    LabelOf,
    ListOf,
    MapOf,
    PerLabel,
    Shown,
    Struct,
    TableDefinition,
)
from osce_commitments.fields.documents import DOCUMENTS
from osce_commitments.fields.due import due_days
from osce_commitments.fields.indexing import FullText, IndexedValue, Indexing, SideTable, mask_of
from osce_commitments.fields.logs import REJECTS, RUNS
from osce_commitments.fields.provisions import PROVISIONS
from osce_commitments.fields.shown import COMMITMENT_COLUMNS, DESCRIBED_COLUMNS, HIT_COLUMNS, INHERITED_COLUMNS

SCHEMA_VERSION = 2
TABLES: dict[str, TableDefinition] = {table.name: table for table in (DOCUMENTS, PROVISIONS, REJECTS, RUNS)}

__all__ = [
    "COMMITMENT_COLUMNS",
    "DESCRIBED_COLUMNS",
    "DOCUMENTS",
    "HIT_COLUMNS",
    "INHERITED_COLUMNS",
    "PROVISIONS",
    "REJECTS",
    "RUNS",
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "ColumnType",
    "FullText",
    "IndexedValue",
    "Indexing",
    "LabelOf",
    "ListOf",
    "MapOf",
    "PerLabel",
    "Shown",
    "SideTable",
    "Struct",
    "TableDefinition",
    "due_days",
    "mask_of",
]
