"""Seconds of a training step, by threads and number format, in alternating rounds of one run. Needs the extra ``train``."""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import time
from typing import TYPE_CHECKING

import torch

from osce_commitments.train.encoders import load_encoder
from osce_commitments.train.settings import EncoderChoice, Precision, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

TOKENS = 90  # what provisions with their context have on average, padded within a batch


def main() -> None:
    """Print a row per number of threads and format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    choices = parser.parse_args()
    rows = Schedule().batch_size
    print(
        f"{platform.platform()}, {os.cpu_count()} CPUs, torch {torch.__version__}, load {os.getloadavg()[0]:.1f}; "
        f"forward and backward of {rows} inputs of {TOKENS} tokens, embeddings left as they are"
    )
    step = _step(rows)
    kinds = list(itertools.product((1, 2), (Precision.FLOAT32, Precision.BFLOAT16)))
    seconds: dict[tuple[int, Precision], list[float]] = {kind: [] for kind in kinds}
    for number in range(choices.rounds + 1):
        for threads, precision in kinds:
            torch.set_num_threads(threads)
            begin = time.perf_counter()
            step(precision)
            if number:  # the first round warms up
                seconds[threads, precision].append(time.perf_counter() - begin)
    for (threads, precision), taken in seconds.items():
        print(f"{threads} threads, {precision:10}{statistics.median(taken):8.2f} s")


def _step(rows: int) -> Callable[[Precision], None]:
    encoder = load_encoder(EncoderChoice().source, EncoderChoice().sha256).module
    encoder.embeddings.requires_grad_(requires_grad=False)
    encoder.train()
    torch.manual_seed(0)
    ids = torch.randint(1000, encoder.config.vocab_size, (rows, TOKENS))
    mask = torch.ones_like(ids)

    def step(precision: Precision) -> None:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == Precision.BFLOAT16):
            hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        hidden.float().square().mean().backward()

    return step


if __name__ == "__main__":
    main()
