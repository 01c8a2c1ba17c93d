"""The rules on layout and on the facts that a document states."""

from __future__ import annotations

import functools

from osce_commitments.rules import RuleSet, load_rules


@functools.cache
def layout_rules() -> RuleSet:
    """Rules that decide what a line or a paragraph is."""
    return load_rules("layout")


@functools.cache
def fact_rules() -> RuleSet:
    """Rules that find symbol, body, type, place and title of an instrument."""
    return load_rules("facts")
