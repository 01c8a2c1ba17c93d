"""The generated pages of ``docs/reference`` are those that the code makes today."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
COUNTED = re.compile(
    r"Found in [\d,]+ of [\d,]+ texts\.|Decided without a pattern\.|\n## Rules found in none of these texts.*",
    re.DOTALL,
)


@pytest.mark.parametrize(("script", "choices"), [("cli", {}), ("data", {}), ("rules", {"counts": False})])
def test_a_page_is_up_to_date(script: str, choices: dict[str, Any]) -> None:
    pages = runpy.run_path(str(DOCS / f"{script}_reference.py"))["pages"](**choices)
    for path, made in pages.items():
        written = path.read_text(encoding="utf-8")
        assert COUNTED.sub("", written) == COUNTED.sub("", made), f"run python docs/{script}_reference.py"


def test_every_page_of_a_kind_is_listed() -> None:
    pages = {path.name for path in (DOCS / "reference" / "rules").glob("*.md")}
    listed = set(re.findall(r"\((\w+\.md)\)", (DOCS / "reference" / "rules" / "README.md").read_text(encoding="utf-8")))
    assert pages - {"README.md"} == listed
