"""Manifests: one small JSON file per version says which commit of every table belongs to it.

The tables commit one after another; the manifest that follows makes their new state visible at once. Readers look
at manifests only, so a run that is killed between two commits changes nothing for them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from osce_commitments.dataset import delta
from osce_commitments.errors import DatasetError
from osce_commitments.fields import RUNS, SCHEMA_VERSION, TABLES

VERSIONS_FOLDER = "_versions"
LATEST = "latest"
_LISTED = 5

VersionSpec = str | int | dt.date | None


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version of the dataset.

    Attributes:
        version: Number from 1, without gaps.
        created_at: When it was published, UTC.
        run_id: Run that wrote it; its row in ``runs`` has the configuration and the inputs.
        message: What changed, in words.
        tables: For each pinned table the Delta version that belongs to this version.
        counts: Rows of each pinned table.
    """

    version: int
    created_at: dt.datetime
    run_id: str
    message: str
    package_version: str
    schema_version: int
    tables: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def numbers(folder: Path) -> list[int]:
    """Numbers of the published versions, in order."""
    return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdecimal())


def load(folder: Path, number: int) -> VersionInfo:
    """Read a manifest.

    Raises:
        DatasetError: If it is damaged or written under another schema.
    """
    path = folder / _name(number)
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        created_at = dt.datetime.fromisoformat(values.pop("created_at"))
        info = VersionInfo(created_at=created_at, **values)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        msg = f"manifest {path} is damaged: {' '.join(str(error).split())}"
        raise DatasetError(msg, "restore the file from a backup, or use another version") from error
    if info.schema_version != SCHEMA_VERSION:
        msg = (
            f"version {number} of the dataset has schema {info.schema_version}, but this program reads {SCHEMA_VERSION}"
        )
        is_newer = info.schema_version > SCHEMA_VERSION
        again = "read the documents again into a new folder: osce-commitments run SOURCES --data NEW"
        raise DatasetError(msg, f"use osce-commitments {info.package_version}" if is_newer else again)
    return info


def check_tables(path: Path) -> None:
    """Check that a dataset without versions has lost none: at most, its first batch was interrupted.

    Raises:
        DatasetError: If any other file or folder is in the place of a table; it must not be deleted.
    """
    manifests = path / VERSIONS_FOLDER
    for name in TABLES:
        folder = path / name
        # The first batch is one commit per table; the row of a run comes after its last version.
        commits = 0 if name == RUNS.name else 1
        if os.path.lexists(folder) and not (manifests.is_dir() and delta.is_cut_off(folder, commits=commits)):
            raise unpublished(folder, manifests)


def unpublished(folder: Path, manifests: Path) -> DatasetError:
    """The error for a table that no version names."""
    msg = f"{folder} belongs to no dataset version: {manifests} has none"
    return DatasetError(
        msg, f"restore {VERSIONS_FOLDER} from a backup, or give --data a new folder; nothing was deleted"
    )


def publish_manifest(folder: Path, info: VersionInfo) -> None:
    """Publish a version: its file appears whole and never replaces another.

    Raises:
        DatasetError: If the number is taken or the disk refuses.
    """
    final, temporary = folder / _name(info.version), folder / f"{_name(info.version)}.tmp"
    values = asdict(info) | {"created_at": info.created_at.isoformat()}
    try:
        _write(temporary, json.dumps(values, indent=1))
        _move(temporary, final)
    except FileExistsError as error:
        temporary.unlink()
        msg = f"version {info.version} was published by another program meanwhile"
        raise DatasetError(msg, "run again; nothing is lost") from error
    except OSError as error:
        msg = f"manifest {final} cannot be written: {error.strerror}"
        raise DatasetError(
            msg, "check free disk space and permissions, and run again: the last version is intact"
        ) from error
    _sync(folder)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _move(temporary: Path, final: Path) -> None:
    try:
        os.link(temporary, final)
    except FileExistsError:
        raise
    except OSError:
        # No hard links on this file system; the writer's lock keeps others out.
        if final.exists():
            raise FileExistsError(final) from None
        temporary.rename(final)
    else:
        temporary.unlink()


def _sync(folder: Path) -> None:
    # Not every file system lets a folder be synchronized; the file itself is on disk already.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _name(number: int) -> str:
    return f"{number:06d}.json"


def choose(spec: VersionSpec, infos: Sequence[VersionInfo]) -> VersionInfo:
    """The version that ``spec`` selects.

    Args:
        spec: None or "latest", a number, or a day or moment (the newest version of that time; a day counts to its
            end; UTC unless a moment names its offset).
        infos: The versions, oldest first; at least one.

    Raises:
        DatasetError: If there is none; the message lists those that exist.
    """
    if spec is None or spec == LATEST:
        return infos[-1]
    if isinstance(spec, str):
        spec = _parse(spec, infos)
    if isinstance(spec, int):
        found = [info for info in infos if info.version == spec]
    else:
        found = [info for info in infos if info.created_at <= _moment(spec)]
    if found:
        return found[-1]
    msg = f"there is no version {spec}" if isinstance(spec, int) else f"there was no version yet at {spec.isoformat()}"
    raise DatasetError(msg, available(infos))


def _parse(spec: str, infos: Sequence[VersionInfo]) -> int | dt.date:
    text = spec.strip()
    if text.isdecimal():
        return int(text)
    for parse in (dt.date.fromisoformat, dt.datetime.fromisoformat):
        with contextlib.suppress(ValueError):
            return parse(text)
    msg = f"{spec!r} is not a version"
    raise DatasetError(msg, f"give a number, 'latest', a day (2026-03-01) or a moment; {available(infos)}")


def _moment(when: dt.date) -> dt.datetime:
    if not isinstance(when, dt.datetime):
        return dt.datetime.combine(when, dt.time.max, tzinfo=dt.UTC)
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def available(infos: Sequence[VersionInfo]) -> str:
    """The versions that exist, in one line."""
    listed = [f"{info.version} ({info.created_at:%Y-%m-%d %H:%M} UTC)" for info in infos]
    if len(listed) > _LISTED:
        listed = [listed[0], "…", *listed[1 - _LISTED :]]
    return f"available: {', '.join(listed)}"
