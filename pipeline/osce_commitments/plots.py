"""Style of all charts: colours, matplotlib settings, figures as SVG."""

# ruff: noqa: ANN401 - matplotlib is untyped

from __future__ import annotations

import io
from typing import Any

INK, MUTED, BLUE, ORANGE = "#1f2933", "#9aa5b1", "#1f5fa8", "#c05621"
# Background and legible text colour of each obligation strength, none to mandating. From light to dark, so that the order
# is visible without colour too. page.css repeats them, with others for dark screens.
STRENGTH_COLOURS = (
    ("#eceef1", "#3c444d"),
    ("#c9deef", "#16344e"),
    ("#9cc3e3", "#0e2c45"),
    ("#649fce", "#06182a"),
    ("#2f6ea6", "#ffffff"),
    ("#123f6b", "#ffffff"),
)
STYLE: Any = {
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "osce-commitments",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def new_figure(width: float, height: float) -> tuple[Any, Any]:
    """A figure, its size in inches, and its axes; use it under :data:`STYLE`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def as_svg(figure: Any) -> str:
    """A figure as an ``svg`` element without a date; text stays text."""
    target = io.StringIO()
    figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = target.getvalue()
    return text[text.index("<svg") :]
