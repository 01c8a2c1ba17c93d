"""Render the samples: ``source/*.txt`` become the files of ``corpora/samples/``.

``python -m corpora._authoring.samples.build`` writes them; with ``--check`` it writes nothing and says which are out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from corpora._authoring.files import render, stale, write
from corpora._authoring.markup import read_sample

SOURCES = Path(__file__).resolve().parent / "source"
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def rendered() -> dict[str, bytes]:
    """File name and bytes of every sample, by the format that its name ends in."""
    samples = [read_sample(path) for path in sorted(SOURCES.glob("*.txt"))]
    return {sample.name: render(sample) for sample in samples}


def main() -> int:
    """Write the samples, or check them; returns the exit status."""
    parser = argparse.ArgumentParser(description="Render the authored samples.")
    parser.add_argument("--check", action="store_true", help="write nothing; say which files are out of date")
    files = rendered()
    if parser.parse_args().check:
        problems = stale(files, SAMPLES)
        sys.stdout.write("".join(f"{problem}\n" for problem in problems) or f"{len(files)} samples are up to date\n")
        return 1 if problems else 0
    write(files, SAMPLES)
    sys.stdout.write(f"{len(files)} samples written to {SAMPLES.name}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
