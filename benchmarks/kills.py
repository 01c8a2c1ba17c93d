"""Kill writers at random moments and check what readers and the next run find; print one table.

Usage: python benchmarks/kills.py [KILLS [SEED [ROW]]], such as 12 1 "run, inline"

Documents are short and authored here. Each kill is a SIGKILL to a forked process. Three in four are drawn over the time in which
the undisturbed work writes, the others over all its time. With the Prefect engine the whole program is started and its process group killed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from fastapi.testclient import TestClient

import osce_commitments
from osce_commitments.analysis.dataset_checks import check_dataset
from osce_commitments.cli import main as program
from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset, export_version
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.flows import steps
from osce_commitments.serve import create_app

GIVEN = sys.argv[1:] if __name__ == "__main__" else []
_KILLS_OF_A_RUN = 3
_IN_WRITING = 0.75
KILLS, SEED = (int(given) for given in (GIVEN[:2] + ["12", "1"][len(GIVEN[:2]) :]))
CHANCE = random.Random(SEED)  # noqa: S311 - moments need no cryptography
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        "osce_commitments.flows.steps",
        "osce_commitments.report",
        "osce_commitments.query",
        "osce_commitments.cli",
        "osce_commitments.serve",
        "osce_commitments.serve",
    ]
)
TABLES = ("documents", "provisions", "rejects")
CONFIG = RunConfig(batch_size=1, model="rules")
_TEXT = "DECISION No. 9{n}/90 ON LAMPS\n\nThe Permanent Council,\n\nRecalling its lamps,\n\n{acts}\n"


def make_inbox(folder: Path, count: int = 8) -> Path:
    """Write short documents and a broken one."""
    folder.mkdir()
    for n in range(count):
        acts = "\n\n".join(f"{k}. Tasks Mission {n} to count {k} lamps by 30 June 2092;" for k in range(1, 6))
        (folder / f"{n}.txt").write_text(_TEXT.format(n=n, acts=acts), encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    return folder


def in_child(work: Callable[[], object]) -> None:
    """Do some work without a word."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    with contextlib.suppress(Exception):
        work()


def start(work: Callable[[], object]) -> BaseProcess:
    """Start some work in a process that has the modules already."""
    process = _PROCESSES.Process(target=in_child, args=(work,))
    process.start()
    return process


@dataclass
class Moments:
    """Draws the moments of kills of some work: a quarter over the whole time, the others while it writes.

    Most of the time goes into starting up, where a kill cannot harm.

    Attributes:
        folder: Where the work writes.
        usual, writing: Seconds that the work takes, and that it takes after its first change there.
    """

    folder: Path
    usual: float = 0.0
    writing: float = 0.0

    def measure(self, work: Callable[[], object]) -> None:
        """Take the times of undisturbed work."""
        begin, process, before = time.monotonic(), start(work), _files(self.folder)
        self._wait_for_change(process.is_alive, before)
        first = time.monotonic()
        process.join()
        end = time.monotonic()
        self.usual, self.writing = end - begin, end - first

    def wait(self, is_alive: Callable[[], bool], before: object) -> None:
        """Wait for a moment, or until the work ends."""
        seconds = CHANCE.uniform(0, self.usual)
        if CHANCE.random() < _IN_WRITING:
            self._wait_for_change(is_alive, before)
            seconds = CHANCE.uniform(0, self.writing)
        end = time.monotonic() + seconds
        while is_alive() and time.monotonic() < end:
            time.sleep(0.002)

    def _wait_for_change(self, is_alive: Callable[[], bool], before: object) -> None:
        while is_alive() and _files(self.folder) == before:
            time.sleep(0.002)


def _files(folder: Path) -> set[tuple[str, int]]:
    """Files with their inodes: one that is replaced is another one."""
    found = set()
    for parent, _, names in os.walk(folder):  # without an error for a folder that goes meanwhile
        # Every run changes the lock when it starts.
        for path in (Path(parent, name) for name in names if name != ".lock"):
            with contextlib.suppress(FileNotFoundError):
                found.add((str(path), path.stat().st_ino))
    return found


def finish(work: Callable[[], object]) -> None:
    """Do some work in another process."""
    start(work).join()


