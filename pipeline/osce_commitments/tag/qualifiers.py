"""Qualifiers: the closed set of words that limit or condition an act."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.labels import Qualifier, TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.rules.record import fill_atoms
from osce_commitments.schema import Tag
from osce_commitments.tag.component import Component, make_tag, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_NEVER = "(?!)"
_JOINED = re.compile(r",? (?:and|or|as well as)\b|,")


@dataclass(frozen=True, slots=True)
class QualifierPattern:
    """One label: its pattern, one of lower-case pieces of which every match holds one, and what rules it out before it."""

    label: Qualifier
    hint: re.Pattern[str]
    pattern: re.Pattern[str]
    unless: re.Pattern[str]


class Qualifiers(Component):
    """Tags qualifiers; ref is the label."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every qualifier."""
        return [make_tag(doc, TagKind.QUALIFIER, span, str(label)) for span, label in find_qualifiers(text_of(doc))]


def find_qualifiers(text: str) -> list[tuple[tuple[int, int], Qualifier]]:
    """Spans and labels in a plain text.

    Two labels may share words ("consistent with national and international law"), but one that lies within
    a longer one is none ("possible" in "as soon as possible"), unless what follows it there is joined to it ("in
    accordance with national law and international obligations").
    """
    found, lower = [], text.lower()
    for entry in load_qualifiers():
        if entry.hint.search(lower):
            matches = entry.pattern.finditer(text)
            found += [(_span(one), entry.label) for one in matches if not entry.unless.search(text, 0, one.start())]
    return [(span, label) for span, label in found if not any(_is_part(text, span, other) for other, _ in found)]


def _span(match: re.Match[str]) -> tuple[int, int]:
    """The words that a pattern means, where it names them by a group, else the whole match."""
    return match.span("span") if match.groupdict().get("span") else match.span()


def _is_part(text: str, span: tuple[int, int], other: tuple[int, int]) -> bool:
    if other == span or not (other[0] <= span[0] and span[1] <= other[1]):
        return False
    return other[0] != span[0] or not _JOINED.match(text, span[1])


@functools.cache
def load_qualifiers() -> tuple[QualifierPattern, ...]:
    """The patterns, compiled once.

    Raises:
        ValueError: If a label of the file is none of the closed set.
    """
    data = load_yaml("qualifiers")
    return tuple(
        QualifierPattern(
            Qualifier(row["label"]),
            re.compile("|".join(map(re.escape, row["hint"]))),
            re.compile(fill_atoms(row["pattern"], data), re.IGNORECASE),
            re.compile(row.get("unless", _NEVER)),
        )
        for row in data["qualifiers"]
    )
