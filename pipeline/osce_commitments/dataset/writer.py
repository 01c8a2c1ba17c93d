"""Writing a dataset: one writer at a time, one version per batch, nothing written where nothing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from osce_commitments._version import __version__
from osce_commitments.dataset import delta, versions
from osce_commitments.errors import DatasetError, SchemaError
from osce_commitments.fields import DOCUMENTS, PROVISIONS, REJECTS, RUNS, SCHEMA_VERSION, TABLES
from osce_commitments.schema import BatchResult, ClassifiedProvision, Row
from osce_commitments.tables import document_row, label_row, provision_row, reject_row, to_table

if TYPE_CHECKING:
    import pyarrow as pa
    from filelock import FileLock


LOCK = ".lock"
# In the order of their commits: a reader of the bare tables never finds a document without its provisions.
_PINNED = (PROVISIONS.name, DOCUMENTS.name, REJECTS.name)
# deltalake 1.6 reads a path as a URL: with these it aborts, or opens another folder.
_ODD_CHARACTERS = frozenset("[]|%\\^`")
_INDEX_COLUMNS = ("id", "source", "year")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The record of a run.

    Attributes:
        started_at, finished_at: With a time zone.
        config: Configuration as JSON.
        inputs: For each input: uri, SHA-256 and outcome.
        counts: Numbers of inputs, documents, provisions, rejects.
        seconds: Time per stage, summed over workers.
    """

    started_at: dt.datetime
    finished_at: dt.datetime
    config: str
    model_id: str
    inputs: Sequence[tuple[str, str, str]]
    counts: Mapping[str, int]
    seconds: Mapping[str, float]


