"""Fine-tune, calibrate and release classifiers; needs the extra ``train``."""

from __future__ import annotations

from osce_commitments.train.fit import train
from osce_commitments.train.release import export_candidate, repool
from osce_commitments.train.settings import TrainConfig, load_train_config

__all__ = ["TrainConfig", "export_candidate", "load_train_config", "repool", "train"]
