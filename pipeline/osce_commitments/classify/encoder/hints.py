"""The findings of the rules, in the form that the network reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.rules.areas import named_areas
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ThreatArea
from osce_commitments.schema import Classification, Provision

if TYPE_CHECKING:
    from numpy.typing import NDArray

AREA_HINTS = (5, len(THREAT_AREAS))
LEVEL_HINTS = len(STRENGTHS) + 1


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
