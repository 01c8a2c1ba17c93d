"""The rules on roles, lists and sentences, with the atoms built from their word lists."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from osce_commitments.resources import load_yaml
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.texts.dates import months_pattern

_THIRD_PERSON = re.compile(r"(?<=sh|ss)es\b|s\b")


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
