"""What a network is told of the rules' findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from osce_commitments.classify.encoder.hints import AREA_HINTS, LEVEL_HINTS, Hints, hints
from osce_commitments.classify.encoder.inputs import Composer, InputSettings, pad
from osce_commitments.classify.encoder.transformer import TransformerClassifier
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis, ObligationStrength, ThreatArea
from osce_commitments.schema import Classification, Provision

from .test_inputs import provision, words
from .test_releases import artefact

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

FIELDS = ("text", "lead_in", "heading", "title", "rules")


def judged(level: ObligationStrength, *areas: ThreatArea, unsure: bool = False) -> Classification:
    return Classification(level, (0.0,) * len(STRENGTHS), areas, (0.0,) * len(THREAT_AREAS), "rules", (), (), unsure)


def told(one: Provision, *areas: ThreatArea) -> dict[str, list[str]]:
    """The areas that the hints name, by where they come from."""
    found = hints(one, judged(ObligationStrength.URGING, *areas)).areas
    assert found.shape == AREA_HINTS
    return {
        field: [THREAT_AREAS[at].value for at in np.flatnonzero(row)] for field, row in zip(FIELDS, found, strict=True)
    }


def test_every_field_tells_its_own_areas_and_the_rules_theirs() -> None:
    one = provision("register firearms", "combat terrorism and", "On drug trafficking", ("Border control", "Reports"))
    assert told(one, ThreatArea.ARMS, ThreatArea.TERRORISM) == {
        "text": ["arms"],
        "lead_in": ["terrorism"],
        "heading": ["border_security"],
        "title": ["illicit_drugs"],
        "rules": ["terrorism", "arms"],
    }


def test_a_provision_that_names_no_threat_tells_nothing() -> None:
    assert told(provision("meet in spring", "agree to", "On rivers", ("Floods",))) == {field: [] for field in FIELDS}


@pytest.mark.parametrize("unsure", [True, False])
def test_the_level_is_told_with_the_doubts_about_it(*, unsure: bool) -> None:
    levels = hints(provision("a"), judged(ObligationStrength.PERMISSIVE, unsure=unsure)).levels
    assert levels.shape == (LEVEL_HINTS,)
    assert levels.tolist() == [0, 1, 0, 0, 0, 0, float(unsure)]


def test_inputs_have_hints_only_where_settings_and_rules_give_them() -> None:
    rule = judged(ObligationStrength.NONE)
    telling = Composer(words(), InputSettings(rule_hints=True))
    assert isinstance(telling.encode(provision("a"), rule).hints, Hints)
    assert telling.encode(provision("a")).hints is None
    assert Composer(words(), InputSettings()).encode(provision("a"), rule).hints is None


def test_a_model_that_takes_hints_gets_zeros_for_an_input_without() -> None:
    composer = Composer(words(), InputSettings(rule_hints=True))
    one = provision("register firearms")
    batch = [composer.encode(one, judged(ObligationStrength.NONE, ThreatArea.ARMS)), composer.encode(one)]
    arrays = pad(batch, takes_hints=True)
    assert arrays["area_hints"].shape == (2, *AREA_HINTS)
    assert arrays["area_hints"].sum(axis=(1, 2)).tolist() == [2, 0]
    assert arrays["level_hints"].sum(axis=1).tolist() == [1, 0]
    assert "area_hints" not in pad(batch)


@pytest.mark.parametrize(("pooling", "is_told"), [("hybrid", True), ("transformer", False)])
def test_the_pooling_that_knows_the_rules_is_told_of_them_whatever_they_weigh(
    pooling: str, make: Callable[..., TaggedProvision], *, is_told: bool
) -> None:
    given: list[bool] = []

    def network(arrays: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
        given.append(bool(arrays["area_hints"].any()))
        rows = len(arrays["input_ids"])
        return np.zeros((rows, len(STRENGTHS))), np.zeros((rows, len(THREAT_AREAS)))

    (weightless,) = artefact("1").combinations.values()
    settings = InputSettings(rule_hints=True)
    made = artefact("1").model_copy(
        update={"inputs": settings, "combinations": {"hybrid": weightless, "transformer": weightless}}
    )
    classifier = TransformerClassifier(made, Composer(words(), settings), network, pooling, Path())
    classifier.classify([make("Calls upon States to register firearms")])
    assert given == [is_told]


def test_an_area_that_only_the_network_gives_is_implied_where_no_word_names_it(
    make: Callable[..., TaggedProvision],
) -> None:
    def network(arrays: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
        rows = len(arrays["input_ids"])
        given = [5.0 if area in {ThreatArea.ARMS, ThreatArea.TERRORISM} else -5.0 for area in THREAT_AREAS]
        return np.zeros((rows, len(STRENGTHS))), np.array([given] * rows)

    (pooling,) = artefact("1").combinations.values()
    made = artefact("1").model_copy(update={"combinations": {"transformer": pooling}})
    classifier = TransformerClassifier(made, Composer(words(), InputSettings()), network, "transformer", Path())
    (found,) = classifier.classify([make("Calls upon States to register firearms")])
    assert found.threat_areas == (ThreatArea.TERRORISM, ThreatArea.ARMS)
    assert found.area_basis == (Basis.IMPLIED, Basis.TEXT)
    assert [cue.area for cue in found.area_cues] == [ThreatArea.ARMS]
