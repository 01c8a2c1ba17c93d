"""Render the gold corpus: ``corpora/gold_source/*/*.txt`` become documents and their stand-off gold in ``corpora/gold/``.

``python corpora/render_gold.py`` writes both; ``--check`` writes nothing and says what is out of date. The mark-up of
the annotation and the meaning of the gold are described in ``corpora/gold/README.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from gold_annotation import gold_of, plain
from rendering.markup import read_sample
from rendering.pdf import render_pdf
from rendering.plain import render_text
from rendering.web import render_html
from rendering.word import render_docx

CORPORA = Path(__file__).resolve().parent
SOURCES = CORPORA / "gold_source"
GOLD = CORPORA / "gold"
SPLITS = ("dev", "test")
RENDERERS = {".pdf": render_pdf, ".docx": render_docx, ".html": render_html, ".txt": render_text}


def rendered() -> dict[str, bytes]:
    """Path below ``corpora/gold/`` and bytes of every document and every gold file."""
    files: dict[str, bytes] = {}
    for split in SPLITS:
        for path in sorted((SOURCES / split).glob("*.txt")):
            annotated = read_sample(path)
            document = plain(annotated)
            name = Path(document.name)
            files[f"{split}/{name}"] = RENDERERS[name.suffix](document)
            gold = json.dumps(gold_of(annotated), ensure_ascii=False, indent=1, sort_keys=True)
            files[f"{split}/{name.stem}.json"] = f"{gold}\n".encode()
    return files


def stale(files: dict[str, bytes]) -> list[str]:
    """What differs between these files and the folders, one line each."""
    present = {f"{split}/{path.name}" for split in SPLITS for path in (GOLD / split).iterdir()}
    missing = [f"missing: {name}" for name in files if name not in present]
    changed = [
        f"out of date: {name}"
        for name, content in files.items()
        if name in present and (GOLD / name).read_bytes() != content
    ]
    return missing + changed + [f"no source: {name}" for name in sorted(present - files.keys())]


def counts(files: dict[str, bytes]) -> Counter[str]:
    """How many documents, provisions, stems and tags by kind there are."""
    total: Counter[str] = Counter()
    for name, content in files.items():
        if not name.endswith(".json"):
            continue
        total["documents"] += 1
        for part in json.loads(content)["parts"]:
            total["provisions"] += len(part["provisions"])
            total["stems"] += len(part["stems"])
            total.update(f"role {one['role']}" for one in part["provisions"])
            total.update(f"tag {tag['kind']}" for one in part["provisions"] + part["stems"] for tag in one["tags"])
    return total


def main() -> int:
    """Write the gold, or check or count it; returns the exit status."""
    parser = argparse.ArgumentParser(description="Render the gold corpus.")
    parser.add_argument("--check", action="store_true", help="write nothing; say which files are out of date")
    parser.add_argument("--count", action="store_true", help="write nothing; say how much there is")
    options = parser.parse_args()
    files = rendered()
    if options.count:
        for split in SPLITS:
            some = {name: content for name, content in files.items() if name.startswith(split)}
            rows = sorted(counts(some).items())
            sys.stdout.write(f"{split}: " + ", ".join(f"{what} {number}" for what, number in rows) + "\n")
        return 0
    if options.check:
        problems = stale(files)
        sys.stdout.write("".join(f"{problem}\n" for problem in problems) or f"{len(files)} files are up to date\n")
        return 1 if problems else 0
    for split in SPLITS:
        (GOLD / split).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (GOLD / name).write_bytes(content)
    sys.stdout.write(f"{len(files)} files written to {GOLD.name}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
