"""Sentence boundaries of OSCE prose, by rules: a spaCy component does the work on tokens."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from spacy.language import Language

PIPE = "osce_sentences"

_NUMBER = re.compile(r"\s*(?:\d|[IVXLC]+\b|[A-Z]\b)")


def sentence_starts(text: str) -> list[int]:
    """Offsets at which a sentence starts, without the first one."""
    unbroken = [match.span() for pattern in _unbroken() for match in pattern.finditer(text)]
    return [
        match.end()
        for match in _pattern("sentence_end").finditer(text)
        if not _is_abbreviated(text, match.start()) and not any(a <= match.start() < b for a, b in unbroken)
    ]


def _is_abbreviated(text: str, stop: int) -> bool:
    word = _pattern("last_word").search(text, 0, stop)
    if text[stop] != "." or word is None:
        return False
    return word.group() in _abbreviations() or (word.group() in _words() and _NUMBER.match(text, stop + 1) is not None)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a paragraph, without white space at their ends."""
    for sentence in _sentencizer()(text).sents:
        written = sentence.text.strip()
        if written:
            start = sentence.start_char + sentence.text.index(written)
            yield start, start + len(written)


@functools.cache
def _sentencizer() -> Language:
    import spacy

    from osce_commitments.provisions import component  # noqa: F401 - importing registers the component

    nlp = spacy.blank("en")
    nlp.max_length = sys.maxsize  # spaCy's bound is for its parser; none is used
    nlp.add_pipe(PIPE)
    return nlp


@functools.cache
def _abbreviations() -> frozenset[str]:
    data = load_yaml("abbreviations")
    return _with_capitals(word for group in ("titles", "references", "latin", "names") for word in data[group])


@functools.cache
def _words() -> frozenset[str]:
    return _with_capitals(load_yaml("abbreviations")["words"])


def _with_capitals(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in (word, word[:1].upper() + word[1:]))


@functools.cache
def _unbroken() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(entry["pattern"]) for entry in load_yaml("abbreviations")["unbroken"])


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load_yaml("abbreviations")[name]["pattern"])
