"""The page under load: many clients at once over 60,000 provisions while runs write to the dataset, with half requests open.

Every client asks for the next view as soon as it has an answer; words, conditions, provisions and documents vary, so that
few answers repeat. A round gives requests per second, errors, times of answers, and memory of the server: resident, where
Linux counts a page of a file once for each mapping, and what belongs to no file. Runs work on a copy of the
dataset. The clients and the runs share the processors with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from machine import cpu_seconds, machine
from many import ROOT, add_options, dataset
from page import served

if TYPE_CHECKING:
    import httpx

WORDS = (
    "passports", "travel documents", "border", "police", "training", "victims", "terrorism", "weapons", "small arms",
    "information", "trafficking", "women", "elections", "media", "environment", "water", "energy", "cyber", "confidence",
    "education", "youth", "corruption", "customs", "justice", "torture", "migration", "explosives", "ammunition",
)  # fmt: skip
CONDITIONS = (
    "",
    "&strength=%3E%3Durging",
    "&area=border_security",
    "&body=PC",
    "&body=MC",
    "&since=2010",
    "&until=2005",
)
HALF_REQUESTS = 40


@dataclass
class Round:
    """Figures of the clients of one round."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Print a line per round."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.set_defaults(provisions=60_000)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-runs", action="store_true", help="nothing is written meanwhile")
    choices = parser.parse_args()
    print(machine())
    with dataset(choices) as prepared, tempfile.TemporaryDirectory() as folder:
        data = Path(shutil.copytree(prepared, Path(folder) / "data"))
        with served(data) as (process, client, _):
            paths = views(client)
            asyncio.run(_rounds(choices, data, process.pid, client.base_url, paths))


def views(client: httpx.Client) -> list[str]:
    """Paths of many views, mixed."""
    paths = []
    for words, condition in itertools.product(WORDS, CONDITIONS):
        text = f"text={quote(words)}{condition}"
        paths += [f"/?{text}", f"/matrix?{text}", f"/api/search?{text}"]
    for page in range(1, 4):
        answer = client.get("/api/search", params={"size": 100, "page": 40 * page}).raise_for_status().json()
        for hit in answer["hits"]:
            paths += [hit["link"], f"/history/{hit['id']}", f"/document/{hit['document']}"]
    random.Random(1).shuffle(paths)  # noqa: S311 - the same order in every run
    return paths


async def _rounds(choices: argparse.Namespace, data: Path, server: int, address: httpx.URL, paths: list[str]) -> None:
    next_path = itertools.count()
    print(f"at start: {_memory(server)}")
    half = [await _half_request(address) for _ in range(HALF_REQUESTS)]
    writing = None if choices.no_runs else asyncio.create_task(_runs(data))
    for number in range(1, choices.rounds + 1):
        figures, used = Round(), 1000 * cpu_seconds(server)
        end = time.perf_counter() + choices.seconds
        await asyncio.gather(*(_client(address, paths, next_path, end, figures) for _ in range(choices.clients)))
        cpu = (1000 * cpu_seconds(server) - used) / max(len(figures.seconds), 1)
        times = sorted(figures.seconds)
        print(
            f"round {number}: {choices.clients} clients, {len(times) / choices.seconds:.0f} requests a second, "
            f"{len(figures.errors)} errors, median {statistics.median(times):.2f} s, p99 {times[int(len(times) * 0.99)]:.2f} s, "
            f"longest {times[-1]:.2f} s, {cpu:.1f} CPU ms a request; {_memory(server)}; "
            f"version {len(list((data / '_versions').glob('*.json')))}",
            flush=True,
        )
        for error in sorted(set(figures.errors))[:5]:
            print(f"  {figures.errors.count(error)} times {error}")
    if writing:
        writing.cancel()
        await asyncio.wait([writing])
    ended = sum(reader.at_eof() or reader.exception() is not None for reader, _ in half)
    print(f"{ended} of {HALF_REQUESTS} half requests were ended by the server")


async def _client(address: httpx.URL, paths: list[str], at: itertools.count[int], end: float, figures: Round) -> None:
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    while time.perf_counter() < end:
        path = paths[next(at) % len(paths)]
        begin = time.perf_counter()
        try:
            if reader is None or writer is None:
                reader, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.host}\r\n\r\n".encode())
            status = await _answer(reader)
            if status != "200":
                figures.errors.append(f"{status} {path}")
        except (OSError, EOFError) as error:
            figures.errors.append(f"{type(error).__name__} {path}")
            reader = writer = None
        figures.seconds.append(time.perf_counter() - begin)
    if writer:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> str:
    """The status of an answer, which is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"(?i)content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return head.split(" ", 2)[1]


async def _half_request(address: httpx.URL) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: ")
    return reader, writer


async def _runs(data: Path) -> None:
    """Run over a new document again and again."""
    text = (ROOT / "corpora" / "samples" / "pc-dec-9152.txt").read_text(encoding="utf-8")
    for number in itertools.count():
        source = data.parent / f"new-{number}.txt"
        source.write_text(f"{text}\n\nAddition {number}\n", encoding="utf-8")
        command = (
            sys.executable,
            "-m",
            "osce_commitments",
            "run",
            str(source),
            "--data",
            str(data),
            "--model",
            "rules",
        )
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise


def _memory(pid: int) -> str:
    path = Path(f"/proc/{pid}/smaps_rollup")
    if not path.exists():
        return "memory unknown"
    sizes = {name: int(size) / 1000 for name, size in re.findall(r"(\w+):\s+(\d+) kB", path.read_text())}
    return f"memory {sizes['Rss']:.0f} MB, of it {sizes['Anonymous']:.0f} MB of no file"


if __name__ == "__main__":
    main()
