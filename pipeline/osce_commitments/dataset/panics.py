"""Hides what Delta's threads print when a disk fills: the error says the same in one line."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

_NEARLY_FULL_BYTES = 200_000_000
_PANIC = re.compile(
    rb"(?m)^\s*thread '[^']*' .*panicked at [^\n]*\n[^\n]*\n(?:stack backtrace:\n)?(?: +[^\n]*\n)*(?:note: [^\n]*\n)*"
)
_ONE_AT_A_TIME = threading.Lock()


@contextlib.contextmanager
def without_panics(folder: Path) -> Iterator[None]:
    """On a nearly full disk, hold back the error output and print it afterwards, without panics."""
    if shutil.disk_usage(folder).free > _NEARLY_FULL_BYTES or not hasattr(os, "memfd_create"):
        yield
        return
    with _ONE_AT_A_TIME, os.fdopen(os.memfd_create("errors"), "w+b") as aside:
        terminal = os.dup(2)
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            aside.seek(0)
            os.write(terminal, _PANIC.sub(b"", aside.read()))
            os.close(terminal)
