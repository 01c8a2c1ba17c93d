"""Characters and words as every reader hands them on.

NFC; every kind of space becomes a space; ligatures are spelt out; hyphens of every kind but dashes become ``-``;
soft hyphens, zero-width, direction and control characters go. Quotation marks and dashes stay as printed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Sequence

from osce_commitments.resources import load_yaml

_REMOVED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_REPLACED = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x0b": "\n",
        "\x85": "\n",
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf02d": "\u2013",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)
_OPEN_ENDS = ("/", "\u2013", "\u2014")
_DASHES = (" \u2013", " \u2014")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+")
_WORD_CHARACTERS = 80


def clean(text: str) -> str:
    r"""Normalise the characters of a text; line ends become ``\n``, form feeds stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_REPLACED)
    return unicodedata.normalize("NFC", _REMOVED.sub("", _SPACES.sub(" ", text)))


def squeeze(text: str) -> str:
    """Clean a text and make every run of white space one space."""
    return " ".join(clean(text).split())


def superscript(digits: str) -> str:
    """Write the mark of a footnote so that it cannot be read as part of a number."""
    return digits.translate(_SUPERSCRIPT)


def spellings(texts: Sequence[str]) -> frozenset[str]:
    """Words and hyphenated words of the lines, lower case: evidence of how the document spells them."""
    found: set[str] = set()
    for text in texts:
        found.update(word.lower() for word in _HYPHENATED.findall(text))
        found.update(word.lower() for word in re.findall(r"[^\W\d_]{5,}", text))
    return frozenset(found)


@functools.cache
def _kept() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    data = load_yaml("documents_hyphens")
    return frozenset(data["prefixes"]), tuple(data["compounds"]), frozenset(data["suffixes"])


def joint(before: str, after: str, known: Collection[str] = ()) -> tuple[str, str]:
    """How two lines of a paragraph join.

    Args:
        before: The upper line.
        after: The lower line.
        known: Spellings of the document (``spellings``).

    Returns:
        The upper line as it goes in, and what stands between the two: a space or nothing.
    """
    last, first = _LAST_WORD.search(before[-_WORD_CHARACTERS:]), _FIRST_WORD.search(after)
    if before.endswith(_OPEN_ENDS) and not before.endswith(_DASHES):
        return before, ""
    if last is None or first is None:
        return before, "" if re.search(r"\w-$", before[-2:]) and after[:1].isalnum() else " "
    head, tail = last[1].lower(), first[0].lower()
    if tail in {"and", "or"}:
        return before, " "
    if first[0][0].isupper() or _keeps_hyphen(head, tail, known):
        return before, ""
    return before[:-1], ""


def _keeps_hyphen(head: str, tail: str, known: Collection[str]) -> bool:
    if f"{head}-{tail}" in known:
        return True
    if head + tail in known:
        return False
    prefixes, compounds, suffixes = _kept()
    return head in prefixes or tail in suffixes or f"{head}-{tail}".startswith(compounds)
