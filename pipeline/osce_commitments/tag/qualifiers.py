"""Qualifiers: the closed set of words that limit or condition an act."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from osce_commitments.labels import Qualifier, TagKind
from osce_commitments.rules.loader import load_rules
from osce_commitments.rules.record import RuleSet
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Finding, TagInput, tags_of

_JOINED = re.compile(r",? (?:and|or|as well as)\b|,")


def tag_qualifiers(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every qualifier of a text; ref is the label."""
    return tags_of(tag_input, TagKind.QUALIFIER, find_qualifiers(tag_input.text))


@functools.lru_cache(2048)
def find_qualifiers(text: str) -> tuple[Finding, ...]:
    """Return the qualifiers of a plain text.

    Two labels may share words ("consistent with national and international law"). A qualifier inside a longer one is
    dropped ("possible" in "as soon as possible"), unless a conjunction joins it to what follows ("in accordance with
    national law and international obligations").
    """
    findings = [finding for label in Qualifier for finding in _of_label(text, label)]
    return tuple(one for one in findings if not any(_is_part(text, one, other) for other in findings))


def _of_label(text: str, label: Qualifier) -> Iterator[Finding]:
    """Yield what the rules of a label find; of several rules at one place the first in the file."""
    for match in qualifier_rules().any_pattern(label).finditer(text):
        rule = next(rule for rule in qualifier_rules().group(label) if rule.pattern.match(text, match.start()))
        if not rule.is_excluded(text, match.start()):
            span = match.span("span") if match.groupdict().get("span") else match.span()
            yield Finding(*span, str(label), rule=rule.id)


def _is_part(text: str, qualifier: Finding, other: Finding) -> bool:
    is_inside = other.start <= qualifier.start and qualifier.end <= other.end
    if not is_inside or (other.start, other.end) == (qualifier.start, qualifier.end):
        return False
    return other.start != qualifier.start or not _JOINED.match(text, qualifier.end)


@functools.cache
def qualifier_rules() -> RuleSet:
    """The rules of the kind ``qualifiers``: the first part of a name is a label."""
    return load_rules("qualifiers")
