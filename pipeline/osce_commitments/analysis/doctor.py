"""The checks of ``doctor``: the installation and the dataset."""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path

from osce_commitments._version import __version__
from osce_commitments.analysis.checks import Check
from osce_commitments.analysis.dataset_checks import check_dataset
from osce_commitments.catalogue import load_catalogue
from osce_commitments.config import Limits
from osce_commitments.errors import OsceCommitmentsError

_NEEDED = ("deltalake", "duckdb", "lxml", "prefect", "pyarrow", "pypdfium2", "python-docx", "spacy")
_EXTRAS = {"train": "torch", "dask": "prefect_dask"}


def check(data: Path) -> list[Check]:
    """Check Python, the packages, the components, the catalogue, the classifier and the dataset."""
    installed = [_python(), *_packages(), *_extras(), _components(), _catalogue(), _classifier(), _limits()]
    return [*installed, *check_dataset(data)]


def _python() -> Check:
    is_ok = (3, 11) <= sys.version_info[:2] <= (3, 13)
    state = f"{platform.python_version()}, osce-commitments {__version__}"
    return Check("Python", is_ok, state if is_ok else f"{state}; install Python 3.11 to 3.13")


def _packages() -> Iterator[Check]:
    for name in _NEEDED:
        try:
            yield Check(name, is_ok=True, state=version(name))
        except PackageNotFoundError:
            yield Check(name, is_ok=False, state="not installed; run the set-up again")


def _extras() -> Iterator[Check]:
    for extra, module in _EXTRAS.items():
        has_it = importlib.util.find_spec(module) is not None
        state = (
            "installed" if has_it else f"not installed (optional; in the project's folder: pip install '.[{extra}]')"
        )
        yield Check(f"extra {extra}", is_ok=True, state=state)


def _components() -> Check:
    names = sorted(point.name for point in entry_points(group="spacy_factories") if point.name.startswith("osce_"))
    if not names:
        return Check("spaCy components", is_ok=False, state="not registered; install the package again")
    return Check("spaCy components", is_ok=True, state=", ".join(names))


def _catalogue() -> Check:
    catalogue = load_catalogue()
    state = f"{len(catalogue.instruments)} instruments, {len(catalogue.actors)} actors"
    return Check("catalogue", is_ok=True, state=state)


def _classifier() -> Check:
    from osce_commitments.classify import DEFAULT, load_classifier

    try:
        return Check("classifier", is_ok=True, state=load_classifier(DEFAULT).id)
    except OsceCommitmentsError as error:
        return Check("classifier", is_ok=False, state=str(error))


def _limits() -> Check:
    limits = Limits()
    held = "" if sys.platform == "linux" else " (this system does not hold a process to it)"
    state = (
        f"{limits.max_seconds} s of CPU time and {limits.max_seconds_per_megabyte} s more per MB beyond the first, "
        f"{limits.max_memory_megabytes:,} MB of memory{held}, {limits.max_characters:,} characters"
    )
    return Check("default limits of a document", is_ok=True, state=state)
