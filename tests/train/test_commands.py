"""What a person types to train, to look at releases and to change which one answers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from osce_commitments.classify import load_classifier, releases
from osce_commitments.classify.quality import quality_of
from osce_commitments.evaluate.classifier import compare_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.train import TrainConfig
    from tests.support.cli import Answer

    Cli = Callable[..., Answer]
    Make = Callable[..., TrainConfig]


@pytest.fixture(scope="module")
def config(tiny: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("configs") / "train.yaml"
    path.write_text(yaml.safe_dump(tiny().model_dump(mode="json")), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a training; the first test that trains there fills it."""
    return tmp_path_factory.mktemp("train") / "work"


@pytest.fixture(autouse=True)
def root(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("models")
    monkeypatch.setenv("OSCE_COMMITMENTS_MODELS", str(folder))
    return folder


def one_line(answer: Answer) -> str:
    (line,) = [line for line in answer.err.splitlines() if line.startswith("error:")]
    assert answer.code == 2
    assert "Traceback" not in answer.err
    return line


def test_from_training_to_a_served_classifier_and_back(cli: Cli, config: Path, work: Path) -> None:
    trained = cli("train", "--config", config, "--work", work)
    assert trained.code == 0, trained.err
    assert "epoch 1 of at most 3: strength macro-F1" in trained.err
    assert re.search(r"test +pooled +\d\.\d{3}", trained.out)
    assert f"models add {work / 'candidate'} --promote" in trained.out
    assert (
        "tiny@1 is served" in cli("models", "add", work / "candidate", "--promote", "--force", "--reason", "first").out
    )

    cli("train", "--config", config, "--work", work, "--only", "export")
    unserved = cli("models", "add", work / "candidate", "--reason", "why")
    assert (unserved.code, "Add --promote" in unserved.err) == (2, True)
    assert "tiny@2 is released, not served" in cli("models", "add", work / "candidate").out
    assert json.loads(cli("models", "list", "--json").out)[0] | {"folder": ""} == {
        "model": "tiny@1",
        "promoted": True,
        "folder": "",
    }
    assert load_classifier("tiny").id == "tiny@1"
    _gate_serves(cli, config, work)
    assert load_classifier("tiny").id == "tiny@2"
    assert "tiny@1 is served" in cli("models", "rollback", "tiny").out
    assert load_classifier("tiny").id == "tiny@1"

    assert cli("models", "show", "tiny").out.startswith("# tiny@1")
    assert json.loads(cli("models", "show", "tiny@2", "--json").out)["artefact"]["version"] == "2"
    assert "tiny@2" in cli("classify", "--model", "tiny@2", "--json", "States may act.").out
    test = yaml.safe_load(config.read_text())["data"]["test"]
    rows = json.loads(cli("models", "compare", "tiny@1", "tiny@2", "--data", test, "--json").out)
    assert {row["tiny@1"] - row["tiny@2"] for row in rows} == {0.0}


def test_measured_figures_are_put_into_the_card_before_a_release(cli: Cli, config: Path, work: Path) -> None:
    test, out, candidate = yaml.safe_load(config.read_text())["data"]["test"], work / "report", work / "candidate"
    cli("train", "--config", config, "--work", work)
    cli("evaluate", "--data", test, "--model", candidate, "--out", out)
    told = f"few documents={out / 'metrics.json'}"
    assert (
        "Few documents (48 provisions of 6 documents): Of 100"
        in cli("models", "describe", candidate, "--measured", told).out
    )
    card = (candidate / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "**Few documents (48 provisions of 6 documents)**" in card
    assert "| few documents (48 provisions, 6 documents) |" in card
    assert quality_of(str(candidate))[0].kind == "few documents"
    again = cli("models", "describe", candidate, "--measured", told)
    assert again.code == 0, again.err
    (out / "metrics.json").write_text(
        (out / "metrics.json").read_text().replace('"model_sha256": "', '"model_sha256": "0')
    )
    assert "with other files" in one_line(cli("models", "describe", candidate, "--measured", told))
    assert "names no kind" in one_line(cli("models", "describe", candidate, "--measured", "real"))


def _gate_serves(cli: Cli, config: Path, work: Path) -> None:
    """Version 2 is served once it meets floors that were set on its own figures, and not before."""
    test, out, floors = yaml.safe_load(config.read_text())["data"]["test"], work / "report", work / "floors.json"
    gated = ("models", "promote", "tiny@2", "--reason", "second", "--floors", floors)
    assert "floors.json is missing" in one_line(cli(*gated))
    cli("evaluate", "--data", test, "--model", "tiny@2", "--out", out)
    assert cli("gate", out / "metrics.json", "--name", "rows", "--floors", floors, "--set").code == 0
    wanted = json.loads(floors.read_text())
    wanted["rows"]["limits"]["strength.accuracy"] = 1.1
    (work / "high.json").write_text(json.dumps(wanted))
    missed = cli(*gated[:-1], work / "high.json", "--metrics", out / "metrics.json")
    assert "tiny@2 misses its floors: rows: strength.accuracy" in one_line(missed)
    assert "tiny@2 is served" in cli(*gated).out
    last = releases.read_index(releases.releases_root()).models["tiny"].history[-1]
    assert last.figures["rows"] == wanted["rows"]["limits"] | {
        "strength.accuracy": last.figures["rows"]["strength.accuracy"]
    }


def test_a_finished_training_is_not_repeated(cli: Cli, config: Path, work: Path) -> None:
    assert cli("train", "--config", config, "--work", work, "--only", "fit").code == 0
    assert "holds this training already" in cli("train", "--config", config, "--work", work, "--only", "fit").err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--config", "none.yaml"], "configuration file none.yaml does not exist"),
        (["train", "--only", "export", "--work", "none"], "none contains no finished training. Train first"),
        (["models", "show", "tiny"], "no classifier is called 'tiny'. Choose from: rules"),
        (["models", "compare", "tiny@1", "tiny@2", "--data", "none"], "none does not exist"),
        (["models", "add", "none"], "none is not a released classifier"),
        (["models", "promote", "tiny"], "'tiny' has no version"),
        (["models", "promote", "tiny@1"], "no classifier is called 'tiny'"),
        (["models", "rollback", "tiny"], "no classifier is called 'tiny'"),
        (["classify", "--model", "tiny@1", "States may act."], "no classifier is called 'tiny'"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_mistake_gets_one_line(
    cli: Cli, arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in one_line(cli(*arguments))


def test_without_releases_the_list_says_who_answers(cli: Cli) -> None:
    assert "no classifier is released in" in cli("models", "list").out


@pytest.mark.slow
def test_ctrl_c_ends_at_once_and_the_same_command_goes_on(tiny: Make, tmp_path: Path) -> None:
    path, work = tmp_path / "train.yaml", tmp_path / "work"
    choices = tiny(schedule={"epochs": 30, "patience": 30})
    path.write_text(yaml.safe_dump(choices.model_dump(mode="json")), encoding="utf-8")
    command = [sys.executable, "-m", "osce_commitments", "train", "--config", str(path), "--work", str(work)]
    process = subprocess.Popen([*command, "--only", "fit"], stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert process.stderr
    for line in process.stderr:
        if line.startswith("epoch 2"):
            break
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait() == 130
    assert "interrupted: the same command resumes from the last checkpoint" in rest
    assert "Traceback" not in rest
    again = subprocess.run([*command, "--only", "fit"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "epoch 1 " not in again.stderr
    assert "epoch 30 " in again.stderr


def test_two_classifiers_on_the_same_rows(corpus_files: dict[str, Path], cli: Cli) -> None:
    rows, documents = compare_on(corpus_files["test"], "rules", "rules")
    found = {row["figure"]: row for row in rows}
    assert documents == len({json.loads(line)["document"] for line in corpus_files["test"].open(encoding="utf-8")})
    assert found.keys() >= {"strength.macro_f1", "strength.ece", "areas.micro_f1"}
    accuracy = found["strength.accuracy"]
    assert (accuracy["gain"], accuracy["low"], accuracy["high"], accuracy["sure"]) == (0.0, 0.0, 0.0, False)
    assert found["strength.ece"]["gain"] is None
    answer = cli("models", "compare", "rules", "rules", "--data", corpus_files["test"])
    assert answer.out.splitlines()[0].split() == ["figure", "rules", "gain", "low", "high", "sure"]
