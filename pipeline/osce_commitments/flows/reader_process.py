"""Read and classify sources in a process of their own, which is replaced when a document ends it."""

from __future__ import annotations

import atexit
import functools
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from multiprocessing.connection import Pipe
from typing import TYPE_CHECKING, Any

from osce_commitments.config import Limits
from osce_commitments.errors import DocumentError, OsceCommitmentsError
from osce_commitments.flows.child_process import absolute_path
from osce_commitments.flows.reader_worker import (
    HAS_TIME_LIMIT,
    IS_LINUX,
    READY,
    Overrun,
    Processed,
    Usage,
    memory_for,
    pack_result,
    seconds_for,
    unpack_result,
)
from osce_commitments.flows.refusals import refusal
from osce_commitments.schema import BatchResult, Source

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from osce_commitments.classify import Classifier

# Not "-m": what the worker sends must carry the name of its module.
_WORKER = "from osce_commitments.flows.reader_worker import worker_main; worker_main()"
# On a busy machine a second of CPU time takes many; only a worker that hangs needs so many.
_WALL_SECONDS_PER_CPU_SECOND = 10
_START_SECONDS = 180
_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_TO_END = 30
# How PDFium, C++ and the system end a process that gets no more memory.
_LACK_OF_MEMORY = frozenset(getattr(signal, name, None) for name in ("SIGABRT", "SIGILL", "SIGKILL", "SIGTRAP"))
# Idle workers by process and model: a fork must not share one with its parent.
_IDLE: defaultdict[tuple[int, str], list[ReaderProcess]] = defaultdict(list)


def read_apart(source: Source, limits: Limits, model: str) -> bytes:
    """Read and classify a source in a worker process; returns a packed :class:`BatchResult`.

    A source that needs more than its budget, or ends the worker, becomes a reject. A system without limits for processes
    (Windows) reads it in this process, without a budget.
    """
    if not HAS_TIME_LIMIT:
        from osce_commitments.flows.reading import process

        return pack_result(process(source, limits, _classifier(model)))
    idle = _IDLE[os.getpid(), model]
    try:
        worker = idle.pop()
    except IndexError:
        worker = ReaderProcess(model)
    packed = worker.read_packed(source, limits)
    if worker.is_usable:
        idle.append(worker)
    else:
        worker.close()
    return packed


@functools.cache
def _classifier(model: str) -> Classifier:
    from osce_commitments.classify import load_classifier

    return load_classifier(model)


def start_early(model: str) -> None:
    """Start a worker, so that it is ready when the first source is."""
    idle = _IDLE[os.getpid(), model]
    if HAS_TIME_LIMIT and not idle:
        idle.append(ReaderProcess(model))


@atexit.register
def _close_idle() -> None:
    for (process, _), workers in _IDLE.items():
        if process == os.getpid():
            for worker in workers:
                worker.close()


class ReaderProcess:
    """A worker process with a classifier, and the connection to it; ``is_usable`` if it can read another source."""

    def __init__(self, model: str) -> None:
        ours, theirs = Pipe()
        # With several arenas and threads, the address space says little about the memory in use.
        few = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-c", _WORKER, str(theirs.fileno()), str(os.getpid()), model],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **absolute_path(os.environ), **few},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._connection: Connection[Any, Any] = ours
        self._is_ready = False
        self.is_usable = True

    def read(self, source: Source, limits: Limits) -> BatchResult:
        """:meth:`read_packed`, unpacked."""
        return unpack_result(self.read_packed(source, limits))

    def read_packed(self, source: Source, limits: Limits) -> bytes:
        """Read and classify a source; after an overrun the worker is gone."""
        if not self._is_ready:
            self._wait_until_ready()
        stage = "documents"
        try:
            watch = _Watch(self._process.pid, source, limits)
            self._connection.send((source, limits))
            answer: Any = stage
            while isinstance(answer, str):
                stage = answer
                if self._connection.poll(_SECONDS_BETWEEN_LOOKS):
                    answer = self._connection.recv()
                elif overrun := watch.overrun():
                    answer = overrun
        except (OSError, EOFError):
            answer = self._cause_of_death()
        self.is_usable = isinstance(answer, Processed) and not answer.is_last
        if isinstance(answer, Processed):
            return answer.packed
        return pack_result(BatchResult((), (), (refusal(source, stage, _overrun(answer, source, limits)),)))

    def _wait_until_ready(self) -> None:
        try:
            answer = self._connection.recv() if self._connection.poll(_START_SECONDS) else None
        except EOFError:
            answer = None
        self._is_ready = answer == READY
        if not self._is_ready:
            self.close()
            if isinstance(answer, OsceCommitmentsError):
                raise answer
            msg = f"the process that reads documents does not start (exit code {self._process.returncode})"
            raise ChildProcessError(msg)

    def _cause_of_death(self) -> Overrun:
        """Why the worker ended, as far as its signal tells."""
        try:
            number = -self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:  # it closed its connection, or was stopped, and lives
            self._process.kill()
            return Overrun.CRASH
        if number == signal.SIGXCPU:
            return Overrun.TIME
        return Overrun.MEMORY if number in _LACK_OF_MEMORY else Overrun.CRASH

    def close(self) -> None:
        """End the worker."""
        self.is_usable = False
        self._connection.close()
        self._process.kill()
        self._process.wait()


class _Watch:
    """Looks from outside whether a worker stays within the budget of a source: what runs inside may have lifted its limits."""

    def __init__(self, process: int, source: Source, limits: Limits) -> None:
        self._usage, seconds = Usage(process), seconds_for(source, limits)
        self._wall_end = time.monotonic() + _WALL_SECONDS_PER_CPU_SECOND * seconds
        if IS_LINUX:
            # Two seconds more than the system gives: its own signal comes first, and tells the reason.
            self._seconds = self._usage.seconds() + seconds + 2
            self._memory = self._usage.memory("VmRSS") + memory_for(limits)

    def overrun(self) -> Overrun | None:
        """What is exceeded, if anything."""
        if time.monotonic() > self._wall_end or (IS_LINUX and self._usage.seconds() > self._seconds):
            return Overrun.TIME
        return Overrun.MEMORY if IS_LINUX and self._usage.memory("VmRSS") > self._memory else None


def _overrun(what: Overrun, source: Source, limits: Limits) -> DocumentError:
    if what is Overrun.TIME:
        msg = f"reading it takes more than {seconds_for(source, limits)} s of CPU time"
        return DocumentError(msg, "split the file, or raise limits.max_seconds", reason="too_slow")
    if what is Overrun.MEMORY:
        msg = f"reading it takes more than {limits.max_memory_megabytes:,} MB of memory"
        return DocumentError(msg, "split the file, or raise limits.max_memory_megabytes", reason="too_much_memory")
    msg = "the file ends the process that reads it"
    return DocumentError(msg, "open it and save or print it to a new file, then give that", reason="crash")
