"""Writes that outlast a power cut: files and their folders reach the disk before anything refers to them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write or replace a text file; after a crash it has the old text or the new one.

    Raises:
        OSError: If the disk refuses.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    write_synced(temporary, text)
    temporary.replace(path)
    sync_folder(path.parent)


def write_synced(path: Path, text: str) -> None:
    """Write a text file and wait until it is on the disk.

    Raises:
        OSError: If the disk refuses.
    """
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def sync_files(paths: Iterable[Path], root: Path) -> None:
    """Wait until files are on the disk, with the folders from theirs up to ``root``.

    Raises:
        OSError: If the disk refuses.
    """
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
