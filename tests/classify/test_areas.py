from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from osce_commitments.classify.rules.areas import area_rules, bases_of, find_areas
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import THREAT_AREAS, Basis, ThreatArea

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = yaml.safe_load(Path(__file__).with_name("area_cases.yaml").read_text(encoding="utf-8"))


def test_every_area_has_a_case() -> None:
    assert {area for case in CASES for area in case["expect"]} == {str(area) for area in THREAT_AREAS}


@pytest.mark.parametrize("case", CASES, ids=[case["phenomenon"] for case in CASES])
def test_areas(case: dict[str, Any], make: Callable[..., TaggedProvision]) -> None:
    fields = {key: value for key, value in case.items() if key in {"text", "lead_in", "heading", "title"}}
    cues = find_areas(make(**fields).provision)
    assert sorted(cue.area for cue in cues) == sorted(case["expect"])
    assert {str(cue.cue.field) for cue in cues} == set(case["field"].split()) - {"none"}
    for cue in cues:
        assert fields[cue.cue.field.value][cue.cue.start : cue.cue.end] == cue.cue.text


def test_every_area_has_rules_and_is_named_by_its_value() -> None:
    groups = {rule.name.partition(".")[0] for rule in area_rules()}
    assert groups == {*map(str, THREAT_AREAS), "mask", "recipient", "name", "untied", "itself", "condition"}


def test_a_cue_names_the_rule_that_found_it(make: Callable[..., TaggedProvision]) -> None:
    [cue] = find_areas(make("States will share lists of foreign fighters.").provision)
    assert cue.cue.rule == "areas.terrorism.foreign_fighters"


def test_areas_that_exclude_others_are_areas() -> None:
    listed = [rule.gives["not_with"] for rule in area_rules() if "not_with" in rule.gives]
    assert {name for names in listed for name in names} <= set(map(str, THREAT_AREAS))


@pytest.mark.parametrize(
    ("fields", "area", "basis"),
    [
        ({"text": "Stop terrorism;", "title": "On terrorism"}, "terrorism", Basis.TEXT),
        (
            {"text": "share lists;", "lead_in": "To stop terrorism, States will", "title": "On arms"},
            "terrorism",
            Basis.LEAD_IN,
        ),
        ({"text": "share lists;", "heading": "Terrorism", "title": "On terrorism"}, "terrorism", Basis.HEADING),
        ({"text": "share lists;", "heading": "Rivers", "title": "On terrorism"}, "terrorism", Basis.TITLE),
        ({"text": "share lists;", "title": "On rivers"}, "terrorism", Basis.IMPLIED),
        ({"text": "stop terrorism;", "title": "On terrorism"}, "arms", Basis.IMPLIED),
    ],
)
def test_an_area_stands_on_the_first_field_that_names_it(
    fields: dict[str, str], area: str, basis: Basis, make: Callable[..., TaggedProvision]
) -> None:
    assert bases_of(make(**fields).provision, [ThreatArea(area)], ()) == (basis,)


def test_an_area_with_a_cue_is_never_implied(make: Callable[..., TaggedProvision]) -> None:
    # The words stand in a name, so no field names the area by itself.
    provision = make("Thanks the Action against Terrorism Unit for its work.").provision
    cues = find_areas(provision)
    assert [cue.area for cue in cues] == [ThreatArea.TERRORISM]
    assert bases_of(provision, [ThreatArea.TERRORISM], ()) == (Basis.IMPLIED,)
    assert bases_of(provision, [ThreatArea.TERRORISM], cues) == (Basis.TEXT,)


@pytest.mark.parametrize("case", CASES, ids=[case["phenomenon"] for case in CASES])
def test_the_rules_imply_nothing(case: dict[str, Any], make: Callable[..., TaggedProvision]) -> None:
    fields = {key: value for key, value in case.items() if key in {"text", "lead_in", "heading", "title"}}
    (found,) = RuleClassifier().classify([make(**fields)])
    assert len(found.area_basis) == len(found.threat_areas)
    assert Basis.IMPLIED not in found.area_basis
