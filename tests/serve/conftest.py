from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from osce_commitments.dataset import Dataset
from osce_commitments.serve import create_app
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a document must not be able to do to the page.
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> javascript:alert(3) {{ 7 * 7 }} </p></style>'


@pytest.fixture(scope="session")
def page(sample_dataset: Path) -> Iterator[TestClient]:
    """The page over the samples."""
    with TestClient(create_app(sample_dataset), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1 holds a decision; version 2 another one whose text, title and symbol are hostile markup."""
    dataset = Dataset(tmp_path_factory.mktemp("serve") / "data")
    decision = document("in/decision.pdf")
    lines = [f"Recalling MC.DEC/91/07 and {HOSTILE},", f"Calls upon the participating States to run {HOSTILE};"]
    hostile = replace(document(f"in/{HOSTILE}.pdf", lines), title=HOSTILE, symbol=f"MC.DEC/{HOSTILE}", place=HOSTILE)
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(decision))
        writer.publish()
        writer.commit(batch(hostile))
    return dataset.path


@pytest.fixture(scope="session")
def hostile_page(two_versions: Path) -> Iterator[TestClient]:
    with TestClient(create_app(two_versions), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client
