from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, UnavailableError
from osce_commitments.query import Reader, RowLayout, Selection, run_sql, search_notes, write_rows
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


def written(table: pa.Table, file_format: str) -> bytes:
    target = io.BytesIO()
    write_rows(table, file_format, target)
    return target.getvalue()


def searched(dataset: Dataset, text: str = "", limit: int | None = None) -> pa.Table:
    return Reader(dataset.path).search(text, limit=limit).to_arrow()


def test_csv_has_nested_values_as_json(dataset: Dataset) -> None:
    text = written(searched(dataset, "stolen"), "csv").decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert json.loads(row["addressee"]) == ["participating States"]
    assert json.loads(row["heading"]) == ["Borders", "Documents"]
    assert (row["date"], row["needs_review"], row["page"]) == ("2091-11-30", "false", "1")


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "+1+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1"])
def test_a_csv_cell_is_never_a_formula(dataset: Dataset, text: str) -> None:
    table = run_sql(
        dataset, f"SELECT '{text.replace(chr(39), chr(39) * 2)}' AS \"{'=1+1'}\", -2 AS number, 'a=b' AS plain"
    )
    (name, *_), row = csv.reader(io.StringIO(written(table, "csv").decode(), newline=""))
    assert (name, row) == ("'=1+1", [f"'{text}", "-2", "a=b"])
    assert json.loads(written(table, "jsonl"))["=1+1"] == text


def test_a_lone_carriage_return_does_not_end_a_csv_row(dataset: Dataset) -> None:
    table = run_sql(
        dataset, "SELECT 'a' || chr(13) || 'b.pdf' AS name, 'c' AS other UNION ALL SELECT 'd', 'e' ORDER BY 1"
    )
    rows = list(csv.reader(io.StringIO(written(table, "csv").decode(), newline="")))
    assert rows == [["name", "other"], ["a\rb.pdf", "c"], ["d", "e"]]


def test_numbers_that_json_lacks_are_null(dataset: Dataset) -> None:
    table = run_sql(dataset, "SELECT 'nan'::double AS a, 'inf'::double AS b, ['nan'::double, 1] AS c")
    for file_format in ("json", "jsonl"):
        assert '{"a": null, "b": null, "c": [null, 1.0]}' in written(table, file_format).decode()
    assert written(table, "xlsx").startswith(b"PK")


def test_a_type_that_parquet_lacks_is_one_line(dataset: Dataset) -> None:
    table = run_sql(dataset, "SELECT INTERVAL 3 DAY AS pause")
    with pytest.raises(ConfigError, match="Parquet cannot store a column"):
        written(table, "parquet")


def test_columns_of_one_name_are_all_kept(dataset: Dataset) -> None:
    table = run_sql(dataset, "SELECT 1 AS a, 2 AS a, 3 AS a_2")
    assert json.loads(written(table, "jsonl")) == {"a": 1, "a_2": 2, "a_2_2": 3}


def test_a_damaged_table_is_no_mistake_of_the_statement(tmp_path: Path) -> None:
    with Dataset(tmp_path / "data").writer("x") as writer:
        writer.commit(batch(document("a.pdf")))
    for path in (tmp_path / "data" / "provisions").rglob("*.parquet"):
        path.write_bytes(b"")
    for ask in (lambda: run_sql(Dataset(tmp_path / "data"), "FROM provisions"), lambda: Reader(tmp_path / "data")):
        with pytest.raises(UnavailableError, match=r"table .*provisions cannot be read: .*doctor --repair"):
            ask()


def test_json_and_its_lines_hold_the_same(dataset: Dataset) -> None:
    table = searched(dataset)
    whole = json.loads(written(table, "json"))
    lines = [json.loads(line) for line in written(table, "jsonl").decode().splitlines()]
    assert whole == lines
    assert len(whole) == table.num_rows == 6


def test_no_rows(dataset: Dataset) -> None:
    table = searched(dataset, limit=0)
    assert json.loads(written(table, "json")) == []
    assert written(table, "jsonl") == b""
    assert written(table, "csv").decode().splitlines() == [",".join(table.column_names)]


