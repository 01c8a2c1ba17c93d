"""How reliable the rules are, counted on coded rows."""

from __future__ import annotations

import pytest

from osce_commitments.labels import ObligationStrength, Role, ThreatArea
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.witnesses import rule_judgements, witness_of

POLICE = "Encourages participating States to train police officers."


def row(title: str, *areas: ThreatArea) -> LabelledRow:
    level = ObligationStrength.ENCOURAGING
    return LabelledRow("1", "plan.txt", title, Role.OPERATIVE, (), "", "", POLICE, level, frozenset(areas))


def test_shares_of_right_areas_are_counted_by_rule_and_place() -> None:
    """Thirty rows with the share of the place are added, so that a rule which was seen once says little."""
    alone = [row("Youth", ThreatArea.POLICING), *(row("Youth") for _ in range(9))]
    supported = [row("Police co-operation", ThreatArea.POLICING) for _ in range(10)]
    rows = [*alone, *supported]
    shares = witness_of(rows, rule_judgements(rows), 10.0).by_area_cue
    rule = next(name.rpartition(":")[0] for name in shares if name.endswith(":text"))
    assert rule.startswith("areas.policing.")
    assert shares["text"] == pytest.approx(0.1)
    assert shares["text and context"] == shares[f"{rule}:text and context"] == pytest.approx(1.0)
    assert shares[f"{rule}:text"] == pytest.approx((1 + 30 * 0.1) / 40)
