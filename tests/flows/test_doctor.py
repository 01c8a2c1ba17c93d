"""Damage of every kind: ``doctor`` finds it and says what to do, ``doctor --repair`` does what can be done."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import osce_commitments
from osce_commitments.dataset import Dataset, delta
from osce_commitments.errors import DatasetError
from osce_commitments.flows.doctor import check_dataset, repair_dataset
from tests.support.makers import LINES, batch, document, reject

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.flows.doctor import Check


@pytest.fixture(scope="session")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("doctor") / "data"
    for source, lines in (("a.pdf", LINES), ("b.pdf", ("Tasks B.",))):
        with Dataset(data).writer(f"run-{source}", pipeline="p1") as writer:
            writer.commit(batch(document(source, lines), rejects=[reject(f"bad-{source}")]))
    osce_commitments.open(data).search("stolen", by="meaning")
    return data


@pytest.fixture
def data(two_versions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OSCE_COMMITMENTS_CACHE", str(tmp_path / "cache"))
    copy = tmp_path / "data"
    shutil.copytree(two_versions, copy)
    return copy


def bad(data: Path) -> list[Check]:
    found = [one for one in check_dataset(data) if not one.is_ok]
    assert all("\n" not in one.state and "\x1b" not in one.state for one in found)
    return found


def pinned(data: Path, table: str, number: int = 2) -> int:
    return Dataset(data).info(number).tables[table]


def of_version_2(data: Path, table: str) -> Path:
    names = [delta.file_names(data / table, pinned(data, table, number)) for number in (1, 2)]
    (name,) = names[1] - names[0]
    return data / table / name


def of_version_1(data: Path, table: str) -> Path:
    (name, *_) = delta.file_names(data / table, pinned(data, table, 1))
    return data / table / name


def log(data: Path, table: str, number: int = 2) -> Path:
    return data / table / "_delta_log" / f"{pinned(data, table, number):020d}.json"


def cache(data: Path, pattern: str) -> Path:
    (path,) = (data / "_search").glob(pattern)
    return path


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def write_to(index: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(index)) as connection, connection:
        connection.execute(statement)


def other_vectors(path: Path, shape: tuple[int | None, int | None]) -> None:
    vectors = np.load(path)[: shape[0], : shape[1]]
    np.save(path, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def zeros_inside(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(len(content) // 2) + content[4 + len(content) // 2 :])


def counts(path: Path) -> None:
    path.write_text(path.read_text().replace('"documents": 2', '"documents": 7'))


# What is damaged, and the version after the repair; 0 if no version is whole.
DAMAGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "parquet of version 2 empty": (lambda d: empty(of_version_2(d, "provisions")), 1),
    "parquet of version 2 cut": (lambda d: cut(of_version_2(d, "documents")), 1),
    "parquet of version 2 gone": (lambda d: of_version_2(d, "documents").unlink(), 1),
    "pages of version 2 overwritten": (lambda d: zeros_inside(of_version_2(d, "provisions")), 1),
    "log of version 2 empty": (lambda d: empty(log(d, "documents")), 1),
    "log of version 2 garbled": (lambda d: log(d, "provisions").write_bytes(b"{'"), 1),
    "log of version 2 gone": (lambda d: log(d, "rejects").unlink(), 1),
    "manifest of version 2 empty": (lambda d: empty(d / "_versions/000002.json"), 1),
    "manifest of version 2 of wrong counts": (lambda d: counts(d / "_versions/000002.json"), 1),
    "table of version 1 damaged": (lambda d: empty(of_version_1(d, "provisions")), 0),
    "table is gone": (lambda d: shutil.rmtree(d / "rejects"), 0),
    "all manifests are gone": (lambda d: [path.unlink() for path in (d / "_versions").iterdir()], 0),
    "_versions is gone": (lambda d: shutil.rmtree(d / "_versions"), 0),
    "runs are gone": (lambda d: shutil.rmtree(d / "runs"), 2),
    "runs are garbled": (lambda d: [path.write_bytes(b"{'") for path in (d / "runs/_delta_log").iterdir()], 2),
    "index empty": (lambda d: empty(cache(d, "*.sqlite3")), 2),
    "index cut": (lambda d: cut(cache(d, "*.sqlite3")), 2),
    "index garbled": (lambda d: cache(d, "*.sqlite3").write_bytes(b"x" * 5000), 2),
    "index without some rows": (
        lambda d: write_to(cache(d, "*.sqlite3"), "DELETE FROM provisions WHERE number = 1"),
        2,
    ),
    "index with other records": (lambda d: write_to(cache(d, "*.sqlite3"), "UPDATE records SET record = 'text'"), 2),
    "vectors of another width": (lambda d: other_vectors(cache(d, "*/vectors.npy"), (None, 7)), 2),
    "fewer vectors": (lambda d: other_vectors(cache(d, "*/vectors.npy"), (1, None)), 2),
    "vectors cut": (lambda d: cut(cache(d, "*/vectors.npy")), 2),
    "vectors garbled": (lambda d: cache(d, "*/vectors.npy").write_bytes(b"no vectors"), 2),
}


def test_a_whole_dataset_is_ok(data: Path) -> None:
    assert bad(data) == []
    (dataset, caches) = check_dataset(data)
    assert dataset.state.startswith("version 2: 2 documents, 4 provisions, ")
    assert ", 2 rejects" in dataset.state
    assert caches.state == "2 files"
    said: list[str] = []
    repair_dataset(data, said.append)
    assert said == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_doctor_finds_damage_and_repairs_what_can_be_repaired(data: Path, damage: str) -> None:
    spoil, version = DAMAGES[damage]
    spoil(data)
    assert bad(data), damage
    said: list[str] = []
    if not version:
        files = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
        with pytest.raises(DatasetError):
            repair_dataset(data, said.append)
        assert all(path.read_bytes() == content for path, content in files.items())
        return
    repair_dataset(data, said.append)
    assert said
    assert bad(data) == []
    assert Dataset(data).latest_version() == version
    assert osce_commitments.open(data).search("stolen", by="meaning").total >= 1


@pytest.mark.parametrize(
    ("spoil", "words", "is_whole"),
    [
        (lambda d: shutil.rmtree(d / "lineage"), "lineage cannot be read: its folder is missing;", False),
        (lambda d: cut(max((d / "documents/_delta_log").glob("*.json"))), ": an entry of its log is damaged;", True),
        (lambda d: garble(of_version_2(d, "provisions")), "parquet is damaged or missing;", True),
    ],
)
def test_damage_is_named_in_plain_words_with_a_remedy_that_can_work(
    data: Path,
    spoil: Callable[[Path], object],
    words: str,
    is_whole: bool,  # noqa: FBT001 - a case
) -> None:
    spoil(data)
    *_, newest = (one.state for one in bad(data))
    assert words in newest
    assert ("doctor --repair" in newest) == is_whole
    assert ("read the documents into a new folder" in newest) != is_whole


def garble(path: Path) -> None:
    """Overwrite what a Parquet file says about its columns; its size and its last letters stay."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + b"x" * (len(content) - len(content) // 2 - 8) + content[-8:])