def kill(work: Callable[[], object], moments: Moments) -> bool:
    """Whether the work was killed before its end."""
    before = _files(moments.folder)
    process = start(work)
    moments.wait(process.is_alive, before)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def run(inbox: Path, data: Path) -> None:
    """Read a folder."""
    steps.ingest([str(inbox)], data, CONFIG)


def start_program(inbox: Path, data: Path, config: Path) -> subprocess.Popen[bytes]:
    """Start the program under Prefect."""
    command = [sys.executable, "-m", "osce_commitments", "run", str(inbox), "--data", str(data), "--no-vectors"]
    options = ["--engine", "prefect", "--config", str(config)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, *options], stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603


def run_program(inbox: Path, data: Path, config: Path) -> None:
    """Run the program under Prefect."""
    start_program(inbox, data, config).wait()


def run_often(inbox: Path, data: Path) -> None:
    """Read a folder six times, each time with a changed document."""
    for number in range(6):
        acts = f"1. Tasks Mission {number} to count lamps;"
        (inbox / "0.txt").write_text(_TEXT.format(n=number, acts=acts), encoding="utf-8")
        run(inbox, data)


def write_export(data: Path, version: int, out: Path) -> None:
    """Export a version as CSV."""
    export_version(Dataset(data), version, "csv", out)


def write_overview(data: Path, out: Path) -> None:
    """Write a report."""
    sys.argv = ["osce-commitments", "report", "overview", "--data", str(data), "-o", str(out)]
    with contextlib.suppress(SystemExit):
        program()


def strength(number: int) -> str:
    """The strength of the correction of this number."""
    return ("urging", "mandating")[number % 2]


def set_label(data: Path, provision: str, number: int) -> None:
    """Correct the strength of a provision."""
    sys.argv = ["osce-commitments", "labels", "set", provision, "--by", "Kill", "--strength", strength(number)]
    sys.argv += ["--data", str(data)]
    with contextlib.suppress(SystemExit):
        program()


def import_answers(data: Path, file: Path, name: str) -> None:
    """Read the answers of a file."""
    sys.argv = ["osce-commitments", "labels", "import", str(file), "--by", name, "--data", str(data)]
    with contextlib.suppress(SystemExit):
        program()


def answer_on_page(data: Path, provision: str, number: int) -> None:
    """Send the form of a provision to the page."""
    app = create_app(data, reviewer="Kill")
    with TestClient(app, base_url="http://localhost") as client:
        form = client.get(f"/review/{provision}").text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        client.post("/review", data=hidden | {"strength": strength(number)}, follow_redirects=False)


def build_index(data: Path) -> None:
    """Search, and so build the index."""
    osce_commitments.open(data).search("lamps")


def contents(data: Path) -> dict[str, object]:
    """The rows of the newest version."""
    return {name: Dataset(data).read(name).to_pylist() for name in TABLES}


def differs(data: Path, wanted: dict[str, object]) -> bool:
    """Whether a dataset does not have the rows that it should; says where."""
    found = contents(data)
    for name, rows in wanted.items():
        if found[name] != rows:
            print(f"{data}: {name} is {found[name]}, wanted {rows}"[:2_000], file=sys.stderr)
    return found != wanted


def is_whole(data: Path) -> bool:
    """Whether doctor finds nothing."""
    return all(one.is_ok for one in check_dataset(data))


def runs(root: Path, inbox: Path) -> Counter[str]:
    """Kill inline runs twice each, then let one end."""
    undisturbed = root / "undisturbed"
    moments = Moments(undisturbed)
    moments.measure(partial(run, inbox, undisturbed))
    wanted, found = contents(undisturbed), Counter[str]()
    for number in range(KILLS):
        data = root / f"run{number}"
        for _ in range(2):
            found["kills"] += kill(partial(run, inbox, data), replace(moments, folder=data))
            found["half versions"] += data.exists() and not is_whole(data)
        found["batches kept"] += (data / "_versions" / "unfinished.json").exists()
        finish(partial(run, inbox, data))
        found["wrong ends"] += differs(data, wanted)
        shutil.rmtree(data)
    return found


