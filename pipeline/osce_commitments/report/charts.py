"""Charts of a report, as SVG for HTML and PNG for Word."""

# ruff: noqa: ANN401 - matplotlib is untyped

from __future__ import annotations

import functools
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from osce_commitments.ids import fingerprint
from osce_commitments.labels import STRENGTHS, ObligationStrength
from osce_commitments.plots import INK, STRENGTH_COLOURS, STYLE, as_svg, new_figure
from osce_commitments.report.model import Figure

_WIDTH = 6.4
_GROUNDS = tuple(ground for ground, _ in STRENGTH_COLOURS)
_DPI = 200
_MOST_YEARS_NAMED = 14
_DARK = 0.6  # numbers on darker shades are white

_ID = re.compile(r'(\bid="|url\(#|href="#)')

LevelCounts = dict["ObligationStrength", int]


def stacked_years(counts: Mapping[int, LevelCounts], caption: str) -> Figure:
    """Commitments per year by strength."""
    years = list(range(min(counts), max(counts) + 1)) if counts else []
    columns = [counts.get(year, {}) for year in years]

    def draw(axes: Any) -> None:
        below = [0] * len(years)
        for level in STRENGTHS[1:]:
            height = [column.get(level, 0) for column in columns]
            axes.bar(years, height, bottom=below, width=0.78, color=_GROUNDS[level.level], label=_label(level, height))
            below = [low + high for low, high in zip(below, height, strict=True)]
        step = -(-len(years) // _MOST_YEARS_NAMED) or 1
        axes.set_xticks(years[::step], [str(year) for year in years[::step]])
        axes.set_ylabel("commitments")
        _whole_numbers(axes.yaxis)
        _legend(axes)

    alt = f"{caption}: " + ", ".join(f"{year} {sum(counts[year].values())}" for year in sorted(counts)) + "."
    return _drawn(draw, (_WIDTH, 2.7), alt, caption)


def stacked_bars(counts: Mapping[str, Mapping[ObligationStrength, int]], caption: str) -> Figure:
    """Commitments per name by strength, the first name on top."""
    names = list(counts)
    at = list(range(len(names)))[::-1]

    def draw(axes: Any) -> None:
        left = [0] * len(names)
        for level in STRENGTHS[1:]:
            width = [counts[name].get(level, 0) for name in names]
            axes.barh(at, width, left=left, height=0.64, color=_GROUNDS[level.level], label=_label(level, width))
            left = [low + wide for low, wide in zip(left, width, strict=True)]
        for y, total in zip(at, left, strict=True):
            axes.text(total + max(left) * 0.012, y, f"{total}", va="center")
        axes.set_yticks(at, names)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("commitments")
        axes.set_xlim(0, max([1, *left]) * 1.08)
        _whole_numbers(axes.xaxis)
        _legend(axes)

    alt = f"{caption}: " + ", ".join(f"{name} {sum(counts[name].values())}" for name in names) + "."
    return _drawn(draw, (_WIDTH, 1.15 + 0.29 * len(names)), alt, caption)


def heat(counts: Mapping[str, Mapping[int, int]], years: Sequence[int], caption: str) -> Figure:
    """Counts per name and year; higher counts are darker, empty cells have none."""
    names = list(counts)
    most = max((value for row in counts.values() for value in row.values()), default=1)
    cells = [[counts[name].get(year, 0) for year in years] for name in names]

    def draw(axes: Any) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        colours = LinearSegmentedColormap.from_list("strengths", ["#ffffff", *_GROUNDS[1:]])
        shades = [[(value / most) ** 0.5 for value in row] for row in cells]
        axes.pcolormesh(shades, cmap=colours, vmin=0, vmax=1, edgecolors="#e4e7eb", linewidth=0.6)
        if len(years) <= _MOST_YEARS_NAMED * 2:
            _numbers(axes, cells, shades)
        step = -(-len(years) // _MOST_YEARS_NAMED) or 1
        axes.set_xticks(
            [position + 0.5 for position in range(0, len(years), step)], [str(year) for year in years[::step]]
        )
        axes.set_yticks([at + 0.5 for at in range(len(names))], names)
        axes.invert_yaxis()
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)

    empty = ", ".join(name for name in names if not any(counts[name].values()))
    alt = f"{caption}. The table below gives the figures." + (f" No commitments: {empty}." if empty else "")
    return _drawn(draw, (_WIDTH, 0.7 + 0.25 * len(names)), alt, caption)


def _numbers(axes: Any, cells: Sequence[Sequence[int]], shades: Sequence[Sequence[float]]) -> None:
    for y, row in enumerate(cells):
        for x, value in enumerate(row):
            if value:
                colour = "white" if shades[y][x] > _DARK else INK
                axes.text(x + 0.5, y + 0.52, str(value), ha="center", va="center", color=colour, fontsize=7)


def _whole_numbers(axis: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def _label(level: ObligationStrength, counts: Sequence[int]) -> str:
    return level.value if any(counts) else "_"  # which the legend leaves out


def _legend(axes: Any) -> None:
    # A legend of the figure, not of the axes: next to long bar names the axes are too narrow.
    axes.figure.legend(loc="outside upper left", ncols=5, frameon=False, handlelength=1, fontsize=8)


def _drawn(draw: Any, size: tuple[float, float], alt: str, caption: str) -> Figure:
    # One report may be written in several formats: a figure is drawn once for each kind of picture.
    return Figure(functools.cache(functools.partial(_picture, draw, size, caption)), alt, caption, size[0])


def _picture(draw: Any, size: tuple[float, float], caption: str, kind: str) -> bytes:
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        figure, axes = new_figure(*size)
        draw(axes)
        if kind == "svg":
            return _ID.sub(lambda match: f"{match[1]}{fingerprint(caption)}-", as_svg(figure)).encode()
        target = io.BytesIO()
        figure.savefig(target, format="png", dpi=_DPI, metadata={"Software": None})
        return target.getvalue()
