"""Rows as an Excel workbook: a sheet to read, a sheet with every column, a sheet on where the rows come from."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from osce_commitments._version import __version__
from osce_commitments.dataset.export import cell, exported_rows
from osce_commitments.dataset.versions import VersionInfo
from osce_commitments.fields import columns_at
from osce_commitments.fields.column import At, Column, Place
from osce_commitments.query.conditions import BY_NAME
from osce_commitments.query.selection import Selection

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


def write_workbook(
    table: pa.Table, target: BinaryIO, notes: Sequence[tuple[str, str]] = (), links: str | None = None
) -> None:
    """Write rows as a workbook.

    The rows of a search get a sheet to read; other rows only the sheet with every column. The notes are names and values of the
    last sheet; ``links`` is the address of the page that citations link to.
    """
    import xlsxwriter

    # The library writes a traceback of its own if a disk is full: it gets memory, which a packed workbook fits into. The
    # rows of a sheet go through a temporary file, in their order.
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, dict(_OPTIONS))
    if set(table.column_names) >= _NEEDED:
        _read_sheet(book, table, links)
    sheet = book.add_worksheet("All columns")
    last = max(table.num_columns - 1, 0)
    sheet.set_column(0, last, _RAW_WIDTH)
    _head(book, sheet, table.column_names)
    for number, row in enumerate(exported_rows(table), 1):
        for place, value in enumerate(row.values()):
            _write_raw(sheet, number, place, value)
    sheet.autofilter(0, 0, table.num_rows, last)
    _notes_sheet(book, (*notes, ("Rows", f"{table.num_rows:,}"), ("Written by", f"osce-commitments {__version__}")))
    book.close()
    target.write(content.getbuffer())


def search_notes(folder: str, info: VersionInfo, selection: Selection, written: dt.date) -> list[tuple[str, str]]:
    """What a search asked, and of which version of which dataset, for the last sheet."""
    asked = [("Words", selection.text.strip())] if selection.text.strip() else []
    for name, value in selection.conditions.items():
        words = ("yes" if value else "no") if isinstance(value, bool) else value
        asked.append(
            (BY_NAME[name].label.capitalize(), words if isinstance(words, str) else ", ".join(map(str, words)))
        )
    version = f"{info.version} of {info.created_at:%Y-%m-%d}"
    return [
        *(asked or [("Search", "every provision")]),
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
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = "; ".join(value)
    elif isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    elif isinstance(value, dt.datetime):
        value = value.isoformat()
    if isinstance(value, str | list | dict):
        sheet.write_string(number, column, str(cell(value))[:_CELL_CHARACTERS])
    elif value is not None:
        sheet.write(number, column, value)


def _notes_sheet(book: Any, notes: Sequence[tuple[str, str]]) -> None:  # noqa: ANN401 - untyped library
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    name, value = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    for number, (what, text) in enumerate(notes):
        sheet.write_string(number, 0, what, name)
        sheet.write_string(number, 1, text, value)
