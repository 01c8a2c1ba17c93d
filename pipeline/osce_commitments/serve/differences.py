"""Two texts side by side: provisions that answer to each other, and the words in which they differ."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_WORD = re.compile(r"\w+")
_LEAST_LIKENESS = 0.35
_MOST_COMPARED = 4_000_000  # pairs of tokens: a difference of longer texts would take seconds


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of provisions, by position; None where one has no counterpart.

    Attributes:
        likeness: Cosine of their words weighed by rarity, 0 to 1.
    """

    left: int | None
    right: int | None
    likeness: float


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that stand in both texts (``same``), only in the left (``gone``) or only in the right one (``new``)."""

    kind: str
    text: str


def align(left: Sequence[str], right: Sequence[str]) -> list[Aligned]:
    """Every provision of two texts once: the most alike in pairs, in the order of the right text."""
    pairs = _pairs(left, right)
    by_right = {two: one for one, (two, _) in pairs.items()}
    rows = [((at, 0, 0), Aligned(by_right.get(at), at, _likeness(pairs, by_right.get(at)))) for at in range(len(right))]
    behind = -1
    for at in range(len(left)):
        if at in pairs:
            behind = pairs[at][0]
        else:
            rows.append(((behind, 1, at), Aligned(at, None, 0.0)))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


def _likeness(pairs: dict[int, tuple[int, float]], left: int | None) -> float:
    return 0.0 if left is None else pairs[left][1]


def _pairs(left: Sequence[str], right: Sequence[str]) -> dict[int, tuple[int, float]]:
    """For positions of the left text, their counterpart and its likeness; the most alike are paired first."""
    vectors = _vectors([*left, *right])
    ours, theirs = vectors[: len(left)], vectors[len(left) :]
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, vector in enumerate(theirs):
        for word, weight in vector.items():
            holders[word].append((at, weight))
    scored = []
    for at, vector in enumerate(ours):
        scores: Counter[int] = Counter()
        for word, weight in vector.items():
            for other, its in holders[word]:
                scores[other] += weight * its  # type: ignore[assignment] # a counter of floats
        scored += [(score, at, other) for other, score in scores.items() if score >= _LEAST_LIKENESS]
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for score, one, two in sorted(scored, key=lambda row: (-row[0], abs(row[1] - row[2]), row[1])):
        if one not in pairs and two not in taken:
            pairs[one] = two, min(score, 1.0)
            taken.add(two)
    return pairs


def _vectors(texts: Sequence[str]) -> list[dict[str, float]]:
    counts = [Counter(_WORD.findall(text.casefold())) for text in texts]
    spread = Counter(word for count in counts for word in count)
    found = []
    for count in counts:
        weights = {word: times * math.log(1 + len(texts) / spread[word]) for word, times in count.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        found.append({word: weight / length for word, weight in weights.items()})
    return found


def word_changes(left: str, right: str) -> list[WordChange]:
    """How the left text becomes the right one, word by word."""
    return list(_joined(_changes(_TOKEN.findall(left), _TOKEN.findall(right))))


def _changes(left: list[str], right: list[str]) -> Iterator[WordChange]:
    if len(left) * len(right) > _MOST_COMPARED:
        yield from (WordChange("gone", "".join(left)), WordChange("new", "".join(right)))
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            yield WordChange("same", "".join(left[a:b]))
            continue
        if a < b:
            yield WordChange("gone", "".join(left[a:b]))
        if c < d:
            yield WordChange("new", "".join(right[c:d]))


def _joined(changes: Iterator[WordChange]) -> Iterator[WordChange]:
    """The changes, blanks between replaced words taken with them: word for word is hard to read."""
    waiting: list[WordChange] = []
    for change in changes:
        if change.kind != "same" or (waiting and not change.text.strip()):
            waiting.append(change)
            continue
        yield from _settled(waiting)
        waiting = []
        yield change
    yield from _settled(waiting)


def _settled(waiting: list[WordChange]) -> Iterator[WordChange]:
    ending = [waiting.pop()] if waiting and waiting[-1].kind == "same" else []
    if len({change.kind for change in waiting} - {"same"}) == 1:
        yield from waiting
    elif waiting:
        yield WordChange("gone", "".join(change.text for change in waiting if change.kind != "new"))
        yield WordChange("new", "".join(change.text for change in waiting if change.kind != "gone"))
    yield from ending
