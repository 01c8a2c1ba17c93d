"""What the process that reads documents costs: each file in it and in the process of the run, in turn.

Usage: python benchmarks/worker.py FOLDER... [--most N]

Times are CPU seconds. Both processes read every file, one right after the other and in changing order, so that other work on the
machine slows both alike.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.config import RunConfig
from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.flows import reader_process
from osce_commitments.flows.reader_worker import unpack_result
from osce_commitments.flows.reading import process
from osce_commitments.sources import discover, read_source

if TYPE_CHECKING:
    from osce_commitments.config import Limits
    from osce_commitments.schema import BatchResult, Source

_NANOSECONDS = 1e9


def seconds_of(process: int) -> float:
    """CPU seconds of another process so far (Linux)."""
    return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / _NANOSECONDS


def _here(source: Source, limits: Limits, model: str) -> BatchResult:
    return process(source, limits, reader_process._classifier(model))  # noqa: SLF001 - as it is kept


def main() -> None:
    """Print a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--most", type=int, default=25, help="files in the batch")
    parser.add_argument("--model", default="default")
    choices = parser.parse_args()
    gc.set_threshold(
        OBJECTS_BEFORE_COLLECTION
    )  # as in commands and in the reading process, which would else seem cheaper
    config, chance = RunConfig(model=choices.model), random.Random(1)  # noqa: S311 - an order needs no cryptography
    refs = discover(choices.folders, limits=config.limits).refs[: choices.most]
    worker = reader_process.ReaderProcess(choices.model)
    worker._wait_until_ready()  # noqa: SLF001 - only the start is measured
    reader_process._IDLE[os.getpid(), choices.model].append(worker)  # noqa: SLF001 - as `start_early` does
    start_apart, begin = seconds_of(worker._process.pid), time.process_time()  # noqa: SLF001 - whose time is asked for
    reader_process._classifier(choices.model)  # noqa: SLF001 - what the worker loads at its start
    ways = [_here, lambda *given: unpack_result(reader_process.read_apart(*given))]
    spent, provisions = [time.process_time() - begin, 0.0], 0
    for ref in refs:
        source = read_source(ref, limits=config.limits, fetch=config.fetch)
        for way in chance.sample((0, 1), 2):
            begin = time.process_time()
            result = ways[way](source, config.limits, choices.model)
            spent[way] += time.process_time() - begin
        provisions += len(result.provisions)
    reader_process._close_idle()  # noqa: SLF001 - the system then counts the time of every worker there was
    ended = os.times()
    here, apart = spent[0], spent[1] + ended.children_user + ended.children_system
    print("| documents | provisions | one process, CPU s | with a reading process | of this its start | costs |")
    print("|---|---|---|---|---|---|")
    print(
        f"| {len(refs)} | {provisions:,} | {here:.2f} | {apart:.2f} | {start_apart:.2f} | {100 * (apart / here - 1):.1f} % |"
    )


if __name__ == "__main__":
    main()
