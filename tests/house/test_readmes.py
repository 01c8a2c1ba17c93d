"""What the readmes list is what there is: rooms, layers, commands, and the measured figures."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from osce_commitments.cli.help_pages import PAGES

ROOT = Path(__file__).parents[2]
PIPELINE = (ROOT / "pipeline" / "README.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_pipeline_readme_lists_every_room() -> None:
    rooms = {path.parent.name for path in (ROOT / "pipeline" / "osce_commitments").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)/` \|", PIPELINE, re.MULTILINE)) == rooms


def test_the_pipeline_readme_shows_the_layers_that_are_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one.get("containers") == ["osce_commitments"])
    assert PIPELINE.split("```")[-2].split("\n")[1:-1] == layers


def test_the_pipeline_readme_names_every_command() -> None:
    named = set(re.findall(r"`([a-z-]+)`", PIPELINE))
    assert {name.split()[0] for name in PAGES} - named == set()


@pytest.mark.parametrize("part", ["test", "unseen"])
def test_the_readme_quotes_the_figures_of_the_reports(part: str) -> None:
    row = next(line for line in README.splitlines() if f"evaluation/reports/{part}/report.md" in line)
    rows, strength, areas = (cell.strip().replace(",", "") for cell in row.strip(" |").split("|")[1:4])
    measured: dict[str, Any] = json.loads((ROOT / f"evaluation/reports/{part}/metrics.json").read_text("utf-8"))
    assert int(rows) == measured["data"]["rows"]
    assert measured["model_id"] in README
    assert float(strength) == pytest.approx(measured["strength"]["accuracy"], abs=0.0051)
    assert float(areas) == pytest.approx(measured["areas"]["micro_f1"], abs=0.0051)
