from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from osce_commitments.dataset import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path / "data")


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Dataset], object], Path], Dataset]:
    """A copy of the dataset that a function fills, in a folder; each is filled once, as commits cost more than copies."""
    filled: dict[Callable[[Dataset], object], Dataset] = {}

    def copy(fill: Callable[[Dataset], object], folder: Path) -> Dataset:
        if fill not in filled:
            filled[fill] = Dataset(tmp_path_factory.mktemp("filled") / "data")
            fill(filled[fill])
        shutil.copytree(filled[fill].path, folder / "data")
        return Dataset(folder / "data")

    return copy
