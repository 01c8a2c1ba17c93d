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

from osce_commitments.classify.encoder.hints import Hints
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
        network = self._config.network
        return collate(
            rows, self._generator(zlib.crc32(words)), swapped=network.swapped_share, untitled=network.untitled_share
        )

    def _generator(self, of_rows: int = 0) -> torch.Generator:
        return torch.Generator().manual_seed((self._config.schedule.seed + self._pass) ^ of_rows)


def collate(
    rows: Sequence[dict[str, Any]], draws: torch.Generator | None = None, *, swapped: float = 0.0, untitled: float = 0.0
) -> dict[str, Any]:
    """Pad rows of a data set to one batch of tensors.

    ``swapped`` is the share of rows that one of their variants replaces, ``untitled`` that of rows that lose their
    title, but not what the rules find in it.
    """
    drawn = [_drawn(row, draws, swapped, untitled) for row in rows]
    inputs = [
        Encoded(
            tuple(row["input_ids"]),
            tuple(row["segment_ids"]),
            Hints(*(np.array(row[name], dtype=np.float32) for name in ("area_hints", "level_hints"))),
        )
        for row in drawn
    ]
    arrays: dict[str, Any] = {
        **pad(inputs),
        "targets": np.array([row["targets"] for row in rows], dtype=np.float32),
        "areas": np.array([row["areas"] for row in drawn], dtype=np.float32),
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _drawn(row: dict[str, Any], draws: torch.Generator | None, swapped: float, untitled: float) -> dict[str, Any]:
    variants = row.get("variants")
    if variants and torch.rand((), generator=draws) < swapped:
        row = variants[int(torch.randint(len(variants), (), generator=draws))]
    elif "untitled" in row and torch.rand((), generator=draws) < untitled:
        row = {**row, **row["untitled"]}
    return row
