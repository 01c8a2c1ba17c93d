"""Tag the operative verbs and modals of a provision and describe its main act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from osce_commitments.grammar import Form, Head, Position, find_heads, governing
from osce_commitments.labels import Field, Polarity, TagKind, Voice, Why, note_text
from osce_commitments.schema import Tag
from osce_commitments.tag.component import Component, context_of, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc


_CLAUSES = {Position.CONTENT: Why.CONTENT_CLAUSE, Position.SUBORDINATE: Why.SUBORDINATE_CLAUSE}


@dataclass(frozen=True, slots=True)
class Actions:
    """The operative heads of a provision.

    Attributes:
        tags: Kind ``action``, ref the lemma; note names what keeps a head from governing the provision.
        main: The governing verb phrase as it stands in the text or lead-in; empty if none.
        polarity, voice: Of that phrase.
    """

    tags: tuple[Tag, ...] = ()
    main: str = ""
    polarity: Polarity = Polarity.DO
    voice: Voice = Voice.ACTIVE


def find_actions(text: str, lead_in: str = "") -> Actions:
    """Find the operative verbs and modals of a provision.

    The main act is the strongest head in a main clause of the text; a sub-item without one takes
    the head of its lead-in that stands nearest to it.

    Args:
        text: The provision's text.
        lead_in: The stems above it, composed; empty if none.
    """
    stem = find_heads(lead_in)
    stem_main = [head for head in stem if head.is_main]
    heads = find_heads(text, is_item=bool(stem_main))
    tags = tuple(_tag(text, Field.TEXT, head) for head in heads) + tuple(_tag(lead_in, Field.LEAD_IN, h) for h in stem)
    main, source = governing(heads), text
    if main is None and stem_main:
        main, source = stem_main[-1], lead_in
    if main is None:
        return Actions(tags)
    return Actions(tags, source[main.start : main.phrase_end], main.polarity, main.voice)


def _tag(source: str, field: Field, head: Head) -> Tag:
    why = None if head.is_main else Why.PARTICIPLE if head.form == Form.GERUND else _CLAUSES[head.position]
    words = source[head.start : head.end]
    return Tag(TagKind.ACTION, field, head.start, head.end, words, head.lemma, note_text(why), why=why)


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
