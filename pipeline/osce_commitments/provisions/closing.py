"""The end of a text: who signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.provisions.pieces import Piece

_SILENT = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS})
_STOPS = (".", ";", ",")


def signatures(text: str, pieces: Sequence[Piece]) -> frozenset[int]:
    """Where the lines start that name who signs ("For Ruritania:") and what stands behind them.

    They are the last lines of the text without label and stop, from the first one on that names a signatory; a note on
    the copy may stand below them.
    """
    last: list[Piece] = []
    for piece in reversed(pieces):
        written = text[piece.start : piece.end]
        if piece.kind in _SILENT or patterns().closing_note.fullmatch(written):
            continue
        if piece.label is not None or written.endswith(_STOPS):
            break
        last.insert(0, piece)
    for index, piece in enumerate(last):
        if patterns().signatory.fullmatch(text[piece.start : piece.end]):
            return frozenset(one.start for one in last[index:])
    return frozenset()
