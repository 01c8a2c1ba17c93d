"""The page of the columns is the one that the declarations make."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "data_reference.py"


def test_the_page_of_the_columns_is_up_to_date() -> None:
    script = runpy.run_path(str(SCRIPT))
    written = script["PAGE"].read_text(encoding="utf-8")
    assert written == script["reference"](), "run python docs/data_reference.py"
