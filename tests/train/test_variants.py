"""Variants that stand in for rows while a network learns."""

from __future__ import annotations

from typing import Any

import torch

from osce_commitments.classify.encoder.inputs import Composer, InputSettings
from osce_commitments.train.batches import collate
from osce_commitments.train.data import VARIANTS, as_dataset, under_other_titles
from osce_commitments.train.encoders import load_encoder

from .test_titles import DRUGS, coded, corpus


def dataset(*, varied: bool = True) -> list[dict[str, Any]]:
    """Three titles, then one act that takes the area of its title."""
    rows = corpus(coded("drugs", "Requests a report", DRUGS, "a-title"))
    encoder = load_encoder("tiny", "", [row.text for row in rows])
    composer = Composer(encoder.tokenizer, InputSettings())
    variants = under_other_titles(rows, seed=1) if varied else None
    return list(as_dataset(rows, composer, variants))


def areas_drawn(swapped: float, batches: int) -> list[list[float]]:
    torch.manual_seed(7)
    rows = dataset()
    return [collate(rows, swapped=swapped)["areas"][3].tolist() for _ in range(batches)]


def test_only_rows_that_can_have_variants_do() -> None:
    assert [len(row["variants"]) for row in dataset()] == [0, 0, 0, VARIANTS]
    assert all("variants" not in row for row in dataset(varied=False))


def test_rows_stand_for_themselves_where_nothing_is_swapped() -> None:
    rows = dataset()
    assert areas_drawn(0.0, 10) == [rows[3]["areas"]] * 10
    assert collate(dataset(varied=False), swapped=1.0)["areas"][3].tolist() == rows[3]["areas"]


def test_a_variant_comes_with_its_own_title_and_areas() -> None:
    torch.manual_seed(7)
    rows = dataset()
    held = [(one["input_ids"], one["areas"]) for one in rows[3]["variants"]]
    for _ in range(10):
        batch = collate(rows, swapped=1.0)
        size = int(batch["attention_mask"][3].sum())
        drawn = tuple(batch[name][3].tolist() for name in ("input_ids", "areas"))
        assert (drawn[0][:size], *drawn[1:]) in held
        assert batch["targets"][3].tolist() == rows[3]["targets"]


def test_the_share_is_how_often_a_variant_is_drawn_and_a_seed_decides_which() -> None:
    own, drawn = dataset()[3]["areas"], areas_drawn(0.5, 200)
    assert 60 < sum(areas != own for areas in drawn) < 120  # some variants have the row's own areas
    assert drawn == areas_drawn(0.5, 200)
