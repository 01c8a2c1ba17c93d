"""The checks of ``doctor``: the installation, and every version, the runs and the caches of a dataset; its repair."""

from __future__ import annotations

import contextlib
import importlib.util
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path

import osce_commitments
from osce_commitments._version import __version__
from osce_commitments.catalogue import load_catalogue
from osce_commitments.classify import DEFAULT, load_classifier
from osce_commitments.config import Limits
from osce_commitments.dataset import Dataset, versions, waiting
from osce_commitments.dataset.recovery import DAMAGED_FOLDER, version_fault
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.fields import PINNED_TABLES
from osce_commitments.files import check_regular
from osce_commitments.query.search.encoder import released_encoder
from osce_commitments.query.search.index import cached_files, is_trusted, is_whole, remove_cached
from osce_commitments.query.search.vectors import vectors_fault

_NEEDED = ("deltalake", "duckdb", "lxml", "prefect", "pyarrow", "pypdfium2", "python-docx", "spacy")
_EXTRAS = {"train": "torch", "dask": "prefect_dask"}
_COUNTED = {"lineage": "lineage links"}


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    what: str
    is_ok: bool
    state: str


def check(data: Path) -> list[Check]:
    """Check Python, the packages, the components, the catalogue, the classifier and the dataset."""
    return [*_check_installation(), *check_dataset(data)]


def _check_installation() -> Iterator[Check]:
    is_ok = (3, 11) <= sys.version_info[:2] <= (3, 13)
    state = f"{platform.python_version()}, osce-commitments {__version__}"
    yield Check("Python", is_ok, state if is_ok else f"{state}; install Python 3.11 to 3.13")
    for name in _NEEDED:
        try:
            yield Check(name, is_ok=True, state=version(name))
        except PackageNotFoundError:
            yield Check(name, is_ok=False, state="not installed; run the set-up again")
    for extra, module in _EXTRAS.items():
        has_it = importlib.util.find_spec(module) is not None
        advice = f"not installed (optional; in the project's folder: pip install '.[{extra}]')"
        yield Check(f"extra {extra}", is_ok=True, state="installed" if has_it else advice)
    names = sorted(point.name for point in entry_points(group="spacy_factories") if point.name.startswith("osce_"))
    state = ", ".join(names) or "not registered; install the package again"
    yield Check("spaCy components", is_ok=bool(names), state=state)
    catalogue = load_catalogue()
    state = f"{len(catalogue.instruments)} instruments, {len(catalogue.actors)} actors"
    yield Check("catalogue", is_ok=True, state=state)
    try:
        yield Check("classifier", is_ok=True, state=load_classifier(DEFAULT).id)
    except OsceCommitmentsError as error:
        yield Check("classifier", is_ok=False, state=str(error))
    limits = Limits()
    exception = "" if sys.platform == "linux" else " (this system does not hold a process to it)"
    state = (
        f"{limits.max_seconds} s of CPU time and {limits.max_seconds_per_megabyte} s more per MB beyond the first, "
        f"{limits.max_memory_megabytes:,} MB of memory{exception}, {limits.max_characters:,} characters"
    )
    yield Check("default limits of a document", is_ok=True, state=state)


def check_dataset(data: Path) -> Iterator[Check]:
    """Check the versions of a dataset, its runs and its caches; the newest version is read as a whole."""
    name = f"dataset {data}"
    if not data.exists():
        yield Check(name, is_ok=True, state="none yet; osce-commitments run creates it")
        return
    try:
        dataset = Dataset(data)
        dataset.check_versions()
        yield from _versions(dataset)
    except OsceCommitmentsError as error:
        yield Check(name, is_ok=False, state=str(error))
        return
    if versions.has_unfinished(data / versions.VERSIONS_FOLDER):
        state = "is at work or was interrupted; the next run, or doctor --repair, keeps its finished batches"
        yield Check("a run", is_ok=True, state=state)
    faulty = dict(_faulty_caches(data))
    for path, wrong in faulty.items():
        yield Check(f"cache {path}", is_ok=False, state=f"{wrong}; the next search makes it again")
    count = len(list(cached_files(data))) - len(faulty)
    if count:
        yield Check("caches for searches", is_ok=True, state=f"{count} files")
    damaged = data / DAMAGED_FOLDER
    if damaged.is_dir():
        state = "what a repair put aside; delete the folder if you do not need it"
        yield Check(f"folder {damaged}", is_ok=True, state=state)


