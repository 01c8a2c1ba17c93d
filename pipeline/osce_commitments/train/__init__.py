"""Fine-tune, calibrate and release classifiers; needs the extra ``train``."""

from __future__ import annotations

from osce_commitments.train.run import export_candidate, repool, train
from osce_commitments.train.settings import TrainConfig, load_train_config

__all__ = ["TrainConfig", "export_candidate", "load_train_config", "repool", "train"]
