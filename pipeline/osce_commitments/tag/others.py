"""Times that are none by which anybody is to act: those of a story, an offer, or what others do of themselves."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.grammar.lexicon import load_lexicon
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.schema import Tag


def is_of_others(text: str, time: tuple[int, int], actions: Sequence[Tag], *, is_span: bool = False) -> bool:
    """Whether a time only belongs to something that a text mentions.

    Args:
        text: Plain text.
        time: Where the time begins and ends.
        is_span: It is a number of days or the like, which behind a relative clause is mostly one of the main clause.
        actions: The operative verbs of the text.
    """
    start, end = time
    begin = sentence_start(text, start)
    sentence = text[begin:start]
    if _pattern("was_to").search(sentence) or _pattern("hoped").search(text[begin:end]):
        return True
    if not is_span and _is_in_relative(sentence):
        return True
    before = [tag for tag in actions if begin <= tag.start < start]
    if not before or before[-1].ref not in load_yaml("deadlines")["told_by"]:
        return False
    return not _pattern("not_told").search(text[before[-1].end : start])


def _is_in_relative(sentence: str) -> bool:
    """Whether a sentence breaks off in a relative clause by which nobody is bound ("the replies that they send")."""
    found = None
    for found in _pattern("relative").finditer(sentence):  # noqa: B007 - the last one counts
        pass
    if found is None or (found["that"] and not _follows_noun(sentence[: found.start()])):
        return False
    clause = sentence[found.end() :]
    return bool(_pattern("of_others" if found["whose"] else "unbound").fullmatch(clause))


def _follows_noun(before: str) -> bool:
    """Whether "that" stands behind a noun, so that it opens no content clause ("agrees that", "asks X that")."""
    words = before.split()
    is_verb = bool(words) and words[-1].lower() in load_lexicon().verbs
    return not is_verb and bool(_pattern("noun_before_that").search(before))


@functools.cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(load_yaml("deadlines")[key])
