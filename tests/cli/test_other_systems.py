"""Windows lacks modules, functions and signals of POSIX; the program does without them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.corpora import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

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
