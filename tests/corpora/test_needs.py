"""The information needs are whole: every query is one, every judgement has its need, the scores are what they say."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from corpora.needs import evaluate, questions
from osce_commitments.query import Selection
from tests.support.corpora import CORPORA

NEEDS: list[dict[str, Any]] = yaml.safe_load((CORPORA / "needs" / "needs.yaml").read_text(encoding="utf-8"))


def test_needs_are_forty_and_asked_in_the_language_of_queries() -> None:
    assert len({need["id"] for need in NEEDS}) == len(NEEDS) == 40
    for need in NEEDS:
        assert Selection.of(need["query"], **need["conditions"]).query is not None
        assert Selection.of(need["text"]).query is not None


def test_the_collection_is_fixed() -> None:
    names = [path.name for path in evaluate.collection()]
    assert len(names) == len(set(names)) == 366
    assert not [name for name in names if name.startswith(("88", "89", "9"))]


def test_documents_that_have_only_a_source_are_rendered(tmp_path: Path) -> None:
    paths = evaluate.documents(tmp_path / "in")
    assert [path.name for path in paths] == [path.name for path in evaluate.collection()]
    rendered = [path for path in paths if path.is_relative_to(tmp_path)]
    assert len(rendered) == 348
    assert "[[" not in rendered[0].read_text(encoding="utf-8")


def test_every_judgement_has_a_need_a_file_and_a_grade() -> None:
    with (CORPORA / "needs" / "judgements.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["file"] for row in rows} <= {path.name for path in evaluate.collection()}
    assert {row["grade"] for row in rows} == {"0", "1", "2"}
    assert max(Counter((row["need"], row["file"], row["reading"]) for row in rows).values()) == 1
    answered = {row["need"] for row in rows if row["grade"] == "2"}
    assert answered == {need["id"] for need in NEEDS}


def test_scores() -> None:
    hits = [SimpleNamespace(source=f"in/{name}", reading=name) for name in "abc"]
    grades = {("a", "a"): 2, ("b", "b"): 0, ("d", "d"): 2}
    ndcg, recall, unjudged = evaluate.score(hits, grades)
    assert ndcg == pytest.approx(3 / (3 + 3 / 1.5849625))
    assert recall == 0.5
    assert unjudged == pytest.approx(0.1)
    low, high = evaluate.interval([0.5] * 10)
    assert (low, high) == (0.5, 0.5)


def test_questions_are_judged_and_each_set_has_its_persons() -> None:
    asked = questions.questions()
    assert len({one["question"] for one in asked}) == len(asked) == 124
    persons = {(one["id"][0], one["person"]) for one in asked}
    assert len(persons) == 40
    judged = evaluate.read_judgements(CORPORA / "needs" / "question_judgements.csv")
    assert judged.keys() == {one["id"] for one in asked}
    assert {file for of in judged.values() for file, _ in of} <= {path.name for path in evaluate.collection()}


@pytest.mark.parametrize(
    ("block", "further", "answering", "answer"),
    [
        ((1, 2), (0, 2), 3, (True, 0.75, False, 1.0, True, True)),
        ((2, 0), (), 2, (True, 0.5, False, 0.5, False, True)),
        ((1,), (2,), 2, (True, 1.0, False, 1.0, True, False)),
        ((), (2, 0), 2, (True, 0.5, True, None, False, False)),
        ((), (), 2, (False, 0.0, True, None, False, False)),
        ((), (0,), 0, (False, 0.0, True, None, True, True)),
        ((), (), 0, (True, 1.0, True, None, True, True)),
    ],
)
def test_what_is_shown_is_right_or_rightly_nothing(
    block: tuple[int, ...], further: tuple[int, ...], answering: int, answer: tuple[object, ...]
) -> None:
    assert questions.answer(block, further, answering) == answer
