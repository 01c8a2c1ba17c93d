"""Work in a process that is killed at one of the changes that it makes on the disk."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

_CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "shutil.rmtree", "sqlite3.connect"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [f"osce_commitments.{name}" for name in ("flows.steps", "report", "query", "cli", "serve")]
)


def arm(folder: str, count: object, at: int, seconds: float, end: Callable[[], None]) -> None:
    """Count the changes below a folder that this process makes, and end it some seconds after one of them."""

    def hook(event: str, given: tuple[object, ...]) -> None:
        writes = event in _CHANGES or (event == "open" and bool(int(given[2] or 0) & _WRITING))  # type: ignore[call-overload]
        if not writes or not any(str(path).startswith(folder) for path in given[:2]):
            return
        count.value += 1  # type: ignore[attr-defined]
        if count.value == at:  # type: ignore[attr-defined]
            threading.Timer(seconds, end).start() if seconds else end()

    sys.addaudithook(hook)


def kill_self() -> None:
    """End this process as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], object], folder: Path, count: object, at: int, seconds: float) -> None:
    """Do some work without a word, and perhaps not to its end."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    arm(str(folder), count, at, seconds, kill_self)
    with contextlib.suppress(Exception):
        work()


def start(work: Callable[[], object], folder: Path = Path("/nowhere"), at: int = 0, seconds: float = 0) -> BaseProcess:
    """Start some work in a process that has the modules already; it knows the count of its changes."""
    count = _PROCESSES.Value("i", 0)
    process = _PROCESSES.Process(target=in_child, args=(work, folder, count, at, seconds))
    process.start()
    process.count = count  # type: ignore[attr-defined]
    return process


def finish(work: Callable[[], object], folder: Path = Path("/nowhere")) -> int:
    """Do some work in another process; returns the number of changes that it made below a folder."""
    process = start(work, folder)
    process.join()
    return int(process.count.value)  # type: ignore[attr-defined]


def kill(work: Callable[[], object], folder: Path, at: int, seconds: float) -> bool:
    """Do some work and end it some seconds after a change; returns whether it was killed before its end."""
    process = start(work, folder, at, seconds)
    process.join()
    return process.exitcode == -signal.SIGKILL
