"""Reliability of a cue of a threat area: the share of right areas by its rule and its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.labels import THREAT_AREAS, Field
from osce_commitments.schema import AreaCue, Classification

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_POSITION = {area: position for position, area in enumerate(THREAT_AREAS)}


def cue_shares(judged: Sequence[Classification], field_areas: Floats, shares: Mapping[str, float]) -> Floats:
    """Share of right areas under the cue of each area, shape ``(provisions, areas)``; 1 where the rules give none.

    Args:
        judged: What the rules say.
        field_areas: Areas that each field names and the rules give, shape ``(provisions, 5, areas)``.
        shares: By name of a cue; cues of a rule that is not listed have the share of their place.
    """
    cells = np.ones((len(judged), len(THREAT_AREAS)))
    for row, result in enumerate(judged):
        for position, rule, place in named_cues(result, field_areas[row]):
            cells[row, position] = shares.get(cue_name(rule, place), shares.get(place, 1.0))
    return cells


def named_cues(judged: Classification, field_areas: Floats) -> Iterator[tuple[int, str, str]]:
    """Position of the area, rule and place of each cue of a provision."""
    for cue in judged.area_cues:
        yield _POSITION[cue.area], cue.cue.rule, _place(cue, field_areas[:, _POSITION[cue.area]])


def cue_name(rule: str, place: str) -> str:
    """The name of a cue in the table of shares."""
    return f"{rule}:{place}"


def _place(cue: AreaCue, field_areas: Floats) -> str:
    """The field of the cue; of one in the text also whether lead-in, heading or title name the area too."""
    if cue.cue.field is Field.TEXT and field_areas[1:4].any():
        return "text and context"
    return cue.cue.field.value
