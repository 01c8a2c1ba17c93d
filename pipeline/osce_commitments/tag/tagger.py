"""The steps that tag the texts and lead-ins of provisions, in their order."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TypeVar

from osce_commitments.ids import DocumentId
from osce_commitments.labels import Field, Role, TagKind, Why, note_text
from osce_commitments.schema import Link, Provision, Tag, TaggedProvision
from osce_commitments.tag.actors.charged import charged_names, passed_on
from osce_commitments.tag.citations.anaphora import keep_last
from osce_commitments.tag.citations.short_forms import keep_cited, keep_title
from osce_commitments.tag.citations.unreadable import repaired
from osce_commitments.tag.memory import Memory
from osce_commitments.tag.tag_input import Actions, Context, TagInput, is_inside
from osce_commitments.texts.normalise import plain, without_note_marks

_Place = TypeVar("_Place", Tag, Link)
# The longest provision of 11,000 real ones has 2,428 characters, the longest lead-in 3,180. The time that a text takes grows
# with the square of its length.
_LONGEST_TEXT = 3500
_PART = 1000
_LETTERS = re.compile(r"\w.*?\w", re.DOTALL)  # no tag has fewer
_NAMES = frozenset({TagKind.INSTRUMENT, TagKind.ADDRESSEE})
_PART_OF = {
    TagKind.ACTOR: _NAMES,
    TagKind.STATE: _NAMES,
    TagKind.DATE: frozenset({TagKind.INSTRUMENT}),
    TagKind.PERIODICITY: frozenset({TagKind.EVENT}),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the tagger, imported when a text first needs it.

    Attributes:
        path: Function that gives the tags of a text: "module:function" below this package.
        kinds: What it can find.
    """

    path: str
    kinds: frozenset[TagKind]

    def __call__(self, given: TagInput) -> Sequence[Tag]:
        """Return the tags that it adds to those of earlier steps."""
        found: Sequence[Tag] = _function(self.path)(given)
        return found


@functools.cache
def _function(path: str) -> Callable[[TagInput], Sequence[Tag]]:
    module, _, name = path.partition(":")
    function: Callable[[TagInput], Sequence[Tag]] = getattr(import_module(f"{__package__}.{module}"), name)
    return function


# By their names in spaCy. The order matters: each step reads the tags of those before it.
STEPS: Mapping[str, Step] = {
    "osce_dates": Step("time.dates:tag_dates", frozenset({TagKind.DATE})),
    "osce_instruments": Step("citations.instruments:tag_instruments", frozenset({TagKind.INSTRUMENT})),
    "osce_events": Step("events:tag_events", frozenset({TagKind.EVENT})),
    "osce_actors": Step("actors.known_actors:tag_actors", frozenset({TagKind.ACTOR, TagKind.STATE})),
    "osce_actions": Step("actions:tag_actions", frozenset({TagKind.ACTION})),
    "osce_addressees": Step("actors.addressees:tag_addressees", frozenset({TagKind.ADDRESSEE, TagKind.REPORT})),
    "osce_qualifiers": Step("qualifiers:tag_qualifiers", frozenset({TagKind.QUALIFIER})),
    "osce_deadlines": Step("time.deadlines:tag_deadlines", frozenset({TagKind.DEADLINE, TagKind.PERIODICITY})),
}


@dataclass(frozen=True, slots=True)
class _Found:
    tags: tuple[Tag, ...]
    actions: Actions


@dataclass(frozen=True, slots=True)
class _Stem:
    """The tags of a lead-in that its items take, and the names of the actors that it charges."""

    tags: tuple[Tag, ...] = ()
    charged: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """One document as far as it has been read."""

    document: DocumentId | None
    memory: Memory = field(default_factory=Memory)
    stems: dict[tuple[str, Role], _Stem] = field(default_factory=dict)


