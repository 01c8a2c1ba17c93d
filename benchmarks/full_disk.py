"""Fill a small disk under each command, then give it space and run the command again; print one table.

Usage: python benchmarks/full_disk.py [COMMAND ...]

The disk is a tmpfs, so only root can run this. Each command meets several amounts of free space, from nothing to enough, in a process
of its own. It must not end with a defect or a traceback, the dataset must be whole afterwards and have the rows of before or of
after, and with space the same command must give what it gives on a disk that never was full.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from small_dataset import CONFIG, TABLES, contents, is_whole, make_inbox

from osce_commitments.cli import main as program
from osce_commitments.dataset import Dataset
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.flows import steps

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["osce_commitments.flows.steps", "osce_commitments.report", "osce_commitments.query", "osce_commitments.cli"]
)
FREE = (0, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512)  # kilobytes
_UNCLEAR = ("defect", "Traceback", "panicked")
_ENOUGH = "remount,size=200m"


def commands(inbox: Path, answers: Path, disk: Path) -> dict[str, list[str]]:
    """The arguments of each command; all of them write to the disk."""
    data = ["--data", str(disk / "data")]
    return {
        "run": [
            "run",
            str(inbox),
            "--engine",
            "inline",
            "--config",
            str(inbox.parent / "run.yaml"),
            "--no-vectors",
            *data,
        ],
        "labels import": ["labels", "import", str(answers), "--by", "Ada", *data],
        "index": ["query", "lamps", *data],
        "export": ["export", "--out", str(disk / "exported"), "--format", "csv", *data],
        "export again": ["export", "--out", str(disk / "exported"), "--format", "parquet", *data],
        "report": ["report", "overview", "-o", str(disk / "overview.html"), *data],
        "report in Word": ["report", "overview", "-o", str(disk / "overview.docx"), *data],
        "query to a file": ["query", "lamps", "--format", "xlsx", "--out", str(disk / "rows.xlsx"), *data],
    }


def said(arguments: Sequence[str], output: Path) -> tuple[int, list[str]]:
    """Exit code and lines of the error output of a command."""
    process = _PROCESSES.Process(target=_in_child, args=(tuple(arguments), output))
    process.start()
    process.join()
    return process.exitcode or 0, output.read_text(encoding="utf-8", errors="replace").splitlines()


def _in_child(arguments: Sequence[str], output: Path) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.argv = ["osce-commitments", *arguments]
    program()


@contextlib.contextmanager
def mounted(disk: Path) -> Iterator[None]:
    """A tmpfs with space."""
    disk.mkdir()
    _mount(disk, "size=200m")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S603, S607 - a tool of the system
        disk.rmdir()


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)  # noqa: S603, S607


def _shrink(disk: Path, kilobytes: int) -> None:
    used = shutil.disk_usage(disk).used // 1024
    # A size of 0 means no limit; a page is 4 kB.
    _mount(disk, f"remount,size={max(4, used + kilobytes)}k")


def state(disk: Path) -> dict[str, Any]:
    """What a person finds on the disk: rows of the dataset, files of the export and reports, without times."""
    found: dict[str, Any] = {}
    with contextlib.suppress(OsceCommitmentsError):
        found["rows"] = contents(disk / "data")
        found["answers"] = Dataset(disk / "data").read("corrections").num_rows
    manifest = disk / "exported" / "manifest.json"
    if manifest.exists():
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        found["export"] = {name: (disk / "exported" / name).stat().st_size for name in files}
    found["written"] = {
        one.name: one.stat().st_size // 100 for one in disk.iterdir() if one.is_file() and not one.name.startswith(".")
    }
    return found


def _undisturbed(
    prepare: Callable[[Path], None], arguments: Sequence[str], disk: Path, output: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    with mounted(disk):
        prepare(disk)
        before = state(disk)
        said(arguments, output)
        return before, state(disk)


def measure(name: str, root: Path, base: Path, inbox: Path, answers: Path) -> Counter[str]:
    """Run a command at each amount of free space."""
    disk, output, found = root / "disk", root / "said.txt", Counter[str]()
    arguments = commands(inbox, answers, disk)[name]

    def prepare(disk: Path) -> None:
        shutil.copytree(base, disk / "data")
        if name == "export again":
            said(commands(inbox, answers, disk)["export"], output)
        if name != "index":
            said(["query", "lamps", "--data", str(disk / "data")], output)

    before, after = _undisturbed(prepare, arguments, disk, output)
    for kilobytes in FREE:
        with mounted(disk):
            prepare(disk)
            _shrink(disk, kilobytes)
            code, lines = said(arguments, output)
            is_error = code > 1  # 1: a document was rejected
            errors = [line for line in lines if line.lower().startswith("error")]
            found["tries"] += 1
            found["refused"] += is_error
            found["unclear"] += is_error and (len(errors) != 1 or any(word in "".join(lines) for word in _UNCLEAR))
            _show_unclear(name, kilobytes, code, lines, found)
            _mount(disk, _ENOUGH)
            now = state(disk)
            is_right = now in (before, after) or (is_error and _is_between(before, now, after))
            found["lost or half"] += not is_right or not is_whole(disk / "data")
            code, lines = said(arguments, output)
            found["wrong afterwards"] += code > 1 or state(disk) != after
            found["leftovers"] += len([one for one in disk.rglob(".*") if one.name != ".lock" and one.is_file()])
    return found


def _is_between(before: dict[str, Any], now: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether no row is lost and none is wrong: a run that ends early keeps its finished batches."""
    rows = [[one.get("rows", {}).get(name, []) for one in (before, now, after)] for name in TABLES]
    return all(one in here for was, here, _ in rows for one in was) and all(
        one in then for _, here, then in rows for one in here
    )


def _show_unclear(name: str, kilobytes: int, code: int, lines: Sequence[str], found: Counter[str]) -> None:
    if os.environ.get("SHOW") or found["unclear"] > found["shown"]:
        found["shown"] = found["unclear"]
        print(f"  {name}, {kilobytes} kB free: {code} {lines}", file=sys.stderr)


def main() -> None:
    """Print the table."""
    names = list(commands(Path(), Path(), Path()))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="*", help=f"some of: {', '.join(names)}")
    chosen = parser.parse_args().command or names
    if unknown := ", ".join(one for one in chosen if one not in names):
        parser.error(f"no such command: {unknown}; there are: {', '.join(names)}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        os.environ["XDG_CACHE_HOME"] = str(root / "disk" / "cache")
        os.environ["XDG_STATE_HOME"] = str(root / "state")
        inbox, base = make_inbox(root / "inbox"), root / "base"
        (root / "run.yaml").write_text("batch_size: 1\nmodel: rules\n", encoding="utf-8")
        steps.ingest([str(inbox / f"{n}.txt") for n in range(4)], base, CONFIG)
        ids = Dataset(base).read("provisions", columns=["id"])["id"].to_pylist()
        answers = root / "answers.csv"
        rows = "".join(f"{one},mandating,none\n" for one in ids)
        answers.write_text(f"provision,strength,area_1\n{rows}", encoding="utf-8")
        columns = ("tries", "refused", "unclear", "lost or half", "wrong afterwards", "leftovers")
        print(f"| command | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
        for name in chosen:
            found = measure(name, root, base, inbox, answers)
            print(f"| {name} | {' | '.join(str(found[one]) for one in columns)} |", flush=True)


if __name__ == "__main__":
    main()
