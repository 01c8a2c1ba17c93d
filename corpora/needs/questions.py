"""What the page shows first for questions in a lay person's words (``corpora/needs/questions.yaml``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from osce_commitments.query import Hit, Reader

FOLDER = Path(__file__).resolve().parent
SHOWN, FIRST = 10, 3
SETS: Mapping[str, str] = {
    "a": "used to choose the ranking (a, b)",
    "c": "used for the terms, later (c, d)",
    "e": "used for nothing (e)",
}
_SET_OF = {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e"}

Key = tuple[str, str]
Grades = Mapping[str, Mapping[Key, int]]
Interval = Callable[[Sequence[float]], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first ten of a question are worth; where nothing answers it, to show nothing is right.

    Attributes:
        first: Whether one of the first three answers the question (grade 2).
        ten: Whether one of the first ten does.
        right: Share of what is shown that belongs to the matter (grade 1 or 2).
        whole: Whether all that is shown does, and there are ten, or as many as answer the question.
    """

    first: bool
    ten: bool
    right: float
    whole: bool


def questions() -> list[dict[str, str]]:
    """Id, person and question of each."""
    found: list[dict[str, str]] = yaml.safe_load((FOLDER / "questions.yaml").read_text(encoding="utf-8"))
    return found


def shown(reader: Reader, question: str) -> list[Hit]:
    """The first ten commitments on the page: those that have all words, then what is close."""
    found = reader.search(question, commitments=True, limit=SHOWN)
    return [*found.hits, *reader.near(question, found=found.total, commitments=True)][:SHOWN]


def answer(grades: Sequence[int], answering: int) -> Answer:
    """What is shown, by its grades in order, for a question that so many provisions answer."""
    right = sum(grade > 0 for grade in grades) / len(grades) if grades else float(not answering)
    if not answering:
        nothing_wrong = right == 1
        return Answer(nothing_wrong, nothing_wrong, right, nothing_wrong)
    answers = [grade == 2 for grade in grades]  # noqa: PLR2004 - the scale
    is_whole = right == 1 and len(grades) >= min(SHOWN, answering)
    return Answer(any(answers[:FIRST]), any(answers), right, is_whole)


def report(reader: Reader, judged: Grades, key: Callable[[Hit], Key], interval: Interval) -> Iterator[str]:
    """The section of the report."""
    answers: dict[str, list[Answer]] = {name: [] for name in SETS}
    for one in questions():
        grades = judged[one["id"]]
        found = [grades.get(key(hit), 0) for hit in shown(reader, one["question"])]
        answering = sum(grade == 2 for grade in grades.values())  # noqa: PLR2004 - the scale
        answers[_SET_OF[one["id"][0]]].append(answer(found, answering))
    yield from ("", "## Questions in a lay person's words", "")
    yield f"{len(questions())} questions (`corpora/needs/questions.yaml`), by what the page shows: commitments that have all words, then what is"
    yield "close. An answer has grade 2, what belongs to the matter grade 1 or 2. Where nothing answers, it is right to show nothing."
    yield ""
    yield "| questions | an answer in the first three | in the first ten | share of the shown that belongs to the matter | all of it |"
    yield "|---|---|---|---|---|"
    for name, of in answers.items():
        columns = ([float(getattr(one, field)) for one in of] for field in ("first", "ten", "right", "whole"))
        yield f"| {len(of)} {SETS[name]} | {' | '.join(_share(values, interval) for values in columns)} |"


def _share(values: Sequence[float], interval: Interval) -> str:
    low, high = interval(values)
    return f"{sum(values) / len(values):.2f} ({low:.2f} to {high:.2f})"
