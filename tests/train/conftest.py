from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.train import TrainConfig

os.environ["HF_HUB_OFFLINE"] = "1"
# Whole modules that need the extra train; in other modules single tests have the mark.
_NEED_EXTRA = [
    "test_circle.py",
    "test_commands.py",
    "test_network.py",
    "test_needs_encoder.py",
    "test_training.py",
    "test_variants.py",
]
collect_ignore = [] if find_spec("torch") else _NEED_EXTRA


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name in _NEED_EXTRA:
            item.add_marker("train")


VERBS = {
    "none": "Recalling the debate on",
    "permissive": "States may, if they so wish, share lessons on",
    "encouraging": "Encourages participating States to hold seminars on",
    "urging": "Calls upon participating States to act against",
    "committing": "We will step up our efforts against",
    "mandating": "Tasks the Secretary General with a report on",
}
TOPICS = {
    "terrorism": "terrorist attacks on stations",
    "human_trafficking": "trafficking in human beings for forced labour",
    "arms": "the theft of small arms from depots",
    "cybercrime": "cybercrime against hospitals",
    "border_security": "forged travel documents at border crossings",
    "illicit_drugs": "heroin and its precursors",
    "illicit_finance": "money-laundering through shell companies",
    "": "the calendar of the summer session",
}


def rows(part: str) -> list[dict[str, Any]]:
    """Forty-eight rows, every level with every topic; the parts differ in document and place."""
    found = []
    for level, verb in VERBS.items():
        for topic, words in TOPICS.items():
            found.append(
                {
                    "id": f"{part}-{len(found):03}",
                    "document": f"{part}-{len(found) % 6}.txt",
                    "title": f"Decision MC.DEC/9{len(found) % 6}/07 of the {part} meeting",
                    "role": "preamble" if level == "none" else "operative",
                    "heading": "Further work" if len(found) % 2 else "",
                    "lead_in": "",
                    "number": str(len(found) % 8 + 1),
                    "text": f"{verb} {words} in the region of {part}.",
                    "strength": level,
                    "strength_a": level,
                    "strength_b": level,
                    "threat_areas": [topic] if topic else [],
                    "cluster": f"{part}-{len(found) % 6}",
                }
            )
    return found


def write(path: Path, part: str) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows(part)), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def corpus_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("corpus")
    return {part: write(folder / f"{part}.jsonl", part) for part in ("train", "validation", "test")}


@pytest.fixture(scope="session")
def tiny(corpus_files: dict[str, Path]) -> Callable[..., TrainConfig]:
    """Choices for a random encoder of two layers that learns the rows in seconds; sections may be changed."""
    from osce_commitments.train import load_train_config

    sections: dict[str, dict[str, Any]] = {
        "data": {part: str(path) for part, path in corpus_files.items()},
        "encoder": {"source": "tiny", "sha256": ""},
        "inputs": {"max_length": 64},
        "schedule": {
            "epochs": 3,
            "batch_size": 16,
            "learning_rate": 3e-3,
            "head_learning_rate": 3e-3,
            "freezes_embeddings": False,
            "threads": 1,
            "precision": "float32",
        },
        "export": {"max_loss_points": 100.0},
    }

    def make(**changes: dict[str, Any]) -> TrainConfig:
        names = sections.keys() | changes.keys()
        merged = {name: sections.get(name, {}) | changes.get(name, {}) for name in names}
        return load_train_config(None, {"name": "tiny", **merged})

    return make


@pytest.fixture(scope="session")
def work(tiny: Callable[..., TrainConfig], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished training."""
    from osce_commitments.train import train

    return train(tiny(), tmp_path_factory.mktemp("train") / "work").folder


@pytest.fixture(scope="session")
def released(tiny: Callable[..., TrainConfig], work: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release."""
    from osce_commitments.classify import releases
    from osce_commitments.train import export_candidate

    one = releases.add_release(export_candidate(tiny(), work, version="1"), tmp_path_factory.mktemp("models"))
    releases.promote_release(
        one.name, one.version, releases.Promotion(reason="a test", is_forced=True), root=one.folder.parents[1]
    )
    return one.folder
