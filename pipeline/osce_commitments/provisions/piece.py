"""A piece: a span of a document that is classified as a unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from osce_commitments.labels import BlockKind, Role
from osce_commitments.provisions.item_labels import ItemLabel
from osce_commitments.schema import MarkUp


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of a document that is classified as a unit: a paragraph or a part of one.

    Attributes:
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


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its ends."""
    written = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(written)


def cut(text: str, piece: Piece, at: int) -> tuple[Piece, Piece]:
    """Split a piece at an offset of the document; the second part has no label."""
    first_start, first_end = trimmed(text, piece.start, at)
    second_start, second_end = trimmed(text, at, piece.end)
    first = replace(piece, start=first_start, end=first_end)
    return first, replace(piece, start=second_start, end=second_end, label=None)
