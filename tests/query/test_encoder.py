"""The released encoder: what likeness is measured with, unless another is asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import osce_commitments
from osce_commitments.classify.encoder.artefact import MODEL_FILE, SUMS_FILE, TOKENIZER_FILE, write_sums
from osce_commitments.errors import ConfigError
from osce_commitments.ids import fingerprint
from osce_commitments.query.search import index, vectors
from osce_commitments.query.search.encoder import ENCODER_FILE, NEEDED, EncoderEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from osce_commitments.dataset import Dataset
    from tests.support.cli import Answer

RELEASED = Path(__file__).resolve().parents[2] / "models" / "encoder" / "1"
MODELS = "OSCE_COMMITMENTS_MODELS"


@pytest.fixture
def data(dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(dataset.path, copy, ignore=shutil.ignore_patterns(index.INDEX_FOLDER))
    monkeypatch.setenv("OSCE_COMMITMENTS_CACHE", str(tmp_path / "cache"))
    return copy


def made(data: Path) -> set[str]:
    """The embedders whose vectors are there."""
    return {path.parent.suffix[1:] for path in (data / index.INDEX_FOLDER).glob("*/vectors.npy")}


def test_the_released_encoder_gives_a_text_one_vector_whatever_stands_beside_it() -> None:
    embedder = EncoderEmbedder.load(RELEASED)
    texts = ["Lost passports are reported within a day.", "Mines", "Border guards " + "train with dogs and " * 30]
    assert np.allclose(embedder.embed(texts), [embedder.embed([text])[0] for text in texts], atol=1e-5)


@pytest.mark.train
def test_a_text_has_the_same_vector_of_unit_length_whatever_stands_beside_it(tiny: Path) -> None:
    embedder = EncoderEmbedder.load(tiny / "encoder" / "1")
    texts = ["lost passports are reported", "mines", "mines are cleared", "lost " * 20]
    found = embedder.embed(texts)
    assert embedder.id == "tiny@1"
    assert found.shape == (4, 8)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert all(np.allclose(embedder.embed([text])[0], row, atol=1e-6) for text, row in zip(texts, found, strict=True))
    assert np.allclose(embedder.embed(["lost " * 8 + "mines"]), found[3], atol=1e-6)
    assert embedder.embed([]).shape == (0, 8)


@pytest.mark.train
def test_it_is_the_default_and_another_one_is_asked_for(
    data: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODELS, str(tiny))
    osce_commitments.open(data).search("lost passports", by="meaning")
    assert made(data) == {fingerprint("tiny@1")}
    osce_commitments.open(data, embedder=Counting()).search("lost passports", by="meaning")
    assert made(data) == {fingerprint("tiny@1"), fingerprint("counting@1")}


@pytest.mark.train
def test_where_it_is_missing_one_line_names_the_remedy(
    cli: Callable[..., Answer], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODELS, str(tmp_path))
    answer = cli("query", "lost passports", "--by", "meaning", "--data", data)
    assert answer.code == 2
    (line,) = answer.err.splitlines()
    assert line.startswith(f"error: the sentence encoder is missing: no folder {tmp_path}")
    assert "ownload the folder again" in line
    assert made(data) == set()
    assert cli("query", "stolen", "--data", data).code == 0


@pytest.mark.train
@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE, ENCODER_FILE, SUMS_FILE])
def test_a_damaged_one_is_one_line(
    name: str, cli: Callable[..., Answer], data: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODELS, str(tiny))
    (tiny / "encoder" / "1" / name).unlink()
    answer = cli("query", "lost passports", "--by", "meaning", "--data", data)
    assert answer.code == 2
    (line,) = answer.err.splitlines()
    assert line.startswith(f"error: {tiny / 'encoder' / '1'}")
    assert made(data) == set()
    assert cli("query", "stolen", "--data", data).code == 0


@pytest.mark.train
def test_what_is_no_network_or_no_description_is_one_line(tiny: Path) -> None:
    folder = tiny / "encoder" / "1"
    (folder / MODEL_FILE).write_bytes(b"no network")
    write_sums(folder, NEEDED)
    with pytest.raises(ConfigError, match=r"model\.onnx cannot be run"):
        EncoderEmbedder.load(folder).embed(["mines"])
    (folder / ENCODER_FILE).write_text("{}", encoding="utf-8")
    write_sums(folder, NEEDED)
    with pytest.raises(ConfigError, match=r"encoder\.json: name: Field required"):
        EncoderEmbedder.load(folder)


class Counting:
    """An embedder that keeps what it was given; it may be interrupted."""

    def __init__(self, name: str = "counting@1", *, is_interrupted: bool = False) -> None:
        self.id, self.given, self._is_interrupted = name, list[str](), is_interrupted

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._is_interrupted:
            raise KeyboardInterrupt
        self.given += texts
        rows = np.array([[text.count("e") + 1, len(text)] for text in texts], dtype=np.float32).reshape(-1, 2)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_new_version_embeds_new_texts_only(data: Path) -> None:
    first, second, other = Counting(), Counting(), Counting("counting@2")
    held = [hit.reading for hit in osce_commitments.open(data, 1).search(limit=None).hits]
    osce_commitments.open(data, 1, embedder=first).search("a", by="meaning")
    assert sorted(first.given) == sorted({*held, "a"})
    reader = osce_commitments.open(data, 2, embedder=second)
    found = reader.search("a", by="meaning")
    assert sorted(second.given) == sorted({hit.reading for hit in found.hits} - {*held} | {"a"})
    shutil.rmtree(data / index.INDEX_FOLDER)
    assert osce_commitments.open(data, 2, embedder=Counting()).search("a", by="meaning") == found
    osce_commitments.open(data, 2, embedder=other).search("a", by="meaning")
    assert len(other.given) == found.total + 1


def test_damaged_vectors_of_another_version_are_made_anew(data: Path) -> None:
    osce_commitments.open(data, 1, embedder=Counting()).search("a", by="meaning")
    (path,) = (data / index.INDEX_FOLDER).glob("*/texts.npy")
    path.write_bytes(b"")
    second = Counting()
    assert osce_commitments.open(data, 2, embedder=second).search("a", by="meaning").total == 6
    assert len(second.given) == 7


def test_an_interruption_leaves_nothing(data: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        osce_commitments.open(data, embedder=Counting(is_interrupted=True)).search("a", by="meaning")
    assert [path.name for path in (data / index.INDEX_FOLDER).iterdir() if path.is_dir()] == []
    assert osce_commitments.open(data, embedder=Counting()).search("a", by="meaning").total == 6


def test_long_work_is_told(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    osce_commitments.open(data, embedder=Counting("quick@1")).search("a", by="meaning")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(vectors, "_TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(vectors, "_SILENT_SECONDS", 0.0)
    monkeypatch.setattr(vectors, "_SECONDS_BETWEEN_LINES", 0.0)
    osce_commitments.open(data, embedder=Counting()).search("a", by="meaning")
    assert capsys.readouterr().err.splitlines() == [
        "preparing search by meaning: 2 of 6 texts, 0 s left",
        "preparing search by meaning: 4 of 6 texts, 0 s left",
    ]


def test_words_and_help_load_no_network(data: Path) -> None:
    loaded = "print(sorted({'onnxruntime', 'tokenizers', 'osce_commitments.query.search.encoder'} & set(sys.modules)))"
    search = f"import sys, osce_commitments; osce_commitments.open({str(data)!r}).search('stolen'); {loaded}"
    helped = f"import sys; from osce_commitments.cli import build; build('like')(['like', '--help'], standalone_mode=False); {loaded}"
    for code in (search, helped):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"
    assert made(data) == set()


def test_the_released_one_knows_what_other_words_mean() -> None:
    embedder = EncoderEmbedder.load(RELEASED)
    texts = [
        "States will report lost and stolen travel documents to INTERPOL.",
        "Passports that have gone missing are to be notified to the international police database.",
        "The Secretariat organizes a seminar on mine clearance.",
    ]
    found = embedder.embed(texts)
    assert embedder.id == "encoder@1"
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-4)
    near, far = found[1:] @ found[0]
    assert near > 0.5 > far + 0.2
