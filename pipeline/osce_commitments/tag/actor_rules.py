"""The rules of ``resources/rules/actors.yaml`` (who is named, is to act, reports), and the body that speaks."""

from __future__ import annotations

import functools
import re
from typing import Any

from osce_commitments.catalogue import is_osce, organ_of_symbol, organs
from osce_commitments.rules.loader import load_rules
from osce_commitments.rules.pattern import Pattern
from osce_commitments.rules.record import RuleSet
from osce_commitments.texts.dates import months_pattern

CATALOGUE = "catalogue"  # the rule of a tag for an exact name of the catalogue


@functools.cache
def actor_rules() -> RuleSet:
    """The rules of the kind ``actors``."""
    return load_rules("actors", {"month": months_pattern()})


@functools.cache
def actor_pattern(name: str) -> Pattern:
    """The pattern of a rule."""
    return actor_rules().pattern(name)


@functools.cache
def actor_rule_id(name: str) -> str:
    """The id of a rule; an unknown name is a defect."""
    return actor_rules()[name].id


def actor_words(name: str) -> Any:  # noqa: ANN401 - lists and tables of words
    """A word list of the file."""
    return actor_rules().words[name]


@functools.cache
def speaker(body: str, symbol: str) -> str:
    """Return the canonical name of the body that adopted a document; empty if it is not known.

    Args:
        body: Code of the body as documents have it ("MC", "UN").
        symbol: Symbol of the document, which distinguishes the bodies of the UN.
    """
    found = organ_of_symbol(symbol) if symbol else None
    if found is not None and found.body == body:
        return found.actor
    actors = {organ.actor for organ in organs() if organ.body == body}
    return actors.pop() if len(actors) == 1 else ""


@functools.cache
def adopter(title: str) -> str:
    """Return the canonical name of those who adopted a text without a known body, from its title; else empty."""
    names = actor_words("adopters")
    return str(next((names[word] for word in names if re.search(rf"\b{re.escape(word)}\b", title)), ""))


def is_foreign(body: str) -> bool:
    """Whether the body is known and does not belong to the Organization."""
    return bool(body) and not is_osce(body)
