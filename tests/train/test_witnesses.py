"""How far the rules are trusted, counted on coded rows."""

from __future__ import annotations

import numpy as np
import pytest

from osce_commitments.labels import STRENGTHS, Field
from osce_commitments.schema import Classification, Cue
from osce_commitments.train.witnesses import Ruled, trust

_NAME = "urging:act_urging"


def ruled(right: int, wrong: int) -> Ruled:
    """Rows that one rule reads as urging; people read the wrong ones as none."""
    chances = tuple(float(level == "urging") for level in STRENGTHS)
    cue = Cue(Field.TEXT, 0, 5, "Urges", "strength.act_urging")
    one = Classification(STRENGTHS[3], chances, (), (0.0,) * 12, "rules", cue)
    return [one] * (right + wrong), np.array([3] * right + [0] * wrong, dtype=np.int64)


def share(learnt: Ruled, unseen: Ruled) -> float:
    return trust(learnt, unseen, 10.0).by_rule[_NAME][3]


def test_a_rule_is_trusted_as_far_as_it_held_where_nobody_had_looked() -> None:
    assert share(ruled(100, 0), ruled(0, 0)) == pytest.approx(1.0, abs=0.01)
    assert share(ruled(100, 0), ruled(5, 25)) == pytest.approx((5 + 10) / 40, abs=0.01)
    assert share(ruled(0, 0), ruled(30, 0)) > 0.7


def test_a_rule_that_fired_on_no_row_is_trusted_as_its_level() -> None:
    witness = trust(ruled(90, 10), ruled(0, 0), 10.0)
    assert witness.by_level[3][3] == pytest.approx(0.9, abs=0.01)
    assert sum(witness.by_level[5]) == pytest.approx(1.0, abs=1e-4)
