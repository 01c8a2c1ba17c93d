"""Recitals by their place: what stands between the name of a body and its first act, whatever the words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.provisions.pieces import Piece

_SILENT = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_WORDS_OF_A_VERB_LINE = 12
_CAPITALS = re.compile(r"(?:[A-Z]{2,}\s+)*[A-Z]{2,}\b")
_ENDS_OF_A_RECITAL = (",", ";", ", and", "; and", ":")


def recitals_by_place(text: str, pieces: Sequence[Piece]) -> frozenset[int]:
    """Where the pieces start that are recitals by their place, and the names of bodies above them.

    They stand behind the line that names the adopting body, or open the text. Where the verb of the body is a line of its own
    ("Therefore agrees:"), all before it are recitals, also those with letters and numbers and those below "Whereas:". Without such a line they end
    at the first piece that does not open and end like one; a labelled one must then end in a comma.
    """
    # A parliament names itself behind its recitals, which open the text.
    first = next((index for index, piece in enumerate(pieces) if piece.kind == BlockKind.PARAGRAPH), len(pieces))
    found = set(_behind_name(text, pieces[first:]))
    for index, piece in enumerate(pieces):
        if _names_body(text, piece):
            behind = _behind_name(text, pieces[index + 1 :])
            found.update([piece.start, *behind] if behind else ())
    return frozenset(found)


def _names_body(text: str, piece: Piece) -> bool:
    written = text[piece.start : piece.end]
    return piece.kind == BlockKind.PARAGRAPH and piece.label is None and is_name(written)


def is_name(written: str) -> bool:
    """Whether a paragraph only names who adopts; a colon may stand for the comma where recitals follow."""
    return written.endswith((",", ":")) and end_of_enacting(f"{written[:-1]},") == len(written)


def _behind_name(text: str, pieces: Sequence[Piece]) -> list[int]:
    by_line: list[int] = []
    by_form: list[int] = []
    is_unbroken, is_list = True, False
    for piece in pieces:
        if piece.kind in _SILENT:
            continue
        written = text[piece.start : piece.end]
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if piece.label is None and _is_verb_line(written):
            return by_line
        is_list = written.endswith(":") if piece.label is None else is_list
        is_item = is_list and piece.label is not None
        if not is_item and not _may_recite(written):
            break
        ends = written.endswith((",", ", and"))
        is_unbroken = is_unbroken and (ends if piece.label else not is_list)
        by_line.append(piece.start)
        if is_unbroken:
            by_form.append(piece.start)
    return by_form


def goes_on_list(above: str, piece: Piece, *, is_item: bool) -> bool:
    """Whether a labelled piece is an item of a list of recitals: below "Mindful of:", or behind an item that awaits it.

    Args:
        above: Words of the recital above it.
        piece: What may be an item.
        is_item: Whether the recital above has a label itself.
    """
    opens = above.endswith(":") and piece.label is not None and (piece.label.is_first or piece.label.is_bullet)
    return opens or (piece.label is not None and is_item and above.endswith((";", "; and", "; or")))


def _is_verb_line(written: str) -> bool:
    is_short = len(written.split()) <= _WORDS_OF_A_VERB_LINE
    if patterns().enacting.fullmatch(written) and written.endswith(":"):
        return True
    return is_short and bool(patterns().formula.match(written) or patterns().verb_line.fullmatch(written))


def _may_recite(written: str) -> bool:
    written = (
        _CAPITALS.sub(lambda words: words[0].capitalize(), written, count=1) if _CAPITALS.match(written) else written
    )
    is_form = patterns().opener.match(written) or patterns().recital_form.match(written)
    return bool(is_form) and written.endswith(_ENDS_OF_A_RECITAL)


def end_of_enacting(written: str, *, before_formula: bool = False) -> int:
    """Where the line that names the adopting body ends at the start of a paragraph; 0 if there is none."""
    enacting = patterns().enacting.search(written.title() if written.isupper() else written)
    if enacting is None or patterns().opener.match(written):
        return 0
    if enacting.start() and not patterns().place_and_date.fullmatch(written, 0, enacting.start()):
        return 0
    boundary = patterns().recital_boundary.search(written, enacting.start())
    if boundary and ". " not in written[enacting.start() : boundary.start()]:
        return boundary.end()
    is_alone = enacting.end() == len(written)
    return len(written) if before_formula or is_alone or written.endswith(",") else 0
