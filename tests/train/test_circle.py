"""From the answers of people to a new classifier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.session import answers_of, keep_answers
from osce_commitments.scoring.corrected_rows import rows_sha256
from osce_commitments.train import train
from tests.support.makers import batch, document
from tests.train.conftest import TOPICS, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.train import TrainConfig

    Make = Callable[..., TrainConfig]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of 240 provisions with the answers of a person, who says what the rules find too."""
    dataset = Dataset(tmp_path_factory.mktemp("corrected") / "data")
    lines = {
        f"{verb} {words}": {"strength": level, "area_1": area or "none"}
        for level, verb in VERBS.items()
        for area, words in TOPICS.items()
    }
    documents = [
        document(f"{at}.pdf", [f"{line} near lake {at};" for line in lines], symbol=f"MC.DEC/91/{at}")
        for at in range(5)
    ]
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(*documents))
    items = load_items(dataset)
    given = [
        Given(f"row {at}", item.id, item.key, lines[item.row["text"].partition(" near")[0]])
        for at, item in enumerate(items)
    ]
    keep_answers(dataset, answers_of("test", given, items, by="coder-1").answers)
    return dataset.path


def test_a_training_learns_from_corrections(tiny: Make, corrected: Path, tmp_path: Path) -> None:
    short = {"epochs": 1}
    without = train(tiny(schedule=short), tmp_path / "without")
    found = train(tiny(schedule=short, data={"corrections": str(corrected)}), tmp_path / "with")
    assert found.record["corpus"]["corrections"] == rows_sha256(corrected)
    weights = [(one.folder / "model.safetensors").read_bytes() for one in (without, found)]
    assert weights[0] != weights[1]
