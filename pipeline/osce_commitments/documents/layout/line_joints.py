"""Joins two lines of a paragraph: decides whether a hyphen at the end of the upper line is kept."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence

from osce_commitments.resources import load_yaml

_OPEN_ENDS = ("/", "\u2013", "\u2014")
_DASHES = (" \u2013", " \u2014")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+")
_WORD_CHARACTERS = 80


def spellings(texts: Sequence[str]) -> frozenset[str]:
    """Return words and hyphenated words of the lines in lower case, as evidence of the document's spelling."""
    found: set[str] = set()
    for text in texts:
        found.update(word.lower() for word in _HYPHENATED.findall(text))
        found.update(word.lower() for word in re.findall(r"[^\W\d_]{5,}", text))
    return frozenset(found)


@functools.cache
def _hyphen_words() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    data = load_yaml("documents_hyphens")
    return frozenset(data["prefixes"]), tuple(data["compounds"]), frozenset(data["suffixes"])


def joint(before: str, after: str, known: Collection[str] = ()) -> tuple[str, str]:
    """Return how two lines of a paragraph are joined.

    Args:
        before: The upper line.
        after: The lower line.
        known: Spellings of the document (``spellings``).

    Returns:
        The upper line, perhaps without its hyphen, and the separator: a space or nothing.
    """
    last, first = _LAST_WORD.search(before[-_WORD_CHARACTERS:]), _FIRST_WORD.search(after)
    if before.endswith(_OPEN_ENDS) and not before.endswith(_DASHES):
        return before, ""
    if last is None or first is None:
        return before, "" if re.search(r"\w-$", before[-2:]) and after[:1].isalnum() else " "
    head, tail = last[1].lower(), first[0].lower()
    if tail in {"and", "or"}:
        return before, " "
    if first[0][0].isupper() or _keeps_hyphen(head, tail, known):
        return before, ""
    return before[:-1], ""


def _keeps_hyphen(head: str, tail: str, known: Collection[str]) -> bool:
    if f"{head}-{tail}" in known:
        return True
    if head + tail in known:
        return False
    prefixes, compounds, suffixes = _hyphen_words()
    return head in prefixes or tail in suffixes or f"{head}-{tail}".startswith(compounds)
