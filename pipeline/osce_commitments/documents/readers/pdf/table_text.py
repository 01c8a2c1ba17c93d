"""Tables of PDF pages and the text of their cells.

A ruled grid is a table if at least two of its rows have text in two columns; at the top of a page, any remainder of a
table on the previous page also counts. Columns without ruled lines need more evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from osce_commitments.documents.layout.measures import PARAGRAPH_GAP, SAME_LINE
from osce_commitments.documents.layout.paragraphs import joint, spellings
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.pdf.aligned_tables import aligned_tables, may_hold_columns
from osce_commitments.documents.readers.pdf.grids import Cell, RuledGrid, grids
from osce_commitments.documents.readers.pdf.text_lines import Character, CharacterRun, from_top_down, runs_of
from osce_commitments.documents.records import Line
from osce_commitments.labels import BlockKind

if TYPE_CHECKING:
    from osce_commitments.documents.readers.pdf.ruled_lines import RuledLines

_FEWEST = 2
_BULLETS = "•●▪◦"

_Runs = dict["Cell", list[CharacterRun]]


class TableReader:
    """Reads the pages of a file in order; it keeps the column positions of the last page's tables."""

    def __init__(self) -> None:
        self._columns: list[tuple[float, ...]] = []

    def runs(self, characters: Iterable[Character], rules: RuledLines, page: int) -> list[CharacterRun]:
        """Return the runs of a page; each of its tables is a run with its cells as lines.

        Args:
            characters: Characters in content order.
            rules: Ruled lines of the page.
            page: Page number from 1.
        """
        above, self._columns = self._columns, []
        rest, tables = self._ruled(characters, grids(rules), above, page)
        runs = runs_of(rest)
        if may_hold_columns(runs):
            for table in aligned_tables(from_top_down(runs_of(rest, is_narrow=True)), above):
                self._columns.append(table.lefts)
                rest = [character for character in rest if not table.bottom <= character.base <= table.top]
                tables.append(_as_run(table.cells, table.lefts, table.top, page))
                runs = runs_of(rest)
        return [*runs, *tables]

    def _ruled(
        self, characters: Iterable[Character], drawn: Sequence[RuledGrid], above: Sequence[tuple[float, ...]], page: int
    ) -> tuple[list[Character], list[CharacterRun]]:
        """Return the characters outside ruled tables, and the tables."""
        rest, tables = list(characters), list[CharacterRun]()
        for grid in drawn:
            places = [_cell(grid, character) for character in rest]
            cells = _runs_of_cells(rest, places)
            if not _is_table(grid, cells, above):
                continue
            rest = [character for character, cell in zip(rest, places, strict=True) if cell is None]
            self._columns.append(grid.lefts)
            tables.append(_as_run(cells, grid.lefts, -grid.tops[0], page))
        return rest, tables


def _as_run(cells: _Runs, lefts: Sequence[float], top: float, page: int) -> CharacterRun:
    return CharacterRun(lefts[0], lefts[-1], top, 1.0, cells=tuple(_lines(cells, page)))


def _is_table(grid: RuledGrid, cells: _Runs, above: Sequence[tuple[float, ...]]) -> bool:
    columns: defaultdict[int, set[int]] = defaultdict(set)
    for cell in cells:
        columns[cell.row].add(cell.column)
    if sum(len(filled) >= _FEWEST for filled in columns.values()) >= _FEWEST:
        return True
    return bool(cells) and any(grid.has_columns_of(lefts) for lefts in above)


def _cell(grid: RuledGrid, character: Character) -> Cell | None:
    # The middle of a letter without descender, so that text that touches a line stays in its cell.
    return grid.at((character.left + character.right) / 2, character.base + character.size / 4)


def _runs_of_cells(characters: Sequence[Character], places: Sequence[Cell | None]) -> _Runs:
    """Return the runs of each filled cell, cells by row and column, runs from the top down."""
    by_cell: defaultdict[Cell, list[Character]] = defaultdict(list)
    for character, cell in zip(characters, places, strict=True):
        if cell is not None:
            by_cell[cell].append(character)
    runs = {cell: from_top_down(runs_of(by_cell[cell])) for cell in sorted(by_cell)}
    return {cell: run for cell, run in runs.items() if run}


def _lines(cells: _Runs, page: int) -> Iterator[Line]:
    """Yield a line per paragraph of a cell, with line ends between its printed rows."""
    gaps = [gap for runs in cells.values() for gap in map(_gap, runs, runs[1:]) if gap > SAME_LINE]
    usual = min(gaps, default=1.0)
    for cell, runs in cells.items():
        for paragraph in _paragraphs(runs, usual):
            yield Line(
                "\n".join(run.text for run in paragraph),
                page,
                size=round(paragraph[0].size, 1),
                bold=all(2 * run.bold > run.letters for run in paragraph),
                whole=True,
                kind=BlockKind.TABLE,
                level=cell.column,
            )


def _paragraphs(runs: Sequence[CharacterRun], usual: float) -> Iterator[list[CharacterRun]]:
    paragraph = [runs[0]]
    for above, run in pairwise(runs):
        gap = _gap(above, run)
        opens_item = run.text[0] in _BULLETS or (
            layout_rules().finds("list_label", run.text) and layout_rules().finds("ending.item", above.text)
        )
        if gap > SAME_LINE and (gap > PARAGRAPH_GAP * usual or opens_item):
            yield paragraph
            paragraph = []
        paragraph.append(run)
    yield paragraph


def _gap(above: CharacterRun, run: CharacterRun) -> float:
    """Return the distance of two baselines in type sizes."""
    return (above.base - run.base) / max(run.size, 1.0)


def with_rows_joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a file; the printed rows of a cell are joined to running text."""
    if not any("\n" in line.text for line in lines):
        return list(lines)
    known = spellings(list(chain.from_iterable(line.text.split("\n") for line in lines)))
    return [replace(line, text=_joined(line.text, known)) if "\n" in line.text else line for line in lines]


def _joined(text: str, known: Collection[str]) -> str:
    first, *others = text.split("\n")
    pieces = [first]
    for row in others:
        before, glue = joint(pieces[-1], row, known)
        pieces[-1:] = [before + glue, row]
    return "".join(pieces)
