"""Choices of a training, the encoders they name and the rows they read."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest
import yaml

from osce_commitments.errors import ConfigError, InputError
from osce_commitments.train import load_train_config
from osce_commitments.train.data import read_corpus
from osce_commitments.train.encoders import load_encoder
from osce_commitments.train.settings import DataFiles, TrainConfig, require_extra

CONFIGS = Path(__file__).parents[2] / "configs"


def test_the_file_of_defaults_shows_every_key_with_its_default() -> None:
    written = yaml.safe_load((CONFIGS / "train.yaml").read_text(encoding="utf-8"))
    defaults = TrainConfig().model_dump(mode="json")
    assert written == defaults


def test_the_file_of_the_released_classifier_is_a_file_of_choices() -> None:
    choices = load_train_config(CONFIGS / "train-real.yaml")
    assert choices.data.real
    assert choices.data.share < 1


def test_the_tiny_file_needs_no_weights() -> None:
    assert load_train_config(CONFIGS / "train-tiny.yaml").encoder.source == "tiny"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schedule: {epoch: 3}", "unknown key schedule.epoch"),
        ("schedule: {precision: half}", "schedule.precision: Input should be 'auto', 'float32' or 'bfloat16'"),
        ("inputs: {context: [number]}", "inputs.context.0: Input should be 'role', 'title', 'heading' or 'lead_in'"),
        ("name: Two Words", "name: String should match pattern"),
    ],
)
def test_an_error_names_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "train.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_train_config(path)
    assert str(path) in str(error.value)
    assert message in str(error.value)
    assert "See configs/train.yaml" in str(error.value)


def folder_with(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@pytest.mark.train
def test_other_weights_than_the_wanted_ones_are_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "model.safetensors", "config.json", "tokenizer.json")
    found = hashlib.sha256(b"x").hexdigest()
    with pytest.raises(ConfigError, match=f"is another encoder: SHA-256 is {found}, expected {'0' * 64}"):
        load_encoder(str(folder), "0" * 64)


@pytest.mark.train
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("package:no-such-encoder", "encoder package 'no-such-encoder' is not installed"),
        ("package:pyyaml", "encoder package 'pyyaml' contains no model.safetensors"),
        ("nobody/no-such-encoder", "is not a folder and cannot be fetched from the hub"),
    ],
)
def test_a_missing_encoder_is_told_in_one_line(source: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_encoder(source, "")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.train
def test_a_folder_without_a_tokenizer_is_no_encoder(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "model.safetensors", "config.json")
    with pytest.raises(ConfigError, match=r"has no tokenizer\.json"):
        load_encoder(str(folder), "")


def saved_encoder(folder: Path, *, vocabulary: int = 50, has_decoder: bool = False) -> Path:
    """A random encoder with a tokenizer of three tokens."""
    from tokenizers import Tokenizer, models
    from transformers import DistilBertConfig, DistilBertModel, T5Config, T5Model

    small = DistilBertConfig(vocab_size=vocabulary, dim=8, n_layers=1, n_heads=1, hidden_dim=8)
    both = T5Config(vocab_size=vocabulary, d_model=8, d_ff=8, d_kv=8, num_layers=1, num_heads=1)
    (T5Model(both) if has_decoder else DistilBertModel(small)).save_pretrained(folder)
    Tokenizer(models.WordLevel({"a": 0, "b": 1, "c": 2}, unk_token="a")).save(str(folder / "tokenizer.json"))  # noqa: S106
    return folder


@pytest.mark.train
def test_an_encoder_in_a_folder_is_read(tmp_path: Path) -> None:
    assert load_encoder(str(saved_encoder(tmp_path)), "").module.config.dim == 8


@pytest.mark.train
@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_an_encoder_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    (saved_encoder(tmp_path) / name).write_bytes(b"{")
    with pytest.raises(ConfigError, match="cannot be read: ") as error:
        load_encoder(str(tmp_path), "")
    assert "\n" not in str(error.value)


@pytest.mark.train
def test_an_encoder_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has 2 embeddings and 3 tokens"):
        load_encoder(str(saved_encoder(tmp_path / "small", vocabulary=2)), "")
    with pytest.raises(ConfigError, match="has a decoder, too"):
        load_encoder(str(saved_encoder(tmp_path / "both", has_decoder=True)), "")


@pytest.mark.parametrize("part", ["train", "validation", "real"])
def test_a_missing_part_of_the_corpus_is_named(tmp_path: Path, part: str) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl does not exist"):
        read_corpus(files(**own_files(tmp_path) | {part: tmp_path / "nowhere.jsonl"}))


def test_missing_test_rows_are_named_before_a_training(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl does not exist"):
        read_corpus(files(**own_files(tmp_path), test=tmp_path / "nowhere.jsonl"))


def files(**parts: object) -> DataFiles:
    return DataFiles.model_validate({"test": None, **parts})


def own_files(folder: Path) -> dict[str, Path]:
    (validation := folder / "validation.jsonl").write_bytes(one_row(folder).read_bytes())
    return {"train": one_row(folder), "validation": validation}


def one_row(folder: Path) -> Path:
    values = {"role": "operative", "strength": "none", "threat_areas": []}
    row = dict.fromkeys(("id", "title", "heading", "lead_in", "number", "text"), "a") | values
    (path := folder / "rows.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osce_commitments.train.settings.find_spec", lambda name: None if name == "onnx" else sys)
    with pytest.raises(ConfigError, match=r"'onnx', which is not installed.*pip install '\.\[train\]'"):
        require_extra()


def test_a_share_keeps_whole_documents_and_the_same_ones(corpus_files: dict[str, Path]) -> None:
    train, validation = corpus_files["train"], corpus_files["validation"]
    half = read_corpus(files(train=train, validation=validation, share=0.5))
    documents = {row.document for row in half.train}
    assert len(documents) == 3
    assert len(half.train) == 24
    assert len(half.validation) == 48
    assert documents < {row.document for row in read_corpus(files(train=train, validation=validation, share=0.8)).train}
    assert half.sha256.keys() == {"train", "validation"}


def test_real_rows_are_learnt_or_open_by_their_part(tmp_path: Path, corpus_files: dict[str, Path]) -> None:
    train, validation = corpus_files["train"], corpus_files["validation"]
    lines = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines()]
    real = tmp_path / "real.jsonl"

    def write(*parts: str) -> None:
        rows = [line | {"id": f"real-{at}", "part": parts[at % len(parts)]} for at, line in enumerate(lines)]
        real.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    write("learn", "tune", "tune")
    alone, both = (read_corpus(files(train=train, validation=validation, real=path)) for path in (None, real))
    assert len(both.train) == len(alone.train) + 2 * 16
    assert len(both.learnt) == len(alone.train) + 16
    assert len(both.open) == len(alone.open) + 32
    assert both.sha256.keys() == {"train", "real", "validation"}
    assert both.validation == alone.validation == alone.open
    write("learn", "")
    with pytest.raises(ConfigError, match="neither of the part learn nor of the part tune"):
        read_corpus(files(train=train, validation=validation, real=real))
