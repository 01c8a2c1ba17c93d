"""The same acts under other titles, so that the network learns when an act takes the area of its title."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from osce_commitments.labels import THREAT_AREAS, Role, ThreatArea
from osce_commitments.scoring.labelled_rows import LabelledRow

Title = tuple[str, frozenset[ThreatArea]]

VARIANTS = 6
# Hard cases of the annotation guide (rule T4): acts without a subject, and acts that take no area from a title.
_TAKES_TITLE, _UNTIED = "a-title", frozenset({"a-untied", "a-not-title"})
_SILENT_SHARE = 0.15  # share of titles without an area among the new titles of acts without a subject


def under_other_titles(rows: Sequence[LabelledRow], seed: int) -> dict[int, list[LabelledRow]]:
    """Return rows as they would be coded in other documents, by their position.

    An act without a subject takes the areas of a new title. An act without an area in a document on a threat never has
    one. Rows without these hard cases have no variants.
    """
    titles: dict[str, Title] = {row.document: (row.title, row.threat_areas) for row in rows if row.role == Role.TITLE}
    draw = _Draw(titles, seed)
    variants = {}
    for position, row in enumerate(rows):
        own = titles.get(row.document, ("", frozenset()))[1]
        if not own or row.role == Role.TITLE:
            continue
        if _TAKES_TITLE in row.hard_cases and row.threat_areas == own:
            variants[position] = [_under(row, title, title[1]) for title in draw.titles(silent=_SILENT_SHARE)]
        elif _UNTIED & set(row.hard_cases) and not row.threat_areas:
            variants[position] = [_under(row, title, frozenset()) for title in draw.titles(silent=0.0)]
    return variants


class _Draw:
    """Draws titles: rare areas as often as frequent ones."""

    def __init__(self, titles: Mapping[str, Title], seed: int) -> None:
        self._by_area = [
            group for area in THREAT_AREAS if (group := [title for title in titles.values() if area in title[1]])
        ]
        self._silent = [title for title in titles.values() if not title[1]]
        self._random = np.random.default_rng(seed)

    def titles(self, *, silent: float) -> Iterator[Title]:
        for _ in range(VARIANTS):
            is_silent = bool(self._silent) and self._random.random() < silent
            drawn = self._silent if is_silent else self._by_area[self._random.integers(len(self._by_area))]
            yield drawn[self._random.integers(len(drawn))]


def _under(row: LabelledRow, title: Title, areas: frozenset[ThreatArea]) -> LabelledRow:
    return dataclasses.replace(row, title=title[0], threat_areas=areas)
