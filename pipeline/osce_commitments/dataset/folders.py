"""Replace an exported folder in one step; only files that an export wrote are deleted."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from osce_commitments.errors import DatasetError
from osce_commitments.files import read_regular, try_lock

MANIFEST = "manifest.json"
_LEFTOVER = re.compile(r"[0-9a-f]{8}(\.old)?")
_OLD = ".old"


@contextlib.contextmanager
def replacing(out: Path, names: frozenset[str]) -> Iterator[Path]:
    """Yield a new folder; it replaces ``out`` when the block ends without an error.

    A killed process leaves a hidden folder next to ``out``, which the next call removes. A link stays a link. Only
    ``names``, the files that the block may write, and those of an earlier manifest are deleted.

    Raises:
        DatasetError: If ``out`` holds anything but an earlier export.
        OSError: If the file system refuses.
    """
    target = Path(os.path.realpath(out))
    _clean_up(target, names)
    _check(target)
    temporary = target.parent / f".{target.name}.{uuid4().hex[:8]}"
    temporary.mkdir(parents=True)
    lock = _lock(temporary)
    try:
        yield temporary
        _check(target)  # a file may have appeared there meanwhile
        _swap(temporary, target, names)
    finally:
        _remove(temporary, names)
        if lock is not None:
            os.close(lock)


def _check(target: Path) -> None:
    if not os.path.lexists(target):
        return
    entries, listed = list(target.iterdir()) if target.is_dir() else None, _listed(target)
    if entries is None or (entries and not listed):
        raise DatasetError(f"{target} exists and is not an earlier export", "give --out a new folder")
    foreign = sorted(path.name for path in entries if not _is_file(path) or path.name not in listed)
    if foreign:
        msg = f"{target / foreign[0]} is not part of the earlier export"
        raise DatasetError(msg, "move it to another folder, or give --out a new folder")


def _listed(folder: Path) -> frozenset[str]:
    """Names of the files of an export, with its manifest; empty if the folder has no valid manifest."""
    try:
        manifest = json.loads(read_regular(folder / MANIFEST))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, dict) or not isinstance(manifest.get("dataset_version"), int):
        return frozenset()
    is_ours = all(Path(name).name == name and isinstance(files[name], dict) for name in files)
    return frozenset({*files, MANIFEST}) if is_ours else frozenset()


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _swap(temporary: Path, target: Path, names: frozenset[str]) -> None:
    """Move ``temporary`` to ``target``, and delete an earlier export.

    A reader that opens the folder between the two moves finds none. A process that is killed there leaves the earlier
    export to the next one.
    """
    if not target.exists():
        temporary.rename(target)
        return
    old = temporary.with_name(temporary.name + _OLD)
    target.rename(old)
    try:
        temporary.rename(target)
    except OSError:
        old.rename(target)
        raise
    _remove(old, names)


def _clean_up(target: Path, names: frozenset[str]) -> None:
    """Remove the leftovers of killed exports; restore an earlier export that one of them had set aside."""
    for folder in sorted(target.parent.glob(f".{glob.escape(target.name)}.*")):
        if not _LEFTOVER.fullmatch(folder.name[len(target.name) + 2 :]) or folder.is_symlink():
            continue
        lock = _lock(folder)
        if lock is None:
            continue
        try:
            entries, listed = {path.name for path in folder.iterdir() if _is_file(path)}, _listed(folder)
            if folder.suffix == _OLD and entries == listed and not target.exists():
                folder.rename(target)
            elif entries <= names | listed:
                _remove(folder, names)
        finally:
            os.close(lock)


def _remove(folder: Path, names: frozenset[str]) -> None:
    """Delete the files of an export, its manifest last, and the folder if nothing else is in it.

    The folder is held open: a link that takes its place would lead to the files of others.
    """
    with contextlib.suppress(OSError), _held(folder) as held:
        known = names | _listed(folder)
        names_there = os.listdir(folder if held is None else held)  # noqa: PTH208 - Path takes no descriptor
        for name in sorted(names_there, key=MANIFEST.__eq__):
            path = folder / name if held is None else name
            if name in known and stat.S_ISREG(os.stat(path, dir_fd=held, follow_symlinks=False).st_mode):
                os.unlink(path, dir_fd=held)
        folder.rmdir()


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[int | None]:
    """Yield a descriptor of a folder that is not a link; None on Windows, which has no such descriptors."""
    if not hasattr(os, "O_DIRECTORY"):
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int | None:
    """Lock a folder until this process ends; None if another one has it or the system has no such locks."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # on Windows always
        return None
    if try_lock(descriptor):
        return descriptor
    os.close(descriptor)
    return None
