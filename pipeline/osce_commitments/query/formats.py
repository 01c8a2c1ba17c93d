"""Rows as CSV, JSON, JSON lines, Parquet or Excel.

A workbook has a sheet to read, a sheet with every column, and a sheet on where the rows come from.
"""

from __future__ import annotations

import codecs
import datetime as dt
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from osce_commitments._version import __version__
from osce_commitments.dataset.export import cell, csv_lines, exported_rows
from osce_commitments.dataset.versions import VersionInfo
from osce_commitments.errors import ConfigError
from osce_commitments.fields import columns_at
from osce_commitments.fields.column import At, Column, Place
from osce_commitments.query.conditions import BY_NAME
from osce_commitments.query.selection import Selection
from osce_commitments.texts.printable import escaped

if TYPE_CHECKING:
    import pyarrow as pa


_CELL_CHARACTERS = 32_767  # Excel allows no longer cells.
_RAW_WIDTH = 18
# A text that begins with "=" stays a text: documents must not become formulas or links.
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True, "constant_memory": True, "default_date_format": "yyyy-mm-dd",
}  # fmt: skip
_NOTE = Column("note", "string", "a person's note", shown={Place.SHEET: At("needs_review", heading="Note", width=40)})
_COLUMNS = columns_at(Place.SHEET)
_NEEDED = {column.name for column in _COLUMNS} | {"year", "link"}


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
    """Additions of single formats to the rows.

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
        _write_workbook(table, target, layout)
        return
    if layout.byte_order_mark and row_format is RowFormat.CSV:
        target.write(codecs.BOM_UTF8)
    target.writelines(piece.encode() for piece in _PIECES[row_format](table))


def _json(table: pa.Table) -> Iterator[str]:
    yield "["
    for index, line in enumerate(_jsonl(table)):
        yield f"{',' if index else ''}\n{line.rstrip()}"
    yield "\n]\n" if table.num_rows else "]\n"


def _jsonl(table: pa.Table) -> Iterator[str]:
    for row in exported_rows(table):
        yield escaped(json.dumps(_finite(row), ensure_ascii=False, default=_plain, allow_nan=False)) + "\n"


def _finite(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """The value with null for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return list(map(_finite, value))
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    # SQL sums of whole numbers are decimals.
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


_PIECES = {RowFormat.CSV: csv_lines, RowFormat.JSON: _json, RowFormat.JSONL: _jsonl}


def _write_workbook(table: pa.Table, target: BinaryIO, layout: RowLayout) -> None:
    """Write rows as a workbook; only the rows of a search get a sheet to read."""
    import xlsxwriter

    # The library writes a traceback of its own if a disk is full: it gets memory, which a packed workbook fits into. The
    # rows of a sheet go through a temporary file, in their order.
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, dict(_OPTIONS))
    if set(table.column_names) >= _NEEDED:
        _read_sheet(book, table, layout.links)
    sheet = book.add_worksheet("All columns")
    last = max(table.num_columns - 1, 0)
    sheet.set_column(0, last, _RAW_WIDTH)
    _head(book, sheet, table.column_names)
    for number, row in enumerate(exported_rows(table), 1):
        for place, value in enumerate(row.values()):
            _write_raw(sheet, number, place, value)
    sheet.autofilter(0, 0, table.num_rows, last)
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    bold, wrapped = ({"bold": True, "valign": "top"}, {"text_wrap": True, "valign": "top"})
    looks = book.add_format(bold), book.add_format(wrapped)
    written_by = f"osce-commitments {__version__}"
    for number, note in enumerate((*layout.notes, ("Rows", f"{table.num_rows:,}"), ("Written by", written_by))):
        for place, (text, look) in enumerate(zip(note, looks, strict=True)):
            sheet.write_string(number, place, text, look)
    book.close()
    target.write(content.getbuffer())


def search_notes(folder: str, info: VersionInfo, selection: Selection, written: dt.date) -> list[tuple[str, str]]:
    """The words and conditions of a search, and the version and dataset that it read, for the last sheet."""
    notes = [("Words", selection.text.strip())] if selection.text.strip() else []
    for name, value in selection.conditions.items():
        words = ("yes" if value else "no") if isinstance(value, bool) else value
        words = words if isinstance(words, str) else ", ".join(map(str, words))
        notes.append((BY_NAME[name].label.capitalize(), words))
    version = f"{info.version} of {info.created_at:%Y-%m-%d}"
    return [
        *(notes or [("Search", "every provision")]),
        ("Dataset", folder),
        ("Version", version),
        ("Date", f"{written}"),
    ]


def _read_sheet(book: Any, table: pa.Table, links: str | None) -> None:  # noqa: ANN401 - untyped library
    sheet = book.add_worksheet("Provisions")
    top = book.add_format({"valign": "top", "text_wrap": True})
    day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
    link = book.add_format({"valign": "top", "text_wrap": True, "font_color": "#0b5394", "underline": 1})
    columns = (*_COLUMNS, _NOTE) if "note" in table.column_names else _COLUMNS
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.shown[Place.SHEET].width)
    _head(book, sheet, [column.heading_at(Place.SHEET) for column in columns])
    for number, row in enumerate(exported_rows(table), 1):
        for place, column in enumerate(columns):
            value = column.cell_at(Place.SHEET, row)
            if column.name == "citation" and links:
                # At 65,530 links Excel's own limit is reached: the library then writes the text without its link.
                sheet.write_url(number, place, links.rstrip("/") + row["link"], link, str(value))
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, place, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value, day)
            else:
                sheet.write_string(number, place, str(value or "")[:_CELL_CHARACTERS], top)
    sheet.autofilter(0, 0, table.num_rows, len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _head(book: Any, sheet: Any, names: Sequence[str]) -> None:  # noqa: ANN401 - untyped library
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, names, book.add_format({"bold": True, "bottom": 1}))


def _write_raw(sheet: Any, number: int, column: int, value: object) -> None:  # noqa: ANN401 - untyped library
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "; ".join(value)
    elif isinstance(value, Decimal):
        value = _plain(value)
    elif isinstance(value, dt.datetime):
        value = value.isoformat()
    if isinstance(value, str | list | dict):
        sheet.write_string(number, column, str(cell(value))[:_CELL_CHARACTERS])
    elif value is not None:
        sheet.write(number, column, value)
