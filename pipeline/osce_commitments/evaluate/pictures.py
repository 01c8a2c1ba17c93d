"""Pictures of an evaluation as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.plots import BLUE, INK, MUTED, ORANGE, STYLE, as_svg, new_figure
from osce_commitments.scoring import metrics
from osce_commitments.scoring.judges import Figures, Judge, Truth, strength_confidence
from osce_commitments.scoring.metrics import ClassScore


def pictures(  # noqa: PLR0913 - one name per thing that is drawn
    judge: Judge,
    truth: Truth,
    *,
    table: Sequence[Sequence[int]],
    areas: Sequence[ClassScore],
    peers: Sequence[Figures],
    curve: Mapping[str, Sequence[tuple[int, float]]],
) -> dict[str, str]:
    """Return SVG by name: confusion, areas, peers, reliability, risk, and learning if ``curve`` has points."""
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        drawn = {"confusion": _confusion(table), "areas": _area_bars(areas), "peers": _peers(peers)}
        if judge.level_probabilities is not None and judge.area_probabilities is not None:
            drawn |= {"reliability": _reliability(judge, truth), "risk": _risk(judge, truth)}
        if curve:
            drawn["learning"] = _learning(curve)
    return drawn


def _confusion(table: Sequence[Sequence[int]]) -> str:
    counts = np.array(table, dtype=float)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure, axes = new_figure(4.6, 4.0)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            colour = "white" if shares[row, column] > 0.55 else INK  # noqa: PLR2004 - contrast on the darker half
            axes.text(column, row, f"{int(counts[row, column])}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(STRENGTHS)), STRENGTHS, rotation=40, ha="right")
    axes.set_yticks(range(len(STRENGTHS)), STRENGTHS)
    axes.set(xlabel="given", ylabel="expected")
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return as_svg(figure)


def _area_bars(scores: Sequence[ClassScore]) -> str:
    figure, axes = new_figure(5.4, 3.6)
    at = np.arange(len(THREAT_AREAS))[::-1]
    axes.barh(at, [score.f1 for score in scores], color=BLUE, height=0.62)
    for y, score in zip(at, scores, strict=True):
        label = f"{score.f1:.2f}  ({score.support})" if score.support else "no case"
        axes.text(score.f1 + 0.01, y, label, va="center", color=INK)
    axes.set_yticks(at, [area.value.replace("_", " ") for area in THREAT_AREAS])
    axes.set(xlim=(0, 1.2), xlabel="F1 (provisions that have the label)")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.tick_params(axis="y", length=0)
    return as_svg(figure)


def _peers(peers: Sequence[Figures]) -> str:
    figure, axes = new_figure(5.4, 0.8 + 0.34 * len(peers))
    at = np.arange(len(peers))[::-1]
    for y, one, colour in zip(at, peers, [ORANGE, *[BLUE] * len(peers)], strict=False):
        value = one.measures["macro_f1"]
        axes.plot([value.low, value.high], [y, y], color=colour, linewidth=2, solid_capstyle="butt")
        axes.plot(value.value, y, "o", color=colour, markersize=5)
        axes.text(min(value.high, 1.0) + 0.015, y, f"{value.value:.3f}", va="center", color=INK)
    axes.set_yticks(at, [one.name for one in peers])
    axes.set(xlim=(0, 1.12), ylim=(-0.7, len(peers) - 0.3), xlabel="macro-F1 of strength, with 95 % interval")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.tick_params(axis="y", length=0)
    return as_svg(figure)


def _reliability(judge: Judge, truth: Truth) -> str:
    assert judge.area_probabilities is not None  # noqa: S101 - the caller has looked
    figure, axes = new_figure(4.2, 3.8)
    axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle="--")
    series = {
        "strength (level given)": (strength_confidence(judge, truth), ORANGE),
        "areas (all twelve)": ((judge.area_probabilities.ravel(), truth.areas.ravel()), BLUE),
    }
    for name, ((confidence, right), colour) in series.items():
        bins = metrics.reliability(confidence, right)
        label = f"{name}: ECE {metrics.calibration_error(confidence, right):.3f}"
        axes.plot([b.confidence for b in bins], [b.right for b in bins], "o-", color=colour, markersize=4, label=label)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="predicted probability", ylabel="observed frequency")
    axes.legend(frameon=False, loc="lower right")
    return as_svg(figure)


def _risk(judge: Judge, truth: Truth) -> str:
    figure, axes = new_figure(4.6, 3.2)
    confidence, right = strength_confidence(judge, truth)
    risk = metrics.risk_coverage(confidence, right)
    coverage = np.arange(1, len(risk) + 1) / len(risk)
    axes.plot(coverage, risk, color=ORANGE)
    axes.set(
        xlim=(0, 1), xlabel="share of provisions kept, the surest first", ylabel="share of wrong levels among them"
    )
    axes.set_ylim(0, max(0.05, float(risk.max(initial=0)) * 1.1))
    return as_svg(figure)


def _learning(curve: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    figure, axes = new_figure(5.0, 3.2)
    colours = [ORANGE, BLUE, INK, MUTED]
    for (name, points), colour in zip(curve.items(), colours, strict=False):
        axes.plot(
            [size for size, _ in points], [value for _, value in points], "o-", color=colour, markersize=4, label=name
        )
    axes.set(xlabel="provisions that were trained on", ylabel="macro-F1 of strength", ylim=(0, 1))
    axes.legend(frameon=False, loc="lower right")
    return as_svg(figure)
