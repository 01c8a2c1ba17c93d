from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset, RunRecord, delta
from osce_commitments.errors import DatasetError, SchemaError
from osce_commitments.labels import ThreatArea
from osce_commitments.schema import BatchResult
from tests.support.makers import LINES, batch, document, provisions, reject

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.schema import Reject

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
RECORD = RunRecord(NOW, NOW, "{}", "rules", [("a.pdf", "ab", "new")], {"documents": 1}, {"tag": 0.5})


def commit(dataset: Dataset, *batches: BatchResult, run: str = "run1", pipeline: str = "p1") -> list[int | None]:
    with dataset.writer(run, pipeline=pipeline) as writer:
        return [writer.commit(one) for one in batches]


def texts(dataset: Dataset, version: int | None = None) -> list[str]:
    return sorted(dataset.read("provisions", version)["text"].to_pylist())


def delta_versions(dataset: Dataset) -> dict[str, int]:
    from deltalake import DeltaTable

    names = ("documents", "provisions", "lineage", "rejects", "corrections", "runs")
    return {name: DeltaTable(dataset.path / name).version() for name in names}


def test_a_batch_becomes_a_version(dataset: Dataset) -> None:
    assert commit(dataset, batch(document("a.pdf"), document("b.pdf", date=dt.date(2092, 1, 2)))) == [1]
    assert dataset.latest_version() == 1
    assert dataset.read("documents")["source"].to_pylist() == ["a.pdf", "b.pdf"]
    assert dataset.read("documents")["provision_count"].to_pylist() == [3, 3]
    assert dataset.read("provisions").num_rows == 6
    info = dataset.versions()[0]
    assert (info.run_id, info.message, info.counts["provisions"]) == ("run1", "2 documents", 6)


def test_the_same_content_makes_no_version_in_any_table(dataset: Dataset) -> None:
    everything = batch(document("a.pdf"), document("u.pdf", date=None), rejects=[reject("bad.pdf")])
    commit(dataset, everything)
    before = delta_versions(dataset)
    with dataset.writer("run2", pipeline="p1") as writer:
        assert writer.commit(everything) is None
        writer.finish(RECORD)
    assert dataset.latest_version() == 1
    assert delta_versions(dataset) == before
    assert dataset.read("runs").num_rows == 0


def test_a_changed_document_replaces_its_rows_only(dataset: Dataset) -> None:
    commit(dataset, batch(document("a.pdf"), document("b.pdf", ["Calls upon B to act;"])))
    commit(dataset, batch(document("a.pdf", [*LINES[:2], "Tasks A to act."])))
    assert texts(dataset) == sorted([*LINES[:2], "Tasks A to act.", "Calls upon B to act;"])
    assert texts(dataset, 1) == sorted([*LINES, "Calls upon B to act;"])
    assert dataset.read("documents").num_rows == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [(dt.date(2091, 1, 1), dt.date(2093, 1, 1)), (None, dt.date(2093, 1, 1)), (dt.date(2091, 1, 1), None)],
    ids=["to another year", "undated to dated", "dated to undated"],
)
def test_a_document_whose_year_changes_leaves_its_old_partition(
    dataset: Dataset, before: dt.date | None, after: dt.date | None
) -> None:
    commit(dataset, batch(document("a.pdf", date=before)))
    commit(dataset, batch(document("a.pdf", date=after)))
    year = after.year if after else None
    assert dataset.read("documents")["year"].to_pylist() == [year]
    assert dataset.read("provisions")["year"].to_pylist() == [year] * 3


def test_the_same_bytes_dated_anew_replace_their_rows(dataset: Dataset) -> None:
    commit(dataset, batch(document("a.pdf", content="same")))
    commit(dataset, batch(document("a.pdf", content="same", date=None)), pipeline="p2")
    assert dataset.read("documents")["year"].to_pylist() == [None]
    assert dataset.read("provisions")["year"].to_pylist() == [None] * 3


def test_a_volume_that_loses_a_part_loses_its_rows(dataset: Dataset) -> None:
    first, second = document("v.pdf", content="one"), document("v.pdf", ["Tasks B."], content="one", part=2)
    commit(dataset, batch(first, second))
    assert dataset.read("documents")["part"].to_pylist() == [1, 2]
    commit(dataset, batch(document("v.pdf", content="two")))
    assert dataset.read("documents")["part"].to_pylist() == [1]
    assert texts(dataset) == sorted(LINES)


