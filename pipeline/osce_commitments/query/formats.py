"""Rows as CSV, JSON, JSON lines, Parquet or Excel."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from osce_commitments.dataset.export import csv_lines, exported_rows
from osce_commitments.errors import ConfigError
from osce_commitments.query.workbook import write_workbook
from osce_commitments.texts.printable import escaped

if TYPE_CHECKING:
    import pyarrow as pa


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


@dataclass(frozen=True, slots=True)
class RowLayout:
    """What single formats add to the rows.

    Attributes:
        notes: Names and values for a workbook's last sheet.
        links: Address of the page, for the links of a workbook.
        byte_order_mark: Whether CSV begins with a byte order mark. Excel on Windows needs it to read UTF-8.
    """

    notes: Sequence[tuple[str, str]] = ()
    links: str | None = None
    byte_order_mark: bool = False


def write_rows(table: pa.Table, file_format: str, target: BinaryIO, layout: RowLayout | None = None) -> None:
    """Write rows to a binary stream, text in UTF-8.

    Raises:
        ConfigError: If the format is unknown.
    """
    layout = layout or RowLayout()
    row_format = RowFormat.named(file_format)
    if row_format is RowFormat.PARQUET:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            pq.write_table(table, target, compression="zstd")
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
            msg = f"Parquet cannot store a column: {' '.join(str(error).split())[:200]}"
            raise ConfigError(msg, "cast it to another type, or choose another format") from error
        return
    if row_format is RowFormat.XLSX:
        write_workbook(table, target, layout.notes, layout.links)
        return
    if layout.byte_order_mark and row_format is RowFormat.CSV:
        target.write(codecs.BOM_UTF8)
    target.writelines(piece.encode() for piece in _PIECES[row_format](table))


def _json(table: pa.Table) -> Iterator[str]:
    lines = (line.rstrip("\n") for line in _jsonl(table))
    yield "["
    for index, line in enumerate(lines):
        yield f"{',' if index else ''}\n{line}"
    yield "\n]\n" if table.num_rows else "]\n"


def _jsonl(table: pa.Table) -> Iterator[str]:
    for row in exported_rows(table):
        yield escaped(json.dumps(_finite(row), ensure_ascii=False, default=_plain, allow_nan=False)) + "\n"


def _finite(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """The value with null for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    # SQL sums of whole numbers are decimals.
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


_PIECES = {RowFormat.CSV: csv_lines, RowFormat.JSON: _json, RowFormat.JSONL: _jsonl}
