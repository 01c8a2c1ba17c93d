"""Kill writers at random moments and check what readers and the next run find; print one table.

Usage: python benchmarks/kills.py [KILLS [SEED [ROW]]], such as 12 1 "run, inline"

Documents are short and authored here. Each kill is a SIGKILL at a change on the disk, drawn over all that the undisturbed work
makes, or up to 50 ms after it. With the Prefect engine the whole program is started, and its process group killed.
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
from collections import Counter
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from fastapi.testclient import TestClient
from killing import arm, finish, kill, start
from small_dataset import CONFIG, TEXT, contents, is_whole, make_inbox

import osce_commitments
from osce_commitments.cli import main as program
from osce_commitments.dataset import Dataset, export_version
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.flows import steps
from osce_commitments.serve import create_app

GIVEN = sys.argv[1:] if __name__ == "__main__" and sys.argv[1:2] != ["--program"] else []
if not all(given.isdigit() for given in GIVEN[:2]):
    sys.exit(__doc__)
_KILLS_OF_A_RUN = 3
_LATER = 0.05  # seconds
KILLS, SEED = (int(given) for given in (GIVEN[:2] + ["12", "1"][len(GIVEN[:2]) :]))
CHANCE = random.Random(SEED)  # noqa: S311 - moments need no cryptography


def moment(changes: int) -> tuple[int, float]:
    """Which change to end at, and how many seconds after it: at once in half of all cases."""
    return CHANCE.randint(1, max(1, changes)), CHANCE.choice((0, CHANCE.uniform(0, _LATER)))


def run(inbox: Path, data: Path) -> None:
    """Read a folder."""
    steps.ingest([str(inbox)], data, CONFIG)


def run_program(inbox: Path, data: Path, config: Path, at: int = 0, seconds: float = 0) -> tuple[bool, int]:
    """Run the program under Prefect and perhaps kill it with all its processes: whether it was killed, and its changes."""
    count = data.with_suffix(".count")
    command = [sys.executable, __file__, "--program", str(data), str(count), str(at), str(seconds)]
    command += ["run", str(inbox), "--data", str(data), "--no-vectors", "--engine", "prefect", "--config", str(config)]
    quiet = subprocess.DEVNULL
    done = subprocess.run(command, stdout=quiet, stderr=quiet, start_new_session=True, check=False)  # noqa: S603
    return done.returncode == -signal.SIGKILL, int(count.read_text()) if count.exists() else 0


def program_that_ends(data: str, count: str, at: str, seconds: str, *arguments: str) -> None:
    """The program with a count of its changes in a file; it ends with its process group."""
    changes = SimpleNamespace(value=0)
    arm(data, changes, int(at), float(seconds), lambda: os.killpg(os.getpgid(0), signal.SIGKILL))
    sys.argv = ["osce-commitments", *arguments]
    try:
        program()
    finally:
        Path(count).write_text(str(changes.value), encoding="utf-8")


def run_often(inbox: Path, data: Path) -> None:
    """Read a folder six times, each time with a changed document."""
    for number in range(6):
        acts = f"1. Tasks Mission {number} to count lamps;"
        (inbox / "0.txt").write_text(TEXT.format(n=number, acts=acts), encoding="utf-8")
        run(inbox, data)


def write_export(data: Path, version: int, out: Path) -> None:
    """Export a version as CSV."""
    export_version(Dataset(data), version, "csv", out)


def command(data: Path, *words: str) -> None:
    """Run a command on a dataset in this process."""
    sys.argv = ["osce-commitments", *words, "--data", str(data)]
    with contextlib.suppress(SystemExit):
        program()


def write_overview(data: Path, out: Path) -> None:
    """Write a report."""
    command(data, "report", "overview", "-o", str(out))


def strength(number: int) -> str:
    """The strength of the correction of this number."""
    return ("urging", "mandating")[number % 2]


def set_label(data: Path, provision: str, number: int) -> None:
    """Correct the strength of a provision."""
    command(data, "labels", "set", provision, "--by", "Kill", "--strength", strength(number))


def import_answers(data: Path, file: Path, name: str) -> None:
    """Read the answers of a file."""
    command(data, "labels", "import", str(file), "--by", name)


def answer_on_page(data: Path, provision: str, number: int) -> None:
    """Send the form of a provision to the page."""
    app = create_app(data, reviewer="Kill")
    with TestClient(app, base_url="http://localhost") as client:
        form = client.get(f"/review/{provision}").text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        client.post("/review", data=hidden | {"strength": strength(number)}, follow_redirects=False)


def search(data: Path) -> int:
    """Search, and so build the index; returns the number of hits."""
    return osce_commitments.open(data).search("lamps").total


def differs(data: Path, wanted: dict[str, object]) -> bool:
    """Whether a dataset does not have the rows that it should; says where."""
    found = contents(data)
    for name, rows in wanted.items():
        if found[name] != rows:
            print(f"{data}: {name} is {found[name]}, wanted {rows}"[:2_000], file=sys.stderr)
    return found != wanted


def runs(root: Path, inbox: Path) -> Counter[str]:
    """Kill inline runs twice each, then let one end."""
    undisturbed = root / "undisturbed"
    changes = finish(partial(run, inbox, undisturbed), undisturbed)
    wanted, found = contents(undisturbed), Counter[str]()
    for number in range(KILLS):
        data = root / f"run{number}"
        for _ in range(2):
            found["kills"] += kill(partial(run, inbox, data), data, *moment(changes))
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
    _, changes = run_program(inbox, root / "prefect", config)
    wanted, found = contents(root / "prefect"), Counter[str]()
    for number in range(max(1, KILLS // _KILLS_OF_A_RUN)):
        data = root / f"prefect{number}"
        for _ in range(_KILLS_OF_A_RUN):
            found["kills"] += run_program(inbox, data, config, *moment(changes))[0]
            found["half versions"] += data.exists() and not is_whole(data)
        found["batches kept"] += (data / "_versions" / "unfinished.json").exists()
        run_program(inbox, data, config)
        found["wrong ends"] += differs(data, wanted)
    return found


def exports(root: Path, data: Path) -> Counter[str]:
    """Kill exports that replace each other."""
    out, found = root / "exported", Counter[str]()
    changes = finish(partial(write_export, data, 1, out), root)
    for number in range(KILLS):
        found["kills"] += kill(partial(write_export, data, number % 2 + 1, out), root, *moment(changes))
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
    out, found = root / "paper" / "overview.html", Counter[str]()
    out.parent.mkdir()
    write = partial(write_overview, data, out)
    changes = finish(write, out.parent)
    for _ in range(KILLS):
        found["kills"] += kill(write, out.parent, *moment(changes))
        found["half versions"] += not out.read_text(encoding="utf-8").rstrip().endswith("</html>")
    finish(write)
    found["wrong ends"] += not out.read_text(encoding="utf-8").rstrip().endswith("</html>")
    found["leftovers"] += len(list(out.parent.glob(".overview*")))
    return found


def indexes(data: Path) -> Counter[str]:
    """Kill builders of the search index."""
    found, wanted = Counter[str](), search(data)
    build = partial(search, data)

    shutil.rmtree(data / "_search", ignore_errors=True)
    changes = finish(build, data)
    for _ in range(KILLS):
        shutil.rmtree(data / "_search", ignore_errors=True)
        found["kills"] += kill(build, data, *moment(changes))
        found["half versions"] += search(data) != wanted
    found["leftovers"] += len(list((data / "_search").glob(".*")))
    return found


def provision_ids(data: Path) -> list[str]:
    """The ids of the provisions."""
    return list(Dataset(data).read("provisions", columns=["id"])["id"].to_pylist())


def is_corrected(data: Path, provision: str, number: int) -> bool:
    """Whether a provision has the strength of the correction of this number."""
    rows = Dataset(data).read("provisions", columns=["id", "strength"]).to_pylist()
    return {"id": provision, "strength": strength(number)} in rows


def _added(data: Path, before: int) -> int:
    """How many corrections a dataset has more than before."""
    return Dataset(data).read("corrections").num_rows - before


def label_sets(data: Path) -> Counter[str]:
    """Kill commands that correct a label each; a correction is there as a whole or not at all."""
    found = Counter[str]()
    ids = provision_ids(data)
    changes = finish(partial(set_label, data, ids[0], 0), data)
    for number in range(KILLS):
        before = Dataset(data).read("corrections").num_rows
        found["kills"] += kill(partial(set_label, data, ids[number % len(ids)], number), data, *moment(changes))
        found["half versions"] += not is_whole(data) or _added(data, before) not in {0, 1}
    finish(partial(set_label, data, ids[0], KILLS))
    found["wrong ends"] += not is_corrected(data, ids[0], KILLS)
    return found


def imports(root: Path, data: Path) -> Counter[str]:
    """Kill imports of a file; all its answers are there or none."""
    found, file = Counter[str](), root / "answers.csv"
    ids = provision_ids(data)
    rows = "".join(f"{one},mandating,none\n" for one in ids)
    file.write_text(f"provision,strength,area_1\n{rows}", encoding="utf-8")
    # Provisions with the same words share an answer.
    count = len(set(Dataset(data).read("provisions", columns=["key"])["key"].to_pylist()))
    changes = finish(partial(import_answers, data, file, "First"), data)
    for number in range(KILLS):
        before, name = Dataset(data).read("corrections").num_rows, f"Kill {number}"
        found["kills"] += kill(partial(import_answers, data, file, name), data, *moment(changes))
        found["half versions"] += not is_whole(data) or _added(data, before) not in {0, count}
        if number % _KILLS_OF_A_RUN == 0:
            finish(partial(import_answers, data, file, name))
            found["wrong ends"] += _added(data, before) != count
    return found


def take_in(data: Path) -> None:
    """Let a session take in the answers that wait, as the next command that writes does."""
    with Dataset(data).writer("kills"):
        pass


def page_answers(data: Path) -> Counter[str]:
    """Kill pages while they keep an answer, then answer again."""
    found = Counter[str]()
    ids = provision_ids(data)
    changes = finish(partial(answer_on_page, data, ids[0], 0), data)
    for number in range(KILLS):
        before, provision = Dataset(data).read("corrections").num_rows, ids[number % len(ids)]
        answer = partial(answer_on_page, data, provision, number)
        found["kills"] += kill(answer, data, *moment(changes))
        take_in(data)
        found["half versions"] += not is_whole(data) or _added(data, before) not in {0, 1}
        if number % _KILLS_OF_A_RUN == 0:
            finish(answer)
            take_in(data)
            found["wrong ends"] += not is_corrected(data, provision, number)
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
            "run, Prefect, threads": lambda: prefect_runs(root, inbox, "thread"),
            "run, Prefect, Dask": lambda: prefect_runs(root, inbox, "dask"),
        }
        chosen = GIVEN[2:] or list(rows)
        if unknown := ", ".join(one for one in chosen if one not in rows):
            sys.exit(f"no such row: {unknown}; there are: {'; '.join(rows)}")
        print("| what | kills | reads | half versions | wrong ends | batches kept | leftovers |")
        print("|---|---|---|---|---|---|---|")
        for what in chosen:
            found = rows[what]()
            columns = ("kills", "reads", "half versions", "wrong ends", "batches kept", "leftovers")
            print(f"| {what} | {' | '.join(str(found[one]) for one in columns)} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--program"]:
        program_that_ends(*sys.argv[2:])
    else:
        main()
