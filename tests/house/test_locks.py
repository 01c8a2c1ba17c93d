"""Every locked package has its hashes, except torch, whose builds differ by machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
LOCKS = sorted(path.name for path in REQUIREMENTS.glob("*.txt") if path.name != "torch.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name: str) -> None:
    pins = re.split(r"^(?=[a-zA-Z0-9])", (REQUIREMENTS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    pins = [pin for pin in pins if pin.strip() and not pin.startswith("#")]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin or "==" not in pin] == []


def test_make_asks_for_the_hashes() -> None:
    installs = [
        line for line in (REQUIREMENTS.parent / "Makefile").read_text("utf-8").splitlines() if "-r requirements" in line
    ]
    assert [line for line in installs if "--require-hashes" not in line and "torch.txt" not in line] == []
    assert len(installs) >= 5
