"""Draw the pictures of the documentation from a real run on the samples.

``python docs/make_pictures.py`` writes ``docs/images/*.svg``.
"""

from __future__ import annotations

import dataclasses
import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from osce_commitments.cli import terminal
from osce_commitments.config import RunConfig
from osce_commitments.flows.steps import ingest

ROOT = Path(__file__).resolve().parents[1]
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Run the samples and draw the summary."""
    with tempfile.TemporaryDirectory() as folder:
        summary = ingest([str(ROOT / "corpora" / "samples")], Path(folder) / "data", RunConfig())
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


if __name__ == "__main__":
    main()
