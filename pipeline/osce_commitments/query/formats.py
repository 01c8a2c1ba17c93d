"""Rows as CSV, JSON, JSON lines, Parquet or Excel."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from osce_commitments.dataset.export import cell, exported_rows
from osce_commitments.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

_CELL_CHARACTERS, _CELL_WIDTH = 32_767, 18


class RowFormat(StrEnum):
    """Formats of rows."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"

    @classmethod
    def named(cls, name: str) -> RowFormat:
        """The format with a name.

        Raises:
            ConfigError: If the format is unknown; the message lists the known ones.
        """
        if name not in list(cls):
            msg = f"unknown row format {name!r}"
            raise ConfigError(msg, f"choose from: {', '.join(cls)}")
        return cls(name)


def write_rows(table: pa.Table, file_format: str, target: BinaryIO) -> None:
    """Write rows to a binary stream, text in UTF-8.

    Raises:
        ConfigError: If the format is unknown.
    """
    row_format = RowFormat.named(file_format)
    if row_format is RowFormat.PARQUET:
        import pyarrow.parquet as pq

        pq.write_table(table, target, compression="zstd")
        return
    if row_format is RowFormat.XLSX:
        _xlsx(table, target)
        return
    target.writelines(piece.encode() for piece in _PIECES[row_format](table))


def _xlsx(table: pa.Table, target: BinaryIO) -> None:
    import xlsxwriter

    # A text that begins with "=" stays a text: documents must not become formulas or links.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # In constant memory, rows go through a temporary file.
    book = xlsxwriter.Workbook(target, options | {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("rows")
    sheet.set_column(0, max(table.num_columns - 1, 0), _CELL_WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.column_names, book.add_format({"bold": True}))
    for number, row in enumerate(exported_rows(table), 1):
        for column, value in enumerate(row.values()):
            _write_cell(sheet, number, column, value)
    sheet.autofilter(0, 0, table.num_rows, max(table.num_columns - 1, 0))
    book.close()


def _write_cell(sheet: Any, number: int, column: int, value: object) -> None:  # noqa: ANN401 - untyped library
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = "; ".join(value)
    elif isinstance(value, Decimal):
        value = _plain(value)
    elif isinstance(value, dt.datetime):
        value = value.isoformat()
    if isinstance(value, str | list | dict):
        # Excel allows no longer cells.
        sheet.write_string(number, column, str(cell(value))[:_CELL_CHARACTERS])
    elif value is not None:
        sheet.write(number, column, value)


def _csv(table: pa.Table) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.column_names)
    yield buffer.getvalue()
    for row in exported_rows(table):
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
    for row in exported_rows(table):
        yield json.dumps(row, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    # SQL sums of whole numbers are decimals.
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


_PIECES = {RowFormat.CSV: _csv, RowFormat.JSON: _json, RowFormat.JSONL: _jsonl}
