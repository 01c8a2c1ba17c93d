"""Find the names of a list in a text: longest first, with or without regard to letter case."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")

_SPELLINGS = (("Co-o", "Coo"), ("co-o", "coo"), ("Organization", "Organisation"))
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_JOINED_BEFORE = re.compile(r"(?:[-/@_]|\w\.|(?://|www\.)\S*)$")  # "pre-OSCE", "a.b", an address
_JOINED_AFTER = re.compile(r"[-/](?=\S)|- [a-z]|[@_]|\.\w|\(\d")  # "OSCE-wide", "MC(10)"
_LOOK_BACK = 40  # characters


@dataclass(frozen=True, slots=True)
class NameMatch(Generic[Value]):
    """A name in a text by character offsets, and the values that have this name."""

    start: int
    end: int
    values: tuple[Value, ...]


@dataclass(slots=True)
class _Name(Generic[Value]):
    words: tuple[str, ...]
    has_capital: bool
    values: dict[Value, None]


class NameFinder(Generic[Value]):
    """Finds names word by word.

    A name of one word, or one given as ``exact``, is matched as written. A longer name is matched without regard to
    letter case, except that a capitalised name must begin with a capital. British and plain spellings are the same.
    In a text entirely in capitals, abbreviations are not found ("THOSE WHO").

    Args:
        names: Name, value, and whether the name is exact.
    """

    def __init__(self, names: Iterable[tuple[str, Value, bool]]) -> None:
        self._names: dict[tuple[bool, tuple[str, ...]], _Name[Value]] = {}
        for name, value, is_exact in names:
            for spelling in _spellings(name):
                self._add(spelling, value, is_exact=is_exact)
        self._folded: dict[str, list[_Name[Value]]] = {}
        self._exact: dict[str, list[_Name[Value]]] = {}
        for (is_exact, words), known in sorted(self._names.items(), key=lambda item: -len(item[0][1])):
            (self._exact if is_exact else self._folded).setdefault(words[0], []).append(known)
        self._find = functools.lru_cache(2048)(self._read)

    def find(self, text: str) -> tuple[NameMatch[Value], ...]:
        """Return the names in a text in order; of overlapping names the longest."""
        return self._find(text)

    def _read(self, text: str) -> tuple[NameMatch[Value], ...]:
        spans, words, lower = _words(text)
        is_capitals = all(word.isupper() for word in words if word.isalpha())
        name_matches: list[NameMatch[Value]] = []
        reached = 0
        exact_names = {} if is_capitals else self._exact
        for index, word in enumerate(words):
            if index < reached or (lower[index] not in self._folded and word not in exact_names):
                continue
            folded = _fitting(self._folded.get(lower[index], ()), lower, index)
            exact = _fitting(exact_names.get(word, ()), words, index)
            for known in sorted([*folded, *exact], key=lambda name: -len(name.words)):
                start, end = spans[index][0], spans[index + len(known.words) - 1][1]
                if not (known.has_capital and word[0].islower()) and not bool(
                    _JOINED_AFTER.match(text, end) or _JOINED_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
                ):
                    name_matches.append(NameMatch(start, end, tuple(known.values)))
                    reached = index + len(known.words)
                    break
        return tuple(name_matches)

    def _add(self, name: str, value: Value, *, is_exact: bool) -> None:
        words = tuple(_WORD.findall(name))
        exact = is_exact or len(words) == 1
        key = (exact, words if exact else tuple(map(str.lower, words)))
        known = self._names.setdefault(key, _Name(key[1], name[0].isupper(), {}))
        known.values[value] = None
        known.has_capital = name[0].isupper()


def _fitting(names: Iterable[_Name[Value]], words: list[str], position: int) -> list[_Name[Value]]:
    """Return the names that a list of words has at an index."""
    return [name for name in names if tuple(words[position : position + len(name.words)]) == name.words]


@functools.lru_cache(maxsize=2)
def _words(text: str) -> tuple[list[tuple[int, int]], list[str], list[str]]:
    """Return the spans of the words, the words, and the words in lower case; cached because two finders read each text."""
    spans = [match.span() for match in _WORD.finditer(text)]
    words = [text[start:end] for start, end in spans]
    return spans, words, [word.lower() for word in words]


def _spellings(name: str) -> Iterator[str]:
    spellings = dict.fromkeys((name, name.replace("-", " ")))
    for one, other in _SPELLINGS:
        spellings |= dict.fromkeys([spelling.replace(one, other) for spelling in spellings])
    return iter(spellings)
