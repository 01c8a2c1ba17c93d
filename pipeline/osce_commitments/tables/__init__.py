"""The tables of the dataset, from the declared columns: Arrow schemas, checks, rows, data dictionary."""

from __future__ import annotations

from osce_commitments.tables.arrow import arrow_type, describe_table, schema, to_table
from osce_commitments.tables.rows import (
    classified_from_row,
    document_row,
    label_row,
    provision_row,
    reject_from_row,
    reject_row,
)

__all__ = [
    "arrow_type", "classified_from_row", "describe_table", "document_row", "label_row", "provision_row", "reject_from_row",
    "reject_row", "schema", "to_table",
]  # fmt: skip
