"""The process that reads and classifies documents, each within a budget; its end does not harm the run.

It answers on a socket until its parent ends. First it sends :data:`READY`, or the error that keeps it from loading the
classifier. For each source it sends the names of the stages as they begin, then a :class:`Processed` or an :class:`Overrun`.

The system enforces the budget for all stages, until the result is sent. :class:`Usage` tells the parent, which watches, how much
the worker has taken: nothing that a file makes the worker do can lift both limits.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.flows.child_process import end_with
from osce_commitments.schema import BatchResult

resource: Any = None
with contextlib.suppress(ImportError):  # Windows has no such limits
    import resource

if TYPE_CHECKING:
    from osce_commitments.classify import Classifier
    from osce_commitments.config import Limits
    from osce_commitments.schema import Source

READY = "ready"
_MEGABYTE = 1_000_000
HAS_TIME_LIMIT = resource is not None
# Elsewhere, a limit of address space is not enforced (macOS), and what a process uses cannot be read.
IS_LINUX = sys.platform == "linux"
# A process that keeps this share of its memory budget after a document is replaced. One that used it may have lacked more.
_LARGE_SHARE = 0.5


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
    return limits.max_seconds + limits.max_seconds_per_megabyte * max(0, len(source.content) - _MEGABYTE) // _MEGABYTE


def memory_for(limits: Limits) -> int:
    """Bytes of memory that a source may take."""
    return limits.max_memory_megabytes * _MEGABYTE


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