def test_the_same_bytes_at_two_paths_are_one_document_of_the_first(dataset: Dataset) -> None:
    commit(dataset, batch(document("a.pdf"), document("b.pdf")))
    assert dataset.read("documents")["source"].to_pylist() == ["a.pdf"]
    assert dataset.read("documents")["provision_count"].to_pylist() == [3]
    assert dataset.read("provisions").num_rows == 3


def test_a_reject_is_listed_and_goes_when_the_source_is_fine(dataset: Dataset) -> None:
    commit(dataset, batch(rejects=[reject("a.pdf"), reject("b.pdf"), reject("b.pdf")]))
    assert dataset.read("rejects")["source"].to_pylist() == ["a.pdf", "b.pdf"]
    assert dataset.read("documents").num_rows == 0
    commit(dataset, batch(document("a.pdf")))
    assert dataset.read("rejects")["source"].to_pylist() == ["b.pdf"]


def test_a_source_that_is_refused_now_keeps_its_last_good_state(dataset: Dataset) -> None:
    commit(dataset, batch(document("a.pdf")), batch(rejects=[reject("a.pdf")]))
    assert dataset.read("documents")["source"].to_pylist() == ["a.pdf"]
    assert dataset.read("rejects")["source"].to_pylist() == ["a.pdf"]


def test_a_source_may_have_documents_and_rejected_parts(dataset: Dataset) -> None:
    commit(dataset, batch(document("v.pdf"), rejects=[reject("v.pdf", reason="language")]))
    assert dataset.read("rejects")["reason"].to_pylist() == ["language"]
    commit(dataset, batch(document("v.pdf")))
    assert dataset.read("rejects").num_rows == 0


@pytest.mark.parametrize("source", ['it\'s a "file".pdf', "документ.pdf", "a\\b%_.pdf", "x' OR '1'='1"])
def test_odd_paths_are_only_text(dataset: Dataset, source: str) -> None:
    commit(
        dataset, batch(document(source)), batch(document("other.pdf", ["Tasks B."])), batch(rejects=[reject(source)])
    )
    commit(dataset, batch(document(source, ["Tasks C."])))
    assert texts(dataset) == ["Tasks B.", "Tasks C."]
    assert dataset.read("rejects").num_rows == 0


def test_a_run_that_wrote_leaves_one_row_and_no_version_of_its_own(dataset: Dataset) -> None:
    with dataset.writer("run1") as writer:
        writer.commit(batch(document("a.pdf")))
        writer.finish(RECORD)
    assert dataset.latest_version() == 1
    (run,) = dataset.read("runs").to_pylist()
    assert (run["id"], run["started_at"], run["inputs"]) == (
        "run1",
        NOW,
        [{"source": "a.pdf", "sha256": "ab", "outcome": "new"}],
    )
    commit(dataset, batch(document("b.pdf", ["Tasks B."])), run="run2")
    assert dataset.read("runs", 1)["id"].to_pylist() == ["run1"]


def test_labels_are_replaced_and_nothing_else(dataset: Dataset) -> None:
    one, two = document("a.pdf"), document("u.pdf", ["Tasks B."], date=None)
    commit(dataset, batch(one, two))
    before = dataset.read("provisions").drop_columns(["threat_areas", "area_probabilities", "area_cues", "model_id"])
    relabelled = [item for one in dataset.other_models("new") for item in one]
    assert len(relabelled) == 4
    again = [item for one in (one, two) for item in provisions(one, model="new", area=ThreatArea.ARMS)]
    with dataset.writer("run2") as writer:
        assert writer.relabel(again[1:]) == 2
        assert writer.relabel(again[1:]) is None
    after = dataset.read("provisions")
    assert after["model_id"].to_pylist() == ["rules", "new", "new", "new"]
    assert after.drop_columns(["threat_areas", "area_probabilities", "area_cues", "model_id"]).equals(before)
    assert [item.tagged.provision.index for one in dataset.other_models("new") for item in one] == [0]
    diff = dataset.diff(1, 2)
    assert [(a["threat_areas"], b["threat_areas"]) for a, b in diff.relabelled] == [(["border_security"], ["arms"])] * 3
    assert not diff.documents_changed


def test_labels_of_what_is_not_there_are_refused(dataset: Dataset) -> None:
    commit(dataset, batch(document("a.pdf")))
    with dataset.writer("run2") as writer, pytest.raises(DatasetError, match="not in the dataset"):
        writer.relabel(provisions(document("b.pdf", ["Tasks B."])))


