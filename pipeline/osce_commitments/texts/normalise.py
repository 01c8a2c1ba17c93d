r"""Normalisation of characters, from one table.

``clean`` is for readers: it gives the text of a document, with dashes and quotation marks as printed.
``plain`` is for patterns: it replaces characters one by one and keeps offsets. ``folded`` is for comparing names.
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
_NOTE_MARK = re.compile(
    f"[{_INVISIBLE}]"
    r"| ?[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?![\w-])"  # A raised digit; "m²-5" is a quantity.
    r"|(?:(?<=[A-Za-z)\"'][,;:])|(?<=[a-z]{5}\.))(?<!paras\.)\d{1,3}(?=\s|$)"
    r"|(?<=\d{4}[,;])\d{1,2}(?=\s|$)"
    r"|(?:(?<=[a-z]{4})|(?<=[a-z\"][)\"]))\d{1,2}(?=[\s,;.)]|$)"
    r"|(?<=[\w\"),;.])\[\d{1,3}\]"
)
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def clean(text: str) -> str:
    r"""Return the text in the form that every reader gives.

    NFC; line ends become ``\n``, form feeds are kept; every kind of space becomes a space; ligatures are spelt out;
    every kind of hyphen becomes ``-``; soft hyphens, zero-width, direction and control characters are removed.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANED)
    return unicodedata.normalize("NFC", _REMOVED.sub("", text))


def squeeze(text: str) -> str:
    """Clean a text and replace every run of white space with one space."""
    return " ".join(clean(text).split())


@functools.lru_cache(maxsize=8)  # one provision is asked for many times in a row
def plain(text: str) -> str:
    """Return the text, of the same length, with one kind of space, hyphen, slash and quotation mark; em dashes stay."""
    return text.translate(_PLAIN)


def folded(name: str) -> str:
    """Return a name for comparison: plain characters, single spaces, case folded."""
    return " ".join(plain(name).casefold().split())


def latin(text: str) -> str:
    """Return the text, of the same length, with look-alike letters of other scripts replaced by Latin ones."""
    return text.translate(_look_alikes())


def without_note_marks(text: str) -> tuple[str, list[int]]:
    """Return a plain text without marks of notes and zero-width characters, and the original offset of each remaining one.

    Marks are raised digits ("storms,⁵"), digits after a word and its comma ("storms,5"), or in square brackets ("storms[5]").
    """
    gaps = {position for match in _NOTE_MARK.finditer(text) for position in range(*match.span())}
    if not gaps:
        return text, list(range(len(text)))
    places = [at for at in range(len(text)) if at not in gaps]
    return "".join(text[place] for place in places), places


def superscript(digits: str) -> str:
    """Return a footnote mark in superscript, so that it is not read as part of a number."""
    return digits.translate(_SUPERSCRIPT)


@functools.cache
def _look_alikes() -> dict[int, int]:
    pairs = load_yaml("rules/symbols")["words"]["look_alikes"]
    return str.maketrans(pairs["from"], pairs["to"])
