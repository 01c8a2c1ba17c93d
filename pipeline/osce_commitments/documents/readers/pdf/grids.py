"""Builds the cells of tables from ruled lines."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_float, c_int
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, product
from typing import Any, NamedTuple

# A line may be drawn as a filled box; thicker boxes are shading or pictures.
_THICKEST_POINTS = 3.0
_MAX_DEPTH = 3
_MOST_PATHS = 5_000
_MOST_SEGMENTS = 2_000
_Matrix = tuple[float, float, float, float, float, float]
_Point = tuple[float, float]
_SAME_PLACE: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


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

    rules = RuledLines([], [])
    objects = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    for count, (path, matrix) in enumerate(_paths_among(objects, _SAME_PLACE, 1)):
        if count >= _MOST_PATHS:
            return RuledLines([], [])
        for (left, bottom), (right, top) in _straight(path, matrix):
            if top - bottom <= _THICKEST_POINTS < right - left:
                rules.horizontal.append(RuledLine((bottom + top) / 2, left, right))
            elif right - left <= _THICKEST_POINTS < top - bottom:
                rules.vertical.append(RuledLine((left + right) / 2, bottom, top))
    return rules


def _paths_among(places: Iterator[Any], outer: _Matrix, depth: int) -> Iterator[tuple[Any, _Matrix]]:
    import pypdfium2.raw as pdfium

    for place in places:
        kind = pdfium.FPDFPageObj_GetType(place)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield place, _product(_matrix_of(place), outer)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            count = range(pdfium.FPDFFormObj_CountObjects(place))
            inner = map(partial(pdfium.FPDFFormObj_GetObject, place), count)
            yield from _paths_among(inner, _product(_matrix_of(place), outer), depth + 1)


def _matrix_of(drawn: Any) -> _Matrix:  # noqa: ANN401 - pypdfium2 brings no types
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, byref(matrix)):
        return _SAME_PLACE
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    left, bottom = _placed((e, f), outer)
    aa, ab, ac, ad, _, _ = outer
    return a * aa + b * ac, a * ab + b * ad, c * aa + d * ac, c * ab + d * ad, left, bottom


def _placed(point: _Point, matrix: _Matrix) -> _Point:
    (x, y), (a, b, c, d, e, f) = point, matrix
    return a * x + c * y + e, b * x + d * y + f


def _straight(path: Any, matrix: _Matrix) -> Iterator[tuple[_Point, _Point]]:  # noqa: ANN401 - pypdfium2 brings no types
    """Yield the lower left and upper right corner of every thin box and line in a path."""
    import pypdfium2.raw as pdfium

    fill, stroke = c_int(), c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke)):
        return
    for points in _outlines(path, matrix):
        box = _box(points)
        if min(box[1][0] - box[0][0], box[1][1] - box[0][1]) <= _THICKEST_POINTS:
            if stroke.value or fill.value:
                yield box
        elif stroke.value:
            # A filled box without an outline is the background of text.
            yield from (_box(ends) for ends in pairwise(points))


def _outlines(path: Any, matrix: _Matrix) -> Iterator[list[_Point]]:  # noqa: ANN401 - pypdfium2 brings no types
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
        points.append(_placed((x.value, y.value), matrix))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not is_curved:
        yield points


def _box(points: Sequence[_Point]) -> tuple[_Point, _Point]:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys)), (max(xs), max(ys))


# Points: lines this close count as one position, and lines with a gap this narrow as touching.
_NEAR = 3.0
_SHORTEST_LINE = 6.0
_MOST_CROSSINGS = 20_000
_LEAST_COLUMNS = 2


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
        return len(self.lefts) == len(lefts) and all(abs(left - other) <= _NEAR for left, other in pairs)

    def at(self, x: float, y: float) -> Cell | None:
        """Return the cell that contains a point."""
        return self.cells.get((bisect_right(self.tops, -y) - 1, bisect_right(self.lefts, x) - 1))


def grids(rules: RuledLines) -> list[RuledGrid]:
    """Return grids with at least two columns and only rectangular cells, from the top of the page down.

    Lines that touch no crossing line (underlines, the line above footnotes) and boxes without inner lines do not count.
    """
    horizontal = _joined(rules.horizontal)
    vertical = _joined(rules.vertical)
    if not horizontal or not vertical or len(horizontal) * len(vertical) > _MOST_CROSSINGS:
        return []
    candidates = (_grid(*group) for group in _touching(horizontal, vertical))
    return sorted((grid for grid in candidates if grid is not None), key=lambda grid: grid.tops[0])


def _joined(lines: Sequence[RuledLine]) -> list[RuledLine]:
    """Join lines at one position that overlap or nearly touch; borders are often drawn cell by cell."""
    places = _clustered(line.at for line in lines)
    by_place: defaultdict[float, list[RuledLine]] = defaultdict(list)
    for line in lines:
        by_place[_nearest(places, line.at)].append(line)
    result: list[RuledLine] = []
    for at, group in by_place.items():
        ordered = sorted(group, key=lambda line: line.start)
        start, end = ordered[0].start, ordered[0].end
        for line in ordered[1:]:
            if line.start > end + _NEAR:
                result.append(RuledLine(at, start, end))
                start = line.start
            end = max(end, line.end)
        result.append(RuledLine(at, start, end))
    return [line for line in result if line.end - line.start >= _SHORTEST_LINE]


def _clustered(places: Iterable[float]) -> list[float]:
    """Return sorted positions with close ones merged."""
    result: list[float] = []
    for place in sorted(places):
        if not result or place - result[-1] > _NEAR:
            result.append(place)
    return result


def _nearest(places: Sequence[float], at: float) -> float:
    return places[bisect_right(places, at) - 1]


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
    return line.start - _NEAR <= place <= line.end + _NEAR


def _grid(horizontal: Sequence[RuledLine], vertical: Sequence[RuledLine]) -> RuledGrid | None:
    """Return the grid of a group of lines; a table with an open side ends where its lines do."""
    if not vertical:
        return None
    lefts = _clustered(
        [line.at for line in vertical] + [min(line.start for line in horizontal), max(line.end for line in horizontal)]
    )
    tops = _clustered(
        [-line.at for line in horizontal] + [-max(line.end for line in vertical), -min(line.start for line in vertical)]
    )
    if len(lefts) <= _LEAST_COLUMNS or len(tops) < 2:  # noqa: PLR2004 - the edges of one row
        return None
    cells = _cells(lefts, tops, horizontal, vertical)
    return RuledGrid(tuple(lefts), tuple(tops), cells) if cells else None


def _cells(
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
        right = next((at for at in columns[column + 1 :] if (row, at) in walls), len(columns))
        below = next((at for at in rows[row + 1 :] if (at, column) in lids), len(rows))
        squares = list(product(range(row, below), range(column, right)))
        is_parted = any((at, across) in walls for at, across in squares if across > column) or any(
            (at, across) in lids for at, across in squares if at > row
        )
        if is_parted or any(square in cells for square in squares):
            return {}
        cells.update(dict.fromkeys(squares, Cell(row + 1, column + 1)))
    return cells


def _crossed(lines: Sequence[RuledLine], at: float, places: Sequence[float]) -> list[int]:
    """Return the indexes of the places that a line at ``at`` passes."""
    near = [line for line in lines if abs(line.at - at) <= _NEAR]
    return [index for index, place in enumerate(places) if any(line.start <= place <= line.end for line in near)]
