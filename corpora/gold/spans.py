"""Texts without white space, in which gold and stages can be compared."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.gold.files import GoldWords
from osce_commitments.texts.normalise import superscript

_BLANK = re.compile(r"[\s\u00ad\u200b\ufeff]+")
_TRAIL = re.compile(r"[\s.;:,]*(?:(?<=[\s;,])(?:and|or))?[\s.;:,]*$")
_MARK_FORMS = ("{}", "[{}]", "({})", "{}/")

AlignedPair = tuple[int | None, int | None]


def squash(text: str) -> str:
    """Return the text without white space and invisible characters."""
    return _BLANK.sub("", text)


def core(text: str) -> str:
    """Return the core of a text, without white space, final punctuation and final "and" or "or": equal for the same provision."""
    return squash(_TRAIL.sub("", text))


def runs(lines: Sequence[str]) -> frozenset[str]:
    """Return the core of every line and of every run of lines, because the reader may join them."""
    ends = range(1, len(lines) + 1)
    return frozenset(core(" ".join(lines[start:end])) for end in ends for start in range(end))


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed form of some words: without footnote marks, or with marks in one of their forms.

    ``marks`` has the offset and the length of each, counted without white space.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def plain_offset(self, offset: int) -> int:
        """Convert an offset in the squashed printed text to one in the squashed words without marks."""
        return offset - sum(min(length, max(0, offset - start)) for start, length in self.marks)


def printings(words: GoldWords, own_mark: str = "") -> Iterator[Printed]:
    """Return the printed forms of some words, without marks first.

    A footnote has a mark of its own, which may precede it.
    """
    yield Printed(words.text)
    marks = ((0, own_mark), *words.marks) if own_mark else words.marks
    if not marks:
        return
    for form in _MARK_FORMS:
        yield _marked(words.text, [(offset, form.format(mark)) for offset, mark in marks])
    yield _marked(words.text, [(offset, superscript(mark)) for offset, mark in marks])


def _marked(text: str, marks: Sequence[tuple[int, str]]) -> Printed:
    pieces, places, last = [], [], 0
    for offset, mark in marks:
        pieces += [text[last:offset], mark]
        places.append((len(squash("".join(pieces[:-1]))), len(mark)))
        last = offset
    return Printed("".join([*pieces, text[last:]]), tuple(places))


def composed(stems: Sequence[GoldWords], lead_in: str) -> Printed | None:
    """Return the printed forms of the stems in a lead-in; None if it does not consist of exactly these stems."""
    letters = squash(lead_in)
    for combination in itertools.product(*(list(printings(stem)) for stem in stems)):
        marks: list[tuple[int, int]] = []
        length = 0
        for part in combination:
            marks += [(length + offset, size) for offset, size in part.marks]
            length += len(squash(part.text))
        if squash("".join(printed.text for printed in combination)) == letters:
            return Printed(lead_in, tuple(marks))
    return None


def pair_up(gold: Sequence[str], keys: Sequence[str]) -> list[AlignedPair]:
    """Pair equal keys, each once, and list unpaired ones in reading order.

    Keys are first paired in the order of both sequences. The rest is paired at any place, because footnotes have no
    fixed place.
    """
    pairs: list[AlignedPair] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, gold, keys, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += zip(range(a, b), range(c, d), strict=True)
        else:
            pairs += [(index, None) for index in range(a, b)]
            pairs += [(None, index) for index in range(c, d)]
    waiting: dict[str, list[int]] = defaultdict(list)
    for _, index in (pair for pair in pairs if pair[0] is None):
        if index is not None:
            waiting[keys[index]].append(index)
    moved = {
        left: waiting[gold[left]].pop(0)
        for left, right in pairs
        if left is not None and right is None and waiting[gold[left]]
    }
    taken = set(moved.values())
    joined = [(left, moved.get(left, right)) if left is not None else (left, right) for left, right in pairs]
    return [(left, right) for left, right in joined if left is not None or right not in taken]
