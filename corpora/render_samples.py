"""Render the authored samples: ``corpora/samples_source/*.txt`` become the files of ``corpora/samples/``.

``python corpora/render_samples.py`` writes them; with ``--check`` it writes nothing and says which are out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rendering.markup import read_sample
from rendering.pdf import render_pdf
from rendering.plain import render_text
from rendering.web import render_html
from rendering.word import render_docx

if TYPE_CHECKING:
    from collections.abc import Callable

    from rendering.markup import Sample

CORPORA = Path(__file__).resolve().parent
SOURCES = CORPORA / "samples_source"
SAMPLES = CORPORA / "samples"
RENDERERS: dict[str, Callable[[Sample], bytes]] = {
    ".pdf": render_pdf,
    ".docx": render_docx,
    ".html": render_html,
    ".txt": render_text,
}


def rendered() -> dict[str, bytes]:
    """File name and bytes of every sample, by the format that its name ends in."""
    samples = [read_sample(path) for path in sorted(SOURCES.glob("*.txt"))]
    return {sample.name: RENDERERS[Path(sample.name).suffix](sample) for sample in samples}


def stale(files: dict[str, bytes]) -> list[str]:
    """What differs between these files and the folder, one line each."""
    present = {path.name for path in SAMPLES.iterdir() if path.is_file()}
    missing = [f"missing: {name}" for name in files if name not in present]
    changed = [
        f"out of date: {name}"
        for name, content in files.items()
        if name in present and (SAMPLES / name).read_bytes() != content
    ]
    return missing + changed + [f"no source: {name}" for name in sorted(present - files.keys())]


def main() -> int:
    """Write the samples, or check them; returns the exit status."""
    parser = argparse.ArgumentParser(description="Render the authored samples.")
    parser.add_argument("--check", action="store_true", help="write nothing; say which files are out of date")
    files = rendered()
    if parser.parse_args().check:
        problems = stale(files)
        sys.stdout.write("".join(f"{problem}\n" for problem in problems) or f"{len(files)} samples are up to date\n")
        return 1 if problems else 0
    SAMPLES.mkdir(exist_ok=True)
    for name, content in files.items():
        (SAMPLES / name).write_bytes(content)
    sys.stdout.write(f"{len(files)} samples written to {SAMPLES.name}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
