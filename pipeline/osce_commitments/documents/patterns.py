"""Access to the patterns in ``resources/documents_patterns.yaml``."""

from __future__ import annotations

import functools
import re

from osce_commitments.resources import load_yaml


@functools.cache
def layout_pattern(group: str) -> tuple[tuple[re.Pattern[str], object], ...]:
    """Patterns of a group with their values, in order.

    Raises:
        KeyError: If no group has that name.
    """
    entries = load_yaml("documents_patterns").get(group) or load_yaml("documents_metadata")[group]
    return tuple((re.compile(entry["pattern"]), entry.get("value")) for entry in entries)


def find_layout_pattern(group: str, text: str) -> tuple[re.Match[str], object] | None:
    """First match of a group's patterns in a text, with the value of the pattern."""
    for pattern, value in layout_pattern(group):
        match = pattern.search(text)
        if match:
            return match, value
    return None


def has_layout_pattern(group: str, text: str) -> bool:
    """Whether a pattern of the group is found in the text."""
    return any(pattern.search(text) for pattern, _ in layout_pattern(group))
