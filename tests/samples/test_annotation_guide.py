from __future__ import annotations

from pathlib import Path

import pytest

from osce_commitments.labels import ObligationStrength, Qualifier, Role, ThreatArea

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "annotation-guide.md").read_text(encoding="utf-8")
LABELS = [*ObligationStrength, *Role, *ThreatArea, *Qualifier]


def test_number_of_labels() -> None:
    assert len(LABELS) == 34


@pytest.mark.parametrize("label", LABELS, ids=str)
def test_the_guide_has_every_label_with_its_definition(
    label: ObligationStrength | Role | ThreatArea | Qualifier,
) -> None:
    assert f"| `{label}` | {label.definition} |" in GUIDE


@pytest.mark.parametrize("strength", list(ObligationStrength), ids=str)
def test_the_guide_shows_every_level(strength: ObligationStrength) -> None:
    assert f"| {strength.level} | `{strength}` |" in GUIDE


def test_the_guide_names_no_unknown_rule() -> None:
    for kind, number in (("S", 11), ("T", 5)):
        assert all(f"**{kind}{index}." in GUIDE for index in range(1, number + 1))
        assert f"{kind}{number + 1}" not in GUIDE
