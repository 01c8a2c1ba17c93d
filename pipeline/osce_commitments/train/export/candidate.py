"""Turns a finished training into a classifier that can be released: export, shrink, calibrate, measure, write."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments._version import __version__
from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Artefact
from osce_commitments.classify.encoder.heads import Heads
from osce_commitments.errors import ConfigError
from osce_commitments.train.data import Corpus
from osce_commitments.train.export.card import write_card
from osce_commitments.train.export.maker import VALIDATION, Candidate, Maker, make_maker
from osce_commitments.train.settings import Precision, TrainConfig

if TYPE_CHECKING:
    from osce_commitments.train.fit import Trained

_Figures = dict[str, dict[str, float]]

_GOOD_WHEN_LOW = frozenset({"mae", "ece", "ece_likely"})


def release(  # noqa: PLR0913 - what a release is made from
    trained: Trained,
    corpus: Corpus,
    config: TrainConfig,
    folder: Path,
    *,
    version: str,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a classifier that can be released into a folder in one step; an older one is replaced.

    Raises:
        ConfigError: If no precision of the weights is within the bounds of size and loss.
    """
    with tempfile.TemporaryDirectory() as scratch:
        tokenizer_file, words = trained.folder / files.TOKENIZER_FILE, Path(scratch) / files.WORDS_FILE
        maker = make_maker(tokenizer_file, trained.config.inputs, corpus, config, words, say)
        full, small = _candidates(trained, maker, Path(scratch), say)
        artefact = _artefact(trained, maker, small, version)
        _write(folder, artefact, tokenizer_file, words, small, _metrics(trained, full, small))


