"""How CPU time grows with the length of a document, for patterns that make slow code slow, stage by stage.

Each document is read in a process of its own that may use so many CPU seconds. The exponent compares the two largest
sizes that ended: 1 is linear, 2 is quadratic.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import platform
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from osce_commitments import documents, provisions, tag
from osce_commitments.classify import load_classifier
from osce_commitments.config import Limits
from osce_commitments.errors import InputError
from osce_commitments.schema import Source
from tests.support.growing import PATTERNS

LIMITS = Limits()
_FEWEST_SECONDS = 0.05
_FEWEST_BYTES = 1_000
_PER_BYTES = 100_000


def main() -> int:
    """Print a row per pattern; returns 1 if one is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pattern", nargs="+", default=[""], help="only patterns whose names hold one of these words")
    parser.add_argument("--sizes", type=int, nargs="+", default=[6_000, 24_000, 96_000, 384_000, 1_500_000])
    parser.add_argument("--cpu-seconds", type=int, default=60, help="CPU seconds for one document")
    parser.add_argument("--model", default="rules", help="classifier; its time is a stage")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    choices = parser.parse_args()
    sys.stdout.write(f"{platform.platform()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}\n")
    classifier, tagger = load_classifier(choices.model), tag.load_tagger()
    stages = _Stages(tagger, classifier)
    stages.run(PATTERNS["text 'and '"](400))  # compile rules and load lists
    gc.set_threshold(50_000)  # as in the process that reads documents
    gc.freeze()
    found, slow = {}, 0
    sys.stdout.write(f"{'pattern':44} {'bytes':>9} {'CPU s':>7} {'s/100 kB':>8} {'exponent':>8}  slowest stages\n")
    for name, make in PATTERNS.items():
        if any(words in name for words in choices.pattern):
            found[name] = list(_grown(stages, make, choices.sizes, choices.cpu_seconds))
            slow += _print(name, found[name])
    if choices.json:
        choices.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    sys.stdout.write(f"{len(found)} patterns, {slow} above 2 s per 100 kB or not ended\n")
    return int(bool(slow))


class _Stages:
    def __init__(self, tagger: tag.Tagger, classifier: object) -> None:
        self._tagger, self._classifier = tagger, classifier

    def run(self, source: Source) -> dict[str, float]:
        """CPU seconds of each stage; a refusal ends them."""
        seconds: dict[str, float] = {}
        clock = _clock(seconds)
        try:
            parsed, _ = documents.parse(source, limits=LIMITS)
        except InputError as error:
            clock("documents")
            return seconds | {f"refused: {error.reason}": 0.0}
        clock("documents")
        units = [provisions.segment(one) for one in parsed]
        clock("provisions")
        tagged = [self._tagger.tag(part) for part in units]
        clock("tag")
        for part in tagged:
            self._classifier.classify(part)  # type: ignore[attr-defined]
        clock("classify")
        return seconds


def _clock(seconds: dict[str, float]):  # noqa: ANN202 - a closure over one number
    last = [time.process_time()]

    def stop(stage: str) -> None:
        now = time.process_time()
        seconds[stage], last[0] = now - last[0], now

    return stop


def _grown(stages: _Stages, make, sizes: Sequence[int], limit: int) -> Iterator[dict[str, object]]:  # noqa: ANN001
    stages.run(make(_FEWEST_BYTES))  # compiles the rules that it needs, which each child would do again
    for size in sizes:
        source = make(size)
        seconds = _apart(stages, source, limit)
        yield {"bytes": max(size, len(source.content)), "seconds": seconds}
        if seconds is None or sum(seconds.values()) > limit / 3:
            return


def _apart(stages: _Stages, source: Source, limit: int) -> dict[str, float] | None:
    """The seconds of a document in a child process; None if it was ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
        status = 1
        try:
            os.write(writing, json.dumps(stages.run(source)).encode())
            status = 0
        except BaseException as error:  # noqa: BLE001 - the child of a fork must not return
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        content = answer.read()
    os.waitpid(child, 0)
    return json.loads(content) if content else None


def _print(name: str, rows: Sequence[Mapping]) -> bool:
    ended = [row for row in rows if row["seconds"] is not None] or [{"bytes": 1, "seconds": {}}]
    last, total = ended[-1], sum(ended[-1]["seconds"].values())
    rate = total / last["bytes"] * _PER_BYTES
    stages = ", ".join(
        f"{stage} {spent:.2f}"
        for stage, spent in sorted(last["seconds"].items(), key=lambda item: -item[1])
        if spent > total / 10
    )
    refused = "; ".join(stage for stage in last["seconds"] if stage.startswith("refused"))
    is_ended = rows[-1]["seconds"] is not None
    is_slow = not is_ended or (rate > 2 and total > 1)  # noqa: PLR2004 - the target
    mark = f" NOT ENDED at {rows[-1]['bytes']:,}" if not is_ended else " SLOW" if is_slow else ""
    sys.stdout.write(
        f"{name:44} {last['bytes']:9,} {total:7.2f} {rate:8.2f} {_exponent(ended):>8}  {stages} {refused}{mark}\n"
    )
    sys.stdout.flush()
    return is_slow


def _exponent(rows: Sequence[Mapping]) -> str:
    times = [(row["bytes"], sum(row["seconds"].values())) for row in rows]
    if len(times) < 2 or times[-2][1] < _FEWEST_SECONDS or times[-1][0] == times[-2][0]:  # noqa: PLR2004 - two sizes
        return "-"
    (a, s), (b, t) = times[-2:]
    return f"{math.log(t / s) / math.log(b / a):.2f}"


if __name__ == "__main__":
    sys.exit(main())
