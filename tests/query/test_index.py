"""The index: made once, whole or not at all, wherever it can be written."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError, UnavailableError
from osce_commitments.query import store
from osce_commitments.query.search import index

if TYPE_CHECKING:
    from collections.abc import Callable
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
    for table in ("documents", "provisions", "lineage", "rejects", "corrections", "runs"):
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


def the_index(data: Path) -> Path:
    (path,) = (data / index.INDEX_FOLDER).glob("*.sqlite3")
    return path


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "another file": lambda _: b"no database",
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "zeros in it": lambda content: content[:8192] + bytes(len(content) - 8192),
    "head garbled": lambda content: b"SQLite format 3\0" + bytes(200) + content[216:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_anew(data: Path, damage: str) -> None:
    before = osce_commitments.open(data).search("stolen")
    path = the_index(data)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    reader = osce_commitments.open(data)
    assert len(reader.documents()) == 4
    assert reader.search("stolen").hits == before.hits
    assert osce_commitments.open(data).search("stolen").hits == before.hits


def test_a_record_that_cannot_be_unpacked_is_made_anew(data: Path) -> None:
    reader = osce_commitments.open(data)
    with contextlib.closing(sqlite3.connect(the_index(data))) as connection, connection:
        connection.execute("UPDATE records SET record = x'00'")
        connection.execute("UPDATE documents SET record = x'00', content = x'00'")
    assert reader.search("stolen").hits[0].text
    assert osce_commitments.open(data).documents()


def test_an_index_that_stays_damaged_is_one_line(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(_dataset: object, _info: object, path: Path) -> None:
        path.write_bytes(b"no database")

    monkeypatch.setattr(index, "_build", spoil)
    reader = osce_commitments.open(data)
    for _ in range(2):
        with pytest.raises(UnavailableError, match=r"cannot be read: .*Remove the file") as caught:
            reader.search()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "record", ["x'00'", "'a text'", f"x'{zlib.compress(b'[]').hex()}'", f"x'{zlib.compress(b'1').hex()}'"]
)
def test_a_record_that_is_no_row_is_made_anew(data: Path, record: str) -> None:
    reader = osce_commitments.open(data)
    with contextlib.closing(sqlite3.connect(the_index(data))) as connection, connection:
        connection.execute(f"UPDATE records SET record = {record}")  # noqa: S608 - ours
        connection.execute(f"UPDATE documents SET record = {record}, content = {record}")  # noqa: S608 - ours
    assert reader.search("stolen").hits[0].text
    assert osce_commitments.open(data).documents()


@pytest.mark.parametrize("table", ["provisions", "records", "texts", "documents", "citations", "words"])
def test_an_index_that_lost_rows_is_made_anew(data: Path, table: str) -> None:
    before = osce_commitments.open(data).search("stolen")
    path = the_index(data)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
    assert not index.is_whole(path)
    assert osce_commitments.open(data).search("stolen").hits == before.hits
    assert index.is_whole(the_index(data))


@pytest.mark.parametrize("damage", ["cut", "garbled", "other shape", "other width", "zeros", "gone"])
def test_damaged_vectors_are_made_anew(data: Path, damage: str) -> None:
    before = osce_commitments.open(data).search("stolen", by="meaning")
    (path,) = (data / index.INDEX_FOLDER).glob("*/vectors.npy")
    content = path.read_bytes()
    if damage == "other shape":
        np.save(path, np.zeros((2, 3), dtype=np.float32))
    elif damage == "other width":
        np.save(path, np.eye(len(np.load(path)), dtype=np.float32))
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": content[:200], "garbled": b"no vectors", "zeros": content[:128] + bytes(len(content) - 128)}[damage]
        )
    assert osce_commitments.open(data).search("stolen", by="meaning").hits == before.hits
    assert path.read_bytes() == content


def test_an_index_in_use_stays_while_newer_versions_are_shown(data: Path) -> None:
    reader, path = osce_commitments.open(data, 1), the_index(data)
    os.utime(path, (0, 0))
    for number in range(5):
        newer = path.with_name(f"00001{number}-new.sqlite3")
        newer.touch()
    osce_commitments.open(data, 2)
    assert path.exists()
    del reader
    gc.collect()
    the_second = next(one for one in path.parent.glob("000002-*.sqlite3"))
    the_second.unlink()
    osce_commitments.open(data, 2)
    assert not path.exists()


def test_a_reader_whose_index_was_removed_makes_it_anew(data: Path) -> None:
    reader = osce_commitments.open(data)
    the_index(data).unlink()
    totals: list[int] = []
    threads = [threading.Thread(target=lambda: totals.append(reader.search("stolen").total)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [1] * 8


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_the_cache_of_another_user_is_not_believed(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    osce_commitments.open(data).search("stolen", by="meaning")
    shared = tmp_path / "shared"
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(shared))
    planted = shared / f"osce-commitments-{os.getuid()}" / index.fingerprint(str(data.resolve()))
    planted.parent.mkdir(parents=True)
    (data / index.INDEX_FOLDER).rename(planted)
    (path,) = planted.glob("*.sqlite3")
    for each in (path, *planted.glob("*/*"), *planted.glob("*/"), planted, planted.parent):
        os.chown(each, 65534, 65534)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE provisions SET strength = 5")
    writable = index._is_writable
    reader = osce_commitments.open(data)
    assert reader._store.path.parent == data / index.INDEX_FOLDER
    shutil.rmtree(data / index.INDEX_FOLDER)
    # Not even to write to: its owner could replace the file later.
    assert not writable(planted)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_the_dataset_of_another_user_brings_its_own_index(data: Path) -> None:
    osce_commitments.open(data)
    path = the_index(data)
    for each in (data, path, path.parent):
        os.chown(each, 65534, 65534)
    made = path.stat().st_ino
    osce_commitments.open(data).search("stolen")
    assert path.stat().st_ino == made
    os.chown(path, 1234, 1234)
    osce_commitments.open(data)
    assert the_index(data).stat().st_ino != made


def test_a_full_folder_is_no_reason_to_give_up_if_another_has_room(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = index._build

    def full(dataset: Dataset, info: object, path: Path) -> None:
        if path.parent == data / index.INDEX_FOLDER:
            raise UnavailableError("no space") from OSError(28, "No space left on device")
        build(dataset, info, path)

    monkeypatch.setattr(index, "_build", full)
    assert osce_commitments.open(data).search("stolen").total == 1


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


def test_many_threads_share_few_connections(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, opened, totals = osce_commitments.open(data), [], []
    connect, barrier = sqlite3.connect, threading.Barrier(30)

    def counted(*names: object, **options: object) -> sqlite3.Connection:
        opened.append(names)
        return connect(*names, **options)  # type: ignore[call-overload]

    def search() -> None:
        barrier.wait()
        totals.append(reader.search("stolen").total)

    monkeypatch.setattr(sqlite3, "connect", counted)
    threads = [threading.Thread(target=search) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [1] * 30
    assert len(opened) <= store.MOST_CONNECTIONS


def test_a_connection_that_cannot_be_opened_is_not_lost(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = osce_commitments.open(data)

    def fails(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.NotSupportedError("no file handles")

    with monkeypatch.context() as patch:
        patch.setattr(store.sqlite3, "connect", fails)
        for _ in range(2 * store.MOST_CONNECTIONS):
            with pytest.raises(UnavailableError, match="no file handles"):
                reader.search("stolen")
    assert reader.search("stolen").total == 1
