"""The rules on roles, lists and sentences with the atoms built from their word lists, and words as these rules read them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from osce_commitments.resources import load_yaml
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.texts.capitals import in_small_letters
from osce_commitments.texts.dates import months_pattern

_THIRD_PERSON = re.compile(r"(?<=sh|ss)es\b|s\b")
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


@functools.cache
def role_rules() -> RuleSet:
    """Rules that decide which part of a document a paragraph belongs to."""
    words = load_yaml("rules/roles")["words"]
    plain = [_THIRD_PERSON.sub("", verb) for verb in (*words["acting_verbs"], *words["speaking_verbs"])]
    return load_rules(
        "roles",
        {
            "recital_adverb": _any(words["recital_adverbs"]),
            "recital_opener": _any(words["recital_openers"]),
            "recital_opener_in_small": _any(_with_lower_initial(words["recital_openers"])),
            "operative_verb": _any(words["operative_verbs"]),
            "acting_verb": _any(words["acting_verbs"]),
            "speaking_verb_of_body": _any(words["speaking_verbs"]),
            "plain_verb": _any((*plain, *map(str.lower, plain))),
        },
    )


@functools.cache
def list_rules() -> RuleSet:
    """Rules on labels, lists and their stems, headings, tables and footnote marks."""
    words = role_rules().words
    verbs = (*words["acting_verbs"], *words["speaking_verbs"])
    plain = [_THIRD_PERSON.sub("", verb).lower() for verb in verbs]
    return load_rules(
        "lists",
        {
            "body_verb": _any(verbs),
            "plain_body_verb": _any(plain),
            "any_form_of_body_verb": _any((*map(str.lower, verbs), *plain)),
            "recital_opener_in_small": _any(_with_lower_initial(words["recital_openers"])),
            "month": months_pattern(),
            "opening_of_recital": role_rules()["recital.opener"].atoms["opening_of_recital"],
        },
    )


@functools.cache
def sentence_rules() -> RuleSet:
    """Rules that find the end of a sentence, with lists of abbreviations."""
    return load_rules("sentences")


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)


def _with_lower_initial(words: Iterable[str]) -> list[str]:
    return [word[0].lower() + word[1:] for word in words]
