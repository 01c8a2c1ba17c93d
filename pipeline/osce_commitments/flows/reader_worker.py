"""The process that reads documents: it holds each to its budget, and may end without harm to the run.

It answers on a socket until its parent ends. For each source it sends the names of the stages as they begin, then a
:class:`SourceReading` or an :class:`Overrun`.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from dataclasses import replace
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from osce_commitments.flows.budget import Budget
from osce_commitments.flows.prefect.server import end_with
from osce_commitments.flows.reading import SourceReading, read

if TYPE_CHECKING:
    from osce_commitments.config import Limits
    from osce_commitments.schema import Source

READY = "ready"


class Overrun(Enum):
    """What a document did to the process that reads it."""

    MEMORY = auto()
    TIME = auto()
    CRASH = auto()


def worker_main() -> None:
    """Answer until the other side closes the connection; the arguments are its descriptor and the parent."""
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent handles it
    end_with(parent)
    budget = Budget()
    # Nobody listens any more if the parent was interrupted.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError), Connection(descriptor) as connection:
        connection.send(READY)
        while True:
            try:
                source, limits = connection.recv()
            except EOFError:
                return
            answer = _read(source, limits, budget, connection)
            connection.send(answer)
            if isinstance(answer, Overrun) or answer.is_last:
                return


def _read(source: Source, limits: Limits, budget: Budget, connection: Connection) -> SourceReading | Overrun:
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
    return replace(reading, is_last=budget.is_worn(limits))
