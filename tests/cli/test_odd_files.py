"""Pipes, sockets and devices where files are expected: no command waits for them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset
from tests.support.corpora import ROOT
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
# Patterns of files of a dataset; the last match is replaced.
PLACES = (
    "_versions/*.json",
    "provisions/_delta_log/*.json",
    "provisions/year=*/*.parquet",
    "runs/_delta_log/*.json",
    "_search/*.sqlite3",
    "_search/*/vectors.npy",
    "_search/*/texts.npy",
    "watches.json",
    "_lineage/x.npz",
    "_answers/x.json",
    ".lock",
)
# In this order: repair may remove what is odd.
COMMANDS = (
    ("query", "report"),
    ("query", "report", "--by", "meaning"),
    ("sql", "SELECT count(length(text)) FROM provisions, runs"),
    ("versions",),
    ("show", "p"),
    ("report", "overview", "--out", "{beside}.html"),
    ("labels", "status"),
    ("watch", "list"),
    ("export", "--out", "{beside}.out"),
    ("doctor",),
    ("run", "{beside}.txt", "--engine", "inline", "--model", "rules", "--no-vectors"),
    ("doctor", "--repair"),
)
WRONG_INPUT, DEFECT = 2, 3


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, pytest.MonkeyPatch.context() as patch:
        patch.chdir(path.parent)  # a path of a socket may have some hundred bytes
        server.bind(path.name)


def put_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def answers_of(commands: list[list[str]]) -> list[tuple[list[str], int, str]]:
    """Run commands in another process, which has ten minutes for all of them: only a command that waits needs them."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.support.commands"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        input="\n".join(map(json.dumps, commands)),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    return [tuple(json.loads(line)) for line in process.stdout.splitlines()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with its caches."""
    path = tmp_path_factory.mktemp("whole") / "data"
    for number in range(2):
        with Dataset(path).writer(f"run{number}", pipeline="p") as writer:
            writer.commit(batch(document(f"{number}.pdf")))
    done = answers_of([["query", "report", "--by", "meaning", "--data", str(path)]])
    assert [code for _, code, _ in done] == [0]
    return path


# A pipe is the worst: it waits. The others are looked for in one way, so a few places show it.
@pytest.mark.slow
@pytest.mark.parametrize(("put", "places"), [(put_pipe, PLACES), (put_socket, PLACES[2:3]), (put_device, PLACES[2:3])])
def test_no_command_waits_for_an_odd_file_in_a_dataset(
    whole: Path, tmp_path: Path, put: Callable[[Path], None], places: tuple[str, ...]
) -> None:
    commands = []
    for number, place in enumerate(places):
        data = tmp_path / str(number)
        shutil.copytree(whole, data)
        data.with_suffix(".txt").write_text("DECISION No. 1\n\nThe States decide to report by 2030.\n")
        path = max(data.glob(place), default=data / place)
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        put(path)
        commands += [
            [*(part.replace("{beside}", str(data)) for part in command), "--data", str(data)] for command in COMMANDS
        ]
    answers = answers_of(commands)
    assert [command for command, _, _ in answers] == commands
    assert not [
        answer for answer in answers if answer[1] >= DEFECT or "defect" in answer[2] or "Traceback" in answer[2]
    ]


# Each opens the pipe, or a folder with it.
NAMED = (
    ("run", "{data}/document.txt", "--data", "{data}/new", "--config", "{odd}"),
    ("run", "{data}/document.txt", "--data", "{data}/new", "--metadata", "{odd}"),
    ("run", "{data}/document.txt", "--data", "{odd}"),
    ("run", "{data}/document.txt", "--data", "{data}/new", "--model", "{odd}"),
    ("labels", "import", "{odd}", "--format", "csv", "--by", "Ann", "--data", "{data}"),
    ("labels", "import", "{odd}", "--format", "xlsx", "--by", "Ann", "--data", "{data}"),
    ("evaluate", "--data", "{odd}", "--out", "{data}/figures", "--model", "rules"),
    ("gate", "{odd}", "--name", "a"),
    ("classify", "text", "--model", "{odd}"),
    ("serve", "--data", "{odd}"),
    ("report", "overview", "--cover", "template={odd}", "--out", "{data}/a.docx", "--data", "{data}"),
)


@pytest.mark.slow
def test_a_pipe_that_a_user_names_is_refused_in_one_line(whole: Path) -> None:
    odd = whole.parent / "pipe"
    os.mkfifo(odd)
    (whole / "document.txt").write_text("DECISION No. 1\n\nThe States decide to report by 2030.\n")
    answers = answers_of([[part.format(data=whole, odd=odd) for part in command] for command in NAMED])
    assert len(answers) == len(NAMED)
    assert not [answer for answer in answers if answer[1] != WRONG_INPUT or str(odd) not in answer[2]]
