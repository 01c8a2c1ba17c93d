"""The information needs are whole: every query is one, every judgement has its need, the scores are what they say."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from osce_commitments.query import Filters

if TYPE_CHECKING:
    from types import ModuleType

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
NEEDS: list[dict[str, Any]] = yaml.safe_load((CORPORA / "needs" / "needs.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def evaluation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluate_needs", CORPORA / "evaluate_needs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    __import__("sys").modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_needs_are_forty_and_asked_in_the_language_of_queries() -> None:
    assert len({need["id"] for need in NEEDS}) == len(NEEDS) == 40
    for need in NEEDS:
        assert Filters.parse(text=need["query"], **need["conditions"]).text is not None
        assert Filters.parse(text=need["text"]).text is not None


def test_the_collection_is_fixed(evaluation: ModuleType) -> None:
    names = [path.name for path in evaluation.collection()]
    assert len(names) == len(set(names)) == 366
    assert not [name for name in names if name.startswith(("88", "89", "9"))]


def test_every_judgement_has_a_need_a_file_and_a_grade(evaluation: ModuleType) -> None:
    with (CORPORA / "needs" / "judgements.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["file"] for row in rows} <= {path.name for path in evaluation.collection()}
    assert {row["grade"] for row in rows} == {"0", "1", "2"}
    assert max(Counter((row["need"], row["file"], row["reading"]) for row in rows).values()) == 1
    answered = {row["need"] for row in rows if row["grade"] == "2"}
    assert answered == {need["id"] for need in NEEDS}


def test_scores(evaluation: ModuleType) -> None:
    hits = [SimpleNamespace(source=f"in/{name}", reading=name) for name in "abc"]
    grades = {("a", "a"): 2, ("b", "b"): 0, ("d", "d"): 2}
    ndcg, recall, unjudged = evaluation.score(hits, grades)
    assert ndcg == pytest.approx(3 / (3 + 3 / 1.5849625))
    assert recall == 0.5
    assert unjudged == pytest.approx(0.1)
    low, high = evaluation.interval([0.5] * 10)
    assert (low, high) == (0.5, 0.5)