class Tagger:
    """Tags provisions by the steps of ``STEPS``.

    Args:
        kinds: Wanted kinds of tags; steps that cannot find any of them are skipped.
    """

    def __init__(self, kinds: Iterable[TagKind] = TagKind) -> None:
        wanted = frozenset(kinds)
        self._steps = tuple(step for step in STEPS.values() if step.kinds & wanted)
        self._cites = TagKind.INSTRUMENT in wanted

    def tag(self, provisions: Sequence[Provision]) -> list[TaggedProvision]:
        """Tag each provision's text and lead-in; a lead-in that items share is read once.

        Args:
            provisions: Those of one document together and in order, because "it" and "that date" refer back.
        """
        tagged: list[TaggedProvision] = []
        reading = _Reading(None)
        for provision in provisions:
            if provision.document != reading.document:
                reading = _Reading(provision.document)
            stem = self._stem(provision, reading)
            context = _context(provision, reading.memory, stem.charged)
            found = self._read(provision.text, context, is_whole=not provision.lead_in)
            if self._cites and provision.role == Role.TITLE:
                keep_title(reading.memory.short, plain(provision.text), found.tags)
            tagged.append(_compose(provision, found, stem.tags))
        return tagged

    def _stem(self, provision: Provision, reading: _Reading) -> _Stem:
        """Return what a provision's lead-in gives; an outer stem is read before the inner one."""
        if not provision.lead_in:
            return _Stem()
        key = (provision.lead_in, provision.role)
        if key not in reading.stems:
            links = tuple(link for link in provision.links if link.field == Field.LEAD_IN)
            context = replace(_context(provision, reading.memory), field=Field.LEAD_IN, lead_in="", links=links)
            tags = tuple(passed_on(self._read(provision.lead_in, context, is_whole=False).tags))
            reading.stems[key] = _Stem(tags, tuple(charged_names(provision.lead_in, tags)))
        return reading.stems[key]

    def _keep(self, memory: Memory, text: str, tags: Sequence[Tag], *, is_whole: bool) -> None:
        """Record what a provision or stem names and cites."""
        words = plain(text)
        memory.keep(words, tags, is_whole=is_whole)
        if self._cites:
            keep_cited(memory.short, words, tags)
            cited = [tag for tag in tags if tag.kind == TagKind.INSTRUMENT]
            keep_last(memory.last, memory.names_cited, words, cited)

    def _read(self, text: str, context: Context, *, is_whole: bool) -> _Found:
        """Read a text part by part, and take up what each part says."""
        tags: list[Tag] = []
        actions = Actions()
        for start, end in _parts(text):
            links = tuple(_moved(link, -start) for link in context.links if start <= link.start < end)
            found = self._read_part(
                text[start:end], replace(context, links=links) if links != context.links else context
            )
            self._keep(context.memory, text[start:end], found.tags, is_whole=is_whole)
            tags += (_moved(tag, start) for tag in found.tags)
            actions = actions if actions.main else found.actions
        return _Found(tuple(tags), actions)

    def _read_part(self, text: str, context: Context) -> _Found:
        words, places = without_note_marks(repaired(plain(text)))
        if not _LETTERS.search(words):
            return _Found((), Actions())
        links = tuple(_at_places(context.links, places))
        given = TagInput(words, replace(context, links=links) if links else context)
        for step in self._steps:
            given.tags += step(given)
        tags = _disjoint(given.tags)
        if words != text:
            spans = [(tag, places[tag.start], places[tag.end - 1] + 1) for tag in tags]
            tags = [replace(tag, start=start, end=end, text=text[start:end]) for tag, start, end in spans]
        return _Found(tuple(tags), given.actions or Actions())


def load_tagger() -> Tagger:
    """Return a tagger for all kinds of tags; it loads names and patterns when a text first needs them."""
    return Tagger()


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of a text; one that is longer than any provision of a real document is cut between words."""
    if len(text) <= _LONGEST_TEXT:
        yield 0, len(text)
        return
    start = 0
    while start < len(text):
        gap = text.rfind(" ", start, start + _PART) + 1 if start + _PART < len(text) else 0
        end = gap if gap > start else min(start + _PART, len(text))
        yield start, end
        start = end


def _moved(one: _Place, by: int) -> _Place:
    return replace(one, start=one.start + by, end=one.end + by) if by else one


def _context(provision: Provision, memory: Memory, charged: tuple[str, ...] = ()) -> Context:
    return Context(
        charged=charged,
        date=provision.date,
        lead_in=provision.lead_in,
        role=provision.role,
        symbol=provision.symbol,
        body=provision.body,
        links=tuple(link for link in provision.links if link.field == Field.TEXT),
        title=provision.title,
        memory=memory,
    )


def _at_places(links: Iterable[Link], places: Sequence[int]) -> Iterator[Link]:
    """Yield links of a text with their offsets in the text without its invisible characters."""
    for link in links:
        yield replace(link, start=bisect_left(places, link.start), end=bisect_left(places, link.end))


def _disjoint(tags: Sequence[Tag]) -> list[Tag]:
    """Drop parts of longer tags: dates in citations, actors inside addressees, "annual" in an event."""
    holders = {kind: [tag for tag in tags if tag.kind in others] for kind, others in _PART_OF.items()}
    return [tag for tag in tags if not is_inside(tag, holders.get(tag.kind, ()))]


def _compose(provision: Provision, found: _Found, stem: tuple[Tag, ...]) -> TaggedProvision:
    """An item that names its own addressee does not take the lead-in's."""
    if any(tag.kind == TagKind.ADDRESSEE and tag.note != note_text(Why.NO_ACT) for tag in found.tags):
        stem = tuple(tag for tag in stem if tag.kind != TagKind.ADDRESSEE)
    own = [tag for tag in found.tags if not _is_own_designation(provision, tag)]
    tags = sorted((*own, *stem), key=lambda tag: (tag.field, tag.start, -tag.end, tag.kind))
    return TaggedProvision(provision, tuple(tags), found.actions.main, found.actions.polarity, found.actions.voice)


def _is_own_designation(provision: Provision, tag: Tag) -> bool:
    """Whether a title opens with the document's own number ("DECISION No. …"), which is not a citation."""
    return provision.role == Role.TITLE and tag.kind == TagKind.INSTRUMENT and tag.start == 0
