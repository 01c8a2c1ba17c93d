"""Tables of PDF pages and the text of their cells.

A ruled grid is a table if at least two of its rows have text in two columns; at the top of a page, any remainder of a
table on the previous page also counts. Columns without ruled lines need more evidence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_float, c_int
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, groupby, pairwise, product, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from osce_commitments.documents.layout.paragraphs import joint, spellings
from osce_commitments.documents.patterns import PARAGRAPH_GAP, SAME_LINE, has_form
from osce_commitments.documents.readers.pdf.text_lines import Character, CharacterRun, from_top_down, runs_of
from osce_commitments.documents.records import Line
from osce_commitments.labels import BlockKind

if TYPE_CHECKING:
    from pypdfium2 import PdfMatrix

# A line may be drawn as a filled box; thicker boxes are shading or pictures. Lines this close count as one position, and
# lines with a gap this narrow as touching.
_TOUCHING = 3.0  # points
_MAX_DEPTH = 3
_MOST_PATHS = 5_000
_MOST_SEGMENTS = 2_000
_Point = tuple[float, float]


class RuledLine(NamedTuple):
    """A straight ruled line in points: its position across its direction, its start and its end."""

    at: float
    start: float
    end: float


class RuledLines(NamedTuple):
    """Ruled lines of a page."""

    horizontal: list[RuledLine]
    vertical: list[RuledLine]


def ruled_lines_of(page: Any) -> RuledLines:  # noqa: ANN401 - pypdfium2 brings no types
    """Return the horizontal and vertical lines of a page; none if it has so many paths that it is a drawing."""
    import pypdfium2.raw as pdfium
    from pypdfium2 import PdfMatrix

    rules = RuledLines([], [])
    objects = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    for count, (path, matrix) in enumerate(_paths_among(objects, PdfMatrix(), 1)):
        if count >= _MOST_PATHS:
            return RuledLines([], [])
        for (left, bottom), (right, top) in _straight(path, matrix):
            if top - bottom <= _TOUCHING < right - left:
                rules.horizontal.append(RuledLine((bottom + top) / 2, left, right))
            elif right - left <= _TOUCHING < top - bottom:
                rules.vertical.append(RuledLine((left + right) / 2, bottom, top))
    return rules


def _paths_among(places: Iterator[Any], outer: PdfMatrix, depth: int) -> Iterator[tuple[Any, PdfMatrix]]:
    import pypdfium2.raw as pdfium
    from pypdfium2 import PdfMatrix

    for place in places:
        kind, raw = pdfium.FPDFPageObj_GetType(place), pdfium.FS_MATRIX()
        inner = PdfMatrix.from_raw(raw) if pdfium.FPDFPageObj_GetMatrix(place, byref(raw)) else PdfMatrix()
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield place, inner.multiply(outer)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            count = range(pdfium.FPDFFormObj_CountObjects(place))
            objects = map(partial(pdfium.FPDFFormObj_GetObject, place), count)
            yield from _paths_among(objects, inner.multiply(outer), depth + 1)


def _straight(path: Any, matrix: PdfMatrix) -> Iterator[tuple[_Point, _Point]]:  # noqa: ANN401 - pypdfium2 brings no types
    """Yield the lower left and upper right corner of every thin box and line in a path."""
    import pypdfium2.raw as pdfium

    fill, stroke = c_int(), c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke)):
        return
    for points in _outlines(path, matrix):
        box = _box(points)
        if min(box[1][0] - box[0][0], box[1][1] - box[0][1]) <= _TOUCHING:
            if stroke.value or fill.value:
                yield box
        elif stroke.value:
            # A filled box without an outline is the background of text.
            yield from (_box(ends) for ends in pairwise(points))


def _outlines(path: Any, matrix: PdfMatrix) -> Iterator[list[_Point]]:  # noqa: ANN401 - pypdfium2 brings no types
    """Yield the corners of each continuous part of a path; parts with curves are not ruled lines."""
    import pypdfium2.raw as pdfium

    x, y = c_float(), c_float()
    points: list[_Point] = []
    is_curved = False
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not is_curved:
                yield points
            points, is_curved = [], False
        is_curved = is_curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        points.append(matrix.on_point(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not is_curved:
        yield points


def _box(points: Sequence[_Point]) -> tuple[_Point, _Point]:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys)), (max(xs), max(ys))


_SHORTEST_LINE = 6.0
_MOST_CROSSINGS = 20_000
_FEWEST_IN_GRID = 2  # filled columns of a row, and such rows


class Cell(NamedTuple):
    """Row and column of a cell in its table, from 1; for a merged cell, its first row and column."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class RuledGrid:
    """The cells of a ruled table.

    Attributes:
        lefts: Left edges of the columns in points, then the right edge of the last one.
        tops: Upper edges of the rows, as negative heights in points, then the lower edge of the last one.
        cells: The cell that covers each square of the grid, by row and column from 0.
    """

    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    cells: dict[tuple[int, int], Cell] = field(repr=False)

    def has_columns_of(self, lefts: Sequence[float]) -> bool:
        """Whether its columns are at the same positions as those of another grid."""
        pairs = zip(self.lefts, lefts, strict=False)
        return len(self.lefts) == len(lefts) and all(abs(left - other) <= _TOUCHING for left, other in pairs)

    def at(self, x: float, y: float) -> Cell | None:
        """Return the cell that contains a point."""
        return self.cells.get((bisect_right(self.tops, -y) - 1, bisect_right(self.lefts, x) - 1))


