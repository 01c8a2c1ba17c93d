"""Damage of every kind: a dataset goes back to its last whole version, says so, and deletes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import osce_commitments
from osce_commitments.dataset import Dataset, delta, versions
from osce_commitments.errors import DatasetError, SchemaError
from tests.support.makers import LINES, batch, document, reject

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def two(dataset: Dataset) -> Dataset:
    """A dataset of two versions; the second has a document more."""
    for source, lines in (("a.pdf", LINES), ("b.pdf", ("Tasks B.",))):
        with dataset.writer(f"run-{source}", pipeline="p1") as writer:
            writer.commit(batch(document(source, lines), rejects=[reject(f"bad-{source}")]))
    return dataset


def manifest(dataset: Dataset, number: int) -> Path:
    return dataset.path / versions.VERSIONS_FOLDER / f"{number:06d}.json"


def newest_parquet(dataset: Dataset, table: str = "provisions") -> Path:
    before = delta.file_names(dataset.path / table, dataset.info(1).tables[table])
    after = delta.file_names(dataset.path / table, dataset.info(2).tables[table])
    (name,) = after - before
    return dataset.path / table / name


def newest_log(dataset: Dataset, table: str = "documents") -> Path:
    return dataset.path / table / "_delta_log" / f"{dataset.info(2).tables[table]:020d}.json"


def sources(dataset: Dataset) -> list[str]:
    found: list[str] = dataset.read("documents")["source"].to_pylist()
    return found


def zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def garble(path: Path) -> None:
    path.write_bytes(b"{'no json'")


CUTS: dict[str, Callable[[Dataset], None]] = {
    "empty file": lambda data: newest_parquet(data).write_bytes(b""),
    "half a file": lambda data: newest_parquet(data).write_bytes(newest_parquet(data).read_bytes()[:100]),
    "file of zeros": lambda data: zeros(newest_parquet(data)),
    "file is gone": lambda data: newest_parquet(data, "documents").unlink(),
    "empty log entry": lambda data: newest_log(data).write_bytes(b""),
    "garbled log entry": lambda data: garble(newest_log(data)),
    "log entry is gone": lambda data: newest_log(data, "provisions").unlink(),
}


@pytest.mark.parametrize("cut", CUTS)
def test_the_next_run_goes_back_to_the_last_whole_version_and_says_so(two: Dataset, cut: str) -> None:
    CUTS[cut](two)
    said: list[str] = []
    with two.writer("run3", pipeline="p1", on_wait=said.append) as writer:
        assert writer.version == 1
        writer.commit(batch(document("b.pdf", ["Tasks B."])))
    (line,) = said
    assert line.startswith(f"version 2 of {two.path} cannot be read (")
    assert line.endswith("the dataset is back at version 1; run the same inputs again")
    assert (two.latest_version(), sources(two)) == (2, ["a.pdf", "b.pdf"])
    assert two.read("provisions").num_rows == 4
    assert (two.path / "_damaged" / "000002" / "000002.json").exists()
    with two.writer("run4", pipeline="p1", on_wait=said.append):
        pass
    assert len(said) == 1


def test_without_a_whole_version_nothing_is_deleted(two: Dataset) -> None:
    for path in (two.path / "documents").rglob("*.parquet"):
        path.write_bytes(b"")
    before = {path: path.read_bytes() for path in two.path.rglob("*.*") if path.is_file() and path.name != ".lock"}
    with (
        pytest.raises(DatasetError, match=r"no version of .* is whole: file documents/.*nothing was deleted"),
        two.writer("x"),
    ):
        pass
    assert before == {path: path.read_bytes() for path in before}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_not_taken_for_damage(two: Dataset) -> None:
    newest_parquet(two).chmod(0)
    with pytest.raises(DatasetError, match="cannot be read"), two.writer("x"):
        pass
    assert manifest(two, 2).exists()


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", "null"])
def test_one_damaged_old_manifest_stops_nothing_else(two: Dataset, content: str) -> None:
    manifest(two, 1).write_text(content)
    assert two.info(2).version == two.info().version == two.info("2").version == 2
    assert [info.version for info in two.versions()] == [2]
    assert two.read("runs").num_rows == 0
    assert two.diff(2, 2).is_empty
    with two.writer("run3", pipeline="p1") as writer:
        assert writer.commit(batch(document("c.pdf", ["Tasks C."]))) == 3
    with pytest.raises(DatasetError, match=r"manifest .*000001\.json is damaged"):
        two.info(1)


def test_a_damaged_newest_manifest_leaves_the_older_versions_readable_and_is_repaired_on_request(two: Dataset) -> None:
    manifest(two, 2).write_text("")
    assert two.read("documents", 1).num_rows == 1
    with (
        pytest.raises(DatasetError, match=r"000002\.json is damaged.* doctor --repair --data") as caught,
        two.writer("x"),
    ):
        pass
    assert "\n" not in str(caught.value)
    assert manifest(two, 2).exists()
    said: list[str] = []
    two.repair(said.append)
    assert "the dataset is back at version 1" in said[0]
    assert (two.latest_version(), sources(two)) == (1, ["a.pdf"])
    with two.writer("run3", pipeline="p1") as writer:
        assert writer.commit(batch(document("b.pdf", ["Tasks B."]))) == 2


def changed(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest.update(values)


WRONG: dict[str, Callable[[dict[str, Any]], None]] = {
    "table left out": lambda one: one["tables"].pop("documents"),
    "commit is a text": lambda one: one["tables"].update(documents="x"),
    "commit is negative": lambda one: one["tables"].update(documents=-1),
    "no time zone": changed(created_at="2026-03-01T10:00:00"),
    "time is a number": changed(created_at=5),
    "another number": changed(version=7),
    "number is a text": changed(version="2"),
    "number is true": changed(version=True),
    "run is a number": changed(run_id=4),
    "tables are a list": changed(tables=["documents"]),
    "unknown key": changed(more=1),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_manifest_of_wrong_values_is_one_line(two: Dataset, wrong: str) -> None:
    values = json.loads(manifest(two, 2).read_text())
    WRONG[wrong](values)
    manifest(two, 2).write_text(json.dumps(values))
    for read in (lambda: two.read("documents"), lambda: two.info(2), lambda: two.writer("x").__enter__()):
        with pytest.raises(DatasetError, match=r"manifest .*000002\.json is damaged: ") as caught:
            read()
        assert "\n" not in str(caught.value)
    assert two.info("2030-01-01").version == 1


def test_a_manifest_of_a_commit_that_does_not_exist(two: Dataset) -> None:
    values = json.loads(manifest(two, 2).read_text())
    values["tables"]["documents"] = 999
    manifest(two, 2).write_text(json.dumps(values))
    with pytest.raises(DatasetError, match=r"table .*documents cannot be read"):
        two.read("documents")
    with two.writer("run3") as writer:
        assert writer.version == 1


@pytest.mark.parametrize("what", ["gone", "empty log", "no folder"])
def test_a_damaged_table_of_runs_begins_anew(two: Dataset, what: str) -> None:
    log = two.path / "runs" / "_delta_log"
    for path in log.iterdir():
        path.unlink() if what == "gone" else path.write_bytes(b"")
    if what == "no folder":
        (two.path / "runs").rename(two.path.parent / "elsewhere")
    said: list[str] = []
    with two.writer("run3", on_wait=said.append) as writer:
        assert writer.version == 2
    assert len(said) == 1
    assert said[0].startswith("a new table of runs begins: ")
    assert two.read("runs").num_rows == 0


def test_a_session_is_one_version_and_a_reader_sees_no_part_of_it(dataset: Dataset) -> None:
    with dataset.writer("run1", pipeline="p1") as writer:
        assert writer.commit(batch(document("a.pdf"))) == 1
        with pytest.raises(DatasetError, match="has no version yet: its first run is at work or was interrupted"):
            dataset.read("documents")
        assert writer.commit(batch(document("b.pdf", ["Tasks B."]), rejects=[reject("c.pdf")])) == 1
        assert writer.version == dataset.latest_version() == 0
    (info,) = dataset.versions()
    assert (info.version, info.message, info.counts["documents"]) == (1, "2 documents, 1 reject", 2)
    assert not versions.has_unfinished(manifest(dataset, 1).parent)


def test_finished_batches_outlive_an_error(dataset: Dataset) -> None:
    with pytest.raises(SchemaError), dataset.writer("run1", pipeline="p1") as writer:  # noqa: PT012
        writer.commit(batch(document("a.pdf")))
        raise SchemaError("a defect")
    assert sources(dataset) == ["a.pdf"]


@pytest.mark.parametrize("content", ["", "{}", None])
def test_a_damaged_state_of_an_interrupted_run_is_left_out(two: Dataset, content: str | None) -> None:
    with pytest.raises(KeyboardInterrupt), two.writer("killed", pipeline="p1") as writer:  # noqa: PT012
        writer.commit(batch(document("c.pdf", ["Tasks C."])))
        raise KeyboardInterrupt
    state = manifest(two, 1).with_name(versions.UNFINISHED)
    if content is None:
        number = json.loads(state.read_text())["tables"]["provisions"]
        (two.path / "provisions" / "_delta_log" / f"{number:020d}.json").write_bytes(b"")
    else:
        state.write_text(content)
    said: list[str] = []
    with two.writer("run4", on_wait=said.append) as writer:
        assert writer.version == 2
    assert said[0].startswith("the finished part of an interrupted run cannot be used: ")
    assert sources(two) == ["a.pdf", "b.pdf"]
    assert two.read("provisions").num_rows == 4


def test_rows_reach_the_disk_before_the_manifest_that_names_them(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    fsync, publish = os.fsync, versions.publish_manifest

    def noting(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    def checking(folder: Path, info: versions.VersionInfo) -> None:
        for table in info.tables:
            files = [path for path in (dataset.path / table).rglob("*") if path.is_file()]
            assert files
            assert not {*files, *(path.parent for path in files)} - set(synced)
        assert dataset.path in synced
        publish(folder, info)

    monkeypatch.setattr(os, "fsync", noting)
    monkeypatch.setattr(versions, "publish_manifest", checking)
    with dataset.writer("run1") as writer:
        writer.commit(batch(document("a.pdf"), document("u.pdf", date=None)))
    with dataset.writer("run2") as writer:
        writer.commit(batch(document("a.pdf", ["Tasks C."]), rejects=[reject("b.pdf")]))
    assert dataset.latest_version() == 2


def rows_of_rejects(*names: str) -> list[dict[str, Any]]:
    return [
        {
            "source": name,
            "source_sha256": "",
            "stage": "s",
            "reason": "r",
            "message": "m",
            "remedy": "",
            "is_part": False,
        }
        | {"pipeline": "p"}
        for name in names
    ]


def test_rows_of_any_table_are_replaced_by_the_values_of_a_column(two: Dataset) -> None:
    with two.writer("run3") as writer:
        assert writer.replace("rejects", rows_of_rejects("new"), column="source", values=["bad-a.pdf", "new"]) == 3
        assert writer.replace("rejects", rows_of_rejects("new"), column="source", values=["new"]) is None
    assert two.read("rejects")["source"].to_pylist() == ["bad-b.pdf", "new"]
    with two.writer("run4") as writer:
        assert writer.replace("rejects", rows_of_rejects("it's")) == 4
    assert two.read("rejects")["source"].to_pylist() == ["it's"]
    with two.writer("run5") as writer, pytest.raises(SchemaError, match="not among the replaced values"):
        writer.replace("rejects", rows_of_rejects("x"), column="source", values=["y"])
    with two.writer("run6") as writer:
        writer.replace("rejects", [], column="source", values=["it's"])
    assert two.read("rejects").num_rows == 0


def test_a_table_that_is_younger_than_the_dataset_is_empty_and_can_be_written(
    two: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    from osce_commitments import fields
    from osce_commitments.dataset import recovery, store, writer

    links = dataclasses.replace(fields.REJECTS, name="links")
    monkeypatch.setitem(fields.TABLES, "links", links)
    for module in (recovery, store, writer):
        monkeypatch.setattr(module, "PINNED_TABLES", (*fields.PINNED_TABLES, "links"))
    assert two.read("links").num_rows == 0
    assert two.scan("links").count_rows() == 0
    with pytest.raises(KeyboardInterrupt), two.writer("killed") as session:  # noqa: PT012
        session.replace("links", rows_of_rejects("a"))
        (manifest(two, 1).with_name(versions.UNFINISHED)).unlink()
        raise KeyboardInterrupt
    with two.writer("run3") as session:
        assert session.replace("links", rows_of_rejects("a", "b")) == 3
    assert two.read("links")["source"].to_pylist() == ["a", "b"]
    assert two.read("links", 2).num_rows == 0
    with two.writer("run4", pipeline="p1") as session:
        session.commit(batch(document("z.pdf", ["Tasks Z."])))
    assert two.read("links").num_rows == 2


def test_a_table_that_lacks_a_column_is_one_line(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from osce_commitments import fields, tables

    with monkeypatch.context() as patch:
        fewer = tuple(column for column in fields.PROVISIONS.columns if column.name != "voice")
        patch.setitem(fields.TABLES, "provisions", dataclasses.replace(fields.PROVISIONS, columns=fewer))
        tables.schema.cache_clear()
        delta.create(dataset.path / "provisions")
    tables.schema.cache_clear()
    table = delta.open_table(dataset.path / "provisions")
    with pytest.raises(DatasetError, match=r"provisions has no column voice: .*Read the documents again"):
        delta.files(table, dataset.path / "provisions")
    assert delta.fault(dataset.path / "provisions", 0, 0) == "table provisions has no column voice"


def test_a_dataset_from_before_a_column_that_may_be_null(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from osce_commitments import fields, tables

    added = {"form", "form_score", "form_because"}
    with monkeypatch.context() as patch:
        fewer = tuple(column for column in fields.DOCUMENTS.columns if column.name not in added)
        older = dataclasses.replace(fields.DOCUMENTS, columns=fewer)
        for place in (tables, delta):
            patch.setitem(place.TABLES, "documents", older)
        patch.setattr(tables, "DOCUMENTS", older)
        tables.schema.cache_clear()
        with dataset.writer("run1", pipeline="p1") as writer:
            writer.commit(batch(document("a.pdf", ["Tasks A."])))
    tables.schema.cache_clear()
    assert dataset.read("documents", columns=["form", "form_score"]).to_pylist() == [{"form": None, "form_score": None}]
    assert osce_commitments.open(dataset.path).facets().commitments[0].count == 1
    with dataset.writer("run2", pipeline="p1") as writer:
        writer.commit(batch(document("b.pdf", ["Tasks B."])))
    assert sorted(map(str, dataset.read("documents")["form"].to_pylist())) == ["None", "known"]


def test_manifests_that_may_not_be_listed_are_not_taken_for_none(two: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    for ask in (two.info, two.versions, two.check_versions, lambda: two.writer("x").__enter__()):
        with pytest.raises(DatasetError, match=r"_versions cannot be read: permission denied\. Change its permissions"):
            ask()
