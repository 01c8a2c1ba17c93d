"""The provisions that a person should look at next.

A label is doubtful by the probabilities of the classifier, and by what people found: in a document in which an area was wrong,
that area is doubted more, and where it was right, less; so is a strength. What counts is how many wrong labels an answer is
expected to find. Among like provisions, and in one document, the first is worth most. Chosen by a simulation on coded
provisions (docs/how-to/label.md has the figures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osce_commitments.corrections import Standing, standing_answers
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError
from osce_commitments.labelling.items import LabelItem, load_items
from osce_commitments.labels import THREAT_AREAS, LabelKind, ObligationStrength, Role, label_in_words
from osce_commitments.scoring.judges import area_matrix

_Floats = NDArray[np.float64]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]

STRENGTH, AREAS = "strength", "areas"
ROUND = 50  # the advice after which answers should be read back: later choices learn from them
_PER_DOCUMENT = 3  # of a first round
_CROWDED = 0.05  # what a further provision of a document is worth then
_SHORTLIST = 10  # times the budget: only so many are compared by meaning
_SAME_MEANING = 8  # power of the cosine: only near copies count as alike
_LIKENESS = 0.5
_STRENGTH_COUNTS = 1.75  # times an area: a provision has one strength and up to twelve areas to be wrong in
_MARKED = 0.1  # added to the doubt of a strength that is marked for review: the pooled probability is too sure there
# Errors that count as seen and expected before the first answer: the fewer, the sooner a few change the doubt.
_PRIOR_OF_AREA, _PRIOR_OF_LEVEL = 1.0, 2.0
_HIGHEST = 0.95
_SHOWN = 0.05


@dataclass(frozen=True, slots=True)
class Doubts:
    """The probability that each label is wrong, 0 to 1; shapes ``(items,)`` and ``(items, areas)``."""

    strength: _Floats
    areas: _Floats

    def of(self, wanted: str = "") -> _Floats:
        """The probability that something is wrong in ``strength``, ``areas``, one area, or by default in both, shape ``(items,)``.

        Raises:
            ConfigError: If it is something else.
        """
        strength, areas = self._asked(wanted)
        return np.asarray(1 - (1 - strength) * np.prod(1 - areas, axis=1))

    def expected(self, wanted: str = "") -> _Floats:
        """The number of wrong labels that an answer is expected to find, shape ``(items,)``; see :meth:`of`."""
        strength, areas = self._asked(wanted)
        return np.asarray(_STRENGTH_COUNTS * strength + areas.sum(axis=1))

    def _asked(self, wanted: str) -> tuple[_Floats, _Floats]:
        """Strength and areas; zeros for a label that is not asked for."""
        if wanted not in {"", STRENGTH, AREAS, *THREAT_AREAS}:
            msg = f"there is no label {wanted!r}"
            raise ConfigError(msg, f"choose from: {STRENGTH}, {AREAS}, {', '.join(THREAT_AREAS)}")
        is_asked = np.array([wanted in {"", AREAS, area} for area in THREAT_AREAS])
        return self.strength * (wanted in {"", STRENGTH}), self.areas * is_asked


def plain_doubts(items: Sequence[LabelItem]) -> Doubts:
    """Doubts by the classifier's probabilities alone."""
    levels = np.array([item.levels for item in items]).reshape(len(items), -1)
    areas = np.array([item.areas for item in items]).reshape(len(items), -1)
    return Doubts(1 - levels.max(axis=1, initial=0.0), np.minimum(areas, 1 - areas))


def learnt_doubts(items: Sequence[LabelItem], standing: dict[str, Standing]) -> Doubts:
    """Doubts, corrected by the errors that people found so far: areas by document, strengths in the whole dataset."""
    before, given = plain_doubts(items), area_matrix([item.row["threat_areas"] for item in items])
    marked = np.array([item.row["needs_review"] for item in items], dtype=np.float64)
    unsure = np.minimum(before.strength + _MARKED * marked, _HIGHEST)
    checked = np.array([item.key in standing for item in items], dtype=np.bool_)
    # The labels in which people differ from the program; none where nobody answered.
    wrong, wrong_level = np.zeros(given.shape, dtype=np.bool_), np.zeros(len(items), dtype=np.bool_)
    for index, item in enumerate(items):
        values = standing[item.key].values if item.key in standing else {}
        wrong_level[index] = values.get(STRENGTH) not in {None, item.row["strength"]}
        if (right := values.get(LabelKind.THREAT_AREAS.value)) is not None:
            wrong[index] = np.array([area in right for area in THREAT_AREAS]) != given[index]
    of_level = np.unique([item.row["strength"] for item in items], return_inverse=True)[1]
    of_document = np.unique([item.document["id"] for item in items], return_inverse=True)[1]
    strength = unsure * _found(of_level, checked, wrong_level, unsure, _PRIOR_OF_LEVEL)
    areas = before.areas.copy()
    for area in range(len(THREAT_AREAS)):
        # An area that is missing and one that is too much are two kinds of error.
        group = 2 * of_document + given[:, area]
        areas[:, area] *= _found(group, checked, wrong[:, area], before.areas[:, area], _PRIOR_OF_AREA)
    return Doubts(np.minimum(strength, _HIGHEST), np.minimum(areas, _HIGHEST))


