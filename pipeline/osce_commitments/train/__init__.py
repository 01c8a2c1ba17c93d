"""Fine-tune, calibrate and release classifiers; needs the extra ``train``."""

from __future__ import annotations

from osce_commitments.train.run import export, repool, train
from osce_commitments.train.settings import TrainConfig, load_train_config

__all__ = ["TrainConfig", "export", "load_train_config", "repool", "train"]
