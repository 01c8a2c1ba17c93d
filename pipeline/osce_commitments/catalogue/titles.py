"""Titles as people read them: capitals give way to the headline style that OSCE documents use for one another."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from osce_commitments.catalogue.organs import organs
from osce_commitments.catalogue.store import load_catalogue
from osce_commitments.resources import load_yaml

_ROMAN = re.compile(r"[IVX]+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NO_VOWEL = re.compile(r"[^AEIOUY]{2,}")
_PREFIXES = frozenset({"CO", "RE", "PRE", "SUB", "E", "X"})
_KEPT = 4_096  # titles: every row of a list names its document
_SENTENCE_BREAK = (":", "\u2013", "\u2014", ".")


@functools.lru_cache(_KEPT)
def display_title(title: str) -> str:
    """A title for people: "Preventing Trafficking in the OSCE Area" for "PREVENTING TRAFFICKING IN THE OSCE AREA".

    Every word of weight gets a capital, so that names need no list. Known abbreviations, words without a vowel, numerals and
    symbols stay as they are, and so do titles and parts of titles that are not in capitals.
    """
    words = [word for word in title.split() if word != "|"]  # the bar of a table
    shown: list[str] = []
    for is_run, run in groupby(words, key=lambda word: _is_capital(word) or not any(map(str.isalpha, word))):
        some = list(run)
        shown += _headline(some) if is_run and _is_shouted(some, is_whole=len(some) == len(words)) else some
    return " ".join(shown)


def _is_capital(word: str) -> bool:
    """Whether a word is in capitals ("ICTs" too) and is no symbol ("MC.DEC/9/11")."""
    letters = "".join(filter(str.isalpha, word)).removesuffix("s")
    return letters.isupper() and "/" not in word and not any(map(str.isdigit, word))


def _is_shouted(run: Sequence[str], *, is_whole: bool) -> bool:
    plain = [part for word in run for part in _WORD.findall(word) if len(part) > 1 and not _is_abbreviation(part)]
    return len(plain) > 1 or (is_whole and any(len(part) > 3 for part in plain))  # noqa: PLR2004 - "ODA" may be a short form


def _headline(run: Sequence[str]) -> Iterator[str]:
    opens = True
    for index, word in enumerate(run):
        yield "-".join(_parts(word.split("-"), is_prominent=opens or index == len(run) - 1))
        opens = word.endswith(_SENTENCE_BREAK)


def _parts(parts: Sequence[str], *, is_prominent: bool) -> Iterator[str]:
    for index, part in enumerate(parts):
        if index and parts[index - 1] in _PREFIXES:
            yield part.lower()
        else:
            yield _WORD.sub(functools.partial(_cased, is_prominent=is_prominent and not index), part)


def _cased(match: re.Match[str], *, is_prominent: bool) -> str:
    if _is_abbreviation(match[0]):
        return match[0]
    small = match[0].lower()
    return small if small in _words()["small"] and not is_prominent else small.capitalize()


@functools.cache
def _is_abbreviation(word: str) -> bool:
    bare = word.removesuffix("s")
    return bare in _short_forms() or bool(_ROMAN.fullmatch(word) or _NO_VOWEL.fullmatch(bare))


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(some) for name, some in load_yaml("catalogue/titles").items() if name != "title"}


@functools.cache
def _short_forms() -> frozenset[str]:
    short = {
        part for actor in load_catalogue().actors for name in actor.abbreviations for part in re.split(r"[\s/]", name)
    }
    bodies = {organ.body for organ in organs()}
    return (_words()["abbreviations"] | {one for one in short | bodies if one.isupper()}) - _words()["words"]
