"""Read hostile, damaged and odd files, or ordinary ones, each within its budget; print what became of them.

Usage: python benchmarks/hostile.py [--kind WORDS] [--seed N]
       python benchmarks/hostile.py --files FOLDER...   read ordinary files in the same way

All hostile files are made here. Seconds are CPU seconds and megabytes the largest memory in use of the process that reads.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from machine import cpu_seconds, memory_mb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from osce_commitments.config import RunConfig
from osce_commitments.flows.reader_process import ReaderProcess
from osce_commitments.labels import MediaType
from osce_commitments.schema import DEFECT_REASON, BatchResult, Source, SourceRef
from osce_commitments.sources import discover, read_source
from tests.documents.test_fuzz import SAMPLES, mutated
from tests.support import growing, hostile

FOLDER = Path(__file__).resolve().parents[1] / "corpora" / "samples"
CONFIG = RunConfig(model="rules")
_SLOW_SECONDS, _LARGE_MEGABYTES = 40, 1_500


@dataclass(frozen=True)
class Outcome:
    """What became of a file."""

    kind: str
    name: str
    what: str
    seconds: float
    megabytes: int


class Reader:
    """A worker whose time and memory are measured by file."""

    def __init__(self) -> None:
        self._worker = ReaderProcess(CONFIG.model)
        self.read(Source(SourceRef("/in/first.txt", MediaType.TEXT), b"The Council decides to report by 2 May 2093."))

    def read(self, source: Source) -> tuple[BatchResult, float, int]:
        """The result of a source, CPU seconds and megabytes."""
        if not self._worker.is_usable:
            self._worker.close()
            self._worker = ReaderProcess(CONFIG.model)
        process = self._worker._process.pid  # noqa: SLF001 - only the system knows what it used
        Path(f"/proc/{process}/clear_refs").write_text("5")
        before, ended = cpu_seconds(process), _children()
        result = self._worker.read(source, CONFIG.limits)
        spent, largest = cpu_seconds(process) - before, int(memory_mb(process, "VmHWM"))
        if not self._worker.is_usable:
            self._worker.close()
        return result, max(spent, _children() - ended - before), largest


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def hostile_files(seed: int) -> Iterator[tuple[str, str, Source]]:
    """Kind, name and content of each hostile file."""
    for name, make in (hostile.BOMBS_OF_MEMORY | hostile.BOMBS | _more_bombs()).items():
        yield "bomb", name, _source(make(), MediaType(name.rpartition(".")[2]))
    for name, make in growing.PATTERNS.items():
        yield "repeated 24 kB", name, make(24_000)
    for name, content, kind in _odd():
        yield "odd", name, _source(content, kind)
    for kind, sample in SAMPLES.items():
        for name, content in _damaged((FOLDER / sample).read_bytes(), seed):
            yield "damaged", f"{kind.value} {name}", _source(content, kind)


def _more_bombs() -> Mapping[str, object]:
    return {
        "form_draws_itself_9.pdf": lambda: hostile.form_that_draws_itself(9),
        "forms_20x2.pdf": lambda: hostile.forms_in_forms(20, 2),
        "letter_for_200.pdf": lambda: hostile.letter_that_stands_for_many(200, 20_000),
        "runs_40_mb.docx": lambda: hostile.word_bomb(40),
    }


def _damaged(content: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    for percent in (1, 10, 50, 90, 99):
        yield f"cut at {percent} %", content[: len(content) * percent // 100]
    yield "second half", content[len(content) // 2 :]
    yield "zeros after the half", content[: len(content) // 2] + bytes(len(content) // 2)
    yield "twice", content * 2
    chance = random.Random(seed)  # noqa: S311 - moments need no cryptography
    for number in range(20):
        yield f"mutated {number}", mutated(content, chance.randrange(2**32), 1 + number % 12)


def _odd() -> Iterator[tuple[str, bytes, MediaType]]:
    words = b"The States decide to report by 2 May 2093."
    texts = {
        "empty": b"", "one letter": b"a", "mark of UTF-8": b"\xef\xbb\xbf", "UTF-16": words.decode().encode("utf-16"),
        "nulls": bytes(9_000), "no UTF-8": b"\xff\xfe\xfa" * 900, "right to left": "\u202ethe States decide".encode() * 90,
        "no width": ("The\u200b States\u2060 decide" * 90).encode(), "half characters": b"\xed\xa0\x80" * 90,
        "line without end": b"a" * 2_000_000, "words without end": words * 20_000, "carriage returns": words * 90 + b"\r" * 9_000,
        "form feeds": (words + b"\f") * 900, "Cyrillic": "\u0420\u0435\u0448\u0435\u043d\u0438\u0435 ".encode("cp1251") * 90,
        "front matter without end": b"---\ntitle: a\n" * 900, "aliases": b"---\na: &a [1]\nb: [*a, *a]\n---\n" + words,
    }  # fmt: skip
    yield from ((f"text {name}", content, MediaType.TEXT) for name, content in texts.items())
    for name, content in texts.items():
        yield f"html {name}", b"<html><body><p>" + content, MediaType.HTML
        yield f"named pdf {name}", content, MediaType.PDF
        yield f"named docx {name}", content, MediaType.DOCX
    entity = b'<!DOCTYPE a [<!ENTITY a "%s"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>' % (
        b"a" * 999
    )
    for kind in (MediaType.AKN, MediaType.HTML):
        yield f"{kind.value} entities", entity + b"<akomaNtoso><p>&b;&b;&c;</p></akomaNtoso>", kind
        yield f"{kind.value} deep", b"<a>" * 50_000, kind
    for part in ("styles", "numbering", "footnotes"):
        yield (
            f"docx {part} is no part",
            hostile.word(hostile.paragraph("The States decide."), {part: "</w:p>"}),
            MediaType.DOCX,
        )
    for root in ("w:styles", "w:hdr", "x"):
        yield f"docx root {root}", hostile.word(hostile.paragraph("a"), root=root), MediaType.DOCX


def _source(content: bytes, kind: MediaType) -> Source:
    return Source(SourceRef(f"/in/file.{kind.value}", kind), content)


def ordinary_files(folders: Sequence[str]) -> Iterator[tuple[str, str, Source]]:
    """The files of some folders."""
    for ref in discover(folders, limits=CONFIG.limits).refs:
        yield ref.media_type.value, Path(ref.uri).name, read_source(ref, limits=CONFIG.limits, fetch=CONFIG.fetch)


def outcomes(files: Iterable[tuple[str, str, Source]]) -> Iterator[Outcome]:
    """Read each file; an unusual outcome is printed at once."""
    reader = Reader()
    for kind, name, source in files:
        result, seconds, megabytes = reader.read(source)
        reasons = [reject.reason for reject in result.rejects]
        what = "row" if result.documents else f"reject: {reasons[0]}" if reasons else "nothing"
        if DEFECT_REASON in reasons or what == "nothing" or seconds > _SLOW_SECONDS or megabytes > _LARGE_MEGABYTES:
            print(f"! {kind}, {name}: {what}, {seconds:.1f} s, {megabytes} MB", flush=True)
        yield Outcome(kind, name, what, round(seconds, 2), megabytes)


def table(found: Sequence[Outcome]) -> None:
    """Print a row per kind, and the reasons of the rejects."""
    kinds: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one)
    print(
        "| files | number | rows | rejects | defects | over 40 s | over 1.5 GB | CPU s: median, most | MB: median, most |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for kind, some in kinds.items():
        counts = Counter("row" if one.what == "row" else "reject" for one in some)
        defects = sum(DEFECT_REASON in one.what for one in some)
        seconds, sizes = [one.seconds for one in some], [one.megabytes for one in some]
        slow, large = sum(s > _SLOW_SECONDS for s in seconds), sum(m > _LARGE_MEGABYTES for m in sizes)
        print(
            f"| {kind} | {len(some)} | {counts['row']} | {counts['reject']} | {defects} | {slow} | {large} "
            f"| {statistics.median(seconds):.2f}, {max(seconds):.1f} | {statistics.median(sizes):.0f}, {max(sizes)} |"
        )
    print(", ".join(f"{count} {what}" for what, count in Counter(one.what for one in found).most_common()))
    print(
        "slowest: "
        + "; ".join(f"{one.name} {one.seconds} s" for one in sorted(found, key=lambda one: -one.seconds)[:8])
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", default="", help="only kinds whose names hold these words")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", nargs="+", help="folders with ordinary files")
    parser.add_argument("--most", type=int, default=10_000, help="read at most so many files")
    parser.add_argument("--json", type=Path, help="write the outcome of each file to this file")
    choices = parser.parse_args()
    files = ordinary_files(choices.files) if choices.files else hostile_files(choices.seed)
    chosen = [one for one in files if choices.kind in one[0]][: choices.most]
    found = list(outcomes(chosen))
    table(found)
    if choices.json:
        choices.json.write_text(json.dumps([vars(one) for one in found], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
