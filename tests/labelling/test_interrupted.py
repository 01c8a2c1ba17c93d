"""Imports that are killed, and imports at once: nothing lost, nothing half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset
from osce_commitments.labelling.formats import write_file
from osce_commitments.labelling.items import load_items

if TYPE_CHECKING:
    from osce_commitments.schema import Row

# The import is killed when it makes a call of this kind for the n-th time: before, between and after the two tables.
MOMENTS = [(name, count) for name in ("commit_rows", "merge_small_files") for count in (1, 2)]
MOMENTS += [("new_files", count) for count in (1, 2)]
MOMENTS += [("save_unfinished", 1), ("publish_manifest", 1), ("forget_unfinished", 1)]
KILLED = """
import os, signal, sys
from osce_commitments.dataset import delta, versions
name, count, when = sys.argv[1], int(sys.argv[2]), sys.argv[3]
home = delta if hasattr(delta, name) else versions
original, seen = getattr(home, name), []
def wrapped(*arguments, **named):
    seen.append(name)
    if when == "before" and len(seen) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    found = original(*arguments, **named)
    if when == "after" and len(seen) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
setattr(home, name, wrapped)
from osce_commitments import cli
sys.argv = ["osce-commitments", "labels", "import", *sys.argv[4:]]
cli.main()
"""


def filled(data: Path, path: Path, strength: str) -> Path:
    """A file in which every provision has this strength."""
    write_file(load_items(Dataset(data)), path, "")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    at = lines[0].split(",").index("strength") - len(lines[0].split(","))
    rows = [line.rsplit(",", -at) for line in lines[1:]]
    path.write_text("\n".join([lines[0], *(",".join([row[0], strength, *row[2:]]) for row in rows)]))
    return path


def answers(data: Path) -> dict[tuple[str, str], str]:
    rows: list[Row] = Dataset(data).read("corrections").to_pylist()
    return {(row["made_by"], row["text"]): row["strength"] for row in rows}


def start(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "osce_commitments", "labels", "import", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("name", "count"), MOMENTS, ids=str)
def test_an_import_killed_at_any_moment_is_whole_or_not_there(
    data: Path, tmp_path: Path, name: str, count: int, when: str
) -> None:
    file = filled(data, tmp_path / "x.csv", "none")
    total = len(load_items(Dataset(data)))
    script = [sys.executable, "-c", KILLED, name, str(count), when, str(file), "--by", "Ada", "--data", str(data)]
    done = subprocess.run(script, capture_output=True, check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(answers(data)) in {0, total}
    assert sum(bool(row["corrected"]) for row in Dataset(data).read("provisions").to_pylist()) == len(answers(data))
    again = start(file, "--by", "Ada", "--data", data)
    _, errors = again.communicate()
    assert again.returncode == 0, errors
    assert len(answers(data)) == total
    rows = Dataset(data).read("corrections").to_pylist()
    assert [row["number"] for row in rows] == list(range(1, total + 1))
    assert all(row["corrected"] == ["strength"] for row in Dataset(data).read("provisions").to_pylist())


@pytest.mark.slow
def test_two_imports_at_once_lose_nothing(data: Path, tmp_path: Path) -> None:
    files = {
        name: filled(data, tmp_path / f"{name}.csv", level) for name, level in (("Ada", "none"), ("Ben", "urging"))
    }
    running = [start(file, "--by", name, "--data", data) for name, file in files.items()]
    assert [(one.communicate(), one.returncode)[1] for one in running] == [0, 0]
    total = len(load_items(Dataset(data)))
    assert len(answers(data)) == 2 * total
    rows = Dataset(data).read("corrections").to_pylist()
    assert [row["number"] for row in rows] == list(range(1, 2 * total + 1))
    assert all(row["needs_review"] for row in Dataset(data).read("provisions").to_pylist())
