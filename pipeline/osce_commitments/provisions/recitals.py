"""Recitals by their place: what stands between the name of a body and its first act, whatever the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.provisions.pieces import Piece

_SILENT = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_WORDS_OF_A_VERB_LINE = 12
_ENDS_OF_A_RECITAL = (",", ";", ", and", "; and")


def recitals_by_place(text: str, pieces: Sequence[Piece]) -> frozenset[int]:
    """Where the pieces start that are recitals by their place.

    They stand behind the line that names the adopting body. Where the verb of the body is a line of its own
    ("Therefore agrees:"), all before it are recitals, also those with letters and numbers. Without such a line they end
    at the first piece that does not open and end like one; a labelled one must then end in a comma.
    """
    found: set[int] = set()
    for index, piece in enumerate(pieces):
        if _names_body(text, piece):
            found.update(_behind_name(text, pieces[index + 1 :]))
    return frozenset(found)


def _names_body(text: str, piece: Piece) -> bool:
    written = text[piece.start : piece.end]
    is_line = piece.kind == BlockKind.PARAGRAPH and piece.label is None and written.endswith(",")
    return is_line and end_of_enacting(written) == len(written)


def _behind_name(text: str, pieces: Sequence[Piece]) -> list[int]:
    by_line: list[int] = []
    by_form: list[int] = []
    is_unbroken = True
    for piece in pieces:
        if piece.kind in _SILENT:
            continue
        written = text[piece.start : piece.end]
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if piece.label is None and _is_verb_line(written):
            return by_line
        if not _may_recite(written):
            break
        is_unbroken = is_unbroken and (piece.label is None or written.endswith((",", ", and")))
        by_line.append(piece.start)
        if is_unbroken:
            by_form.append(piece.start)
    return by_form


def _is_verb_line(written: str) -> bool:
    is_short = len(written.split()) <= _WORDS_OF_A_VERB_LINE
    return is_short and bool(patterns().formula.match(written) or patterns().verb_line.fullmatch(written))


def _may_recite(written: str) -> bool:
    is_form = patterns().opener.match(written) or patterns().recital_form.match(written)
    return bool(is_form) and written.endswith(_ENDS_OF_A_RECITAL)


def end_of_enacting(written: str, *, before_formula: bool = False) -> int:
    """Where the line that names the adopting body ends at the start of a paragraph; 0 if there is none."""
    enacting = patterns().enacting.search(written)
    if enacting is None or patterns().opener.match(written):
        return 0
    if enacting.start() and not patterns().place_and_date.fullmatch(written, 0, enacting.start()):
        return 0
    boundary = patterns().recital_boundary.search(written, enacting.start())
    if boundary and ". " not in written[enacting.start() : boundary.start()]:
        return boundary.end()
    is_alone = enacting.end() == len(written)
    return len(written) if before_formula or is_alone or written.endswith(",") else 0
