"""A version as plain files with a data dictionary, for people without Delta Lake; the folder appears whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import glob
import hashlib
import io
import itertools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from osce_commitments.errors import DatasetError
from osce_commitments.fields import TABLES
from osce_commitments.fields.column import Column
from osce_commitments.files import read_regular, try_lock
from osce_commitments.tables import describe_table

if TYPE_CHECKING:
    import pyarrow as pa

    from osce_commitments.dataset.store import Dataset
    from osce_commitments.dataset.versions import VersionInfo, VersionSpec


MANIFEST = "manifest.json"
_LEFTOVER = re.compile(r"[0-9a-f]{8}(\.old)?")
_OLD = ".old"


@contextlib.contextmanager
def replacing(out: Path, names: frozenset[str]) -> Iterator[Path]:
    """Yield a new folder; it replaces ``out`` when the block ends without an error, unless ``out`` holds anything but an export.

    A killed process leaves a hidden folder next to ``out``, which the next call removes. A link stays a link. Only
    ``names``, the files that the block may write, and those of an earlier manifest are deleted.
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
    """Delete the files of an export, its manifest last, and the folder if nothing else is in it; a link leads to the files of others."""
    with contextlib.suppress(OSError):
        if folder.is_symlink():
            return
        known = names | _listed(folder)
        for path in sorted(folder.iterdir(), key=lambda path: path.name == MANIFEST):
            if path.name in known and _is_file(path):
                path.unlink()
        folder.rmdir()


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


_DICTIONARY = "DATA_DICTIONARY.md"
_ROWS_AT_ONCE = 5_000
# Spreadsheets of East Asia take the wide forms, too.
_FORMULA_MARKS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


class _QuotesAll(csv.unix_dialect):
    lineterminator = "\n"


class ExportFormat(StrEnum):
    """Formats of an export: tables, or a document per instrument."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    AKN = "akn"


TABLE_FORMATS = (ExportFormat.PARQUET, ExportFormat.CSV, ExportFormat.JSONL)
_NAMES = frozenset({_DICTIONARY, *(f"{name}.{ending}" for name in TABLES for ending in TABLE_FORMATS)})


def export_version(dataset: Dataset, version: VersionSpec, file_format: str, out: Path) -> Path:
    """Write one file per table, a data dictionary, and a manifest with hashes; see :func:`export_folder`.

    The format is ``parquet``, ``csv`` (nested values as JSON) or ``jsonl``; for the version see :meth:`Dataset.info`.
    """
    if file_format not in TABLE_FORMATS:
        raise DatasetError(f"unknown export format {file_format!r}", f"choose from: {', '.join(ExportFormat)}")
    info, table_format = dataset.info(version), ExportFormat(file_format)

    def fill(folder: Path) -> dict[str, dict[str, Any]]:
        rows = {}
        for name, definition in TABLES.items():
            table = _plain(dataset.read(name, info.version), definition.columns)
            _write(table, folder / f"{name}.{file_format}", table_format)
            rows[f"{name}.{file_format}"] = {"rows": table.num_rows}
        (folder / _DICTIONARY).write_text("\n".join(_dictionary(info, table_format)), encoding="utf-8")
        return {**rows, _DICTIONARY: {}}

    return export_folder(out, _NAMES, info, table_format, fill)


def export_folder(
    out: Path,
    names: frozenset[str],
    info: VersionInfo,
    file_format: ExportFormat,
    fill: Callable[[Path], dict[str, dict[str, Any]]],
) -> Path:
    """Write files into a folder, with a manifest that has their hashes; the folder appears whole or not at all.

    An earlier export at ``out`` is replaced; a folder with any other file is left unchanged. ``names`` are the files
    that an export of this kind may have written. ``fill`` writes the files into a folder and returns facts about each,
    for the manifest, by its name.
    """
    try:
        with replacing(out, names | {MANIFEST}) as folder:
            files = {name: _describe(folder / name) | facts for name, facts in fill(folder).items()}
            manifest = {
                "dataset_version": info.version,
                "created_at": info.created_at.isoformat(),
                "run_id": info.run_id,
                "package_version": info.package_version,
                "schema_version": info.schema_version,
                "format": file_format.value,
                "files": files,
            }
            (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"folder {out} cannot be written: {error.strerror}"
        raise DatasetError(msg, "give --out a folder that you can write to") from error
    return out


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _plain(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """The table with the lists of joined columns as one text; the dataset keeps the lists."""
    import pyarrow as pa

    for column in columns:
        if column.joined:
            position = table.schema.get_field_index(column.name)
            field = pa.field(column.name, pa.string(), nullable=False, metadata=table.schema.field(position).metadata)
            joined = [column.joined.join(values) for values in table[column.name].to_pylist()]
            table = table.set_column(position, field, pa.array(joined, pa.string()))
    return table


def _write(table: pa.Table, path: Path, table_format: ExportFormat) -> None:
    if table_format is ExportFormat.PARQUET:
        import pyarrow.parquet as pq

        pq.write_table(table, path, compression="zstd")
        return
    rows = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in exported_rows(table))
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(csv_lines(table) if table_format is ExportFormat.CSV else rows)


def exported_rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as Python values, maps as dictionaries."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist(maps_as_pydicts="strict")


def csv_lines(table: pa.Table) -> Iterator[str]:
    """A table as CSV, a line per row.

    A text that a spreadsheet would take for a formula has an apostrophe before it: documents come from anywhere.
    """
    buffer = io.StringIO(newline="")
    writer, quoting = csv.writer(buffer, lineterminator="\n"), csv.writer(buffer, _QuotesAll)
    rows = (tuple(row.values()) for row in exported_rows(table))
    for row in itertools.chain([tuple(table.column_names)], rows):
        cells = [cell(value) for value in row]
        cells = [
            f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_MARKS) else value for value in cells
        ]
        # By itself the writer leaves a lone carriage return bare, and readers end the row there.
        has_return = any(isinstance(value, str) and "\r" in value for value in cells)
        (quoting if has_return else writer).writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def cell(value: object) -> object:
    """A value for a CSV cell: lists and structures as JSON, null as nothing, truth values in lower case."""
    if isinstance(value, (list, dict, bool)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else value


def _dictionary(info: VersionInfo, file_format: ExportFormat) -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield f"Dataset version {info.version}, schema {info.schema_version}, osce-commitments {info.package_version}."
    if file_format is ExportFormat.CSV:
        yield "Lists and structures are JSON inside their cell. A text that a spreadsheet would take for a formula (it begins"
        yield "with =, +, -, @, a tab or a carriage return) has an apostrophe before it; JSON lines and Parquet have none."
    for definition in TABLES.values():
        yield ""
        yield from describe_table(definition, f"{definition.name}.{file_format}", is_joined=True)
    yield ""
