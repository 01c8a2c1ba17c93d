from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from osce_commitments.dataset import Dataset
from tests.support.makers import LINES, batch, document

MORE = ["Encourages participating States to list lamps;", "Tasks the Secretary General with counting lamps."]


@pytest.fixture(scope="session")
def two_documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = Dataset(tmp_path_factory.mktemp("labelling") / "data")
    other = replace(document("b.pdf", MORE, symbol="MC.DEC/91/91"), title="Decision on lamps")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", [*LINES, "=1+1 is no formula, and =A1 neither;"]), other))
    return dataset.path


@pytest.fixture
def data(two_documents: Path, tmp_path: Path) -> Path:
    """A dataset with two short documents: a copy, because copies cost a tenth of commits."""
    return Path(shutil.copytree(two_documents, tmp_path / "data"))
