"""Shades, bars, dots, and colours that can be told apart."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from importlib.resources import files

import pytest

from osce_commitments.plots import STRENGTH_COLOURS
from osce_commitments.query import Count
from osce_commitments.serve import charts


def test_shades_rise_from_nothing_to_the_greatest() -> None:
    found = [charts.shade(count, 100) for count in (0, 1, 10, 50, 100, 500)]
    assert found == [0, 1, 2, 5, 6, 6]
    assert charts.shade(3, 0) == charts.SHADES


def test_bars_cover_every_year_between() -> None:
    found = charts.bars([Count("2001", 4), Count("2003", 1)])
    assert [(one.year, one.count, one.height) for one in found] == [(2001, 4, 1.0), (2002, 0, 0.0), (2003, 1, 0.25)]
    assert charts.bars([]) == []


def test_dots_stand_at_their_day_in_the_lanes_of_their_areas() -> None:
    first = charts.CountedDocument({"date": dt.date(2010, 1, 1), "year": 2010}, 3, Counter({"arms": 2, "policing": 1}))
    second = charts.CountedDocument({"date": None, "year": 2011}, 8, Counter({"arms": 8}))
    undated = charts.CountedDocument({"date": None, "year": None}, 1, Counter({"terrorism": 1}))
    found = charts.timeline_of([first, second, undated], ["terrorism", "arms", "policing"])
    assert [area for area, _ in found.lanes] == ["arms", "policing"]
    assert found.undated == 1
    assert [year for year, _ in found.ticks] == [2010, 2011, 2012]
    middle = (charts.LEFT + charts.WIDTH - charts.RIGHT) / 2
    assert {(round(dot.x), dot.count) for dot in found.dots} == {
        (round(charts.LEFT), 2),
        (round(charts.LEFT), 1),
        (round(middle + (charts.WIDTH - charts.RIGHT - middle) / 2), 8),
    }
    assert not found.is_by_year
    assert charts.timeline_of([], ["arms"]).dots == []


def test_too_many_documents_become_years() -> None:
    many = [
        charts.CountedDocument({"date": None, "year": 2000 + at % 3}, 1, Counter({"arms": 2})) for at in range(1_500)
    ]
    found = charts.timeline_of(many, ["arms"])
    assert found.is_by_year
    assert [(dot.year, dot.row, dot.count) for dot in found.dots] == [
        (year, None, 1_000) for year in (2000, 2001, 2002)
    ]


STYLE = (files("osce_commitments.resources") / "static" / "page.css").read_text(encoding="utf-8")
PAIRS = [
    ("ink", "ground"), ("ink", "paper"), ("soft", "ground"), ("soft", "paper"), ("accent", "ground"), ("accent", "paper"),
    ("accent", "here"), ("ink", "here"), ("ink", "hit"), ("ink", "cue"), ("warn", "warn-ground"), ("warn", "ground"),
    ("gone-ink", "gone"), ("new-ink", "new"), ("ground", "accent"), *((f"on{level}", f"s{level}") for level in range(6)),
]  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark.split("}")[0]))


def test_a_strength_has_one_colour_on_pages_and_in_reports() -> None:
    light = colours("light")
    assert [(light[f"s{level}"], light[f"on{level}"]) for level in range(6)] == list(STRENGTH_COLOURS)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_level_aa(scheme: str) -> None:
    known = colours(scheme)
    for text, ground in PAIRS:
        low, high = sorted((luminance(known[text]), luminance(known[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_strengths_can_be_told_apart_by_lightness_alone(scheme: str) -> None:
    known = colours(scheme)
    steps = [luminance(known[f"s{level}"]) for level in range(6)]
    assert steps == sorted(steps, reverse=scheme == "light")
    assert all((max(pair) + 0.05) / (min(pair) + 0.05) > 1.15 for pair in itertools.pairwise(steps))
