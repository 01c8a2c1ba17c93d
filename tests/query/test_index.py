"""The index: made once, whole or not at all, wherever it can be written."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError
from osce_commitments.query.search import index

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(dataset.path, copy, ignore=shutil.ignore_patterns(index.INDEX_FOLDER))
    monkeypatch.setenv("OSCE_COMMITMENTS_CACHE", str(tmp_path / "cache"))
    return copy


def test_it_is_made_once_and_forgets_what_is_old(data: Path) -> None:
    osce_commitments.open(data)
    (path,) = (data / index.INDEX_FOLDER).glob("*.sqlite3")
    made = path.stat().st_ino
    osce_commitments.open(data)
    osce_commitments.open(data, 1)
    assert path.stat().st_ino == made
    for number in range(5):
        old = path.with_name(f"00000{number}-old.sqlite3")
        old.touch()
        os.utime(old, (number, number))
    path.unlink()
    osce_commitments.open(data)
    assert len(list(path.parent.glob("*.sqlite3"))) == 3
    assert path.exists()


def test_the_same_number_of_another_dataset_is_another_index(data: Path) -> None:
    from tests.support.makers import batch, document

    osce_commitments.open(data, 1)
    shutil.rmtree(data / "_versions")
    for table in ("documents", "provisions", "lineage", "rejects", "runs"):
        shutil.rmtree(data / table, ignore_errors=True)
    with Dataset(data).writer("other", pipeline="p1") as writer:
        writer.commit(batch(document("in/new.pdf", ["Tasks the Secretary General to be new."])))
    assert osce_commitments.open(data, 1).search("new").total == 1


def test_a_folder_that_cannot_be_written_has_its_index_elsewhere(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writable = index._is_writable
    monkeypatch.setattr(index, "_is_writable", lambda folder: data not in folder.parents and writable(folder))
    assert osce_commitments.open(data).search("stolen", by="both").total
    assert not (data / index.INDEX_FOLDER).exists()
    assert len(list((tmp_path / "cache").rglob("*.sqlite3"))) == 1


def test_an_index_that_is_there_is_read_from_a_read_only_folder(data: Path) -> None:
    osce_commitments.open(data).search("stolen", by="meaning")
    folder = data / index.INDEX_FOLDER
    for path in [*folder.rglob("*"), folder]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        assert osce_commitments.open(data).search("stolen", by="meaning").total == 1
    finally:
        folder.chmod(0o755)
        for path in folder.rglob("*"):
            path.chmod(0o755)


def test_nowhere_to_write_is_one_line(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_is_writable", lambda _: False)
    with pytest.raises(DatasetError, match=r"cannot be written to .*OSCE_COMMITMENTS_CACHE"):
        osce_commitments.open(data)


def test_a_builder_that_fails_leaves_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(index, "_fill", fail)
        with pytest.raises(DatasetError, match="cannot be written: disk full"):
            osce_commitments.open(data)
    assert not list((data / index.INDEX_FOLDER).glob("*.sqlite3"))
    assert not [path for path in (data / index.INDEX_FOLDER).iterdir() if path.suffix != ".lock"]
    assert osce_commitments.open(data).search().total == 6


def test_a_damaged_index_is_one_line(data: Path) -> None:
    osce_commitments.open(data)
    (path,) = (data / index.INDEX_FOLDER).glob("*.sqlite3")
    path.write_bytes(b"no database")
    with pytest.raises(DatasetError, match=r"cannot be read: .*remove the file"):
        osce_commitments.open(data).search()


def test_builders_at_the_same_time(data: Path) -> None:
    code = "import osce_commitments, sys; print(osce_commitments.open(sys.argv[1]).search('stolen OR tasks').total)"
    command = [sys.executable, "-c", code, str(data)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [one.communicate()[0].strip() for one in started] == ["3", "3", "3"]
    assert len(list((data / index.INDEX_FOLDER).glob("*.sqlite3"))) == 1


def test_threads_share_a_reader(data: Path) -> None:
    reader, totals = osce_commitments.open(data), []
    threads = [
        threading.Thread(target=lambda: totals.append(reader.search("stolen", by="both").total)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(totals)) == 1
    assert len(totals) == 8
