"""Bring what the documentation shows of a run up to date, from a real run on the samples.

``python docs/refresh.py`` writes ``docs/images/summary.svg`` and the example row of ``README.md``.
"""

from __future__ import annotations

import dataclasses
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from osce_commitments.cli import provision_card as card
from osce_commitments.cli import terminal
from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.flows.steps import ingest
from osce_commitments.query import Reader, run_sql

if TYPE_CHECKING:
    from osce_commitments.flows.summary import RunSummary

_EXAMPLE = "Authorize the Chairmanship to convene"
ROOT = Path(__file__).resolve().parents[1]
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Run the samples; draw the summary and print the example."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        summary = ingest([str(ROOT / "corpora" / "samples")], data, RunConfig())
        _picture(summary)
        _example(Dataset(data))


def _picture(summary: RunSummary) -> None:
    # The time of a run differs from run to run and machine to machine: the picture shows none.
    shown = dataclasses.replace(summary, data="data", elapsed_seconds=0.0)
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True, highlight=False)
    terminal.console = lambda **_: console
    terminal.print_summary(shown)
    svg = console.export_svg(
        title="osce-commitments run corpora/samples", theme=DEFAULT_TERMINAL_THEME, unique_id="run"
    )
    # Without the fonts from the web: the picture must look the same offline.
    svg = _WEB_FONT.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    (ROOT / "docs" / "images" / "summary.svg").write_text(svg, encoding="utf-8")


def _example(dataset: Dataset) -> None:
    (row,) = run_sql(dataset, f"SELECT id FROM provisions WHERE starts_with(text, '{_EXAMPLE}')").to_pylist()  # noqa: S608
    view = dataclasses.replace(Reader(dataset.path).show(row["id"]), before="", after="")
    console = Console(record=True, width=104, file=io.StringIO(), highlight=False)
    card.console = lambda: console
    card.print_card(view)
    lines = [line.rstrip() for line in console.export_text().replace(f"{ROOT}/", "").strip().splitlines()]
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    start = text.index("```text\n") + len("```text\n")
    readme.write_text(text[:start] + "\n".join(lines) + text[text.index("\n```", start) :], encoding="utf-8")


if __name__ == "__main__":
    main()
