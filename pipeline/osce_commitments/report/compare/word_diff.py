"""What differs between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from osce_commitments.report.model import Style, TextRun, TextRuns

_WORD = re.compile(r"\w+(?:[-\u2019']\w+)*|[^\w\s]")
_ISLAND = 2  # fewer equal words between two changes are part of the change: alternating single words cannot be read


def word_diff(before: str, after: str) -> TextRuns:
    """One text with the words of ``before`` that were removed and those of ``after`` that were added.

    Letter case and white space make no difference; the words that stayed are those of ``after``.
    """
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    runs: list[TextRun] = []
    for is_equal, old_span, new_span in _joined(_keys(old), _keys(new)):
        if is_equal:
            runs.append(TextRun(_cut(after, new, new_span)))
            continue
        removed, added = _cut(before, old, old_span), _cut(after, new, new_span)
        runs += [TextRun(text, style) for text, style in ((removed, Style.REMOVED), (added, Style.ADDED)) if text]
    return tuple(_spaced(runs))


def likeness(before: str, after: str) -> float:
    """Share of words that two texts have in common in the same order, 0 to 1."""
    old, new = (_keys(list(_WORD.finditer(text))) for text in (before, after))
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


Span = tuple[int, int]


def _keys(words: list[re.Match[str]]) -> list[str]:
    return [word.group().casefold() for word in words]


def _joined(old: list[str], new: list[str]) -> list[tuple[bool, Span, Span]]:
    """Stretches that are equal or not, in order; short equal ones inside a change count as changed."""
    found: list[tuple[bool, Span, Span]] = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (tag, i1, i2, j1, j2) in enumerate(codes):
        is_edge = at in {0, len(codes) - 1}
        is_equal = tag == "equal" and (is_edge or i2 - i1 >= _ISLAND)
        if found and found[-1][0] == is_equal:
            _, (old_start, _), (new_start, _) = found.pop()
            found.append((is_equal, (old_start, i2), (new_start, j2)))
        else:
            found.append((is_equal, (i1, i2), (j1, j2)))
    return found


def _cut(text: str, words: list[re.Match[str]], span: Span) -> str:
    start, end = span
    return " ".join(text[words[start].start() : words[end - 1].end()].split()) if start < end else ""


def _spaced(runs: list[TextRun]) -> Iterator[TextRun]:
    for at, run in enumerate(runs):
        is_glued = at + 1 < len(runs) and re.match(r"[,;.:)]", runs[at + 1].text)
        is_last = at + 1 == len(runs)
        yield TextRun(run.text if is_last or is_glued else run.text + " ", run.style)