def repair_dataset(data: Path, say: Callable[[str], None]) -> None:
    """Go back to the last whole version, and make damaged caches again; ``say`` gets a line for each thing that was done."""
    if not data.exists():
        return
    Dataset(data).repair(say)
    for path, wrong in _faulty_caches(data):
        remove_cached(path)
        say(f"{path} was removed: {wrong}")
    if Dataset(data).latest_version():
        osce_commitments.open(data).search(limit=1)


def _versions(dataset: Dataset) -> Iterator[Check]:
    name, numbers = f"dataset {dataset.path}", dataset.numbers()
    if not numbers:
        yield Check(name, is_ok=True, state="no version yet")
        return
    *older, newest = numbers
    faults = {number: fault for number in older if (fault := version_fault(dataset.path, number))}
    fault = version_fault(dataset.path, newest, reads=True)
    has_whole = fault is None or len(faults) < len(older)
    others = ": other versions are not affected" if has_whole else ""
    for number, past in faults.items():
        yield Check(f"version {number} of {name}", is_ok=False, state=f"{past.why}; restore it from a backup{others}")
    repair = f"go back to the last whole version: osce-commitments doctor --repair --data {dataset.path}"
    repair = repair if has_whole else "no version is whole: restore a backup, or read the documents into a new folder"
    if fault:
        yield Check(name, is_ok=False, state=f"version {newest} is damaged: {fault.why}; {repair}")
        return
    yield from _newest(dataset, name)
    try:
        dataset.read("runs")
    except OsceCommitmentsError as error:
        state = f"{error.message}; begin a new one: osce-commitments doctor --repair --data {dataset.path}"
        yield Check(f"runs of {name}", is_ok=False, state=state)


def _newest(dataset: Dataset, name: str) -> Iterator[Check]:
    import pyarrow.compute as pc

    info = dataset.info()
    stored = pc.value_counts(dataset.read("provisions", columns=["document"])["document"].combine_chunks())
    counts_of = {row["values"]: row["counts"] for row in stored.to_pylist()}
    rows = dataset.read("documents", columns=["id", "source", "provision_count"]).to_pylist()
    halves = [row["source"] for row in rows if counts_of.get(row["id"], 0) != row["provision_count"]]
    if halves:
        state = f"version {info.version}: {len(halves)} documents lack provisions, such as {halves[0]}"
        yield Check(name, is_ok=False, state=f"{state}; read the documents again into a new folder")
    answers = len(waiting.waiting_files(dataset.path))
    if answers:
        yield Check("answers", is_ok=True, state=f"{answers} from the page wait for the next version")
    counts = ", ".join(f"{info.counts.get(table, 0):,} {_COUNTED.get(table, table)}" for table in PINNED_TABLES)
    yield Check(name, is_ok=True, state=f"version {info.version}: {counts}")


def _faulty_caches(data: Path) -> Iterator[tuple[Path, str]]:
    for path in cached_files(data):
        if not path.is_file():
            yield path, "it is not a regular file"
        elif not is_trusted(path, data):
            yield path, "another user made it, so it is not used"
        elif fault := _index_fault(path) if path.suffix == ".sqlite3" else _fault_of_vectors(path):
            yield path, fault


def _index_fault(path: Path) -> str:
    try:
        with _opened(path) as index:
            (result,) = index.execute("PRAGMA quick_check(1)").fetchone()
            index.execute("SELECT count(*) FROM provisions").fetchone()
    except (sqlite3.DatabaseError, OSError) as error:
        return f"the search index is damaged ({error})"
    if result != "ok":
        return f"the search index is damaged ({' '.join(str(result).split())[:100]})"
    return "" if is_whole(path) else "the search index was changed after it was made"


def _fault_of_vectors(path: Path) -> str:
    index = path.parent.with_name(f"{path.parent.stem}.sqlite3")
    provisions, embedder = None, None
    with contextlib.suppress(sqlite3.DatabaseError, OSError), _opened(index) as connection:
        (provisions,) = connection.execute("SELECT count(*) FROM provisions").fetchone()
    with contextlib.suppress(OsceCommitmentsError):
        embedder = released_encoder()
    return vectors_fault(path, provisions, embedder)


def _opened(index: Path) -> contextlib.closing[sqlite3.Connection]:
    check_regular(index)
    return contextlib.closing(sqlite3.connect(f"{index.absolute().as_uri()}?mode=ro&immutable=1", uri=True))
