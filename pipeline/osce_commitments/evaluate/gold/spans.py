"""Texts without white space, in which gold and stages can be compared."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from osce_commitments.evaluate.gold.gold_files import GoldWords
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
        return offset - sum(min(length, max(0, offset - at)) for at, length in self.marks)


def printings(words: GoldWords, own_mark: str = "") -> Iterator[Printed]:
    """Return the printed forms of some words, without marks first.

    A footnote has a mark of its own, which may precede it.
    """
    yield Printed(words.text)
    marks = ((0, own_mark), *words.marks) if own_mark else words.marks
    if not marks:
        return
    for form in _MARK_FORMS:
        yield _marked(words.text, [(at, form.format(mark)) for at, mark in marks])
    yield _marked(words.text, [(at, superscript(mark)) for at, mark in marks])


def _marked(text: str, marks: Sequence[tuple[int, str]]) -> Printed:
    pieces, places, last = [], [], 0
    for at, mark in marks:
        pieces += [text[last:at], mark]
        places.append((len(squash("".join(pieces[:-1]))), len(mark)))
        last = at
    return Printed("".join([*pieces, text[last:]]), tuple(places))


def composed(stems: Sequence[GoldWords], given: str) -> Printed | None:
    """Return the printed forms of the stems in a lead-in; None if it does not consist of exactly these stems."""
    wanted = squash(given)
    for combination in itertools.product(*(list(printings(stem)) for stem in stems)):
        marks: list[tuple[int, int]] = []
        length = 0
        for one in combination:
            marks += [(length + at, size) for at, size in one.marks]
            length += len(squash(one.text))
        if squash("".join(one.text for one in combination)) == wanted:
            return Printed(given, tuple(marks))
    return None


def pair_up(gold: Sequence[str], given: Sequence[str]) -> list[AlignedPair]:
    """Pair equal keys, each once, and list unpaired ones in reading order.

    Keys are first paired in the order of both sequences. The rest is paired at any place, because footnotes have no
    fixed place.
    """
    pairs: list[AlignedPair] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, gold, given, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += zip(range(a, b), range(c, d), strict=True)
        else:
            pairs += [(index, None) for index in range(a, b)]
            pairs += [(None, index) for index in range(c, d)]
    waiting: dict[str, list[int]] = defaultdict(list)
    for _, index in (pair for pair in pairs if pair[0] is None):
        if index is not None:
            waiting[given[index]].append(index)
    found = {
        one: waiting[gold[one]].pop(0) for one, two in pairs if one is not None and two is None and waiting[gold[one]]
    }
    taken = set(found.values())
    joined = [(one, found.get(one, two)) if one is not None else (one, two) for one, two in pairs]
    return [(one, two) for one, two in joined if one is not None or two not in taken]
