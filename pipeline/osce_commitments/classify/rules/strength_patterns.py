"""The named patterns and groups of lemmas of ``resources/strength_rules.yaml``."""

from __future__ import annotations

import functools
import re

from osce_commitments.resources import load_yaml


@functools.cache
def strength_pattern(name: str) -> re.Pattern[str]:
    """The pattern called ``name``."""
    return re.compile(load_yaml("strength_rules")["patterns"][name]["pattern"])


def has_strength_pattern(name: str, text: str) -> bool:
    """Whether the named pattern is found in ``text``."""
    return strength_pattern(name).search(text) is not None


@functools.cache
def strength_lemmas(group: str) -> frozenset[str]:
    """The lemmas that a rule treats alike."""
    return frozenset(load_yaml("strength_rules")["lemmas"][group])
