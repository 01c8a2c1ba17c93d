"""One spaCy pipeline over the texts and lead-ins of provisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from osce_commitments.labels import Field, Role, TagKind
from osce_commitments.schema import TaggedProvision
from osce_commitments.tag.component import Context, is_inside
from osce_commitments.tag.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

    from osce_commitments.schema import Provision, Tag
    from osce_commitments.tag.action import Actions

TAGGER_VERSION = "1"

_NAMES = frozenset({TagKind.INSTRUMENT, TagKind.ADDRESSEE})
_PART_OF = {
    TagKind.ACTOR: _NAMES,
    TagKind.STATE: _NAMES,
    TagKind.DATE: frozenset({TagKind.INSTRUMENT}),
    TagKind.PERIODICITY: frozenset({TagKind.EVENT}),
}


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
    """Drop what is part of a longer name: dates in citations, actors that are addressed, "annual" in an event."""
    holders = {kind: [tag for tag in tags if tag.kind in others] for kind, others in _PART_OF.items()}
    return [tag for tag in tags if not is_inside(tag, holders.get(tag.kind, ()))]


def _compose(provision: Provision, found: _Found, stem: tuple[Tag, ...]) -> TaggedProvision:
    """An item that names its own addressee does not take the lead-in's."""
    if any(tag.kind == TagKind.ADDRESSEE for tag in found.tags):
        stem = tuple(tag for tag in stem if tag.kind != TagKind.ADDRESSEE)
    own = [tag for tag in found.tags if not _is_own_designation(provision, tag)]
    tags = sorted((*own, *stem), key=lambda tag: (tag.field, tag.start, -tag.end, tag.kind))
    return TaggedProvision(provision, tuple(tags), found.actions.main, found.actions.polarity, found.actions.voice)


def _is_own_designation(provision: Provision, tag: Tag) -> bool:
    """Whether a title opens with the document's own number ("DECISION No. …"): that is no citation."""
    return provision.role == Role.TITLE and tag.kind == TagKind.INSTRUMENT and tag.start == 0
