"""Rule-based sentence boundaries of OSCE prose."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from osce_commitments.provisions.patterns import sentence_rules
from osce_commitments.rules.record import REACH

_NUMBER = re.compile(r"\s*(?:\d|[IVXLC]+\b|[A-Z]\b|[A-Z]{1,3}-\d)")


def sentence_starts(text: str) -> list[int]:
    """Return the offsets at which a sentence starts, except the first."""
    ends = list(sentence_rules().pattern("sentence_end").finditer(text))
    if not ends:
        return []
    is_unbroken = bytearray(len(text))
    for rule in sentence_rules().group("unbroken"):
        for match in rule.finditer(text):
            start, end = match.span()
            is_unbroken[start:end] = b"\1" * (end - start)
    return [
        match.end() for match in ends if not is_unbroken[match.start()] and not _is_abbreviated(text, match.start())
    ]


def _is_abbreviated(text: str, stop: int) -> bool:
    if text[stop] != ".":
        return False
    word = sentence_rules().pattern("last_word").search(text, max(0, stop - REACH), stop)
    if word is None:
        return False
    return word.group() in _abbreviations() or (word.group() in _words() and _NUMBER.match(text, stop + 1) is not None)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a paragraph, without surrounding white space."""
    for start, end in itertools.pairwise((0, *sentence_starts(text), len(text))):
        written = text[start:end].strip()
        if written:
            begin = text.index(written, start)
            yield begin, begin + len(written)


@functools.cache
def _abbreviations() -> frozenset[str]:
    words = sentence_rules().words
    return _with_capitals(word for group in ("titles", "references", "latin", "names") for word in words[group])


@functools.cache
def _words() -> frozenset[str]:
    return _with_capitals(sentence_rules().words["words"])


def _with_capitals(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in (word, word[:1].upper() + word[1:]))
