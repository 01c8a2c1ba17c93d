"""Results of long computations, kept between processes as Python keeps compiled modules.

A process that wants this opens a file at its start; the file belongs to the user, never to a dataset. Without one, or if it is
damaged, every result is computed. A key is a hash of all that a result depends on, so no result is ever out of date.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from osce_commitments.ids import fingerprint

_T = TypeVar("_T")
_SCHEMA = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"
_SHARE = 20  # a file that would grow by less than one in so many is not written
_LOCK_SECONDS = 1.0


class _Kept:
    """The results of this process: as JSON, until they are asked for."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.old: dict[str, str] = {}
        self.new: dict[str, Any] = {}
        self.size = 0


_KEPT = _Kept()


def open_kept(path: Path) -> None:
    """Use the results in a file, and remember new ones for :func:`save_kept`.

    A file of another user is neither read nor written.
    """
    _KEPT.path = path if _is_ours(path) else None
    _KEPT.old, _KEPT.new = _read(path) if _KEPT.path and path.exists() else {}, {}
    _KEPT.size = len(_KEPT.old)


def kept(make: Callable[[], _T], *of: str) -> _T:
    """The kept result, or the made one; what JSON would change is not kept.

    Args:
        make: Makes it.
        of: All that it depends on.
    """
    key = fingerprint(*of)
    with contextlib.suppress(KeyError, ValueError):
        found: _T = json.loads(_KEPT.old.pop(key))
        return found
    made = make()
    if _KEPT.path:
        _KEPT.new[key] = made
    return made


def save_kept() -> None:
    """Add the new results to the file, if they are many; a folder that cannot be written stays as it is."""
    if not _KEPT.path or len(_KEPT.new) * _SHARE <= _KEPT.size:
        return
    rows = [(key, json.dumps(value)) for key, value in _KEPT.new.items() if _is_same(value)]
    _KEPT.size, _KEPT.new = _KEPT.size + len(rows), {}
    with contextlib.suppress(OSError, sqlite3.Error):
        _KEPT.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.closing(_connect(_KEPT.path, mode="rwc")) as connection, connection:
            connection.execute(_SCHEMA)
            connection.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", rows)


def _is_ours(path: Path) -> bool:
    """Whether a file is this user's, or may become it."""
    try:
        return path.stat().st_uid == (os.getuid() if hasattr(os, "getuid") else 0)
    except OSError:
        return True


def _read(path: Path) -> dict[str, str]:
    try:
        with contextlib.closing(_connect(path)) as connection:
            return dict(connection.execute("SELECT key, value FROM kept"))
    except sqlite3.OperationalError:  # another process writes it
        return {}
    except sqlite3.DatabaseError:  # it is damaged
        with contextlib.suppress(OSError):
            path.unlink()
        return {}


def _connect(path: Path, mode: str = "ro") -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_LOCK_SECONDS)


def _is_same(value: object) -> bool:
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError):
        return False
