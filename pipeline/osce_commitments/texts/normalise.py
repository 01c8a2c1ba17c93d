r"""Odd characters made plain, from one table.

``clean`` is for readers: what it gives is the text of a document, with dashes and quotation marks as printed.
``plain`` is for patterns: one character for one, so that offsets stay. ``folded`` is for comparing names.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from osce_commitments.resources import load_yaml

_LINE_ENDS = "\v\x85\u2028\u2029"
_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010\u2011\u2012\ufe63\uff0d"
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff"
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SYMBOL_FONT = {"\uf0b7": "•", "\uf0a7": "▪", "\uf02d": "\u2013"}

_CLEANED = str.maketrans(
    dict.fromkeys(_LINE_ENDS, "\n")
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_HYPHENS, "-")
    | _LIGATURES
    | _SYMBOL_FONT
)
_PLAIN = str.maketrans(
    dict.fromkeys(f"\n\r\f{_LINE_ENDS}{_SPACES}", " ")
    | dict.fromkeys(f"{_HYPHENS}\u2013\u2212", "-")
    | dict.fromkeys("\u2044\u2215\u29f8\uff0f", "/")
    | dict.fromkeys("\u00ba\u02da", "\u00b0")
    | dict.fromkeys("\u2018\u2019\u201b\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
    | {chr(ord("\uff10") + digit): str(digit) for digit in range(10)}
)
_REMOVED = re.compile(f"[{_INVISIBLE}{_CONTROL}]")
_ZERO_WIDTH = re.compile(f"[{_INVISIBLE}]")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def clean(text: str) -> str:
    r"""The text as every reader hands it on.

    NFC; line ends become ``\n`` and form feeds stay; every kind of space becomes a space; ligatures are spelt out;
    hyphens of every kind become ``-``; soft hyphens, zero-width, direction and control characters go.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANED)
    return unicodedata.normalize("NFC", _REMOVED.sub("", text))


def squeeze(text: str) -> str:
    """Clean a text and make every run of white space one space."""
    return " ".join(clean(text).split())


def plain(text: str) -> str:
    """The text with one kind of space, hyphen, stroke and quotation mark, character for character; the em dash stays."""
    return text.translate(_PLAIN)


def folded(name: str) -> str:
    """A name for comparison: plain characters, one space between words, no case."""
    return " ".join(plain(name).casefold().split())


def latin(text: str) -> str:
    """The text with Latin letters in place of those of other scripts that look alike, character for character."""
    return text.translate(_look_alikes())


def without_invisible(text: str) -> tuple[str, list[int]]:
    """The text without characters of no width, and the offset that each of the others had."""
    places = [at for at, letter in enumerate(text) if not _ZERO_WIDTH.match(letter)]
    return "".join(text[at] for at in places), places


def superscript(digits: str) -> str:
    """Write the mark of a footnote so that it cannot be read as part of a number."""
    return digits.translate(_SUPERSCRIPT)


@functools.cache
def _look_alikes() -> dict[int, int]:
    pairs = load_yaml("rules/symbols")["words"]["look_alikes"]
    return str.maketrans(pairs["from"], pairs["to"])
