"""Fine-tuning with Hugging Face's Trainer: seeded, stopped early, resumed after an interruption."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.inputs import Composer, context_text
from osce_commitments.defaults import TRAINING_FOLDER
from osce_commitments.errors import ConfigError
from osce_commitments.ids import fingerprint
from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring import metrics
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.data import Corpus, as_dataset, read_corpus, under_other_titles
from osce_commitments.train.encoders import CONFIG_FILE, TOKENIZER_FILE, WEIGHTS_FILE, load_encoder
from osce_commitments.train.settings import Precision, TrainConfig, require_extra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.train.network import TwoHeads

RECORD_FILE, HISTORY_FILE, ENCODER_FOLDER = "training.json", "history.csv", "encoder"
SCORE = "score"
HISTORY_COLUMNS = ("epoch", "strength_macro_f1", "strength_accuracy", "areas_macro_f1", SCORE, "validation_loss")
_CHECKPOINTS, _PLAN_FILE = "checkpoints", "plan"
_MOST_WEIGHT = 10.0  # of a row with a rare area, so that few rows never steer a batch; no measurement chose it
_SECONDS_BETWEEN_LINES, _STEPS_BETWEEN_CHECKPOINTS = 60, 50


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training: its folder, and its record of settings, hashes, figures per epoch and seconds."""

    folder: Path
    record: dict[str, Any]

    @property
    def config(self) -> TrainConfig:
        """Return the settings of the training."""
        return TrainConfig.model_validate(self.record["config"])


