"""The pieces of a document: its blocks, split where paragraphs were run together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from osce_commitments.labels import BlockKind, DocumentType
from osce_commitments.provisions.item_labels import ItemLabel, given_label, read_label
from osce_commitments.provisions.piece import Piece, cut, trimmed
from osce_commitments.provisions.table_rows import read_table
from osce_commitments.schema import Document
from osce_commitments.texts.capitals import is_mostly_capitals

_SKIPPED = frozenset({BlockKind.HEADER, BlockKind.FURNITURE})
_GLUED_NUMBER = re.compile(r"[.;:,)”\"]\s+(?=(?P<number>\d{1,3})\.\s+[A-Z“\"])")


def read_pieces(document: Document, *, is_treaty: bool = False) -> list[Piece]:
    """Return the pieces of a document's blocks with labels split off.

    Headers, page furniture and paragraphs without a letter or digit, like "(…)", are skipped.
    """
    pieces: list[Piece] = []
    last_number = 0
    waiting: ItemLabel | None = None
    for kind, group in groupby(_block_pieces(document), key=lambda piece: piece.kind):
        blocks = list(group)
        if kind == BlockKind.TABLE:
            pieces += [
                cell if cell.number else _labelled(document.text, cell, is_treaty=False)
                for cell in read_table(document.text, blocks)
            ]
            continue
        if kind != BlockKind.PARAGRAPH:
            pieces += _titles(document, blocks) if kind == BlockKind.TITLE else blocks
            continue
        for part in (part for piece in blocks for part in _at_glued_numbers(document.text, piece, last_number)):
            if part.label is not None:
                pieces.append(part)
                continue
            labelled = _labelled(document.text, part, is_treaty=is_treaty)
            if labelled.label is None and waiting is not None:
                labelled = replace(labelled, label=waiting)
            waiting = _lone_label(document.text[part.start : part.end])
            if waiting is None:
                pieces.append(labelled)
                last_number = _number(labelled) or last_number
    return pieces


def _block_pieces(document: Document) -> Iterator[Piece]:
    for block in document.blocks:
        start, end = trimmed(document.text, block.start, block.end)
        is_text = any(map(str.isalnum, document.text[start:end])) or block.kind != BlockKind.PARAGRAPH
        if block.kind not in _SKIPPED and start < end and (is_text or _lone_label(document.text[start:end])):
            is_table = block.kind == BlockKind.TABLE
            column, level = (block.level, 0) if is_table else (0, block.level)
            given = block.marked
            label = given_label(given.number, given.label) if given else None
            start += label.length if label else 0
            yield Piece(block.kind, start, end, block.indent, label, heading_level=level, column=column, marked=given)


def _titles(document: Document, lines: Iterable[Piece]) -> Iterator[Piece]:
    """Join the lines of titles; text that a delegation prints below a title in capitals becomes a separate piece."""
    text, (title, *others) = document.text, lines
    for line in others:
        if line.marked is not None:
            yield title
            title = line
            continue
        is_below = document.type == DocumentType.DELEGATION_STATEMENT and is_mostly_capitals(
            text[title.start : title.end]
        )
        if text[title.end : line.start].strip() or (is_below and not is_mostly_capitals(text[line.start : line.end])):
            yield title
            title = replace(line, kind=BlockKind.PARAGRAPH) if is_below else line
        else:
            title = replace(title, end=line.end)
    yield title


def _at_glued_numbers(text: str, piece: Piece, last_number: int) -> Iterator[Piece]:
    if piece.marked is not None:
        yield piece
        return
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


def _lone_label(written: str) -> ItemLabel | None:
    label = read_label(f"{written} x")
    return label if label and label.length == len(written) + 1 else None


def _number(piece: Piece) -> int:
    return int(piece.label.number) if piece.label and piece.label.number.isdecimal() else 0
