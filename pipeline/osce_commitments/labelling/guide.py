"""The rules and labels of the annotation guide, as choices and as a page of help."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Boundary, Role
from osce_commitments.resources import load_yaml


@functools.cache
def guide_rules() -> dict[str, str]:
    """Rules of the annotation guide by id, each in one line."""
    return dict(load_yaml("guide_rules"))


def guide_lines() -> Iterator[tuple[str, str, str]]:
    """What a person needs next to the rows: kind of choice, choice, meaning."""
    for level, strength in enumerate(STRENGTHS):
        yield "strength", strength.value, f"{level}: {strength.definition}"
    for area in THREAT_AREAS:
        yield "area", area.value, area.definition
    yield "area", "none", "the act is about no threat"
    for role in Role:
        yield "role", role.value, role.definition
    for boundary in Boundary:
        yield "boundary", boundary.value, boundary.definition
    for name, text in guide_rules().items():
        yield "rule", name, text
