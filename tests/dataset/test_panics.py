"""What Delta's threads print on a full disk."""

from __future__ import annotations

import os
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset.panics import without_panics

if TYPE_CHECKING:
    from pathlib import Path

PANIC = """
thread 'tokio-rt-worker' (10887) panicked at /registry/object_store-0.13.2/src/buffered.rs:369:41:
Already shut down
"""
ENDS = (
    "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
    "stack backtrace:\n   0: one::two\n             at ./one.rs:3:4\nnote: Some details are omitted, run with `RUST_BACKTRACE=full`.\n",
)


@pytest.mark.parametrize("end", ENDS)
def test_panics_on_a_full_disk_are_not_printed_and_the_rest_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], end: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with without_panics(tmp_path):
        os.write(2, f"reading a.txt{PANIC}{end}reading b.txt\n".encode())
    os.write(2, b"end\n")
    assert capfd.readouterr().err == "reading a.txt\nreading b.txt\nend\n"


def test_errors_come_through_and_the_output_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(OSError, match="full"), without_panics(tmp_path):
        raise OSError("full")
    os.write(2, b"end\n")
    assert capfd.readouterr().err == "end\n"


def test_with_space_nothing_is_touched(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with without_panics(tmp_path):
        os.write(2, PANIC.encode())
        assert "panicked" in capfd.readouterr().err
