"""The pieces of a document: its blocks, split where paragraphs were run together, and the cells of its tables."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.item_labels import ItemLabel, given_label, read_label
from osce_commitments.provisions.patterns import in_small, is_unfinished, list_rules, role_rules, unmarked
from osce_commitments.provisions.sentences import sentence_starts
from osce_commitments.schema import Document, MarkUp
from osce_commitments.texts.capitals import is_mostly_capitals

_SKIPPED = frozenset({BlockKind.HEADER, BlockKind.FURNITURE})
_LONGEST_LABEL = 24  # characters
_GLUED_NUMBER = re.compile(r"[.;:,)”\"]\s+(?=(?P<number>\d{1,3})\.\s+[A-Z“\"])")
_WORDS_OF_A_LINE = 20
_WORDS_OF_AN_ACT = 5
_WORDS_OF_A_HEAD = 4
_WORDS_OF_A_HEAD_BESIDE_ACTS = 8
_TIMES_AS_MANY = 3
_BARE_IN_TREATIES = ("bare_label.number", "bare_label.letter")


@dataclass(slots=True)  # a frozen one takes five times as long to make
class Piece:
    """A span of a document that is classified as a unit: a paragraph or a part of one.

    Attributes:
        text: Text of the whole document.
        start, end: Offsets in the document's text, without the label and surrounding white space.
        label: Label of a list item; ``start`` is after it.
        role: What part of the document it belongs to.
        is_frame: It only frames the text: the enacting line, "have agreed as follows:", a closing note.
        is_subject: It names those who act below it without being named again ("The participating States,").
        takes_subject: It states what they do ("Condemn all storms;").
        is_aside: It does not end a list that it interrupts: a footnote, a table cell.
        is_inline: It is an item of a list inside a paragraph.
        continues: It continues the paragraph before it, after a list inside that paragraph.
        heading_level: Depth of a heading from 1; 0 for the marker of an annex, the outermost level.
        column: Column of a table cell from 1; 0 if the format does not give it.
        is_cell: It is a cell of a table with rows and columns, which is not split.
        is_bare: A table cell that states no act.
        number: Number that is not a list label ("Action 7").
        part: Number of the annex or attachment that it belongs to, from 1; 0 before the first.
        role_rule: Id of the rule that gave it its role.
        marked: What the mark-up says of it; None where the format has none.
    """

    kind: BlockKind
    text: str = field(repr=False)
    start: int
    end: int
    indent: float = 0.0
    label: ItemLabel | None = None
    role: Role = Role.OPERATIVE
    is_frame: bool = False
    is_subject: bool = False
    takes_subject: bool = False
    is_aside: bool = False
    is_inline: bool = False
    continues: bool = False
    heading_level: int = 0
    column: int = 0
    is_cell: bool = False
    is_bare: bool = False
    number: str = ""
    part: int = 0
    role_rule: str = ""
    marked: MarkUp | None = None
    _written: str | None = field(default=None, init=False, repr=False, compare=False)
    _words: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def printed(self) -> str:
        """Its words as printed."""
        return self.text[self.start : self.end]

    @property
    def written(self) -> str:
        """Its words, of the same length, with verbs in capitals in lower case."""
        if self._written is None:
            self._written = in_small(self.printed)
        return self._written

    @property
    def words(self) -> str:
        """Its written words without a footnote mark at their end."""
        if self._words is None:
            self._words = unmarked(self.written)
        return self._words

    @property
    def is_unfinished(self) -> bool:
        """Whether its words lack final punctuation, so that items must complete the sentence."""
        return is_unfinished(self.words)

    @property
    def is_short_line(self) -> bool:
        """Whether it is a line without a final stop, short enough for an item of a list."""
        words = self.written
        is_ended = bool(list_rules().finds("ends_sentence", words) or words.endswith(":") or sentence_starts(words))
        return len(words.split()) <= _WORDS_OF_A_LINE and not is_ended

    @property
    def begins_small(self) -> bool:
        """Whether its first letter is in lower case."""
        return next((sign.islower() for sign in self.printed if sign.isalpha()), False)

    @property
    def is_verb_line(self) -> bool:
        """Whether it is a verb in lower case on a line of its own ("resolves", "having noted")."""
        words = self.words
        if self.label is not None or not words[:1].islower() or not words[-1].isalnum() or not self.is_unfinished:
            return False
        sentence, roles = words[0].upper() + words[1:], role_rules()
        return roles.finds("act_by_form", sentence) or roles.finds("recital.by_form", sentence)

    @property
    def is_infinitive(self) -> bool:
        """Whether it states a task in the infinitive."""
        return list_rules().finds("items_in_infinitive", self.written)

    @property
    def has_given_place(self) -> bool:
        """Whether the mark-up gives its place in the outline."""
        is_part = self.is_inline or self.continues
        return self.marked is not None and self.marked.depth is not None and not is_part

    @property
    def is_minor(self) -> bool:
        """Whether it has a label of items that are usually nested below numbered paragraphs."""
        return self.label is not None and self.label.is_minor

    def changed(self, **values: Any) -> Piece:  # noqa: ANN401 - fields of a piece
        """Return a copy with other values of some fields; ``dataclasses.replace`` takes several times as long."""
        copy = Piece(*_VALUES(self))
        for name, value in values.items():
            setattr(copy, name, value)
        return copy

    def cut(self, position: int) -> tuple[Piece, Piece]:
        """Split it at an offset of the document; the second part has no label."""
        first_start, first_end = _trimmed(self.text, self.start, position)
        second_start, second_end = _trimmed(self.text, position, self.end)
        first = replace(self, start=first_start, end=first_end)
        return first, replace(self, start=second_start, end=second_end, label=None)


_VALUES = attrgetter(*(one.name for one in fields(Piece) if one.init))


def read_pieces(document: Document) -> list[Piece]:
    """Return the pieces of a document's blocks with labels split off.

    Headers, page furniture and paragraphs without a letter or digit, like "(…)", are skipped.
    """
    pieces: list[Piece] = []
    bare = _BARE_IN_TREATIES if document.type == DocumentType.TREATY else ()
    last_number = last_bare = 0
    counts: dict[str, int] = {}
    waiting: ItemLabel | None = None
    for kind, group in groupby(_block_pieces(document), key=lambda piece: piece.kind):
        blocks = list(group)
        if kind == BlockKind.TABLE:
            pieces += [cell if cell.number else _labelled(cell) for cell in _read_table(blocks)]
            continue
        if kind != BlockKind.PARAGRAPH:
            pieces += _titles(document, blocks) if kind == BlockKind.TITLE else blocks
            continue
        for part in (part for piece in blocks for part in _at_glued_numbers(piece, last_number)):
            if part.label is not None:
                pieces.append(part)
                continue
            labelled = _labelled(part, bare)
            if labelled.label is None:
                stem = pieces[-1] if pieces and pieces[-1].label is None and pieces[-1].is_unfinished else None
                last_bare = 0 if stem or part.is_verb_line else last_bare
                counted = _labelled(part, ("bare_label.item",))
                if _count(counted) == last_bare + 1 and (last_bare or stem):
                    labelled, last_bare = counted, last_bare + 1
            if labelled.label is None and waiting is not None:
                labelled = replace(labelled, label=waiting)
            waiting = _lone_label(part.printed)
            if waiting is None:
                pieces.append(_with_sure_label(labelled, counts))
                last_number = _count(labelled) or last_number
    return pieces


def _block_pieces(document: Document) -> Iterator[Piece]:
    for block in document.blocks:
        start, end = _trimmed(document.text, block.start, block.end)
        is_text = any(map(str.isalnum, document.text[start:end])) or block.kind != BlockKind.PARAGRAPH
        if block.kind not in _SKIPPED and start < end and (is_text or _lone_label(document.text[start:end])):
            is_table = block.kind == BlockKind.TABLE
            column, level = (block.level, 0) if is_table else (0, block.level)
            mark_up = block.marked
            label = given_label(mark_up.number, mark_up.label) if mark_up else None
            start += label.length if label else 0
            yield Piece(
                block.kind,
                document.text,
                start,
                end,
                block.indent,
                label,
                heading_level=level,
                column=column,
                marked=mark_up,
            )


def _titles(document: Document, lines: Iterable[Piece]) -> Iterator[Piece]:
    """Join the lines of titles; text that a delegation prints below a title in capitals becomes a separate piece."""
    title, *others = lines
    for line in others:
        if line.marked is not None:
            yield title
            title = line
            continue
        is_below = document.type == DocumentType.DELEGATION_STATEMENT and is_mostly_capitals(title.printed)
        if document.text[title.end : line.start].strip() or (is_below and not is_mostly_capitals(line.printed)):
            yield title
            title = replace(line, kind=BlockKind.PARAGRAPH) if is_below else line
        else:
            title = replace(title, end=line.end)
    yield title


def _at_glued_numbers(piece: Piece, last_number: int) -> Iterator[Piece]:
    if piece.marked is not None:
        yield piece
        return
    position = piece.start
    if not _GLUED_NUMBER.search(piece.text, position, piece.end):
        yield piece
        return
    own = read_label(piece.printed)
    count = int(own.number) if own and own.number.isdecimal() else last_number
    while match := _GLUED_NUMBER.search(piece.text, position, piece.end):
        position = match.end()
        if int(match["number"]) == count + 1 and count:
            first, piece = piece.cut(match.end())
            count += 1
            yield first
    yield piece


def _labelled(piece: Piece, bare: tuple[str, ...] = ()) -> Piece:
    label = read_label(piece.printed, bare=bare)
    return piece.changed(start=piece.start + label.length, label=label) if label else piece


@functools.lru_cache(2048)
def _lone_label(written: str) -> ItemLabel | None:
    label = read_label(f"{written} x") if len(written) <= _LONGEST_LABEL else None
    return label if label and label.length == len(written) + 1 else None


def _count(piece: Piece) -> int:
    return int(piece.label.number) if piece.label and piece.label.number.isdecimal() else 0


def _with_sure_label(piece: Piece, counts: dict[str, int]) -> Piece:
    """Return a piece whose label is sure if it is the next in a count, also below headings; record the label."""
    if piece.label is None or piece.label.is_bullet:
        return piece
    is_next = any(counts.get(reading.style) == reading.value - 1 for reading in piece.label.readings)
    counts.update((reading.style, reading.value) for reading in piece.label.readings)
    return piece if piece.label.is_sure or not is_next else piece.changed(label=replace(piece.label, is_sure=True))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its ends."""
    written = text[start:end]
    begun = written.lstrip()
    start += len(written) - len(begun)
    return start, start + len(begun.rstrip())


