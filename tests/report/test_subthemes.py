from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.query import Selection
from osce_commitments.report.statements import select
from osce_commitments.report.subthemes import subthemes
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from osce_commitments.query import Reader

ENTRIES = [(area, entry) for area in THREAT_AREAS for entry in load_yaml("subthemes")[area.value]]


@pytest.mark.parametrize(("area", "entry"), ENTRIES, ids=lambda one: one if isinstance(one, str) else one["name"])
def test_a_pattern_finds_its_example_and_not_its_counterexample(area: str, entry: dict[str, Any]) -> None:
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    assert pattern.search(entry["match"]), area
    assert not pattern.search(entry["no_match"]), area


def test_every_area_has_sub_themes_with_names_of_their_own() -> None:
    for area in THREAT_AREAS:
        assert len(set(subthemes(area))) == len(subthemes(area)) >= 6


def test_own_words_count_before_the_title(versions: dict[int, Reader]) -> None:
    found = {one.text: one.subtheme(ThreatArea.BORDER_SECURITY) for one in select(versions[2], Selection())}
    dogs = next(name for text, name in found.items() if "dogs" in text)
    assert dogs == "Customs, cargo and container security"
    assert set(found.values()) == {"Travel documents and identity", "Customs, cargo and container security"}
