"""Qualifiers: the closed set of words that limit or condition an act."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.labels import Qualifier, TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.tag.component import Component, make_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from osce_commitments.schema import Tag


@dataclass(frozen=True, slots=True)
class QualifierPattern:
    """One label: its pattern, and lower-case pieces one of which every match holds."""

    label: Qualifier
    hint: tuple[str, ...]
    pattern: re.Pattern[str]


class Qualifiers(Component):
    """Tags qualifiers; ref is the label."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every qualifier."""
        return [make_tag(doc, TagKind.QUALIFIER, span, str(label)) for span, label in find_qualifiers(text_of(doc))]


def find_qualifiers(text: str) -> list[tuple[tuple[int, int], Qualifier]]:
    """Spans and labels in a plain text.

    Two labels may share words ("consistent with national and international law"), but one that lies within
    a longer one is none ("possible" in "as soon as possible").
    """
    found, lower = [], text.lower()
    for entry in load_qualifiers():
        if any(piece in lower for piece in entry.hint):
            group = "span" if "span" in entry.pattern.groupindex else 0
            found += [(match.span(group), entry.label) for match in entry.pattern.finditer(text)]
    return [(span, label) for span, label in found if not any(_is_longer(other, span) for other, _ in found)]


def _is_longer(other: tuple[int, int], span: tuple[int, int]) -> bool:
    return other != span and other[0] <= span[0] and span[1] <= other[1]


@functools.cache
def load_qualifiers() -> tuple[QualifierPattern, ...]:
    """The patterns, compiled once.

    Raises:
        ValueError: If a label of the file is none of the closed set.
    """
    return tuple(
        QualifierPattern(
            Qualifier(row["label"]),
            tuple(row["hint"]),
            re.compile(row["pattern"], re.IGNORECASE),
        )
        for row in load_yaml("qualifiers")["qualifiers"]
    )
