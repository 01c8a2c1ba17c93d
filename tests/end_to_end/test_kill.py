"""A run that is killed at any moment costs nothing: the next one finishes the work."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset

if TYPE_CHECKING:
    from pathlib import Path

# A run is killed when a file of this kind appears: while tables are written, when a version is complete, while the next run
# repairs what the kill left.
MOMENTS = (
    "*",
    "provisions/**/*.parquet",
    "documents/**/*.parquet",
    "_versions/unfinished.json",
    "documents/_delta_log/*.json",
    "provisions/_delta_log/*.json",
)
COMMAND = [sys.executable, "-m", "osce_commitments", "run", "--engine", "inline"]


def _start(data: Path, config: Path, inbox: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, str(inbox), "--data", str(data), "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_for_new(data: Path, pattern: str, process: subprocess.Popen[bytes]) -> None:
    before = _files(data, pattern)
    while not _files(data, pattern) - before:
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.005)


def _files(data: Path, pattern: str) -> set[tuple[Path, int]]:
    """Files with their inodes: a file that is replaced is a new one."""
    while True:
        # The run may remove a file or folder during the look: then look again.
        with contextlib.suppress(FileNotFoundError):
            return {(path, path.stat().st_ino) for path in data.glob(pattern)}


def _contents(data: Path) -> dict[str, list[dict[str, object]]]:
    dataset = Dataset(data)
    return {name: dataset.read(name).to_pylist() for name in ("documents", "provisions", "rejects")}


@pytest.mark.slow
def test_killed_runs_leave_the_last_version_and_the_next_run_finishes(tmp_path: Path, samples: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(samples, inbox)
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    config = tmp_path / "run.yaml"
    config.write_text("batch_size: 1\n", encoding="utf-8")
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"

    assert _start(undisturbed, config, inbox).wait() == 1
    for pattern in MOMENTS:
        process = _start(disturbed, config, inbox)
        _wait_for_new(disturbed, pattern, process)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        if Dataset(disturbed).versions():
            Dataset(disturbed).read("provisions")
    assert _start(disturbed, config, inbox).wait() == 1
    assert _contents(disturbed) == _contents(undisturbed)


@pytest.mark.slow
def test_interrupt_says_what_stands(tmp_path: Path, samples: Path) -> None:
    config = tmp_path / "run.yaml"
    config.write_text("batch_size: 1\n", encoding="utf-8")
    data = tmp_path / "data"
    process = subprocess.Popen(
        [*COMMAND, str(samples), "--data", str(data), "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (data / "_versions" / "unfinished.json").exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "has no version yet; the same command continues after the last finished batch" in err
    with Dataset(data).writer("next") as writer:
        assert writer.version == 1
