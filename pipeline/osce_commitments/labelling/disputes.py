"""The provisions on which persons differ and nobody has decided."""

from __future__ import annotations

from dataclasses import replace

from osce_commitments.corrections import standing_answers
from osce_commitments.dataset import Dataset
from osce_commitments.labelling.agreement import answers_in_words
from osce_commitments.labelling.items import LabelItem, load_items


def disputed_items(dataset: Dataset) -> list[LabelItem]:
    """These provisions, each with what everybody said."""
    standing = standing_answers(dataset.read("corrections").to_pylist())
    disputed = {key: one for key, one in standing.items() if one.disputed}
    items = {item.key: item for item in load_items(dataset)}
    return [replace(items[key], answers=answers_in_words(one)) for key, one in disputed.items() if key in items]
