from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.dataset import ExportFormat, export_version
from osce_commitments.dataset import export as folders
from osce_commitments.dataset.export import TABLE_FORMATS
from osce_commitments.errors import DatasetError
from osce_commitments.extra.akn import export
from osce_commitments.fields import TABLES
from tests.support.makers import LINES, batch, document, reject

if TYPE_CHECKING:
    from collections.abc import Callable
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


def two_versions(dataset: Dataset) -> None:
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf"), rejects=[reject("bad.pdf")]))
        writer.publish()
        writer.commit(batch(document("u.pdf", ['Tasks "B", \nand C.'], date=None)))


@pytest.fixture
def filled(copied: Callable[..., Dataset], tmp_path: Path) -> Dataset:
    return copied(two_versions, tmp_path)


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetFile(path).read().to_pylist()
    with path.open(encoding="utf-8", newline="") as stream:
        if path.suffix == ".csv":
            return list(csv.DictReader(stream))
        return [json.loads(line) for line in stream]


@pytest.mark.parametrize("file_format", TABLE_FORMATS)
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
    manifests = [(export(filled, 2, file_format, tmp_path / "out") / "manifest.json").read_bytes() for _ in range(2)]
    assert manifests[0] == manifests[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


def test_what_is_no_export_is_left_alone(filled: Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    for target in (tmp_path / "mine", tmp_path / "mine" / "letter.txt"):
        with pytest.raises(DatasetError, match="exists and is not an earlier export"):
            export_version(filled, None, "csv", target)
    (tmp_path / "empty").mkdir()
    assert export_version(filled, None, "csv", tmp_path / "empty")


@pytest.mark.parametrize(
    "manifest",
    ["{}", "[]", "", "no JSON", '{"dataset_version": 1}', '{"dataset_version": 1, "files": ["provisions.csv"]}'],
)
def test_a_manifest_of_another_program_makes_no_export(filled: Dataset, tmp_path: Path, manifest: str) -> None:
    out = tmp_path / "web"
    (out / "src").mkdir(parents=True)
    (out / ".git").mkdir()
    (out / "manifest.json").write_text(manifest)
    (out / "src" / "thesis.docx").write_text("x")
    before = sorted(out.rglob("*"))
    with pytest.raises(DatasetError, match=r"web exists and is not an earlier export\. Give --out a new folder"):
        export_version(filled, None, "csv", out)
    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize("name", ["notes.txt", ".git", "folder/", "provisions.parquet", "provisions.csv/"])
def test_what_somebody_laid_into_an_export_is_kept(filled: Dataset, tmp_path: Path, name: str) -> None:
    out = export_version(filled, None, "csv", tmp_path / "out")
    if name == "provisions.csv/":
        (out / name).unlink()
    if name.endswith("/"):
        (out / name).mkdir()
    else:
        (out / name).write_text("mine")
    before = {path: path.is_file() and path.read_bytes() for path in out.rglob("*")}
    with pytest.raises(DatasetError, match=rf"{name.strip('/')} is not part of the earlier export\. Move it") as caught:
        export_version(filled, None, "jsonl", out)
    assert "\n" not in str(caught.value)
    assert {path: path.is_file() and path.read_bytes() for path in out.rglob("*")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


def test_a_manifest_that_names_files_elsewhere_makes_no_export(filled: Dataset, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    out = export_version(filled, None, "csv", tmp_path / "out")
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"]["../letter.txt"] = manifest["files"]["provisions.csv"]
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DatasetError, match="is not an earlier export"):
        export_version(filled, None, "csv", out)
    assert (tmp_path / "letter.txt").exists()


def test_what_appears_while_an_export_is_written_is_kept(
    filled: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = export_version(filled, 1, "csv", tmp_path / "out")
    module = sys.modules[export_version.__module__]
    dictionary = module._dictionary

    def slow(*arguments: object) -> object:
        (out / "notes.txt").write_text("mine")
        return dictionary(*arguments)

    monkeypatch.setattr(module, "_dictionary", slow)
    with pytest.raises(DatasetError, match=r"notes\.txt is not part of the earlier export"):
        export_version(filled, 2, "csv", out)
    assert (out / "notes.txt").read_text() == "mine"
    assert json.loads((out / "manifest.json").read_text())["dataset_version"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_takes_the_place_of_the_folder_loses_nothing(
    filled: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, out = tmp_path / "own", tmp_path / "out"
    for folder in (own, out):
        export_version(filled, None, "csv", folder)
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    swap = folders._swap

    def late(temporary: Path, target: Path, names: frozenset[str]) -> None:
        target.rename(tmp_path / "moved")
        target.symlink_to(own)
        swap(temporary, target, names)

    monkeypatch.setattr(folders, "_swap", late)
    export_version(filled, None, "csv", out)
    assert {path.name: path.read_bytes() for path in own.iterdir()} == before


def test_a_link_to_an_earlier_export_is_kept(filled: Dataset, tmp_path: Path) -> None:
    export_version(filled, 1, "csv", tmp_path / "real")
    link = tmp_path / "link"
    link.symlink_to("real")
    assert export_version(filled, 2, "csv", link) == link
    assert link.is_symlink()
    assert json.loads((tmp_path / "real" / "manifest.json").read_text())["dataset_version"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "link", "real"]


def test_a_link_that_leads_to_itself_is_one_line(filled: Dataset, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DatasetError, match="exists and is not an earlier export"):
        export_version(filled, None, "csv", tmp_path / "loop")


KILLED = """
import os, sys
from pathlib import Path
from osce_commitments.dataset import export as folders

step, out = int(sys.argv[1]), Path(sys.argv[2])
count = 0

def watched(function):
    def call(*arguments, **choices):
        global count
        if count == step:
            os._exit(9)
        count += 1
        return function(*arguments, **choices)
    return call

for name in ("mkdir", "rename", "rmdir", "write_text"):
    setattr(Path, name, watched(getattr(Path, name)))
os.unlink = watched(os.unlink)
with folders.replacing(out, frozenset({"provisions.csv", "manifest.json"})) as folder:
    (folder / "provisions.csv").write_text("new")
    (folder / "manifest.json").write_text(sys.argv[3])
"""


def test_a_killed_export_loses_nothing_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    out, names, step = tmp_path / "exports" / "out", frozenset({"provisions.csv", "manifest.json"}), -1
    described = {"provisions.csv": {"sha256": hashlib.sha256(b"new").hexdigest()}}
    manifest = json.dumps({"dataset_version": 2, "files": described})
    done = None
    while done is None or done.returncode == 9:
        step += 1
        with folders.replacing(out, names) as folder:
            (folder / "provisions.csv").write_text("old")
            described["provisions.csv"]["sha256"] = hashlib.sha256(b"old").hexdigest()
            (folder / "manifest.json").write_text(json.dumps({"dataset_version": 1, "files": described}))
        assert [path.name for path in out.parent.iterdir()] == ["out"]
        arguments = [str(step), str(out), manifest]
        done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True, text=True)
        assert done.stderr == ""
        assert any(map(is_whole, out.parent.iterdir()))
    assert (done.returncode, step) == (0, 8)


def is_whole(folder: Path) -> bool:
    if not (folder / "manifest.json").exists():
        return False
    files = json.loads((folder / "manifest.json").read_text())["files"]
    return all(
        (folder / name).exists() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == described["sha256"]
        for name, described in files.items()
    )


def test_an_export_whose_renames_were_cut_off_is_put_back_when_the_next_one_fails(
    filled: Dataset, tmp_path: Path
) -> None:
    out = export_version(filled, 1, "csv", tmp_path / "out")
    out.rename(tmp_path / ".out.01234567.old")
    for path in (filled.path / "provisions").rglob("*.parquet"):
        path.unlink()
    with pytest.raises(DatasetError, match="cannot be read"):
        export_version(filled, 2, "csv", out)
    assert is_whole(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


@pytest.mark.parametrize("name", [".out.01234567", ".out.01234567.old", ".out.mine", ".other.01234567"])
def test_hidden_folders_of_others_are_left_alone(filled: Dataset, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "letter.txt").write_text("x")
    (tmp_path / name / "provisions.csv").write_text("x")
    export_version(filled, None, "csv", tmp_path / "out")
    export_version(filled, None, "csv", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / name).iterdir()) == ["letter.txt", "provisions.csv"]


def test_an_export_that_still_runs_is_left_alone(filled: Dataset, tmp_path: Path) -> None:
    with folders.replacing(tmp_path / "out", frozenset({"provisions.csv"})) as temporary:
        (temporary / "provisions.csv").write_text("x")
        export_version(filled, None, "csv", tmp_path / "out")
        assert [path.name for path in temporary.iterdir()] == ["provisions.csv"]


def test_a_failed_export_leaves_nothing(filled: Dataset, tmp_path: Path) -> None:
    for path in (filled.path / "provisions").rglob("*.parquet"):
        path.unlink()
    with pytest.raises(DatasetError, match="cannot be read"):
        export_version(filled, None, "csv", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_unknown_format_or_version(filled: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"unknown export format 'xml'\. Choose from: parquet, csv, jsonl"):
        export_version(filled, None, "xml", tmp_path / "out")
    with pytest.raises(DatasetError, match="there is no version 9"):
        export_version(filled, 9, "csv", tmp_path / "out")
