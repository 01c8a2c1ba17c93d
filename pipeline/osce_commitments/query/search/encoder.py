"""The released sentence encoder, run with ONNX Runtime: no torch and no network access.

Its folder contains the ONNX graph from token ids to a vector of unit length, a tokenizer, a description and hashes. It is in
``encoder/`` among the released classifiers and comes with the package.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from osce_commitments.classify.encoder.artefact import MODEL_FILE, TOKENIZER_FILE, check_sums, read_described
from osce_commitments.classify.encoder.inputs import Encoded, pad
from osce_commitments.classify.releases import releases_root
from osce_commitments.errors import ConfigError
from osce_commitments.silent_onnx import import_onnxruntime

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Floats = NDArray[np.float32]
    Network = Callable[[Mapping[str, NDArray[Any]]], Floats]

FOLDER, VERSION = "encoder", "1"
ENCODER_FILE = "encoder.json"
NEEDED = (ENCODER_FILE, MODEL_FILE, TOKENIZER_FILE)
INPUTS, OUTPUT = ("input_ids", "attention_mask"), "sentence"
_MOST_THREADS = 4
_REMEDY = "download the folder again"


class Description(BaseModel):
    """Origin and input of a released encoder.

    Attributes:
        source: Origin of the weights.
        sha256: Hash of the original weights; empty for random ones.
        max_tokens: Longer texts are cut.
        dimension: Length of a vector.
        precision: Number format of the weights.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    name: str
    version: str
    source: str
    sha256: str
    max_tokens: Annotated[int, Field(ge=8, le=512)]
    dimension: Annotated[int, Field(gt=0)]
    precision: str
    package_version: str


class EncoderEmbedder:
    """An :class:`~osce_commitments.query.search.vectors.Embedder`: the mean of the last hidden states over the tokens.

    Args:
        description: Its description.
        folder: Folder of tokenizer and network, which are opened for the first text.
        threads: Texts that are embedded at the same time; by default, as many as there are processors, up to four.

    Attributes:
        floor: See :class:`~osce_commitments.query.search.vectors.Embedder`. Of the judged pairs of ``corpora/needs``, 92 of 100
            answers lie above it, 90 of what belongs to the topic and 49 of the rest.
    """

    floor = 0.3

    def __init__(self, description: Description, folder: Path, threads: int = 0) -> None:
        self.description = description
        self._folder, self._threads = folder, threads or min(_MOST_THREADS, os.cpu_count() or 1)
        self._opening = Lock()

    @classmethod
    def load(cls, folder: Path, *, threads: int = 0) -> EncoderEmbedder:
        """The encoder in a folder, its files checked against their hashes.

        Raises:
            ConfigError: If a file is missing or differs from the released one.
        """
        check_sums(folder, NEEDED, "encoder")
        return cls(read_described(Description, folder / ENCODER_FILE, _REMEDY), folder, threads)

    @property
    def id(self) -> str:
        """Name and version."""
        return f"{self.description.name}@{self.description.version}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.description.dimension

    def open(self) -> None:
        """Open tokenizer and network, as the first text would.

        Raises:
            ConfigError: If the network cannot be run.
        """
        with self._opening:
            _ = self._tokenizer, self._network

    def embed(self, texts: Sequence[str]) -> Floats:
        """See :class:`~osce_commitments.query.search.vectors.Embedder`; longer texts are cut to the encoder's length.

        Raises:
            ConfigError: If the network cannot be run.
        """
        vectors = np.zeros((len(texts), self.description.dimension), dtype=np.float32)
        if not texts:
            return vectors
        self.open()
        encoded = self._tokenizer.encode_batch(list(texts))
        inputs = [Encoded(tuple(one.ids), (0,) * len(one.ids)) for one in encoded]
        network = self._network

        def vector(encoded: Encoded) -> Floats:
            arrays = pad([encoded])
            floats: Floats = network({name: arrays[name] for name in INPUTS})[0]
            return floats

        # One text per call: the small weights are scaled by the largest value of a call. A vector is the same in any thread.
        with ThreadPoolExecutor(self._threads) as pool:
            for row, floats in enumerate(pool.map(vector, inputs)):
                vectors[row] = floats
        return vectors

    @functools.cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(self.description.max_tokens)
        tokenizer.no_padding()
        return tokenizer

    @functools.cached_property
    def _network(self) -> Network:
        return sentence_network(self._folder / MODEL_FILE)


def sentence_network(path: Path) -> Network:
    """The network in an ONNX file, from padded ids to vectors.

    Raises:
        ConfigError: If ONNX Runtime cannot run the file.
    """
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
    states = onnxruntime.capi.onnxruntime_pybind11_state
    try:
        session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (states.Fail, states.InvalidGraph, states.InvalidProtobuf) as error:
        msg = f"{path} cannot be run: {' '.join(str(error).split())[:200]}"
        raise ConfigError(msg, _REMEDY) from error

    def run(arrays: Mapping[str, NDArray[Any]]) -> Floats:
        floats: Floats = session.run([OUTPUT], dict(arrays))[0]
        return floats

    return run


def released_encoder() -> EncoderEmbedder:
    """The encoder among the released models.

    Raises:
        ConfigError: If it is missing or damaged.
    """
    folder = releases_root() / FOLDER / VERSION
    if not folder.is_dir():
        msg = f"the sentence encoder is missing: no folder {folder}"
        raise ConfigError(msg, f"install the package again, or {_REMEDY}")
    return _load_once(folder)


@functools.lru_cache(maxsize=2)
def _load_once(folder: Path) -> EncoderEmbedder:
    return EncoderEmbedder.load(folder)
