"""A regular expression that is not run on texts without the strings that every match contains."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 40  # a search for more strings takes as long as the expression
_SHORT = 60  # characters; the expression takes no longer than the look
_ASCII = 0x80
_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})
_GROUPS = frozenset({_constants.SUBPATTERN, _constants.ATOMIC_GROUP, _constants.ASSERT})
_SMALL_WORDS = frozenset(
    {"a", "and", "as", "be", "by", "for", "in", "is", "of", "on", "or", "that", "the", "to", "with"}
)
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
        # The first test is that of `may_match`, again: most calls end here.
        if (len(text) < _SHORT and "compiled" in self.__dict__) or self.may_match(text):
            return self.compiled.search(text, *bounds)
        return None

    def finditer(self, text: str, *bounds: int) -> Iterator[re.Match[str]]:
        """As ``re.Pattern.finditer``."""
        return self.compiled.finditer(text, *bounds) if self.may_match(text) else iter(())

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """As ``re.Pattern.sub``."""
        return self.compiled.sub(replacement, text, count) if self.may_match(text) else text

    def may_match(self, text: str) -> bool:
        """Whether a text contains a string that every match needs; a short one is not looked at without need."""
        if len(text) < _SHORT and "compiled" in self.__dict__:
            return True
        lower = _lower(text)
        for one in self._strings:
            if one in lower:
                return True
        return not self._strings

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, whose searches run on every text."""
        parsed = self.__dict__.pop("_parsed", None)
        if parsed is None:
            return re.compile(self.pattern, self._flags)
        found: re.Pattern[str] = _compiler.compile(parsed, self._flags)
        return found

    @functools.cached_property
    def _strings(self) -> tuple[str, ...]:
        # Kept until it is compiled: parsing takes as long as the rest.
        self.__dict__["_parsed"] = parsed = _parser.parse(self.pattern, self._flags)
        return _needed(parsed)


@functools.lru_cache(maxsize=8)
def _lower(text: str) -> str:
    return (text if text.isascii() else text.translate(_LIKE_ASCII)).lower()


def needed_strings(source: str, flags: int = 0) -> tuple[str, ...]:
    """Strings in lower case, one of which is in every text that an expression matches; none if there are no good ones."""
    return _needed(_parser.parse(source, flags))


def _needed(parsed: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    found = _of_sequence(parsed)
    shortest = tuple(one for one in found if not any(other in one for other in found - {one}))
    return tuple(sorted(shortest)) if len(shortest) <= _MOST else ()


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The best of what parts in a row need."""
    choices, run = [], ""
    for kind, value in parts:
        letter = _letter(kind, value)
        if letter:
            run += letter
        else:
            choices += [frozenset({run}), _of_part(kind, value)]
            run = ""
    choices.append(frozenset({run}))
    return max((one for one in choices if all(map(str.strip, one))), key=_worth, default=frozenset())


def _worth(strings: frozenset[str]) -> float:
    """Long strings are rare, small words are not; many strings take time."""
    sizes = (1 if one.strip() in _SMALL_WORDS else min(4, len(one)) for one in strings)
    return min(sizes, default=0) - len(strings) / 8


def _letter(kind: Any, value: Any) -> str:  # noqa: ANN401 - the parser has no types
    """The character that a part means, as "h" in "[Hh]"."""
    if kind is _constants.LITERAL:
        return chr(value).lower() if value < _ASCII else ""
    letters = _letters(value) if kind is _constants.IN else frozenset()
    return next(iter(letters)) if len(letters) == 1 else ""


def _letters(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    letters = frozenset(_letter(kind, value) if kind is _constants.LITERAL else "" for kind, value in parts)
    return letters if all(letters) else frozenset()


def _of_part(kind: Any, value: Any) -> frozenset[str]:  # noqa: ANN401 - the parser has no types
    if kind is _constants.IN:
        return _letters(value)
    if kind is _constants.BRANCH:
        found = [_of_sequence(one) for one in value[1]]
        return frozenset().union(*found) if all(found) else frozenset()
    if kind in _GROUPS or (kind in _REPEATS and value[0]):
        return _of_sequence(value if kind is _constants.ATOMIC_GROUP else value[-1])
    return frozenset()
