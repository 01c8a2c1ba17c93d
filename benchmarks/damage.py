"""Damage a dataset in many ways, and print what the commands say and what the next run makes of it.

Usage: python benchmarks/damage.py [CASE ...], such as "runs gone"

Each case begins with the same dataset of two versions. ``doctor`` must find the damage; a query may answer or refuse in one
line; after ``doctor --repair``, or after the next run, the rows of the last whole version must be there.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from osce_commitments.cli import main as program
from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.flows import steps

CONFIG = RunConfig(model="rules")
_TEXT = (
    "DECISION No. 9{n}/90 ON LAMPS\n\nThe Permanent Council,\n\n1. Tasks Mission {n} to count lamps by 30 June 2092;\n"
)


def command(*arguments: object) -> tuple[int, str]:
    """Exit code of a command, and its line about damage or the last one."""
    sys.argv, out = ["osce-commitments", *map(str, arguments)], io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            program()
        except SystemExit as ended:
            code = ended.code
    out.flush()
    lines = out.buffer.getvalue().decode().strip().splitlines()
    bad = [line for line in lines if line.startswith("BAD")]
    return int(str(code or 0)), " ".join((bad or lines or [""])[-1].split())


def newest(data: Path, table: str) -> Path:
    """The newest file of a table."""
    return max((data / table).rglob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)


def log(data: Path, table: str) -> Path:
    """The newest entry of a table's log."""
    return max((data / table / "_delta_log").glob("*.json"))


def manifest(data: Path, number: int) -> Path:
    """The manifest of a version."""
    return data / "_versions" / f"{number:06d}.json"


def count_wrong(data: Path) -> None:
    """Let the newest manifest count a row more."""
    one = json.loads(manifest(data, 2).read_text(encoding="utf-8"))
    one["counts"] = {name: count + 1 for name, count in one["counts"].items()}
    manifest(data, 2).write_text(json.dumps(one), encoding="utf-8")


def halve(path: Path) -> None:
    """Cut a file in half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    """Fill a file with zeros."""
    path.write_bytes(bytes(path.stat().st_size))


def index(data: Path) -> Path:
    """The newest search index."""
    return max((data / "_search").glob("*.sqlite3"), key=lambda path: path.stat().st_mtime_ns)


CASES: Mapping[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "provisions, file halved": lambda data: halve(newest(data, "provisions")),
    "provisions, file of zeros": lambda data: zero(newest(data, "provisions")),
    "documents, file gone": lambda data: newest(data, "documents").unlink(),
    "documents, log entry empty": lambda data: log(data, "documents").write_bytes(b""),
    "provisions, log entry gone": lambda data: log(data, "provisions").unlink(),
    "provisions, folder gone": lambda data: shutil.rmtree(data / "provisions"),
    "runs gone": lambda data: shutil.rmtree(data / "runs"),
    "runs, log entry of zeros": lambda data: zero(log(data, "runs")),
    "old manifest empty": lambda data: manifest(data, 1).write_bytes(b""),
    "newest manifest is {}": lambda data: manifest(data, 2).write_text("{}"),
    "newest manifest halved": lambda data: halve(manifest(data, 2)),
    "newest manifest counts wrong": count_wrong,
    "all manifests gone": lambda data: [path.unlink() for path in (data / "_versions").glob("*.json")],
    "folder of versions gone": lambda data: shutil.rmtree(data / "_versions"),
    "search index halved": lambda data: halve(index(data)),
    "search index of zeros": lambda data: zero(index(data)),
    "list of seen files garbled": lambda data: (data / "_seen.json").write_text("{'no"),
}


def make(root: Path) -> tuple[Path, Path]:
    """A folder of documents and a dataset of two versions with an index."""
    inbox, data = root / "inbox", root / "data"
    inbox.mkdir()
    for number in range(4):
        (inbox / f"{number}.txt").write_text(_TEXT.format(n=number), encoding="utf-8")
        if number % 2:
            steps.ingest([str(inbox)], data, CONFIG)
    command("query", "lamps", "--data", data)
    return inbox, data


def tried(root: Path, inbox: Path, whole: Path, name: str) -> str:
    """A row: what doctor, a query, the next run and a repair do."""
    data = root / "tried"
    cells = []
    for repair in (False, True):
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(whole, data)
        CASES[name](data)
        if not repair:
            cells += [_cell(*command("doctor", "--data", data)), _cell(*command("query", "lamps", "--data", data))]
            code, _ = command("run", inbox, "--data", data, "--model", "rules", "--engine", "inline", "--no-vectors")
        else:
            code, _ = command("doctor", "--repair", "--data", data)
        cells.append(f"{code}, {_rows(data)}")
    return f"| {name} | {' | '.join(cells)} |"


def _cell(code: int, line: str) -> str:
    return f"{code}" if not code else f"{code}: {line[:160].replace('|', '/')}"


def _rows(data: Path) -> str:
    try:
        return f"{Dataset(data).read('documents').num_rows} documents"
    except Exception as error:  # noqa: BLE001 - any is worth a cell
        return type(error).__name__


def read_only(root: Path, inbox: Path, whole: Path) -> None:
    """Print what commands do with a dataset on a file system that cannot be written, if this user may mount one."""
    place = root / "read-only"
    place.mkdir()
    for options in (["--bind", str(whole)], ["-o", "remount,ro,bind"]):
        if subprocess.run(["mount", *options, str(place)], check=False, capture_output=True).returncode:  # noqa: S603, S607
            print("read-only file system: this user may not mount one")
            return
    try:
        asked = {
            "query": ("query", "lamps"), "sql": ("sql", "SELECT count(*) FROM provisions"), "doctor": ("doctor",),
            "report": ("report", "overview", "-o", root / "overview.html"), "run": ("run", inbox), "labels status": ("labels", "status"),
            "export": ("export", "--out", root / "exported"),
        }  # fmt: skip
        for what, arguments in asked.items():
            code, line = command(*arguments, "--data", place)
            print(f"read-only, {what}: {code}{f': {line}' if code else ''}".replace(str(place), "DATA"))
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607 - a tool of the system


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="*", help=f"some of: {'; '.join(CASES)}")
    chosen = parser.parse_args().case or CASES
    if unknown := ", ".join(one for one in chosen if one not in CASES):
        parser.error(f"no such case: {unknown}; there are: {'; '.join(CASES)}")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        os.environ["XDG_CACHE_HOME"], os.environ["XDG_STATE_HOME"] = f"{name}/cache", f"{name}/state"
        inbox, whole = make(root)
        print("| damage | doctor | query | next run: exit code, then | doctor --repair: exit code, then |")
        print("|---|---|---|---|---|")
        for case in chosen:
            print(tried(root, inbox, whole, case).replace(str(root / "tried"), "DATA"), flush=True)
        read_only(root, inbox, whole)


if __name__ == "__main__":
    main()
