from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from makers import LINES, batch, document, reject

from osce_commitments.dataset import ExportFormat, export_version
from osce_commitments.errors import DatasetError
from osce_commitments.fields import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.dataset import Dataset

WANTED = [
    "id",
    "document",
    "title",
    "role",
    "heading",
    "lead_in",
    "number",
    "text",
    "tail",
    "reading",
    "note_mark",
    "note_of",
    "delegation",
    "about",
    "start",
    "end",
    "page",
    "strength",
    "threat_areas",
    "addressee",
    "qualifiers",
]


@pytest.fixture
def filled(dataset: Dataset) -> Dataset:
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf"), rejects=[reject("bad.pdf")]))
        writer.commit(batch(document("u.pdf", ['Tasks "B", \nand C.'], date=None)))
    return dataset


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetFile(path).read().to_pylist()
    with path.open(encoding="utf-8", newline="") as stream:
        if path.suffix == ".csv":
            return list(csv.DictReader(stream))
        return [json.loads(line) for line in stream]


@pytest.mark.parametrize("file_format", ExportFormat)
def test_every_table_is_written(filled: Dataset, tmp_path: Path, file_format: str) -> None:
    out = export_version(filled, None, file_format, tmp_path / "new" / "out")
    files = {path.name for path in out.iterdir()}
    assert files == {*(f"{name}.{file_format}" for name in TABLES), "DATA_DICTIONARY.md", "manifest.json"}
    rows = read(out / f"provisions.{file_format}")
    assert len(rows) == 4
    assert set(WANTED) <= rows[0].keys()
    assert {row["heading"] for row in rows} == {"Borders > Documents"}
    assert [row["text"] for row in rows if row["year"]] == list(LINES)
    assert {row["text"] for row in rows if not row["year"]} == {'Tasks "B", \nand C.'}
    areas = rows[0]["threat_areas"]
    assert (json.loads(areas) if file_format == "csv" else areas) == ["border_security"]
    assert len(read(out / f"rejects.{file_format}")) == 1


def test_the_manifest_has_the_hash_of_every_file(filled: Dataset, tmp_path: Path) -> None:
    out = export_version(filled, 1, "jsonl", tmp_path / "out")
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["dataset_version"], manifest["run_id"], manifest["format"]) == (1, "run1", "jsonl")
    assert manifest["files"]["provisions.jsonl"]["rows"] == 3
    for name, described in manifest["files"].items():
        content = (out / name).read_bytes()
        assert described["sha256"] == hashlib.sha256(content).hexdigest()
        assert described["bytes"] == len(content)


def test_the_dictionary_names_every_column_and_label(filled: Dataset, tmp_path: Path) -> None:
    text = (export_version(filled, None, "csv", tmp_path / "out") / "DATA_DICTIONARY.md").read_text()
    for table in TABLES.values():
        assert f"## {table.name}.csv" in text
        assert all(f"| {column.name} | " in text for column in table.columns)
    assert "| heading | string | no | headings above it, outermost first, joined by ' > ' |" in text
    assert "- `urging`: " in text
    assert "- `border_security`: " in text


@pytest.mark.parametrize("file_format", ExportFormat)
def test_the_same_version_gives_the_same_bytes_in_place_of_the_earlier_export(
    filled: Dataset, tmp_path: Path, file_format: str
) -> None:
    manifests = [
        (export_version(filled, 2, file_format, tmp_path / "out") / "manifest.json").read_bytes() for _ in range(2)
    ]
    assert manifests[0] == manifests[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


def test_what_is_no_export_is_left_alone(filled: Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    for target in (tmp_path / "mine", tmp_path / "mine" / "letter.txt"):
        with pytest.raises(DatasetError, match="exists and is no earlier export"):
            export_version(filled, None, "csv", target)
    (tmp_path / "empty").mkdir()
    assert export_version(filled, None, "csv", tmp_path / "empty")


def test_a_failed_export_leaves_nothing(filled: Dataset, tmp_path: Path) -> None:
    for path in (filled.path / "provisions").rglob("*.parquet"):
        path.unlink()
    with pytest.raises(DatasetError, match="cannot be read"):
        export_version(filled, None, "csv", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_unknown_format_or_version(filled: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no export format 'xml'\. choose from: parquet, csv, jsonl"):
        export_version(filled, None, "xml", tmp_path / "out")
    with pytest.raises(DatasetError, match="there is no version 9"):
        export_version(filled, 9, "csv", tmp_path / "out")
