"""A Ctrl-C while the program starts."""

from __future__ import annotations

import subprocess
import sys

import pytest

# An import hook stands for the signal, so that the test does not depend on when one arrives.
PROGRAM = """
import sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
sys.argv = ["osce-commitments", "query", "arms"]
from osce_commitments.__main__ import run_program
run_program()
"""


@pytest.mark.parametrize("module", ["typer", "osce_commitments.cli.query", "osce_commitments.query.reader"])
def test_an_interrupt_during_imports_ends_without_a_traceback(module: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (130, False)
    assert len(ended.stderr.splitlines()) <= 1
