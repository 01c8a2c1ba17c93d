"""Word-by-word differences between two wordings."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+(?:[-\u2019']\w+)*|[^\w\s]")
_ISLAND = 2  # fewer equal words between two changes are part of the change: alternating single words cannot be read
_MOST_COMPARED = 4_000_000  # pairs of words: a difference of longer texts would take seconds

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of two wordings: the same in both apart from letter case and white space, or different.

    Attributes:
        before, after: The part of each, including white space; one is empty if words were only added or removed.
    """

    is_same: bool
    before: str
    after: str


def differences(before: str, after: str) -> list[Stretch]:
    """Split two wordings into alternating equal and different stretches; joined, each side gives its full text."""
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    spans = _joined(_keys(old), _keys(new)) or [(True, (0, 0), (0, 0))]
    ours = _cut(before, old, [(is_same, span) for is_same, span, _ in spans])
    theirs = _cut(after, new, [(is_same, span) for is_same, _, span in spans])
    return [Stretch(is_same, *texts) for (is_same, *_), *texts in zip(spans, ours, theirs, strict=True)]


def changed_spans(before: str, after: str) -> list[tuple[int, int, int, int]]:
    """Return the different stretches as start and end in each wording; a span is empty if words were only added or removed."""
    if before == after:
        return []
    found, position, to = [], 0, 0
    for part in differences(before, after):
        ends = position + len(part.before), to + len(part.after)
        if not part.is_same:
            found.append((position, ends[0], to, ends[1]))
        position, to = ends
    return found


def likeness(before: str, after: str) -> float:
    """Return the share of words common to two texts in the same order, from 0 to 1."""
    old, new = (_keys(list(_WORD.finditer(text))) for text in (before, after))
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _keys(words: list[re.Match[str]]) -> list[str]:
    return [word.group().casefold() for word in words]


def _joined(old: list[str], new: list[str]) -> list[tuple[bool, _Span, _Span]]:
    """Return equal and different stretches in order; short equal ones inside a change count as changed."""
    if len(old) * len(new) > _MOST_COMPARED:
        return [(old == new, (0, len(old)), (0, len(new)))]
    found: list[tuple[bool, _Span, _Span]] = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for index, (tag, i1, i2, j1, j2) in enumerate(codes):
        is_edge = index in {0, len(codes) - 1}
        is_equal = tag == "equal" and (is_edge or i2 - i1 >= _ISLAND)
        if found and found[-1][0] == is_equal:
            _, (old_start, _), (new_start, _) = found.pop()
            found.append((is_equal, (old_start, i2), (new_start, j2)))
        else:
            found.append((is_equal, (i1, i2), (j1, j2)))
    return found


def _cut(text: str, words: list[re.Match[str]], spans: list[tuple[bool, _Span]]) -> list[str]:
    """Return the text of each stretch; white space between two stretches goes to the equal one."""
    ends = [0]
    for (is_same, (_, end)), (_, (start, following)) in itertools.pairwise(spans):
        if is_same and start < following:
            ends.append(words[start].start())
        else:
            ends.append(words[end - 1].end() if end else 0)
    ends.append(len(text))
    return [text[start:end] for start, end in itertools.pairwise(ends)]
