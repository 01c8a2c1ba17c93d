"""The rules on layout and on the facts that a document states."""

from __future__ import annotations

import functools

from osce_commitments.rules import RuleSet, load_rules

_LOOKED_AT = 500


@functools.cache
def layout_rules() -> RuleSet:
    """Rules that decide what a line or a paragraph is."""
    return load_rules("layout")


@functools.cache
def fact_rules() -> RuleSet:
    """Rules that find symbol, body, type, place and title of an instrument."""
    return load_rules("facts")


def is_capitals(text: str) -> bool:
    """Whether a text is set in capitals: at least four letters at its beginning, nine in ten of them upper case."""
    letters = [character for character in text[:_LOOKED_AT] if character.isalpha()]
    upper = sum(character.isupper() for character in letters)
    return len(letters) >= 4 and upper >= 0.9 * len(letters)  # noqa: PLR2004 - stated above
