"""One spaCy pipeline over the texts and lead-ins of provisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from osce_commitments.labels import Field, TagKind
from osce_commitments.schema import TaggedProvision
from osce_commitments.tag.component import Context, is_inside
from osce_commitments.tag.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

    from osce_commitments.schema import Provision, Tag
    from osce_commitments.tag.action import Actions

TAGGER_VERSION = "1"

_NAMED = frozenset({TagKind.ACTOR, TagKind.STATE})


@dataclass(frozen=True, slots=True)
class _Found:
    tags: tuple[Tag, ...]
    actions: Actions


class Tagger:
    """Tags provisions.

    Args:
        nlp: Pipeline with the components of ``tag.factories``.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def tag(self, provisions: Sequence[Provision]) -> list[TaggedProvision]:
        """Tag each provision's text and lead-in, in order; a lead-in that items share is read once."""
        stems: dict[tuple[str, object], tuple[Tag, ...]] = {}
        tagged = []
        for provision in provisions:
            key = (provision.lead_in, provision.date)
            if key not in stems:
                context = Context(Field.LEAD_IN, provision.date)
                stems[key] = self._read(provision.lead_in, context).tags if provision.lead_in else ()
            found = self._read(provision.text, Context(Field.TEXT, provision.date, provision.lead_in))
            tagged.append(_compose(provision, found, stems[key]))
        return tagged

    def _read(self, text: str, context: Context) -> _Found:
        doc = self._nlp.make_doc(plain(text))
        doc._.osce_context = replace(context, text=plain(text))
        doc = self._nlp(doc)
        tags = (replace(tag, text=text[tag.start : tag.end]) for tag in _disjoint(doc._.osce_tags))
        return _Found(tuple(tags), doc._.osce_actions)


def load_tagger() -> Tagger:
    """The tagger with its pipeline, loaded once by the caller: it costs seconds."""
    import spacy

    from osce_commitments.tag.factories import COMPONENTS

    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return Tagger(nlp)


def _disjoint(tags: Sequence[Tag]) -> list[Tag]:
    """Drop dates and actors inside a citation, and actors that are addressed."""
    instruments = [tag for tag in tags if tag.kind == TagKind.INSTRUMENT]
    addressees = [tag for tag in tags if tag.kind == TagKind.ADDRESSEE]
    kept = []
    for tag in tags:
        if tag.kind in _NAMED and (is_inside(tag, instruments) or is_inside(tag, addressees)):
            continue
        if tag.kind == TagKind.DATE and is_inside(tag, instruments):
            continue
        kept.append(tag)
    return kept


def _compose(provision: Provision, found: _Found, stem: tuple[Tag, ...]) -> TaggedProvision:
    """An item that names its own addressee does not take the lead-in's."""
    if any(tag.kind == TagKind.ADDRESSEE for tag in found.tags):
        stem = tuple(tag for tag in stem if tag.kind != TagKind.ADDRESSEE)
    tags = sorted((*found.tags, *stem), key=lambda tag: (tag.field, tag.start, -tag.end, tag.kind))
    return TaggedProvision(provision, tuple(tags), found.actions.main, found.actions.polarity, found.actions.voice)
