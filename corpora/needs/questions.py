"""What the page shows first for questions in a lay person's words (``corpora/needs/questions.yaml``)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

import osce_commitments

if TYPE_CHECKING:
    from osce_commitments.query import Hit, Reader

FOLDER = Path(__file__).resolve().parent
SHOWN, _ANSWERS = 10, 2
SETS: Mapping[str, str] = {
    "ab": "a, b: chosen on",
    "cd": "c, d: chosen on",
    "e": "e: chosen on",
    "f": "f: chosen on",
    "g": "g: sureness chosen on",
    "h": "h: sureness chosen on",
}

Key = tuple[str, str]
Grades = Mapping[str, Mapping[Key, int]]
Interval = Callable[[Sequence[float]], tuple[float, float]]


class Answer(NamedTuple):
    """What the hits that are shown for a question are worth; where nothing answers it, to show nothing is right.

    Attributes:
        ten: Whether one of all that is shown answers the question (grade 2).
        right: Share of all that is shown that belongs to the matter (grade 1 or 2).
        is_empty: Whether the first block has nothing.
        block_right: Share of the first block that belongs to the matter; None if it is empty.
        block_whole: Whether the first block has something and all of it does, or is rightly empty.
        block_answers: Whether the first block has an answer, or is rightly empty.
    """

    ten: bool
    right: float
    is_empty: bool
    block_right: float | None
    block_whole: bool
    block_answers: bool


def questions() -> list[dict[str, str]]:
    """Id, person and question of each."""
    found: list[dict[str, str]] = yaml.safe_load((FOLDER / "questions.yaml").read_text(encoding="utf-8"))
    return found


def shown(reader: Reader, question: str) -> tuple[list[Hit], list[Hit]]:
    """The first ten commitments on the page: the first block (all words, or surely close), and what is further."""
    found = reader.search(question, commitments=True, limit=SHOWN)
    near = reader.near(question, found=found.total, commitments=True)
    return [*found.hits, *near.close][:SHOWN], list(near.further)


def answer(block: Sequence[int], further: Sequence[int], answering: int) -> Answer:
    """What is shown, by its grades in order, for a question that so many provisions answer."""
    every = [*block, *further]
    nothing_wrong = not answering and all(every)
    is_right = not block and not answering
    return Answer(
        ten=_ANSWERS in every or nothing_wrong,
        right=_share_of_right(every) if every else float(not answering),
        is_empty=not block,
        block_right=_share_of_right(block) if block else None,
        block_whole=is_right or (bool(block) and all(block)),
        block_answers=is_right or _ANSWERS in block,
    )


def _share_of_right(grades: Sequence[int]) -> float:
    return sum(grade > 0 for grade in grades) / len(grades)


def report(reader: Reader, judged: Grades, key: Callable[[Hit], Key], interval: Interval) -> Iterator[str]:
    """The section of the report."""
    answers: dict[str, list[Answer]] = {name: [] for name in SETS}
    for one in questions():
        grades = judged[one["id"]]
        block, further = ([grades.get(key(hit), 0) for hit in hits] for hits in shown(reader, one["question"]))
        name = next(name for name in SETS if one["id"][0] in name)
        answers[name].append(answer(block, further, sum(grade == _ANSWERS for grade in grades.values())))
    yield from ("", "## Questions in a lay person's words", "")
    yield f"{len(questions())} questions (`corpora/needs/questions.yaml`), by what the page shows: commitments that have all words or are surely"
    yield "close (the first block), then what is further from the words, ten in all. An answer has grade 2, what belongs to the matter"
    yield "grade 1 or 2. Where nothing answers, it is right to show nothing."
    yield ""
    yield "| questions | first block: not empty | share of it that belongs to the matter | all of it does | it has an answer | an answer in all that is shown | share of all shown that belongs to the matter |"
    yield "|---|---|---|---|---|---|---|"
    for name, of in answers.items():
        shares = [one.block_right for one in of if one.block_right is not None]
        rest = (
            [float(getattr(one, field)) for one in of] for field in ("block_whole", "block_answers", "ten", "right")
        )
        columns = ([float(not one.is_empty) for one in of], shares, *rest)
        yield f"| {len(of)} ({SETS[name]}) | {' | '.join(_share(values, interval) for values in columns)} |"


def _share(values: Sequence[float], interval: Interval) -> str:
    low, high = interval(values)
    return f"{sum(values) / len(values):.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    """Print what the page shows for the questions of a file, one a line: first block, then what is further."""
    reader = osce_commitments.open(sys.argv[1])
    reader.prepare()  # without vectors nothing is near a question
    for question in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
        for part, hits in zip(("block", "further"), shown(reader, question), strict=True):
            for hit in hits:
                print(question, part, Path(hit.source).name, hit.reading, sep="\t")  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
