"""An Excel workbook: the rows with drop-down lists, and the guide on a second sheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.errors import InputError
from osce_commitments.fields.column import Place
from osce_commitments.labelling.cells import (
    ANSWER_COLUMNS,
    AREA_COLUMNS,
    AS_MODEL,
    Given,
    WrongCell,
    WrongCellsError,
    guide_lines,
    guide_rules,
)
from osce_commitments.labelling.formats.table import COLUMNS, SHOWN_COLUMNS, rows_of, shown_row
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Boundary, Role
from osce_commitments.query.conditions import NO_AREA

ROWS_SHEET, GUIDE_SHEET, CHOICES_SHEET = "rows", "guide", "choices"
_CHOICES: dict[str, list[str]] = {
    "strength": [AS_MODEL, *STRENGTHS],
    **{name: [AS_MODEL, NO_AREA, *THREAT_AREAS] for name in AREA_COLUMNS[:3]},
    "role": [AS_MODEL, *Role],
    "boundary": list(Boundary),
    "rule": list(guide_rules()),
}
_WIDTHS = {column.name_at(Place.LABELS): column.shown[Place.LABELS].width for column in COLUMNS} | {"reason": 30}
_MOST_MEGABYTES, _MOST_ROWS, _MOST_COLUMNS = 200, 200_000, 200
_WIDTH, _HIDDEN = 14, ("key",)
_HELP = (
    "Fill in the columns with a coloured head; leave a cell empty where you do not know.",
    f"'{AS_MODEL}' says that the label of the program is right, '{NO_AREA}' that there is no threat area.",
    "More than three areas go into more_areas, with semicolons between them.",
    "Do not edit the other columns. Rows may be sorted or removed.",
)


def write_label_workbook(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write a workbook."""
    import xlsxwriter

    # A text that begins with "=" stays a text: documents must not become formulas or links.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    content = io.BytesIO()  # else the library writes a traceback of its own if a disk is full
    with xlsxwriter.Workbook(content, plain) as book:
        sheet = book.add_worksheet(ROWS_SHEET)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        read, filled = (book.add_format({"bold": True, "bg_color": colour}) for colour in ("#E6E9ED", "#FFE9A8"))
        for index, name in enumerate((*SHOWN_COLUMNS, *ANSWER_COLUMNS)):
            hidden = {"hidden": True} if name in _HIDDEN else {}
            sheet.set_column(index, index, _WIDTHS.get(name, _WIDTH), wrapped, hidden)
            sheet.write_string(0, index, name, filled if name in ANSWER_COLUMNS else read)
            if name in _CHOICES and items:
                _limit(sheet, index, len(items), name)
        for number, item in enumerate(items, 1):
            row = shown_row(item)
            for index, name in enumerate(SHOWN_COLUMNS):
                sheet.write(number, index, row[name], wrapped)
        sheet.freeze_panes(1, SHOWN_COLUMNS.index("title"))
        sheet.autofilter(0, 0, len(items), len(SHOWN_COLUMNS) + len(ANSWER_COLUMNS) - 1)
        _write_guide(book)
        choices = book.add_worksheet(CHOICES_SHEET)
        for index, (name, labels) in enumerate(_CHOICES.items()):
            choices.write_column(0, index, [name, *map(str, labels)])
        choices.hide()
    out.write_bytes(content.getbuffer())
    return [out]


def _limit(sheet: Any, column: int, rows: int, name: str) -> None:  # noqa: ANN401 - untyped library
    index = list(_CHOICES).index(name)
    source = f"={CHOICES_SHEET}!${chr(65 + index)}$2:${chr(65 + index)}${len(_CHOICES[name]) + 1}"
    options = {
        "validate": "list",
        "source": source,
        "error_title": "Unknown label",
        "error_message": f"Choose from the list, or see the sheet {GUIDE_SHEET}.",
    }
    sheet.data_validation(1, column, rows, column, options)


def _write_guide(book: Any) -> None:  # noqa: ANN401 - untyped library
    sheet, bold = book.add_worksheet(GUIDE_SHEET), book.add_format({"bold": True})
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 2, 100)
    for number, line in enumerate(_HELP):
        sheet.write_string(number, 0, line)
    start = len(_HELP) + 1
    sheet.write_row(start, 0, ("column", "choice", "meaning"), bold)
    for number, cells in enumerate(guide_lines(), start + 1):
        sheet.write_row(number, 0, cells)


def read_label_workbook(path: Path) -> list[Given]:
    """Read a filled-in workbook.

    Raises:
        InputError: If it is no workbook, the sheet or columns are missing, or a cell holds a formula, an error or a day.
    """
    book = _opened(path)
    sheet = book[ROWS_SHEET] if ROWS_SHEET in book.sheetnames else None
    if sheet is None:
        msg = f"{path} has no sheet {ROWS_SHEET!r}; it has: {', '.join(book.sheetnames)}"
        raise InputError(msg, f"give the sheet with the provisions the name {ROWS_SHEET!r} again")
    if sheet.max_row > _MOST_ROWS:
        msg = f"{path}: sheet {ROWS_SHEET!r} has {sheet.max_row:,} rows, more than {_MOST_ROWS:,}"
        raise InputError(msg, "delete the rows below the last answer")
    # Reading every cell up to one far to the right would take hours.
    lines = list(sheet.iter_rows(max_col=min(sheet.max_column, _MOST_COLUMNS)))
    header = [_text(cell.value) for cell in lines[0]] if lines else []
    while header and not header[-1]:
        header.pop()
    if not header:
        raise InputError(f"{path}: sheet {ROWS_SHEET!r} is empty", "export it again with labels export")
    wrong = [*_merged(sheet, header), *(bad for line in lines[1:] for bad in _unreadable(line, header))]
    if wrong:
        raise WrongCellsError(path.name, wrong)
    return rows_of(path.name, header, [(line[0].row, [_text(cell.value) for cell in line]) for line in lines[1:]])


def _opened(path: Path) -> Any:  # noqa: ANN401 - untyped library
    import warnings
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    # Wrong XML is a SyntaxError, and so is a text that its entities would make too long.
    damage = (
        InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, AttributeError, SyntaxError,
    )  # fmt: skip
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist()) // 1_000_000
        if size > _MOST_MEGABYTES:
            msg = f"{path} unpacks to {size:,} MB, more than {_MOST_MEGABYTES} MB"
            raise InputError(msg, "divide it into smaller files")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions of other programs, which are not needed here
            return load_workbook(path)
    except damage as error:
        raise InputError(f"{path} is not an Excel workbook, or it is damaged", "save it as .xlsx") from error


def _merged(sheet: Any, header: Sequence[str]) -> Iterator[WrongCell]:  # noqa: ANN401 - untyped library
    for merged in sheet.merged_cells.ranges:
        if merged.max_row > 1 and merged.min_col <= len(header):
            yield WrongCell(
                f"row {merged.min_row}", header[merged.min_col - 1], f"cells are merged ({merged.coord}): unmerge them"
            )


def _unreadable(line: Sequence[Any], header: Sequence[str]) -> Iterator[WrongCell]:
    for cell, name in zip(line, header, strict=False):
        if name not in (*ANSWER_COLUMNS, "provision") or cell.value is None:
            continue
        problem = ""
        if cell.data_type == "f":
            problem = "the cell holds a formula: write the label itself"
        elif cell.data_type == "e":
            problem = f"the cell holds the error {cell.value}"
        elif isinstance(cell.value, dt.date | dt.time | bool):
            problem = f"{cell.value} is not a label"
        if problem:
            yield WrongCell(f"row {cell.row}", name, problem)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
