"""Start-up, one document, a run over a folder, and memory over many documents.

Each command runs in a process of its own, with compiled modules at hand, as pip leaves them. CPU seconds are those of all its
processes; on a busy machine only they can be compared.

The many documents are the authored samples again and again, each copy with other bytes and the same text, so that none
is skipped as known. Figures of time depend on the machine; the memory curve should be flat after the first documents.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from machine import machine, memory_mb, most_mb

from osce_commitments.config import RunConfig
from osce_commitments.flows.progress import PROGRESS, Silent
from osce_commitments.flows.steps import ingest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "corpora" / "samples").iterdir())
BATCH = 10


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--files", type=Path, help="only measure runs over this folder, without vectors for search")
    choices = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        if choices.files:
            words = ["run", str(choices.files), "--engine", "inline", "--no-vectors", "--data", folder + "/{}"]
            _time(f"run of {choices.files}", words, choices.repeats)
            return
        _time("--help", ["--help"], choices.repeats)
        one = ROOT / "corpora" / "samples" / "mc-dec-93-12.pdf"
        _time(
            "run of one PDF, inline", ["run", str(one), "--engine", "inline", "--data", folder + "/{}"], choices.repeats
        )
        _time("classify one sentence", ["classify", "Urges States to ratify the Convention."], choices.repeats)
        _many(Path(folder), choices.documents)


def _time(name: str, arguments: list[str], repeats: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    wall, used = [], []
    for number in range(repeats + 1):
        command = [sys.executable, "-m", "osce_commitments", *(part.format(number) for part in arguments)]
        begin, before = time.perf_counter(), _children_seconds()
        subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 - our own command line
        wall.append(time.perf_counter() - begin)
        used.append(_children_seconds() - before)
    # The first one warms the disk cache.
    for what, seconds in (("seconds", wall[1:]), ("CPU seconds", used[1:])):
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        print(f"{name}: median {statistics.median(seconds):.2f} {what}, {spread}, n = {repeats}")


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Memory(Silent):
    """Prints the resident memory of this process as the run continues."""

    def __init__(self) -> None:
        self._done = 0
        self._begin = time.perf_counter()

    def start(self, total: int) -> None:
        """Print the header."""
        print(f"{total} documents in batches of {BATCH}\ndocuments  seconds  resident MB  highest MB")

    def advance(self, count: int) -> None:
        """Print a row."""
        self._done += count
        if self._done % 20:
            return
        print(
            f"{self._done:9}  {time.perf_counter() - self._begin:7.1f}  {memory_mb(os.getpid()):11.0f}  {most_mb():10.0f}"
        )


def _many(folder: Path, count: int) -> None:
    inbox = folder / "inbox"
    inbox.mkdir()
    for number in range(count):
        vary(SAMPLES[number % len(SAMPLES)], inbox, number)
    token = PROGRESS.set(_Memory())
    summary = ingest([str(inbox)], folder / "many", RunConfig(batch_size=BATCH))
    PROGRESS.reset(token)
    spent = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in summary.tally.seconds.items())
    rate = summary.tally.roles.total() / summary.elapsed_seconds
    print(f"{summary.counts()['provisions']} provisions, {rate:.0f} per second in all; seconds per stage: {spent}")


def vary(sample: Path, inbox: Path, number: int) -> None:
    """Copy a sample with other bytes and the same text."""
    copy = inbox / f"{number:04}{sample.suffix}"
    content = sample.read_bytes()
    if sample.suffix == ".docx":
        copy.write_bytes(content)
        with zipfile.ZipFile(copy, "a") as archive:
            archive.comment = str(number).encode()
        return
    mark = f"\n%{number}\n" if sample.suffix == ".pdf" else "\n" * (number + 1)
    copy.write_bytes(content + mark.encode())


if __name__ == "__main__":
    main()
