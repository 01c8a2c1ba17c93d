"""The stages of dvc.yaml, run one after another with a random encoder and a few rows."""

from __future__ import annotations

import ast
import configparser
import json
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.defaults import FLOORS_FILE, TRAINING_FOLDER
from osce_commitments.train.fit import HISTORY_COLUMNS
from tests.support.corpora import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from osce_commitments.train import TrainConfig
    from tests.support.cli import Answer

PACKAGE = ROOT / "pipeline" / "osce_commitments"
STAGES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
TRAINING = ["train", "export", "evaluate", "gate"]


def names(stage: dict[str, Any], *keys: str) -> list[str]:
    """Paths under some keys of a stage; DVC allows plain ones and ones with settings."""
    entries = [entry for key in keys for entry in stage.get(key, [])]
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]


def test_the_stages_are_the_known_ones_in_their_order() -> None:
    assert list(STAGES) == ["dataset", "publish", "prepare", *TRAINING, "unseen", "gate-unseen"]


def test_dvc_works_although_git_ignores_its_lock() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / ".dvc" / "config")
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ("/dvc.lock" in ignored) == settings.getboolean("core", "no_scm", fallback=False)


def test_plots_show_columns_of_the_history() -> None:
    plots = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["plots"]
    axes = [axis for plot in plots for one in plot.values() for axis in one["y"].items()]
    assert axes
    for path, shown in axes:
        assert path in names(STAGES["train"], "outs")
        assert set([shown] if isinstance(shown, str) else shown) <= set(HISTORY_COLUMNS)


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_stage_needs_is_in_the_checkout_or_made_by_another(stage: str) -> None:
    made = {path for one in STAGES.values() for path in names(one, "outs", "metrics", "plots")}
    for path in names(STAGES[stage], "deps"):
        assert path in made or (ROOT / path).exists(), path


def test_parameters_that_stages_watch_are_sections_of_the_choices() -> None:
    choices = yaml.safe_load((ROOT / "configs" / "train.yaml").read_text(encoding="utf-8"))
    watched = [key for one in STAGES.values() for entry in one.get("params", []) for key in entry["configs/train.yaml"]]
    assert {key.split(".")[0] for key in watched} == set(choices)
    assert all(key.split(".")[-1] in choices[key.split(".")[0]] for key in watched if "." in key)
    parts = {key.split(".")[1] for key in watched if key.startswith("data.")}
    assert parts == set(choices["data"]) - {"test"}  # the test rows are a dependency and change nothing else


def _imported(path: Path) -> Iterator[Path]:
    """Files of the package that a file imports, wherever in it the import is."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("osce_commitments."):
            for name in (node.module, *(f"{node.module}.{one.name}" for one in node.names)):
                place = PACKAGE.parent.joinpath(*str(name).split("."))
                yield from (one for one in (place.with_suffix(".py"), place / "__init__.py") if one.is_file())


def test_a_training_depends_on_all_code_that_makes_its_inputs() -> None:
    # These set options, measure or name things; no row that the network reads comes from them.
    others = {
        "config.py",
        "corrections",  # rows of a dataset, which no stage reads, and what keeps them
        "dataset",
        "fields",
        "tables.py",
        "silent_onnx.py",
        "defaults.py",
        "errors.py",
        "evaluate",
        "ids.py",
        "scoring/metrics.py",
        "_version.py",
        "query",
    }
    seen, waiting = set[Path](), list((PACKAGE / "train").rglob("*.py"))
    while waiting:
        path = waiting.pop()
        if path not in seen and path.relative_to(PACKAGE).parts[0] not in others:
            seen.add(path)
            waiting += _imported(path)
    needed = {f"pipeline/osce_commitments/{path.relative_to(PACKAGE).parts[0]}" for path in seen}
    for stage in ("train", "export"):
        assert needed <= {path for path in names(STAGES[stage], "deps") if path.startswith("pipeline/")}


def test_stages_work_where_the_commands_do_by_default() -> None:
    commands = " ".join(stage["cmd"] for stage in STAGES.values())
    assert "--work" not in commands
    assert "--floors" not in commands
    assert {Path(path).parent for path in names(STAGES["train"], "outs")} == {TRAINING_FOLDER}
    assert str(FLOORS_FILE) in names(STAGES["gate"], "deps")


@pytest.mark.slow
@pytest.mark.train
def test_the_stages_of_a_training_run_one_after_another(
    cli: Callable[..., Answer],
    corpus_files: dict[str, Path],
    tiny: Callable[..., TrainConfig],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "corpora" / "commitments").mkdir(parents=True)
    for path in corpus_files.values():
        shutil.copy(path, tmp_path / "corpora" / "commitments")
    (tmp_path / "configs").mkdir()
    choices = tiny().model_dump(mode="json", exclude={"data"})
    (tmp_path / "configs" / "train.yaml").write_text(yaml.safe_dump(choices), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OSCE_COMMITMENTS_MODELS", str(tmp_path / "models"))
    for name in TRAINING:
        program, *arguments = shlex.split(STAGES[name]["cmd"])
        assert program == "osce-commitments"
        if name == "gate":
            assert cli(*arguments, "--set").code == 0
        answer = cli(*arguments)
        assert answer.code == 0, answer.err
        for path in names(STAGES[name], "outs", "metrics", "plots"):
            assert Path(path).exists(), path
    figures = json.loads(Path("build/evaluation/test/metrics.json").read_text(encoding="utf-8"))
    assert figures["model_id"] == "tiny@1"
    judges = set(figures["peers"]["strength"])
    assert judges == {RuleClassifier().id}
