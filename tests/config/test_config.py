"""Defaults are written once; the example file shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from osce_commitments.config import RunConfig, load_config
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate.floors import read_floors
from osce_commitments.scoring.labelled_rows import rows_of_file
from osce_commitments.train import load_train_config

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def test_example_file_holds_every_key_with_its_default() -> None:
    assert load_config(CONFIGS / "run.yaml") == RunConfig()
    named = (CONFIGS / "run.yaml").read_text(encoding="utf-8")
    for section in (RunConfig, type(RunConfig().limits), type(RunConfig().fetch)):
        for key in section.model_fields:
            assert f"{key}:" in named


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_is_valid(path: Path) -> None:
    load = load_train_config if path.name.startswith("train") else load_config
    load(path)


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("# nothing\n", encoding="utf-8")
    assert load_config(tmp_path / "empty.yaml") == RunConfig()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml does not exist"):
        load_config(tmp_path / "none.yaml")


def test_deep_nesting_ends_in_one_line_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "deep"
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(path)
    with pytest.raises(InputError, match="line 1: nested too deeply"):
        rows_of_file(path)
    with pytest.raises(InputError, match="missing or not JSON"):
        read_floors(path)


def test_overrides_win_over_the_file_and_are_checked_alike(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text("workers: 3\nbatch_size: 7\n", encoding="utf-8")
    config = load_config(path, {"workers": 5})
    assert (config.workers, config.batch_size) == (5, 7)
    assert load_config(None, {"batch_size": 9}).batch_size == 9
    with pytest.raises(ConfigError, match="unknown key modle"):
        load_config(None, {"modle": "rules"})
