"""Export the published base encoder of searches by meaning to one small ONNX file: ``python -m corpora.needs.encoder --out DIR``.

It belongs in ``models/encoder/VERSION``. Every run writes the same bytes. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments._version import __version__
from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.inputs import Encoded, length_sorted, pad
from osce_commitments.errors import ConfigError, OsceCommitmentsError
from osce_commitments.evaluate.files import markdown_page
from osce_commitments.query.search.encoder import (
    ENCODER_FILE,
    FOLDER,
    INPUTS,
    OUTPUT,
    VERSION,
    Description,
    EncoderEmbedder,
)
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.train.encoders import Encoder
from osce_commitments.train.settings import EncoderChoice, TrainConfig, load_train_config, require_extra

_Floats = NDArray[np.float32]

MAX_TOKENS, MAX_MEGABYTES = 128, 25.0
_SAMPLES, _BATCH = 400, 16
_PRECISION = "int8"


def release_encoder(config: TrainConfig, folder: Path, *, say: Callable[[str], object] = lambda _: None) -> Path:
    """Write the configured encoder with 8-bit weights into a folder and return it; an older one is replaced.

    Texts of ``data.train`` show the outliers.

    Raises:
        ConfigError: If the extra is not installed, the encoder is not the configured one, or the file becomes too large.
        InputError: If the texts cannot be read.
    """
    require_extra()
    from osce_commitments.train.encoders import load_encoder

    rows = read_rows(config.data.train)
    texts = [row.text for row in rows[:: -(-len(rows) // _SAMPLES)]]
    encoder = load_encoder(config.encoder.source, config.encoder.sha256, texts)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as scratch:
        partial = Path(scratch) / folder.name
        partial.mkdir()
        say(f"shrinking {config.encoder.source}")
        say(_write(partial, encoder, config.encoder.source, texts))
        shutil.rmtree(folder, ignore_errors=True)
        partial.replace(folder)
    return folder


def _write(folder: Path, encoder: Encoder, source: str, texts: Sequence[str]) -> str:
    """Write all files of the artefact; returns a summary."""
    encoder.tokenizer.no_padding()
    encoder.tokenizer.enable_truncation(MAX_TOKENS)
    inputs = [
        Encoded(tuple(encoding.ids), (0,) * len(encoding.ids)) for encoding in encoder.tokenizer.encode_batch(texts)
    ]
    network = _sentences(encoder.module)
    full = _vectors(network, inputs)
    _export_small(network, inputs, folder / files.MODEL_FILE)
    megabytes = (folder / files.MODEL_FILE).stat().st_size / 1e6
    if megabytes > MAX_MEGABYTES:
        msg = f"the encoder takes {megabytes:.1f} MB, more than {MAX_MEGABYTES:g}"
        raise ConfigError(msg, "choose a smaller one in encoder.source")
    encoder.tokenizer.no_truncation()
    encoder.tokenizer.save(str(folder / files.TOKENIZER_FILE), pretty=False)
    described = Description(
        name=FOLDER,
        version=VERSION,
        source=source,
        sha256=encoder.sha256,
        max_tokens=MAX_TOKENS,
        dimension=full.shape[1],
        precision=_PRECISION,
        package_version=__version__,
    )
    (folder / ENCODER_FILE).write_text(described.model_dump_json(indent=1) + "\n", encoding="utf-8")
    is_default = described.sha256 == EncoderChoice().sha256
    licence = "Apache-2.0 (all-MiniLM-L6-v2 of sentence-transformers)" if is_default else "that of their makers"
    cosines = (EncoderEmbedder(described, folder).embed(texts) * full).sum(axis=1)
    card = markdown_page(
        Path(__file__).with_name("encoder_card.md.j2"),
        made=described,
        licence=licence,
        megabytes=megabytes,
        kept=cosines,
    )
    (folder / files.CARD_FILE).write_text(card, encoding="utf-8")
    files.write_sums(folder, [files.MODEL_FILE, files.TOKENIZER_FILE, ENCODER_FILE, files.CARD_FILE])
    return f"{megabytes:.1f} MB; cosine to full precision {cosines.mean():.3f} on average, {cosines.min():.3f} at least"


def _sentences(module: Any) -> Any:  # noqa: ANN401 - torch loads late
    import torch

    class Sentences(torch.nn.Module):
        """Return the mean of the last states over the unmasked tokens, with length 1."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = module

        def forward(self, input_ids: Any, attention_mask: Any, segment_ids: Any = None) -> Any:  # noqa: ANN401, ARG002
            """Return one vector per row; the segments of ``pad`` are all equal and not used."""
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            counts = attention_mask.unsqueeze(-1).to(states.dtype)
            return torch.nn.functional.normalize((states * counts).sum(dim=1), dim=-1)

    return Sentences().eval()


def _vectors(network: Any, inputs: Sequence[Encoded]) -> _Floats:  # noqa: ANN401 - torch loads late
    import torch

    vectors = np.zeros((len(inputs), network.encoder.config.hidden_size), dtype=np.float32)
    with torch.no_grad():
        for rows in length_sorted(inputs, _BATCH):
            arrays = pad([inputs[row] for row in rows])
            vectors[rows] = network(*(torch.from_numpy(arrays[name]) for name in INPUTS)).numpy()
    return vectors


def _export_small(network: Any, inputs: Sequence[Encoded], path: Path) -> None:  # noqa: ANN401 - torch loads late
    import torch

    from osce_commitments.train.onnx_graph import OPSET, prepare_graph, shrink

    prepare_graph(network, inputs)
    axes = {name: {0: "rows", 1: "tokens"} for name in INPUTS} | {OUTPUT: {0: "rows"}}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        base = Path(scratch) / "base.onnx"
        torch.onnx.export(
            network,
            tuple(torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]) for _ in INPUTS),
            str(base),
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        shrink(base, path)


def main() -> None:
    """Write the encoder into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, help="choices of a training, for the encoder and the texts")
    choices = parser.parse_args()
    try:
        settings = load_train_config(choices.config)
        folder = release_encoder(settings, choices.out, say=lambda line: sys.stderr.write(f"{line}\n"))
    except OsceCommitmentsError as error:
        sys.exit(f"error: {error}")
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
