"""Writing a dataset: one writer at a time, one version per session, nothing written where nothing changed.

Tables are committed batch by batch, and the state after each batch is kept: if the run is killed, the next writer makes a
version of the finished batches. Readers see a session as a whole, when it ends.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from osce_commitments._version import __version__
from osce_commitments.corrections import Corrections, LabelAnswer, new_rows, reverted
from osce_commitments.dataset import delta, recovery, versions, waiting
from osce_commitments.dataset.plan import fingerprint_of_documents
from osce_commitments.errors import DatasetError, SchemaError
from osce_commitments.fields import (
    CORRECTIONS,
    DOCUMENTS,
    LINEAGE,
    PINNED_TABLES,
    PROVISIONS,
    REJECTS,
    RUNS,
    SCHEMA_VERSION,
    TABLES,
)
from osce_commitments.files import sync_files
from osce_commitments.schema import BatchResult, ClassifiedProvision, Row
from osce_commitments.tables import document_row, label_row, provision_row, reject_row, to_table
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as pads
    from deltalake import DeltaTable
    from filelock import FileLock


LOCK = ".lock"
# deltalake 1.6 reads a path as a URL: with these it aborts, or opens another folder.
_ODD_CHARACTERS = frozenset("[]|%\\^`")


def prepare(path: Path) -> None:
    """Create the folder of a dataset, unless it holds files of others in the place of tables."""
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
    """Lock a dataset for one writer; a ``DatasetError`` if another holds it for ``wait_seconds``."""
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
        names = list(columns) if columns else None
        folder, version = self._path / name, self.versions[name]
        return delta.scan(folder, version, columns=names, condition=condition, table=self._table(name))

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
        """Write rows in place of those with some values in a column; a new row must have one of them."""
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


# Rows of new provisions and ids of documents that go: the later documents whose rows of lineage are replaced, and the rows.
Follow = Callable[[Sequence[Row], frozenset[str]], tuple[Collection[str], Sequence[Row]]]

_INDEX_COLUMNS = ("id", "source", "year")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The record of a run: times with a zone, configuration as JSON, and uri, SHA-256 and outcome of each input."""

    started_at: dt.datetime
    finished_at: dt.datetime
    config: str
    model_id: str
    inputs: Sequence[tuple[str, str, str]]
    counts: Mapping[str, int]
    seconds: Mapping[str, float]


