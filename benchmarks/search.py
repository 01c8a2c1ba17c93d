"""Search on many provisions, next to grep over their text and a filter in pandas (or Arrow), in the same run.

The dataset is the authored documents multiplied with variation (``many.py``): the figures are about speed and memory.
grep finds lines, without stems, fields, order or any other condition; the frame is in memory before its clock starts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machine import machine, memory_mb, most_mb
from many import add_options, dataset

import osce_commitments

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.query import Reader

URGING = 3  # level
TWO: dict[str, Any] = {"strength": ">=urging", "area": ["border_security"]}


def main() -> None:
    """Print a row per question."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--prepare", action="store_true", help="only make index and vectors of --data")
    choices = parser.parse_args()
    if choices.prepare and not choices.data:
        parser.error("--prepare needs --data")
    if choices.prepare:
        _prepare(choices.data)
        return
    print(machine())
    with dataset(choices) as data, tempfile.TemporaryDirectory() as folder:
        _measure(osce_commitments.open(data), choices.rounds, Path(folder))


def _prepare(data: Path) -> None:
    begin = time.perf_counter()
    reader = osce_commitments.open(data)
    made = time.perf_counter()
    reader.search("a", by="meaning")
    print(
        f"index in {made - begin:.1f} s, vectors in {time.perf_counter() - made:.1f} s, once per version; highest memory "
        f"{most_mb():.0f} MB"
    )


def _measure(reader: Reader, rounds: int, folder: Path) -> None:
    total = reader.search().total
    some = reader.search('"travel document*"', limit=1).hits[0].id
    ours: dict[str, Callable[[], object]] = {
        "words and two conditions": lambda: reader.search('"travel document*" OR passport*', **TWO),
        "a common word and two conditions": lambda: reader.search("states", **TWO),
        "a common word": lambda: reader.search("states"),
        "two conditions": lambda: reader.search(**TWO),
        "facets of all": reader.facets,
        "facets of words and two conditions": lambda: reader.facets("states", **TWO),
        "by meaning and two conditions": lambda: reader.search("stolen identity papers", by="meaning", **TWO),
        "by meaning": lambda: reader.search("stolen identity papers", by="meaning"),
        "by words and meaning": lambda: reader.search("stolen identity papers", by="both"),
        "near a question": lambda: reader.near("Who has to look for stolen identity papers at an airport?"),
        "more like one": lambda: reader.more_like(some),
        "one provision": lambda: reader.provision(some),
    }
    print(f"{total} provisions, {rounds} rounds\n{'question':42} median ms   90 % ms")
    _table(ours, rounds)
    print(f"resident memory: {memory_mb(os.getpid()):.0f} MB")
    _table(_peers(reader, folder), rounds)


def _peers(reader: Reader, folder: Path) -> dict[str, Callable[[], object]]:
    table = reader.search(limit=None).to_arrow().select(["reading", "threat_areas", "strength_level"])
    lines = folder / "readings.txt"
    lines.write_text("\n".join(table["reading"].to_pylist()), encoding="utf-8")
    grep = ["grep", "-ciE", r"\btravel document|\bpassport", str(lines)]
    found: dict[str, Callable[[], object]] = {
        "grep, words only": lambda: subprocess.run(grep, check=True, capture_output=True)  # noqa: S603 - constant
    }
    try:
        frame = table.to_pandas()
    except ImportError:
        return found | {"Arrow, words and strength": lambda: _arrow(table)}
    return found | {"pandas, words and two conditions": lambda: _pandas(frame)}


def _pandas(frame: Any) -> int:  # noqa: ANN401 - a pandas frame
    has_words = frame["reading"].str.contains(r"\btravel document|\bpassport", case=False, regex=True)
    has_area = frame["threat_areas"].map(lambda areas: "border_security" in areas)
    return len(frame[has_words & has_area & (frame["strength_level"] >= URGING)])


def _arrow(table: Any) -> int:  # noqa: ANN401 - an Arrow table
    import pyarrow.compute as pc

    has_words = pc.match_substring_regex(table["reading"], r"\btravel document|\bpassport", ignore_case=True)
    return table.filter(pc.and_(has_words, pc.greater_equal(table["strength_level"], URGING))).num_rows


def _table(questions: dict[str, Callable[[], object]], rounds: int) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(rounds + 1):
        for name, ask in questions.items():
            begin = time.perf_counter()
            ask()
            seconds[name].append(time.perf_counter() - begin)
    for name, values in seconds.items():
        counted = sorted(values[1:])  # the first one warms caches
        print(f"{name:42} {statistics.median(counted) * 1e3:9.1f} {counted[int(len(counted) * 0.9)] * 1e3:9.1f}")


if __name__ == "__main__":
    main()
