"""Ruled lines on a page of a PDF file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float, c_int
from functools import partial
from itertools import pairwise
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
    rules = RuledLines([], [])
    for count, (path, matrix) in enumerate(_paths(page)):
        if count >= _MOST_PATHS:
            return RuledLines([], [])
        for (left, bottom), (right, top) in _straight(path, matrix):
            if top - bottom <= _THICKEST_POINTS < right - left:
                rules.horizontal.append(RuledLine((bottom + top) / 2, left, right))
            elif right - left <= _THICKEST_POINTS < top - bottom:
                rules.vertical.append(RuledLine((left + right) / 2, bottom, top))
    return rules


def _paths(page: Any) -> Iterator[tuple[Any, _Matrix]]:  # noqa: ANN401 - pypdfium2 brings no types
    import pypdfium2.raw as pdfium

    places = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    yield from _paths_among(places, _SAME_PLACE, 1)


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


def _matrix_of(found: Any) -> _Matrix:  # noqa: ANN401 - pypdfium2 brings no types
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(found, byref(matrix)):
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
