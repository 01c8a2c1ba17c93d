"""The words of a paragraph as the rules read them, and whether they end a sentence."""

from __future__ import annotations

import functools
import re

from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.texts.capitals import in_small_letters

_NOT_VERBS = frozenset({"IN", "ON", "HAVE", "HAS", "HEREBY"})
_ENDS_OF_A_MARK = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹0123456789]/*")
_REMEMBERED = 256  # paragraphs: every step of a document asks for the words of the same few


@functools.lru_cache(maxsize=_REMEMBERED)
def in_small(printed: str) -> str:
    """Return the words, of the same length, with verbs in lower case ("CALLS ON States", as in resolutions).

    A line entirely in capitals is changed only if it opens a list.
    """
    opens_list = printed.isupper() and printed.endswith(":") and _verbs().match(printed)
    return printed.capitalize() if opens_list else in_small_letters(printed, _verbs())


@functools.cache
def _verbs() -> re.Pattern[str]:
    firsts = {entry.split()[0].upper() for words in role_rules().words.values() for entry in words}
    return re.compile(rf"\b{alternatives(sorted(firsts - _NOT_VERBS))}\b")


def unmarked(written: str) -> str:
    """Return the words without a footnote mark at their end, which would hide the punctuation."""
    return list_rules().pattern("note_mark_at_end").sub("", written) if written.endswith(_ENDS_OF_A_MARK) else written


def is_unfinished(words: str) -> bool:
    """Whether the words lack final punctuation, so that items must complete the sentence."""
    lists = list_rules()
    is_ended = lists.finds("ends_sentence", words) or lists.finds("awaits_next_item", words)
    return bool(words) and (not is_ended or lists.finds("opens_list", words))
