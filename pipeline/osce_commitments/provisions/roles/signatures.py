"""The signatures at the end of a text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.piece import Piece
from osce_commitments.texts.capitals import is_mostly_capitals

_SKIPPED = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS})
_STOPS = (".", ";", ",")
_WORDS_OF_A_LINE = 4


def signatures(text: str, pieces: Sequence[Piece], *, is_narrative: bool) -> frozenset[int]:
    """Return the start offsets of the lines that name signatories ("For Ruritania:") and of the lines after them.

    They are the last lines of the text without label and final punctuation, from the first that names a signatory; a
    note on the copy may follow. Lines that look like headings at the very end also belong to them, as they have no
    text below. At the end of a narrative, only these can be distinguished from the text.
    """
    last: list[Piece] = []
    for piece in reversed(pieces):
        if piece.kind in _SKIPPED or _is_note(text, piece):
            continue
        if piece.label is not None or text[piece.start : piece.end].endswith(_STOPS):
            break
        last.insert(0, piece)
    is_last = takewhile(lambda one: _looks_like_heading(text, one) or _is_short(text, one), reversed(last))
    above_nothing = [one.start for one in is_last if one.kind == BlockKind.HEADING]
    for index, piece in enumerate(last):
        if not is_narrative and role_rules().finds("signature.signatory", text[piece.start : piece.end]):
            return frozenset([*above_nothing, *(one.start for one in last[index:])])
    return frozenset(above_nothing)


def _is_note(text: str, piece: Piece) -> bool:
    """Whether a paragraph is a note on the copy."""
    return piece.kind != BlockKind.HEADING and role_rules().finds("closing_note", text[piece.start : piece.end])


def _is_short(text: str, piece: Piece) -> bool:
    """Whether a line is too short to be text below a heading: "Ghent, May 2011"."""
    written = text[piece.start : piece.end]
    is_line = piece.kind == BlockKind.PARAGRAPH and not written.endswith(":")
    return is_line and len(written.split()) <= _WORDS_OF_A_LINE


def _looks_like_heading(text: str, piece: Piece) -> bool:
    """Whether only the layout makes a line a heading, without capitals, a number or the word "Annex"."""
    written = text[piece.start : piece.end]
    is_marked = (
        is_mostly_capitals(written)
        or role_rules().finds("numbered_heading", written)
        or role_rules().finds("annex", written)
    )
    return piece.kind == BlockKind.HEADING and not is_marked and not role_rules().finds("attachment", written)
