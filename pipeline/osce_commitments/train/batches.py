"""Batches of rows for a trainer: which rows, in which order, in which of their forms.

Order and choices depend on seed, pass and rows alone, not on the state of torch: a training that resumes within a pass gets
the batches that it would have had.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import Sampler
from transformers.trainer_pt_utils import get_length_grouped_indices

from osce_commitments.classify.encoder.inputs import Encoded, pad
from osce_commitments.train.settings import TrainConfig


class Batches(Sampler[int]):
    """The order of the rows in each pass, similar lengths (in tokens) together, and the tensors of a batch."""

    def __init__(self, lengths: Sequence[int], config: TrainConfig) -> None:
        self._lengths, self._config, self._pass = lengths, config, 0

    def __len__(self) -> int:
        """Number of rows."""
        return len(self._lengths)

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer before each pass."""
        self._pass = epoch

    def __iter__(self) -> Iterator[int]:
        size = self._config.schedule.batch_size
        return iter(get_length_grouped_indices(self._lengths, size, generator=self._generator()))

    def tensors(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Pad rows of `as_dataset` to one batch."""
        words = b"".join(np.array(row["input_ids"], dtype=np.int32).tobytes() for row in rows)
        return collate(rows, self._generator(zlib.crc32(words)), swapped=self._config.network.swapped_share)

    def _generator(self, of_rows: int = 0) -> torch.Generator:
        return torch.Generator().manual_seed((self._config.schedule.seed + self._pass) ^ of_rows)


def collate(
    rows: Sequence[dict[str, Any]], draws: torch.Generator | None = None, *, swapped: float = 0.0
) -> dict[str, Any]:
    """Pad rows of a data set to one batch of tensors; one of its variants replaces a row as often as ``swapped`` says."""
    drawn = [_drawn(row, draws, swapped) for row in rows]
    arrays: dict[str, Any] = {
        **pad([Encoded(tuple(row["input_ids"]), tuple(row["segment_ids"])) for row in drawn]),
        "targets": np.array([row["targets"] for row in rows], dtype=np.float32),
        "areas": np.array([row["areas"] for row in drawn], dtype=np.float32),
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _drawn(row: dict[str, Any], draws: torch.Generator | None, swapped: float) -> dict[str, Any]:
    variants = row.get("variants")
    if variants and torch.rand((), generator=draws) < swapped:
        row = variants[int(torch.randint(len(variants), (), generator=draws))]
    return row
