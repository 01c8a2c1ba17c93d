from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from osce_commitments.classify.rules.areas import area_rules, find_areas
from osce_commitments.labels import THREAT_AREAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = yaml.safe_load(Path(__file__).with_name("area_cases.yaml").read_text(encoding="utf-8"))


def test_case_count() -> None:
    assert len(CASES) == 69
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
    assert groups == {*map(str, THREAT_AREAS), "mask", "name", "untied", "itself", "condition"}


def test_a_cue_names_the_rule_that_found_it(make: Callable[..., TaggedProvision]) -> None:
    [cue] = find_areas(make("States will share lists of foreign fighters.").provision)
    assert cue.cue.rule == "areas.terrorism.foreign_fighters"


def test_areas_that_exclude_others_are_areas() -> None:
    listed = [rule.gives["not_with"] for rule in area_rules() if "not_with" in rule.gives]
    assert {name for names in listed for name in names} <= set(map(str, THREAT_AREAS))