def _found(
    group: NDArray[np.int64], checked: NDArray[np.bool_], wrong: NDArray[np.bool_], doubts: _Floats, prior: float
) -> _Floats:
    """The number of errors that people found in the group of each item, as a multiple of those expected."""
    count = int(group.max(initial=-1)) + 1
    errors = np.bincount(group, wrong & checked, count)
    expected = np.bincount(group, doubts * checked, count)
    return np.asarray(((errors + prior) / (expected + prior))[group])


def choose_rows(
    items: Sequence[LabelItem], budget: int, worth: _Floats, *, is_first: bool, embed: Embed | None = None
) -> list[int]:
    """Positions of the provisions to look at, the most useful first.

    ``worth`` is how many wrong labels an answer about each is expected to find. A first choice (``is_first``) spreads
    over the documents. ``embed`` turns texts into vectors of unit length; without it, no meanings are compared.
    """
    order = np.argsort(-worth, kind="stable")[: max(budget * _SHORTLIST, budget)]
    vectors = embed([items[at].row["reading"] for at in order]) if embed else np.zeros((len(order), 1))
    near, taken = np.zeros(len(order)), np.zeros(len(order), dtype=bool)
    places: Counter[str] = Counter()
    chosen: list[int] = []
    while len(chosen) < min(budget, len(order)):
        left = worth[order] * (1 - _LIKENESS * near**_SAME_MEANING) + 1e-9
        if is_first:
            left *= [_CROWDED if places[items[at].document["id"]] >= _PER_DOCUMENT else 1.0 for at in order]
        left[taken] = -1.0
        best = int(left.argmax())
        taken[best] = True
        chosen.append(int(order[best]))
        places[items[chosen[-1]].document["id"]] += 1
        near = np.maximum(near, np.clip(vectors @ vectors[best], 0, 1))
    return chosen


def why(doubts: Doubts, position: int, item: LabelItem) -> str:
    """The doubts about a provision, in words."""
    area = int(doubts.areas[position].argmax())
    named = {STRENGTH: doubts.strength[position], label_in_words(THREAT_AREAS[area]): doubts.areas[position, area]}
    parts = [f"{name} {doubt:.2f}" for name, doubt in named.items() if doubt >= _SHOWN]
    return ", ".join(parts) or f"all sure; {ObligationStrength(item.row['strength'])}"


_LEFT_OUT = (Role.TITLE, Role.OTHER)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A provision to look at, and what is doubtful about it."""

    item: LabelItem
    doubt: float
    why: str


def next_items(  # noqa: PLR0913 - what a choice depends on
    dataset: Dataset,
    budget: int,
    wanted: str = "",
    *,
    ids: Collection[str] | None = None,
    by: str = "",
    embed: Embed | None = None,
) -> list[Chosen]:
    """The provisions that a person should look at next, the most useful first.

    Wanted is ``strength``, ``areas``, one area, or empty for strength and areas. Without ids, all provisions that are no titles or
    other matter are candidates. Those that others than ``by`` have checked are candidates too; without a person, none that
    anybody has checked. For ``embed`` see :func:`choose_rows`.

    Raises:
        ConfigError: If ``wanted`` is no label.
        DatasetError: If there is no dataset.
    """
    items = load_items(dataset)
    standing = standing_answers(dataset.read("corrections").to_pylist())
    doubts = learnt_doubts(items, standing)
    scores, worth = doubts.of(wanted), doubts.expected(wanted)
    candidates = [
        index
        for index, item in enumerate(items)
        if (item.id in ids if ids is not None else item.row["role"] not in _LEFT_OUT)
        and not _is_done(item, wanted, by, standing)
    ]
    label_items = [items[candidate] for candidate in candidates]
    rows = choose_rows(label_items, budget, worth[candidates], is_first=not standing, embed=embed)
    chosen = [candidates[row] for row in rows]
    return [
        Chosen(items[position], float(scores[position]), why(doubts, position, items[position])) for position in chosen
    ]


def _is_done(item: LabelItem, wanted: str, by: str, standing: Mapping[str, Standing]) -> bool:
    needed = {STRENGTH: [LabelKind.STRENGTH], "": [LabelKind.STRENGTH, LabelKind.THREAT_AREAS]}.get(
        wanted, [LabelKind.THREAT_AREAS]
    )
    if by:
        own = standing[item.key].answers.get(by, {}) if item.key in standing else {}
        return all(own.get(kind.value) is not None for kind in needed)
    return all(kind.value in item.checked for kind in needed)
