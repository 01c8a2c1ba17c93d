"""What the process that reads documents costs: batches of ordinary files in it and, for comparison, in the process of the run.

Usage: python benchmarks/worker.py FOLDER... [--most N] [--times N]

Each way has a program of its own, in turn. Times are CPU seconds of the program and its children, with their start.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

_PROGRAM = """
import gc, json, resource, sys
from osce_commitments.config import RunConfig
from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.flows import batch, reader_process
from osce_commitments.sources import discover
gc.set_threshold(OBJECTS_BEFORE_COLLECTION)  # as in commands and in the reading process, which would else seem cheaper
way, most, model, *folders = sys.argv[1:]
if way == "here":
    batch.start_early, batch.read_apart = lambda model: None, reader_process._read_here
config = RunConfig(model=model)
refs = discover(folders, limits=config.limits).refs[: int(most)]
done = batch.process_batch(refs, config)
for workers in reader_process._IDLE.values():
    for worker in workers:
        worker._connection.close()
        worker._process.wait()
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
seconds = sum(one.ru_utime + one.ru_stime for one in used)
print(json.dumps([seconds, len(done.documents), len(done.provisions)]))
"""


def measure(way: str, most: int, model: str, folders: list[str]) -> list[float]:
    """CPU seconds, documents and provisions of a program."""
    command = [sys.executable, "-c", _PROGRAM, way, str(most), model, *folders]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--most", type=int, default=25, help="files in the batch")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--model", default="default")
    choices = parser.parse_args()
    print("| documents | provisions | one process, CPU s | with a reading process | costs |\n|---|---|---|---|---|")
    runs = [
        [measure(way, choices.most, choices.model, choices.folders) for way in ("here", "apart")]
        for _ in range(choices.times)
    ]
    here, apart = (statistics.median(run[at][0] for run in runs) for at in (0, 1))
    _, documents, provisions = runs[0][0]
    print(f"| {documents} | {provisions:,} | {here:.2f} | {apart:.2f} | {100 * (apart / here - 1):.1f} % |")


if __name__ == "__main__":
    main()
