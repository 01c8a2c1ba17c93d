"""A run that is killed at any moment costs nothing: the next one finishes the work."""

from __future__ import annotations

import os
import random
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

KILLS = 5
COMMAND = [sys.executable, "-m", "osce_commitments", "run", "--engine", "inline"]


def _start(data: Path, config: Path, inbox: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, str(inbox), "--data", str(data), "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


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

    begin = time.monotonic()
    assert _start(undisturbed, config, inbox).wait() == 1
    whole = time.monotonic() - begin

    moments = random.Random(20121207)
    killed = 0
    for _ in range(KILLS):
        process = _start(disturbed, config, inbox)
        time.sleep(whole * moments.uniform(0.3, 0.9))
        if process.poll() is None:
            killed += 1
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if (disturbed / "_versions").exists():
            Dataset(disturbed).read("provisions")
    assert killed >= 1
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
    while not list((data / "_versions").glob("0*.json") if data.exists() else []) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "is whole at version" in err
    assert Dataset(data).latest_version() >= 1
