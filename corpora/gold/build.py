"""Build the gold: ``source/PART/*.txt`` become documents and their stand-off gold in the folders ``dev`` and ``test``.

``python -m corpora.gold.build`` writes both beside this file, or into the folder that ``--out`` names; ``--count`` writes
nothing and says how much there is. `README.md` describes the mark-up of the annotation and the meaning of the gold.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from corpora._authoring.files import render, write
from corpora._authoring.markup import read_sample
from corpora.gold.annotation import gold_of, plain

GOLD = Path(__file__).resolve().parent
SOURCES = GOLD / "source"
PARTS = ("dev", "test")


def rendered(name: str = "*") -> dict[str, bytes]:
    """Path, as ``dev/NAME``, and bytes of the documents and gold files whose source has a name of this pattern."""
    files: dict[str, bytes] = {}
    for part in PARTS:
        for path in sorted((SOURCES / part).glob(f"{name}.txt")):
            annotated = read_sample(path)
            document = plain(annotated)
            files[f"{part}/{document.name}"] = render(document)
            gold = json.dumps(gold_of(annotated), ensure_ascii=False, indent=1, sort_keys=True)
            files[f"{part}/{Path(document.name).stem}.json"] = f"{gold}\n".encode()
    return files


def counts(files: Mapping[str, bytes]) -> Counter[str]:
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
    """Write the gold, or count it; returns the exit status."""
    parser = argparse.ArgumentParser(description="Build the gold corpus.")
    parser.add_argument("--out", type=Path, default=GOLD, help="folder of the parts")
    parser.add_argument("--count", action="store_true", help="write nothing; say how much there is")
    options = parser.parse_args()
    files = rendered()
    if options.count:
        for part in PARTS:
            rows = sorted(counts({name: of for name, of in files.items() if name.startswith(part)}).items())
            sys.stdout.write(f"{part}: " + ", ".join(f"{what} {number}" for what, number in rows) + "\n")
        return 0
    write(files, options.out)
    sys.stdout.write(f"{len(files)} files written to {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
