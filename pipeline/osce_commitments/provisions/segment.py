"""Segmentation: one document to its provisions, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from osce_commitments.ids import provision_id
from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.outline import outline
from osce_commitments.provisions.patterns import patterns
from osce_commitments.provisions.pieces import read_pieces
from osce_commitments.provisions.sentences import sentence_spans
from osce_commitments.provisions.zones import Zones
from osce_commitments.schema import Provision

if TYPE_CHECKING:
    from osce_commitments.provisions.outline import Item
    from osce_commitments.schema import Document

SEGMENTER_VERSION = "rules-1"

_Span = tuple[int, int]
_JOIN = " \u2013 "
_OUTSIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_UNDIVIDED = frozenset({Role.PREAMBLE, Role.TITLE})


def segment(document: Document) -> list[Provision]:
    """The provisions of a document, by offset; their own stretches never overlap.

    Header blocks and page furniture give none. Headings give none either, those of annexes and attachments included:
    they are the context of what stands below them. The title gives one provision, however many lines or blocks it is
    printed in; the number of a decision above its subject ("DECISION No. …") is part of it.

    A stem gives none where all it does is open its items: it is their lead-in. Where it also acts itself
    ("Establishes a fund and requests the Secretariat to:"), it is both: the whole sentence is a provision, and the
    lead-in of its items. Whether it does is read off its words: an opener that returns ("… with organizing meetings,
    and with:"), "and to this end:", or a second verb of decision behind a first one with its object. Words of mere
    attitude ("Welcomes …, and urges States to:") are no act.
    """
    is_treaty = document.type == DocumentType.TREATY
    pieces = Zones(document.text, document.type).assign(read_pieces(document, is_treaty=is_treaty))
    writer = _Writer(document)
    for item in list(outline(document.text, pieces)):
        writer.write(item)
    return writer.provisions


@dataclass(slots=True)
class _Writer:
    """Turns outline items into provisions.

    Attributes:
        headings: Path of headings with their levels, outermost first.
        stems: Span of the stem of each item that opens others, by the item's identity.
    """

    document: Document
    provisions: list[Provision] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    stems: dict[int, _Span] = field(default_factory=dict)
    is_behind_heading: bool = False

    def write(self, item: Item) -> None:
        if item.piece.kind == BlockKind.HEADING:
            self._enter(item)
            return
        self.is_behind_heading = False
        spans = self._spans(item)
        if item.is_stem:
            self.stems[id(item)] = spans[-1]
            if not patterns().own_act.match(" ".join(self.document.text[slice(*spans[-1])].split())):
                spans.pop()
        lead_in_spans = tuple(self.stems[id(parent)] for parent in item.parents if id(parent) in self.stems)
        for start, end in spans:
            self.provisions.append(self._provision(item, start, end, lead_in_spans))

    def _enter(self, item: Item) -> None:
        level, words = item.piece.heading_level, " ".join(item.written.split())
        is_joined = self.is_behind_heading and _needs_next(self.headings[-1][1])
        if is_joined:
            level, outer = self.headings.pop()
            words = f"{outer.rstrip('.:')}{_JOIN}{words}"
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, words))
        self.is_behind_heading = not is_joined

    def _spans(self, item: Item) -> list[_Span]:
        start = item.piece.start
        if item.piece.is_frame or item.piece.role in _UNDIVIDED or item.piece.kind in _OUTSIDE:
            return [(start, item.piece.end)]
        return [(start + a, start + b) for a, b in sentence_spans(item.written)]

    def _provision(self, item: Item, start: int, end: int, lead_in_spans: tuple[_Span, ...]) -> Provision:
        document = self.document
        return Provision(
            id=provision_id(document.id, start, end, SEGMENTER_VERSION),
            document=document.id,
            index=len(self.provisions),
            start=start,
            end=end,
            text=document.text[start:end],
            role=item.piece.role,
            title=document.title,
            heading=tuple(words for _, words in self.headings),
            number=item.number,
            lead_in=" ".join(document.text[a:b] for a, b in lead_in_spans),
            lead_in_spans=lead_in_spans,
            page=document.page_at(start),
            date=document.date,
            symbol=document.symbol,
            body=document.body,
        )


def _needs_next(heading: str) -> bool:
    """Whether a heading only numbers the one below it ("Article 5", "Annex to …")."""
    return any(pattern.match(heading) for pattern in (patterns().designator, patterns().annex, patterns().attachment))
