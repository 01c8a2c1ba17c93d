"""Adapting the pooling to corrected rows, and labels that models doubt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from osce_commitments.classify.encoder.artefact import Combination, Review
from osce_commitments.classify.encoder.pooling import Evidence, combine
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.scoring.judges import Truth

pytest.importorskip("scipy")
pytest.importorskip("torch")

from osce_commitments.errors import ConfigError, InputError
from osce_commitments.train import adapt as home
from osce_commitments.train.suspects import suspects

pytestmark = pytest.mark.train
AREAS, LEVELS = len(THREAT_AREAS), len(STRENGTHS)


def served() -> Combination:
    values: dict[str, Any] = {
        "strength_weight": 1.0, "rule_weight": 0.0, "level_offsets": (0.0,) * LEVELS, "area_weights": (1.0,) * AREAS,
        "area_rule_weights": (0.0,) * AREAS, "area_offsets": (0.0,) * AREAS, "thresholds": (0.5,) * AREAS,
        "review": Review(strength=0.0, disagreement=0.0, area=0.0),
    }  # fmt: skip
    return Combination(**values)


def texts(*, rules_are_right: bool) -> tuple[Evidence, Truth]:
    """Four hundred rows on which the network is right in six of ten, and the rules always or by chance."""
    draw = np.random.default_rng(5)
    levels, areas = draw.integers(0, LEVELS, 400), draw.random((400, AREAS)) < 0.2
    other = draw.integers(0, LEVELS, 400)
    network = np.where(draw.random(400) < 0.6, levels, other)
    rules = levels if rules_are_right else other
    flags = areas if rules_are_right else draw.random((400, AREAS)) < 0.2
    evidence = Evidence(
        np.log(0.05 + 0.7 * np.eye(LEVELS)[network]),
        np.where(areas ^ (draw.random((400, AREAS)) < 0.1), 1.0, -1.0),
        rules,
        np.log(0.02 + 0.88 * np.eye(LEVELS)[rules]),
        flags.astype(float),
        np.zeros((400, LEVELS)),
        np.zeros(400, dtype=bool),
        np.ones((400, AREAS)),
    )
    return evidence, Truth(levels, areas, tuple(f"d{at % 40}" for at in range(400)))


def test_a_witness_that_is_right_gets_weight() -> None:
    evidence, truth = texts(rules_are_right=True)
    strength, areas = home._strength_gain(evidence, truth, served()), home._areas_gain(evidence, truth, served())
    assert strength.is_adopted
    assert areas.is_adopted
    fitted = home.fit_areas(evidence, truth, home.fit_levels(evidence, truth, served()))
    assert fitted.rule_weight > 0.5
    assert fitted.area_rule_weights[0] > 0.5
    assert (combine(evidence, fitted).levels == truth.levels).mean() > 0.95


def test_without_a_gain_nothing_is_adopted() -> None:
    evidence, truth = texts(rules_are_right=False)
    assert not home._strength_gain(evidence, truth, served()).is_adopted
    assert not home._areas_gain(evidence, truth, served()).is_adopted


def test_a_document_is_in_one_fold() -> None:
    _, truth = texts(rules_are_right=True)
    folds = home._folds(truth.documents)
    assert sorted(np.concatenate(folds).tolist()) == list(range(400))
    held = [{truth.documents[row] for row in fold} for fold in folds]
    assert sum(map(len, held)) == len(set().union(*held)) == 40


def test_too_few_rows_are_refused(tmp_path: Path) -> None:
    row = {"id": "1", "title": "t", "role": "operative", "heading": "", "lead_in": "", "number": "", "text": "x"}
    path = tmp_path / "few.jsonl"
    path.write_text(json.dumps(row | {"strength": "none", "threat_areas": []}))
    with pytest.raises(ConfigError, match="1 checked provisions; adapting needs 200"):
        home.adapt("tnt", path, tmp_path / "out")
    with pytest.raises(ConfigError, match="has no pooling that could be adapted"):
        home.adapt("rules", path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_label_two_levels_off_is_suspected_first(tmp_path: Path) -> None:
    lines = []
    for at in range(120):
        strength, verb = (
            ("mandating", "Tasks the Secretariat to"),
            ("none", "Welcomes that States"),
            ("urging", "Calls upon States to"),
        )[at % 3]
        area = ("arms", "guard the depots of small arms") if at % 2 else ("terrorism", "act against terrorism")
        lines.append({
            "id": str(at), "doc": f"d{at % 20}", "title": "Decision", "role": "operative", "heading": "", "lead_in": "",
            "number": "", "text": f"{verb} {area[1]} in region {at};", "strength": strength, "threat_areas": [area[0]],
        })  # fmt: skip
    lines[0]["strength"], lines[1]["threat_areas"] = "none", []
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    found = suspects(path)
    assert (found[0].row.id, found[0].label, found[0].given, found[0].likelier) == (
        "0",
        "strength",
        "none",
        "mandating",
    )
    assert ("1", "arms", "no", "yes") in {(one.row.id, one.label, one.given, one.likelier) for one in found}
    assert {one.row.id for one in found} <= {"0", "1"}
    path.write_text("\n".join(map(json.dumps, lines[:3])))
    with pytest.raises(InputError, match="rows of 3 documents; at least 10 are needed"):
        suspects(path)
