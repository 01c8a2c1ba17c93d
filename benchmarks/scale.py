"""How a dataset grows: authored documents multiplied (``many.py``), then their rows copied, then searched; tables.

Usage: python benchmarks/scale.py PROVISIONS [--years N] [--data FOLDER]
       (a folder that has some already is continued; 40 commits of 24 documents are measured at the first and at the last size)
       python benchmarks/scale.py --files N     read N varied files inline and with Dask on this machine

Texts and symbols are varied by rule and labels are those of the rules on the originals, so the figures are about speed and
memory only. Times are CPU seconds of the process and its children.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from many import vary

import osce_commitments
from osce_commitments import report
from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.flows.batch import process_batch
from osce_commitments.schema import BatchResult
from osce_commitments.sources import discover

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
COMMITS = 40  # of 24 documents each, whose cost is measured
_COPIED = (
    ("action", "effort"),
    ("region", "valley"),
    ("threat", "danger"),
    ("support", "promote"),
    ("measure", "process"),
    ("exchange", "transfer"),
)
WORDS = ("border", "terroris*", '"law enforcement"', "cyber OR internet", "explosive weapons", "training NOT police")


def cpu() -> float:
    """CPU seconds of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def megabytes() -> int:
    """Largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write(data: Path, count: int, years: int) -> None:
    """Grow a dataset to so many provisions: commits of 24 documents first, then copies of their rows, and again commits."""
    origin = process_batch(discover([str(SAMPLES)], limits=RunConfig().limits).refs, RunConfig(model="rules"))
    have = Dataset(data).info().counts["provisions"] if data.exists() and Dataset(data).latest_version() else 0
    if not have:
        commit_often(data, origin, 0, years)
        have = Dataset(data).info().counts["provisions"]
    base = {name: Dataset(data).read(name, 1) for name in ("provisions", "documents")}
    number = have // base["provisions"].num_rows
    while have < count:
        begin = cpu()
        copied = copy_rows(base, number, years)
        with Dataset(data).writer("copies") as writer:
            for name, rows in copied.items():
                writer._tables.append(name, rows)  # noqa: SLF001 - rows that are whole need no making
            writer._keep(dict.fromkeys(copied, 1), f"copy {number}")  # noqa: SLF001
        number, have = number + 1, have + base["provisions"].num_rows
        if number % 5 == 0 or have >= count:
            print(f"copied to {have:,}: {cpu() - begin:.1f} s for the last", file=sys.stderr, flush=True)
    commit_often(data, origin, have, years)
    print(f"{_size(data)} MB, {sum(1 for _ in data.rglob('*.parquet'))} files")


def commit_often(data: Path, origin: BatchResult, first: int, years: int) -> None:
    """Measure ordinary commits to a dataset."""
    batches = [within_years(vary(origin, first + number), years) for number in range(COMMITS)]
    spent = []
    with Dataset(data).writer("scale", pipeline="benchmark") as writer:
        for batch in batches:
            begin = cpu()
            writer.commit(batch)
            spent.append(cpu() - begin)
    info = Dataset(data).info()
    means = statistics.mean(spent), statistics.median(spent)
    print(f"| {info.counts['provisions']:,} | {means[0]:.3f} | {means[1]:.3f} | {megabytes()} |", flush=True)


def copy_rows(base: dict[str, pa.Table], number: int, years: int) -> dict[str, pa.Table]:
    """The rows with other ids, symbols, years and words."""
    swap = "{}"
    for bit, (word, other) in enumerate(_COPIED):
        if number >> bit & 1:
            swap = f"replace({swap}, '{word}', '{other}')"
    words = {name: swap.format(name) for name in ("text", "title")}
    year = f"CAST({2024 - years + 1} + (year + {number}) % {years} AS INTEGER)"
    symbol = f"CASE symbol WHEN '' THEN '' ELSE symbol || '/{number}' END"
    own = {"id": f"left(id, 1) || left(md5(id || '/{number}'), 16)", "symbol": symbol, "year": year, **words}
    more = {
        "provisions": {
            "document": f"'d' || left(md5(document || '/{number}'), 16)",
            "reading": swap.format("reading"),
            "lead_in": swap.format("lead_in"),
            "key": f"md5(key || '/{number}')",
        },
        "documents": {"source": f"source || '#{number}'", "source_sha256": f"sha256(source_sha256 || '/{number}')"},
    }
    with duckdb.connect() as connection:
        copies = {}
        for name, rows in base.items():
            connection.register("rows", rows)
            made = ", ".join(f'{value} AS "{column}"' for column, value in (own | more[name]).items())
            new = connection.sql(f"SELECT {made} FROM rows").to_arrow_table()  # noqa: S608 - nothing comes from outside
            for column in new.column_names:
                field = rows.schema.field(column)
                rows = rows.set_column(rows.column_names.index(column), field, new[column].cast(field.type))  # noqa: PLW2901
            copies[name] = rows
        return copies


def within_years(batch: BatchResult, years: int) -> BatchResult:
    """The batch with its documents in the last years, as a growing corpus of one organization has them."""
    documents = [
        replace(one, date=None, year=None if one.year is None else 2024 - one.year % years) for one in batch.documents
    ]
    return replace(batch, documents=tuple(documents))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1_000_000


def ask(data: Path) -> None:
    """Print CPU seconds and memory of the index, of searches, of counts and of the overview."""
    begin = cpu()
    reader = osce_commitments.open(data)
    print(f"| search index built | {cpu() - begin:.1f} s | {megabytes()} MB |")
    reader.search("border")
    for name, question in {
        "search": reader.search,
        "search with two conditions": lambda text: reader.search(text, area="border_security", strength=">=urging"),
        "facets": reader.facets,
    }.items():
        spent = [_timed(question, text) for text in WORDS for _ in range(3)]
        print(f"| {name}, median | {1000 * statistics.median(spent):.0f} ms | {megabytes()} MB |")
    for name, most in (
        ("overview as a paper, first 1,000 commitments", report.MOST_PRINTED),
        ("overview with all of them", 0),
    ):
        begin = cpu()
        made = report.overview(reader, report.Selection(), most=most)
        if most:
            report.render(made, "pdf")
        print(f"| {name} | {cpu() - begin:.1f} s | {megabytes()} MB |", flush=True)


def _timed(question: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    question(text)
    return time.process_time() - begin


def read_files(count: int) -> None:
    """Read varied copies of the samples with each engine, half of them and all of them."""
    texts = [path.read_bytes() for path in sorted(SAMPLES.glob("*.txt"))]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        os.environ["XDG_STATE_HOME"] = f"{name}/state"
        for some in (count // 2, count):
            inbox = root / f"in{some}"
            inbox.mkdir()
            for number in range(some):
                (inbox / f"{number:05}.txt").write_bytes(texts[number % len(texts)] + b"\n" * number)
            for engine, runner in (("inline", "process"), ("prefect", "process"), ("prefect", "dask")):
                config = root / "run.yaml"
                config.write_text(f"engine: {engine}\nrunner: {runner}\nworkers: 2\n", encoding="utf-8")
                command = [sys.executable, "-m", "osce_commitments", "run", str(inbox), "--no-vectors"]
                begin, start = cpu(), time.monotonic()
                data = root / f"{some}{engine}{runner}"
                done = subprocess.run(  # noqa: S603 - our own program
                    [*command, "--config", str(config), "--data", str(data)], check=True, capture_output=True, text=True
                )
                rows = Dataset(data).read("provisions", columns=["id"]).num_rows
                label = engine if engine == "inline" else f"{engine}, {runner}"
                print(
                    f"| {some} | {label} | {rows:,} | {cpu() - begin:.0f} | {time.monotonic() - start:.0f} |",
                    flush=True,
                )
                assert done.returncode == 0  # noqa: S101 - a script


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("provisions", type=int, nargs="?", default=0)
    parser.add_argument("--years", type=int, default=30)
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--data", type=Path, help="keep the dataset here")
    parser.add_argument("--no-questions", action="store_true", help="only write")
    choices = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs")
    if choices.files:
        print("| files | engine | provisions | CPU s | wall s |\n|---|---|---|---|---|")
        read_files(choices.files)
    if choices.provisions:
        with tempfile.TemporaryDirectory() as name:
            data = choices.data or Path(name) / "data"
            print("| provisions | CPU s a commit: mean | median | largest memory, MB |\n|---|---|---|---|")
            steps = [(write, (data, choices.provisions, choices.years)), (ask, (data,))]
            for work, arguments in steps[: 1 if choices.no_questions else 2]:
                # Each in a process of its own, so that its memory is its own.
                process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
                process.start()
                process.join()


if __name__ == "__main__":
    main()
