"""The rules of ``resources/rules/actors.yaml``: who is named, who is to act, who reports."""

from __future__ import annotations

import functools
from typing import Any

from osce_commitments.rules.loader import load_rules
from osce_commitments.rules.pattern import Pattern
from osce_commitments.rules.record import RuleSet

CATALOGUE = "catalogue"  # the rule of a tag for an exact name of the catalogue


@functools.cache
def actor_rules() -> RuleSet:
    """The rules of the kind ``actors``."""
    return load_rules("actors")


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