def grids(rules: RuledLines) -> list[RuledGrid]:
    """Return grids with at least two columns and only rectangular cells, from the top of the page down.

    Lines that touch no crossing line (underlines, the line above footnotes) and boxes without inner lines do not count.
    """
    horizontal = _joined_rules(rules.horizontal)
    vertical = _joined_rules(rules.vertical)
    if not horizontal or not vertical or len(horizontal) * len(vertical) > _MOST_CROSSINGS:
        return []
    drawn: list[RuledGrid] = []
    for rows, columns in _touching(horizontal, vertical):
        if not columns:
            continue
        # A table with an open side ends where its lines do.
        lefts = _clustered(
            [line.at for line in columns] + [min(row.start for row in rows), max(row.end for row in rows)]
        )
        heights = [line.at for line in rows] + [max(line.end for line in columns), min(line.start for line in columns)]
        tops = _clustered(-height for height in heights)
        has_cells = len(lefts) > _FEWEST_IN_GRID and len(tops) >= _FEWEST_IN_GRID  # with the last edge
        if has_cells and (cells := _squares_of(lefts, tops, rows, columns)):
            drawn.append(RuledGrid(tuple(lefts), tuple(tops), cells))
    return sorted(drawn, key=lambda grid: grid.tops[0])


def _joined_rules(lines: Sequence[RuledLine]) -> list[RuledLine]:
    """Join lines at one position that overlap or nearly touch; borders are often drawn cell by cell."""
    places = _clustered(line.at for line in lines)
    by_place: defaultdict[float, list[RuledLine]] = defaultdict(list)
    for line in lines:
        by_place[places[bisect_right(places, line.at) - 1]].append(line)
    result: list[RuledLine] = []
    for position, group in by_place.items():
        ordered = sorted(group, key=lambda line: line.start)
        start, end = ordered[0].start, ordered[0].end
        for line in ordered[1:]:
            if line.start > end + _TOUCHING:
                result.append(RuledLine(position, start, end))
                start = line.start
            end = max(end, line.end)
        result.append(RuledLine(position, start, end))
    return [line for line in result if line.end - line.start >= _SHORTEST_LINE]


def _clustered(places: Iterable[float]) -> list[float]:
    """Return sorted positions with close ones merged."""
    result: list[float] = []
    for place in sorted(places):
        if not result or place - result[-1] > _TOUCHING:
            result.append(place)
    return result


def _touching(
    horizontal: Sequence[RuledLine], vertical: Sequence[RuledLine]
) -> Iterator[tuple[list[RuledLine], list[RuledLine]]]:
    """Return groups of lines that cross or touch each other."""
    near = [
        [index for index, line in enumerate(vertical) if _covers(line, across.at) and _covers(across, line.at)]
        for across in horizontal
    ]
    left = set(range(len(horizontal)))
    while left:
        rows, columns, pending = set[int](), set[int](), [left.pop()]
        while pending:
            row = pending.pop()
            rows.add(row)
            columns.update(near[row])
            more = [other for other in left if not columns.isdisjoint(near[other])]
            left.difference_update(more)
            pending += more
        yield [horizontal[row] for row in rows], [vertical[column] for column in columns]


