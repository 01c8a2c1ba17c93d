"""Each document has a budget of time and memory; one beyond it costs the others nothing."""

from __future__ import annotations

import os
import random
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from osce_commitments.classify import RULES
from osce_commitments.config import Limits, RunConfig
from osce_commitments.errors import ConfigError
from osce_commitments.flows import reader_process
from osce_commitments.flows.batch import process_batch
from osce_commitments.flows.reader_process import Overrun, ReaderProcess, read_apart, unpack_result
from osce_commitments.labels import MediaType
from osce_commitments.schema import Source, SourceRef
from tests.support import hostile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

needs_limit_of_memory = pytest.mark.skipif(sys.platform != "linux", reason="the system does not hold the limit")
TIGHT = Limits(max_seconds=1, max_seconds_per_megabyte=0)
GOOD = b"The Permanent Council decides to publish a yearly list of stolen documents."


def text(content: bytes = GOOD) -> Source:
    return Source(SourceRef("/in/good.txt", MediaType.TEXT), content)


@pytest.fixture(scope="module")
def workers() -> Iterator[list[ReaderProcess]]:
    """The worker that the tests share; a start costs more than a second."""
    started: list[ReaderProcess] = []
    yield started
    for process in started:
        process.close()


@pytest.fixture
def worker(workers: list[ReaderProcess]) -> ReaderProcess:
    """A usable worker, as a run has it: the last one, unless it was ended."""
    if not workers or not workers[-1].is_usable:
        workers.append(ReaderProcess(RULES))
    return workers[-1]


def pid(worker: ReaderProcess) -> int:
    return worker._process.pid


@pytest.mark.slow
@needs_limit_of_memory
@pytest.mark.parametrize("make", hostile.BOMBS_OF_MEMORY.values(), ids=hostile.BOMBS_OF_MEMORY)
def test_a_file_that_asks_for_too_much_memory_is_refused(make: Callable[[], bytes]) -> None:
    name = next(name for name, made in hostile.BOMBS_OF_MEMORY.items() if made is make)
    source = Source(SourceRef(f"/in/{name}", MediaType(name.rpartition(".")[2])), make())
    (reject,) = unpack_result(read_apart(source, Limits(max_memory_megabytes=400), RULES)).rejects
    assert (reject.stage, reject.reason, reject.source) == ("documents", "too_much_memory", source.ref.uri)
    assert "400 MB" in reject.message
    assert "max_memory_megabytes" in reject.remedy
    assert reject.source_sha256 == source.sha256


def test_a_file_that_takes_too_long_is_refused(worker: ReaderProcess) -> None:
    lines = b"".join(b"%d. The States will report on theft number %d by 2012.\n\n" % (k, k) for k in range(40_000))
    (reject,) = worker.read(text(lines), TIGHT).rejects
    assert reject.reason == "too_slow"
    assert "1 s of CPU time" in reject.message
    assert not worker.is_usable


def test_a_larger_file_has_more_time() -> None:
    assert reader_process.seconds_for(text(b"a" * 3_000_000), Limits()) == 55 + 120


def test_a_worker_that_hangs_is_ended(worker: ReaderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker.read(text(), Limits()).documents
    os.kill(pid(worker), signal.SIGSTOP)
    monkeypatch.setattr(reader_process, "_WALL_SECONDS_PER_CPU_SECOND", 0.1)
    (reject,) = worker.read(text(), TIGHT).rejects
    assert reject.reason == "too_slow"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ended_by", "reason"),
    [(signal.SIGSEGV, "crash"), (signal.SIGKILL, "too_much_memory"), (signal.SIGXCPU, "too_slow")],
)
def test_a_document_that_ends_its_reader_is_refused(
    worker: ReaderProcess, ended_by: signal.Signals, reason: str
) -> None:
    assert worker.read(text(), Limits()).documents
    os.kill(pid(worker), ended_by)
    (reject,) = worker.read(text(), Limits()).rejects
    assert (reject.reason, bool(reject.remedy)) == (reason, True)
    assert not worker.is_usable


# A worker whose classifier does harm: a step after reading, inside the limits or after it has lifted them.
HARMFUL = """
import os, resource, signal
from osce_commitments import classify
from osce_commitments.flows.reader_process import worker_main
class Harmful:
    id = "harmful-1"
    def classify(self, provisions):
        {harm}
classify.load_classifier = lambda model: Harmful()
worker_main()
"""
LIFT = "for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU): resource.setrlimit(what, [resource.RLIM_INFINITY] * 2)"
BURN = "while True: pass"
EAT = "pieces = [bytes(b'a' * 20_000_000) for _ in range(100)]; signal.pause()"