class Writer:
    """A write session; created by :meth:`Dataset.writer`, used as a context manager.

    Attributes:
        version: Newest version; 0 if there is none.
    """

    def __init__(
        self, path: Path, run_id: str, *, pipeline: str, wait_seconds: float, on_wait: Callable[[str], None] | None
    ) -> None:
        self.version = 0
        self._path = path
        self._run_id = run_id
        self._pipeline = pipeline
        self._wait_seconds = wait_seconds
        self._on_wait = on_wait
        self._lock: FileLock | None = None
        self._tables: dict[str, int] = {}
        self._index: dict[str, Row] = {}
        self._has_written = False

    def __enter__(self) -> Self:
        manifests = _prepare(self._path)
        self._lock = _acquire(self._path, self._wait_seconds, self._on_wait)
        try:
            self._recover(manifests)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.release()

    def commit(self, batch: BatchResult, message: str = "") -> int | None:
        """Write the results of a batch of sources in place of their earlier rows.

        A source that is only rejected keeps its earlier documents, next to its reject row.

        Returns:
            The new version, or None if nothing changed.

        Raises:
            SchemaError: If the records do not fit the tables.
            DatasetError: If the dataset cannot be written.
        """
        documents, provisions = self._rows(batch)
        sources = {document.source for document in batch.documents}
        replaced = {key: row for key, row in self._index.items() if row["source"] in sources}
        ids = {row["id"] for row in documents} | replaced.keys()
        years = [row["year"] for row in [*documents, *replaced.values()]]
        years += [self._index[key]["year"] for key in ids & self._index.keys()]
        # Every row is checked before the first is written: a defect must not leave one table ahead of the others.
        new_provisions, new_documents = to_table(PROVISIONS.name, provisions), to_table(DOCUMENTS.name, documents)
        new_rejects = self._merged_rejects(batch, sources)
        changed = {
            PROVISIONS.name: self._replace(PROVISIONS.name, "document", ids, years, new_provisions),
            DOCUMENTS.name: self._replace(DOCUMENTS.name, "id", ids, years, new_documents),
            REJECTS.name: self._replace_rejects(new_rejects),
        }
        version = self._publish(changed, message or _describe(batch))
        for key in replaced:
            del self._index[key]
        self._index.update({row["id"]: {name: row[name] for name in _INDEX_COLUMNS} for row in documents})
        return version

    def relabel(self, provisions: Sequence[ClassifiedProvision], message: str = "") -> int | None:
        """Replace the labels of provisions that are in the dataset; their text and tags stay.

        Returns:
            The new version, or None if no label changed.

        Raises:
            DatasetError: If a provision is not in the dataset.
        """
        labels = {str(item.tagged.provision.id): label_row(item.labels) for item in provisions}
        ids = {str(item.tagged.provision.document) for item in provisions}
        unknown = ids - self._index.keys()
        if unknown:
            msg = f"document {min(unknown)} is not in the dataset"
            raise DatasetError(msg, "ingest it first")
        years = [self._index[key]["year"] for key in ids]
        rows = self._read(PROVISIONS.name, "document", ids, years).to_pylist()
        missing = labels.keys() - {row["id"] for row in rows}
        if missing:
            msg = f"provision {min(missing)} is not in the dataset"
            raise DatasetError(msg, "ingest its document first")
        table = to_table(PROVISIONS.name, [row | labels.get(row["id"], {}) for row in rows])
        changed = {PROVISIONS.name: self._replace(PROVISIONS.name, "document", ids, years, table)}
        return self._publish(changed, message or f"{len(labels)} provisions relabelled")

    def finish(self, record: RunRecord) -> None:
        """Write the run's row, unless the run wrote no version."""
        if not self._has_written:
            return
        inputs = [dict(zip(("source", "sha256", "outcome"), values, strict=True)) for values in record.inputs]
        row = asdict(record) | {"id": self._run_id, "package_version": __version__, "inputs": inputs}
        row |= {"counts": dict(record.counts), "seconds": dict(record.seconds)}
        delta.commit_rows(self._path / RUNS.name, to_table(RUNS.name, [row]), self._run_id)
        delta.merge_small_files(self._path / RUNS.name)

    def _recover(self, manifests: Path) -> None:
        numbers = versions.numbers(manifests)
        if not numbers:
            versions.check_tables(self._path)
        for leftover in manifests.glob("*.tmp"):
            leftover.unlink()
        if not numbers:
            for name in TABLES:
                if (self._path / name).exists():
                    delta.remove(self._path / name)
            return
        newest = versions.load(manifests, numbers[-1])
        self.version, self._tables = newest.version, dict(newest.tables)
        for name in _PINNED:
            delta.roll_back(self._path / name, self._tables[name])
        rows = delta.scan(self._path / DOCUMENTS.name, self._tables[DOCUMENTS.name], columns=_INDEX_COLUMNS)
        self._index = {row["id"]: row for row in rows.to_pylist()}

    def _rows(self, batch: BatchResult) -> tuple[list[Row], list[Row]]:
        # The same bytes at two paths are one document: the first path keeps it.
        documents = {document.id: document for document in reversed(batch.documents)}
        provisions: dict[str, Row] = {}
        counts = dict.fromkeys(documents, 0)
        for item in batch.provisions:
            provision = item.tagged.provision
            if provision.document not in documents:
                msg = f"table provisions: row {provision.id} belongs to no document of its batch"
                raise SchemaError(msg)
            if provision.id not in provisions:
                counts[provision.document] += 1
                provisions[provision.id] = provision_row(item, documents[provision.document])
        rows = [document_row(document, self._pipeline, counts[key]) for key, document in documents.items()]
        return rows, list(provisions.values())

    def _replace(self, name: str, column: str, ids: set[str], years: Iterable[int | None], new: pa.Table) -> int | None:
        if not ids:
            return None
        years = set(years)
        # New documents need no comparison with stored rows.
        is_known = not ids.isdisjoint(self._index)
        if is_known and _same(name, new, self._read(name, column, ids, years)):
            return None
        self._create_missing()
        predicate = delta.document_predicate(column, ids, years) if is_known else None
        return delta.commit_rows(self._path / name, new, self._run_id, predicate=predicate)

    def _merged_rejects(self, batch: BatchResult, sources: set[str]) -> pa.Table:
        sources = sources | {reject.source for reject in batch.rejects}
        old = self._read_rejects().to_pylist()
        # Several parts of a source may be refused for one reason; equal rows are kept once.
        new = {tuple(row[key] for key in REJECTS.key): row for row in old if row["source"] not in sources}
        for reject in batch.rejects:
            row = reject_row(reject, self._pipeline)
            new.setdefault(tuple(row[key] for key in REJECTS.key), row)
        return to_table(REJECTS.name, new.values())

    def _replace_rejects(self, new: pa.Table) -> int | None:
        if _same(REJECTS.name, new, self._read_rejects()):
            return None
        self._create_missing()
        return delta.commit_rows(self._path / REJECTS.name, new, self._run_id, predicate=delta.EVERY_ROW)

    def _read_rejects(self) -> pa.Table:
        if not self._tables:
            return to_table(REJECTS.name, [])
        return delta.scan(self._path / REJECTS.name, self._tables[REJECTS.name])

    def _read(self, name: str, column: str, ids: Iterable[str], years: Iterable[int | None]) -> pa.Table:
        condition = delta.document_condition(column, ids, years)
        return delta.scan(self._path / name, self._tables[name], condition=condition)

    def _create_missing(self) -> None:
        if not self._tables:
            for name in TABLES:
                delta.create(self._path / name)
            self._tables = dict.fromkeys(_PINNED, 0)

    def _publish(self, changed: Mapping[str, int | None], message: str) -> int | None:
        written = [name for name, number in changed.items() if number is not None]
        if not written:
            return None
        self._tables |= {name: delta.merge_small_files(self._path / name) for name in written}
        info = versions.VersionInfo(
            version=self.version + 1,
            created_at=dt.datetime.now(dt.UTC),
            run_id=self._run_id,
            message=message,
            package_version=__version__,
            schema_version=SCHEMA_VERSION,
            tables=dict(self._tables),
            counts={name: delta.count_rows(self._path / name, number) for name, number in self._tables.items()},
        )
        versions.publish_manifest(self._path / versions.VERSIONS_FOLDER, info)
        self.version, self._has_written = info.version, True
        return info.version


def _prepare(path: Path) -> Path:
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
    return manifests


def _acquire(path: Path, wait_seconds: float, on_wait: Callable[[str], None] | None) -> FileLock:
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


def _same(name: str, one: pa.Table, other: pa.Table) -> bool:
    if one.num_rows != other.num_rows:
        return False
    key = [(column, "ascending") for column in TABLES[name].key]
    return bool(one.sort_by(key).equals(other.sort_by(key)))


def _describe(batch: BatchResult) -> str:
    documents, rejects = len(batch.documents), len(batch.rejects)
    parts = [f"{documents} document{'s' * (documents != 1)}"] if documents else []
    parts += [f"{rejects} reject{'s' * (rejects != 1)}"] if rejects else []
    return ", ".join(parts)
