"""The tags of provisions: their texts and lead-ins go through the spaCy pipeline in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from osce_commitments.ids import DocumentId
from osce_commitments.labels import Field, Role, TagKind, Why, note_text
from osce_commitments.schema import Link, Provision, Tag, TaggedProvision
from osce_commitments.tag.actors.addressees import subjects_of_items
from osce_commitments.tag.actors.known_actors import charged_names, passed_on
from osce_commitments.tag.citations.anaphora import keep_last
from osce_commitments.tag.citations.short_forms import keep_cited, keep_title
from osce_commitments.tag.memory import Memory
from osce_commitments.tag.tag_input import Actions, Context
from osce_commitments.texts.normalise import latin, plain, without_note_marks

if TYPE_CHECKING:
    from spacy.tokens import Doc

_Place = TypeVar("_Place", Tag, Link)
# The longest provision of 11,000 real ones has 2,428 characters, the longest lead-in 3,180. The time that a text takes grows
# with the square of its length.
_LONGEST_TEXT = 3500
_PART = 1000
_LETTERS = re.compile(r"\w.*?\w", re.DOTALL)  # no tag has fewer
# Citations with unreadable characters that can still be identified.
_ODD = "[\ufffd\ue000-\uf8ff\u25a0\u25a1\u0000-\u0008\u000e-\u001f]"
_HAS_ODD = re.compile(_ODD)
_MIXED = re.compile(r"(?<!\w)[^\W\u0370-\u04ff]*+[\u0370-\u04ff]\w*+")
_ODD_WORD = re.compile(rf"(?<!\w)\w*+{_ODD}\w*+")
_IN_NUMBERS = [
    (re.compile(rf"\b([Nn]os?){_ODD}"), r"\1."),
    (
        re.compile(rf"((?:\b[Nn]os?\.? ?|ecisions? |esolutions? |(?:DEC|DOC|RES)/)\d{{1,4}}){_ODD}(?=\d{{2,4}}\b)"),
        r"\1/",
    ),
    (re.compile(rf"\b(MC|PC|FSC|SUM){_ODD}(?=DEC|DOC)"), r"\1."),
    (re.compile(rf"(DEC|DOC|RES){_ODD}(?=\d)"), r"\1/"),
    (re.compile(rf"(\b\d{{3,4}} ?){_ODD}(?=(?:19|20)\d\d\))"), r"\1("),
    (re.compile(rf"(\((?:19|20)\d\d){_ODD}"), r"\1)"),
]
_MISREAD = re.compile(
    r"(?<=\d \()[12][\dOolI]{3}(?=\))|(?<=\d/)[\dOolI]{2}\b(?<=\d.|.\d)|(?<=\b[Nn]o\. )[OlI]?\d(?=/\d)"
)
_AS_DIGITS = str.maketrans("OolI", "0011")
_CITING_WORDS = (
    "Decision Decisions Declaration Declarations Resolution Resolutions Convention Conventions Protocol Statement Document"
    " Ministerial Permanent Council Security General Assembly Action Plan Charter Framework Strategy Concept"
)


@dataclass(frozen=True, slots=True)
class _TextTags:
    tags: tuple[Tag, ...]
    actions: Actions


@dataclass(frozen=True, slots=True)
class _Stem:
    """The tags of a lead-in that its items take, the actors that it gives a task, and those who are the subject of its items."""

    tags: tuple[Tag, ...] = ()
    charged: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A document as far as it has been read."""

    document: DocumentId | None
    memory: Memory = field(default_factory=Memory)
    stems: dict[tuple[str, Role], _Stem] = field(default_factory=dict)


