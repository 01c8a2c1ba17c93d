"""Citations with unreadable characters that can still be identified."""

from __future__ import annotations

import re

from osce_commitments.texts.normalise import latin

_ODD = "[\ufffd\ue000-\uf8ff\u25a0\u25a1\u0000-\u0008\u000e-\u001f]"
_HAS_ODD = re.compile(_ODD)
_MIXED = re.compile(r"(?<!\w)[^\W\u0370-\u04ff]*+[\u0370-\u04ff]\w*+")
_ODD_WORD = re.compile(rf"(?<!\w)\w*+{_ODD}\w*+")
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


def repaired(text: str) -> str:
    """Return the text, of the same length, with unreadable characters in numbers and words of citations restored."""
    if text.isascii():
        return _LETTERS.sub(lambda match: match.group().translate(_AS_DIGITS), text)
    text = _MIXED.sub(_in_latin, text)
    if _HAS_ODD.search(text):
        for form, instead in _IN_NUMBERS:
            text = form.sub(instead, text)
        text = _ODD_WORD.sub(_known_word, text)
    return _LETTERS.sub(lambda match: match.group().translate(_AS_DIGITS), text)


def _in_latin(word: re.Match[str]) -> str:
    """Restore a word in which letters of another script replace Latin letters that look alike."""
    return latin(word.group()) if re.search("[A-Za-z]", word.group()) else word.group()


def _known_word(odd: re.Match[str]) -> str:
    """Return the only word of citations that fits a word with an unreadable letter; a space between two words."""
    words = [word for name in _WORDS.split() for word in (name, name.lower())]
    shape = re.compile(_HAS_ODD.sub(".", odd.group()))
    fitting = [word for word in words if shape.fullmatch(word)]
    if len(fitting) == 1:
        return fitting[0]
    left, _, right = _HAS_ODD.sub(" ", odd.group()).partition(" ")
    return f"{left} {right}" if left in words and right else odd.group()