class Writer:
    """A write session; created by :meth:`Dataset.writer`, used as a context manager.

    What it wrote becomes one version when :meth:`publish` is called or the session ends; after an error too, so that
    finished batches are kept. ``version`` is the newest one, 0 in a new dataset.
    """

    def __init__(  # noqa: PLR0913 - one parameter per choice of Dataset.writer
        self,
        path: Path,
        run_id: str,
        *,
        pipeline: str,
        wait_seconds: float,
        on_wait: Callable[[str], None] | None,
        repairs: bool = False,
    ) -> None:
        self.version = 0
        self.path = path
        self._manifests = path / versions.VERSIONS_FOLDER
        self._run_id = run_id
        self._pipeline = pipeline
        self._wait_seconds = wait_seconds
        self._repairs = repairs
        self._say = on_wait or (lambda _line: None)
        self._lock: FileLock | None = None
        self._tables = TableStore(path, run_id)
        self._index: dict[str, Row] = {}
        self._corrections = Corrections()
        self._done: Counter[str] = Counter()
        self._unpublished: versions.VersionInfo | None = None
        self._has_written = False
        self._taken: list[Path] = []

    def __enter__(self) -> Self:
        prepare(self.path)
        self._lock = acquire(self.path, self._wait_seconds, self._say)
        try:
            newest = recovery.recover(self.path, self._say, repairs=self._repairs)
            if newest:
                self.version = newest.version
                self._tables.begin(newest.tables, newest.counts)
                rows = self._tables.rows(DOCUMENTS.name, columns=_INDEX_COLUMNS)
                self._index = {row["id"]: row for row in rows.to_pylist()}
                self._corrections = Corrections(self._tables.rows(CORRECTIONS.name).to_pylist())
                if not self._repairs:
                    self._taken = waiting.waiting_files(self.path)  # `publish` forgets them
                    self._add(waiting.read_waiting(self._taken, self._put_aside))
        except BaseException:
            self._lock.release()
            raise
        return self

    def _put_aside(self, file: Path) -> None:
        self._say(f"{file} is no answer of a person: it was moved to {recovery.put_aside(self.path, file)}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.publish()
            elif isinstance(error, Exception):
                # The first error matters; what cannot be published now is published by the next writer.
                with contextlib.suppress(DatasetError):
                    self.publish()
        finally:
            if self._lock is not None:
                self._lock.release()

    @property
    def documents(self) -> frozenset[str]:
        """Ids of the documents, with those of this session."""
        return frozenset(self._index)

    def read(self, table: str, column: str, values: Iterable[str], columns: Sequence[str] | None = None) -> list[Row]:
        """Rows of a table that have some values in a column, with those that this session wrote."""
        import pyarrow.dataset as pads

        chosen = sorted(values)
        if not chosen:
            return []
        if column in {"document", "later_document"} and self._index.keys() >= set(chosen):
            years = {self._index[document]["year"] for document in chosen}  # only their files are opened
            return list(self._tables.rows_of(table, column, chosen, years, columns).to_pylist())
        return list(self._tables.rows(table, pads.field(column).isin(chosen), columns).to_pylist())

    def commit(self, batch: BatchResult, message: str = "", *, follow: Follow | None = None) -> int | None:
        """Write the results of a batch of sources in place of their earlier rows.

        A source that is only rejected keeps its earlier documents, next to its reject row. By default the message has
        the numbers of documents and rejects. ``follow`` compares the new documents with the others for ``lineage``;
        without it they take up nothing. Returns the number of the version that will have them, or None if nothing
        changed.
        """
        documents, provisions = self._rows(batch)
        sources = {document.source for document in batch.documents}
        replaced = {key: row for key, row in self._index.items() if row["source"] in sources}
        ids = {row["id"] for row in documents} | replaced.keys()
        years = [row["year"] for row in [*documents, *replaced.values()]]
        years += [self._index[key]["year"] for key in ids & self._index.keys()]
        # Every row is checked before the first is written: a defect must not leave one table ahead of the others.
        new_provisions, new_documents = to_table(PROVISIONS.name, provisions), to_table(DOCUMENTS.name, documents)
        # Several parts of a source may be refused for one reason; equal rows are kept once.
        refused = [reject_row(reject, self._pipeline) for reject in reversed(batch.rejects)]
        once = {tuple(row[key] for key in REJECTS.key): row for row in refused}
        new_rejects, refusing = to_table(REJECTS.name, reversed(once.values())), {row["source"] for row in refused}
        gone = frozenset(ids & self._index.keys())
        later, links = follow(provisions, gone) if follow and ids else (ids, [])
        followed = to_table(LINEAGE.name, links)
        later_years = {self._index[key]["year"] for key in set(later) & self._index.keys()} | set(years)
        changed = {
            # In this order: a reader of the bare tables never finds a document without its provisions.
            PROVISIONS.name: self._replace(PROVISIONS.name, "document", ids, years, new_provisions),
            LINEAGE.name: self._replace(LINEAGE.name, "later_document", set(later), later_years, followed),
            DOCUMENTS.name: self._replace(DOCUMENTS.name, "id", ids, years, new_documents),
            REJECTS.name: self._tables.replace_values(REJECTS.name, "source", sources | refusing, new_rejects),
        }
        counts = {"documents": len(batch.documents), "rejects": len(batch.rejects)}
        version = self._keep(changed, message or {what: count for what, count in counts.items() if count})
        for key in replaced:
            del self._index[key]
        self._index.update({row["id"]: {name: row[name] for name in _INDEX_COLUMNS} for row in documents})
        return version

    def replace(
        self, table: str, rows: Iterable[Row], *, column: str = "", values: Iterable[str] = (), message: str = ""
    ) -> int | None:
        """Write rows of a table in place of those with some ``values`` of a ``column``, or of all.

        For tables that are derived from others, such as links between provisions: documents and their provisions are
        written by :meth:`commit`. Returns the number of the version that will have them, or None if nothing changed.
        """
        new = to_table(table, rows)
        store = self._tables
        number = store.replace_values(table, column, set(values), new) if column else store.replace_all(table, new)
        return self._keep({table: number}, message or f"{table} written")

    def relabel(self, provisions: Sequence[ClassifiedProvision], message: str = "") -> int | None:
        """Replace the labels of provisions that are in the dataset; their text and tags stay.

        Returns the number of the version that will have them, or None if no label changed.
        """
        labels = {str(item.tagged.provision.id): label_row(item.labels) for item in provisions}
        ids = {str(item.tagged.provision.document) for item in provisions}
        unknown = ids - self._index.keys()
        if unknown:
            raise DatasetError(f"document {min(unknown)} is not in the dataset", "ingest it first")
        years = [self._index[key]["year"] for key in ids]
        rows = self._tables.rows_of(PROVISIONS.name, "document", ids, years).to_pylist()
        missing = labels.keys() - {row["id"] for row in rows}
        if missing:
            raise DatasetError(f"provision {min(missing)} is not in the dataset", "ingest its document first")
        # A correction lies over the labels of the program: it is taken off, and laid over the new ones.
        new = [self._corrections.over(reverted(row) | labels.get(row["id"], {})) for row in rows]
        table = to_table(PROVISIONS.name, new)
        changed = {PROVISIONS.name: self._replace(PROVISIONS.name, "document", ids, years, table)}
        return self._keep(changed, message or {"provisions relabelled": len(labels)})

    def correct(self, answers: Sequence[LabelAnswer], message: str = "") -> int | None:
        """Add the answers of people and lay them over the provisions that they are about; all or nothing.

        Returns the number of the version that will have them, or None if the answers repeat what is known.
        """
        if not self.version:
            msg = f"there is no dataset at {self.path}"
            raise DatasetError(msg, f"create one: osce-commitments run SOURCES --data {self.path}")
        now = dt.datetime.now(dt.UTC)
        return self._add(
            [{**answer.as_row(), "made_at": now} for answer in answers if not answer.says_nothing], message
        )

    def _add(self, rows: Sequence[Row], message: str = "") -> int | None:
        added = new_rows(self._corrections.rows, rows)
        if not added:
            return None
        corrections = Corrections([*self._corrections.rows, *added])
        rows, table = self._corrected({row["key"] for row in added}, corrections), to_table(CORRECTIONS.name, added)
        ids = {row["document"] for row in rows}
        years, new = [self._index[key]["year"] for key in ids], to_table(PROVISIONS.name, rows)
        changed = {
            CORRECTIONS.name: self._tables.append(CORRECTIONS.name, table),
            PROVISIONS.name: self._replace(PROVISIONS.name, "document", ids, years, new),
        }
        self._corrections = corrections
        people = ", ".join(dict.fromkeys(row["made_by"] for row in added))
        return self._keep(changed, message or f"{counted_noun(len(added), 'correction')} by {people}")

    @property
    def correction_count(self) -> int:
        """Number of answers in the table of corrections."""
        return len(self._corrections.rows)

    def _corrected(self, keys: Iterable[str], corrections: Corrections) -> list[Row]:
        """The new rows of all documents with a provision that some keys are about, or were about."""
        import pyarrow as pa
        import pyarrow.dataset as pads

        array = pa.array(sorted(keys), pa.string())
        condition = pads.field("key").isin(array) | pads.field("correction").isin(array)
        pylist = self._tables.rows(PROVISIONS.name, condition, ("document", "year")).to_pylist()
        ids, years = {row["document"] for row in pylist}, {row["year"] for row in pylist}
        if not ids:
            return []
        rows = self._tables.rows_of(PROVISIONS.name, "document", ids, years).to_pylist()
        return [corrections.over(row) for row in rows]

    def publish(self, message: str = "") -> int:
        """Make one version of everything that the session wrote since the last one; returns the newest version."""
        if self._unpublished is not None:
            message, now = message or _describe(self._done), dt.datetime.now(dt.UTC)
            info = replace(self._unpublished, message=message, created_at=now)
            versions.publish_manifest(self._manifests, info)
            versions.forget_unfinished(self._manifests)
            self.version, self._has_written = info.version, True
            self._unpublished, self._done = None, Counter()
        waiting.forget_waiting(self._taken)
        self._taken = []
        return self.version

    def finish(self, record: RunRecord) -> None:
        """Publish, and write the run's row if the session wrote a version."""
        self.publish()
        if not self._has_written:
            return
        inputs = [dict(zip(("source", "sha256", "outcome"), values, strict=True)) for values in record.inputs]
        row = asdict(record) | {"id": self._run_id, "package_version": __version__, "inputs": inputs}
        row |= {"counts": dict(record.counts), "seconds": dict(record.seconds)}
        delta.commit_rows(self.path / RUNS.name, to_table(RUNS.name, [row]), self._run_id)
        delta.merge_small_files(self.path / RUNS.name)

    def _rows(self, batch: BatchResult) -> tuple[list[Row], list[Row]]:
        # The same bytes at two paths are one document: the first path keeps it.
        documents = {document.id: document for document in reversed(batch.documents)}
        provisions: dict[str, Row] = {}
        counts = dict.fromkeys(documents, 0)
        for item in batch.provisions:
            provision = item.tagged.provision
            if provision.document not in documents:
                raise SchemaError(f"table provisions: row {provision.id} belongs to no document of its batch")
            if provision.id not in provisions:
                counts[provision.document] += 1
                provisions[provision.id] = self._corrections.over(provision_row(item, documents[provision.document]))
        rows = [
            document_row(document, fingerprint_of_documents(self._pipeline), counts[key])
            for key, document in documents.items()
        ]
        return rows, list(provisions.values())

    def _replace(self, name: str, column: str, ids: set[str], years: Iterable[int | None], new: pa.Table) -> int | None:
        are_known = not ids.isdisjoint(self._index)
        return self._tables.replace_documents(name, column, ids, years, new, are_known=are_known)

    def _keep(self, changed: Mapping[str, int | None], done: Mapping[str, int] | str) -> int | None:
        """Keep the state after a batch, for the version to come or for a run that continues after a kill."""
        written = [name for name, number in changed.items() if number is not None]
        if not written:
            return None
        self._tables.settle(written)
        self._done.update({done: 0} if isinstance(done, str) else done)
        info = versions.VersionInfo(
            version=self.version + 1,
            created_at=dt.datetime.now(dt.UTC),
            run_id=self._run_id,
            message=_describe(self._done),
            package_version=__version__,
            schema_version=SCHEMA_VERSION,
            tables=dict(self._tables.versions),
            counts=dict(self._tables.counts),
        )
        self._unpublished = info
        versions.save_unfinished(self._manifests, info)
        return info.version


def _describe(done: Mapping[str, int]) -> str:
    """The counts of a version, such as "75 documents, 1 reject"; a count of 0 belongs to a message as it is."""
    ones = {"documents": "document", "rejects": "reject", "provisions relabelled": "provision relabelled"}
    parts = [
        f"{count} {ones.get(what, what) if count == 1 else what}" if count else what for what, count in done.items()
    ]
    return ", ".join(parts)