@pytest.mark.slow
@needs_limit_of_memory
@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (BURN, "too_slow"),
        (EAT, "too_much_memory"),
        (f"{LIFT}\n        {BURN}", "too_slow"),
        (f"{LIFT}\n        {EAT}", "too_much_memory"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crash"),
    ],
)
def test_a_classifier_stays_within_the_budget_too(harm: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "_WORKER", HARMFUL.format(harm=harm))
    worker = ReaderProcess(RULES)
    (reject,) = worker.read(text(), Limits(max_seconds=4, max_memory_megabytes=700)).rejects
    assert (reject.stage, reject.reason, worker.is_usable) == ("classify", reason, False)
    worker.close()


@pytest.mark.slow
@needs_limit_of_memory
@pytest.mark.parametrize(
    ("name", "content", "limits", "reason"),
    [
        ("a.docx", hostile.table_of_cells(1_000), Limits(max_provisions=500), "too_many_provisions"),
        ("a.html", hostile.attributes(10_000), Limits(), "too_large"),
        ("a.pdf", hostile.letters_on_one_spot(100_000), Limits(max_memory_megabytes=60), "too_much_memory"),
        ("a.pdf", hostile.many_pages(400, 30), TIGHT, "too_slow"),
        (
            "a.pdf",
            hostile.pages_that_share_a_page(900, hostile.lines_of_words(random.Random(1), 30)),
            TIGHT,
            "too_slow",
        ),
    ],
    ids=["cells", "attributes", "letters on one spot", "pages", "shared pages"],
)
def test_a_small_file_of_much_work_is_refused(
    worker: ReaderProcess, name: str, content: bytes, limits: Limits, reason: str
) -> None:
    source = Source(SourceRef(f"/in/{name}", MediaType(name[2:])), content)
    assert [reject.reason for reject in worker.read(source, limits).rejects] == [reason]


def test_a_worker_reads_many_documents_and_is_kept(worker: ReaderProcess) -> None:
    readings = [worker.read(text(GOOD + b" %d." % number), Limits()) for number in range(20)]
    assert [len(reading.documents) for reading in readings] == [1] * 20
    assert worker.is_usable


def test_a_limit_ends_with_its_document(worker: ReaderProcess) -> None:
    """The system counts the time of a worker over all of its documents."""
    assert worker.read(text(), Limits()).documents
    for number in range(8):
        content = b"".join(b"%d.%d The States will report.\n\n" % (number, k) for k in range(200))
        assert worker.read(text(content), TIGHT).documents


@needs_limit_of_memory
def test_a_worker_that_keeps_much_memory_is_replaced(worker: ReaderProcess) -> None:
    assert worker.read(text(), Limits(max_memory_megabytes=150)).documents
    assert not worker.is_usable


@needs_limit_of_memory
def test_a_batch_loses_only_the_document_over_its_budget(tmp_path: Path) -> None:
    names = ("a.txt", "bomb.pdf", "c.txt")
    for name in names:
        content = hostile.form_that_draws_itself() if name == "bomb.pdf" else GOOD + name.encode()
        (tmp_path / name).write_bytes(content)
    kinds = [MediaType(name.rpartition(".")[2]) for name in names]
    refs = [SourceRef(str(tmp_path / name), kind) for name, kind in zip(names, kinds, strict=True)]
    found = process_batch(refs, RunConfig(model="rules", limits=Limits(max_memory_megabytes=400)))
    assert [document.source[-5:] for document in found.documents] == ["a.txt", "c.txt"]
    assert [(reject.source[-8:], reject.reason) for reject in found.rejects] == [("bomb.pdf", "too_much_memory")]


def test_a_worker_that_cannot_start_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "_WORKER", "raise SystemExit(7)")
    with pytest.raises(ChildProcessError, match="does not start"):
        ReaderProcess(RULES).read(text(), Limits())


def test_a_classifier_that_cannot_be_loaded_is_an_error_of_the_run() -> None:
    with pytest.raises(ConfigError, match="no classifier") as found:
        read_apart(text(), Limits(), "unheard-of")
    assert found.value.remedy


def test_a_worker_imports_nothing_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = tmp_path / "marker"
    for name in ("lxml", "signal", "osce_commitments", "pypdfium2"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep)
    worker = ReaderProcess(RULES)
    assert worker.read(text(), Limits()).documents
    worker.close()
    assert not marker.exists()


def test_overruns_have_a_reason_and_a_remedy_each() -> None:
    errors = [reader_process._overrun(what, text(), Limits()) for what in Overrun]
    assert len({error.reason for error in errors}) == len(Overrun)
    assert all(error.remedy for error in errors)
