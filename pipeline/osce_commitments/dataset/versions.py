"""Manifests: one small JSON file per version says which commit of every table belongs to it.

The tables commit one after another; the manifest that follows makes their new state visible at once. Readers look
at manifests only, so a run that is killed between two commits changes nothing for them. While a run works, a file of the
same form says which commits its finished batches have; if the run is killed, the next one makes a version of them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from osce_commitments.dataset import delta
from osce_commitments.errors import DatasetError
from osce_commitments.fields import DOCUMENTS, PROVISIONS, REJECTS, SCHEMA_VERSION, TABLES
from osce_commitments.files import read_regular, write_new, write_whole

VERSIONS_FOLDER = "_versions"
LATEST = "latest"
UNFINISHED = "unfinished.json"
_LISTED = 5
# Other tables may be younger than a version.
_ALWAYS = (DOCUMENTS.name, PROVISIONS.name, REJECTS.name)

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
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        raise DatasetError(f"{folder} cannot be read: permission denied", "change its permissions")
    return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdecimal())


def load(folder: Path, number: int) -> VersionInfo:
    """Read a manifest; a ``DatasetError`` if it is damaged or written under another schema."""
    path = folder / _name(number)
    info = read_manifest(path)
    if info.version != number:
        raise damaged_manifest(path, f"it describes version {info.version}")
    if info.schema_version != SCHEMA_VERSION:
        msg = (
            f"version {number} of the dataset has schema {info.schema_version}, but this program reads {SCHEMA_VERSION}"
        )
        is_newer = info.schema_version > SCHEMA_VERSION
        again = "read the documents again into a new folder: osce-commitments run SOURCES --data NEW"
        raise DatasetError(msg, f"use osce-commitments {info.package_version}" if is_newer else again)
    return info


def read_manifest(path: Path) -> VersionInfo:
    """Read a file with a manifest."""
    try:
        info = VersionInfo(**json.loads(read_regular(path)))
        created_at = dt.datetime.fromisoformat(str(info.created_at))
    except TypeError as error:
        raise damaged_manifest(path, "a value is missing, unknown or of another type") from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged_manifest(path, " ".join(str(error).split())) from error
    info = dataclasses.replace(info, created_at=created_at)
    wrong = _wrong_value(info)
    if wrong:
        raise damaged_manifest(path, wrong)
    return info


def _wrong_value(info: VersionInfo) -> str:
    numbers, texts = (info.version, info.schema_version), (info.run_id, info.message, info.package_version)
    if not all(type(value) is int for value in numbers) or not all(isinstance(value, str) for value in texts):
        return "a number or a text has another type"
    if info.created_at.tzinfo is None:
        return "created_at has no time zone"
    for name, value in (("tables", info.tables), ("counts", info.counts)):
        if not isinstance(value, dict) or not all(type(number) is int and number >= 0 for number in value.values()):
            return f"{name} is not a table of numbers"
    missing = next((name for name in _ALWAYS if name not in info.tables), "")
    return f"it names no commit of {missing}" if missing else ""


def damaged_manifest(path: Path, why: str) -> DatasetError:
    """The error for a manifest that cannot be used."""
    msg = f"manifest {path} is damaged: {why[:200]}"
    repair = f"go back to the last whole version: osce-commitments doctor --repair --data {path.parent.parent}"
    return DatasetError(msg, f"restore the file from a backup, use another version, or {repair}")


def load_unfinished(folder: Path) -> VersionInfo | None:
    """The state of a run that did not end, as the version that it would become; None if there is none."""
    path = folder / UNFINISHED
    if not path.exists():
        return None
    info = read_manifest(path)
    if info.schema_version != SCHEMA_VERSION:
        raise damaged_manifest(path, f"it has schema {info.schema_version}")
    return info


def save_unfinished(folder: Path, info: VersionInfo) -> None:
    """Keep the state of a run after a batch."""
    path = folder / UNFINISHED
    try:
        write_whole(path, _json(info))
    except OSError as error:
        raise _unwritable(path, error) from error


def has_unfinished(folder: Path) -> bool:
    """Whether a run is at work or was interrupted after a finished batch."""
    return (folder / UNFINISHED).exists()


def forget_unfinished(folder: Path) -> None:
    """Remove the state of a run, once a version has its rows."""
    (folder / UNFINISHED).unlink(missing_ok=True)


def check_tables(path: Path) -> None:
    """Check that a dataset without versions has lost none: at most, its first run was interrupted.

    Any other file or folder in the place of a table is an error: it must not be deleted.
    """
    manifests = path / VERSIONS_FOLDER
    if (manifests / UNFINISHED).exists():
        return
    for name, table in TABLES.items():
        folder = path / name
        # The first batch is one commit per table; the row of a run comes after its version.
        commits = 1 if table.is_pinned else 0
        if os.path.lexists(folder) and not (manifests.is_dir() and delta.is_cut_off(folder, commits=commits)):
            raise unpublished(folder, manifests)


def unpublished(folder: Path, manifests: Path) -> DatasetError:
    """The error for a table that no version names."""
    msg = f"{folder} belongs to no dataset version: {manifests} has none"
    return DatasetError(
        msg, f"restore {VERSIONS_FOLDER} from a backup, or give --data a new folder; nothing was deleted"
    )


def publish_manifest(folder: Path, info: VersionInfo) -> None:
    """Publish a version: its file appears whole and never replaces another."""
    path = folder / _name(info.version)
    try:
        write_new(path, _json(info))
    except FileExistsError as error:
        msg = f"version {info.version} was published by another program meanwhile"
        raise DatasetError(msg, "run again; nothing is lost") from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _json(info: VersionInfo) -> str:
    return json.dumps(asdict(info) | {"created_at": info.created_at.isoformat()}, indent=1)


def _unwritable(path: Path, error: OSError) -> DatasetError:
    msg = f"manifest {path} cannot be written: {error.strerror}"
    return DatasetError(msg, "check free disk space and permissions, and run again: the last version is intact")


def _name(number: int) -> str:
    return f"{number:06d}.json"


def choose(spec: VersionSpec, infos: Sequence[VersionInfo]) -> VersionInfo:
    """The version that ``spec`` selects among some, oldest first: None or "latest", a number, or a day or moment.

    These mean the newest version of that time; a day counts to its end; UTC unless a moment names its offset. The error
    lists the versions that exist.
    """
    if spec is None or spec == LATEST:
        return infos[-1]
    if isinstance(spec, str):
        spec = _parse(spec, infos)
    if isinstance(spec, int):
        matching = [info for info in infos if info.version == spec]
    else:
        matching = [info for info in infos if info.created_at <= _moment(spec)]
    if matching:
        return matching[-1]
    msg = f"there is no version {spec}" if isinstance(spec, int) else f"there was no version yet at {spec.isoformat()}"
    raise DatasetError(msg, available(infos))


def as_number(spec: VersionSpec) -> int | None:
    """The number that a specification gives; None if it is a day or a moment."""
    if isinstance(spec, str) and spec.strip().isdecimal():
        return int(spec)
    return spec if isinstance(spec, int) else None


def _parse(spec: str, infos: Sequence[VersionInfo]) -> int | dt.date:
    text, number = spec.strip(), as_number(spec)
    if number is not None:
        return number
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