def _covers(line: RuledLine, place: float) -> bool:
    return line.start - _TOUCHING <= place <= line.end + _TOUCHING


def _squares_of(
    lefts: Sequence[float], tops: Sequence[float], horizontal: Sequence[RuledLine], vertical: Sequence[RuledLine]
) -> dict[tuple[int, int], Cell]:
    """Return the cell of each square: squares without a line between them share one; empty if not rectangular."""
    rows, columns = range(len(tops) - 1), range(len(lefts) - 1)
    middles = [(left + right) / 2 for left, right in pairwise(lefts)]
    heights = [-(upper + lower) / 2 for upper, lower in pairwise(tops)]
    walls = {(row, column) for column in columns for row in _crossed(vertical, lefts[column], heights)}
    lids = {(row, column) for row in rows for column in _crossed(horizontal, -tops[row], middles)}
    cells: dict[tuple[int, int], Cell] = {}
    for row, column in product(rows, columns):
        if (row, column) in cells:
            continue
        right = next((other for other in columns[column + 1 :] if (row, other) in walls), len(columns))
        below = next((other for other in rows[row + 1 :] if (other, column) in lids), len(rows))
        squares = list(product(range(row, below), range(column, right)))
        is_parted = any((down, across) in walls for down, across in squares if across > column) or any(
            (down, across) in lids for down, across in squares if down > row
        )
        if is_parted or any(square in cells for square in squares):
            return {}
        cells.update(dict.fromkeys(squares, Cell(row + 1, column + 1)))
    return cells


def _crossed(lines: Sequence[RuledLine], position: float, places: Sequence[float]) -> list[int]:
    """Return the indexes of the places that a line at a position passes."""
    near = [line for line in lines if abs(line.at - position) <= _TOUCHING]
    return [index for index, place in enumerate(places) if any(line.start <= place <= line.end for line in near)]


_NEAR = 2.0
_LARGEST_STEP = 3.0
_ROW_STEP = 1.2
_FEWEST_ALIGNED = 3  # columns, and rows: without ruled lines a table needs more of them
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
        len(line) >= _FEWEST_ALIGNED
        or (len(line) == _FEWEST_ALIGNED - 1 and any(has_form(run.text, "list_label") for run in line))
        for line in lines.values()
    )


def aligned_tables(runs: Sequence[CharacterRun], above: Sequence[_Lefts]) -> Iterator[AlignedTable]:
    """Yield the tables of a page from the top down, from runs split at every gap wider than between words.

    ``above`` has the left edges of the columns of tables on the previous page, which may continue here with fewer rows.
    """
    lines: list[list[CharacterRun]] = []
    for run in runs:
        if lines and abs(lines[-1][0].base - run.base) <= SAME_LINE * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    start = 0
    while start < len(lines):
        table, size = _table(lines[start:], above)
        if table is not None:
            yield table
        start += size


def _table(lines: Sequence[list[CharacterRun]], above: Sequence[_Lefts]) -> tuple[AlignedTable | None, int]:
    """Return the table that opens with the first line and its number of lines; None and 1 without a table."""
    lefts = tuple(run.left for run in lines[0])
    if len(lefts) < _FEWEST_ALIGNED:
        return None, 1
    count = next(
        (index for index in range(1, len(lines)) if not _fits(lines[index - 1], lines[index], lefts)), len(lines)
    )
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
    by_cell = {Cell(row, column): group for row, part in enumerate(cells, 1) for column, group in part.items()}
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
    return {column + 1: list(group) for column, group in groupby(runs, key=lambda run: _column(run, lefts))}


