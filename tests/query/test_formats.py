from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from osce_commitments.errors import ConfigError
from osce_commitments.query import Filters, run_sql, select, write_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from osce_commitments.dataset import Dataset


def written(table: pa.Table, file_format: str) -> bytes:
    target = io.BytesIO()
    write_rows(table, file_format, target)
    return target.getvalue()


def test_csv_has_nested_values_as_json(dataset: Dataset) -> None:
    text = written(select(dataset, Filters.parse(text="stolen")), "csv").decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert json.loads(row["addressee"]) == ["participating States"]
    assert json.loads(row["heading"]) == ["Borders", "Documents"]
    assert (row["date"], row["needs_review"], row["page"]) == ("2091-11-30", "false", "1")


def test_json_and_its_lines_hold_the_same(dataset: Dataset) -> None:
    table = select(dataset, Filters())
    whole = json.loads(written(table, "json"))
    lines = [json.loads(line) for line in written(table, "jsonl").decode().splitlines()]
    assert whole == lines
    assert len(whole) == table.num_rows == 6


def test_no_rows(dataset: Dataset) -> None:
    table = select(dataset, Filters(), limit=0)
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

    table = select(dataset, Filters())
    assert pq.read_table(io.BytesIO(written(table, "parquet"))).equals(table)


def test_an_unknown_format(dataset: Dataset) -> None:
    with pytest.raises(ConfigError, match=r"no row format 'xml'\. choose from: csv, json, jsonl, parquet"):
        written(select(dataset, Filters(), limit=0), "xml")
