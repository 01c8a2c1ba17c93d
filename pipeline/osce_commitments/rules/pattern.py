"""A regular expression that is not run on texts without the strings that every match contains."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

_MOST = 40  # a search for more strings takes as long as the expression
_SMALL_WORDS = frozenset(
    {"a", "and", "as", "be", "by", "for", "in", "is", "of", "on", "or", "that", "the", "to", "with"}
)
_REPEAT = re.compile(r"(?:([?*])|\+|\{(\d*)(?:,\d*)?\})[?+]?")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|\d+|(?P<sign>[^A-Za-z0-9])|.)", re.DOTALL
)
# What begins a group: flags for the whole, for the group, a name, a look around, or nothing.
_GROUP = re.compile(r"\(\?[a-zA-Z]+\)|\((?P<kind>\?(?:P<\w+>|[a-zA-Z-]*:|>|<?[=!]|P=\w+|#|\(\w+\))|)")
_CLASS = re.compile(r"\[(\^?)(\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_NONE: frozenset[str] = frozenset()


def needed_strings(source: str, flags: int = 0) -> tuple[str, ...]:
    """Strings in lower case, one of which is in every text that an expression matches; none if there are no good ones.

    The expression is read once, from left to right. Where the reader is not sure, it names no string, and the expression is
    run on every text. Without this test, reading and tagging take a third more processor time.

    Args:
        source: A valid expression.
        flags: Flags of ``re``.
    """
    # In verbose expressions blanks mean nothing; flags inside may say so too.
    if flags & re.VERBOSE or re.search(r"\(\?[a-wyzA-Z]*x", source):
        return ()
    strings = _Reader(source).branches()
    shortest = [string for string in strings if not any(other in string for other in strings - {string})]
    return tuple(sorted(shortest)) if len(shortest) <= _MOST else ()


@dataclass
class _Reader:
    """Reads an expression from a place on."""

    source: str
    place: int = 0

    def branches(self) -> frozenset[str]:
        """The strings of alternatives, up to the end of their group: none if one of them needs none."""
        found = [self._sequence()]
        while self.source.startswith("|", self.place):
            self.place += 1
            found.append(self._sequence())
        return _NONE.union(*found) if all(found) else _NONE

    def _sequence(self) -> frozenset[str]:
        """The best strings of parts in a row."""
        choices, run = [], ""
        while self.place < len(self.source) and self.source[self.place] not in "|)":
            strings, is_letter = self._part()
            least = self._least_times()
            if is_letter and least is None:
                run += next(iter(strings))
                continue
            choices += [frozenset({run}), _NONE if least == 0 else strings]
            run = ""
        choices.append(frozenset({run}))
        return max((strings for strings in choices if all(map(str.strip, strings))), key=_worth, default=_NONE)

    def _least_times(self) -> int | None:
        """How often the part before this place occurs at least; None if no repeat follows it."""
        match = _REPEAT.match(self.source, self.place)
        if not match or match[0] == "{}":
            return None
        self.place = match.end()
        return 0 if match[1] else int(match[2] or 0) if match[2] is not None else 1

    def _part(self) -> tuple[frozenset[str], bool]:
        """The strings of the next part, and whether it is a single letter."""
        sign = self.source[self.place]
        if sign == "(":
            return self._group(), False
        if sign == "[":
            letters = self._letters()
            return letters, len(letters) == 1
        escape = _ESCAPE.match(self.source, self.place) if sign == "\\" else None
        self.place = escape.end() if escape else self.place + 1
        letter = escape["sign"] if escape else sign if sign not in ".^$" else None
        return (frozenset({letter.lower()}), True) if letter and letter.isascii() else (_NONE, False)

    def _group(self) -> frozenset[str]:
        match = _GROUP.match(self.source, self.place)
        if match is None or match["kind"] == "?#":
            msg = f"a group of {self.source!r} is of an unknown kind"
            raise ValueError(msg)
        self.place = match.end()
        if match["kind"] is None:  # flags of the whole
            return _NONE
        strings = self.branches()
        self.place += 1
        # What must not be there, what an earlier group matched, and what depends on one.
        return _NONE if match["kind"].endswith("!") or match["kind"].startswith(("?P=", "?(")) else strings

    def _letters(self) -> frozenset[str]:
        """The letters of a class in brackets; none if it has others or ranges."""
        match = _CLASS.match(self.source, self.place)
        if match is None:
            msg = f"a class of {self.source!r} has no end"
            raise ValueError(msg)
        self.place = match.end()
        letters = re.sub(r"\\([^A-Za-z0-9])", r"\1", match[2])
        is_plain = letters.isascii() and not match[1] and "\\" not in letters and "-" not in match[2].strip("-")
        return frozenset(letters.lower()) if is_plain else _NONE


def _worth(strings: frozenset[str]) -> float:
    """Long strings are rare, small words are not; many strings take time."""
    sizes = (1 if string.strip() in _SMALL_WORDS else min(4, len(string)) for string in strings)
    return min(sizes, default=0) - len(strings) / 8


_BEGINNING = 4  # letters by which needed strings are found at once
_SHORT = 60  # characters; the expression takes no longer than the look
# Letters that an expression takes for i, s and k where it ignores case.
_LIKE_ASCII = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


class Pattern:
    """A regular expression with the attributes of ``re.Pattern``; it is compiled when a text first needs it.

    Args:
        source: The expression.
        flags: Flags of ``re``.
    """

    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    findall: Callable[..., list[Any]]
    split: Callable[..., list[Any]]
    groupindex: Mapping[str, int]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as of the compiled expression
        self.__dict__[name] = found = getattr(self.compiled, name)
        return found

    def search(self, text: str, *bounds: int) -> re.Match[str] | None:
        """As ``re.Pattern.search``."""
        # The first test is that of `may_match`, here and below: most calls end with it.
        if (len(text) < _SHORT and "compiled" in self.__dict__) or self.may_match(text):
            return self.compiled.search(text, *bounds)
        return None

    def finditer(self, text: str, *bounds: int) -> Iterator[re.Match[str]]:
        """As ``re.Pattern.finditer``."""
        if (len(text) < _SHORT and "compiled" in self.__dict__) or self.may_match(text):
            return self.compiled.finditer(text, *bounds)
        return iter(())

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """As ``re.Pattern.sub``."""
        return self.compiled.sub(replacement, text, count) if self.may_match(text) else text

    def may_match(self, text: str) -> bool:
        """Whether a text contains a string that every match needs; a short one is not looked at without need."""
        if len(text) < _SHORT and "compiled" in self.__dict__:
            return True
        if len(text) < self._least:
            return False
        lower = _lower(text)
        for string in self._strings:
            if string in lower:
                return True
        return not self._strings

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, whose searches run on every text."""
        return re.compile(self.pattern, self._flags)

    @functools.cached_property
    def _strings(self) -> tuple[str, ...]:
        return needed_strings(self.pattern, self._flags)

    @functools.cached_property
    def _least(self) -> int:
        return min(map(len, self._strings), default=0)


class Patterns:
    """Expressions that are searched in the same texts; one look at a text leaves those that may match.

    Args:
        patterns: The expressions.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        needed = [(string, index) for index, pattern in enumerate(patterns) for string in pattern._strings]  # noqa: SLF001
        self._always = {index for index, pattern in enumerate(patterns) if not pattern._strings}  # noqa: SLF001
        self._short = [(one, position) for one, position in needed if len(one) < _BEGINNING]
        self._long: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for one, at in needed:
            if len(one) >= _BEGINNING:
                self._long[one[:_BEGINNING]].append((one, at))

    def that_may_match(self, text: str) -> list[int]:
        """Positions of the expressions that may match a text, in order."""
        lower = _lower(text)
        pieces = {lower[position : position + _BEGINNING] for position in range(len(lower))}
        asked = chain(self._short, *(self._long[piece] for piece in self._long.keys() & pieces))
        return sorted(self._always | {at for one, at in asked if one in lower})


@functools.lru_cache(maxsize=8)
def _lower(text: str) -> str:
    return (text if text.isascii() else text.translate(_LIKE_ASCII)).lower()
