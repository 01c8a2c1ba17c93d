"""Segmentation: splits a document into its provisions, in order."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from operator import itemgetter

from osce_commitments.ids import paragraph_id, provision_id
from osce_commitments.labels import BlockKind, DocumentType, Field, Role
from osce_commitments.provisions.outline.composer import outline
from osce_commitments.provisions.outline.items import Item
from osce_commitments.provisions.outline.numbered_headings import with_numbered_headings
from osce_commitments.provisions.patterns import in_small, list_rules, role_rules, unmarked
from osce_commitments.provisions.pieces import read_pieces
from osce_commitments.provisions.roles.speakers import Speaker, with_speakers
from osce_commitments.provisions.roles.zones import Zones, genre_of
from osce_commitments.provisions.sentences import sentence_spans
from osce_commitments.schema import MARK_UP, Document, Link, Provision
from osce_commitments.texts.normalise import superscript

_NOBODY = Speaker()
_Span = tuple[int, int]
_JOIN = " \u2013 "
# Stems in each other: 141 documents had three at most. Without a limit, lead-ins grow with the square of the text.
_MOST_STEMS = 20
# Characters; longer than any sentence, and than all stems of a real item together. Every item is read with them.
_LONGEST_STEM = 3000
_LONGEST_LEAD_IN = 6000
_OUTSIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS})
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def segment(document: Document) -> list[Provision]:
    """Return the provisions of a document, sorted by offset; their spans never overlap.

    Header blocks, page furniture and headings give no provisions; headings are the context of the text below them.
    A title gives one provision, however many lines it has; it includes the number of a decision above its subject
    ("DECISION No. …"). The title of an annex or attachment gives one too, and is also a heading.

    A paragraph, with or without a number or a stem above it, gives one provision per sentence. The first sentence of an
    item has the stem as its lead-in; a later one has it only if it needs it, so not if it is a complete sentence with
    its own subject ("They will report every year."). A recital that ends in a comma and a table cell give one provision
    each. A tail, which ends the sentence of the items above it, gives none.

    A stem that only opens its items gives none: it is their lead-in. A stem that also states an act ("Establishes a
    fund and requests the Secretariat to:") is both a provision and the lead-in of its items. The signs of such an act
    are a repeated opener ("… with organizing meetings, and with:"), "and to this end:", or a second verb after a first
    one with its object ("Welcomes the offer of a State, and urges States to:").
    """
    read = read_pieces(document)
    if document.type != DocumentType.JOURNAL:
        read = with_numbered_headings(read)
    genre = genre_of(document, read)
    with_roles = Zones(genre, document.title).assign(read)
    pieces, spoken = with_speakers(document, with_roles)
    writer = _Writer(document, spoken, links=_marked_links(document))
    for item in list(outline(pieces)):
        writer.write(item)
    provisions = [replace(row, sentences=writer.sentences[row.paragraph_id]) for row in writer.provisions]
    return _with_notes_linked(document.text, provisions)


def _marked_links(document: Document) -> list[Link]:
    return [
        replace(link, start=block.start + link.start, end=block.start + link.end)
        for block in document.blocks
        if block.marked is not None
        for link in block.marked.links
    ]


@dataclass(slots=True)
class _Writer:
    """Turns outline items into provisions.

    Attributes:
        headings: Path of headings with their levels, outermost first.
        stems: Spans of each stem and of the stems that it needs itself, outermost first, by the ``id()`` of its item.
        links: Citations that the mark-up gives, with offsets in the document's text.
        sentences: Number of provisions of each paragraph so far, by its id.
    """

    document: Document
    speakers: Mapping[int, Speaker]
    provisions: list[Provision] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    stems: dict[int, tuple[_Span, ...]] = field(default_factory=dict)
    links: Sequence[Link] = ()
    sentences: Counter[str | None] = field(default_factory=Counter)
    is_behind_heading: bool = False
    lead_in: tuple[tuple[_Span, ...], str] = ((), "")

    def write(self, item: Item) -> None:
        if item.piece.kind == BlockKind.HEADING:
            if item.piece.role == Role.TITLE:
                self.provisions.append(self._provision(item, item.piece.start, item.piece.end, ()))
            self._enter(item)
            return
        self.is_behind_heading = False
        stem = self._stem(item)
        above = self.stems[id(stem)] if stem else ()
        if item.is_tail and above:
            self._end_sentence(item)
            return
        spans = [(span, above) for span in self._spans(item)]
        first = 0 if item.piece.continues else 1
        spans[first:] = [
            (span, above if (not list_rules().finds("own_sentence", self._sentence(span))) else ())
            for span, _ in spans[first:]
        ]
        if item.is_stem and len(words := unmarked(self._sentence(spans[-1][0]))) <= _LONGEST_STEM:
            span, outer = spans[-1]
            stems = (*outer, span)[-_MOST_STEMS:]
            while sum(end - start for start, end in stems) > _LONGEST_LEAD_IN:
                stems = stems[1:]
            self.stems[id(item)] = stems
            is_mere = item.piece.is_subject or not list_rules().finds("own_act", words)
            if not item.is_complete and is_mere:
                spans.pop()
        for (start, end), needed in spans:
            self.provisions.append(self._provision(item, start, end, needed))

    def _stem(self, item: Item) -> Item | None:
        """Return the innermost stem above an item, or the clause that names those who act."""
        found = next((parent for parent in reversed(item.parents) if id(parent) in self.stems), item.subject)
        return found if id(found) in self.stems else None

    def _sentence(self, span: _Span) -> str:
        """Return a sentence in one line, with verbs in capitals in lower case."""
        return in_small(" ".join(self.document.text[slice(*span)].split()))

    def _end_sentence(self, tail: Item) -> None:
        """Add the tail to every provision below the stem whose sentence it ends."""
        stem = self._stem(tail)
        if stem is None:
            return
        opening, span = self.stems[id(stem)][-1], (tail.piece.start, tail.piece.end)
        for index in reversed(range(len(self.provisions))):
            provision = self.provisions[index]
            if provision.start < opening[0] or len(provision.tail_spans) >= _MOST_STEMS:
                break
            if opening in provision.lead_in_spans:
                spans = (*provision.tail_spans, span)
                words = " ".join(self.document.text[a:b] for a, b in spans)
                self.provisions[index] = replace(provision, tail=words, tail_spans=spans)

    def _enter(self, item: Item) -> None:
        level, words = item.piece.heading_level, " ".join(item.written.split())
        above = self.headings[-1] if self.is_behind_heading else (0, "")
        is_line = list_rules().finds("heading.divided", f"{above[1]}\n{words}") and above[0] == level
        heading = above[1]
        roles = role_rules()
        is_number = list_rules().finds("heading.designator", heading)
        is_joined = is_number or any(roles.finds(marker, heading) for marker in ("annex", "attachment"))
        if is_line or is_joined:
            level, outer = self.headings.pop()
            words = f"{outer} {words}" if is_line else f"{outer.rstrip('.:')}{_JOIN}{words}"
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, words))
        self.is_behind_heading = not is_joined

    def _spans(self, item: Item) -> list[_Span]:
        piece = item.piece
        if piece.kind == BlockKind.CONTENTS:
            leaders = list_rules().pattern("contents_leaders").search(item.written)
            return [(piece.start, piece.start + leaders.start() if leaders else piece.end)]
        is_recital = piece.role == Role.PREAMBLE and not item.written.endswith(".") and not item.is_stem
        if piece.is_frame or piece.is_cell or is_recital or piece.role == Role.TITLE or piece.kind in _OUTSIDE:
            return [(piece.start, piece.end)]
        return [(piece.start + a, piece.start + b) for a, b in sentence_spans(item.written)]

    def _provision(self, item: Item, start: int, end: int, lead_in_spans: tuple[_Span, ...]) -> Provision:
        document, is_note = self.document, item.piece.kind == BlockKind.FOOTNOTE
        mark, length = read_mark(document.text[start:end]) if is_note else ("", 0)
        start += length
        piece = item.paragraph.piece
        paragraph = paragraph_id(document.id, piece.start, piece.printed)
        self.sentences[paragraph] += 1
        voice = _NOBODY if is_note else self.speakers.get(item.piece.part, _NOBODY)
        text = document.text[start:end]
        return Provision(
            id=provision_id(document.id, start, end, text),
            document=document.id,
            index=len(self.provisions),
            start=start,
            end=end,
            text=text,
            role=item.piece.role,
            title=document.title,
            heading=tuple([words for _, words in self.headings]),
            number=item.number,
            paragraph_id=paragraph,
            sentence=self.sentences[paragraph],
            lead_in=self._lead_in(lead_in_spans),
            lead_in_spans=lead_in_spans,
            page=document.page_at(start),
            date=document.date,
            symbol=document.symbol,
            body=document.body,
            note_mark=mark,
            delegation=voice.delegation,
            about=voice.about,
            role_rule=item.piece.role_rule,
            lead_in_rule=self._lead_in_rule(item) if lead_in_spans else "",
            links=self._links(start, end, lead_in_spans),
        )

    def _lead_in(self, spans: tuple[_Span, ...]) -> str:
        """Return the words of stems; items share one string, as it may be long and they may be many."""
        if spans != self.lead_in[0]:
            self.lead_in = spans, " ".join(self.document.text[a:b] for a, b in spans)
        return self.lead_in[1]

    def _links(self, start: int, end: int, lead_in_spans: tuple[_Span, ...]) -> tuple[Link, ...]:
        """Return the citations that the mark-up gives in a provision and its lead-in."""
        if not self.links:
            return ()
        links = [replace(link, start=link.start - start, end=link.end - start) for link in self._between(start, end)]
        offset = 0
        for a, b in lead_in_spans:
            inside = self._between(a, b)
            moved = offset - a
            links += [Link(one.start + moved, one.end + moved, one.ref, Field.LEAD_IN) for one in inside]
            offset += b - a + 1
        return tuple(links)

    def _between(self, start: int, end: int) -> list[Link]:
        first = bisect_left(self.links, start, key=lambda link: link.start)
        links = map(self.links.__getitem__, range(first, len(self.links)))
        return [link for link in takewhile(lambda link: link.start < end, links) if link.end <= end]

    def _lead_in_rule(self, item: Item) -> str:
        """Return the id of the rule by which the innermost stem opens its items; empty without a stem."""
        stem = self._stem(item)
        if stem is None or stem.items_by == MARK_UP:
            return MARK_UP if stem else ""
        return list_rules()[stem.items_by].id


def read_mark(written: str) -> tuple[str, int]:
    """Return the mark of a footnote as plain text and the offset of the words after it; "" and 0 if it has no mark."""
    match = list_rules().pattern("note_mark").match(written)
    return (match[match.lastgroup or 0].translate(_LEVEL), match.end()) if match else ("", 0)


def _with_notes_linked(text: str, provisions: Sequence[Provision]) -> list[Provision]:
    """Return the provisions with every footnote linked to the provision that contains its mark."""
    places = functools.cache(lambda form: [match.start() for match in form.finditer(text)])
    holders = _Holders(provisions)
    found = list(provisions)
    for index, provision in enumerate(found):
        place = _place_of_mark(places, provision.note_mark, provision.start) if provision.note_mark else None
        if place is not None:
            found[index] = replace(provision, note_of=holders.at(place))
    return found


def _place_of_mark(places: Callable[[re.Pattern[str]], Sequence[int]], mark: str, note: int) -> int | None:
    """Return the offset of a footnote's mark in the text: the last before the footnote, else the first after it.

    Args:
        places: Gives the offsets at which a printed form is in the text, in order.
        mark: The mark as returned by :func:`read_mark`.
        note: Where the footnote starts.
    """
    for form in _forms(mark):
        found = places(form)
        if before := bisect_right(found, note - 1):
            return found[before - 1]
        # The mark at the start of the footnote itself does not count.
        behind = bisect_right(found, note + len(mark) + 2)
        if behind < len(found):
            return found[behind]
    return None


@functools.cache  # a mark has at most three digits
def _forms(mark: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns for a printed mark, the surest first: raised, in brackets, with a slash, attached to a word."""
    escape = re.escape(mark)
    # Each opens with the mark, which Python looks for fast; what must be before it is asked after that.
    if not mark.isdecimal():
        return (re.compile(rf"\[{escape}\](?<=\S\[{escape}\])|{escape}(?!\*)(?<=[^\s*]{escape})"),)
    raised = superscript(mark)
    return (
        re.compile(rf"{raised}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])(?<![\s⁰¹²³⁴⁵⁶⁷⁸⁹]{raised})"),
        re.compile(rf"\[{escape}\](?<=[^\s\[]\[{escape}\])"),
        re.compile(rf"{escape}/(?=\s)(?:(?<=\S {escape}/)|(?<=[^\s\d]{escape}/))"),
        re.compile(rf"{escape}(?!\w)(?:(?<=[a-z]{{3}}{escape})|(?<=[a-z]{{3}}[.,;)”]{escape}))"),
    )


class _Holders:
    """Finds the provision that contains an offset of the text, else the first whose stem or tail does."""

    def __init__(self, provisions: Sequence[Provision]) -> None:
        own = {(provision.start, provision.end): provision.id for provision in provisions if not provision.note_mark}
        others: dict[tuple[int, int], str] = {}
        for provision in provisions:
            for span in (*provision.lead_in_spans, *provision.tail_spans):
                others.setdefault(span, provision.id)
        self._spans = [(sorted(ids), ids) for ids in (own, others)]

    def at(self, place: int) -> str:
        """Return the id of the provision; empty if there is none."""
        for spans, ids in self._spans:
            behind = bisect_right(spans, place, key=itemgetter(0))
            # The spans are apart, but one may end where the next begins.
            for span in spans[max(0, behind - 2) : behind]:
                if place <= span[1]:
                    return ids[span]
        return ""
