"""Files that people damaged: one clear line, nothing imported."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from osce_commitments.dataset import Dataset
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.labelling.formats import write_file
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.session import import_file


def cell(row: int, name: str, value: Any) -> Callable[[Any], None]:  # noqa: ANN401 - of any cell
    def change(book: Any) -> None:  # noqa: ANN401 - a workbook
        sheet = book["rows"]
        names = [one.value for one in sheet[1]]
        sheet.cell(row, names.index(name) + 1).value = value

    return change


def both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(book: Any) -> None:  # noqa: ANN401 - a workbook
        for one in changes:
            one(book)

    return change


def header(name: str, new: object) -> Callable[[Any], None]:
    return cell(1, name, new)


def swap_sheet(book: Any) -> None:  # noqa: ANN401 - a workbook
    book["rows"].title = "Sheet1"


def copy_row(book: Any) -> None:  # noqa: ANN401 - a workbook
    sheet = book["rows"]
    sheet.append([one.value for one in sheet[3]])
    cell(3, "strength", "none")(book)
    cell(sheet.max_row, "strength", "urging")(book)


def merge(book: Any) -> None:  # noqa: ANN401 - a workbook
    sheet = book["rows"]
    at = [one.value for one in sheet[1]].index("strength") + 1
    sheet.cell(2, at).value = "none"
    sheet.merge_cells(start_row=2, end_row=4, start_column=at, end_column=at)


def right_of_all(book: Any) -> None:  # noqa: ANN401 - a workbook
    sheet = book["rows"]
    sheet.cell(3, sheet.max_column + 2).value = "urging"


def no_rows(book: Any) -> None:  # noqa: ANN401 - a workbook
    book["rows"].delete_rows(1, 99)


def delete_header(book: Any) -> None:  # noqa: ANN401 - a workbook
    book["rows"].delete_rows(1)


def insert_column(book: Any) -> None:  # noqa: ANN401 - a workbook
    sheet = book["rows"]
    sheet.insert_cols(1)
    sheet.cell(1, 1).value = "strength"


WORKBOOKS: dict[str, tuple[Callable[[Any], None], str]] = {
    "an unknown strength": (cell(3, "strength", "urgent"), "row 3, column strength: unknown label 'urgent', did you mean 'urging'"),
    "a level above the scale": (cell(3, "strength", 7), "row 3, column strength: unknown label '7'"),
    "a level between two": (cell(3, "strength", 3.5), "row 3, column strength: unknown label '3.5'"),
    "a negative level": (cell(3, "strength", -1), "row 3, column strength: unknown label '-1'"),
    "two strengths": (cell(3, "strength", "urging; none"), "row 3, column strength: unknown label 'urging; none'"),
    "an area as strength": (cell(3, "strength", "arms"), "row 3, column strength: unknown label 'arms'"),
    "a date": (cell(3, "strength", dt.datetime(2026, 3, 4)), "row 3, column strength: 2026-03-04 00:00:00 is not a label"),  # noqa: DTZ001
    "a truth value": (cell(3, "strength", value=True), "row 3, column strength: True is not a label"),
    "a formula": (cell(3, "strength", "=A1"), "row 3, column strength: the cell holds a formula"),
    "an error": (cell(3, "area_1", "#REF!"), "row 3, column area_1: the cell holds the error #REF!"),
    "an unknown area": (cell(3, "area_2", "terorism"), "row 3, column area_2: unknown label 'terorism', did you mean 'terrorism'"),
    "an unknown area in the list": (cell(3, "more_areas", "arms; weapons"), "row 3, column more_areas: unknown label 'weapons'"),
    "none and an area": (both(cell(3, "area_1", "none"), cell(3, "area_2", "arms")), "row 3, column area_2: 'arms' is given together with 'none'"),
    "ok and an area": (both(cell(3, "area_1", "ok"), cell(3, "area_2", "arms")), "row 3, column area_2: 'arms' is given together with 'ok'"),
    "an unknown role": (cell(3, "role", "recital"), "row 3, column role: unknown label 'recital'"),
    "an unknown boundary": (cell(3, "boundary", "long"), "row 3, column boundary: unknown label 'long'"),
    "an unknown rule": (cell(3, "rule", "S99"), "row 3, column rule: unknown label 'S99'"),
    "an unknown id": (both(cell(3, "provision", "p1"), cell(3, "key", None), cell(3, "strength", "none")), "row 3, column provision: provision 'p1' is not in the dataset"),
    "no id": (both(cell(3, "provision", None), cell(3, "key", None), cell(3, "strength", "none")), "row 3, column provision: the id is missing"),
    "an id as a number": (both(cell(3, "provision", 12), cell(3, "key", None), cell(3, "strength", "none")), "row 3, column provision: provision '12' is not in the dataset"),
    "edited words": (both(cell(3, "text", "Other words."), cell(3, "strength", "none")), "row 3, column text: these are not the words of the provision"),
    "two answers for one provision": (copy_row, "row 3 has another answer for the same provision"),
    "merged cells": (merge, "row 2, column strength: cells are merged"),
    "a value to the right": (right_of_all, "there is a value to the right of the last column"),
    "another name of the sheet": (swap_sheet, "has no sheet 'rows'; it has: Sheet1, guide, choices"),
    "an empty sheet": (no_rows, "sheet 'rows' is empty"),
    "no head": (delete_header, "row 1: column 'provision' is missing"),
    "a renamed id": (header("provision", "provisions id"), "column 'provision' is missing ('provisions_id' looks like it)"),
    "a misspelt column": (header("addressee", "adressee"), "unknown column 'adressee', did you mean 'addressee'"),
    "no column for strength": (header("strength", None), "column 'strength' is missing"),
    "a column twice": (header("reason", "strength"), "column 'strength' is there twice"),
    "a column inserted": (insert_column, "column 'strength' is there twice"),
    "several wrong cells": (both(cell(3, "strength", "x"), cell(4, "area_1", "y")), "2 wrong cells, and nothing was imported"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sheet(two_documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheet") / "x.xlsx"
    write_file(load_items(Dataset(two_documents)), path, "")
    return path


@pytest.fixture
def book(sheet: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sheet, tmp_path))


def refused(data: Path, path: Path) -> str:
    with pytest.raises(OsceCommitmentsError) as error:
        import_file(Dataset(data), path, "Ada")
    assert Dataset(data).latest_version() == 1
    assert Dataset(data).read("corrections").num_rows == 0
    assert "\n" not in str(error.value)
    return str(error.value)


def test_there_are_enough_ways() -> None:
    assert len(WORKBOOKS) >= 30


@pytest.mark.parametrize(("change", "message"), WORKBOOKS.values(), ids=list(WORKBOOKS))
def test_a_workbook_edited_badly(data: Path, book: Path, change: Callable[[Any], None], message: str) -> None:
    cell(2, "strength", "none")(opened := load_workbook(book))
    change(opened)
    opened.save(book)
    assert message in refused(data, book)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no archive", b"provision,strength,area_1\n"], ids=["empty", "cut", "text"]
)
def test_a_file_that_is_no_workbook(data: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(content)
    assert "is not an Excel workbook" in refused(data, path)


def test_a_workbook_cut_in_half(data: Path, book: Path) -> None:
    book.write_bytes(book.read_bytes()[: book.stat().st_size // 2])
    assert "is not an Excel workbook" in refused(data, book)


def change_part(book: Path, name: str, change: Callable[[str], str]) -> None:
    """Change the text of one part of a workbook."""
    with zipfile.ZipFile(book) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(one, change(content.decode()) if one == name else content)


ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
DOCTYPE = f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<worksheet", f"{DOCTYPE}<worksheet", 1).replace(
            "<sheetData>", "<a>&i;</a><sheetData>"
        ),
        lambda text: text.replace("</row>", "", 1),
    ],
    ids=["entities in entities", "an element that does not end"],
)
def test_a_workbook_with_wrong_xml(data: Path, book: Path, change: Callable[[str], str]) -> None:
    change_part(book, SHEET, change)
    assert "is not an Excel workbook" in refused(data, book)


def test_a_workbook_that_fills_the_memory(data: Path, book: Path) -> None:
    with (
        zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/more.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(b" " * 1_000_000)
    assert "unpacks to 300 MB" in refused(data, book)


def test_a_workbook_with_a_cell_far_away(data: Path, book: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    change_part(book, SHEET, lambda text: text.replace("</sheetData>", far))
    assert "has 1,048,576 rows" in refused(data, book)


HARMLESS: dict[str, Callable[[Any], None]] = {
    "capitals and spaces": both(cell(3, "strength", " URGING "), header("strength", "Strength ")),
    "the level with its name": cell(3, "strength", "3 urging"),
    "a column of their own": lambda book: book["rows"].insert_cols(3),
    "rows sorted and removed": lambda book: book["rows"].delete_rows(4, 2),
    "a word far to the right": lambda book: book["rows"].cell(2, 16_000, "x"),
    "empty rows": lambda book: book["rows"].insert_rows(4, 3),
    "the same row twice": lambda book: book["rows"].append([one.value for one in book["rows"][3]]),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=list(HARMLESS))
def test_a_workbook_edited_without_harm(data: Path, book: Path, change: Callable[[Any], None]) -> None:
    cell(3, "strength", "urging")(opened := load_workbook(book))
    change(opened)
    opened.save(book)
    assert import_file(Dataset(data), book, "Ada").added == 1


CSV = {
    "not UTF-8": (b"provision,strength,area_1\nStra\xdfe,none,\n", "cannot be read"),
    "empty": (b" \n", "is empty"),
    "other columns": (b"a,b\n1,2\n", "column 'provision' is missing"),
    "an open quotation mark": (b'provision,strength,area_1\n"p1,none,\n', "is not a CSV file"),
}


@pytest.mark.parametrize(("content", "message"), CSV.values(), ids=list(CSV))
def test_a_bad_csv_file(data: Path, tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert message in refused(data, path)


def test_a_csv_file_saved_with_semicolons(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_file(load_items(Dataset(data)), path, "")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[2][rows[0].index("strength")] = "none"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    assert import_file(Dataset(data), path, "Ada").added == 1


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "[1]", DEEP], ids=["cut", "an object", "numbers", "deep"])
def test_a_bad_export_of_label_studio(data: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)
    line = refused(data, path)
    assert any(one in line for one in ("not JSON", "holds no list of records", "choose JSON, not JSON-MIN"))


def test_a_bad_export_of_prodigy(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"accept": ["strength:none", "strength:urging"], "answer": "accept"}) + "\n{")
    assert "line 2, column 2: not JSON" in refused(data, path)
    path.write_text(f"{DEEP}\n")
    assert "line 1, column 1: not JSON" in refused(data, path)
    path.write_text(json.dumps({"accept": ["strength:none"], "answer": "accept"}))
    assert "line 1, column provision: the id is missing" in refused(data, path)
