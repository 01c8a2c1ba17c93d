"""Tag the operative verbs and modals of a provision and describe its main act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from osce_commitments.grammar import Form, Head, Position, find_heads, governing
from osce_commitments.labels import Field, TagKind, Why, note_text
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Actions, TagInput

_CLAUSES = {Position.CONTENT: Why.CONTENT_CLAUSE, Position.SUBORDINATE: Why.SUBORDINATE_CLAUSE}


def find_actions(text: str, lead_in: str = "") -> Actions:
    """Find the operative verbs and modals of a provision.

    The main act is the strongest head in a main clause of the text. A sub-item without one takes the nearest head of
    its lead-in.

    Args:
        text: The provision's text.
        lead_in: The stems above it, composed; empty without any.
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
    return Tag(TagKind.ACTION, field, head.start, head.end, words, head.lemma, note_text(why), rule=head.rule, why=why)


def tag_actions(tag_input: TagInput) -> Sequence[Tag]:
    """Tag the operative verbs and modals of a text, read with its lead-in; the main act is kept in ``actions``."""
    tag_input.actions = find_actions(tag_input.text, tag_input.context.lead_in)
    field = tag_input.context.field
    return [replace(tag, field=field) for tag in tag_input.actions.tags if tag.field == Field.TEXT]
