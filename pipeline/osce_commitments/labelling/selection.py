"""Which provisions a person should look at next.

A label is doubtful by the probabilities of the classifier. An area in which people found more errors than the probabilities
say is looked at more. Among like provisions, and in one document, the first is worth most. Chosen by a simulation on real
provisions with known labels (docs/how-to/label.md has the figures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.corrections import Standing
from osce_commitments.errors import ConfigError
from osce_commitments.labels import THREAT_AREAS, LabelKind, ObligationStrength, ThreatArea

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.labelling.items import LabelItem

    Floats = NDArray[np.float64]
    Embed = Callable[[Sequence[str]], NDArray[np.float32]]

STRENGTH, AREAS = "strength", "areas"
ROUND = 50  # the advice after which answers should be read back: later choices learn from them
_PER_DOCUMENT = 3  # of a first round
_CROWDED = 0.05  # what a further provision of a document is worth then
_SHORTLIST = 10  # times the budget: only so many are compared by meaning
_SAME_MEANING = 8  # power of the cosine: only near copies count as alike
_LIKENESS = 0.5
_PRIOR = (
    15.0  # errors that count as seen and expected before the first answer: the fewer, the sooner a few raise the doubt
)
_HIGHEST = 0.95


@dataclass(frozen=True, slots=True)
class Doubts:
    """How likely each label is wrong, 0 to 1.

    Attributes:
        strength: Shape ``(items,)``.
        areas: Shape ``(items, areas)``.
    """

    strength: Floats
    areas: Floats

    def of(self, wanted: str = "") -> Floats:
        """How likely something is wrong, shape ``(items,)``.

        Args:
            wanted: ``strength``, ``areas``, one area, or empty for strength and areas.

        Raises:
            ConfigError: If it is something else.
        """
        if wanted == STRENGTH:
            return self.strength
        if wanted in set(THREAT_AREAS):
            return np.asarray(self.areas[:, THREAT_AREAS.index(ThreatArea(wanted))])
        if wanted not in {"", AREAS}:
            msg = f"there is no label {wanted!r}"
            raise ConfigError(msg, f"choose from: {STRENGTH}, {AREAS}, {', '.join(THREAT_AREAS)}")
        any_area = 1 - np.prod(1 - self.areas, axis=1)
        return np.asarray(any_area if wanted else 1 - (1 - self.strength) * (1 - any_area))


def plain_doubts(items: Sequence[LabelItem]) -> Doubts:
    """Doubts by the classifier's probabilities alone."""
    levels = np.array([item.levels for item in items]).reshape(len(items), -1)
    areas = np.array([item.areas for item in items]).reshape(len(items), -1)
    return Doubts(1 - levels.max(axis=1, initial=0.0), np.minimum(areas, 1 - areas))


def learnt_doubts(items: Sequence[LabelItem], standing: dict[str, Standing]) -> Doubts:
    """Doubts, those of areas corrected by the errors that people found so far.

    Args:
        items: All provisions, also those that people have checked.
        standing: The answers that count, by key.
    """
    before = plain_doubts(items)
    checked = np.array([item.key in standing for item in items], dtype=np.bool_)
    given, areas = _given(items), before.areas.copy()
    wrong = _wrong_areas(items, standing, given)
    for area in range(len(THREAT_AREAS)):
        for side in (False, True):
            alike = given[:, area] == side
            some = alike & checked
            errors, expected = wrong[some, area].sum(), before.areas[some, area].sum()
            areas[alike, area] *= (errors + _PRIOR) / (expected + _PRIOR)
    return Doubts(before.strength, np.minimum(areas, _HIGHEST))


def _given(items: Sequence[LabelItem]) -> NDArray[np.bool_]:
    cells = [[area in item.row["threat_areas"] for area in THREAT_AREAS] for item in items]
    return np.array(cells, dtype=np.bool_).reshape(len(items), len(THREAT_AREAS))


def _wrong_areas(
    items: Sequence[LabelItem], standing: dict[str, Standing], given: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Where people differ from the program; False where nobody answered."""
    wrong = np.zeros(given.shape, dtype=np.bool_)
    for at, item in enumerate(items):
        one = standing.get(item.key)
        right = one.values.get(LabelKind.THREAT_AREAS.value) if one else None
        if right is not None:
            wrong[at] = np.array([area in right for area in THREAT_AREAS]) != given[at]
    return wrong


def choose_rows(
    items: Sequence[LabelItem],
    budget: int,
    doubts: Floats,
    *,
    is_first: bool,
    embed: Embed | None = None,
) -> list[int]:
    """Positions of the provisions to look at, the most useful first.

    Args:
        items: The candidates.
        budget: How many are wanted.
        doubts: How likely each is wrong.
        is_first: Whether nobody has answered yet: the choice then spreads over the documents.
        embed: Turns texts into vectors of unit length; None to compare no meanings.
    """
    order = np.argsort(-doubts, kind="stable")[: max(budget * _SHORTLIST, budget)]
    vectors = embed([items[at].row["reading"] for at in order]) if embed else np.zeros((len(order), 1))
    near, taken = np.zeros(len(order)), np.zeros(len(order), dtype=bool)
    places: Counter[str] = Counter()
    chosen: list[int] = []
    while len(chosen) < min(budget, len(order)):
        worth = doubts[order] * (1 - _LIKENESS * near**_SAME_MEANING) + 1e-9
        if is_first:
            worth *= [_CROWDED if places[items[at].document["id"]] >= _PER_DOCUMENT else 1.0 for at in order]
        worth[taken] = -1.0
        best = int(worth.argmax())
        taken[best] = True
        chosen.append(int(order[best]))
        places[items[chosen[-1]].document["id"]] += 1
        near = np.maximum(near, np.clip(vectors @ vectors[best], 0, 1))
    return chosen


def why(doubts: Doubts, at: int, item: LabelItem) -> str:
    """What is doubtful about a provision, in words."""
    area = int(doubts.areas[at].argmax())
    parts = [f"strength {doubts.strength[at]:.2f}"] if doubts.strength[at] >= _SHOWN else []
    parts += (
        [f"{THREAT_AREAS[area].value.replace('_', ' ')} {doubts.areas[at, area]:.2f}"]
        if doubts.areas[at, area] >= _SHOWN
        else []
    )
    return ", ".join(parts) or f"all sure; {ObligationStrength(item.row['strength'])}"


_SHOWN = 0.05
