"""CSV: one row per provision, with empty columns for the answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from osce_commitments.errors import InputError
from osce_commitments.fields import columns_at
from osce_commitments.fields.column import At, Column, Place
from osce_commitments.files import read_regular_bytes
from osce_commitments.labelling.cells import ANSWER_COLUMNS, AREA_COLUMNS, Given, WrongCell, WrongCellsError
from osce_commitments.labelling.items import LabelItem
from osce_commitments.phrases import did_you_mean, similar
from osce_commitments.schema import Row

# Columns that only a label sheet has.
ITEM_COLUMNS = tuple(
    Column(name, "string", description, shown={Place.LABELS: At(left, width=width)})
    for name, description, left, width in (
        ("before", "text of the provision before it", "heading", 30),
        ("after", "text of the provision after it", "text", 30),
        ("reasons", "words and rules that explain the labels", "area_probabilities", 40),
        ("answers", "answers of persons who differ", "reasons", 14),
    )
)
COLUMNS = columns_at(Place.LABELS, ITEM_COLUMNS)
SHOWN_COLUMNS = tuple(column.name_at(Place.LABELS) for column in COLUMNS)
# A column with one of these names would start a formula in a spreadsheet; an apostrophe keeps it a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Excel saves CSV with semicolons where the comma divides decimals.
_DELIMITERS = ",;\t"


def shown_row(item: LabelItem) -> Row:
    """The columns that a person reads."""
    of_item = {column.name: getattr(item, column.name) for column in ITEM_COLUMNS}
    row = item.row | of_item | {name: item.document[name] for name in ("symbol", "source")}
    values = {column.name_at(Place.LABELS): column.cell_at(Place.LABELS, row) for column in COLUMNS}
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in values.items()}


def write_csv(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write a CSV file; UTF-8 with a mark, so that Excel reads it as such."""
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n", delimiter="\t" if out.suffix.lower() == ".tsv" else ",")
        writer.writerow((*SHOWN_COLUMNS, *ANSWER_COLUMNS))
        for item in items:
            row = shown_row(item)
            cells = [row[name] for name in SHOWN_COLUMNS]
            safe = [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells]
            writer.writerow([*safe, *("" for _ in ANSWER_COLUMNS)])
    return [out]


def read_csv(path: Path) -> list[Given]:
    """Read a filled-in CSV file.

    Raises:
        InputError: If it is empty, or columns are missing, unknown or twice there.
    """
    text = read_regular_bytes(path).decode("utf-8-sig")
    if not text.strip():
        raise InputError(f"{path} is empty", "export it again with labels export")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(f"{path} is not a CSV file: {error}", "save it as CSV in UTF-8") from error
    return rows_of(path.name, lines[0], list(enumerate(lines[1:], 2)))


def rows_of(name: str, header: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]]) -> list[Given]:
    """The rows of a table; ``lines`` has the number and the cells of each row below the header.

    Raises:
        InputError: If columns are missing, unknown or twice there, or a row has cells to the right of the last column.
    """
    names = [_name(cell) for cell in header]
    _check_header(name, names)
    found, wrong = [], []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            wrong.append(
                WrongCell(f"row {number}", str(len(names) + 1), "there is a value to the right of the last column")
            )
        row = dict(zip(names, cells, strict=False))
        answers = {column: row.get(column, "") for column in ANSWER_COLUMNS}
        text = row.get("text", "")
        is_escaped = text.startswith("'") and text[1:].startswith(_FORMULA)
        found.append(
            Given(
                f"row {number}",
                row.get("provision", "").strip(),
                row.get("key", "").strip(),
                answers,
                text=text[1:] if is_escaped else text,
            )
        )
    if wrong:
        raise WrongCellsError(name, wrong)
    return found


def _name(cell: str) -> str:
    return "_".join(cell.strip().casefold().replace("-", " ").replace("_", " ").split())


def _check_header(name: str, names: Sequence[str]) -> None:
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise InputError(f"{name}, row 1: column {twice!r} is there twice", "keep one of them")
    if missing := [column for column in ("provision", "strength", *AREA_COLUMNS[:1]) if column not in names]:
        near = similar(missing[0], names)
        hint = f" ({near[0]!r} looks like it)" if near else ""
        msg = f"{name}, row 1: column {missing[0]!r} is missing{hint}"
        raise InputError(msg, "keep the first row as labels export has written it")
    known = {*SHOWN_COLUMNS, *ANSWER_COLUMNS}
    for one in names:
        near = similar(one, ANSWER_COLUMNS, least=0.8) if one not in known else []
        if near and near[0] not in names:
            msg = f"{name}, row 1: unknown column {one!r}, {did_you_mean(near)}"
            raise InputError(msg, "keep the first row as labels export has written it")
