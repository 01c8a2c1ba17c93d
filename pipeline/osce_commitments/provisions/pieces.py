"""Pieces: the blocks of a document, cut where the layout or the print glued paragraphs together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from osce_commitments.labels import BlockKind, Role
from osce_commitments.provisions.markers import read_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from osce_commitments.provisions.markers import Label
    from osce_commitments.schema import Document

_SILENT = frozenset({BlockKind.HEADER, BlockKind.FURNITURE})
_GLUED_NUMBER = re.compile(r"[.;:,)”\"]\s+(?=(?P<number>\d{1,3})\.\s+[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document that is judged as one: a paragraph or a part of one.

    Attributes:
        start, end: Offsets in the document's text, without the label and white space at the ends.
        label: Label of a list item, already outside of ``start``.
        role: What part of the document it belongs to.
        is_frame: It only frames others: the enacting line, "have agreed as follows:", a closing note.
        is_aside: It interrupts the text without ending a list: a footnote, a table cell.
        is_inline: It is an item of a list inside a paragraph.
        continues: It goes on with the paragraph before it, behind a list inside that paragraph.
        heading_level: Depth of a heading from 1; 0 for the marker of an annex, which stands above them all.
        number: Number in its own words ("Action 7"), where it is no list label.
    """

    kind: BlockKind
    start: int
    end: int
    indent: float = 0.0
    label: Label | None = None
    role: Role = Role.OPERATIVE
    is_frame: bool = False
    is_aside: bool = False
    is_inline: bool = False
    continues: bool = False
    heading_level: int = 0
    number: str = ""


def read_pieces(document: Document, *, is_treaty: bool = False) -> list[Piece]:
    """The pieces of a document's blocks, labels split off; header blocks and page furniture give none."""
    pieces: list[Piece] = []
    last_number = 0
    waiting: Label | None = None
    for block in document.blocks:
        if block.kind in _SILENT:
            continue
        start, end = _trimmed(document.text, block.start, block.end)
        if start == end:
            continue
        piece = Piece(block.kind, start, end, block.indent, heading_level=block.level)
        above = pieces[-1] if pieces else None
        if above and above.kind == block.kind == BlockKind.TITLE and not document.text[above.end : start].strip():
            pieces[-1] = replace(above, end=end)
            continue
        if block.kind != BlockKind.PARAGRAPH:
            is_cell = block.kind == BlockKind.TABLE
            pieces.append(_labelled(document.text, piece, is_treaty=False) if is_cell else piece)
            continue
        for part in _at_glued_numbers(document.text, piece, last_number):
            labelled = _labelled(document.text, part, is_treaty=is_treaty)
            if labelled.label is None and waiting is not None:
                labelled = replace(labelled, label=waiting)
            waiting = _lone_label(document.text, part)
            if waiting is None:
                pieces.append(labelled)
                last_number = _number(labelled) or last_number
    return pieces


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    written = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(written)


def cut(text: str, piece: Piece, at: int) -> tuple[Piece, Piece]:
    """Two pieces of one, parted at an offset of the document; the second has no label."""
    first_start, first_end = _trimmed(text, piece.start, at)
    second_start, second_end = _trimmed(text, at, piece.end)
    first = replace(piece, start=first_start, end=first_end)
    return first, replace(piece, start=second_start, end=second_end, label=None)


def _at_glued_numbers(text: str, piece: Piece, last_number: int) -> Iterator[Piece]:
    own = read_label(text[piece.start : piece.end])
    count = int(own.number) if own and own.number.isdecimal() else last_number
    position = piece.start
    while match := _GLUED_NUMBER.search(text, position, piece.end):
        position = match.end()
        if int(match["number"]) == count + 1 and count:
            first, piece = cut(text, piece, match.end())
            count += 1
            yield first
    yield piece


def _labelled(text: str, piece: Piece, *, is_treaty: bool) -> Piece:
    label = read_label(text[piece.start : piece.end], is_treaty=is_treaty)
    return replace(piece, start=piece.start + label.length, label=label) if label else piece


def _lone_label(text: str, piece: Piece) -> Label | None:
    written = text[piece.start : piece.end]
    label = read_label(f"{written} x")
    return label if label and label.length == len(written) + 1 else None


def _number(piece: Piece) -> int:
    return int(piece.label.number) if piece.label and piece.label.number.isdecimal() else 0
