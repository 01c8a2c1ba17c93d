"""The card of a release: its figures come from files, and what it misses is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from osce_commitments.classify.encoder.artefact import Artefact, read_artefact
from osce_commitments.classify.quality import quality_of
from osce_commitments.classify.releases import locate
from osce_commitments.train.release import sealed_figures, write_card

OPENINGS = Path(__file__).parents[2] / "corpora" / "real" / "openings.jsonl"


@pytest.fixture
def artefact() -> Artefact:
    return read_artefact(locate("tnt"))


@pytest.fixture
def figures() -> dict[str, Any]:
    values: dict[str, Any] = json.loads((locate("tnt") / "metrics.json").read_text("utf-8"))
    return values


def test_the_released_card_is_what_its_figures_give(artefact: Artefact, figures: dict[str, Any]) -> None:
    card = (locate("tnt") / "MODEL_CARD.md").read_text("utf-8")
    assert card == write_card(artefact, figures, quality_of("tnt"))


def test_the_figures_of_the_sealed_part_are_those_of_the_log(figures: dict[str, Any]) -> None:
    lines = [json.loads(line) for line in OPENINGS.read_text("utf-8").splitlines()]
    last = max(index for index, line in enumerate(lines) if line["model"] == "tnt@9")
    assert figures["sealed"] == sealed_figures(OPENINGS, lines[last]["model_sha256"])
    assert figures["sealed"]["opening"] == lines[last]
    assert sealed_figures(OPENINGS, "of a classifier that it was never opened for") == {}


def test_a_card_leads_with_unread_text_and_names_the_goals_that_are_missed(
    artefact: Artefact, figures: dict[str, Any]
) -> None:
    card = write_card(artefact, figures)
    assert card.index("Unread real documents") < card.index("## Where it fails")
    assert "The goal is missed in: accuracy, macro-F1, quadratic kappa, areas micro-F1." in card
    figures["sealed"]["opening"]["strength"]["accuracy"] = 0.955
    assert "The goal is missed in: macro-F1," in write_card(artefact, figures)


def test_an_offset_has_one_sign(artefact: Artefact, figures: dict[str, Any]) -> None:
    for offset, term in ((-1.5, "area \N{MINUS SIGN} 1.5."), (0.25, "area + 0.25.")):
        pooling = artefact.pooling.model_copy(update={"area_offset": offset})
        assert term in write_card(artefact.model_copy(update={"pooling": pooling}), figures)


def test_a_training_from_a_release_names_it_and_one_from_a_folder_the_folder(
    artefact: Artefact, figures: dict[str, Any]
) -> None:
    assert "the training started from the released network `tnt@8`" in write_card(artefact, figures)
    del figures["encoder_release"]
    assert f"the training started from `{artefact.encoder.source}`" in write_card(artefact, figures)