def _read_table(cells: Sequence[Piece]) -> list[Piece]:
    """Return the cells of a table in order; the number of a row is stored on its act and gives no piece.

    The act is in the column that the head row calls "Action", "Measure" and the like, else in the one with the most
    words. A table with a single column or row only frames its text; a cell of a few words there is not an act.
    """
    rows = _rows(cells)
    if len(rows) < 2 or max(cell.column for cell in cells) < 2:  # noqa: PLR2004 - one row or column
        return [replace(cell, is_bare=len(cell.printed.split()) < _WORDS_OF_AN_ACT) for cell in cells]
    names_acts = any(_names_acts(cell) for cell in rows[0])
    most_words = _WORDS_OF_A_HEAD_BESIDE_ACTS if names_acts else _WORDS_OF_A_HEAD
    is_short = [len(cell.printed.split()) <= most_words and not cell.printed.endswith((";", ",")) for cell in rows[0]]
    head = rows[0] if all(is_short) else []
    column = _column_of_acts(head, rows[1:] if head else rows)
    result = [replace(cell, is_cell=True, is_bare=True) for cell in head]
    for row in rows[1:] if head else rows:
        number, others = _number_of_row(row)
        for cell in others:
            is_act = cell.column == column
            is_numbered = bool(number) and is_act and read_label(cell.printed) is None
            result.append(cell.changed(is_cell=True, is_bare=not is_act, number=number if is_numbered else ""))
    return result


