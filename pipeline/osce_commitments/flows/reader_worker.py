"""The process that reads and classifies documents: it enforces the budget of each, and its end does not harm the run.

It answers on a socket until its parent ends. First it sends :data:`READY`, or the error that keeps it from loading the
classifier. For each source it sends the names of the stages as they begin, then a :class:`Processed` or an :class:`Overrun`.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import signal
import sys
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.flows.budget import Budget
from osce_commitments.flows.child_process import end_with

if TYPE_CHECKING:
    from osce_commitments.classify import Classifier
    from osce_commitments.config import Limits
    from osce_commitments.schema import BatchResult, Source

READY = "ready"


class Overrun(Enum):
    """What a document did to the process that reads it."""

    MEMORY = auto()
    TIME = auto()
    CRASH = auto()


@dataclass(frozen=True, slots=True)
class Processed:
    """What a source gave, for :func:`unpack_result`, and whether the process ends after it."""

    packed: bytes
    is_last: bool


def pack_result(result: BatchResult) -> bytes:
    """A result as bytes, which other processes pass on as they are."""
    return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)


def unpack_result(packed: bytes) -> BatchResult:
    """The result that :func:`pack_result` made to bytes."""
    result: BatchResult = pickle.loads(packed)  # noqa: S301 - our own process made it
    return result


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
    from osce_commitments.flows import reading  # noqa: F401 - before the memory at the start is measured

    classifier = load_classifier(model)
    budget = Budget()
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
    source: Source, limits: Limits, budget: Budget, classifier: Classifier, connection: Connection
) -> Processed | Overrun:
    from osce_commitments.flows.reading import label, read

    budget.begin(source, limits)
    try:
        reading = read(source, limits, connection.send)
    except MemoryError:
        return Overrun.MEMORY
    finally:
        budget.end()
    if budget.was_used_up(limits) and not reading.documents:
        # Libraries in C report a lack of memory as a fault of the file.
        return Overrun.MEMORY
    connection.send("classify")
    return Processed(pack_result(label(reading, source, classifier)), budget.is_worn(limits))
