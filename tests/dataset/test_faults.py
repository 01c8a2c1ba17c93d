"""Kills, rivals and damage: readers always see a whole version."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import deltalake
import pytest
from deltalake.exceptions import CommitFailedError, DeltaError

from osce_commitments.dataset import Dataset, RunRecord, delta, versions
from osce_commitments.errors import DatasetError
from osce_commitments.fields import SCHEMA_VERSION
from tests.support.commit_batches import COUNT, VERSIONS, batches
from tests.support.corpora import ROOT
from tests.support.makers import batch, document, reject

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

PROGRAM = [sys.executable, "-m", "tests.support.commit_batches"]
TABLES = ("documents", "provisions", "rejects", "corrections")


def start(dataset: Dataset, run: str) -> subprocess.Popen[str]:
    # Once Prefect was imported in this process, a child does not import from its working folder.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*PROGRAM, str(dataset.path), run]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def kill_after(process: subprocess.Popen[str], commits: int, seconds: float) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.split() == ["commit", str(commits)]:
            break
    time.sleep(seconds)
    process.kill()
    process.wait()
    process.stdout.close()


def contents(dataset: Dataset) -> dict[str, pa.Table]:
    return {name: dataset.read(name) for name in TABLES}


def check_whole(dataset: Dataset) -> None:
    """Every document has its provisions, and no provision is without its document."""
    for info in dataset.versions():
        documents = dataset.read("documents", info.version, columns=["id", "provision_count"]).to_pylist()
        owners = dataset.read("provisions", info.version)["document"].to_pylist()
        assert {row["id"]: row["provision_count"] for row in documents if row["provision_count"]} == {
            owner: owners.count(owner) for owner in set(owners)
        }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    dataset = Dataset(tmp_path_factory.mktemp("undisturbed") / "data")
    process = start(dataset, "run")
    assert process.communicate()[0].endswith("done\n")
    assert process.returncode == 0
    assert dataset.latest_version() == VERSIONS
    return dataset


# The pauses reach from before the first write of a batch to after its manifest.
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_killed_run_is_finished_by_the_next(dataset: Dataset, undisturbed: Dataset, seed: int) -> None:
    chance = random.Random(seed)
    kill_after(start(dataset, "killed"), chance.randrange(COUNT), chance.uniform(0, 0.12))
    check_whole(dataset)
    assert start(dataset, "again").wait() == 0
    check_whole(dataset)
    assert contents(dataset) == contents(undisturbed)


SMALL = (
    batch(document("a.pdf"), document("u.pdf", ["Tasks B."], date=None), rejects=[reject("bad.pdf")]),
    batch(document("a.pdf", ["Tasks C."], date=None), document("bad.pdf", ["Tasks D."])),
)


def commit_small(dataset: Dataset, run: str) -> None:
    with dataset.writer(run, pipeline="p1") as writer:
        for one in SMALL:
            writer.commit(one)


# Two batches: two times three commits and the state after them; the manifest.
@pytest.mark.parametrize("step", range(9))
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_a_run_that_stops_at_any_step_is_finished_by_the_next(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, *, is_done: bool
) -> None:
    calls = iter(range(100))

    def stopping(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **kwargs: object) -> object:
            stops = next(calls) == step
            if stops and not is_done:
                raise KeyboardInterrupt
            result = function(*args, **kwargs)
            if stops:
                raise KeyboardInterrupt
            return result

        return call

    whole = Dataset(tmp_path / "whole")
    commit_small(whole, "run1")
    # With this limit the second batch merges files, too.
    monkeypatch.setattr(delta, "SMALL_FILES_PER_PARTITION", 0)
    with monkeypatch.context() as patch:
        patch.setattr(delta, "commit_rows", stopping(delta.commit_rows))
        patch.setattr(versions, "save_unfinished", stopping(versions.save_unfinished))
        patch.setattr(versions, "publish_manifest", stopping(versions.publish_manifest))
        with pytest.raises(KeyboardInterrupt):
            commit_small(dataset, "run1")
    check_whole(dataset)
    assert dataset.latest_version() == (step == 8 and is_done)
    batches_kept = min((step + is_done) // 4, 2)
    with dataset.writer("run2") as writer:
        assert writer.version == min(batches_kept, 1)
    if batches_kept:
        info = dataset.info()
        assert (info.run_id, info.message) == (
            "run1",
            ["2 documents, 1 reject", "4 documents, 1 reject"][batches_kept - 1],
        )
    check_whole(dataset)
    commit_small(dataset, "run3")
    assert contents(dataset) == contents(whole)


@pytest.mark.parametrize("table", ["provisions", "documents"])
def test_a_table_that_is_ahead_is_rolled_back(dataset: Dataset, undisturbed: Dataset, table: str) -> None:
    with dataset.writer("run1", pipeline="p1") as writer:
        for one in batches()[:3]:
            writer.commit(one)
    before = contents(dataset)
    rows = before[table].slice(0, 1)
    predicate = delta.document_predicate("id", rows["id"].to_pylist(), [None])
    delta.commit_rows(dataset.path / table, rows.set_column(0, "id", [["x"]]).cast(rows.schema), "lost")
    delta.commit_rows(dataset.path / table, rows.slice(0, 0), "lost", predicate=predicate)
    assert contents(dataset) == before
    for _ in range(2):
        with dataset.writer("run2", pipeline="p1"):
            pass
    assert contents(dataset) == before
    last = delta.open_table(dataset.path / table).history(2)
    assert [entry["operation"] for entry in last] == ["RESTORE", "WRITE"]
    with dataset.writer("run3", pipeline="p1") as writer:
        for one in batches():
            writer.commit(one)
    assert contents(dataset) == contents(undisturbed)


def test_tables_without_a_manifest_are_made_anew(dataset: Dataset) -> None:
    with dataset.writer("run1") as writer:
        writer.commit(batch(document("a.pdf")))
    (dataset.path / versions.VERSIONS_FOLDER / "000001.json").rename(
        dataset.path / versions.VERSIONS_FOLDER / "000001.json.tmp"
    )
    assert dataset.latest_version() == 0
    with dataset.writer("run2") as writer:
        assert writer.commit(batch(document("b.pdf", ["Tasks B."]))) == 1
    assert dataset.read("documents")["source"].to_pylist() == ["b.pdf"]
    assert [path.name for path in (dataset.path / versions.VERSIONS_FOLDER).iterdir()] == ["000001.json"]


def files(folder: Path) -> dict[Path, bytes]:
    # The lock is made by whoever looks; it holds nothing.
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


def finished(dataset: Dataset, count: int) -> None:
    """A run that ended, with a row of its own."""
    with dataset.writer("run1") as writer:
        for number in range(count):
            writer.commit(batch(document(f"{number}.pdf", [f"Tasks {number}."])))
            writer.publish()
        now = dt.datetime.now(dt.UTC)
        writer.finish(RunRecord(now, now, "{}", "rules", [], {}, {}))


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("what", ["_versions/*.json", "_versions", "**/*.json", "[!r]*/**/*.json"])
def test_a_dataset_that_lost_its_manifests_is_left_as_it_is(dataset: Dataset, count: int, what: str) -> None:
    finished(dataset, count)
    for path in dataset.path.glob(what):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (dataset.path / versions.VERSIONS_FOLDER / "000002.json.tmp").touch() if what == "_versions/*.json" else None
    before = files(dataset.path)
    message = r"belongs to no dataset version: .*_versions has none\. Restore _versions from a backup, or give"
    for _ in range(2):
        with pytest.raises(DatasetError, match=message) as caught, dataset.writer("run2"):
            pass
        assert "\n" not in str(caught.value)
    with pytest.raises(DatasetError, match=message):
        dataset.read("documents")
    with pytest.raises(DatasetError, match=message):
        dataset.check_versions()
    assert files(dataset.path) == before


def test_a_run_that_did_not_end_after_two_batches_is_left_as_it_is_too(dataset: Dataset) -> None:
    commit_small(dataset, "run1")
    for path in (dataset.path / versions.VERSIONS_FOLDER).iterdir():
        path.unlink()
    before = files(dataset.path)
    with pytest.raises(DatasetError, match="belongs to no dataset version"), dataset.writer("run2"):
        pass
    assert files(dataset.path) == before


@pytest.mark.parametrize("name", ["documents", "provisions", "lineage", "rejects", "corrections", "runs"])
def test_files_of_others_are_no_tables_of_a_run_that_was_cut_off(dataset: Dataset, name: str) -> None:
    (dataset.path / versions.VERSIONS_FOLDER).mkdir(parents=True)
    for letter in (dataset.path / name / "letter.txt", dataset.path / name / "year" / "letter.pdf"):
        letter.parent.mkdir(exist_ok=True)
        letter.write_text("mine")
    before = files(dataset.path)
    with pytest.raises(DatasetError, match=f"{name} belongs to no dataset version"), dataset.writer("run1"):
        pass
    assert files(dataset.path) == before


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_no_folder_is_no_table(dataset: Dataset, tmp_path: Path, kind: str) -> None:
    (dataset.path / versions.VERSIONS_FOLDER).mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    table = dataset.path / "documents"
    table.symlink_to(tmp_path / "elsewhere") if kind == "link" else table.touch()
    with pytest.raises(DatasetError, match="documents belongs to no dataset version"), dataset.writer("run1"):
        pass
    assert table.exists()


@pytest.mark.parametrize("left", ["", "_delta_log", "_delta_log/00000000000000000000.json#1", "a.parquet#1"])
def test_a_table_whose_making_was_cut_off_is_made_anew(dataset: Dataset, left: str) -> None:
    (dataset.path / versions.VERSIONS_FOLDER).mkdir(parents=True)
    table = dataset.path / "provisions"
    if left == "a.parquet#1":
        delta.create(table)
    if "#" in left:
        (table / left).parent.mkdir(parents=True, exist_ok=True)
        (table / left).touch()
    else:
        (table / left).mkdir(parents=True)
    dataset.check_versions()
    assert one_version(dataset).read("provisions").num_rows == 3


def test_two_writers_take_turns(dataset: Dataset, undisturbed: Dataset) -> None:
    processes = [start(dataset, f"run{number}") for number in range(2)]
    assert [process.communicate()[0].splitlines()[-1] for process in processes] == ["done", "done"]
    assert contents(dataset) == contents(undisturbed)
    runs = [info.run_id for info in dataset.versions()]
    assert runs in (sorted(runs), sorted(runs, reverse=True))


def test_a_reader_is_not_disturbed_by_a_writer(dataset: Dataset) -> None:
    process = start(dataset, "run")
    while process.poll() is None:
        if dataset.latest_version():
            check_whole(dataset)
    assert dataset.latest_version() == VERSIONS


@pytest.mark.slow
def test_a_program_that_read_exits_in_order(undisturbed: Dataset) -> None:
    code = (
        "import sys; from osce_commitments.dataset import Dataset\n"
        "for _ in range(8): Dataset(sys.argv[1]).read('provisions')"
    )
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code, str(undisturbed.path)], check=False, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_commit_that_meets_another_is_tried_again(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    write, failures = deltalake.write_deltalake, iter([True, True, False])

    def conflicting(*args: object, **kwargs: object) -> None:
        if next(failures, False):
            raise CommitFailedError
        write(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(deltalake, "write_deltalake", conflicting)
    assert one_version(dataset).latest_version() == 1
    assert next(failures, None) is None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (CommitFailedError("conflict"), "was changed by another program 5 times in a row"),
        (DeltaError("No space\nleft on device"), r"provisions cannot be written: No space left on device\. Check free"),
        (PermissionError(13, "Permission denied"), "cannot be written: .*Permission denied"),
    ],
)
def test_a_commit_that_fails_is_one_line_and_leaves_the_last_version(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    before = contents(one_version(dataset))
    monkeypatch.setattr(deltalake, "write_deltalake", failing)
    with pytest.raises(DatasetError, match=message) as caught, dataset.writer("run2") as writer:
        writer.commit(batch(document("b.pdf", ["Tasks B."])))
    assert "\n" not in str(caught.value)
    assert contents(dataset) == before


def one_version(dataset: Dataset) -> Dataset:
    with dataset.writer("run1") as writer:
        writer.commit(batch(document("a.pdf")))
    return dataset


def test_a_missing_dataset(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "none")
    assert (dataset.versions(), dataset.latest_version()) == ([], 0)
    with pytest.raises(DatasetError, match=r"there is no dataset at .*none\. Create one: osce-commitments run"):
        dataset.read("documents")
    assert not dataset.path.exists()


def test_a_file_is_no_dataset(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_text("x")
    with pytest.raises(DatasetError, match="is not a folder"):
        Dataset(file).versions()
    with pytest.raises(DatasetError, match="cannot be created"), Dataset(file).writer("run1"):
        pass


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"created_at": "x"}'])
def test_a_damaged_manifest(dataset: Dataset, content: str) -> None:
    (one_version(dataset).path / versions.VERSIONS_FOLDER / "000001.json").write_text(content)
    with pytest.raises(DatasetError, match=r"manifest .*000001\.json is damaged"):
        dataset.read("documents")


def test_another_schema(dataset: Dataset) -> None:
    path = one_version(dataset).path / versions.VERSIONS_FOLDER / "000001.json"
    path.write_text(path.read_text().replace(f'"schema_version": {SCHEMA_VERSION}', '"schema_version": 99'))
    with pytest.raises(
        DatasetError, match=rf"has schema 99, but this program reads {SCHEMA_VERSION}\. Use osce-commitments"
    ):
        dataset.read("documents")


@pytest.mark.parametrize("what", ["*.parquet", "_delta_log/*0.json", "_delta_log/*1.json"])
def test_a_missing_file(dataset: Dataset, what: str) -> None:
    for path in (one_version(dataset).path / "provisions").rglob(what):
        path.unlink()
    with pytest.raises(DatasetError, match=r"table .*provisions cannot be read") as caught:
        dataset.read("provisions")
    assert "\n" not in str(caught.value)


def test_a_damaged_file(dataset: Dataset) -> None:
    for path in (one_version(dataset).path / "provisions").rglob("*.parquet"):
        path.write_bytes(b"PAR1 no more PAR1")
    with pytest.raises(DatasetError, match=r"table .*provisions cannot be read") as caught:
        dataset.read("provisions")
    assert "\n" not in str(caught.value)


def test_pinned_versions_outlive_an_ordinary_vacuum(dataset: Dataset) -> None:
    with one_version(dataset).writer("run2") as writer:
        writer.commit(batch(document("a.pdf", ["Tasks B."])))
    table = delta.open_table(dataset.path / "provisions")
    assert table.vacuum(dry_run=False) == []
    table.create_checkpoint()
    table.cleanup_metadata()
    assert dataset.read("provisions", 1).num_rows == 3


@pytest.mark.parametrize("name", ["br[a]", "pipe|", "pc%20", "back\\slash"])
def test_paths_that_the_library_cannot_handle_are_refused_before_anything_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(DatasetError, match="cannot handle in a path"), Dataset(tmp_path / name).writer("run1"):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["sp ace", "ä#?*", "№ 1", "a'b\"c", "{x}"])
def test_other_odd_paths_work(tmp_path: Path, name: str) -> None:
    dataset = Dataset(tmp_path / name)
    for source in ("a.pdf", "b.pdf"):
        with dataset.writer("run1", pipeline="p") as writer:
            writer.commit(batch(document(source, [f"Tasks {source}."])))
    assert dataset.read("documents").num_rows == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
@pytest.mark.parametrize(
    "pattern", ["_versions/000001.json", "provisions/**/*.parquet", "provisions/_delta_log/*.json"]
)
def test_a_pipe_in_the_place_of_a_file_is_named_at_once(dataset: Dataset, pattern: str) -> None:
    finished(dataset, 1)
    path = next(dataset.path.glob(pattern))
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(DatasetError, match="not a regular file"):
        dataset.read("provisions")
    said: list[str] = []
    with pytest.raises(DatasetError, match="not a regular file"):
        dataset.repair(said.append)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_answers_that_cannot_be_read_are_put_aside(dataset: Dataset) -> None:
    finished(dataset, 1)
    folder = dataset.path / "_answers"
    folder.mkdir()
    os.mkfifo(folder / "1.json")
    (folder / "2.json").write_text("[" * 100_000, encoding="utf-8")
    with dataset.writer("run2"):
        pass
    assert list(folder.iterdir()) == []


def test_a_table_without_the_newest_columns_opens_and_gets_them_with_the_next_rows(tmp_path: Path) -> None:
    dataset, new = Dataset(tmp_path / "data"), ["paragraph_id", "sentence", "sentences"]
    with dataset.writer("r1") as writer:
        writer.commit(batch(document("a.pdf")))
    rows = dataset.read("provisions")
    old, other = tmp_path / "old" / "provisions", tmp_path / "other" / "provisions"
    deltalake.write_deltalake(old, rows.drop_columns(new), partition_by=["year"])
    assert {row[name] for row in delta.scan(old, 0).to_pylist() for name in new} == {None}
    assert delta.scan(old, delta.commit_rows(old, rows, "r2")).num_rows == 2 * len(rows)
    deltalake.write_deltalake(other, rows.drop_columns(["number"]), partition_by=["year"])
    with pytest.raises(DatasetError, match="has no column number"):
        delta.scan(other, 0)
