"""The base encoder as one small file for likeness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import yaml

from corpora.needs import encoder as sentences
from osce_commitments.classify.encoder.artefact import CARD_FILE, SUMS_FILE
from osce_commitments.errors import ConfigError
from osce_commitments.query.search.encoder import EncoderEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.train import TrainConfig

TEXTS = ["Calls upon States to act.", "Tasks the Secretary General with a report on heroin.", "x"]


def test_the_command_makes_what_the_embedder_reads(
    tiny: Callable[..., TrainConfig],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import torch

    path, folder = tmp_path / "train.yaml", tmp_path / "encoder" / "1"
    path.write_text(yaml.safe_dump(tiny().model_dump(mode="json")), encoding="utf-8")
    torch.manual_seed(1)
    monkeypatch.setattr("sys.argv", ["encoder", "--config", str(path), "--out", str(folder)])
    sentences.main()
    shown = capsys.readouterr()
    assert shown.out.strip() == str(folder)
    assert "cosine to full precision" in shown.err
    assert [one.name for one in folder.parent.iterdir()] == ["1"]
    embedder = EncoderEmbedder.load(folder)
    found = embedder.embed(TEXTS)
    assert found.shape == (3, 32)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-4)
    assert np.allclose(embedder.embed(TEXTS[2:]), found[2:], atol=1e-2)
    card = (folder / CARD_FILE).read_text(encoding="utf-8")
    assert "SHA-256 of its weights `random weights`" in card
    assert "Licence of the weights: that of their makers" in card
    before = (folder / SUMS_FILE).read_text(encoding="utf-8")
    torch.manual_seed(1)
    sentences.release_encoder(tiny(), folder)
    assert (folder / SUMS_FILE).read_text(encoding="utf-8") == before


def test_one_that_is_too_large_replaces_nothing(
    tiny: Callable[..., TrainConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "MAX_MEGABYTES", 0.001)
    (tmp_path / "1").mkdir()
    with pytest.raises(ConfigError, match=r"takes 0\.\d MB, more than 0\.001"):
        sentences.release_encoder(tiny(), tmp_path / "1")
    assert [one.name for one in tmp_path.iterdir()] == ["1"]
