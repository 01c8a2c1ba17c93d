"""How CPU time grows with the length of a document, for patterns that make slow code slow, stage by stage.

Each document is read in a process of its own that may use so many CPU seconds. The exponent compares the two largest
sizes that ended: 1 is linear, 2 is quadratic. Every text counts as English, so that no stage is left out. With ``--figures`` a long run can be done in pieces: what the file holds is
not measured again, and the table shows all that it holds.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import math
import os
import platform
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from osce_commitments import documents, provisions, tag
from osce_commitments.classify import load_classifier
from osce_commitments.config import Limits
from osce_commitments.errors import InputError
from osce_commitments.schema import Source
from tests.support.growing import PATTERNS

LIMITS = Limits()
_SIZES = (6_000, 100_000, 1_500_000)
_MOST_RATE = 2  # CPU seconds per 100 kB
_FEWEST_SECONDS = 0.05
_FEWEST_BYTES = 1_000
_PER_BYTES = 100_000


def main() -> int:
    """Print a row per pattern and per format; returns 1 if one is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pattern", nargs="+", default=[""], help="only patterns whose names hold one of these words")
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--cpu-seconds", type=int, default=60, help="CPU seconds for one document")
    parser.add_argument("--budget", type=float, default=math.inf, help="CPU seconds after which no further one is read")
    parser.add_argument("--model", default="rules", help="classifier; its time is a stage")
    parser.add_argument("--above", type=float, default=0, help="show only patterns that cost more seconds per 100 kB")
    parser.add_argument("--figures", type=Path, help="JSON file of figures: what it lacks is measured and added")
    choices = parser.parse_args()
    names = [name for name in PATTERNS if any(words in name for words in choices.pattern)]
    has_figures = choices.figures is not None and choices.figures.exists()
    found: dict[str, list[dict]] = json.loads(choices.figures.read_text(encoding="utf-8")) if has_figures else {}
    classifier, tagger = load_classifier(choices.model), tag.load_tagger()
    stages = _Stages(tagger, classifier)
    _take_for_english()
    stages.run(PATTERNS["text 'and '"](400))  # compile rules and load lists
    gc.set_threshold(50_000)  # as in the process that reads documents
    gc.freeze()
    for name in names:
        for size in choices.sizes:
            rows = found.setdefault(name, [])
            if any(row["size"] >= size or _is_last(row, choices.cpu_seconds) for row in rows):
                continue
            if _children() > choices.budget:
                break
            rows.append(_measured(stages, name, size, choices.cpu_seconds))
            if choices.figures:
                choices.figures.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return _print({name: found[name] for name in names if found[name]}, len(names), choices.above)


def _take_for_english() -> None:
    parse = importlib.import_module("osce_commitments.documents.parse")
    shares = parse.shares
    parse.shares = lambda items: dict.fromkeys(["en"][: len(shares(items))], 1.0)


class _Stages:
    def __init__(self, tagger: tag.Tagger, classifier: object) -> None:
        self._tagger, self._classifier = tagger, classifier

    def run(self, source: Source) -> dict[str, float]:
        """CPU seconds of each stage; a refusal ends them."""
        seconds: dict[str, float] = {}
        clock = _clock(seconds)
        try:
            parsed, rejects = documents.parse(source, limits=LIMITS)
        except InputError as error:
            clock("documents")
            return seconds | {f"refused: {error.reason}": 0.0}
        clock("documents")
        if not parsed:
            return seconds | {f"refused: {rejects[0].reason}": 0.0}
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


def _measured(stages: _Stages, name: str, size: int, limit: int) -> dict[str, object]:
    stages.run(PATTERNS[name](_FEWEST_BYTES))  # compiles the rules that it needs, which each child would do again
    source = PATTERNS[name](size)
    return {"size": size, "bytes": max(size, len(source.content)), "seconds": _apart(stages, source, limit)}


def _is_last(row: Mapping, limit: int) -> bool:
    """Whether a larger document is not worth a try."""
    return row["seconds"] is None or sum(row["seconds"].values()) > limit / 2


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


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(found: Mapping[str, Sequence[Mapping]], wanted: int, above: float) -> int:
    """Print the figures; returns 1 if a pattern is too slow."""
    print(f"{platform.platform()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    sizes = sorted({row["size"] for rows in found.values() for row in rows})
    print(f"| pattern | outcome | {' | '.join(f'{size // 1000:,} kB' for size in sizes)} | exponent | slowest stage |")
    print(f"|---|---|{'---|' * len(sizes)}---|---|")
    for name, rows in found.items():
        if max(map(_rate, rows)) < above:
            continue
        rates = {row["size"]: f"{_rate(row):.2f}" if row["seconds"] else "not ended" for row in rows}
        cells = [f"`{name}`".replace("|", r"\|"), _outcome(rows), *(rates.get(size, "") for size in sizes)]
        print(f"| {' | '.join([*cells, _exponent(rows), _slowest(rows)])} |")
    print(f"\n| patterns of | number | median | most | largest exponent |\n|---|---|{'---|' * 3}")
    formats: defaultdict[str, list[Sequence[Mapping]]] = defaultdict(list)
    for name, rows in found.items():
        formats[name.split()[0]].append(rows)
    for form, several in formats.items():
        rates = [_rate(rows[-1]) for rows in several]
        exponent = max((one for rows in several if (one := _exponent(rows)) != "-"), key=float, default="-")
        print(f"| {form} | {len(several)} | {statistics.median(rates):.2f} | {max(rates):.2f} | {exponent} |")
    slow = [
        name for name, rows in found.items() if any(_rate(row) > _MOST_RATE for row in rows if row["size"] > _SIZES[0])
    ]
    print(
        f"\n{len(found)} of {wanted} patterns; above {_MOST_RATE} s per 100 kB, or not ended: {', '.join(slow) or 'none'}"
    )
    return int(bool(slow))


def _rate(row: Mapping) -> float:
    """CPU seconds per 100 kB."""
    return sum(row["seconds"].values()) / row["bytes"] * _PER_BYTES if row["seconds"] else math.inf


def _outcome(rows: Sequence[Mapping]) -> str:
    stages = (stage for stage in rows[-1]["seconds"] or () if stage.startswith("refused"))
    return next(stages, "row").removeprefix("refused: ")


def _slowest(rows: Sequence[Mapping]) -> str:
    seconds = rows[-1]["seconds"]
    return max(seconds, key=seconds.get) if seconds else ""


def _exponent(rows: Sequence[Mapping]) -> str:
    times = [(row["bytes"], sum(row["seconds"].values())) for row in rows if row["seconds"]]
    if len(times) < 2 or times[-2][1] < _FEWEST_SECONDS or times[-1][0] == times[-2][0]:  # noqa: PLR2004 - two sizes
        return "-"
    (a, s), (b, t) = times[-2:]
    return f"{math.log(t / s) / math.log(b / a):.2f}"


if __name__ == "__main__":
    sys.exit(main())
