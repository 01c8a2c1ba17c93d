"""The findings of the rules, in the form that network and pooling read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.rules.areas import named_areas
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Field, ThreatArea
from osce_commitments.schema import AreaCue, Classification, Provision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AREA_HINTS = (5, len(THREAT_AREAS))
LEVEL_HINTS = len(STRENGTHS) + 1
_POSITION = {area: position for position, area in enumerate(THREAT_AREAS)}


@dataclass(frozen=True, slots=True)
class Hints:
    """The findings of the rules in one provision, as ones and zeros.

    Attributes:
        areas: Shape ``AREA_HINTS``: the areas in text, lead-in, nearest heading with an area and title, each read
            alone, and the areas that the rules decide on.
        levels: Shape ``(LEVEL_HINTS,)``: the level that the rules give, and whether they are unsure of it.
    """

    areas: NDArray[np.float32]
    levels: NDArray[np.float32]


def hints(provision: Provision, judged: Classification) -> Hints:
    """Return the hints for a provision that the rule classifier has labelled."""
    fields = (*named_areas(provision).values(), judged.threat_areas)
    levels = [*(level == judged.strength for level in STRENGTHS), judged.needs_review]
    return Hints(np.array([_flags(areas) for areas in fields], dtype=np.float32), np.array(levels, dtype=np.float32))


def _flags(areas: Iterable[ThreatArea]) -> list[bool]:
    present = frozenset(areas)
    return [area in present for area in THREAT_AREAS]


def area_hints(provisions: Sequence[Provision], judged: Sequence[Classification]) -> Floats:
    """The areas that each field names and the rules give, shape ``(provisions, 5, areas)``."""
    field_areas = [hints(provision, rule).areas for provision, rule in zip(provisions, judged, strict=True)]
    return np.array(field_areas, dtype=np.float64).reshape(len(provisions), *AREA_HINTS)


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
