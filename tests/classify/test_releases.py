"""Released classifiers: which one a name leads to, and what happens to the index."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from osce_commitments.classify import classifier_id, load_classifier, releases
from osce_commitments.classify.encoder.artefact import (
    Artefact,
    EncoderSource,
    Pooling,
    Review,
    RuleWitness,
    read_artefact,
    release_file,
    write_sums,
)
from osce_commitments.classify.encoder.inputs import InputSettings
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LEVELS = len(STRENGTHS)
_FILES = ("model.onnx", "tokenizer.json")


def artefact(version: str) -> Artefact:
    weightless = {name: 0.0 for name in Pooling.model_fields if name != "review"}
    return Artefact(
        name="demo",
        version=version,
        package_version="0",
        inputs=InputSettings(),
        encoder=EncoderSource(source="tiny", sha256="", base="tiny", attention_heads=2),
        rules=RuleWitness(version="rules-1", by_rule={}, by_level=((1 / 6,) * _LEVELS,) * _LEVELS),
        pooling=Pooling(**weightless, review=Review(strength=0.0, disagreement=0.0, area=0.0)),
        corpus={},
        training={},
        precision="int8",
    )


def made(folder: Path, version: str, accuracy: float = 0.5) -> Path:
    """A folder that looks like what a training exports; its network is none."""
    folder.mkdir(parents=True)
    (folder / "artefact.json").write_text(artefact(version).model_dump_json(), encoding="utf-8")
    for name in _FILES:
        (folder / name).write_bytes(b"no network")
    figures = {"parts": {"test": {"strength": {"accuracy": accuracy}}}, "note": "text"}
    (folder / "metrics.json").write_text(json.dumps(figures), encoding="utf-8")
    write_sums(folder, [*_FILES, "artefact.json", "metrics.json"])
    return folder


def grounds(reason: str) -> releases.Promotion:
    return releases.Promotion(reason=reason, figures={"test": {"strength.accuracy": 0.9}})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    for version, accuracy in (("1", 0.5), ("2", 0.75)):
        releases.add_release(made(tmp_path / version, version, accuracy), folder)
    return folder


def test_a_new_version_is_listed_but_not_served(root: Path) -> None:
    assert [(one.version, one.is_promoted) for one in releases.list_releases(root)] == [("1", False), ("2", False)]
    assert releases.next_version(root, "demo") == "3"
    with pytest.raises(ConfigError, match="no version of 'demo' is promoted"):
        releases.locate("demo", root)


def test_a_version_is_added_once_and_never_overwritten(root: Path, tmp_path: Path) -> None:
    again = releases.add_release(tmp_path / "1", root)
    assert again.folder == root / "demo" / "1"
    assert [one.version for one in releases.list_releases(root)] == ["1", "2"]
    other = made(tmp_path / "other", "1", accuracy=0.9)
    with pytest.raises(ConfigError, match=r"is released already, with other files.*next version is 3"):
        releases.add_release(other, root)
    (other / "model.onnx").unlink()
    with pytest.raises(ConfigError, match=r"model\.onnx is missing"):
        releases.add_release(other, root)


@pytest.mark.parametrize(
    ("name", "version"), [("demo", "../x"), ("demo", "../../escaped"), ("rules", "1"), ("default", "1"), ("De mo", "1")]
)
def test_a_release_is_called_what_a_folder_can_be_and_nothing_that_is_taken(name: str, version: str) -> None:
    with pytest.raises(ConfigError, match=r"cannot name|is reserved"):
        releases.check_name(name, version)


def test_promote_and_roll_back(root: Path) -> None:
    releases.promote_release("demo", "1", grounds(""), root=root)
    releases.promote_release("demo", "2", grounds("better on reports"), root=root)
    assert releases.locate("demo", root) == root / "demo" / "2"
    assert releases.rollback_release("demo", root) == "1"
    assert releases.locate("demo", root) == root / "demo" / "1"
    with pytest.raises(ConfigError, match="was promoted before '1'"):
        releases.rollback_release("demo", root)
    releases.promote_release("demo", "2", grounds("mended"), root=root)
    assert releases.rollback_release("demo", root, reason="not mended") == "1"
    told = [(one.version, one.reason, one.is_rollback) for one in releases.read_index(root).models["demo"].history]
    assert told == [
        ("1", "", False),
        ("2", "better on reports", False),
        ("1", "", True),
        ("2", "mended", False),
        ("1", "not mended", True),
    ]
    assert sorted(path.name for path in root.iterdir()) == ["demo", "files", "index.json"]


def test_a_version_that_is_not_kept_is_told_in_one_line(root: Path) -> None:
    for version in ("1", "2"):
        releases.promote_release("demo", version, grounds(""), root=root)
    index = json.loads((root / "index.json").read_text(encoding="utf-8"))
    index["models"]["demo"]["versions"] = ["2"]
    (root / "index.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"demo@1, which was served before demo@2, is not kept\. Promote one of: 2, or"
    ):
        releases.rollback_release("demo", root)


def test_nothing_is_rolled_back_before_the_first_promotion(root: Path) -> None:
    with pytest.raises(ConfigError, match=r"no version of 'demo' was promoted\. Promote one of: 1, 2$"):
        releases.rollback_release("demo", root)


def test_the_history_keeps_date_and_figures_of_a_promotion(root: Path) -> None:
    releases.promote_release("demo", "1", grounds("first"), root=root)
    releases.promote_release("demo", "2", releases.Promotion(reason="a trial", is_forced=True), root=root)
    first, second = releases.read_index(root).models["demo"].history
    assert first.figures == {"test": {"strength.accuracy": 0.9}}
    assert (first.is_forced, second.is_forced) == (False, True)
    assert datetime.fromisoformat(first.date) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("empty", "message"),
    [
        (releases.Promotion(reason="good"), "has not been measured"),
        (releases.Promotion(reason=" ", is_forced=True), "without the gate and without a reason"),
    ],
)
def test_nothing_is_served_without_figures_or_a_reason(root: Path, empty: releases.Promotion, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        releases.promote_release("demo", "1", empty, root=root)
    assert releases.read_index(root).models["demo"].promoted == ""


def test_what_a_name_or_path_leads_to(root: Path) -> None:
    assert releases.locate("demo@1", root) == root / "demo" / "1"
    path = root / "demo" / "2"
    assert releases.locate(str(path), root) == path


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("other", "Choose from: rules, demo, or give a folder"),
        ("demo@9", "has no version '9'. Choose from: 1, 2"),
        ("No/Such Folder", "is neither a released classifier nor a folder with one"),
    ],
)
def test_an_unknown_name_lists_the_known_ones(root: Path, model: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        releases.locate(model, root)
    assert message in str(error.value)


def test_the_environment_names_the_folder_of_releases(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSCE_COMMITMENTS_MODELS", str(root))
    assert releases.releases_root() == root
    monkeypatch.delenv("OSCE_COMMITMENTS_MODELS")
    assert releases.releases_root().name == "models"


def test_versions_share_their_large_files_and_each_is_whole(root: Path) -> None:
    assert sorted(path.name.partition("-")[2] for path in (root / "files").iterdir()) == list(_FILES)
    for version in ("1", "2"):
        folder = root / "demo" / version
        assert not (folder / "model.onnx").exists()
        assert release_file(folder, "model.onnx").read_bytes() == b"no network"
        assert read_artefact(folder).version == version


def test_a_release_goes_to_another_folder_of_releases_with_its_shared_files(root: Path, tmp_path: Path) -> None:
    kept = releases.add_release(root / "demo" / "1", tmp_path / "others")
    assert read_artefact(kept.folder).version == "1"
    assert release_file(kept.folder, "model.onnx").parent == tmp_path / "others" / "files"


def test_a_changed_or_missing_file_is_refused(root: Path) -> None:
    folder = root / "demo" / "1"
    (folder / "model.onnx").write_bytes(b"another network")
    with pytest.raises(ConfigError, match=r"model\.onnx is missing or is not the released file"):
        releases.promote_release("demo", "1", grounds(""), root=root)
    (folder / "model.onnx").unlink()
    release_file(folder, "model.onnx").write_bytes(b"another network")
    with pytest.raises(ConfigError, match=r"model\.onnx is missing or is not the released file"):
        load_classifier(str(folder))
    release_file(folder, "model.onnx").unlink()
    with pytest.raises(ConfigError, match=r"model\.onnx is missing"):
        load_classifier(str(folder))
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(ConfigError, match="is not a released classifier"):
        read_artefact(folder)


def test_a_file_without_a_hash_is_refused(root: Path) -> None:
    folder = root / "demo" / "1"
    write_sums(folder, ["artefact.json"])
    with pytest.raises(ConfigError, match=r"model\.onnx is missing or is not the released file"):
        read_artefact(folder)


def test_a_model_for_other_labels_is_refused(root: Path) -> None:
    folder = root / "demo" / "1"
    values = json.loads((folder / "artefact.json").read_text(encoding="utf-8"))
    values["labels"]["strength"] = values["labels"]["strength"][::-1]
    (folder / "artefact.json").write_text(json.dumps(values), encoding="utf-8")
    write_sums(folder, [*_FILES, "artefact.json"])
    with pytest.raises(ConfigError, match="was made for other labels"):
        read_artefact(folder)


def test_a_broken_index_is_named(root: Path) -> None:
    (root / "index.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"index\.json cannot be read"):
        releases.list_releases(root)


def test_the_rules_need_no_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OSCE_COMMITMENTS_MODELS", str(tmp_path))
    assert load_classifier("rules").id == classifier_id("rules") == RuleClassifier().id
    with pytest.raises(ConfigError, match="no classifier is called 'unknown'"):
        load_classifier("unknown")


@pytest.mark.parametrize("ask", [lambda name, root: releases.locate(f"{name}@1", root), releases.rollback_release])
def test_what_has_no_weights_is_no_release(ask: Callable[..., object], root: Path) -> None:
    with pytest.raises(ConfigError, match=r"'rules' is not a release.*Choose from: demo$"):
        ask("rules", root)


def test_a_folder_that_the_environment_names_in_vain_is_no_reason_for_the_rules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(releases.ENVIRONMENT, str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="which is not a folder"):
        load_classifier("default")
    (tmp_path / "none").mkdir()
    for index in ("", '{"models": {}}'):
        with pytest.raises(ConfigError, match=r"no classifier is released in .*Restore the file, or choose the rules"):
            load_classifier("default")
        (tmp_path / "none" / "index.json").write_text(index or '{"models": {}}')
    assert load_classifier("rules").id.startswith("rules")


@pytest.mark.parametrize("name", _FILES)
def test_a_release_is_not_read_without_one_of_its_files(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path / "demo", "1")
    (folder / name).unlink()
    write_sums(folder, sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS"))
    with pytest.raises(ConfigError, match=f"{name} is missing"):
        read_artefact(folder)


def test_a_tokenizer_of_another_form_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        @staticmethod
        def from_file(_: str) -> None:
            raise Exception("data did not match\nany variant")  # noqa: TRY002 - as the library does

    monkeypatch.setattr("tokenizers.Tokenizer", Broken)
    with pytest.raises(ConfigError, match=r"tokenizer\.json is not a tokenizer: data did not match any variant"):
        load_classifier("default")