def _rows(cells: Sequence[Piece]) -> list[list[Piece]]:
    """Group the cells by row; the paragraphs of one cell stay together unless one is the number of a new row."""
    lists = list_rules()
    rows: list[list[Piece]] = []
    for cell in cells:
        last = rows[-1][-1].column if rows else 0
        is_number = cell.column == last == 1 and lists.finds("table.row_number", cell.printed)
        if not rows or cell.column < last or is_number:
            rows.append([])
        rows[-1].append(cell)
    return rows


def _names_acts(cell: Piece) -> bool:
    return list_rules().finds("table.act_column", cell.printed)


def _column_of_acts(head: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> int:
    weights: Counter[int] = Counter()
    for cell in (cell for row in rows for cell in row):
        weights[cell.column] += len(cell.printed.split())
    heaviest, words = weights.most_common(1)[0]
    named = [cell.column for cell in head if _names_acts(cell)]
    # A column of names of measures next to one that says what is done has far fewer words.
    return next((column for column in named if weights[column] * _TIMES_AS_MANY > words), heaviest)


def _number_of_row(row: Sequence[Piece]) -> tuple[str, Sequence[Piece]]:
    first = row[0]
    written = first.printed
    match = list_rules().pattern("table.row_number").fullmatch(written)
    if match and len(row) > 1:
        alone = read_label(f"{written} x")
        return alone.number if alone and alone.number else match["number"], row[1:]
    label = read_label(written)
    return label.number if label else "", row
