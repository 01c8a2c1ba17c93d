"""Windows lacks modules, functions and signals of POSIX; the program does without them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import osce_commitments
from tests.support.corpora import SAMPLES

# Taken away in a process of its own, before anything of the package is imported.
_WITHOUT = """
import os, signal, sys
sys.modules["fcntl"] = sys.modules["resource"] = None
import subprocess, multiprocessing.connection, asyncio, tempfile, platform
for name in ("getuid", "O_DIRECTORY"):
    delattr(os, name)
for name in ("SIGKILL", "SIGTRAP", "SIGXCPU"):
    delattr(signal, name)
from osce_commitments.cli import main
sys.argv = ["osce-commitments", *sys.argv[1:]]
main()
"""


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100", "OSCE_COMMITMENTS_DEBUG": "1"},
    )


def test_no_day_is_written_with_a_sign_that_windows_lacks() -> None:
    package = Path(osce_commitments.__file__).parent
    texts = [one for ending in ("py", "html") for one in package.rglob(f"*.{ending}")]
    assert [one.name for one in texts if re.search(r"strftime\([^)]*%-", one.read_text(encoding="utf-8"))] == []


def test_a_pipe_gets_utf_8_whatever_the_system_writes(sample_dataset: Path) -> None:
    command = [sys.executable, "-m", "osce_commitments", "show", "PC.DEC/9104, para. 7", "--data", str(sample_dataset)]
    done = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "■" in done.stdout.decode()


@pytest.mark.slow
def test_the_way_from_a_document_to_an_export_needs_no_posix(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    (tmp_path / "broken.docx").write_bytes(b"no document")
    done = run("run", SAMPLES / "mc-dec-92-13.docx", tmp_path / "broken.docx", "--data", data, "--engine", "inline")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    done = run("query", "--limit", "1", "--format", "jsonl", "--data", data)
    assert done.stdout.count("\n") == 1, done.stderr
    for _ in range(2):
        done = run("export", "--data", data, "--out", out, "--format", "csv")
        assert done.returncode == 0, done.stderr
    assert (out / "provisions.csv").exists()
