from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate.floors import gate

if TYPE_CHECKING:
    from pathlib import Path

FIGURES: dict[str, Any] = {
    "model_id": "rules-1",
    "data": {"sha256": "a" * 64},
    "strength": {"accuracy": 0.9, "macro_f1": 0.8, "kappa_quadratic": 0.85, "ece": 0.02},
    "areas": {"micro_f1": 0.9, "macro_f1": 0.85, "ece_likely": 0.01},
}


def written(path: Path, **strength: float) -> Path:
    path.write_text(json.dumps(FIGURES | {"strength": FIGURES["strength"] | strength}), encoding="utf-8")
    return path


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    assert gate(written(tmp_path / "first.json"), path, "own", sets=True) == []
    return path


def test_the_same_figures_pass(tmp_path: Path, floors: Path) -> None:
    assert gate(written(tmp_path / "m.json"), floors, "own") == []


def test_worse_figures_are_named(tmp_path: Path, floors: Path) -> None:
    assert gate(written(tmp_path / "m.json", accuracy=0.89), floors, "own") == [
        "strength.accuracy: 0.89 is below the floor 0.9"
    ]
    assert gate(written(tmp_path / "m.json", ece=0.03), floors, "own") == [
        "strength.ece: 0.03 is above the ceiling 0.02"
    ]


def test_what_is_no_number_does_not_pass(tmp_path: Path, floors: Path) -> None:
    assert gate(written(tmp_path / "m.json", accuracy=float("nan")), floors, "own") == [
        "strength.accuracy: not measured, the floor is 0.9"
    ]


def test_a_floor_falls_only_with_flag_and_reason(tmp_path: Path, floors: Path) -> None:
    worse = written(tmp_path / "m.json", accuracy=0.8)
    with pytest.raises(ConfigError, match="would be lowered"):
        gate(worse, floors, "own", sets=True)
    with pytest.raises(ConfigError, match="would be lowered"):
        gate(worse, floors, "own", sets=True, lowers=True)
    gate(worse, floors, "own", sets=True, lowers=True, reason="two labels were corrected")
    entry = json.loads(floors.read_text(encoding="utf-8"))["own"]
    assert entry["limits"]["strength.accuracy"] == 0.8
    assert entry["history"][0]["reason"] == "two labels were corrected"
    assert entry["history"][0]["limits"]["strength.accuracy"] == 0.9


def test_a_floor_does_not_sink_by_steps_that_a_comparison_forgives(tmp_path: Path, floors: Path) -> None:
    little = written(tmp_path / "m.json", accuracy=0.897)
    assert gate(little, floors, "own") == []
    with pytest.raises(ConfigError, match=r"accuracy: 0\.897 is below the floor 0\.9"):
        gate(little, floors, "own", sets=True)
    gate(little, floors, "own", sets=True, lowers=True, reason="noise")
    assert json.loads(floors.read_text(encoding="utf-8"))["own"]["history"][0]["reason"] == "noise"


def test_a_floor_rises_without_a_flag(tmp_path: Path, floors: Path) -> None:
    gate(written(tmp_path / "m.json", accuracy=0.95), floors, "own", sets=True)
    assert gate(written(tmp_path / "m.json", accuracy=0.9), floors, "own")


def test_other_data_do_not_pass(tmp_path: Path, floors: Path) -> None:
    other = tmp_path / "m.json"
    other.write_text(json.dumps(FIGURES | {"data": {"sha256": "b" * 64}}), encoding="utf-8")
    assert "the data changed" in gate(other, floors, "own")[0]


def test_missing_files_and_names_are_told(tmp_path: Path, floors: Path) -> None:
    with pytest.raises(InputError, match="missing or not JSON"):
        gate(tmp_path / "none.json", floors, "own")
    with pytest.raises(InputError, match="missing or not JSON"):
        gate(written(tmp_path / "m.json"), tmp_path / "none.json", "own")
    stored = tmp_path / "release.json"
    stored.write_text('{"parts": {}}', encoding="utf-8")
    with pytest.raises(InputError, match="does not name its data"):
        gate(stored, floors, "own")
    with pytest.raises(ConfigError, match="no floors called 'x'"):
        gate(written(tmp_path / "m.json"), floors, "x")


def test_floors_of_several_trainings_are_their_mean_and_allow_for_their_spread(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    seeds = [written(tmp_path / f"{at}.json", accuracy=value) for at, value in enumerate((0.88, 0.90, 0.92))]
    gate(seeds, path, "own", sets=True)
    entry = json.loads(path.read_text(encoding="utf-8"))["own"]
    assert (entry["limits"]["strength.accuracy"], entry["spread"]["strength.accuracy"]) == (0.9, 0.02)
    assert gate(written(tmp_path / "m.json", accuracy=0.861), path, "own") == []
    assert gate(written(tmp_path / "m.json", accuracy=0.859), path, "own") == [
        "strength.accuracy: 0.859 is below the floor 0.9 by more than trainings differ (0.0400)"
    ]
    with pytest.raises(ConfigError, match="would be lowered"):
        gate(written(tmp_path / "m.json", accuracy=0.899), path, "own", sets=True)


def test_a_figure_that_one_training_lacks_keeps_its_floor_and_has_no_spread(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    gate(
        [written(tmp_path / f"{at}.json", ece=value) for at, value in enumerate((0.02, 0.04, float("nan")))],
        path,
        "own",
        sets=True,
    )
    entry = json.loads(path.read_text(encoding="utf-8"))["own"]
    assert entry["limits"]["strength.ece"] == 0.03
    assert "strength.ece" not in entry["spread"]


def test_a_spread_is_kept_when_one_training_raises_the_floors(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    gate([written(tmp_path / f"{at}.json", accuracy=0.9 + at / 100) for at in range(3)], path, "own", sets=True)
    gate(written(tmp_path / "m.json", accuracy=0.95), path, "own", sets=True)
    entry = json.loads(path.read_text(encoding="utf-8"))["own"]
    assert (entry["limits"]["strength.accuracy"], entry["spread"]["strength.accuracy"]) == (0.95, 0.01)


def test_floors_of_different_data_are_not_mixed(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(FIGURES | {"data": {"sha256": "b" * 64}}), encoding="utf-8")
    with pytest.raises(ConfigError, match="measured on different data"):
        gate([written(tmp_path / "m.json"), other], tmp_path / "floors.json", "own", sets=True)
