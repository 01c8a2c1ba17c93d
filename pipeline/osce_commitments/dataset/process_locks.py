"""Locks of files and folders that end with their process."""

from __future__ import annotations

import contextlib
from typing import Any

fcntl: Any = None
with contextlib.suppress(ImportError):  # Windows has none
    import fcntl


def try_lock(descriptor: int, *, is_shared: bool = False) -> bool:
    """Lock an open file or folder without waiting.

    Returns:
        Whether it is locked now: not if another process has it, or the system or the file system has no such locks.
    """
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
