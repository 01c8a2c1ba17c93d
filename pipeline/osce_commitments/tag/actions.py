"""The operative verbs of ``tag.action_heads`` as a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.labels import Field
from osce_commitments.schema import Tag
from osce_commitments.tag.action_heads import Actions, find_actions
from osce_commitments.tag.component import Component, context_of, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc


class ActionFinder(Component):
    """Tags operative verbs and modals and describes the main act on ``doc._.osce_actions``."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """The operative verbs and modals of the Doc's own text."""
        return self._tags(doc, self.actions(doc))

    def actions(self, doc: Doc) -> Actions:
        """Verbs and main act, judged with the lead-in above the text."""
        return find_actions(text_of(doc), context_of(doc).lead_in)

    def __call__(self, doc: Doc) -> Doc:
        """Add the tags to ``doc._.osce_tags`` and describe the main act on ``doc._.osce_actions``."""
        found = self.actions(doc)
        doc._.osce_actions = found
        doc._.osce_tags = [*doc._.osce_tags, *self._tags(doc, found)]
        return doc

    def _tags(self, doc: Doc, found: Actions) -> list[Tag]:
        field = context_of(doc).field
        return [replace(tag, field=field) for tag in found.tags if tag.field == Field.TEXT]