def test_sums_and_maps_are_plain(dataset: Dataset) -> None:
    table = run_sql(dataset, "SELECT sum(strength_level) AS s FROM provisions")
    assert json.loads(written(table, "jsonl")) == {"s": 18}
    table = run_sql(dataset, "SELECT facts_from FROM documents WHERE year = 2095")
    assert json.loads(written(table, "jsonl"))["facts_from"] == {"date": "text", "body": "catalogue"}


def test_parquet_comes_back(dataset: Dataset) -> None:
    import pyarrow.parquet as pq

    table = searched(dataset)
    assert pq.read_table(io.BytesIO(written(table, "parquet"))).equals(table)


def test_a_spreadsheet_has_texts_and_no_formula(dataset: Dataset) -> None:
    import pyarrow as pa

    rows = {"text": ["=1+1", "https://example.org"], "areas": [["arms", "policing"], []], "level": [3, None]}
    (sheet, strings) = sheet_of(written(pa.table(rows), "xlsx"))
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>3</v>" in sheet
    texts = sheet + strings
    assert all(text in texts for text in ("=1+1", "https://example.org", "arms; policing", "level"))
    whole, shared = sheet_of(written(searched(dataset), "xlsx"))
    assert "MC.DEC/90/91, para. 1 (a), p. 1" in whole + shared


def test_a_search_gets_a_sheet_to_read_one_with_everything_and_one_about_it(dataset: Dataset) -> None:
    table = searched(dataset)
    target = io.BytesIO()
    asked = {"area": ("arms",), "commitments": True}
    notes = search_notes("data", Reader(dataset.path).info, Selection("visa*", asked), dt.date(2091, 12, 1))
    write_rows(table, "xlsx", target, RowLayout(notes, "http://127.0.0.1:8321/"))
    with zipfile.ZipFile(target) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        first, last = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 3))
        targets = book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert names == ["Provisions", "All columns", "About"]
    heads = re.findall(r"<t[^>]*>([^<]+)</t>", first)[:10]
    assert heads[:8] == ["Citation", "Date", "Body", "Strength", "Threat areas", "Addressee", "Provision", "Deadline"]
    assert heads[8:] == ["Adopted", "To review"]
    assert targets.count('Target="http://127.0.0.1:8321/provision/p') == table.num_rows
    assert all(text in last for text in ("visa*", "Threat area", "arms", "2091-12-01", "Version", "<t>yes</t>"))


def test_rows_of_sql_get_no_sheet_to_read(dataset: Dataset) -> None:
    with zipfile.ZipFile(io.BytesIO(written(run_sql(dataset, "SELECT 1 AS one"), "xlsx"))) as book:
        assert re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode()) == ["All columns", "About"]


def test_csv_has_a_byte_order_mark_when_asked(dataset: Dataset) -> None:
    plain, marked = io.BytesIO(), io.BytesIO()
    write_rows(searched(dataset), "csv", plain)
    write_rows(searched(dataset), "csv", marked, RowLayout(byte_order_mark=True))
    assert marked.getvalue() == b"\xef\xbb\xbf" + plain.getvalue()


def sheet_of(content: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = book.namelist()
        strings = book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in names else ""
        return book.read("xl/worksheets/sheet1.xml").decode(), strings


def test_an_unknown_format(dataset: Dataset) -> None:
    with pytest.raises(ConfigError, match=r"unknown row format 'xml'\. Choose from: csv, json, jsonl, parquet, xlsx"):
        written(searched(dataset, limit=0), "xml")


class _Full(io.BytesIO):
    """A stream on a full disk."""

    def write(self, _: object) -> int:
        raise OSError(28, "No space left on device")


# Python only reports what a destructor raises.
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_full_disk_is_one_error(dataset: Dataset) -> None:
    table = searched(dataset)
    with pytest.raises(OSError, match="No space left"):
        write_rows(table, "xlsx", _Full())
    gc.collect()
