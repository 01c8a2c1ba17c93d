"""The queue of provisions for a person: candidates, doubts, choice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from osce_commitments.corrections import Standing, standing_answers
from osce_commitments.dataset import Dataset
from osce_commitments.labelling.items import LabelItem, load_items
from osce_commitments.labelling.selection import STRENGTH, Embed, choose_rows, learnt_doubts, why
from osce_commitments.labels import LabelKind, Role

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

    Args:
        dataset: The dataset; its newest version counts.
        budget: How many are wanted.
        wanted: ``strength``, ``areas``, one area, or empty for strength and areas.
        ids: Only these provisions; None for all that are no titles or other matter.
        by: A person: provisions that only others have checked are candidates too. Empty: provisions that anybody has checked are left out.
        embed: See :func:`choose_rows`.

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
    some = [items[candidate] for candidate in candidates]
    rows = choose_rows(some, budget, worth[candidates], is_first=not standing, embed=embed)
    chosen = [candidates[at] for at in rows]
    return [Chosen(items[at], float(scores[at]), why(doubts, at, items[at])) for at in chosen]


def _is_done(item: LabelItem, wanted: str, by: str, standing: Mapping[str, Standing]) -> bool:
    needed = {STRENGTH: [LabelKind.STRENGTH], "": [LabelKind.STRENGTH, LabelKind.THREAT_AREAS]}.get(
        wanted, [LabelKind.THREAT_AREAS]
    )
    if by:
        own = standing[item.key].answers.get(by, {}) if item.key in standing else {}
        return all(own.get(kind.value) is not None for kind in needed)
    return all(kind.value in item.checked for kind in needed)
