"""Delta Lake operations of the dataset, with settings that keep pinned versions readable."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from osce_commitments.errors import DatasetError, UnavailableError
from osce_commitments.fields import TABLES
from osce_commitments.files import check_regular, open_regular
from osce_commitments.tables import schema

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as pads
    from deltalake import DeltaTable

EVERY_ROW = "true"
SMALL_FILES_PER_PARTITION = 8
_MERGED_BYTES = 400_000
# ZSTD sets itself up for every column of every file, which takes longer than writing a small one.
_FEW_BYTES = 8_000_000
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.1  # at most, doubled after each attempt
_DECORATION = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f\u21b3]")
_PARQUET_END = b"PAR1"
_PARQUET_FILE = re.compile(r"(?:Parquet input source|open local file) '([^']+)'")
# Delta deletes old log entries at checkpoints and lets a vacuum delete old files after a week:
# both would take away versions that manifests pin.
_CONFIGURATION = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
    # Every opening reads the log since the last checkpoint; a commit opens several tables.
    "delta.checkpointInterval": "20",
}


def open_table(folder: Path, version: int | None = None) -> DeltaTable:
    """A table at a Delta version, or at its newest; a ``DatasetError`` if it is missing or damaged."""
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        log = folder / "_delta_log"
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(log) as entries:
            for entry in entries:
                if not entry.is_file() and not entry.is_dir():
                    check_regular(Path(entry.path))
        return DeltaTable(folder, version=version)
    except (DeltaError, OSError, ValueError) as error:
        raise damaged(folder, error) from error


def damaged(folder: Path, error: Exception) -> DatasetError:
    """The error for a table that cannot be read."""
    msg = f"table {folder} cannot be read: {_damage(folder, error)}"
    repair = f"osce-commitments doctor --repair --data {folder.parent}"
    return UnavailableError(msg, f"go back to the last whole version ({repair}), or restore the folder from a backup")


def _damage(folder: Path, error: Exception) -> str:
    """The words for what is wrong with a table; those of the libraries are about their own work."""
    if not folder.exists():
        return "its folder is missing"
    if (words := message_of(error)).startswith("Kernel error: Json error"):
        return "an entry of its log is damaged"
    file = _PARQUET_FILE.search(words)
    return f"file {file[1]} is damaged or missing" if file else words


def message_of(error: Exception) -> str:
    """The text of an error in one line, without the colours and arrows of the library."""
    return " ".join(_DECORATION.sub("", str(error)).split())[:200]


def unwritable(path: Path, error: Exception) -> DatasetError:
    """The error for a full disk, a missing permission and the like."""
    msg = f"{path} cannot be written: {message_of(error)}"
    return DatasetError(msg, "check free disk space and permissions, and run again: the last version is intact")


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    from deltalake.exceptions import DeltaError

    try:
        yield
    except (DeltaError, OSError) as error:
        raise unwritable(folder, error) from error


def files(table: DeltaTable, folder: Path) -> pads.Dataset:
    """The files of a table at its version, to scan.

    Arrow opens them itself: its threads would call back into Python through Delta's own file system and abort the
    process when the interpreter exits meanwhile ("terminate called without an active exception").
    """
    import pyarrow as pa
    from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

    missing = _missing_column(table, folder)
    if missing:
        msg = f"table {folder} has no column {missing}: another edition of the program wrote it"
        raise UnavailableError(msg, "read the documents again into a new folder")
    source = table.to_pyarrow_dataset(filesystem=SubTreeFileSystem(str(folder.resolve()), LocalFileSystem()))
    # A column that an older dataset lacks has no values.
    stored = {field.name: field for field in source.schema}
    source = source.replace_schema(pa.schema([stored.get(field.name, field) for field in schema(folder.name)]))
    for name in source.files:
        if not (path := folder / name).is_file():
            why = "is not a regular file" if path.exists() else "is damaged or missing"
            raise damaged(folder, OSError(f"file {path} {why}"))
    return source


def _missing_column(table: DeltaTable, folder: Path) -> str:
    stored = {field.name for field in table.schema().fields}
    return next((field.name for field in schema(folder.name) if not field.nullable and field.name not in stored), "")


def scan(  # noqa: PLR0913 - what to read, and of which table
    folder: Path,
    version: int,
    *,
    columns: Sequence[str] | None = None,
    condition: pads.Expression | None = None,
    skip: frozenset[str] = frozenset(),
    table: DeltaTable | None = None,
) -> pa.Table:
    """Rows of a table at a Delta version, in no particular order.

    ``skip`` names files to leave out (see :func:`file_names`); ``table`` is the table at this version if it is open.
    """
    import pyarrow as pa
    import pyarrow.dataset as pads

    source = files(table or open_table(folder, version), folder)
    if skip:
        fragments = [fragment for fragment in source.get_fragments() if fragment.path not in skip]
        source = pads.FileSystemDataset(fragments, source.schema, source.format, source.filesystem)
    try:
        rows = source.to_table(columns=list(columns) if columns else None, filter=condition)
    except (pa.ArrowException, OSError) as error:
        raise damaged(folder, error) from error
    declared = schema(folder.name)
    return rows.cast(pa.schema([declared.field(name) for name in rows.column_names], declared.metadata))


def file_names(folder: Path, version: int) -> frozenset[str]:
    """Names of the files that make up a version."""
    return frozenset(fragment.path for fragment in files(open_table(folder, version), folder).get_fragments())


def create(folder: Path) -> None:
    """Create an empty table."""
    from deltalake import DeltaTable

    definition = TABLES[folder.name]
    # By default, statistics of 32 columns, texts included, fill the log; only those of keys help to skip files.
    pruned = {"delta.dataSkippingStatsColumns": ",".join(definition.stats)} if definition.stats else {}
    with _writing(folder):
        DeltaTable.create(
            folder,
            schema(folder.name),
            partition_by=list(definition.partition_by) or None,
            description=definition.description,
            configuration=_CONFIGURATION | pruned,
        )


def commit_rows(
    folder: Path, rows: pa.Table, run_id: str, *, predicate: str | None = None, table: DeltaTable | None = None
) -> int:
    """Append rows, or replace those that the predicate selects; returns the new Delta version.

    A commit that conflicts with another is retried on the newest state. ``predicate`` is SQL. An open ``table`` saves
    reading its log.
    """
    from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
    from deltalake.exceptions import CommitFailedError

    opened = table

    def commit() -> int:
        table = opened or DeltaTable(folder)
        table.update_incremental()
        options: dict[str, Any] = {"mode": "overwrite", "predicate": predicate} if predicate else {"mode": "append"}
        if set(rows.column_names) > {column.name for column in table.schema().fields}:
            options["schema_mode"] = "merge"  # an older edition made the table
        write_deltalake(
            table,
            rows,
            writer_properties=WriterProperties(compression="SNAPPY" if rows.nbytes < _FEW_BYTES else "ZSTD"),
            commit_properties=CommitProperties(custom_metadata={"run_id": run_id}),
            **options,
        )
        return table.version()

    with _writing(folder):
        try:
            for attempt in range(1, _ATTEMPTS):
                with contextlib.suppress(CommitFailedError):
                    return commit()
                time.sleep(random.uniform(0, _PAUSE_SECONDS * 2**attempt))  # noqa: S311 - so that writers do not meet again
            return commit()
        except CommitFailedError as error:
            msg = f"table {folder} was changed by another program {_ATTEMPTS} times in a row"
            raise DatasetError(msg, "let only osce-commitments write there, and run again") from error


def merge_small_files(folder: Path, table: DeltaTable | None = None) -> int:
    """Merge a table's small files once a partition has many on average; returns the newest Delta version.

    Every commit leaves one small file per year, and readers pay for each. The rows stay the same. Files of
    ``_MERGED_BYTES`` are left alone, so that a growing table is not written again and again.
    """
    from deltalake import WriterProperties

    table = table or open_table(folder)
    sizes = file_sizes(table)["size_bytes"].to_pylist()
    if needs_merging(sizes, len(table.partitions())):
        with _writing(folder):
            table.optimize.compact(target_size=_MERGED_BYTES, writer_properties=WriterProperties(compression="ZSTD"))
    return table.version()


def needs_merging(sizes: Iterable[int], partitions: int) -> bool:
    """Whether there are too many small files; merging leaves at most one file below half of its size per partition."""
    small = sum(2 * size < _MERGED_BYTES for size in sizes)
    return small > SMALL_FILES_PER_PARTITION * max(1, partitions)


def roll_back(folder: Path, version: int) -> bool:
    """Undo the commits after ``version``; returns whether there were any."""
    table = open_table(folder)
    if table.version() == version:
        return False
    with _writing(folder):
        last = next(iter(table.history(1)), {})  # an empty log entry has no history
        if last.get("operation") == "RESTORE" and last["operationParameters"]["version"] == str(version):
            return False
        table.restore(version)
    return True


def new_files(folder: Path, before: int, after: int) -> list[Path]:
    """Files that the commits after ``before`` up to ``after`` added, with the entries of the log."""
    paths, log = [], folder / "_delta_log"
    for number in range(before + 1, after + 1):
        entry, checkpoint = (log / f"{number:020d}.{ending}" for ending in ("json", "checkpoint.parquet"))
        paths += [entry, *([checkpoint] if checkpoint.exists() else [])]
        actions = map(json.loads, entry.read_text(encoding="utf-8").splitlines())
        paths += [folder / unquote(action["add"]["path"]) for action in actions if "add" in action]
    # A later commit of the same run may have merged a file and left it on the disk.
    return [path for path in paths if path.exists()]


def fault(folder: Path, version: int, rows: int, *, reads: bool = False) -> str:
    """The fault of a table at a version, from its log and the ends of its files; empty if nothing.

    ``rows`` is the number that it must have; ``reads`` reads all of them, too. If this user may not read it, the error
    is raised.
    """
    try:
        table = open_table(folder, version)
        missing, count, actions = _missing_column(table, folder), table.count(), file_sizes(table)
        if missing:
            return f"table {folder.name} has no column {missing}"
        if count != rows:
            return f"table {folder.name} has {count} rows, and its manifest says {rows}"
        for name, size in zip(actions["path"].to_pylist(), actions["size_bytes"].to_pylist(), strict=True):
            wrong = _file_fault(folder / unquote(name), size)
            if wrong:
                return f"file {folder.name}/{name} {wrong}"
        if reads:
            return _reading_fault(table, folder, rows)
    except PermissionError as error:
        raise damaged(folder, error) from error
    except (DatasetError, OSError) as error:
        if isinstance(error.__cause__, PermissionError):
            raise
        return error.message if isinstance(error, DatasetError) else f"table {folder.name}: {error.strerror}"
    return ""


def _reading_fault(table: DeltaTable, folder: Path, rows: int) -> str:
    import pyarrow as pa

    try:
        read = sum(batch.num_rows for batch in files(table, folder).to_batches())
    except (pa.ArrowException, OSError) as error:
        return f"table {folder.name}: {_damage(folder, error)}"
    return "" if read == rows else f"table {folder.name} has {read} rows, and its manifest says {rows}"


def file_sizes(table: DeltaTable) -> pa.Table:
    """The files of a table with their sizes."""
    import pyarrow as pa

    return pa.table(table.get_add_actions(flatten=True))


def _file_fault(path: Path, size: int) -> str:
    try:
        with open_regular(path) as stream:
            real = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, real - len(_PARQUET_END)))
            end = stream.read()
    except FileNotFoundError:
        return "is missing"
    if real != size:
        return f"has {real} bytes instead of {size}"
    return "" if end == _PARQUET_END else "does not end as a Parquet file"


def set_aside(folder: Path, version: int, aside: Path) -> None:
    """Move the log entries after ``version`` to another folder; the files that they name stay."""
    log = folder / "_delta_log"
    later = [
        path
        for path in log.iterdir()
        if path.name.partition(".")[0].isdecimal() and int(path.name.partition(".")[0]) > version
    ]
    # It names the newest checkpoint; the table is read without it.
    pointer = log / "_last_checkpoint"
    for path in [*later, *([pointer] if later and pointer.exists() else [])]:
        aside.mkdir(parents=True, exist_ok=True)
        path.rename(aside / path.name)


def is_cut_off(folder: Path, *, commits: int) -> bool:
    """Whether a folder is left over from an interrupted run: a table with at most ``commits`` commits, and nothing else.

    File names decide, so that a damaged table is not taken for an empty one.
    """
    if folder.is_symlink() or not folder.is_dir():
        return False
    log = folder / "_delta_log"
    numbers = [int(path.stem) for path in log.glob("*.json") if path.stem.isdecimal()]
    files = [path for path in folder.rglob("*") if not path.is_dir() and log not in path.parents]
    # A file that is being written has a number after its name.
    if any(not path.name.partition("#")[0].endswith(".parquet") for path in files):
        return False
    may_hold_rows = bool(numbers) and commits > 0
    return max(numbers, default=0) <= commits and (may_hold_rows or not files)


def document_predicate(column: str, ids: Iterable[str], years: Iterable[int | None]) -> str:
    """SQL that selects the rows of some documents; the years limit it to their partitions."""
    wanted_years = set(years)
    known = sorted(year for year in wanted_years if year is not None)
    parts = [f"year IN ({', '.join(map(str, known))})"] if known else []
    parts += ["year IS NULL"] if None in wanted_years else []
    quoted = ", ".join(f"'{value}'" for value in sorted(ids))
    return f"{column} IN ({quoted}) AND ({' OR '.join(parts)})"


def value_predicate(column: str, values: Iterable[str]) -> str:
    """SQL that selects the rows with some values in a column."""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
    return f'"{column}" IN ({quoted})'


def document_condition(column: str, ids: Iterable[str], years: Iterable[int | None]) -> pads.Expression:
    """The same rows as :func:`document_predicate`, for a scan."""
    import pyarrow as pa
    import pyarrow.dataset as pads

    wanted_years = set(years)
    values = pa.array(sorted(year for year in wanted_years if year is not None), pa.int32())
    in_years = pads.field("year").isin(values)
    if None in wanted_years:
        in_years |= pads.field("year").is_null()
    return pads.field(column).isin(pa.array(sorted(ids), pa.string())) & in_years
