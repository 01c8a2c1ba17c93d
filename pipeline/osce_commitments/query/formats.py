"""Rows as CSV, JSON, JSON lines or Parquet."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

from osce_commitments.dataset.export import cell, rows
from osce_commitments.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa


class RowFormat(StrEnum):
    """Formats of printed rows."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"

    @classmethod
    def named(cls, name: str) -> RowFormat:
        """The format with a name.

        Raises:
            ConfigError: If there is none; the message lists those that exist.
        """
        if name not in list(cls):
            msg = f"there is no row format {name!r}"
            raise ConfigError(msg, f"choose from: {', '.join(cls)}")
        return cls(name)


def write_rows(table: pa.Table, file_format: str, target: BinaryIO) -> None:
    """Write rows to a binary stream, text in UTF-8.

    Raises:
        ConfigError: If there is no such format.
    """
    row_format = RowFormat.named(file_format)
    if row_format is RowFormat.PARQUET:
        import pyarrow.parquet as pq

        pq.write_table(table, target, compression="zstd")
        return
    target.writelines(piece.encode() for piece in _PIECES[row_format](table))


def _csv(table: pa.Table) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.column_names)
    yield buffer.getvalue()
    for row in rows(table):
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(cell(value) for value in row.values())
        yield buffer.getvalue()


def _json(table: pa.Table) -> Iterator[str]:
    lines = (line.rstrip("\n") for line in _jsonl(table))
    yield "["
    for index, line in enumerate(lines):
        yield f"{',' if index else ''}\n{line}"
    yield "\n]\n" if table.num_rows else "]\n"


def _jsonl(table: pa.Table) -> Iterator[str]:
    for row in rows(table):
        yield json.dumps(row, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    # SQL sums of whole numbers are decimals.
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


_PIECES = {RowFormat.CSV: _csv, RowFormat.JSON: _json, RowFormat.JSONL: _jsonl}
