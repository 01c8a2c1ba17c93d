"""A run without Prefect: what is new, changed, unchanged, refused; what a defect does."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments import sources
from osce_commitments.classify import load_classifier
from osce_commitments.config import Engine, RunConfig, Runner
from osce_commitments.dataset import Dataset, Outcome, Writer
from osce_commitments.errors import ConfigError, SourceError
from osce_commitments.flows import batch, engine, looking, steps
from osce_commitments.flows.batch import pack_batch, process_batch, unpack_batch
from osce_commitments.flows.steps import ingest, relabel
from osce_commitments.labels import MediaType
from osce_commitments.schema import BatchResult, SourceRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FILES = ("csce-concluding-document-1993.txt", "mc-dec-92-13.docx", "mc-doc-93-17.html", "pc-dec-9104.pdf")
CONFIG = RunConfig(batch_size=2)


@pytest.fixture
def inbox(tmp_path: Path, samples: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in FILES:
        shutil.copy(samples / name, folder)
    return folder


def _rows(data: Path, table: str) -> list[dict[str, object]]:
    return Dataset(data).read(table).to_pylist(maps_as_pydicts="strict")


def test_a_run_of_several_batches_writes_one_version(inbox: Path, tmp_path: Path) -> None:
    summary = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert (summary.counts()["new"], summary.version_before, summary.version) == (4, 0, 1)
    assert summary.counts()["documents"] == 4
    assert summary.counts()["provisions"] == len(_rows(tmp_path / "data", "provisions")) > 40


def test_second_run_writes_nothing_anywhere(inbox: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    ingest([str(inbox)], data, CONFIG)
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()}
    summary = ingest([str(inbox)], data, CONFIG)
    assert summary.counts()["unchanged"] == 4
    assert summary.version == summary.version_before == 1
    # The lock is touched by whoever looks.
    caches = {".lock"}
    after = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file() and path.name not in caches}
    assert after == {path: time for path, time in before.items() if path.name not in caches}


def test_changed_file_replaces_only_its_rows(inbox: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    ingest([str(inbox)], data, CONFIG)
    old = {row["id"]: row["source"] for row in _rows(data, "documents")}
    changed = inbox / FILES[0]
    text = changed.read_text(encoding="utf-8")
    assert "participating States will" in text
    changed.write_text(text.replace("participating States will", "participating States should", 1), encoding="utf-8")
    summary = ingest([str(inbox)], data, CONFIG)
    assert (summary.counts()["changed"], summary.counts()["unchanged"]) == (1, 3)
    new = {row["id"]: row["source"] for row in _rows(data, "documents")}
    assert {old[key] for key in old.keys() - new.keys()} == {str(changed)}
    assert {new[key] for key in new.keys() - old.keys()} == {str(changed)}
    diff = Dataset(data).diff(1, 2)
    assert len(diff.documents_changed) == 1
    assert len(diff.provisions_added) == len(diff.provisions_removed) == 1


def test_bad_input_is_a_row_and_stops_nothing(inbox: Path, tmp_path: Path) -> None:
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (inbox / "empty.pdf").touch()
    summary = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert (summary.counts()["new"], summary.counts()["rejected"]) == (4, 2)
    rows = _rows(tmp_path / "data", "rejects")
    assert {str(row["source"]).rsplit("/", 1)[-1] for row in rows} == {"broken.pdf", "empty.pdf"}
    assert all(row["reason"] and row["message"] and row["remedy"] for row in rows)


def test_known_rejects_are_listed_again_without_a_new_version(inbox: Path, tmp_path: Path) -> None:
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    first = ingest([str(inbox)], tmp_path / "data", CONFIG)
    second = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert second.rejects == first.rejects
    assert second.version == first.version


def test_mended_file_loses_its_reject(inbox: Path, tmp_path: Path, samples: Path) -> None:
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    ingest([str(inbox)], tmp_path / "data", CONFIG)
    shutil.copy(samples / "pc-dec-9117.pdf", inbox / "broken.pdf")
    summary = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert not summary.rejects
    assert _rows(tmp_path / "data", "rejects") == []


def test_defect_while_inputs_are_read_stops_nothing(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = sources.read_source

    def fail(ref: SourceRef, **choices: object) -> object:
        if ref.uri.endswith(".docx"):
            raise ZeroDivisionError("a defect")
        return read(ref, **choices)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "read_source", fail)
    summary = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert [(reject.stage, reject.reason) for reject in summary.rejects] == [("sources", "defect")]
    assert summary.counts()["documents"] == 3


def test_a_wrong_setting_is_no_defect_of_an_input(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConfigError("the download folder cannot be written")

    monkeypatch.setattr(sources, "read_source", fail)
    with pytest.raises(ConfigError):
        ingest([str(inbox)], tmp_path / "data", CONFIG)


def test_same_bytes_twice_are_one_document(inbox: Path, tmp_path: Path) -> None:
    shutil.copy(inbox / FILES[3], inbox / "z-copy.pdf")
    summary = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert summary.counts()["duplicate"] == 1
    assert summary.counts()["documents"] == 4


def test_outcomes_add_up(inbox: Path, tmp_path: Path) -> None:
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    counts = ingest([str(inbox)], tmp_path / "data", CONFIG).counts()
    assert sum(counts[outcome] for outcome in Outcome) == counts["inputs"] == 5


class _Other:
    """A classifier with another id; it says what the rules say."""

    id = "other-1"

    def __init__(self) -> None:
        self._rules = load_classifier("rules")

    def classify(self, provisions: object) -> list[object]:
        import dataclasses

        return [dataclasses.replace(labels, model_id=self.id) for labels in self._rules.classify(provisions)]


def test_relabel_touches_only_what_another_model_labelled(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    ingest([str(inbox)], data, CONFIG)
    assert relabel(data, CONFIG).provisions == 0
    monkeypatch.setattr(steps, "load_classifier", lambda _name: _Other())
    monkeypatch.setattr(steps, "classifier_id", lambda _name: _Other.id)
    count = len(_rows(data, "provisions"))
    assert relabel(data, CONFIG).provisions == count
    assert {row["model_id"] for row in _rows(data, "provisions")} == {"other-1"}
    assert [row["counts"] for row in _rows(data, "runs") if row["model_id"] == "other-1"] == [{"relabelled": count}]
    assert {info.run_id for info in Dataset(data).versions()} == {row["id"] for row in _rows(data, "runs")}
    assert len(_rows(data, "provisions")) == count


def test_relabel_keeps_the_review_mark_of_documents_that_lack_letters(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_lost_letters(batches: Iterable[Sequence[SourceRef]], config: RunConfig) -> Iterator[BatchResult]:
        for result in steps.map_inline(batches, config):
            documents = tuple(
                replace(document, letters_missing=30 if document.source.endswith(".docx") else 3)
                for document in result.documents
            )
            yield replace(result, documents=documents)

    data = tmp_path / "data"
    ingest([str(inbox)], data, CONFIG, map_batches=with_lost_letters)
    incomplete = {row["id"] for row in _rows(data, "documents") if row["source"].endswith(".docx")}
    monkeypatch.setattr(steps, "load_classifier", lambda _name: _Other())
    monkeypatch.setattr(steps, "classifier_id", lambda _name: _Other.id)
    relabel(data, CONFIG)
    rows = _rows(data, "provisions")
    assert {row["needs_review"] for row in rows if row["document"] in incomplete} == {True}
    assert not all(row["needs_review"] for row in rows if row["document"] not in incomplete)


def _engine_for(inbox: Path, data: Path, config: RunConfig) -> Engine:
    inputs = [str(inbox)]
    return engine.choose_engine(inputs, looking.find_inputs(inputs, config), data, config)


def test_auto_engine_follows_the_number_of_new_and_changed_inputs(inbox: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert _engine_for(inbox, data, RunConfig(auto_threshold=5)) is Engine.INLINE
    assert _engine_for(inbox, data, RunConfig(auto_threshold=4)) is Engine.PREFECT
    assert _engine_for(inbox, data, RunConfig(auto_threshold=40, engine=Engine.PREFECT)) is Engine.PREFECT
    assert _engine_for(inbox, data, RunConfig(auto_threshold=1, engine=Engine.INLINE)) is Engine.INLINE
    ingest([str(inbox)], data, CONFIG)
    (inbox / "new.txt").write_text("The Ministerial Council,\n\nDecides to meet.\n")
    assert _engine_for(inbox, data, RunConfig(auto_threshold=2)) is Engine.INLINE
    assert _engine_for(inbox, data, RunConfig(auto_threshold=1)) is Engine.PREFECT


@pytest.mark.parametrize("chosen", [Engine.AUTO, Engine.PREFECT])
def test_no_server_starts_and_no_classifier_loads_where_there_is_nothing_to_do(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: Engine
) -> None:
    ingest([str(inbox)], tmp_path / "data", CONFIG)

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(engine, "prefect_server", never)
    monkeypatch.setattr(steps, "load_classifier", never)
    monkeypatch.setattr(steps, "pack_batch", never)
    summary = engine.run_job([str(inbox)], tmp_path / "data", RunConfig(engine=chosen, auto_threshold=1))
    assert summary.counts()["unchanged"] == 4


@pytest.mark.parametrize("mistake", ["nowhere.pdf", "*.none", "ftp://example.org/a.pdf", "catalogue:NO.SUCH/1"])
def test_a_mistyped_input_ends_the_run_before_anything_is_read(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        ingest([str(inbox), mistake], tmp_path / "data", CONFIG)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_downloads_happen_before_the_dataset_is_locked(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    localise, data = sources.localise, tmp_path / "data"

    def slow(ref: SourceRef, **choices: object) -> SourceRef:
        with Dataset(data).writer("other", wait_seconds=0):
            return localise(ref, **choices)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "localise", slow)
    monkeypatch.setattr(looking, "_READERS", 1)
    assert ingest([str(inbox)], data, CONFIG).counts()["new"] == 4


@pytest.mark.parametrize(
    ("cause", "is_tried_again"), [(OSError("stale handle"), True), (FileNotFoundError("gone"), False)]
)
def test_only_a_read_error_that_may_pass_is_raised_before_the_last_try(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, cause: OSError, *, is_tried_again: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise SourceError("a.txt cannot be read", "try again", reason="unreadable") from cause

    refs = sources.discover([str(inbox)], limits=CONFIG.limits).refs
    monkeypatch.setattr(sources, "read_source", fail)
    if is_tried_again:
        with pytest.raises(OSError, match="stale handle"):
            process_batch(refs, CONFIG, is_last_try=False)
    else:
        assert len(process_batch(refs, CONFIG, is_last_try=False).rejects) == len(FILES)
    assert [reject.reason for reject in process_batch(refs, CONFIG).rejects] == ["unreadable"] * len(FILES)


@pytest.mark.parametrize(("address", "is_refused"), [("tcp://10.1.2.3:8786", True), ("tcp://127.0.0.1:8786", False)])
def test_workers_on_other_machines_need_a_server_that_they_can_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, *, is_refused: bool
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    config = RunConfig(engine=Engine.PREFECT, runner=Runner.DASK)
    message = "workers of the Dask cluster at tcp://10" if is_refused else "nothing"
    with pytest.raises(ConfigError, match=message):
        engine.run_job([str(tmp_path / "nothing.txt")], tmp_path / "data", config)


def test_a_batch_can_be_passed_on_as_bytes(inbox: Path) -> None:
    refs = [*sources.discover([str(inbox)], limits=CONFIG.limits).refs, SourceRef("/gone.txt", MediaType.TEXT)]
    parts, whole = list(pack_batch(refs, CONFIG)), process_batch(refs, CONFIG)
    assert {type(part) for part in parts} == {bytes}
    (joined,) = unpack_batch(parts)
    assert (joined.documents, joined.provisions, joined.rejects) == (whole.documents, whole.provisions, whole.rejects)
    assert joined.provisions
    assert [reject.source for reject in joined.rejects] == ["/gone.txt"]
    assert joined.seconds.keys() == whole.seconds.keys() > {"sources", "classify"}


def test_the_files_of_a_batch_are_written_before_they_fill_the_memory(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_MANY_PROVISIONS", 1)
    sizes: list[int] = []
    commit = Writer.commit

    def noting(self: Writer, result: BatchResult, **choices: Any) -> int | None:  # noqa: ANN401 - passed on
        sizes.append(len(result.documents))
        return commit(self, result, **choices)

    monkeypatch.setattr(Writer, "commit", noting)
    summary = ingest([str(inbox)], tmp_path / "data", CONFIG)
    assert max(sizes) == 1
    assert (summary.counts()["documents"], summary.version) == (4, 1)


def test_changed_metadata_makes_an_input_changed(inbox: Path, tmp_path: Path) -> None:
    data, table = tmp_path / "data", inbox / "SOURCES.csv"
    table.write_text(f"file,title\n{FILES[0]},Lamps\nother.txt,Storms\n")
    first = ingest([str(inbox)], data, CONFIG)
    assert first.metadata.offers == {str(table): 1}
    config = CONFIG.model_copy(update={"metadata": table})
    second = ingest([str(inbox)], data, config)
    assert (second.counts()["changed"], second.counts()["unchanged"]) == (1, 3)
    assert (second.metadata.described, second.metadata.offers) == (1, {})
    assert second.metadata.unmatched == (f"{table}, line 3: other.txt: it is no input of this run",)
    assert [row["title"] for row in _rows(data, "documents") if str(row["source"]).endswith(FILES[0])] == ["Lamps"]
    assert ingest([str(inbox)], data, config).counts()["unchanged"] == 4
    table.write_text(f"file,title\n{FILES[0]},Storms\n")
    assert ingest([str(inbox)], data, config).counts()["changed"] == 1
