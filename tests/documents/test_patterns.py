from __future__ import annotations

import re

import pytest

from osce_commitments.documents.patterns import find_layout_pattern, has_layout_pattern, layout_pattern
from osce_commitments.resources import load_yaml

FILES = ("documents_patterns", "documents_metadata")
ENTRIES = [
    pytest.param(entry, id=f"{group}-{number}")
    for name in FILES
    for group, entries in load_yaml(name).items()
    for number, entry in enumerate(entries)
]


def test_there_are_entries_to_walk() -> None:
    assert len(ENTRIES) >= 90


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_pattern_matches_its_examples_and_not_its_counterexamples(entry: dict[str, object]) -> None:
    pattern = re.compile(str(entry["pattern"]))
    assert entry["match"]
    assert entry["no_match"]
    assert [text for text in entry["match"] if not pattern.search(text)] == []
    assert [text for text in entry["no_match"] if pattern.search(text)] == []


def test_the_first_pattern_of_a_group_counts_and_brings_its_value() -> None:
    found = find_layout_pattern("type_title", "Statement by the delegation of Norway")
    assert found is not None
    assert found[1] == "delegation_statement"
    assert find_layout_pattern("type_title", "Ukraine") is None
    assert not has_layout_pattern("page_number", "2")


def test_an_unknown_group_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        layout_pattern("no such group")
