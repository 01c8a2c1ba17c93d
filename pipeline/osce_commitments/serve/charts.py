"""Positions and shades of the charts; the templates draw them as tables and SVG."""

from __future__ import annotations

import calendar
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from osce_commitments.query import Count
from osce_commitments.schema import Row

if TYPE_CHECKING:
    _Point = tuple[str, float, Row | None, int]  # area, moment in years, document, provisions

SHADES = 6
WIDTH, LANE = 1_000.0, 34.0
LEFT, RIGHT, TOP = 170.0, 20.0, 28.0
_LEAST_RADIUS, _MOST_RADIUS = 3.5, 13.0
_MOST_LABELS, _MOST_DOTS = 12, 1_200


def shade(count: int, most: int) -> int:
    """Shade of a cell, 0 (nothing) to ``SHADES``; the square root keeps small counts distinct."""
    if count <= 0:
        return 0
    return min(SHADES, math.ceil(SHADES * math.sqrt(count / max(most, 1))))


@dataclass(frozen=True, slots=True)
class Bar:
    """A year of the histogram; ``height`` is relative to the highest bar, 0 to 1."""

    year: int
    count: int
    height: float


def bars(counts: Sequence[Count]) -> list[Bar]:
    """The years from the first to the last, including empty ones."""
    by_year = {int(count.value): count.count for count in counts}
    if not by_year:
        return []
    most = max(*by_year.values(), 1)
    years = range(min(by_year), max(by_year) + 1)
    return [Bar(year, by_year.get(year, 0), by_year.get(year, 0) / most) for year in years]


@dataclass(frozen=True, slots=True)
class Dot:
    """A document in the lane of an area, or a whole year where there are too many documents.

    Attributes:
        row: Row of the document; None for a year.
        count: Number of provisions in the area.
    """

    x: float
    y: float
    radius: float
    area: str
    year: int
    row: Row | None
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Documents by area over time, in units of the chart.

    Attributes:
        lanes: Area and middle of its lane.
        ticks: Year and position of its start.
        is_by_year: Each dot is a year, because single documents would hide each other.
        undated: Number of documents without day and year.
    """

    lanes: list[tuple[str, float]]
    ticks: list[tuple[int, float]]
    dots: list[Dot]
    height: float
    is_by_year: bool
    undated: int


@dataclass(frozen=True, slots=True)
class CountedDocument:
    """A document with the number of provisions found in it, in all and by threat area."""

    row: Row
    total: int
    areas: Counter[str] = field(default_factory=Counter)


def timeline_of(documents: Iterable[CountedDocument], areas: Sequence[str]) -> Timeline:
    """Positions of the documents on a timeline; a larger dot has more provisions in the area."""
    found = [(document.row, document.areas, _moment(document.row)) for document in documents]
    dated = [(row, counts, at) for row, counts, at in found if at is not None]
    used = [area for area in areas if any(area in counts for _, counts, _ in dated)]
    lanes = {area: TOP + (index + 0.5) * LANE for index, area in enumerate(used)}
    first = math.floor(min((at for *_, at in dated), default=0))
    last = math.floor(max((at for *_, at in dated), default=0)) + 1
    points: list[_Point] = [(area, at, row, counts[area]) for row, counts, at in dated for area in used if counts[area]]
    is_by_year = len(points) > _MOST_DOTS
    if is_by_year:
        points = _by_year(points)
    most = max((count for *_, count in points), default=1)
    scale = (WIDTH - LEFT - RIGHT) / max(last - first, 1)
    dots = [
        Dot(
            LEFT + (at - first) * scale,
            lanes[area],
            _LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * math.sqrt(count / most),
            area,
            math.floor(at),
            row,
            count,
        )
        for area, at, row, count in points
    ]
    # Small dots are drawn over large ones, so that each can be selected.
    dots.sort(key=lambda dot: -dot.radius)
    step = max(1, math.ceil((last - first) / _MOST_LABELS))
    ticks = [(year, LEFT + (year - first) * scale) for year in range(first, last + 1, step)] if dated else []
    return Timeline(list(lanes.items()), ticks, dots, TOP + len(used) * LANE + 8, is_by_year, len(found) - len(dated))


def _by_year(points: Iterable[_Point]) -> list[_Point]:
    counts: Counter[tuple[str, int]] = Counter()
    for area, at, _, count in points:
        counts[area, math.floor(at)] += count
    return [(area, year + 0.5, None, count) for (area, year), count in counts.items()]


def _moment(row: Row) -> float | None:
    """A document's date in years; the middle of the year where only that is known."""
    day = row["date"]
    if day is None:
        return row["year"] + 0.5 if row["year"] else None
    days = 366 if calendar.isleap(day.year) else 365
    return float(day.year + (day.timetuple().tm_yday - 1) / days)