class Tagger:
    """Tags provisions with a spaCy pipeline.

    Args:
        kinds: Wanted kinds of tags; own components that cannot find any of them are left out.
        config: spaCy configuration of the pipeline; by default the package's own.

    Raises:
        ConfigError: If the configuration cannot be used.
    """

    def __init__(self, kinds: Collection[TagKind] = frozenset(TagKind), config: Path | None = None) -> None:
        # spaCy takes half a second to import, which only commands that tag pay.
        from osce_commitments.tag.components import STEPS, load_pipeline, make_doc, read_doc

        unwanted = [name for name, (_, found_kinds) in STEPS.items() if not found_kinds.intersection(kinds)]
        self.nlp = load_pipeline(config, exclude=unwanted)
        self._make_doc, self._read_doc = make_doc, read_doc
        self._cites = TagKind.INSTRUMENT in kinds

    def tag(self, provisions: Sequence[Provision]) -> list[TaggedProvision]:
        """Tag each provision's text and lead-in; a lead-in that items share is read once.

        Args:
            provisions: Those of one document together and in order, because "it" and "that date" refer back.
        """
        tagged: list[TaggedProvision] = []
        # In batches of one: what a text says of "it" must be known before the next one is read.
        deque(self.nlp.pipe(self._docs(provisions, tagged), batch_size=1), maxlen=0)
        return tagged

    def _docs(self, provisions: Sequence[Provision], tagged: list[TaggedProvision]) -> Iterator[Doc]:
        """Yield lead-ins and texts in reading order; each has been tagged when the next one is drawn."""
        reading = _Reading(None)
        for provision in provisions:
            if provision.document != reading.document:
                reading = _Reading(provision.document)
            stem = yield from self._stem(provision, reading)
            context = _context(provision, reading.memory, stem)
            own = yield from self._tags(provision.text, context, is_whole=not provision.lead_in)
            if self._cites and provision.role == Role.TITLE:
                keep_title(reading.memory.short, plain(provision.text), own.tags)
            tagged.append(_compose(provision, own, stem.tags))

    def _stem(self, provision: Provision, reading: _Reading) -> Generator[Doc, None, _Stem]:
        """Return what a provision's lead-in gives; an outer stem is read before the inner one."""
        if not provision.lead_in:
            return _Stem()
        key = (provision.lead_in, provision.role)
        if key not in reading.stems:
            links = tuple(link for link in provision.links if link.field == Field.LEAD_IN)
            context = replace(_context(provision, reading.memory), field=Field.LEAD_IN, lead_in="", links=links)
            every = (yield from self._tags(provision.lead_in, context, is_whole=False)).tags
            tags, stem = passed_on(every), plain(provision.lead_in)
            charged = tuple(charged_names(stem, tags))
            reading.stems[key] = _Stem(tuple(tags), charged, subjects_of_items(stem, every, context))
        return reading.stems[key]

    def _tags(self, text: str, context: Context, *, is_whole: bool) -> Generator[Doc, None, _TextTags]:
        """Yield the Docs of a text, part by part, and return its tags; the memory takes up each part."""
        tags: list[Tag] = []
        actions = Actions()
        for start, end in _parts(text):
            part = text[start:end]
            words, places = without_note_marks(_repaired(plain(part)))
            part_tags: Sequence[Tag] = ()
            if _LETTERS.search(words):
                links = [_moved(link, -start) for link in context.links if start <= link.start < end]
                known = replace(context, links=_at_places(links, places)) if links else context
                doc = self._make_doc(self.nlp, words, known)
                yield doc
                state = self._read_doc(doc)
                spans = [(tag, places[tag.start], places[tag.end - 1] + 1) for tag in state.tags if words != part]
                moved = [replace(tag, start=first, end=last, text=part[first:last]) for tag, first, last in spans]
                part_tags = state.tags if words == part else moved
                actions = actions if actions.main else state.actions or actions
            self._keep(context.memory, part, part_tags, is_whole=is_whole)
            tags += (_moved(tag, start) for tag in part_tags)
        return _TextTags(tuple(tags), actions)

    def _keep(self, memory: Memory, text: str, tags: Sequence[Tag], *, is_whole: bool) -> None:
        """Record what a provision or stem names and cites."""
        words = plain(text)
        memory.keep(words, tags, is_whole=is_whole)
        if self._cites:
            keep_cited(memory.short, words, tags)
            cited = [tag for tag in tags if tag.kind == TagKind.INSTRUMENT]
            keep_last(memory.last, memory.names_cited, words, cited)


def load_tagger(config: Path | None = None) -> Tagger:
    """Return a tagger for all kinds of tags; it loads names and patterns when a text first needs them."""
    return Tagger(config=config)


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


def _moved(place: _Place, by: int) -> _Place:
    return replace(place, start=place.start + by, end=place.end + by) if by else place


def _context(provision: Provision, memory: Memory, stem: _Stem | None = None) -> Context:
    stem = stem or _Stem()
    return Context(
        charged=stem.charged,
        subjects=stem.subjects,
        date=provision.date,
        lead_in=provision.lead_in,
        role=provision.role,
        symbol=provision.symbol,
        body=provision.body,
        links=tuple(link for link in provision.links if link.field == Field.TEXT),
        title=provision.title,
        memory=memory,
    )


def _at_places(links: Iterable[Link], places: Sequence[int]) -> tuple[Link, ...]:
    """Links of a text with their offsets in the text without its invisible characters."""
    spans = [(link, bisect_left(places, link.start), bisect_left(places, link.end)) for link in links]
    return tuple(replace(link, start=start, end=end) for link, start, end in spans)


def _compose(provision: Provision, own: _TextTags, stem: tuple[Tag, ...]) -> TaggedProvision:
    """An item that names its own addressee does not take the lead-in's."""
    if any(tag.kind == TagKind.ADDRESSEE and tag.note != note_text(Why.NO_ACT) for tag in own.tags):
        stem = tuple(tag for tag in stem if tag.kind != TagKind.ADDRESSEE)
    cited = [
        tag
        for tag in own.tags
        if not (provision.role == Role.TITLE and tag.kind == TagKind.INSTRUMENT and tag.start == 0)
    ]
    tags = sorted((*cited, *stem), key=lambda tag: (tag.field, tag.start, -tag.end, tag.kind))
    return TaggedProvision(provision, tuple(tags), own.actions.main, own.actions.polarity, own.actions.voice)


def _repaired(text: str) -> str:
    """Return the text, of the same length, with unreadable characters in numbers and words of citations restored."""
    if text.isascii():
        return _MISREAD.sub(lambda match: match.group().translate(_AS_DIGITS), text)
    # Letters of another script that look like Latin ones stand in for them.
    text = _MIXED.sub(lambda word: latin(word[0]) if re.search("[A-Za-z]", word[0]) else word[0], text)
    if _HAS_ODD.search(text):
        for form, instead in _IN_NUMBERS:
            text = form.sub(instead, text)
        text = _ODD_WORD.sub(_known_word, text)
    return _MISREAD.sub(lambda match: match.group().translate(_AS_DIGITS), text)


def _known_word(odd: re.Match[str]) -> str:
    """Return the only word of citations that fits a word with an unreadable letter; a space between two words."""
    words = [word for name in _CITING_WORDS.split() for word in (name, name.lower())]
    shape = re.compile(_HAS_ODD.sub(".", odd.group()))
    fitting = [word for word in words if shape.fullmatch(word)]
    if len(fitting) == 1:
        return fitting[0]
    left, _, right = _HAS_ODD.sub(" ", odd.group()).partition(" ")
    return f"{left} {right}" if left in words and right else odd.group()
