"""The account of a file: the letters that its format holds, against those that were read or left out on purpose.

A plain walk over the text of the format gives the words that a file holds. It shares no code with the readers, and the
order of the words does not count, so whatever a reader passes over shows up here.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osce_commitments.documents.records import LeftOut
from osce_commitments.schema import INCOMPLETE
from osce_commitments.texts.printable import counted_noun

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Account:
    """Letters that were neither read nor left out on purpose, and sentences about these and about what was left out."""

    letters_missing: int
    notes: tuple[str, ...]


def account(whole: str, texts: Iterable[str], left_out: Sequence[LeftOut]) -> Account:
    """Compare the text that a file holds with the texts that were read from it and the passages that were left out."""
    read = _words(texts)
    missing = _missing(_words([whole]), read + _words(passage.text for passage in left_out))
    letters = sum(map(len, missing))
    notes = []
    if letters:
        shown = " ".join(missing[:20]) + (" …" if len(missing) > 20 else "")  # noqa: PLR2004 - enough to find the place
        notes.append(f"{INCOMPLETE}{counted_noun(letters, 'letter')} of the file: “{shown}”.")
    passages: defaultdict[str, list[str]] = defaultdict(list)
    for passage in left_out:
        if passage.kind and (words := _words([passage.text])) and not (passage.is_copy and words.keys() <= read.keys()):
            passages[passage.kind].append(textwrap.shorten(passage.text, 80, placeholder=" …"))
    kinds = [
        f"{counted_noun(len(texts), kind)} (“{'”, “'.join(list(dict.fromkeys(texts))[:5])}”)"
        for kind, texts in passages.items()
    ]
    notes += [f"Left out: {'; '.join(kinds)}."] if kinds else []
    return Account(letters, tuple(notes))


def _words(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _missing(whole: Counter[str], explained: Counter[str]) -> list[str]:
    """Words without an equal word on the other side; a word that was joined or divided there counts by its letters."""
    added = Counter("".join((explained - whole).elements()))
    missing = []
    for word, count in (whole - explained).items():
        letters = Counter(word)
        times = min(count, *(added[letter] // number for letter, number in letters.items()))
        added.subtract({letter: times * number for letter, number in letters.items()})
        missing += [word] * (count - times)
    return missing
