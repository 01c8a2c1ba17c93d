"""Bring what the documentation shows of a run up to date, from a real run on the samples.

``python docs/refresh.py`` writes ``docs/images/summary.svg``, the example row of ``README.md`` and, where chromium is
installed, ``docs/images/page.png``.
"""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from osce_commitments.cli import cards as card
from osce_commitments.cli import terminal
from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.flows.steps import ingest
from osce_commitments.flows.summary import RunSummary
from osce_commitments.query import Reader, run_sql

_EXAMPLE = "Organize with the Egmont Group"
ROOT = Path(__file__).resolve().parents[1]
_SHOWN = "?text=border*+OR+passport*&since=2001&strength=%3E%3Durging"
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Run the samples; draw the summary, print the example and photograph the page."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        summary = ingest([str(ROOT / "corpora" / "samples")], data, RunConfig())
        _picture(summary)
        _example(Dataset(data))
        _page(data)


def _picture(summary: RunSummary) -> None:
    # The time of a run differs from run to run and machine to machine: the picture shows none.
    shown = dataclasses.replace(summary, data="data", elapsed_seconds=0.0)
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True, highlight=False)
    terminal.console = lambda **_: console
    terminal.print_summary(shown)
    terminal.print_next(shown)
    svg = console.export_svg(
        title="osce-commitments run corpora/samples", theme=DEFAULT_TERMINAL_THEME, unique_id="run"
    )
    # Without the fonts from the web: the picture must look the same offline.
    svg = _WEB_FONT.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    (ROOT / "docs" / "images" / "summary.svg").write_text(svg, encoding="utf-8")


def _example(dataset: Dataset) -> None:
    (row,) = run_sql(dataset, f"SELECT id FROM provisions WHERE starts_with(text, '{_EXAMPLE}')").to_pylist()  # noqa: S608
    view = dataclasses.replace(Reader(dataset.path).show(row["id"]), before="", after="")
    console = Console(record=True, width=120, file=io.StringIO(), highlight=False)
    card.console = lambda: console
    card.print_card(view)
    lines = [line.rstrip() for line in console.export_text().replace(f"{ROOT}/", "").strip().splitlines()]
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    start = text.index("```text\n") + len("```text\n")
    readme.write_text(text[:start] + "\n".join(lines) + text[text.index("\n```", start) :], encoding="utf-8")


def _page(data: Path) -> None:
    browser = shutil.which("chromium")
    if not browser:
        sys.stderr.write("chromium is not installed: docs/images/page.png stays as it is\n")
        return
    picture = ROOT / "docs" / "images" / "page.png"
    with _served(data) as address:
        subprocess.run(  # noqa: S603 - our own command
            [
                browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1400,900",
                f"--screenshot={picture}", address + _SHOWN,
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """The address of the page over a dataset, while it is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "osce_commitments", "serve", "--data", str(data), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(120):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    msg = "the page did not start within a minute"
    raise TimeoutError(msg)


if __name__ == "__main__":
    main()
