"""Files that appear whole or not at all, and files that must be regular ones: a pipe would keep a reader waiting for ever."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

fcntl: Any = None
with contextlib.suppress(ImportError):  # Windows has none
    import fcntl


class IrregularError(OSError):
    """A folder, a pipe, a socket or a device where a file is expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "it is not a regular file", str(path))

    def __str__(self) -> str:
        return f"{self.filename} is not a regular file"


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a path in the same folder; the file written there takes the place of ``path`` when the block ends without an error.

    It keeps the permissions of an earlier file. A killed process leaves a hidden file that ends in ``.tmp``.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        yield temporary
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | str, *, is_synced: bool = True) -> None:
    """Write or replace a file; after a crash it has the old content or the new one.

    Args:
        path: The file.
        content: Bytes, or a text for UTF-8.
        is_synced: Wait until the file and its name are on the disk. Without it, a power cut may lose the new content.
    """
    with replaced(path) as temporary:
        _write(temporary, content, is_synced=is_synced)
    if is_synced:
        sync_folder(path.parent)


def write_new(path: Path, content: bytes | str) -> None:
    """Write a file as :func:`write_whole` does, but never replace another.

    Raises:
        FileExistsError: If there is a file of this name.
        OSError: If the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        _write(temporary, content, is_synced=True)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:
            # Not every file system has hard links. There only the lock of the caller keeps others out.
            if path.exists():
                raise FileExistsError(path) from None
            temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _write(path: Path, content: bytes | str, *, is_synced: bool) -> None:
    with path.open("wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
        stream.flush()
        if is_synced:
            os.fsync(stream.fileno())


def sync_files(paths: Iterable[Path], root: Path) -> None:
    """Wait until files are on the disk, with the folders from theirs up to ``root``."""
    folders = {root}
    for path in paths:
        descriptor = os.open(path, os.O_RDWR)  # Windows synchronizes only what may be written
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folders |= {folder for folder in path.parents if folder.is_relative_to(root)}
    for folder in folders:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    # Not every file system lets a folder be synchronized.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def check_regular(path: Path) -> None:
    """Check that a path is that of a regular file, so that to open it does not wait for anyone.

    Raises:
        OSError: If it is missing, or a folder, a pipe, a socket or a device.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise IrregularError(path)


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file to read its bytes."""
    check_regular(path)
    # A pipe may take its place meanwhile: opened this way, it does not wait.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    stream = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise IrregularError(path)
    return stream


def read_regular(path: Path, encoding: str = "utf-8") -> str:
    """The text of a regular file, with a line feed at the end of every line; see :func:`open_regular`."""
    with io.TextIOWrapper(open_regular(path), encoding) as stream:
        return stream.read()


def read_regular_bytes(path: Path) -> bytes:
    """The bytes of a regular file; see :func:`open_regular`."""
    with open_regular(path) as stream:
        return stream.read()


def try_lock(descriptor: int, *, is_shared: bool = False) -> bool:
    """Lock an open file or folder until it is closed, without waiting.

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
