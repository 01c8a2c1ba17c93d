"""Times that are none by which anybody is to act: those of a story, an offer, or what others do of themselves."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.grammar.lexicon import load_lexicon
from osce_commitments.resources import load_yaml
from osce_commitments.schema import Tag

_PLANS = frozenset({"plan", "intend", "hope", "expect", "will", "propose", "promise", "pledge", "would"})
_OWN = re.compile(r"\b(?:[Ww]e|[Pp]articipating States|[Tt]hey|[Ii]t)\b")


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
    if (promised := _pattern("promised").search(sentence)) and not _OWN.search(sentence, 0, promised.start()):
        return True
    before = [tag for tag in actions if begin <= tag.start < start]
    told = [tag for tag in before if tag.ref in load_yaml("deadlines")["told_by"]]
    if told and _pattern("planned_by_others").search(text[told[-1].end : start]):
        later = [tag for tag in before if tag.start > told[-1].end and tag.ref not in _PLANS]
        if not later:
            return True
    if not before or before[-1] not in told:
        return False
    own = _pattern("not_told").search(text[before[-1].end : start])
    return not own or bool(_pattern("of_somebody").search(text[before[-1].end : before[-1].end + own.start()].rstrip()))


def counts_from_event(text: str, start: int) -> bool:
    """Whether a number of days or months runs from a step of those who act, or is what each of some things must satisfy."""
    sentence = text[sentence_start(text, start) : start]
    return bool(_pattern("own_step").search(sentence) or _is_satisfied(sentence))


def is_asked_once(text: str, span: tuple[int, int], lead_in: str = "") -> bool:
    """Whether a number of days is the time that one body is given for something that is asked once."""
    sentence = f"{lead_in} {text[: span[0]]}".strip() if lead_in else text[sentence_start(text, span[0]) : span[0]]
    rest = text[span[1] :].partition(";")[0]
    asked = None
    for asked in _pattern("asked_once").finditer(sentence):  # noqa: B007 - the last one counts
        pass
    if asked is None or _pattern("repeated").search(sentence[asked.end() :] + rest):
        return False
    if _pattern("replies").search(sentence[asked.end() - len(" to") :]):
        return False
    verb_and_object = re.split(
        r"\b(?:[Tt]o|[Ww]ith):? (?=[a-z]+\b(?!s\b))", sentence[asked.end() - len("with") :] + rest
    )
    return any(_pattern("one_thing").match(re.sub("[ ,]+", " ", words)) for words in verb_and_object[1:])


def adopts_another(words: str, before: str) -> bool:
    """Whether "its" or "their adoption" is that of what somebody is to adopt, not of the document."""
    if " their " in f" {words} ":
        return True
    return " its " in f" {words} " and bool(
        _pattern("brought_about").search(before[sentence_start(before, len(before)) :])
    )


def _is_satisfied(sentence: str) -> bool:
    found = None
    for found in _pattern("satisfied").finditer(sentence):  # noqa: B007 - the last one counts
        pass
    is_that = found is not None and found.group().startswith("that")
    return found is not None and (not is_that or _follows_noun(sentence[: found.start()], any_noun=True))


def _is_in_relative(sentence: str) -> bool:
    """Whether a sentence breaks off in a relative clause by which nobody is bound ("the replies that they send")."""
    found = None
    for found in _pattern("relative").finditer(sentence):  # noqa: B007 - the last one counts
        pass
    if found is None or (found["that"] and not _follows_noun(sentence[: found.start()])):
        return False
    clause = sentence[found.end() :]
    return bool(_pattern("of_others" if found["whose"] else "unbound").fullmatch(clause))


def _follows_noun(before: str, *, any_noun: bool = False) -> bool:
    """Whether "that" stands behind a noun, so that it opens no content clause ("agrees that", "asks X that")."""
    words = before.split()
    is_verb = bool(words) and words[-1].lower() in load_lexicon().verbs
    if any_noun:
        return not is_verb and bool(re.search(r"[a-z](?:s|tion|ment|t|e|y|r) $", before))
    return not is_verb and bool(_pattern("noun_before_that").search(before))


@functools.cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(load_yaml("deadlines")[key])