def prefect_runs(root: Path, inbox: Path, runner: str) -> Counter[str]:
    """Kill the program under Prefect with all its processes, then let one end."""
    root = root / runner
    root.mkdir()
    config = root / "run.yaml"
    config.write_text(f"batch_size: 1\nmodel: rules\nrunner: {runner}\n", encoding="utf-8")

    moments = Moments(root / "prefect")
    moments.measure(partial(run_program, inbox, root / "prefect", config))
    wanted, found = contents(root / "prefect"), Counter[str]()
    for number in range(max(1, KILLS // _KILLS_OF_A_RUN)):
        data = root / f"prefect{number}"
        for _ in range(_KILLS_OF_A_RUN):
            before, process = _files(data), start_program(inbox, data, config)
            replace(moments, folder=data).wait(lambda process=process: process.poll() is None, before)
            found["kills"] += process.poll() is None
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            found["half versions"] += data.exists() and not is_whole(data)
        found["batches kept"] += (data / "_versions" / "unfinished.json").exists()
        run_program(inbox, data, config)
        found["wrong ends"] += differs(data, wanted)
    return found


def exports(root: Path, data: Path) -> Counter[str]:
    """Kill exports that replace each other."""
    out, found = root / "exported", Counter[str]()
    moments = Moments(root)
    moments.measure(partial(write_export, data, 1, out))
    for number in range(KILLS):
        found["kills"] += kill(partial(write_export, data, number % 2 + 1, out), moments)
        found["half versions"] += not _is_export(out)
        found["leftovers"] += len(list(root.glob(".exported.*")))
    finish(partial(write_export, data, 2, out))
    found["wrong ends"] += not _is_export(out) or bool(list(root.glob(".exported.*")))
    return found


def _is_export(out: Path) -> bool:
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    return all(hashlib.sha256((out / name).read_bytes()).hexdigest() == one["sha256"] for name, one in files.items())


def reports(root: Path, data: Path) -> Counter[str]:
    """Kill reports that replace each other."""
    out, found = root / "overview.html", Counter[str]()
    write = partial(write_overview, data, out)
    moments = Moments(root)
    moments.measure(write)
    for _ in range(KILLS):
        found["kills"] += kill(write, moments)
        found["half versions"] += not out.read_text(encoding="utf-8").rstrip().endswith("</html>")
    finish(write)
    found["wrong ends"] += not out.read_text(encoding="utf-8").rstrip().endswith("</html>")
    found["leftovers"] += len(list(root.glob(".overview*")))
    return found


def indexes(data: Path) -> Counter[str]:
    """Kill builders of the search index."""
    found, wanted = Counter[str](), osce_commitments.open(data).search("lamps").total

    build = partial(build_index, data)

    def forget() -> None:
        shutil.rmtree(data / "_search", ignore_errors=True)

    forget()
    moments = Moments(data)
    moments.measure(build)
    for _ in range(KILLS):
        forget()
        found["kills"] += kill(build, moments)
        found["half versions"] += osce_commitments.open(data).search("lamps").total != wanted
    found["leftovers"] += len(list((data / "_search").glob(".*")))
    return found


def _added(data: Path, before: int) -> int:
    """How many corrections a dataset has more than before."""
    return Dataset(data).read("corrections").num_rows - before


def label_sets(data: Path) -> Counter[str]:
    """Kill commands that correct a label each; a correction is there as a whole or not at all."""
    found = Counter[str]()
    ids = Dataset(data).read("provisions", columns=["id"])["id"].to_pylist()
    moments = Moments(data)
    moments.measure(partial(set_label, data, ids[0], 0))
    for number in range(KILLS):
        before = Dataset(data).read("corrections").num_rows
        found["kills"] += kill(partial(set_label, data, ids[number % len(ids)], number), moments)
        found["half versions"] += not is_whole(data) or _added(data, before) not in {0, 1}
    finish(partial(set_label, data, ids[0], KILLS))
    rows = Dataset(data).read("provisions", columns=["id", "strength"]).to_pylist()
    found["wrong ends"] += {"id": ids[0], "strength": strength(KILLS)} not in rows
    return found


def imports(root: Path, data: Path) -> Counter[str]:
    """Kill imports of a file; all its answers are there or none."""
    found, file = Counter[str](), root / "answers.csv"
    ids = Dataset(data).read("provisions", columns=["id"])["id"].to_pylist()
    rows = "".join(f"{one},mandating,none\n" for one in ids)
    file.write_text(f"provision,strength,area_1\n{rows}", encoding="utf-8")
    # Provisions with the same words share an answer.
    count = len(set(Dataset(data).read("provisions", columns=["key"])["key"].to_pylist()))
    moments = Moments(data)
    moments.measure(partial(import_answers, data, file, "First"))
    for number in range(KILLS):
        before, name = Dataset(data).read("corrections").num_rows, f"Kill {number}"
        found["kills"] += kill(partial(import_answers, data, file, name), moments)
        found["half versions"] += not is_whole(data) or _added(data, before) not in {0, count}
        if number % _KILLS_OF_A_RUN == 0:
            finish(partial(import_answers, data, file, name))
            found["wrong ends"] += _added(data, before) != count
    return found


def page_answers(data: Path) -> Counter[str]:
    """Kill pages while they keep an answer, then answer again."""
    found = Counter[str]()
    ids = Dataset(data).read("provisions", columns=["id"])["id"].to_pylist()
    moments = Moments(data)
    moments.measure(partial(answer_on_page, data, ids[0], 0))
    for number in range(KILLS):
        before, provision = Dataset(data).read("corrections").num_rows, ids[number % len(ids)]
        answer = partial(answer_on_page, data, provision, number)
        found["kills"] += kill(answer, moments)
        found["half versions"] += not is_whole(data) or _added(data, before) not in {0, 1}
        if number % _KILLS_OF_A_RUN == 0:
            finish(answer)
            rows = Dataset(data).read("provisions", columns=["id", "strength"]).to_pylist()
            found["wrong ends"] += {"id": provision, "strength": strength(number)} not in rows
    return found


def readers_during_writers(root: Path, inbox: Path) -> Counter[str]:
    """Read without a pause while another process writes versions."""
    data, found = root / "read", Counter[str]()

    kept = (inbox / "0.txt").read_text(encoding="utf-8")
    writer = start(partial(run_often, inbox, data))
    while writer.is_alive():
        if data.exists() and Dataset(data).latest_version():
            found["reads"] += 1
            try:
                version = Dataset(data).latest_version()
                owners = Counter(Dataset(data).read("provisions", version)["document"].to_pylist())
                rows = Dataset(data).read("documents", version).to_pylist()
                found["half versions"] += any(owners[row["id"]] != row["provision_count"] for row in rows)
            except OsceCommitmentsError:
                found["wrong ends"] += 1
    (inbox / "0.txt").write_text(kept, encoding="utf-8")
    return found


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        os.environ["XDG_CACHE_HOME"], os.environ["XDG_STATE_HOME"] = f"{name}/cache", f"{name}/state"
        inbox, data = make_inbox(root / "inbox"), root / "data"
        for count in (4, 8):
            steps.ingest([str(inbox / f"{n}.txt") for n in range(count)], data, CONFIG)
        rows = {
            "run, inline": lambda: runs(root, inbox),
            "export": lambda: exports(root, data),
            "report": lambda: reports(root, data),
            "search index": lambda: indexes(data),
            "label set": lambda: label_sets(data),
            "reader during 6 runs": lambda: readers_during_writers(root, inbox),
            "labels import": lambda: imports(root, data),
            "answers on the page": lambda: page_answers(data),
            "run, Prefect, processes": lambda: prefect_runs(root, inbox, "process"),
            "run, Prefect, Dask": lambda: prefect_runs(root, inbox, "dask"),
        }
        print("| what | kills | reads | half versions | wrong ends | batches kept | leftovers |")
        print("|---|---|---|---|---|---|---|")
        for what, measure in rows.items():
            if what not in (GIVEN[2:] or rows):
                continue
            found = measure()
            columns = ("kills", "reads", "half versions", "wrong ends", "batches kept", "leftovers")
            print(f"| {what} | {' | '.join(str(found[one]) for one in columns)} |", flush=True)


if __name__ == "__main__":
    main()
