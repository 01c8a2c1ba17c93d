"""The strings that every match of a regular expression needs, found in what Python's own parser makes of it.

That parser is no public part of Python: where this module cannot be imported, every expression is run on every text. What it
finds is the same with Python 3.11, 3.12 and 3.13.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from osce_commitments.ids import fingerprint
from osce_commitments.resources.kept_results import kept

_MOST = 40  # a search for more strings takes as long as the expression
_ASCII = 0x80
_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})
_GROUPS = frozenset({_constants.SUBPATTERN, _constants.ATOMIC_GROUP, _constants.ASSERT})
_SMALL_WORDS = frozenset(
    {"a", "and", "as", "be", "by", "for", "in", "is", "of", "on", "or", "that", "the", "to", "with"}
)


# Compiled expressions differ between versions of Python, and needed strings between versions of this module.
_code, _compile = _compiler._code, _compiler._sre.compile  # noqa: SLF001 - see above
_THIS = fingerprint(sys.version, str(_constants.MAGIC), str(_compiler._sre.CODESIZE), Path(__file__).read_text("utf-8"))  # noqa: SLF001


class Parsed:
    """An expression, parsed once for its strings and for its use, unless both are kept.

    Args:
        source: The expression.
        flags: Flags of ``re``.
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags
        self._of = (_THIS, str(int(flags)), source)

    def needed(self) -> tuple[str, ...]:
        """Strings in lower case, one of which is in every text that it matches; none if there are no good ones.

        Raises:
            re.error: If it is no expression.
        """
        return tuple(kept(self._found, "strings", *self._of))

    def compiled(self) -> re.Pattern[str]:
        """The compiled expression, made as ``re`` makes it.

        Raises:
            re.error: If it is no expression.
        """
        flags, names, code = kept(self._made, "code", *self._of)
        numbers = {name: number for number, name in enumerate(names) if name}
        found: re.Pattern[str] = _compile(self._source, flags, code, len(names) - 1, numbers, tuple(names))
        return found

    @functools.cached_property
    def _parts(self) -> Any:  # noqa: ANN401 - the parser has no types
        return _parser.parse(self._source, self._flags)

    def _found(self) -> list[str]:
        found = _of_sequence(self._parts)
        shortest = [one for one in found if not any(other in one for other in found - {one})]
        return sorted(shortest) if len(shortest) <= _MOST else []

    def _made(self) -> list[Any]:
        """Flags, the name of each group (none for that of the whole) and code."""
        state = self._parts.state
        names = dict(map(reversed, state.groupdict.items()))
        return [
            self._flags | state.flags,
            [names.get(at) for at in range(state.groups)],
            _code(self._parts, self._flags),
        ]


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
