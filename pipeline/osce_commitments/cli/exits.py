"""Exit codes and the one-line report of a failure."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator

from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.texts.printable import visible, wrapped

DONE_EXIT = 0
REJECTED_EXIT = 1
USAGE_EXIT = 2
DEFECT_EXIT = 3
CHANGED_EXIT = 4
CLOSED_PIPE_EXIT = 141
"""The reader of the output is gone: 128 and the number of SIGPIPE, as shells report it of ``cat``."""


def complain(error: Exception, code: int) -> int:
    """Print an error on stderr, as one line unless that does not fit a terminal; returns the exit code."""
    line = str(error) if isinstance(error, OsceCommitmentsError) else f"{type(error).__name__}: {error}"
    if code == DEFECT_EXIT:
        line += ". This is a defect of the program; set OSCE_COMMITMENTS_DEBUG=1 to see where"
    print(wrapped(f"error: {visible(' '.join(line.split()))}", sys.stderr), file=sys.stderr)  # noqa: T201 - the one place that prints errors
    return code


@contextlib.contextmanager
def ended_by_signals(state: Callable[[], str]) -> Iterator[None]:
    """End the process at once on SIGINT and SIGTERM, with one line on stderr about what is on disk.

    Stopping is safe at any time: files appear whole or not at all. An exception could get lost in a library's thread.
    """

    def stop(number: int, _frame: object) -> None:
        print(f"\ninterrupted: {state()}", file=sys.stderr, flush=True)  # noqa: T201 - the last line of a process
        os._exit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
