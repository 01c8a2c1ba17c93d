from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import VersionInfo
from osce_commitments.dataset.versions import VersionSpec, choose, publish_manifest
from osce_commitments.errors import DatasetError
from tests.support.makers import LINES, batch, document

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.dataset import Dataset


def info(version: int, day: int) -> VersionInfo:
    return VersionInfo(version, dt.datetime(2026, 3, day, 9, 30, tzinfo=dt.UTC), "run", "", "0.1.0", 1)


INFOS = [info(1, 1), info(2, 5), info(3, 5), info(4, 9)]


@pytest.mark.parametrize(
    ("spec", "version"),
    [
        (None, 4),
        ("latest", 4),
        (2, 2),
        ("2", 2),
        (" 3 ", 3),
        ("2026-03-01", 1),
        ("2026-03-05", 3),
        ("2026-03-06", 3),
        ("2030-01-01", 4),
        (dt.date(2026, 3, 8), 3),
        ("2026-03-09T09:29:59", 3),
        ("2026-03-09T09:30:00Z", 4),
        ("2026-03-09T10:29:00+01:00", 3),
        (dt.datetime(2026, 3, 4, tzinfo=dt.UTC), 1),
    ],
)
def test_a_version_is_found_by_number_day_or_moment(spec: VersionSpec, version: int) -> None:
    assert choose(spec, INFOS).version == version


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (0, r"there is no version 0\. Available: 1 \(2026-03-01 09:30 UTC\), 2"),
        ("7", "there is no version 7"),
        ("2026-02-28", r"there was no version yet at 2026-02-28\. Available: 1"),
        ("yesterday", r"'yesterday' is not a version\. Give a number, 'latest', a day .*available: 1"),
        ("-1", "'-1' is not a version"),
        ("", "'' is not a version"),
    ],
)
def test_a_version_that_does_not_exist(spec: VersionSpec, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        choose(spec, INFOS)


def test_many_versions_are_listed_in_short() -> None:
    with pytest.raises(DatasetError, match=r"Available: 1 \(.*\), …, 17 \(.*\), 18 \(.*\), 19 \(.*\), 20 \(") as caught:
        choose(99, [info(number, number) for number in range(1, 21)])
    assert " 16 (" not in str(caught.value)


def test_a_manifest_never_replaces_another(tmp_path: Path) -> None:
    publish_manifest(tmp_path, info(1, 1))
    with pytest.raises(DatasetError, match="version 1 was published by another program"):
        publish_manifest(tmp_path, info(1, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["000001.json"]


def test_a_manifest_is_published_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    publish_manifest(tmp_path, info(1, 1))
    with pytest.raises(DatasetError, match="published by another program"):
        publish_manifest(tmp_path, info(1, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["000001.json"]


def test_a_dataset_is_read_as_of_a_day_and_a_number(dataset: Dataset) -> None:
    with dataset.writer("run1") as writer:
        writer.commit(batch(document("a.pdf")))
        writer.publish()
        writer.commit(batch(document("b.pdf", ["Tasks B."])))
    today = dataset.versions()[0].created_at.date()
    assert dataset.read("documents", today).num_rows == 2
    assert dataset.read("documents", 1).num_rows == 1
    assert dataset.resolve(dataset.versions()[0].created_at) == 1
    with pytest.raises(DatasetError, match="there was no version yet"):
        dataset.read("documents", "1999-12-31")


def test_wrong_names_get_the_choices(dataset: Dataset) -> None:
    with dataset.writer("run1") as writer:
        writer.commit(batch(document("a.pdf")))
    with pytest.raises(
        DatasetError,
        match=r"no table 'sentences'\. Choose from: documents, provisions, lineage, rejects, corrections, runs",
    ):
        dataset.read("sentences")
    with pytest.raises(DatasetError, match=r"table rejects has no column 'why'\. Choose from: source"):
        dataset.read("rejects", columns=["why"])
    assert dataset.read("documents", columns=["title", "id"]).column_names == ["title", "id"]


def test_what_is_read_from_a_pinned_dataset_belongs_together(dataset: Dataset) -> None:
    with dataset.writer("run-1", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", LINES)))
    pinned = dataset.pinned()
    documents = pinned.read("documents")
    with dataset.writer("run-2", pipeline="p1") as writer:
        writer.commit(batch(document("b.pdf", ("Tasks B.",))))
    assert set(pinned.read("provisions")["document"].to_pylist()) == set(documents["id"].to_pylist())
    assert (pinned.resolve(), dataset.resolve(), dataset.pinned(1).resolve(), pinned.resolve(2)) == (1, 2, 1, 2)
    with pytest.raises(DatasetError):
        dataset.pinned(7)
