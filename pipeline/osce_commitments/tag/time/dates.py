"""The component that tags dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.labels import TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.component import Component, make_tag, text_of
from osce_commitments.texts.dates import find_dates

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Dates(Component):
    """Tags dates."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every date of the text."""
        return [
            make_tag(doc, TagKind.DATE, (found.start, found.end), found.iso, rule=found.rule)
            for found in find_dates(text_of(doc))
        ]
