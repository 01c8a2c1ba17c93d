"""How a dataset grows: authored documents multiplied (``many.py``), then their rows copied, then searched; tables.

Usage: python benchmarks/scale.py PROVISIONS [--years N] [--data FOLDER]
       (a folder that has some already is continued; 40 commits of 24 documents are measured at the first and at the last size)
       python benchmarks/scale.py --files N...  read this many varied files inline and with Dask on this machine

Texts and symbols are varied by rule and labels are those of the rules on the originals, so the figures are about speed and
memory only. Times are CPU seconds of the process and its children.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gc
import multiprocessing
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import psutil
from many import vary

import osce_commitments
from osce_commitments import query, report
from osce_commitments.config import RunConfig, load_config
from osce_commitments.dataset import Dataset
from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.flows import steps
from osce_commitments.flows.batch import pack_batch, process_batch, unpack_batch
from osce_commitments.schema import BatchResult, SourceRef
from osce_commitments.sources import discover

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
TEXTS = sorted(SAMPLES.glob("*.txt"))
EDITIONS = 8
ROLES = ("reading processes", "task workers", "Prefect's server", "main process")
WORKERS = 2
CONTROL = "threads"
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
        made = report.overview(reader, query.Selection(), most=most)
        if most:
            report.render(made, "pdf")
        print(f"| {name} | {cpu() - begin:.1f} s | {megabytes()} MB |", flush=True)


def _timed(question: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    question(text)
    return time.process_time() - begin


def copy_text(text: str, number: int) -> str:
    """A copy of a document: an earlier edition of its family of eight, which shares no rare words with other families."""
    family, edition = divmod(number, EDITIONS)
    pool = _long_words()

    def other(match: re.Match[str]) -> str:
        same = pool[len(match[0])]
        return same[(same.index(match[0]) + 7 * family) % len(same)] if match[0] in same else match[0]

    text = re.sub(r"\b(?:19|20)\d\d\b", lambda year: str(int(year[0]) - edition), text)
    return re.sub(r"\b[a-z]{7,}\b", other, text) if family else text


@functools.cache
def _long_words() -> dict[int, list[str]]:
    """Words of the samples by length."""
    words = {word for path in TEXTS for word in re.findall(r"\b[a-z]{7,}\b", path.read_text(encoding="utf-8"))}
    return {size: sorted(word for word in words if len(word) == size) for size in set(map(len, words))}


class Run(NamedTuple):
    """What a run read and used: CPU seconds and megabytes of the largest process, by role."""

    engine: str
    documents: int
    provisions: int
    links: int
    used: dict[str, tuple[float, float]]

    def seconds(self, *roles: str) -> float:
        """CPU seconds of some roles, or of all."""
        return sum(used[0] for role, used in self.used.items() if not roles or role in roles)

    def row(self) -> str:
        """Its row."""
        cells = (
            f"{self.used[role][0]:.1f} s, {self.used[role][1]:.0f} MB" if role in self.used else "-" for role in ROLES
        )
        counts = f"{self.documents:,} | {self.provisions:,} | {self.links:,}"
        return f"| {self.engine} | {counts} | {self.seconds():.1f} | {' | '.join(cells)} |"


def read_files(counts: list[int], engines: list[str], model: str, batch: int) -> None:
    """Read so many varied copies of the samples with some engines.

    The first run of each finds nothing kept, compiled rules and Prefect's new database; the second shows what its start costs.
    """
    heads = ("engine", "documents", "provisions", "links", "CPU s", *ROLES)
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    runs: dict[str, list[Run]] = {engine: [] for engine in engines}
    with tempfile.TemporaryDirectory() as name:
        for at, count in enumerate((0, 0, *sorted(counts))):
            # One file for each worker is little more than the start.
            choices = f"workers: {WORKERS}\nmodel: {model}\nbatch_size: {batch if count else 1}\n"
            for engine in engines:
                folder = Path(name) / f"{count}-{engine}"
                write_files(folder / "in", count or WORKERS)
                made = _run(engine, choices, folder, Path(name) / "state")
                runs[engine] += [made] if at else []
                print(made.row(), flush=True)
                shutil.rmtree(folder)
    print_costs(runs)


def write_files(folder: Path, count: int) -> None:
    """Write varied copies of the samples."""
    folder.mkdir(parents=True)
    for number in range(count):
        text = copy_text(TEXTS[number % len(TEXTS)].read_text(encoding="utf-8"), number // len(TEXTS))
        (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")


def _run(engine: str, choices: str, root: Path, state: Path) -> Run:
    kind, _, runner = engine.partition("-")
    kind = "inline" if engine == CONTROL else kind
    (root / "run.yaml").write_text(f"engine: {kind}\nrunner: {runner or 'thread'}\n{choices}", encoding="utf-8")
    command = ["-m", "osce_commitments", "run", str(root / "in"), "--no-vectors"]
    if engine == CONTROL:
        command = [__file__, "--read-with-threads", str(root / "in")]
    used = _watch([sys.executable, *command, "--config", str(root / "run.yaml"), "--data", str(root / "data")], state)
    counts = Dataset(root / "data").info().counts
    return Run(engine, counts["documents"], counts["provisions"], counts["lineage"], used)


def read_with_threads(inputs: Path, data: Path, config: RunConfig) -> None:
    """Read files as an engine does, with as many readers at the same time, but without the engine."""

    def map_batches(batches: Iterable[Sequence[SourceRef]], config: RunConfig) -> Iterator[BatchResult]:
        with ThreadPoolExecutor(config.workers) as pool:
            pending = deque(pool.submit(lambda refs: list(pack_batch(refs, config)), refs) for refs in batches)
            while pending:
                yield from unpack_batch(pending.popleft().result())

    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)  # as in commands
    steps.ingest([str(inputs)], data, config, map_batches=map_batches)


def print_costs(runs: dict[str, list[Run]]) -> None:
    """Costs by size, without those of the start.

    What an engine adds *by role* is the CPU time of Prefect's server and of the task workers, and what the main process uses
    more than in the control; *whole* has the reading processes too. Shares are of the CPU time of the control: the same work
    with threads that wait for the same reading processes. Processes that work at the same time slow each other there, too.
    """
    heads = (
        "engine",
        "documents",
        "start, CPU s",
        "CPU s per 1,000 provisions",
        "reading",
        "main",
        "added by role",
        "whole",
        "MB of a reader, a worker, main",
    )
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    control = runs.get(CONTROL) or runs.get("inline")
    for engine, (start, *sizes) in runs.items():
        for at, run in enumerate(sizes, 1):
            thousands = (run.provisions - start.provisions) / 1000
            costs = (_beyond((start, run), *roles) / thousands for roles in ((), ROLES[:1], ROLES[3:]))
            added = ["-", "-"]
            if control and engine not in {CONTROL, "inline"}:
                plain = control[0], control[at]
                more = (_beyond((start, run), *roles) - _beyond(plain, *roles) for roles in (ROLES[1:], ()))
                added = [f"{100 * one / _beyond(plain):.1f} %" for one in more]
            memory = ", ".join(
                f"{run.used[role][1]:.0f}" if role in run.used else "-" for role in (*ROLES[:2], ROLES[3])
            )
            cells = (f"{start.seconds():.1f}", *(f"{one:.2f}" for one in costs), *added, memory)
            print(f"| {engine} | {run.documents:,} | {' | '.join(cells)} |")


def _beyond(runs: tuple[Run, Run], *roles: str) -> float:
    start, run = runs
    return run.seconds(*roles) - start.seconds(*roles)


def _watch(command: list[str], state: Path) -> dict[str, tuple[float, float]]:
    """CPU seconds of a program's processes and the largest memory of one of them, by what they do."""
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "XDG_STATE_HOME": str(state)})
    seen: dict[int, tuple[str, float, float]] = {}
    while process.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in (process, *process.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    times, memory = one.cpu_times(), one.memory_info().rss / 1e6
                    role = seen[one.pid][0] if one.pid in seen else _role(one, process.pid)
                    seen[one.pid] = role, times.user + times.system, max(memory, seen.get(one.pid, ("", 0, 0))[2])
        time.sleep(0.2)
    assert process.returncode == 0  # noqa: S101 - a script
    found: dict[str, tuple[float, float]] = {}
    for role, seconds, memory in seen.values():
        before = found.get(role, (0.0, 0.0))
        found[role] = before[0] + seconds, max(before[1], memory)
    return found


def _role(process: psutil.Process, main: int) -> str:
    command = " ".join(process.cmdline())
    named = {"worker_main": ROLES[0], "prefect.server": ROLES[2]}
    return (
        ROLES[3] if process.pid == main else next((role for word, role in named.items() if word in command), ROLES[1])
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("provisions", type=int, nargs="?", default=0)
    parser.add_argument("--years", type=int, default=30)
    parser.add_argument("--files", type=int, nargs="+", default=[])
    parser.add_argument("--engines", nargs="+", default=["inline", CONTROL, "prefect-thread", "prefect-dask"])
    parser.add_argument("--model", default="default", help="classifier of the runs")
    parser.add_argument("--batch", type=int, default=100, help="files in a batch of the runs")
    parser.add_argument("--data", type=Path, help="keep the dataset here")
    parser.add_argument("--no-questions", action="store_true", help="only write")
    parser.add_argument("--read-with-threads", type=Path, metavar="FOLDER", help="only this, without Prefect")
    parser.add_argument("--config", type=Path, help="configuration for --read-with-threads")
    choices = parser.parse_args()
    if choices.read_with_threads:
        read_with_threads(choices.read_with_threads, choices.data, load_config(choices.config))
        return
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs")
    if choices.files:
        read_files(choices.files, choices.engines, choices.model, choices.batch)
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