def _is_table(rows: Sequence[dict[int, list[CharacterRun]]], count: int) -> bool:
    if len(rows) < _FEWEST_ALIGNED:
        return False
    is_wrapped = any(len({len({run.base for run in runs}) for runs in row.values()}) > 1 for row in rows)
    columns = [
        [" ".join(run.text for run in row[column]) for row in rows[1:] if column in row]
        for column in range(1, count + 1)
    ]
    numbers_pages = any(all(has_form(cell, "bare_number") for cell in cells) for cells in columns[1:])
    # The cells of a column are sentences; most lines of running text in columns begin in lower case.
    states_acts = any(
        len(" ".join(cells).split()) >= _WORDS_OF_A_SENTENCE * len(cells) > 0
        and not any(cell[:1].islower() for cell in cells)
        for cells in columns
    )
    return is_wrapped and states_acts and not numbers_pages


_BULLETS = "•●▪◦"

_Runs = dict["Cell", list[CharacterRun]]


class TableReader:
    """Reads the pages of a file in order; it keeps the column positions of the last page's tables."""

    def __init__(self) -> None:
        self._columns: list[tuple[float, ...]] = []

    def runs(self, characters: Iterable[Character], rules: RuledLines, page: int) -> list[CharacterRun]:
        """Return the runs of a page; each of its tables is a run with its cells as lines."""
        above, self._columns = self._columns, []
        rest, tables = list(characters), list[CharacterRun]()
        for grid in grids(rules):
            # The middle of a letter without descender, so that text that touches a line stays in its cell.
            places = [grid.at((part.left + part.right) / 2, part.base + part.size / 4) for part in rest]
            by_cell: defaultdict[Cell, list[Character]] = defaultdict(list)
            for character, place in zip(rest, places, strict=True):
                if place is not None:
                    by_cell[place].append(character)
            read = {cell: from_top_down(runs_of(by_cell[cell])) for cell in sorted(by_cell)}
            cells = {cell: runs for cell, runs in read.items() if runs}
            filled = Counter(cell.row for cell in cells).values()
            is_table = sum(count >= _FEWEST_IN_GRID for count in filled) >= _FEWEST_IN_GRID
            if is_table or (cells and any(map(grid.has_columns_of, above))):
                rest = [character for character, place in zip(rest, places, strict=True) if place is None]
                self._columns.append(grid.lefts)
                tables.append(_as_run(cells, grid.lefts, -grid.tops[0], page))
        runs = runs_of(rest)
        if may_hold_columns(runs):
            for table in aligned_tables(from_top_down(runs_of(rest, is_narrow=True)), above):
                self._columns.append(table.lefts)
                rest = [character for character in rest if not table.bottom <= character.base <= table.top]
                tables.append(_as_run(table.cells, table.lefts, table.top, page))
                runs = runs_of(rest)
        return [*runs, *tables]


def _as_run(cells: _Runs, lefts: Sequence[float], top: float, page: int) -> CharacterRun:
    """Return a table as a run with a line per paragraph of a cell, which has line ends between its printed rows."""
    gaps = [gap for runs in cells.values() for gap in map(_gap, runs, runs[1:]) if gap > SAME_LINE]
    usual = min(gaps, default=1.0)
    lines = [
        Line(
            "\n".join(run.text for run in paragraph),
            page,
            size=round(paragraph[0].size, 1),
            bold=all(2 * run.bold > run.letters for run in paragraph),
            whole=True,
            kind=BlockKind.TABLE,
            level=cell.column,
        )
        for cell, runs in cells.items()
        for paragraph in _paragraphs(runs, usual)
    ]
    return CharacterRun(lefts[0], lefts[-1], top, 1.0, cells=tuple(lines))


def _paragraphs(runs: Sequence[CharacterRun], usual: float) -> Iterator[list[CharacterRun]]:
    paragraph = [runs[0]]
    for above, run in pairwise(runs):
        gap = _gap(above, run)
        opens_item = run.text[0] in _BULLETS or (
            has_form(run.text, "list_label") and has_form(above.text, "ending.item")
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
    result: list[Line] = []
    for line in lines:
        first, *others = line.text.split("\n")
        pieces = [first]
        for row in others:
            before, glue = joint(pieces[-1], row, known)
            pieces[-1:] = [before + glue, row]
        result.append(replace(line, text="".join(pieces)) if others else line)
    return result
