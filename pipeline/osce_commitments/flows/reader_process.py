"""Read and classify sources in a process of their own, which is replaced when a document ends it.

The process answers on a socket until its parent ends. First it sends :data:`READY`, or the error that keeps it from loading
the classifier. For each source it sends the names of the stages as they begin, then a :class:`Processed` or an :class:`Overrun`.

The system enforces the budget for all stages, until the result is sent. :class:`Usage` tells the parent, which watches, how much
the process has taken: nothing that a file makes it do can lift both limits.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osce_commitments.config import MEGABYTE, Limits
from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.errors import DocumentError, OsceCommitmentsError
from osce_commitments.flows.child_process import absolute_path, end_with
from osce_commitments.flows.refusals import refusal
from osce_commitments.schema import BatchResult, Source

resource: Any = None
with contextlib.suppress(ImportError):  # Windows has no such limits
    import resource

if TYPE_CHECKING:
    from osce_commitments.classify import Classifier

READY = "ready"
HAS_TIME_LIMIT = resource is not None
# Elsewhere, a limit of address space is not enforced (macOS), and what a process uses cannot be read.
IS_LINUX = sys.platform == "linux"
# A process that keeps this share of its memory budget after a document is replaced. One that used it may have lacked more.
_LARGE_SHARE = 0.5
# Not "-m": what the worker sends must carry the name of its module.
_WORKER = "from osce_commitments.flows.reader_process import worker_main; worker_main()"
# On a busy machine a second of CPU time takes many; only a worker that hangs needs so many.
_WALL_SECONDS_PER_CPU_SECOND = 10
_START_SECONDS = 180
_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_TO_END = 30
# How PDFium, C++ and the system end a process that gets no more memory.
_LACK_OF_MEMORY = frozenset(getattr(signal, name, None) for name in ("SIGABRT", "SIGILL", "SIGKILL", "SIGTRAP"))
# Idle workers by process and model: a fork must not share one with its parent.
_IDLE: defaultdict[tuple[int, str], list[ReaderProcess]] = defaultdict(list)


class Overrun(Enum):
    """How a document ended its reader process."""

    MEMORY = auto()
    TIME = auto()
    CRASH = auto()


@dataclass(frozen=True, slots=True)
class Processed:
    """The result of a source, for :func:`unpack_result`, and whether the process ends after it."""

    packed: bytes
    is_last: bool


def pack_result(result: BatchResult) -> bytes:
    """A result as bytes, which other processes pass on as they are."""
    return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)


def unpack_result(packed: bytes) -> BatchResult:
    """The result that :func:`pack_result` made to bytes."""
    result: BatchResult = pickle.loads(packed)  # noqa: S301 - our own process made it
    return result


def seconds_for(source: Source, limits: Limits) -> int:
    """CPU seconds that a source may take: more for a larger file."""
    return limits.max_seconds + limits.max_seconds_per_megabyte * max(0, len(source.content) - MEGABYTE) // MEGABYTE


def memory_for(limits: Limits) -> int:
    """Bytes of memory that a source may take."""
    return limits.max_memory_megabytes * MEGABYTE


class Usage:
    """CPU seconds, and memory in bytes, that a process (by number, or "self") has taken so far; Linux tells."""

    def __init__(self, process: int | str) -> None:
        self._folder = Path("/proc", str(process))

    def seconds(self) -> float:
        """CPU seconds."""
        fields = (self._folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, which: str) -> int:
        """Address space ("VmSize"), the most that it was ("VmPeak"), or memory in use ("VmRSS")."""
        rows = (self._folder / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        return next((int(row.split()[1]) * 1024 for row in rows if row.startswith(f"{which}:")), 0)


class _Budget:
    """Limits of this process for one document after another."""

    def __init__(self) -> None:
        self._at_start = self._memory("VmSize")
        self._peak = 0

    def begin(self, source: Source, limits: Limits) -> None:
        """Limit this process until ``end``; beyond the limit of time the system ends it."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds_for(source, limits))
        self._peak = self._memory("VmPeak")
        if IS_LINUX:
            _limit(resource.RLIMIT_AS, self._at_start + memory_for(limits))

    def end(self) -> None:
        """Lift the limits."""
        _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
        if IS_LINUX:
            _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)

    def was_used_up(self, limits: Limits) -> bool:
        """Whether the last document took so much memory that it may have lacked more."""
        peak = self._memory("VmPeak")
        return peak > self._peak and self._is_large(peak, limits)

    def is_worn(self, limits: Limits) -> bool:
        """Whether this process keeps so much memory that the next document would have too little."""
        return self._is_large(self._memory("VmSize"), limits)

    def _is_large(self, size: int, limits: Limits) -> bool:
        return size - self._at_start > _LARGE_SHARE * memory_for(limits)

    def _memory(self, which: str) -> int:
        return Usage("self").memory(which) if IS_LINUX else 0


def _limit(what: int, value: int) -> None:
    _, most = resource.getrlimit(what)
    # A limit of the whole session may be lower.
    no_limit = resource.RLIM_INFINITY
    value = value if most == no_limit else min(value, most) if value != no_limit else most
    resource.setrlimit(what, (value, most))


def worker_main() -> None:
    """Answer until the other side closes the connection; the arguments are its descriptor, the parent and the model."""
    descriptor, parent, model = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent handles it
    end_with(parent)
    # Nobody listens any more if the parent was interrupted.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError), Connection(descriptor) as connection:
        try:
            _answer(connection, model)
        except OsceCommitmentsError as error:
            connection.send(error)


def _answer(connection: Connection, model: str) -> None:
    # Here, because the parent imports this module for its messages only.
    from osce_commitments.classify import load_classifier
    from osce_commitments.flows.reading import loaded_tagger

    classifier = load_classifier(model)
    loaded_tagger()  # spaCy takes some 600 MB of address space, which no document has asked for
    budget = _Budget()
    gc.freeze()  # what is loaded stays
    connection.send(READY)
    while True:
        try:
            source, limits = connection.recv()
        except EOFError:
            return
        answer = _process(source, limits, budget, classifier, connection)
        connection.send(answer)
        if isinstance(answer, Overrun) or answer.is_last:
            return


def _process(
    source: Source, limits: Limits, budget: _Budget, classifier: Classifier, connection: Connection
) -> Processed | Overrun:
    from osce_commitments.flows.reading import process

    budget.begin(source, limits)
    try:
        result = process(source, limits, classifier, connection.send)
        packed = pack_result(result)
    except MemoryError:
        return Overrun.MEMORY
    finally:
        budget.end()
    if budget.was_used_up(limits) and not result.documents:
        # Libraries in C report a lack of memory as a fault of the file.
        return Overrun.MEMORY
    return Processed(packed, budget.is_worn(limits))


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
