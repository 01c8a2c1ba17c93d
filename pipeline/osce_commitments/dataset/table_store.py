"""The folder of a dataset, the lock of its one writer, and its tables as one writing session sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.dataset import delta, versions
from osce_commitments.errors import DatasetError, SchemaError
from osce_commitments.fields import PINNED_TABLES, TABLES
from osce_commitments.files import sync_files
from osce_commitments.tables import to_table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as pads
    from deltalake import DeltaTable
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


class TableStore:
    """The tables of a dataset. Every replacement returns the new Delta version, or None if the rows are the same.

    ``versions`` and ``counts`` have the Delta version and the number of rows of each table that exists.
    """

    def __init__(self, path: Path, run_id: str) -> None:
        self.versions: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self._path = path
        self._run_id = run_id
        self._synced: dict[str, int] = {}
        # Nobody else writes now, and opening a table takes longer with every commit.
        self._open: dict[str, DeltaTable] = {}

    def begin(self, versions: Mapping[str, int], counts: Mapping[str, int]) -> None:
        """Continue from the tables of a version."""
        self.versions, self._synced, self.counts = dict(versions), dict(versions), dict(counts)

    def rows(
        self, name: str, condition: pads.Expression | None = None, columns: Iterable[str] | None = None
    ) -> pa.Table:
        """Rows of a table that meet a condition; none if there is no such table yet."""
        if name not in self.versions:
            return to_table(name, [])
        wanted = list(columns) if columns else None
        folder, version = self._path / name, self.versions[name]
        return delta.scan(folder, version, columns=wanted, condition=condition, table=self._table(name))

    def rows_of(
        self,
        name: str,
        column: str,
        ids: Iterable[str],
        years: Iterable[int | None],
        columns: Iterable[str] | None = None,
    ) -> pa.Table:
        """Rows of some documents, whose years say where to look."""
        return self.rows(name, delta.document_condition(column, ids, years), columns)

    def append(self, name: str, new: pa.Table) -> int:
        """Add rows to a table."""
        self._create_missing()
        return delta.commit_rows(self._path / name, new, self._run_id, table=self._table(name))

    def replace_all(self, name: str, new: pa.Table) -> int | None:
        """Write rows in place of all rows."""
        return None if _same(name, new, self.rows(name)) else self._commit(name, new, delta.EVERY_ROW)

    def replace_documents(  # noqa: PLR0913 - which rows, and where they are
        self, name: str, column: str, ids: set[str], years: Iterable[int | None], new: pa.Table, *, are_known: bool
    ) -> int | None:
        """Write rows in place of those of some documents, whose ids are in ``column``.

        If none of them ``are_known`` to the dataset, there are no stored rows to compare with.
        """
        if not ids or not (are_known or new.num_rows):
            return None
        years = set(years)
        if not are_known:
            return self.append(name, new)
        is_same = _same(name, new, self.rows_of(name, column, ids, years))
        return None if is_same else self._commit(name, new, delta.document_predicate(column, ids, years))

    def replace_values(self, name: str, column: str, values: set[str], new: pa.Table) -> int | None:
        """Write rows in place of those with some values in a column.

        Raises:
            SchemaError: If a new row has another value.
        """
        import pyarrow.compute as pc

        stray = set(new[column].to_pylist()) - values
        if stray:
            msg = f"table {name}: a new row has {column} {min(stray)}, which is not among the replaced values"
            raise SchemaError(msg)
        old = self.rows(name, pc.field(column).isin(sorted(values)))
        if _same(name, new, old):
            return None
        return self._commit(name, new, delta.value_predicate(column, values) if old.num_rows else None)

    def settle(self, written: Iterable[str]) -> None:
        """Merge the small files of tables that were written, and make sure that all new files are on the disk."""
        for name in written:
            table = self._table(name)
            self.versions[name] = delta.merge_small_files(self._path / name, table)
            self.counts[name] = table.count()
        for name, number in self.versions.items():
            before = self._synced.get(name, -1)
            if number != before:
                folder = self._path / name
                try:
                    sync_files(delta.new_files(folder, before, number), self._path)
                except OSError as error:
                    raise delta.unwritable(folder, error) from error
        self._synced = dict(self.versions)

    def _commit(self, name: str, new: pa.Table, predicate: str | None) -> int:
        self._create_missing()
        table = self._table(name)
        return delta.commit_rows(self._path / name, new, self._run_id, predicate=predicate, table=table)

    def _table(self, name: str) -> DeltaTable:
        if name not in self._open:
            self._open[name] = delta.open_table(self._path / name)
        return self._open[name]

    def _create_missing(self) -> None:
        missing = [name for name in TABLES if name not in self.versions and not (self._path / name).exists()]
        for name in missing:
            delta.create(self._path / name)
        self.versions |= {name: 0 for name in missing if name in PINNED_TABLES}
        self.counts |= {name: 0 for name in missing if name in PINNED_TABLES}


def _same(name: str, table: pa.Table, other: pa.Table) -> bool:
    if table.num_rows != other.num_rows:
        return False
    key = [(column, "ascending") for column in TABLES[name].key]
    return bool(table.sort_by(key).equals(other.sort_by(key)))
