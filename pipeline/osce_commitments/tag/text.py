"""Plain text with unchanged offsets: what the patterns are tried on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLACEHOLDER = re.compile(r"(?<!\?P)<([a-z_]+)>")
_SPACES = "\t\n\r\v\f\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f"
_PLAIN = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
)


def plain(text: str) -> str:
    """The text with one kind of space, hyphen and quotation mark, character for character."""
    return text.translate(_PLAIN)


def alternatives(words: Iterable[str]) -> str:
    """A pattern of some words, the longest first; what they begin with is tried once, not once for each word."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[:1], []).append(word[1:])
    branches = [
        re.escape(first) + (alternatives(rest) if any(rest) else "") for first, rest in by_first.items() if first
    ]
    return f"(?:{'|'.join(branches)}){'?' if '' in by_first else ''}" if branches else ""


def fill(source: str, parts: Mapping[str, str]) -> str:
    """Put parts into a pattern's placeholders: ``<city>``, but not the group name in ``(?P<city>…)``.

    Raises:
        KeyError: If a placeholder has no part: a defect of the resource file.
    """
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], source)