def test_a_damaged_old_manifest_is_named_and_stops_nothing(data: Path) -> None:
    empty(data / "_versions/000001.json")
    (found,) = bad(data)
    assert found.what == f"version 1 of dataset {data}"
    assert "restore it from a backup: other versions are not affected" in found.state
    assert osce_commitments.open(data).search("stolen").total == 1
    repair_dataset(data, print)
    assert Dataset(data).latest_version() == 2


def test_a_document_without_its_provisions_is_found(data: Path) -> None:
    info = Dataset(data).info()
    with Dataset(data).writer("x") as writer:
        rows = Dataset(data).read("provisions").to_pylist()
        writer.replace("provisions", rows[1:])
    assert Dataset(data).latest_version() == info.version + 1
    (found,) = bad(data)
    assert "1 documents lack provisions, such as" in found.state


def test_no_dataset_and_no_version_are_ok(tmp_path: Path) -> None:
    (none,) = check_dataset(tmp_path / "none")
    assert "none yet" in none.state
    with Dataset(tmp_path / "new").writer("x"):
        pass
    (new,) = check_dataset(tmp_path / "new")
    assert new.state == "no version yet"


def test_an_interrupted_run_is_named_and_its_batches_are_kept(data: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Dataset(data).writer("killed", pipeline="p1") as writer:  # noqa: PT012
        writer.commit(batch(document("c.pdf", ("Tasks C.",))))
        raise KeyboardInterrupt
    assert any("was interrupted" in one.state for one in check_dataset(data))
    repair_dataset(data, lambda _line: None)
    assert Dataset(data).latest_version() == 3
    assert not any("was interrupted" in one.state for one in check_dataset(data))
