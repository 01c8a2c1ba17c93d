from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from osce_commitments.classify.rules.areas import find_areas
from osce_commitments.labels import THREAT_AREAS
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = yaml.safe_load(Path(__file__).with_name("area_cases.yaml").read_text(encoding="utf-8"))
LEXICON = load_yaml("threat_areas")
ROWS = [
    *((f"{area}-{index}", row) for area, rows in LEXICON["areas"].items() for index, row in enumerate(rows)),
    *(
        (f"{name}-{i}", row)
        for name in ("masks", "names", "untied", "itself", "conditions")
        for i, row in enumerate(LEXICON[name])
    ),
]


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


def test_every_area_has_words() -> None:
    assert set(LEXICON["areas"]) == {str(area) for area in THREAT_AREAS}


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[name for name, _ in ROWS])
def test_pattern_examples(name: str, row: dict[str, str]) -> None:
    assert re.search(row["pattern"], row["match"], re.IGNORECASE), name
    assert not re.search(row["pattern"], row["no_match"], re.IGNORECASE), name
