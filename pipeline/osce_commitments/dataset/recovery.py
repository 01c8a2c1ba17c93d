"""Bring a dataset back to its last whole version after a kill, a power cut or damage; nothing is deleted."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from osce_commitments.dataset import delta, versions
from osce_commitments.dataset.versions import VersionInfo
from osce_commitments.errors import DatasetError
from osce_commitments.fields import PINNED_TABLES, RUNS, TABLES

DAMAGED_FOLDER = "_damaged"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a version, or with its manifest."""

    version: int
    is_manifest: bool
    why: str


def version_fault(path: Path, number: int, *, reads: bool = False) -> Fault | None:
    """The fault of a version: manifest, log, sizes and ends of files; None if it has none.

    ``reads`` reads all rows, too. A version of another schema, or one that this user may not read, is an error.
    """
    manifest = path / versions.VERSIONS_FOLDER / f"{number:06d}.json"
    try:
        info = versions.load(manifest.parent, number)
    except DatasetError as error:
        if isinstance(error.__cause__, PermissionError) or "is damaged" not in error.message:
            raise
        return Fault(number, is_manifest=True, why=error.message)
    why = tables_fault(path, info, reads=reads)
    return Fault(number, is_manifest=False, why=why) if why else None


def tables_fault(path: Path, info: VersionInfo, *, reads: bool = False) -> str:
    """The fault of the tables of a version; empty if they have none. See :func:`version_fault`."""
    for name, commit in info.tables.items():
        if name in TABLES:
            wrong = delta.fault(path / name, commit, info.counts.get(name, -1), reads=reads)
            if wrong:
                return wrong
    return ""


def recover(path: Path, say: Callable[[str], None], *, repairs: bool = False) -> VersionInfo | None:
    """Undo what belongs to no version, and publish the finished batches of a run that was killed; returns the newest version, if any.

    If the newest version cannot be read, the dataset goes back to the last whole one; a ``DatasetError`` if none is
    whole. The caller holds the lock of the dataset. ``say`` gets a line for each thing that changed for readers.
    ``repairs`` passes over damaged manifests, too.
    """
    manifests = path / versions.VERSIONS_FOLDER
    numbers, unfinished = versions.numbers(manifests), _unfinished(path, say)
    is_empty = not numbers and unfinished is None
    if is_empty:
        _clear(path)
    for leftover in manifests.glob("*.tmp"):
        leftover.unlink()
    if is_empty:
        return None
    newest = _last_whole(path, say, repairs=repairs) if numbers else None
    if unfinished is not None and unfinished.version == (newest.version if newest else 0) + 1:
        newest = replace(unfinished, created_at=dt.datetime.now(dt.UTC))
        versions.publish_manifest(manifests, newest)
        versions.forget_unfinished(manifests)
        say(f"version {newest.version} has the batches that an interrupted run had finished ({newest.message})")
    else:
        versions.forget_unfinished(manifests)
    if newest is None:
        _clear(path)
        return None
    _return_to(path, newest)
    _restore_runs(path, say)
    return newest


def _unfinished(path: Path, say: Callable[[str], None]) -> VersionInfo | None:
    manifests = path / versions.VERSIONS_FOLDER
    try:
        info = versions.load_unfinished(manifests)
        why = tables_fault(path, info) if info else ""
    except DatasetError as error:
        if isinstance(error.__cause__, PermissionError):
            raise
        info, why = None, error.message
    if why:
        say(f"the finished part of an interrupted run cannot be used: {why}")
        _move(manifests / versions.UNFINISHED, _aside(path))
        return None
    return info


def _clear(path: Path) -> None:
    versions.check_tables(path)
    for name in TABLES:
        if (path / name).exists():
            shutil.rmtree(path / name)


def _last_whole(path: Path, say: Callable[[str], None], *, repairs: bool) -> VersionInfo:
    manifests = path / versions.VERSIONS_FOLDER
    faults: list[Fault] = []
    for number in reversed(versions.numbers(manifests)):
        fault = version_fault(path, number, reads=repairs)
        if fault is None:
            whole = versions.load(manifests, number)
            break
        if fault.is_manifest and not repairs:
            versions.load(manifests, number)
        faults.append(fault)
    else:
        msg = f"no version of {path} is whole: {faults[0].why}"
        raise DatasetError(
            msg, "restore the folder from a backup, or read the documents into a new one; nothing was deleted"
        )
    for fault in faults:
        aside = _aside(path, f"{fault.version:06d}")
        _move(manifests / f"{fault.version:06d}.json", aside)
        say(
            f"version {fault.version} of {path} cannot be read ({fault.why}): it was moved to {aside}, "
            f"and the dataset is back at version {whole.version}; run the same inputs again"
        )
    if faults:
        for name, commit in whole.tables.items():
            delta.set_aside(path / name, commit, _aside(path, f"{faults[-1].version:06d}") / name)
    return whole


def _return_to(path: Path, info: VersionInfo) -> None:
    for name in PINNED_TABLES:
        folder = path / name
        if name in info.tables:
            try:
                delta.roll_back(folder, info.tables[name])
            except DatasetError:
                delta.set_aside(folder, info.tables[name], _aside(path) / name)
        elif folder.exists():
            # A table that is younger than this version: the run that created it was interrupted.
            if not delta.is_cut_off(folder, commits=1):
                raise versions.unpublished(folder, path / versions.VERSIONS_FOLDER)
            shutil.rmtree(folder)


def _restore_runs(path: Path, say: Callable[[str], None]) -> None:
    """Begin a new table of runs if the old one cannot be read: it is a log, and no version needs it."""
    folder = path / RUNS.name
    try:
        delta.scan(folder, delta.open_table(folder).version(), columns=["id"])
    except DatasetError as error:
        if isinstance(error.__cause__, PermissionError):
            raise
        if folder.exists():
            _move(folder, _aside(path))
        delta.create(folder)
        say(f"a new table of runs begins: {error.message}")


def put_aside(path: Path, file: Path) -> Path:
    """Move a file of a dataset out of the way; returns the folder where it is now."""
    _move(file, _aside(path))
    return _aside(path)


def _aside(path: Path, name: str = "run") -> Path:
    return path / DAMAGED_FOLDER / name


def _move(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.name}.{number}"
    path.rename(target)
