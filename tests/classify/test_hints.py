"""What a network is told of the rules' findings."""

from __future__ import annotations

import numpy as np
import pytest

from osce_commitments.classify.encoder.hints import AREA_HINTS, LEVEL_HINTS, Hints, hints
from osce_commitments.classify.encoder.inputs import Composer, InputSettings, pad
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength, ThreatArea
from osce_commitments.schema import Classification, Provision

from .test_inputs import provision, words

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


def test_inputs_have_hints_only_where_the_rules_give_them() -> None:
    composer = Composer(words(), InputSettings())
    assert isinstance(composer.encode(provision("a"), judged(ObligationStrength.NONE)).hints, Hints)
    assert composer.encode(provision("a")).hints is None


def test_the_arrays_of_a_batch_have_its_hints() -> None:
    composer = Composer(words(), InputSettings())
    one = provision("register firearms")
    arrays = pad([composer.encode(one, judged(ObligationStrength.NONE, *areas)) for areas in ((ThreatArea.ARMS,), ())])
    assert arrays["area_hints"].shape == (2, *AREA_HINTS)
    assert arrays["area_hints"].sum(axis=(1, 2)).tolist() == [2, 1]
    assert arrays["level_hints"].sum(axis=1).tolist() == [1, 1]
    assert "area_hints" not in pad([composer.encode(one)])