def test_a_provision_without_its_document_is_refused_before_anything_is_written(dataset: Dataset) -> None:
    stray = BatchResult((document("a.pdf"),), tuple(provisions(document("b.pdf", ["Tasks B."]))), ())
    with dataset.writer("run1") as writer:
        with pytest.raises(SchemaError, match="belongs to no document of its batch"):
            writer.commit(stray)
        assert writer.commit(batch(document("a.pdf"))) == 1


def test_a_second_writer_is_told_that_another_run_is_writing(dataset: Dataset) -> None:
    with (
        dataset.writer("run1"),
        pytest.raises(DatasetError, match="another run is writing"),
        dataset.writer("run2", wait_seconds=0.1),
    ):
        pass
    commit(dataset, batch(document("a.pdf")))


def test_foreign_folders_are_left_alone(tmp_path: Path) -> None:
    keep = tmp_path / "documents" / "letter.txt"
    keep.parent.mkdir()
    keep.write_text("mine")
    with pytest.raises(DatasetError, match="belongs to no dataset"), Dataset(tmp_path).writer("run1"):
        pass
    assert keep.read_text() == "mine"


def test_small_files_are_merged_and_the_rows_stay(dataset: Dataset) -> None:
    count = delta.SMALL_FILES_PER_PARTITION
    for n in range(count + 1):
        commit(dataset, batch(document(f"{n}.pdf", [f"Tasks {n}."]), document(f"{n}.txt", [f"Calls {n};"], date=None)))
    pinned = [info.tables["provisions"] for info in dataset.versions()]
    files = [len(delta.file_names(dataset.path / "provisions", number)) for number in pinned]
    assert files[-2:] == [2 * count, 2]
    for n in (count, count + 1):
        assert texts(dataset, n) == [*(f"Calls {m};" for m in range(n)), *(f"Tasks {m}." for m in range(n))]
    added = [row["text"] for row in dataset.diff(count, count + 1).provisions_added]
    assert added == [f"Tasks {count}.", f"Calls {count};"]
    commit(dataset, batch(document("0.pdf", ["Tasks B."])))
    assert "Tasks 0." not in texts(dataset)


def test_files_that_merging_leaves_do_not_ask_for_merging() -> None:
    count = delta.SMALL_FILES_PER_PARTITION
    assert delta.needs_merging([100_000] * (count + 1), 1)
    assert not delta.needs_merging([100_000] * (count + 1), 2)
    assert not delta.needs_merging([250_000] * 500, 1)  # no two of them make a file of 400 kB


def test_a_session_opens_each_table_once(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, real = [], delta.open_table

    def opening(folder: Path, version: int | None = None) -> object:
        opened.append(folder.name)
        return real(folder, version)

    monkeypatch.setattr(delta, "open_table", opening)
    with dataset.writer("run1") as writer:
        for n in range(4):
            writer.commit(batch(document(f"{n}.pdf", [f"Tasks {n}."]), rejects=[reject(f"{n}.txt")]))
    assert sorted(opened) == ["documents", "provisions", "rejects"]
    assert dataset.info().counts["documents"] == 4
    assert len(rejects_of(dataset, *(f"{n}.txt" for n in range(4)))) == 4


def test_an_empty_batch_changes_nothing(dataset: Dataset) -> None:
    assert commit(dataset, batch()) == [None]
    assert dataset.latest_version() == 0


def test_a_dataset_can_be_moved(dataset: Dataset, tmp_path: Path) -> None:
    commit(dataset, batch(document("a.pdf"), rejects=[reject("b.pdf")]))
    dataset.path.rename(tmp_path / "elsewhere")
    moved = Dataset(tmp_path / "elsewhere")
    commit(moved, batch(document("a.pdf", ["Tasks B."])))
    assert texts(moved) == ["Tasks B."]


def rejects_of(dataset: Dataset, *sources: str) -> list[Reject]:
    return dataset.known_rejects(sources)


def test_known_rejects_come_back_as_records(dataset: Dataset) -> None:
    assert rejects_of(dataset, "a.pdf") == []
    commit(dataset, batch(rejects=[reject("a.pdf"), reject("b.pdf")]))
    assert rejects_of(dataset, "a.pdf", "c.pdf") == [reject("a.pdf")]
