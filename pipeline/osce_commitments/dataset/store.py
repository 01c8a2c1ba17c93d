"""Read a dataset: its versions, its tables as of a version, the outcomes of inputs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from osce_commitments.corrections import reverted
from osce_commitments.dataset import delta, versions
from osce_commitments.dataset import diff as differences
from osce_commitments.dataset.plan import Known, Outcome
from osce_commitments.dataset.writer import Writer
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.fields import PINNED_TABLES, PROVISIONS, RUNS, TABLES
from osce_commitments.labels import LabelsBy
from osce_commitments.schema import ClassifiedProvision, Reject
from osce_commitments.tables import classified_from_row, reject_from_row, schema, to_table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as pads

    from osce_commitments.dataset.diff import Diff
    from osce_commitments.dataset.versions import VersionInfo, VersionSpec

_INPUT_COLUMNS = ("source", "source_sha256", "pipeline")


class Dataset:
    """A folder of tables and versions.

    Args:
        path: The folder; it is first accessed by a read or write.
        labels: Whose labels :meth:`read` and :meth:`scan` give.
        as_of: The version that is meant where none is named; None for the newest at that moment.

    Raises:
        ConfigError: If ``labels`` is another word.
    """

    def __init__(self, path: Path | str, labels: str = LabelsBy.CORRECTED, *, as_of: VersionSpec = None) -> None:
        if labels not in set(LabelsBy):
            raise ConfigError(f"unknown labels {labels!r}", f"choose from: {', '.join(LabelsBy)}")
        self.path, self.labels, self._as_of = Path(path), LabelsBy(labels), as_of

    def pinned(self, version: VersionSpec = None) -> Dataset:
        """The dataset as of one version: all that is read from it belongs together, while runs write others."""
        return Dataset(self.path, self.labels, as_of=self.resolve(version))

    def versions(self) -> list[VersionInfo]:
        """Every version whose manifest can be read, oldest first; empty if nothing was written yet."""
        self.check_versions()
        readable, failed = [], None
        for number in self.numbers():
            try:
                readable.append(versions.load(self._manifests, number))
            except DatasetError as error:
                failed = error
        if failed and not readable:
            raise failed
        return readable

    def check_versions(self) -> None:
        """Check that tables with rows of finished runs belong to a version; a ``DatasetError`` if the manifests are gone."""
        if not self.numbers():
            versions.check_tables(self.path)

    def latest_version(self) -> int:
        """Number of the newest version; 0 if there is none."""
        return max(self.numbers(), default=0)

    def info(self, version: VersionSpec = None) -> VersionInfo:
        """The selected version: None or "latest", a number, a day, a moment. The error for one that does not exist lists all."""
        numbers, version = self.numbers(), self._as_of if version is None else version
        if not numbers:
            versions.check_tables(self.path)
            if versions.has_unfinished(self._manifests):
                msg = f"{self.path} has no version yet: its first run is at work or was interrupted"
                raise DatasetError(msg, "wait for it, or run the same inputs again: its finished batches are kept")
            msg = f"there is no dataset at {self.path}"
            raise DatasetError(msg, f"create one: osce-commitments run SOURCES --data {self.path}")
        number = numbers[-1] if version is None or version == versions.LATEST else versions.as_number(version)
        if number in numbers:
            return versions.load(self._manifests, number)
        return versions.choose(version, self.versions())

    def resolve(self, version: VersionSpec = None) -> int:
        """Number of the selected version; see :meth:`info`."""
        return self.info(version).version

    def read(self, table: str, version: VersionSpec = None, columns: Sequence[str] | None = None) -> pa.Table:
        """A table as of a version (see :meth:`info`), in the declared order of rows, with all columns or those that are named.

        A run may write a version between two calls: to read tables that belong together, use :meth:`pinned`. A
        ``DatasetError`` says which table, column or version does not exist, or which file is damaged.
        """
        if table not in TABLES:
            raise DatasetError(f"there is no table {table!r}", f"choose from: {', '.join(TABLES)}")
        names = schema(table).names
        unknown = [name for name in columns or () if name not in names]
        if unknown:
            raise DatasetError(f"table {table} has no column {unknown[0]!r}", f"choose from: {', '.join(names)}")
        info = self.info(version)
        order = TABLES[table].order
        if table == RUNS.name:
            rows = self._runs(info)
        elif table not in info.tables:
            rows = schema(table).empty_table()  # the table is younger than the version
        elif table == PROVISIONS.name and self.labels is LabelsBy.MODEL:
            rows = program_labels(delta.scan(self.path / table, info.tables[table]))
        else:
            names = None if columns is None else list(dict.fromkeys([*columns, *order]))
            rows = delta.scan(self.path / table, info.tables[table], columns=names)
        rows = rows.sort_by([(name, "ascending") for name in order])
        return rows if columns is None else rows.select(list(columns))

    def scan(self, table: str, version: VersionSpec = None) -> pads.Dataset:
        """The files of a pinned table as of a version, to read column by column; see :meth:`read` for whole tables."""
        info = self.info(version)
        if table not in PINNED_TABLES:
            raise DatasetError(f"there is no pinned table {table!r}", f"choose from: {', '.join(PINNED_TABLES)}")
        if table not in info.tables:
            import pyarrow.dataset as pads

            return pads.dataset(schema(table).empty_table())
        folder = self.path / table
        if table == PROVISIONS.name and self.labels is LabelsBy.MODEL:
            import pyarrow.dataset as pads

            return pads.dataset(program_labels(delta.scan(folder, info.tables[table])))
        return delta.files(delta.open_table(folder, info.tables[table]), folder)

    def plan(
        self, inputs: Sequence[tuple[str, str]], pipeline: str, given: Mapping[str, str] = MappingProxyType({})
    ) -> list[Outcome]:
        """The outcome of each input (uri and SHA-256, empty where the bytes are not read yet) against the newest version.

        Documents with another fingerprint of the pipeline, before the slash, or with another hash of the facts that the
        run's table of metadata gives (``given``, by uri) are read again; so are rejects with another or with other
        limits.
        """
        if not self.latest_version():
            return Known([], [], pipeline).outcomes(inputs)
        documents = self.read("documents", columns=[*_INPUT_COLUMNS, "given_hash"]).to_pylist()
        rejects = self.read("rejects", columns=[*_INPUT_COLUMNS, "reason"]).to_pylist()
        return Known(documents, rejects, pipeline, given).outcomes(inputs)

    def known_rejects(self, sources: Collection[str]) -> list[Reject]:
        """Rejects of these inputs in the newest version."""
        if not sources or not self.latest_version():
            return []
        import pyarrow.compute as pc

        rows = self.read("rejects").filter(pc.field("source").isin(list(sources)))
        return [reject_from_row(row) for row in rows.to_pylist()]

    def model_ids(self) -> set[str]:
        """The models that labelled the provisions of the newest version."""
        if not self.latest_version():
            return set()
        import pyarrow.compute as pc

        info = self.info()
        column = delta.scan(self.path / PROVISIONS.name, info.tables[PROVISIONS.name], columns=["model_id"])
        return set(pc.unique(column["model_id"]).to_pylist())

    def other_models(self, model_id: str, *, documents: int = 25) -> Iterator[list[ClassifiedProvision]]:
        """Provisions that another model labelled, in the newest version at the time of the call, by ``documents`` documents."""
        if not self.latest_version():
            return
        import pyarrow.dataset as pads

        info = self.info()
        folder, is_stale = self.path / PROVISIONS.name, pads.field("model_id") != model_id
        stale = self.read(PROVISIONS.name, info.version, columns=["document", "year", "model_id"]).filter(is_stale)
        years = dict(zip(stale["document"].to_pylist(), stale["year"].to_pylist(), strict=True))
        for start in range(0, len(years), documents):
            batch = dict(itertools.islice(years.items(), start, start + documents))
            condition = delta.document_condition("document", batch, batch.values()) & is_stale
            rows = delta.scan(folder, info.tables[PROVISIONS.name], condition=condition)
            yield [classified_from_row(reverted(row)) for row in rows.to_pylist()]

    def diff(self, before: VersionSpec, after: VersionSpec) -> Diff:
        """The changes from one version to another."""
        return differences.compare_versions(self.path, self.info(before), self.info(after))

    def writer(
        self,
        run_id: str,
        *,
        pipeline: str = "",
        wait_seconds: float = 30.0,
        on_wait: Callable[[str], None] | None = None,
    ) -> Writer:
        """A write session: a context manager that keeps other writers out.

        ``pipeline`` is the fingerprint of the stages, kept with every document. ``on_wait`` gets a line when it has to
        wait.
        """
        return Writer(self.path, run_id, pipeline=pipeline, wait_seconds=wait_seconds, on_wait=on_wait)

    def repair(self, say: Callable[[str], None], *, wait_seconds: float = 30.0) -> int:
        """Go back to the last whole version if the newest cannot be read; returns the newest version.

        ``say`` gets a line for each thing that changed. If no version is whole, nothing is deleted.
        """
        writer = Writer(self.path, "", pipeline="", wait_seconds=wait_seconds, on_wait=say, repairs=True)
        with writer:
            return writer.version

    @property
    def _manifests(self) -> Path:
        return self.path / versions.VERSIONS_FOLDER

    def numbers(self) -> list[int]:
        """Numbers of all versions, in order, also of those whose manifests are damaged."""
        if self.path.exists() and not self.path.is_dir():
            raise DatasetError(f"{self.path} is not a folder", "give --data the folder of a dataset")
        return versions.numbers(self._manifests)

    def _runs(self, info: VersionInfo) -> pa.Table:
        # The table of runs is a log about versions, not pinned by them: a run's row is written when it ends.
        import pyarrow.dataset as pads

        folder = self.path / RUNS.name
        ids = {version.run_id for version in self.versions() if version.version <= info.version}
        return delta.scan(folder, delta.open_table(folder).version(), condition=pads.field("id").isin(sorted(ids)))


def program_labels(provisions: pa.Table) -> pa.Table:
    """Rows of ``provisions`` with the labels of the program in place of corrections."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_corrected = pc.not_equal(provisions["correction"], "")
    rows = [reverted(row) for row in provisions.filter(is_corrected).to_pylist()]
    return pa.concat_tables([provisions.filter(pc.invert(is_corrected)), to_table(PROVISIONS.name, rows)])
