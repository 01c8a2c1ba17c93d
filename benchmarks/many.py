"""Makes a large dataset: a quarter of the authored documents again and again, with variation.

No such corpus exists: texts, symbols and years are varied by rule, labels and tags are those of the originals. The
figures that are measured on it are about speed and memory, never about quality.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import itertools
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.flows.batch import process_batch
from osce_commitments.flows.steps import LineageBook
from osce_commitments.ids import content_sha256, document_id, provision_id
from osce_commitments.schema import BatchResult
from osce_commitments.sources import discover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from osce_commitments.schema import ClassifiedProvision, Document

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [ROOT / "corpora" / "samples", ROOT / "corpora" / "commitments" / "documents"]
_EVERY = 4  # documents: reading all of them takes four times as long, and a copy would hold most of what is wanted
# Words of one length, so that offsets stay right; copy number n takes those pairs whose bit is set in n.
_PAIRS = [
    ("police", "border"), ("seaport", "airport"), ("weapons", "parcels"), ("training", "guidance"), ("victims", "workers"),
    ("passports", "registers"), ("network", "archive"), ("judges", "guards"), ("customs", "archive"), ("money", "paper"),
]  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of every benchmark on many provisions."""
    parser.add_argument("--provisions", type=int, default=50_000)
    parser.add_argument("--data", type=Path, help="a dataset that many.py made; without, one is made and removed")


@contextlib.contextmanager
def dataset(choices: argparse.Namespace) -> Iterator[Path]:
    """The dataset that the options name, or a new one, with index and vectors; both made in processes of their own."""
    if choices.data and not choices.data.is_dir():
        sys.exit(f"there is no dataset at {choices.data}")
    with tempfile.TemporaryDirectory() as folder:
        data = choices.data or Path(folder) / "data"
        if choices.data is None:
            _run(__file__, str(data), "--provisions", str(choices.provisions))
        _run(str(Path(__file__).with_name("search.py")), "--data", str(data), "--prepare")
        yield data


def _run(script: str, *arguments: str) -> None:
    # It has said what is wrong.
    if code := subprocess.run([sys.executable, script, *arguments], check=False).returncode:  # noqa: S603 - our own script
        sys.exit(code)


def make(folder: Path, count: int) -> int:
    """Write a dataset of at least ``count`` provisions; returns their number."""
    if not SOURCES[1].is_dir():
        sys.exit(f"{SOURCES[1]} is missing; make it: python -m corpora.commitments.build")
    config = RunConfig(model="rules")
    samples, documents = (discover([str(source)], limits=config.limits).refs for source in SOURCES)
    origin = process_batch([*samples, *documents[::_EVERY]], config)
    copies = (vary(origin, number) for number in itertools.count())
    written = 0
    with Dataset(folder).writer("many", pipeline="benchmark") as writer:
        book = LineageBook(writer)
        while written < count:
            batch = next(copies)
            writer.commit(batch, follow=book.follow)
            written += len(batch.provisions)
        book.save()
    return written


def vary(origin: BatchResult, number: int) -> BatchResult:
    """A copy with other words, symbols and years; copy 0 differs in its sources only."""
    documents = {one.id: _document(one, number) for one in origin.documents}
    provisions = tuple(_provision(one, documents[one.tagged.provision.document], number) for one in origin.provisions)
    return BatchResult(tuple(documents.values()), provisions, ())


def _document(one: Document, number: int) -> Document:
    sha256 = content_sha256(f"{one.source_sha256} {number}".encode())
    moved = one.date and _years_back(one.date, number)
    return replace(
        one,
        id=document_id(sha256, one.part),
        source=f"{one.source}?copy={number}",
        source_sha256=sha256,
        text=_words(one.text, number),
        title=_words(one.title, number),
        symbol=f"{one.symbol}/{number}" if one.symbol and number else one.symbol,
        date=moved,
        year=one.year and _year(one.year, number),
    )


def _provision(one: ClassifiedProvision, document: Document, number: int) -> ClassifiedProvision:
    old = one.tagged.provision
    new = replace(
        old,
        id=provision_id(document.id, old.start, old.end, old.text),
        document=document.id,
        title=document.title,
        text=_words(old.text, number),
        lead_in=_words(old.lead_in, number),
        tail=_words(old.tail, number),
        symbol=document.symbol,
        date=document.date,
    )
    return replace(one, tagged=replace(one.tagged, provision=new))


def _words(text: str, number: int) -> str:
    for bit, (word, other) in enumerate(_PAIRS):
        if number >> bit & 1:
            text = text.replace(word, other)
    return text


def _years_back(day: dt.date, number: int) -> dt.date:
    return dt.date(_year(day.year, number), day.month, min(day.day, 28))


def _year(year: int, number: int) -> int:
    """So many years earlier; before year 1 it begins again at the year of the original."""
    return (year - 1 - number) % year + 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--provisions", type=int, default=50_000)
    choices = parser.parse_args()
    begin = time.perf_counter()
    print(f"{make(choices.folder, choices.provisions)} provisions in {time.perf_counter() - begin:.0f} s")
