"""A regular expression that is not run on texts without the strings that every match contains."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from osce_commitments.rules.needed_strings import needed_strings

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
        self._short = [(one, at) for one, at in needed if len(one) < _BEGINNING]
        self._long: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for one, at in needed:
            if len(one) >= _BEGINNING:
                self._long[one[:_BEGINNING]].append((one, at))

    def that_may_match(self, text: str) -> list[int]:
        """Positions of the expressions that may match a text, in order."""
        lower = _lower(text)
        pieces = {lower[at : at + _BEGINNING] for at in range(len(lower))}
        asked = chain(self._short, *(self._long[piece] for piece in self._long.keys() & pieces))
        return sorted(self._always | {at for one, at in asked if one in lower})


@functools.lru_cache(maxsize=8)
def _lower(text: str) -> str:
    return (text if text.isascii() else text.translate(_LIKE_ASCII)).lower()
