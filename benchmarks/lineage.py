"""CPU seconds of lineage on yearly documents.

Each of 125 series has a document of 40 provisions for each of ten years; every year a tenth of the provisions is new and a third is
reworded. The words are drawn from the authored corpus, so that series share subjects but not sentences.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.flows.steps import LineageBook
from tests.support.makers import batch, document

_YEARS, _PARAGRAPHS = 10, 40
_SOURCES = Path(__file__).resolve().parents[1] / "corpora" / "commitments" / "source"
_ACTS = (
    "Calls upon participating States to",
    "Encourages participating States to",
    "Decides that participating States will",
)


def main(provisions: int) -> None:
    """Print the figures."""
    series = max(1, provisions // (_YEARS * _PARAGRAPHS))
    documents = list(_documents(series, random.Random(16)))  # noqa: S311 - figures, no secrets
    with tempfile.TemporaryDirectory() as folder:
        dataset = Dataset(Path(folder) / "data")
        batches = [batch(*documents[at : at + 25]) for at in range(0, len(documents) - 1, 25)]
        compared = 0.0
        with dataset.writer("all") as writer:
            book = LineageBook(writer)
            for one in batches:
                compared += _commit(writer, one, book)
            begin = time.process_time()
            book.save()
            compared += time.process_time() - begin
        count = sum(len(one.provisions) for one in batches)
        print(f"{count:,} provisions: {compared:.1f} CPU s for lineage")
        with dataset.writer("more") as writer:
            seconds = _commit(writer, batch(documents[-1]), LineageBook(writer))
        print(f"one more document, in a new process's state: {seconds:.2f} CPU s")
        _read(dataset)


def _read(dataset: Dataset) -> None:
    reader = osce_commitments.open(dataset.path)
    rows = dataset.read("lineage", columns=["later"]).to_pylist()
    begin = time.process_time()
    (line,) = reader.history(rows[-1]["later"]).lines
    print(f"a line of {len(line.years)} years: {1000 * (time.process_time() - begin):.1f} CPU ms; {len(rows):,} links")


def _commit(writer: Any, one: Any, book: LineageBook) -> float:  # noqa: ANN401 - of the test makers
    spent = 0.0

    def follow(*given: Any) -> Any:  # noqa: ANN401 - as the writer calls it
        nonlocal spent
        begin = time.process_time()
        found = book.follow(*given)
        spent += time.process_time() - begin
        return found

    writer.commit(one, follow=follow)
    return spent


def _documents(series: int, draw: random.Random) -> Iterator[Any]:
    words = sorted(
        {
            word
            for path in list(_SOURCES.glob("*.txt"))[:400]
            for word in path.read_text("utf-8").split()
            if word.isalpha()
        }
    )
    for number in range(series):
        lines = [_sentence(words, draw) for _ in range(_PARAGRAPHS)]
        for year in range(_YEARS):
            lines = [_next(line, words, draw) for line in lines] if year else lines
            day = dt.date(2090 + year, 1 + number % 12, 1 + number % 28)
            yield document(f"{number}-{year}.txt", lines, date=day, symbol=f"MC.DEC/{number}/{year}")


def _sentence(words: list[str], draw: random.Random) -> str:
    return f"{draw.choice(_ACTS)} {' '.join(draw.choices(words, k=draw.randint(15, 45)))};"


def _next(line: str, words: list[str], draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.1:  # noqa: PLR2004 - see the module
        return _sentence(words, draw)
    if chance < 0.43:  # noqa: PLR2004 - see the module
        parts = line.split()
        parts[draw.randrange(6, len(parts))] = draw.choice(words)
        return " ".join(parts)
    return line


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("provisions", type=int, nargs="?", default=50_000)
    main(parser.parse_args().provisions)