def train(
    config: TrainConfig,
    work: Path = TRAINING_FOLDER,
    *,
    fresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Fine-tune an encoder on the configured corpus.

    With the same settings and data, a finished training is not repeated and an interrupted one resumes from its last
    checkpoint. Other settings start a new training, and ``fresh`` discards one in the folder ``work``.

    Raises:
        ConfigError: If the extra is not installed, the encoder cannot be found, its weights have another hash, or ``work``
            contains other files than those of a training.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    import torch
    from transformers import set_seed

    from osce_commitments.train.network import TwoHeads

    if fresh:
        forget(work)
    corpus = read_corpus(config.data)
    # The hash of what decides the outcome of the fine-tuning.
    parts = config.model_dump(mode="json", exclude={"name", "decision", "export", "data"})
    texts = (json.dumps(values, sort_keys=True) for values in (parts, corpus.sha256))
    plan = fingerprint(*texts, f"{config.data.share} {config.data.real_times}")
    if (work / RECORD_FILE).exists() and _read(work / _PLAN_FILE) == plan:
        say(f"{work} holds this training already")
        return read_trained(work)
    if _read(work / _PLAN_FILE) != plan:
        forget(work)
    work.mkdir(parents=True, exist_ok=True)
    (work / _PLAN_FILE).write_text(plan, encoding="utf-8")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(config.schedule.threads)
    set_seed(config.schedule.seed)
    encoder = load_encoder(config.encoder.source, config.encoder.sha256, _texts(corpus.train))
    encoder.tokenizer.save(str(work / TOKENIZER_FILE))
    composer = Composer(encoder.tokenizer, config.inputs)
    model = TwoHeads(encoder.module, config.network, *label_weights(corpus.train))
    if encoder.heads:
        model.load_state_dict(encoder.heads, strict=False)
    if config.schedule.freezes_embeddings:
        embeddings = getattr(encoder.module, "embeddings", None) or encoder.module.get_input_embeddings()
        embeddings.requires_grad_(requires_grad=False)
    begin = time.perf_counter()
    history = _train(model, corpus, composer, config, checkpoints=work / _CHECKPOINTS, say=say)
    _save(model, work)
    record = {
        "config": config.model_dump(mode="json"),
        "encoder_sha256": encoder.sha256,
        "corpus": corpus.sha256,
        "rows": {"train": len(corpus.train), "validation": len(corpus.validation)},
        "history": history,
        "precision": precision(config).value,
        "seconds": round(time.perf_counter() - begin, 1),
    }
    lines = [HISTORY_COLUMNS, *([f"{row.get(name, math.nan):.6g}" for name in HISTORY_COLUMNS] for row in history)]
    (work / HISTORY_FILE).write_text(
        "".join(f"{','.join(line)}\n" for line in lines), encoding="utf-8"
    )  # for dvc plots
    (work / RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(work / _CHECKPOINTS, ignore_errors=True)
    return Trained(work, record)


def forget(work: Path) -> None:
    """Remove the files of a training from a folder, finished or not.

    Raises:
        ConfigError: If it contains other files; nothing is removed then.
    """
    if (work / _PLAN_FILE).exists():
        shutil.rmtree(work)
    elif work.exists() and (not work.is_dir() or any(work.iterdir())):
        raise ConfigError(f"{work} is not a training folder", "give --work a new or empty folder")


def read_trained(folder: Path) -> Trained:
    """Return a training that ``fit`` has finished."""
    return Trained(folder, json.loads((folder / RECORD_FILE).read_text(encoding="utf-8")))


def load_network(trained: Trained) -> TwoHeads:
    """Return the fine-tuned network of a finished training; it does not need the package of its encoder."""
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModel

    from osce_commitments.train.network import TwoHeads

    config = AutoConfig.from_pretrained(trained.folder / ENCODER_FOLDER, local_files_only=True)
    # Plain attention: fused kernels have no counterpart in an exported graph.
    model = TwoHeads(AutoModel.from_config(config, attn_implementation="eager"), trained.config.network)
    model.load_state_dict(load_file(trained.folder / WEIGHTS_FILE))
    model.eval()
    return model


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _texts(rows: Sequence[LabelledRow]) -> Iterator[str]:
    for index, row in enumerate(rows):
        provision = row.provision(index)
        yield provision.text
        for field in TrainConfig().inputs.context:
            yield context_text(provision, field)


def label_weights(rows: Sequence[LabelledRow]) -> tuple[list[float], list[float]]:
    """Return the weight of a row by its level (mean 1), and that of a row with an area relative to one without.

    A rare label weighs by the root of its rarity.
    """
    truth = truth_of(rows)
    counts = np.bincount(truth.levels, minlength=len(STRENGTHS)).clip(min=1)
    by_level = (counts.mean() / counts) ** 0.5
    with_area = truth.areas.sum(axis=0).clip(min=1)
    by_area = ((len(rows) - with_area).clip(min=1) / with_area) ** 0.5
    return (by_level / by_level.mean()).tolist(), by_area.clip(max=_MOST_WEIGHT).tolist()


def _train(  # noqa: PLR0913 - what a trainer needs
    model: TwoHeads,
    corpus: Corpus,
    composer: Composer,
    config: TrainConfig,
    *,
    checkpoints: Path,
    say: Callable[[str], None],
) -> list[dict[str, float]]:
    import torch
    from transformers import EarlyStoppingCallback, PrinterCallback, Trainer
    from transformers.utils.logging import set_verbosity_error

    from osce_commitments.train.batches import Batches

    class Resumable(Trainer):
        """A trainer whose order of rows does not depend on the state of torch."""

        def _get_train_sampler(self, train_dataset: object = None) -> Batches:  # noqa: ARG002
            return batches

    set_verbosity_error()
    schedule = config.schedule
    encoder = [weights for weights in model.encoder.parameters() if weights.requires_grad]
    heads = [weights for name, weights in model.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": encoder, "lr": schedule.learning_rate}, {"params": heads, "lr": schedule.head_learning_rate}]
    variants = under_other_titles(corpus.train, config.schedule.seed) if config.network.swapped_share else None
    rows = as_dataset(corpus.train, composer, variants)
    batches = Batches(list(rows["length"]), config)
    trainer = Resumable(
        model=model,
        args=_arguments(config, checkpoints, len(corpus.train)),
        data_collator=batches.tensors,
        train_dataset=rows,
        eval_dataset=as_dataset(corpus.validation, composer),
        compute_metrics=_figures,
        callbacks=[
            EarlyStoppingCallback(config.schedule.patience),
            _teller(say, config.schedule.epochs),
        ],
        optimizers=(torch.optim.AdamW(groups, lr=schedule.learning_rate, weight_decay=schedule.weight_decay), None),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=_last_whole(checkpoints))
    return passes(trainer.state.log_history)


def _last_whole(checkpoints: Path) -> str | None:
    """Return the last complete checkpoint; its state file is written last, so a killed training leaves none."""
    from transformers.trainer import TRAINER_STATE_NAME

    whole = []
    for folder in checkpoints.glob("checkpoint-*"):
        if (folder / TRAINER_STATE_NAME).exists():
            whole.append(folder)
        else:
            shutil.rmtree(folder)
    return str(max(whole, key=lambda folder: int(folder.name.rpartition("-")[2]))) if whole else None


def _arguments(config: TrainConfig, folder: Path, rows: int) -> Any:  # noqa: ANN401 - transformers loads late
    from transformers import TrainingArguments

    schedule = config.schedule
    in_pass = -(-rows // schedule.batch_size)
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=schedule.epochs,
        per_device_train_batch_size=schedule.batch_size,
        per_device_eval_batch_size=32,
        learning_rate=schedule.learning_rate,
        weight_decay=schedule.weight_decay,
        warmup_steps=round(schedule.warmup_share * in_pass * schedule.epochs),
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        restore_callback_states_from_checkpoint=True,  # passes without gain are counted across an interruption
        metric_for_best_model=SCORE,
        greater_is_better=True,
        logging_strategy="no",
        remove_unused_columns=False,
        label_names=["targets", "areas"],
        seed=schedule.seed,
        data_seed=schedule.seed,
        use_cpu=not _has_gpu(),
        bf16=precision(config) == Precision.BFLOAT16,
        dataloader_pin_memory=False,
        report_to="none",
        disable_tqdm=not sys.stderr.isatty(),
    )


def precision(config: TrainConfig) -> Precision:
    """Return the number format of a training on this processor."""
    if config.schedule.precision != Precision.AUTO:
        return config.schedule.precision
    import torch

    if _has_gpu():
        return Precision.BFLOAT16 if torch.cuda.is_bf16_supported() else Precision.FLOAT32
    # torch has no public function for this; without native instructions bfloat16 is slower than float32.
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    is_native = any(getattr(torch.cpu, name, bool)() for name in checks)
    return Precision.BFLOAT16 if is_native else Precision.FLOAT32


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())


def _figures(prediction: Any) -> dict[str, float]:  # noqa: ANN401 - transformers loads late
    """Return the figures on validation; the mean of the two macro-F1 decides when to stop."""
    outputs: tuple[NDArray[np.float32], NDArray[np.float32]] = prediction.predictions
    targets, areas = prediction.label_ids
    levels = targets.argmax(axis=1)
    strength = metrics.macro_f1(levels, outputs[0].argmax(axis=1), len(STRENGTHS))
    by_area = metrics.area_macro_f1(areas > 0.5, outputs[1] > 0.0)  # noqa: PLR2004 - a 0/1 matrix
    return {
        "strength_macro_f1": strength,
        "strength_accuracy": metrics.accuracy(levels, outputs[0].argmax(axis=1)),
        "areas_macro_f1": by_area,
        SCORE: (strength + by_area) / 2,
    }


def _teller(say: Callable[[str], None], epochs: int) -> Any:  # noqa: ANN401 - transformers loads late
    from transformers import TrainerCallback

    begin = reported = time.perf_counter()

    class Teller(TrainerCallback):
        """Reports the progress of the training every minute and after each epoch, and saves within epochs."""

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            """Called by the trainer."""
            nonlocal reported
            if state.global_step % _STEPS_BETWEEN_CHECKPOINTS == 0:
                control.should_save = True
            if (now := time.perf_counter()) - reported >= _SECONDS_BETWEEN_LINES:
                reported = now
                say(f"step {state.global_step} of at most {state.max_steps}, {now - begin:.0f} s")

        def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **_: Any) -> None:  # noqa: ANN401, ARG002
            """Called by the trainer."""
            done, seconds = round(state.epoch), time.perf_counter() - begin
            say(
                f"epoch {done} of at most {epochs}: strength macro-F1 {metrics['eval_strength_macro_f1']:.3f}, "
                f"areas macro-F1 {metrics['eval_areas_macro_f1']:.3f}, {seconds:.0f} s"
            )

    return Teller()


def passes(log: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The figures on validation after each pass; ``validation_loss`` is the loss there."""
    rows = [
        {key.removeprefix("eval_"): float(value) for key, value in row.items()} for row in log if f"eval_{SCORE}" in row
    ]
    return [{"validation_loss" if key == "loss" else key: value for key, value in row.items()} for row in rows]


def _save(model: TwoHeads, work: Path) -> None:
    from safetensors.torch import save_file

    state = {name: tensor.contiguous().clone() for name, tensor in model.state_dict().items()}
    save_file(state, work / WEIGHTS_FILE)
    (work / ENCODER_FOLDER).mkdir(exist_ok=True)
    model.encoder.config.to_json_file(str(work / ENCODER_FOLDER / CONFIG_FILE), use_diff=False)
