"""The pages in ``docs/reference`` are those that the code makes today; the pages of rules, which git does not hold, can be made."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from osce_commitments.rules.kinds import every_rule

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("script", ["cli", "data"])
def test_a_page_is_up_to_date(script: str) -> None:
    pages = runpy.run_path(str(DOCS / f"{script}_reference.py"))["pages"]()
    for path, made in pages.items():
        assert path.read_text(encoding="utf-8") == made, f"run python docs/{script}_reference.py"


def test_the_pages_of_rules_show_every_rule_and_their_contents_list_every_page() -> None:
    pages = runpy.run_path(str(DOCS / "rules_reference.py"))["pages"](counts=False)
    texts = {path.name: text for path, text in pages.items()}
    assert set(re.findall(r"\((\w+\.md)\)", texts["README.md"])) == set(texts) - {"README.md"}
    shown = {name for text in texts.values() for name in re.findall(r"^## (\S+)$", text, re.MULTILINE)}
    assert {rule.id for rule in every_rule()} - shown == set()
