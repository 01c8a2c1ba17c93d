"""The folder of a dataset and the lock of its one writer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.dataset import versions
from osce_commitments.errors import DatasetError
from osce_commitments.fields import TABLES

if TYPE_CHECKING:
    from filelock import FileLock

LOCK = ".lock"
# deltalake 1.6 reads a path as a URL: with these it aborts, or opens another folder.
_ODD_CHARACTERS = frozenset("[]|%\\^`")


def prepare(path: Path) -> None:
    """Create the folder of a dataset.

    Raises:
        DatasetError: If it cannot be created, or holds files of others in the place of tables.
    """
    odd = sorted(set(str(path.resolve())) & _ODD_CHARACTERS)
    if odd:
        msg = f"{path.resolve()} contains characters that the table library cannot handle in a path: {' '.join(odd)}"
        raise DatasetError(msg, "give --data a path without them")
    manifests = path / versions.VERSIONS_FOLDER
    if not manifests.exists():
        foreign = next((path / name for name in TABLES if (path / name).exists()), None)
        # Another writer may have created this dataset between the two checks.
        if foreign is not None and not manifests.exists():
            raise versions.unpublished(foreign, manifests)
    try:
        manifests.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"folder {path} cannot be created: {error.strerror}"
        raise DatasetError(msg, "give --data a folder that you can write to") from error


def acquire(path: Path, wait_seconds: float, on_wait: Callable[[str], None] | None) -> FileLock:
    """Lock a dataset for one writer.

    Raises:
        DatasetError: If another writer holds it for ``wait_seconds``, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    # Not bound to a thread: a flow may enter and leave the session in different ones.
    lock = FileLock(path / LOCK, timeout=wait_seconds, thread_local=False)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if on_wait:
                on_wait(f"another run is writing to {path}: waiting up to {wait_seconds:.0f} s for it to end")
            lock.acquire()
    except Timeout as error:
        msg = f"another run is writing to {path}"
        raise DatasetError(msg, "wait until it has ended, or give another folder with --data") from error
    except OSError as error:
        msg = f"folder {path} cannot be written: {error.strerror}"
        raise DatasetError(msg, "give --data a folder that you can write to") from error
    return lock
