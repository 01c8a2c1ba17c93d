"""Finds the element of a page that holds the document, in one pass over the page."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDDEN = frozenset({"script", "style", "nav"})
_CANDIDATES = frozenset({"main", "article"})


def main_of(root: HtmlElement) -> HtmlElement:
    """Return the longest of main and article, if it has most of the text, else the body."""
    body = root.find("body")
    whole = root if body is None else body
    lengths = _lengths(root, whole)
    candidates = [element for element in lengths if element is not whole or _is_candidate(element)]
    best = max(candidates, key=lengths.__getitem__, default=None)
    return best if best is not None and 2 * lengths[best] >= lengths[whole] else whole


def _is_candidate(element: HtmlElement) -> bool:
    return element.tag in _CANDIDATES or element.get("role") == "main"


def _lengths(root: HtmlElement, whole: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of text in each candidate, in document order, and in the whole; white space at both ends does not count."""
    from lxml import etree

    found: dict[HtmlElement, int] = {}
    firsts: list[int] = []  # offset of the first and the last letter of each text
    lasts: list[int] = []
    total = hidden = 0

    def add(text: str | None) -> int:
        if not text or hidden:
            return 0
        solid = text.strip()
        if solid:
            firsts.append(total + len(text) - len(text.lstrip()))
            lasts.append(firsts[-1] + len(solid))
        return len(text)

    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_hidden = element.tag in _HIDDEN
        is_measured = element is whole or _is_candidate(element)
        if event == "start":
            hidden += is_hidden
            found.update({element: total} if is_measured else {})
            total += add(element.text)
            continue
        if is_measured:
            first = bisect_left(firsts, found[element])
            found[element] = lasts[-1] - firsts[first] if first < len(firsts) else 0
        hidden -= is_hidden
        total += add(element.tail) if element is not root else 0
    return found
