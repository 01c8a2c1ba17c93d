"""The hashes of files as they were last read, so that a run that only looks need not read them again.

A file counts as unchanged if its size, its inode and both of its times are those of the last reading. A file that was changed
while or just before it was read is read again, since its next change could have the same time.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from osce_commitments.files import read_regular, write_whole

SEEN_FILE = "_seen.json"
_FORMAT = 1
# Longer than the steps in which file systems count time.
_FRESH_NANOSECONDS = 3_000_000_000

_Mark = tuple[int, int, int, int]


class Seen:
    """Hashes by absolute path.

    Args:
        known: For each path: hash, size, inode, time of change of content and of the entry, in nanoseconds.
    """

    def __init__(self, known: Mapping[str, tuple[str, *_Mark]]) -> None:
        self._known = dict(known)
        self._has_changed = False

    @classmethod
    def load(cls, path: Path) -> Seen:
        """The hashes in a file; none if it is missing, damaged, or another user's."""
        try:
            # On Windows, files belong to user 0 for Python.
            if path.stat().st_uid not in {getattr(os, "getuid", int)(), 0}:
                return cls({})
            values = json.loads(read_regular(path))
            if values["format"] != _FORMAT:
                return cls({})
            return cls({name: _entry(one) for name, one in values["files"].items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls({})

    def sha256(self, path: str, status: os.stat_result) -> str:
        """The hash of a file that is unchanged; empty if it must be read."""
        entry = self._known.get(path)
        return entry[0] if entry and entry[1:] == _mark(status) else ""

    def remember(self, path: str, status: os.stat_result, sha256: str, now_ns: int) -> None:
        """Keep the hash of a file with its state before it was read, unless the file changed just before ``now_ns``."""
        if max(status.st_mtime_ns, status.st_ctime_ns) > now_ns - _FRESH_NANOSECONDS:
            return
        entry = (sha256, *_mark(status))
        if self._known.get(path) != entry:
            self._known[path], self._has_changed = entry, True

    def save(self, path: Path) -> None:
        """Write the hashes to a file, if one is new; a file that cannot be written is only a loss of time."""
        if not self._has_changed:
            return
        with contextlib.suppress(OSError):
            write_whole(path, json.dumps({"format": _FORMAT, "files": self._known}), is_synced=False)


def _mark(status: os.stat_result) -> _Mark:
    return status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _entry(value: object) -> tuple[str, *_Mark]:
    sha256, *mark = value if isinstance(value, list) else []
    size, inode, changed, entered = mark
    if not isinstance(sha256, str) or not all(isinstance(one, int) for one in mark):
        raise ValueError("not an entry")
    return sha256, size, inode, changed, entered
