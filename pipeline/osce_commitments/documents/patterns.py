"""The rules on layout and on the facts about a document."""

from __future__ import annotations

import functools

from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.texts.dates import months_pattern


@functools.cache
def layout_rules() -> RuleSet:
    """Rules that decide the kind of a line or paragraph."""
    return load_rules("layout")


@functools.cache
def fact_rules() -> RuleSet:
    """Rules that find symbol, body, type, place and title of an instrument."""
    return load_rules("facts", {"month": months_pattern()})


def shows(text: str, *groups: str) -> bool:
    """Whether a rule on layout matches in a text, of any of these groups."""
    rules = layout_rules()
    for group in groups:  # noqa: SIM110 - `any` takes longer, and every line is asked dozens of times
        if rules.finds(group, text):
            return True
    return False