def repool_candidate(  # noqa: PLR0913 - what a release is made from
    old: Path,
    corpus: Corpus,
    config: TrainConfig,
    folder: Path,
    *,
    version: str,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Fit the words, the weight of the rules and the pooling again for a released network; its weights stay.

    The cost of small weights is taken from the training of the network.

    Raises:
        ConfigError: If the old one is damaged.
    """
    released = files.read_artefact(old)
    with tempfile.TemporaryDirectory() as scratch:
        tokenizer_file, words = files.release_file(old, files.TOKENIZER_FILE), Path(scratch) / files.WORDS_FILE
        heads = Heads.read(files.release_file(old, files.HEADS_FILE)) if released.features else None
        maker = make_maker(tokenizer_file, released.inputs, corpus, config, words, say, heads)
        small = maker.candidate(released.precision, files.release_file(old, files.MODEL_FILE))
        # The rows from which heads that are kept were learnt.
        is_kept = heads is not None and not config.data.heads
        kept_heads = {part: digest for part, digest in released.corpus.items() if is_kept and part == "heads"}
        artefact = released.model_copy(
            update={
                "version": version,
                "package_version": __version__,
                "rules": maker.witness,
                "features": small.features,
                "has_words": True,
                "network_of": released.network_of or f"{released.name}@{released.version}",
                "combinations": small.combinations,
                "default": str(config.decision.serves),
                "corpus": kept_heads | corpus.sha256,
                "network_corpus": released.network_corpus or released.corpus,
                "training": released.training | _choices(config, released),
            }
        )
        before = json.loads((old / files.METRICS_FILE).read_text(encoding="utf-8"))
        rows = {"train": len(corpus.train), "validation": len(corpus.validation)}
        # Heads that are kept may have learnt from the rows of validation: figures on these would flatter.
        is_known = released.corpus.get(VALIDATION) == corpus.sha256.get(VALIDATION)
        seen = {VALIDATION} if is_kept and is_known else set()
        figures = before | {
            "parts": {part: figure for part, figure in small.figures.items() if part not in seen},
            "model_bytes": small.size,
            "rows": rows,
            "network_rows": before.get("network_rows", before["rows"]),
        }
        _write(folder, artefact, tokenizer_file, words, small, figures)


def _choices(config: TrainConfig, released: Artefact) -> dict[str, Any]:
    """The settings of a repooling; heads that are kept have those with which they were learnt."""
    settings = {name: getattr(config, name).model_dump(mode="json") for name in ("data", "heads", "decision")}
    if not config.data.heads:
        settings["data"]["heads"] = released.training["data"].get("heads")
        settings["heads"] = released.training.get("heads", settings["heads"])
    return settings


def _candidates(
    trained: Trained, maker: Maker, scratch: Path, say: Callable[[str], None]
) -> tuple[Candidate, Candidate]:
    """Return the network in full precision, and in the first small precision within the bounds."""
    from osce_commitments.train.export.onnx_graph import PRECISIONS, export_base, export_full, shrink

    export_full(trained, scratch / "full.onnx")
    full = maker.candidate("fp32", scratch / "full.onnx")
    export_base(trained, scratch / "base.onnx", maker.inputs(maker.samples))
    refused = []
    for precision, exact_layers in PRECISIONS.items():
        path = scratch / f"small{exact_layers}.onnx"
        shrink(scratch / "base.onnx", path, exact_layers=exact_layers)
        small = maker.candidate(precision, path)
        losses = _losses(full, small)
        served = [loss for name, loss in losses.items() if name.startswith(f"{maker.config.decision.serves}.")]
        cost, size = max(served), small.size / 1e6
        verdict = f"{precision}: {size:.1f} MB, costs at most {cost:.2f} points"
        say(verdict)
        if size <= maker.config.export.max_megabytes and cost <= maker.config.export.max_loss_points:
            return full, small
        refused.append(verdict)
    bounds = maker.config.export
    msg = f"no precision is within {bounds.max_megabytes:g} MB and {bounds.max_loss_points:g} points: {'; '.join(refused)}"
    raise ConfigError(msg, "train longer or with another seed, or widen export.max_loss_points")


def _losses(full: Candidate, small: Candidate, part: str = VALIDATION) -> dict[str, float]:
    """Return the points that the small weights lose on every headline figure of both poolings; negative for a gain.

    Each candidate has its own fit, as it would be released.
    """
    losses = {}
    for pooling in full.combinations:
        for group in ("strength", "areas"):
            before, after = (candidate.figures[part][pooling][group] for candidate in (full, small))
            for name, value in before.items():
                change = after[name] - value if name in _GOOD_WHEN_LOW else value - after[name]
                losses[f"{pooling}.{group}.{name}"] = round(100 * change, 2)
    return losses


def _artefact(trained: Trained, maker: Maker, small: Candidate, version: str) -> Artefact:
    return files.Artefact(
        name=maker.config.name,
        version=version,
        package_version=__version__,
        inputs=trained.config.inputs,
        encoder=files.EncoderSource(source=trained.config.encoder.source, sha256=trained.record["encoder_sha256"]),
        rules=maker.witness,
        features=small.features,
        has_words=True,
        combinations=small.combinations,
        default=str(maker.config.decision.serves),
        corpus=trained.record["corpus"],
        training=trained.record["config"] | {"decision": maker.config.decision.model_dump(mode="json")},
        precision=small.precision,
    )


def _metrics(trained: Trained, full: Candidate, small: Candidate) -> dict[str, Any]:
    return {
        "parts": small.figures,
        "full_precision": full.figures,
        "cost_points": {part: _losses(full, small, part) for part in small.figures},
        "model_bytes": small.size,
        "rows": trained.record["rows"],
        "training_precision": trained.record.get("precision", Precision.FLOAT32),  # values that older records lack
        "training_seconds": trained.record["seconds"],
        "history": trained.record["history"],
    }


def _write(  # noqa: PLR0913, PLR0917 - the files of a release
    folder: Path, artefact: Artefact, tokenizer: Path, words: Path, small: Candidate, figures: Mapping[str, Any]
) -> None:
    copies = {files.TOKENIZER_FILE: tokenizer, files.WORDS_FILE: words, files.MODEL_FILE: small.model}
    if small.heads:
        copies[files.HEADS_FILE] = words.with_name(files.HEADS_FILE)  # in the temporary folder of the words
        np.savez_compressed(copies[files.HEADS_FILE], allow_pickle=False, **small.heads.as_arrays())
    write_release(folder, artefact, figures, copies)


def write_release(folder: Path, artefact: Artefact, figures: Mapping[str, Any], copies: Mapping[str, Path]) -> None:
    """Write a classifier with its card, and copies of its other files, into a folder in one step; an older one is replaced."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, file in copies.items():
        shutil.copy(file, partial / name)
    texts = {
        files.ARTEFACT_FILE: artefact.model_dump_json(indent=1) + "\n",
        files.METRICS_FILE: json.dumps(figures, indent=1) + "\n",
        files.CARD_FILE: write_card(artefact, figures),
    }
    for name, text in texts.items():
        (partial / name).write_text(text, encoding="utf-8")
    files.write_sums(partial, [*copies, *texts])
    shutil.rmtree(folder, ignore_errors=True)
    partial.replace(folder)
