"""The command line, run in the process of the tests."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Answer:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


def run(monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes], *arguments: object) -> Answer:
    """Run the real entry point with these arguments."""
    from osce_commitments import cli

    monkeypatch.setattr(sys, "argv", ["osce-commitments", *map(str, arguments)])
    capture.readouterr()
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capture.readouterr()
    code = ended.value.code
    return Answer(code if isinstance(code, int) else 0, out.decode(), err.decode())
