"""The tables of the dataset: one definition per column yields the Arrow schema, its descriptions and the checks."""

from __future__ import annotations

from osce_commitments.tables.arrow import schema, to_table
from osce_commitments.tables.columns import (
    DOCUMENTS,
    PROVISIONS,
    REJECTS,
    RUNS,
    SCHEMA_VERSION,
    TABLES,
    Column,
    TableDefinition,
)
from osce_commitments.tables.rows import (
    classified_from_row,
    document_row,
    label_row,
    provision_row,
    reject_from_row,
    reject_row,
)

__all__ = [
    "DOCUMENTS",
    "PROVISIONS",
    "REJECTS",
    "RUNS",
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "TableDefinition",
    "classified_from_row",
    "document_row",
    "label_row",
    "provision_row",
    "reject_from_row",
    "reject_row",
    "schema",
    "to_table",
]
