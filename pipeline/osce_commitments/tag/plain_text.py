"""Plain text with unchanged offsets: what the patterns are tried on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from osce_commitments.resources import load_yaml

_PLACEHOLDER = re.compile(r"(?<!\?P)<([a-z_]+)>")
_SPACES = "\t\n\r\v\f\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f"
_PLAIN = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys("\u2044\u2215\u29f8\uff0f", "/")
    | {"\u00ba": "\u00b0", "\u02da": "\u00b0"}
    | {chr(ord("\uff10") + digit): str(digit) for digit in range(10)}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ODD = "[\ufffd\ue000-\uf8ff\u25a0\u25a1\u0000-\u0008\u000e-\u001f]"
_HAS_ODD = re.compile(_ODD)
_MIXED = re.compile(r"\w*[\u0370-\u04ff]\w*")
_ODD_WORD = re.compile(rf"\w*{_ODD}\w*")
_IN_NUMBERS = [
    (re.compile(rf"\b([Nn]os?){_ODD}"), r"\1."),
    (
        re.compile(rf"((?:\b[Nn]os?\.? ?|ecisions? |esolutions? |(?:DEC|DOC|RES)/)\d{{1,4}}){_ODD}(?=\d{{2,4}}\b)"),
        r"\1/",
    ),
    (re.compile(rf"\b(MC|PC|FSC|SUM){_ODD}(?=DEC|DOC)"), r"\1."),
    (re.compile(rf"(DEC|DOC|RES){_ODD}(?=\d)"), r"\1/"),
    (re.compile(rf"(\b\d{{3,4}} ?){_ODD}(?=(?:19|20)\d\d\))"), r"\1("),
    (re.compile(rf"(\((?:19|20)\d\d){_ODD}"), r"\1)"),
]
_LETTERS = re.compile(
    r"(?<=\d \()[12][\dOolI]{3}(?=\))|(?<=\d/)[\dOolI]{2}\b(?<=\d.|.\d)|(?<=\b[Nn]o\. )[OlI]?\d(?=/\d)"
)
_AS_DIGITS = str.maketrans("OolI", "0011")
_WORDS = (
    "Decision Decisions Declaration Declarations Resolution Resolutions Convention Conventions Protocol Statement Document"
    " Ministerial Permanent Council Security General Assembly Action Plan Charter Framework Strategy Concept"
)


def plain(text: str) -> str:
    """The text with one kind of space, hyphen and quotation mark, character for character."""
    return text.translate(_PLAIN)


def repaired(text: str) -> str:
    """Plain text with what stands for an unreadable character in a number or word of a citation, of the same length."""
    if text.isascii():
        return _LETTERS.sub(lambda match: match.group().translate(_AS_DIGITS), text)
    text = _MIXED.sub(_latin, text)
    if _HAS_ODD.search(text):
        for form, instead in _IN_NUMBERS:
            text = form.sub(instead, text)
        text = _ODD_WORD.sub(_known_word, text)
    return _LETTERS.sub(lambda match: match.group().translate(_AS_DIGITS), text)


def without_invisible(text: str) -> tuple[str, list[int]]:
    """The text without characters of no width, and where each of those that remain stood."""
    places = [at for at, letter in enumerate(text) if not _INVISIBLE.match(letter)]
    return "".join(text[at] for at in places), places


def _latin(word: re.Match[str]) -> str:
    """A word in which letters of another script stand for the Latin ones that look alike."""
    if not re.search("[A-Za-z]", word.group()):
        return word.group()
    look_alikes = load_yaml("symbols")["look_alikes"]
    return word.group().translate(str.maketrans(look_alikes["from"], look_alikes["to"]))


def _known_word(odd: re.Match[str]) -> str:
    """The only word of citations that a word with an unreadable letter can be; a space between two words."""
    words = [word for name in _WORDS.split() for word in (name, name.lower())]
    shape = re.compile(_HAS_ODD.sub(".", odd.group()))
    fitting = [word for word in words if shape.fullmatch(word)]
    if len(fitting) == 1:
        return fitting[0]
    left, _, right = _HAS_ODD.sub(" ", odd.group()).partition(" ")
    return f"{left} {right}" if left in words and right else odd.group()


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
