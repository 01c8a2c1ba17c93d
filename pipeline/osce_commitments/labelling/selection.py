"""Which provisions a person should look at next.

A label is doubtful by the probabilities of the classifier, corrected by what people found so far: an area, or a document, in
which they found more errors than the probabilities say is looked at more. Among like provisions, and in one document, the
first is worth most. Chosen by a simulation on real provisions with known labels (docs/how-to/label.md has the figures).
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
# What counts as seen before the first answer: the smaller, the sooner a few errors raise the doubt.
_AREA_PRIOR, _DOCUMENT_PRIOR = 2.0, 4.0
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
    """Doubts corrected by the answers that people gave so far.

    Args:
        items: All provisions, also those that people have checked.
        standing: The answers that count, by key.
    """
    before = plain_doubts(items)
    checked = [at for at, item in enumerate(items) if item.key in standing]
    if not checked:
        return before
    given = _given(items)
    wrong_strength, wrong_areas = _wrong(items, standing, checked, given)
    factors = np.ones_like(before.areas)
    for area in range(len(THREAT_AREAS)):
        for side in (False, True):
            some = [at for at in checked if given[at, area] == side]
            factor = _factor(wrong_areas[some, area].sum(), before.areas[some, area].sum(), _AREA_PRIOR)
            factors[given[:, area] == side, area] *= factor
    strength = before.strength.copy()
    places = np.array([item.document["id"] for item in items])
    for place in {places[at] for at in checked}:
        some, here = [at for at in checked if places[at] == place], places == place
        strength[here] *= _factor(wrong_strength[some].sum(), before.strength[some].sum(), _DOCUMENT_PRIOR)
        factors[here] *= _factor(wrong_areas[some].sum(), before.areas[some].sum(), _DOCUMENT_PRIOR)
    return Doubts(np.minimum(strength, _HIGHEST), np.minimum(before.areas * factors, _HIGHEST))


def _factor(errors: float, expected: float, prior: float) -> float:
    return float((errors + prior) / (expected + prior))


def _given(items: Sequence[LabelItem]) -> NDArray[np.bool_]:
    cells = [[area in item.row["threat_areas"] for area in THREAT_AREAS] for item in items]
    return np.array(cells, dtype=np.bool_).reshape(len(items), len(THREAT_AREAS))


def _wrong(
    items: Sequence[LabelItem], standing: dict[str, Standing], checked: Sequence[int], given: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Where people differ from the program: 1 for a wrong label."""
    strength, areas = np.zeros(len(items)), np.zeros(given.shape)
    for at in checked:
        values = standing[items[at].key].values
        said = values.get(LabelKind.STRENGTH.value)
        strength[at] = said is not None and said != items[at].row["strength"]
        right = values.get(LabelKind.THREAT_AREAS.value)
        if right is not None:
            areas[at] = np.array([area in right for area in THREAT_AREAS]) != given[at]
    return strength, areas


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
