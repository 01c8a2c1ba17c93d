"""Phrases: plain words with endings and choices, instead of a regular expression.

``foreign fighter(s)``      "foreign fighter" and "foreign fighters"
``organi[s|z]ed crime``     one of the parts in brackets
``[stolen|looted] icon(s)`` the same with whole words
``radicali*``               any ending; inside a phrase, any ending of that word
``illicit <commodity>``     an atom of the file
"""

from __future__ import annotations

import re

_MARKS = {"(": "(?:", ")": ")?", "[": "(?:", "]": ")", "|": "|", "*": r"\w*"}
_CHOICE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


def phrase_source(phrase: str) -> str:
    """Return the regular expression of a phrase; it matches whole words, except after a final star.

    Raises:
        ValueError: If its brackets do not match.
    """
    rest = phrase
    while _CHOICE.search(rest):
        rest = _CHOICE.sub("", rest)
    if set(rest) & set("()[]|"):
        msg = f"brackets of {phrase!r} are not closed in order"
        raise ValueError(msg)
    words = phrase.removesuffix("*")
    source = "".join(_MARKS.get(sign) or (sign if sign in "<>" else re.escape(sign)) for sign in words)
    return rf"\b{source}" if phrase.endswith("*") else rf"\b{source}\b"


def readings(phrase: str) -> tuple[str, str]:
    """Return the shortest and the fullest text that a phrase matches, with the first option of every choice."""
    return _read(phrase, keeps=False), _read(phrase, keeps=True)


def _read(phrase: str, *, keeps: bool) -> str:
    while match := _CHOICE.search(phrase):
        optional, needed = match.groups()
        first = needed if optional is None else optional if keeps else ""
        phrase = f"{phrase[: match.start()]}{first.partition('|')[0]}{phrase[match.end() :]}"
    return phrase.replace("*", "")
