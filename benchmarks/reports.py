"""CPU seconds of the reports over many provisions, as each kind of file, and memory, each in a process of its own.

The dataset is the authored documents multiplied with variation (``many.py``): the figures are about speed and memory. In
it every commitment has near copies in the years before, so that more is compared than in documents of different authors.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from machine import machine, most_mb
from many import add_options, dataset

import osce_commitments
from osce_commitments import query, report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from osce_commitments.query import Reader

EVERYTHING = query.Selection()
REPORTS: Mapping[str, Callable[[Reader], report.Report]] = {
    "overview": lambda reader: report.overview(reader, EVERYTHING),
    "digest": lambda reader: report.digest(reader, "MC 2015"),
    "gaps": lambda reader: report.gaps(reader, EVERYTHING),
}


def main() -> None:
    """Print a row per report."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=list(REPORTS), help="make this report of --data once")
    choices = parser.parse_args()
    if choices.only:
        _make(choices.data, choices.only)
        return
    print(machine())
    with dataset(choices) as data:
        print(f"{'report':12}{'made':>9}{'HTML':>9}{'Word':>9}{'PDF':>9}{'whole PDF':>11}{'MB':>7}")
        for name in REPORTS:
            rows = [_figures(data, name) for _ in range(choices.rounds)]
            made, html, word, pdf, whole, memory = (statistics.median(column) for column in zip(*rows, strict=True))
            print(f"{name:12}{made:9.1f}{html:9.1f}{word:9.1f}{pdf:9.1f}{whole:11.1f}{memory:7.0f}")


def _figures(data: Path, name: str) -> list[float]:
    command = [sys.executable, __file__, "--data", str(data), "--only", name]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this script
    return [float(figure) for figure in answer.stdout.split()]


def _make(data: Path, name: str) -> None:
    """Print the CPU seconds of a report, of each file of it (paper as it is printed and whole), and the most memory in MB."""
    begin = time.process_time()
    reader = osce_commitments.open(data)
    made = REPORTS[name](reader)
    seconds = [time.process_time() - begin]
    paper = report.overview(reader, EVERYTHING, most=report.MOST_PRINTED) if name == "overview" else made
    for one, file_format in ((made, "html"), (paper, "docx"), (paper, "pdf"), (made, "pdf")):
        begin = time.process_time()
        report.render(one, file_format)
        seconds.append(time.process_time() - begin)
    print(*seconds, most_mb())


if __name__ == "__main__":
    main()
