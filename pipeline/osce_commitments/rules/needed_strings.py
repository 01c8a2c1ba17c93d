"""The strings that every match of a regular expression needs, found in what Python's own parser makes of it.

That parser is no public part of Python: where this module cannot be imported, every expression is run on every text. What it
finds is the same with Python 3.11, 3.12 and 3.13.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 40  # a search for more strings takes as long as the expression
_ASCII = 0x80
_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})
_GROUPS = frozenset({_constants.SUBPATTERN, _constants.ATOMIC_GROUP, _constants.ASSERT})
_SMALL_WORDS = frozenset(
    {"a", "and", "as", "be", "by", "for", "in", "is", "of", "on", "or", "that", "the", "to", "with"}
)


class Parsed:
    """An expression as parsed, so that it is parsed once for its strings and for its use.

    Args:
        source: The expression.
        flags: Flags of ``re``.

    Raises:
        re.error: If it is no expression.
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self._parts, self._flags = _parser.parse(source, flags), flags

    def needed(self) -> tuple[str, ...]:
        """Strings in lower case, one of which is in every text that it matches; none if there are no good ones."""
        found = _of_sequence(self._parts)
        shortest = tuple(one for one in found if not any(other in one for other in found - {one}))
        return tuple(sorted(shortest)) if len(shortest) <= _MOST else ()

    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        found: re.Pattern[str] = _compiler.compile(self._parts, self._flags)
        return found


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
