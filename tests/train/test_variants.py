"""Variants that stand in for rows while a network learns."""

from __future__ import annotations

from typing import Any

import torch

from osce_commitments.classify.encoder.inputs import Composer, InputSettings
from osce_commitments.train.batches import collate
from osce_commitments.train.data import VARIANTS, as_dataset, under_other_titles
from osce_commitments.train.encoders import load_encoder
from osce_commitments.train.witnesses import rule_judgements

from .test_titles import DRUGS, coded, corpus


def dataset(*, varied: bool = True, untitled: bool = False) -> list[dict[str, Any]]:
    """Three titles, then one act that takes the area of its title."""
    rows = corpus(coded("drugs", "Requests a report", DRUGS, "a-title"))
    encoder = load_encoder("tiny", "", [row.text for row in rows])
    composer = Composer(encoder.tokenizer, InputSettings())
    variants = under_other_titles(rows, seed=1) if varied else None
    return list(as_dataset(rows, composer, rule_judgements, variants=variants, with_untitled=untitled))


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


def test_a_variant_comes_with_its_own_title_areas_and_hints() -> None:
    torch.manual_seed(7)
    rows = dataset()
    held = [(one["input_ids"], one["areas"], one["area_hints"]) for one in rows[3]["variants"]]
    for _ in range(10):
        batch = collate(rows, swapped=1.0)
        size = int(batch["attention_mask"][3].sum())
        drawn = tuple(batch[name][3].tolist() for name in ("input_ids", "areas", "area_hints"))
        assert (drawn[0][:size], *drawn[1:]) in held
        assert batch["targets"][3].tolist() == rows[3]["targets"]


def test_the_share_is_how_often_a_variant_is_drawn_and_a_seed_decides_which() -> None:
    own, drawn = dataset()[3]["areas"], areas_drawn(0.5, 200)
    assert 60 < sum(areas != own for areas in drawn) < 120  # some variants have the row's own areas
    assert drawn == areas_drawn(0.5, 200)


def test_a_row_without_its_title_keeps_what_the_rules_find_there() -> None:
    (row,) = dataset(varied=False, untitled=True)[3:]
    batch = collate([row], untitled=1.0)
    assert batch["input_ids"][0].tolist() == row["untitled"]["input_ids"]
    assert len(row["untitled"]["input_ids"]) < len(row["input_ids"])
    for name in ("areas", "area_hints", "targets"):
        assert batch[name][0].tolist() == row[name]
    assert collate([row], untitled=0.0)["input_ids"][0].tolist() == row["input_ids"]


def test_a_row_that_stands_under_another_title_is_read_with_it() -> None:
    row = dataset(untitled=True)[3]
    drawn = collate([row], swapped=1.0, untitled=1.0)["input_ids"][0].tolist()
    assert drawn in [one["input_ids"] for one in row["variants"]]
