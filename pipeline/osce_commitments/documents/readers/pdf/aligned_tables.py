"""Tables without ruled lines: columns that are only aligned.

Lists, letterheads, signatures, contents and columns of running text are aligned too. So a table needs three columns,
three rows that each begin in the first column after a wider gap, a cell with more lines than its neighbour, and a
column of sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING

from osce_commitments.documents.layout.measures import SAME_LINE
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.pdf.grids import Cell

if TYPE_CHECKING:
    from osce_commitments.documents.readers.pdf.text_lines import CharacterRun

_NEAR = 2.0
_LARGEST_STEP = 3.0
_ROW_STEP = 1.2
_FEWEST_COLUMNS = 3
_FEWEST_ROWS = 3
_WORDS_OF_A_SENTENCE = 5

_Lefts = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """A table: its cells with their runs, left edges of its columns, upper and lower edge, all in points."""

    cells: dict[Cell, list[CharacterRun]]
    lefts: _Lefts
    top: float
    bottom: float


def may_hold_columns(runs: Iterable[CharacterRun]) -> bool:
    """Whether three runs share a baseline, or two after a label; a quick test that rules out most pages."""
    lines: defaultdict[int, list[CharacterRun]] = defaultdict(list)
    for run in runs:
        lines[round(run.base)].append(run)
    return any(
        len(line) >= _FEWEST_COLUMNS
        or (len(line) == _FEWEST_COLUMNS - 1 and any(layout_rules().finds("list_label", run.text) for run in line))
        for line in lines.values()
    )


def aligned_tables(runs: Sequence[CharacterRun], above: Sequence[_Lefts]) -> Iterator[AlignedTable]:
    """Yield the tables of a page from the top down.

    Args:
        runs: Runs split at every gap wider than between words, from the top down.
        above: Left edges of the columns of tables on the previous page, which may continue here with fewer rows.
    """
    lines = _lines(runs)
    start = 0
    while start < len(lines):
        table, size = _table(lines[start:], above)
        if table is not None:
            yield table
        start += size


def _lines(runs: Sequence[CharacterRun]) -> list[list[CharacterRun]]:
    lines: list[list[CharacterRun]] = []
    for run in runs:
        if lines and abs(lines[-1][0].base - run.base) <= SAME_LINE * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return lines


def _table(lines: Sequence[list[CharacterRun]], above: Sequence[_Lefts]) -> tuple[AlignedTable | None, int]:
    """Return the table that opens with the first line and its number of lines; None and 1 without a table."""
    lefts = tuple(run.left for run in lines[0])
    if len(lefts) < _FEWEST_COLUMNS:
        return None, 1
    count = next((at for at in range(1, len(lines)) if not _fits(lines[at - 1], lines[at], lefts)), len(lines))
    rows = _rows(lines[:count])
    columns = ({_column(run, lefts) for run in row[0]} for row in rows)
    rows = [
        row for row, _ in takewhile(lambda pair: 0 in pair[1] and len(pair[1]) > 1, zip(rows, columns, strict=True))
    ]
    goes_on = any(
        len(lefts) == len(other) and all(abs(left - far) <= _NEAR for left, far in zip(lefts, other, strict=True))
        for other in above
    )
    cells = [_cells(row, lefts) for row in rows]
    if not goes_on and not _is_table(cells, len(lefts)):
        return None, 1
    size = sum(map(len, rows))
    top, bottom = lines[0][0], lines[size - 1][0]
    by_cell = {Cell(row, column): found for row, part in enumerate(cells, 1) for column, found in part.items()}
    table = AlignedTable(by_cell, lefts, top.base + top.size / 2, bottom.base - SAME_LINE * bottom.size)
    return table, size


def _fits(above: Sequence[CharacterRun], line: Sequence[CharacterRun], lefts: _Lefts) -> bool:
    """Whether a line fits the columns of the line above: each cell begins at a left edge and ends before the next."""
    if above[0].base - line[0].base > _LARGEST_STEP * line[0].size:
        return False
    filled: set[int] = set()
    for run in line:
        column = _column(run, lefts)
        if column < 0 or (column not in filled and abs(run.left - lefts[column]) > _NEAR):
            return False
        if column + 1 < len(lefts) and run.right > lefts[column + 1]:
            return False
        filled.add(column)
    return True


def _column(run: CharacterRun, lefts: _Lefts) -> int:
    return bisect_right(lefts, run.left + _NEAR) - 1


def _rows(lines: Sequence[list[CharacterRun]]) -> list[list[list[CharacterRun]]]:
    """Group lines into rows; a gap wider than between the lines of a cell separates rows."""
    steps = [above[0].base - line[0].base for above, line in pairwise(lines)]
    usual = min(steps, default=0.0)
    rows = [[lines[0]]]
    for step, line in zip(steps, lines[1:], strict=True):
        if step > _ROW_STEP * usual:
            rows.append([])
        rows[-1].append(line)
    return rows


def _cells(row: Sequence[Sequence[CharacterRun]], lefts: _Lefts) -> dict[int, list[CharacterRun]]:
    runs = sorted((run for line in row for run in line), key=lambda run: _column(run, lefts))
    return {column + 1: list(found) for column, found in groupby(runs, key=lambda run: _column(run, lefts))}


def _is_table(rows: Sequence[dict[int, list[CharacterRun]]], count: int) -> bool:
    if len(rows) < _FEWEST_ROWS:
        return False
    is_wrapped = any(len({len({run.base for run in runs}) for runs in row.values()}) > 1 for row in rows)
    columns = [
        [" ".join(run.text for run in row[column]) for row in rows[1:] if column in row]
        for column in range(1, count + 1)
    ]
    numbers_pages = any(all(layout_rules().finds("bare_number", cell) for cell in cells) for cells in columns[1:])
    return is_wrapped and any(map(_states_acts, columns)) and not numbers_pages


def _states_acts(cells: Sequence[str]) -> bool:
    """Whether the cells of a column are sentences; most lines of running text in columns begin in lower case."""
    words = sum(len(cell.split()) for cell in cells)
    return words >= _WORDS_OF_A_SENTENCE * len(cells) > 0 and not any(cell[:1].islower() for cell in cells)
