"""One spaCy pipeline over the texts and lead-ins of provisions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from osce_commitments.ids import DocumentId
from osce_commitments.labels import Field, Role, TagKind
from osce_commitments.schema import Provision, Tag, TaggedProvision
from osce_commitments.tag.citations.anaphora import keep_last
from osce_commitments.tag.citations.short_forms import keep_cited, keep_title
from osce_commitments.tag.citations.unreadable import repaired
from osce_commitments.tag.component import Context, is_inside
from osce_commitments.tag.memory import Memory
from osce_commitments.texts.normalise import plain, without_invisible

if TYPE_CHECKING:
    from spacy.language import Language

    from osce_commitments.tag.actions import Actions

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


@dataclass(slots=True)
class _Reading:
    """One document as far as it was read."""

    document: DocumentId | None
    memory: Memory = field(default_factory=Memory)
    stems: dict[tuple[str, Role], tuple[Tag, ...]] = field(default_factory=dict)


class Tagger:
    """Tags provisions.

    Args:
        nlp: Pipeline with the components of ``tag.factories``.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def tag(self, provisions: Sequence[Provision]) -> list[TaggedProvision]:
        """Tag each provision's text and lead-in; a lead-in that items share is read once.

        Args:
            provisions: Those of one document after each other and in its order, since "it" and "that date" refer back.
        """
        tagged: list[TaggedProvision] = []
        reading = _Reading(None)
        for provision in provisions:
            if provision.document != reading.document:
                reading = _Reading(provision.document)
            stem = self._stem(provision, reading)
            charged = tuple(tag.ref for tag in stem if tag.kind == TagKind.ADDRESSEE)
            found = self._read(provision.text, replace(_context(provision, reading.memory), charged=charged))
            _keep(reading.memory, provision.text, found.tags, is_whole=not provision.lead_in)
            if provision.role == Role.TITLE:
                keep_title(reading.memory.short, plain(provision.text))
            tagged.append(_compose(provision, found, stem))
        return tagged

    def _stem(self, provision: Provision, reading: _Reading) -> tuple[Tag, ...]:
        """The tags of a provision's lead-in; what an outer stem says is read before its inner one."""
        if not provision.lead_in:
            return ()
        key = (provision.lead_in, provision.role)
        if key not in reading.stems:
            context = replace(_context(provision, reading.memory), field=Field.LEAD_IN, lead_in="")
            reading.stems[key] = self._read(provision.lead_in, context).tags
            _keep(reading.memory, provision.lead_in, reading.stems[key], is_whole=False)
        return reading.stems[key]

    def _read(self, text: str, context: Context) -> _Found:
        words, places = without_invisible(repaired(plain(text)))
        doc = self._nlp.make_doc(words)
        doc._.osce_context = replace(context, text=words)
        doc = self._nlp(doc)
        tags = [
            replace(tag, start=places[tag.start], end=places[tag.end - 1] + 1) for tag in _disjoint(doc._.osce_tags)
        ]
        tags = [replace(tag, text=text[tag.start : tag.end]) for tag in tags]
        return _Found(tuple(tags), doc._.osce_actions)


def load_tagger(*, for_labels: bool = False) -> Tagger:
    """The tagger with its pipeline, loaded once by the caller: it costs seconds.

    Args:
        for_labels: Find only the tags that classifiers read; it loads faster.
    """
    import spacy

    from osce_commitments.tag.factories import COMPONENTS, LABEL_COMPONENTS

    nlp = spacy.blank("en")
    nlp.max_length = sys.maxsize  # spaCy's bound is for its parser; none is used
    for name in LABEL_COMPONENTS if for_labels else COMPONENTS:
        nlp.add_pipe(name)
    return Tagger(nlp)


def _keep(memory: Memory, text: str, tags: Sequence[Tag], *, is_whole: bool) -> None:
    """Take up what a provision or stem names and cites."""
    memory.keep(plain(text), tags, is_whole=is_whole)
    keep_cited(memory.short, plain(text), tags)
    keep_last(memory.last, memory.names_cited, plain(text), [tag for tag in tags if tag.kind == TagKind.INSTRUMENT])


def _context(provision: Provision, memory: Memory) -> Context:
    return Context(
        date=provision.date,
        lead_in=provision.lead_in,
        role=provision.role,
        symbol=provision.symbol,
        body=provision.body,
        memory=memory,
    )


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
