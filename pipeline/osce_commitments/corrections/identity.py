"""Stable identity of a provision across files, segmenters and models."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from osce_commitments.ids import fingerprint
from osce_commitments.texts.normalise import clean, plain, without_note_marks

_NO_LETTERS = re.compile(r"[\W_]+")
_LAST_WORDS = re.compile(r"(?: (?:and|or))+$")
_CACHED = 8192  # titles and lead-ins recur


@dataclass(frozen=True, slots=True)
class Identity:
    """The words that make a provision: letters and digits, without case, marks of notes and a final "and" or "or"."""

    symbol: str
    title: str
    lead_in: str
    text: str

    @property
    def key(self) -> str:
        """The same for the same words, lead-in, title and symbol."""
        return "k" + fingerprint(self.symbol, self.title, self.lead_in, self.text)


def identity_of(symbol: str, title: str, lead_in: str, text: str) -> Identity:
    """The identity of a provision of a document with a symbol and a title."""
    return Identity(_cached(symbol), _cached(title), _cached(lead_in), _LAST_WORDS.sub("", bare_words(text)))


def bare_words(text: str) -> str:
    """Letters and digits of a text, words apart, without case and marks of notes."""
    words, _ = without_note_marks(plain(clean(text)))
    return " ".join(_NO_LETTERS.sub(" ", words.casefold()).split())


_cached = functools.lru_cache(_CACHED)(bare_words)
