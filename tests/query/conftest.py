from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "dataset"))

import datetime as dt

from makers import LINES, batch, document, reject

from osce_commitments.dataset import Dataset
from osce_commitments.labels import DocumentType


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Version 1 holds a decision; version 2 an undated statement, an article, a decision of a year, and a reject."""
    dataset = Dataset(tmp_path_factory.mktemp("query") / "data")
    decision = document("in/decision.pdf")
    undated = document("in/undated.pdf", ["Encourages ODIHR's partners to act on États-Unis;"], date=None, symbol="")
    article = document("in/article.pdf", ["Calls upon B to follow the Vaduz Concept;"], kind=DocumentType.ARTICLE)
    later = document("in/later.pdf", ["Tasks the Secretary General (again) to act."], date=dt.date(2095, 5, 5))
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(decision))
        writer.commit(batch(undated, article, later, rejects=[reject("in/bad.pdf")]))
    assert len(LINES) == 3
    return dataset
