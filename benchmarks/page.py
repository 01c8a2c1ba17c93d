"""How long the page takes to answer over many provisions: every view, first and again, through HTTP on this computer.

The dataset is the authored documents multiplied with variation (``many.py``): the figures are about speed and memory.
"First" is an answer of which nothing is kept yet; "again" is the median of the later ones, counts being kept then. The time of
the processor is that of the server (on Linux, in steps of 10 ms); other work on the machine does not change it.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from machine import cpu_seconds, machine, memory_mb
from many import add_options, dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "text=%22travel+document*%22+OR+passport*"
TWO = "area=border_security&strength=%3E%3Durging"
VIEWS = {
    "commitments, newest first": "/",
    "everything": "/?commitments=any",
    "commitments as a table": "/?view=table",
    "due in a period, by due date": "/?due_since=2014&due_until=2019&order=due",
    "the last Ministerial Council": "/?meeting=last",
    "words and two conditions": f"/?{WORDS}&{TWO}",
    "a common word": "/?text=states",
    "a common word and two conditions": f"/?text=states&{TWO}",
    "two conditions, firmest first": f"/?{TWO}&order=firmest",
    "by likeness and two conditions": f"/?text=travel+documents&by=meaning&{TWO}",
    "page 100 of everything": "/?page=100",
    "matrix": "/matrix",
    "matrix of two conditions": f"/matrix?{TWO}",
    "timeline of two conditions": f"/timeline?{TWO}",
    "timeline": "/timeline",
    "a provision in its document": "{provision}",
    "an instrument": "{instrument}",
    "the line of a provision": "{history}",
    "history of a search": f"/history?{WORDS}",
    "history of a search, all wordings": f"/history?{WORDS}&wording=all",
    "more like a provision": "{like}",
    "two documents compared": "/compare?left=PC.DEC/9104&right=PC.DEC/9131",
    "about": "/about",
    "the form of a report": f"/report?{WORDS}",
    "a report in Word": f"/report/file?{WORDS}&{TWO}&format=docx",
    "a report as PDF": f"/report/file?{WORDS}&{TWO}&format=pdf",
    "search as JSON": f"/api/search?{WORDS}&{TWO}",
}


def main() -> None:
    """Print a row per view."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=7)
    choices = parser.parse_args()
    print(machine())
    with dataset(choices) as data, served(data) as (process, client, started):
        print(f"the first page {started:.2f} s after the command")
        _measure(client, choices.rounds, process.pid)
        print(f"memory of the server {memory_mb(process.pid):.0f} MB")


@contextlib.contextmanager
def served(data: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client, float]]:
    """The server's process, a client, and the seconds until the first page."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "osce_commitments", "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            (address,) = re.findall(r"http://\S+(?=/)", process.stdout.readline())
            with httpx.Client(base_url=address, timeout=60) as client:
                client.get("/about").raise_for_status()
                yield process, client, time.perf_counter() - begin
        finally:
            process.terminate()


def _measure(client: httpx.Client, rounds: int, server: int) -> None:
    hit = client.get("/api/search", params={"text": "passports", "size": 1}).json()["hits"][0]
    named = client.get("/api/search", params={"body": "PC", "size": 1}).json()["hits"][0]
    paths = {
        "provision": hit["link"],
        "like": f"/like/{hit['id']}",
        "instrument": f"/instrument/{named['symbol']}",
        "history": f"/history/{hit['id']}",
    }
    print(f"{'view':36}{'first ms':>9}{'again ms':>9}{'first CPU ms':>13}{'again CPU ms':>13}{'KB':>7}")
    for name, path in VIEWS.items():
        seconds, used = [], [1000 * cpu_seconds(server)]
        for _ in range(rounds + 1):
            begin = time.perf_counter()
            answer = client.get(path.format(**paths)).raise_for_status()
            seconds.append(time.perf_counter() - begin)
            used.append(1000 * cpu_seconds(server))
        first, again = 1000 * seconds[0], 1000 * statistics.median(seconds[1:])
        cpu = f"{used[1] - used[0]:13.0f}{(used[-1] - used[1]) / rounds:13.0f}"
        print(f"{name:36}{first:9.0f}{again:9.0f}{cpu}{len(answer.content) / 1000:7.0f}")


if __name__ == "__main__":
    main()
