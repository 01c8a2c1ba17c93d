"""Modules of the package can be imported in any order."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("first", ["query.reader", "query.public", "query.store"])
def test_a_module_may_be_imported_first(first: str) -> None:
    subprocess.run([sys.executable, "-c", f"import osce_commitments.{first}"], check=True)
