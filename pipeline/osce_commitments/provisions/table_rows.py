"""Tables: the cell of each row that states the act, and the number of the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from osce_commitments.provisions.item_labels import read_label
from osce_commitments.provisions.patterns import list_rules
from osce_commitments.provisions.piece import Piece

_WORDS_OF_AN_ACT = 5
_WORDS_OF_A_HEAD = 4
_WORDS_OF_A_HEAD_BESIDE_ACTS = 8
_TIMES_AS_MANY = 3


def read_table(text: str, cells: Sequence[Piece]) -> list[Piece]:
    """Return the cells of a table in order; the number of a row is stored on its act and gives no piece.

    The act is in the column that the head row calls "Action", "Measure" and the like, else in the one with the most
    words. A table with a single column or row only frames its text; a cell of a few words there is not an act.
    """
    rows = _rows(text, cells)
    if len(rows) < 2 or max(cell.column for cell in cells) < 2:  # noqa: PLR2004 - one row or column
        return [replace(cell, is_bare=len(_words(text, cell)) < _WORDS_OF_AN_ACT) for cell in cells]
    names_acts = any(_names_acts(text, cell) for cell in rows[0])
    most_words = _WORDS_OF_A_HEAD_BESIDE_ACTS if names_acts else _WORDS_OF_A_HEAD
    head = rows[0] if all(_is_head(text, cell, most_words) for cell in rows[0]) else []
    column = _column_of_acts(text, head, rows[1:] if head else rows)
    result = [replace(cell, is_cell=True, is_bare=True) for cell in head]
    for row in rows[1:] if head else rows:
        number, others = _number(text, row)
        for cell in others:
            is_act = cell.column == column
            is_own = read_label(text[cell.start : cell.end]) is not None
            result.append(
                replace(cell, is_cell=True, is_bare=not is_act, number=number if is_act and not is_own else "")
            )
    return result


def _rows(text: str, cells: Sequence[Piece]) -> list[list[Piece]]:
    """Group the cells by row; the paragraphs of one cell stay together unless one is the number of a new row."""
    rows: list[list[Piece]] = []
    for cell in cells:
        last = rows[-1][-1].column if rows else 0
        is_number = cell.column == last == 1 and list_rules().finds("table.row_number", text[cell.start : cell.end])
        if not rows or cell.column < last or is_number:
            rows.append([])
        rows[-1].append(cell)
    return rows


def _words(text: str, cell: Piece) -> list[str]:
    return text[cell.start : cell.end].split()


def _names_acts(text: str, cell: Piece) -> bool:
    return list_rules().finds("table.act_column", text[cell.start : cell.end])


def _is_head(text: str, cell: Piece, most_words: int) -> bool:
    return len(_words(text, cell)) <= most_words and not text[cell.start : cell.end].endswith((";", ","))


def _column_of_acts(text: str, head: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> int:
    weights: Counter[int] = Counter()
    for cell in (cell for row in rows for cell in row):
        weights[cell.column] += len(_words(text, cell))
    heaviest, words = weights.most_common(1)[0]
    named = [cell.column for cell in head if _names_acts(text, cell)]
    # A column of names of measures next to one that says what is done has far fewer words.
    return next((column for column in named if weights[column] * _TIMES_AS_MANY > words), heaviest)


def _number(text: str, row: Sequence[Piece]) -> tuple[str, Sequence[Piece]]:
    first = row[0]
    written = text[first.start : first.end]
    found = list_rules().pattern("table.row_number").fullmatch(written)
    if found and len(row) > 1:
        alone = read_label(f"{written} x")
        return alone.number if alone and alone.number else found["number"], row[1:]
    label = read_label(written)
    return label.number if label else "", row
