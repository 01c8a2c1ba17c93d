"""Terminal output: the progress of a run, its summary, rows."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from rich import box, markup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from osce_commitments.cli.options import DEFAULT_DATA
from osce_commitments.errors import in_sentences
from osce_commitments.flows.progress import Silent
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Role
from osce_commitments.texts.printable import counted_noun, visible

if TYPE_CHECKING:
    from osce_commitments.flows.summary import MetadataUse, RunSummary

_SECONDS_BETWEEN_LINES = 5.0
_REJECTS_SHOWN = 20
_PASSED_OVER_SHOWN = 5
_SOURCES_SHOWN = 2
# On a narrower terminal, the matrix has level numbers as headings.
_MATRIX_WIDTH = 88
# Rows of more than _FEW columns that do not fit a terminal narrower than _NARROW are records: a text would be a thin column.
_NARROW, _FEW = 150, 3
# Columns that people copy or scan: never broken over lines.
_WHOLE = frozenset({"id", "date", "strength"})
_LEAST_TEXT = 20


def safe(text: str) -> str:
    """A text for a console, without markup and without codes for the terminal."""
    return markup.escape(visible(text))


def console(*, stderr: bool = False) -> Console:
    """A console that neither colours nor wraps when its output is not a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 10_000
    return Console(stderr=stderr, highlight=False, width=width, soft_wrap=not stream.isatty())


def print_hanging(out: Console, first: str, text: Text | str) -> None:
    """Print a text after a dim first part; on a terminal, its further lines begin below its first word."""
    shown = Text(visible(text)) if isinstance(text, str) else text
    for number, line in enumerate(shown.wrap(out, max(out.width - len(first), _LEAST_TEXT)) or [Text()]):
        out.print(Text(" " * len(first) if number else first, style="dim").append_text(line), soft_wrap=True)


class LineProgress(Silent):
    """Plain lines on stderr, for logs and pipes."""

    def __init__(self) -> None:
        self._total = self._done = 0
        self._begin = self._last = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line; a closed pipe (``| head``) does not end the run."""
        with contextlib.suppress(BrokenPipeError):
            print(visible(text), file=sys.stderr, flush=True)  # noqa: T201 - a terminal writer

    def start(self, total: int) -> None:
        """Start to count."""
        self._total, self._done = total, 0
        self._begin = self._last = time.monotonic()
        if total:
            self.say(f"processing {counted_noun(total, 'input')}")

    def advance(self, count: int) -> None:
        """Count, and print a line every few seconds."""
        self._done += count
        now = time.monotonic()
        if self._done < self._total and now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        rate = self._done / max(now - self._begin, 1e-9)
        left = (self._total - self._done) / rate
        self.say(f"{self._done:,}/{self._total:,} inputs, {rate:.1f} per second, {left:.0f} s left")


class BarProgress(Silent):
    """A bar with rate and time left on a terminal's stderr."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("processing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            console=console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None
        self._begin = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._bar.console.print(safe(text), style="dim")

    def start(self, total: int) -> None:
        """Show the bar."""
        if total:
            self._bar.start()
            self._begin = time.monotonic()
            self._task = self._bar.add_task("inputs", total=total, rate="")

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._task is not None:
            done = self._bar.tasks[self._task].completed + count
            rate = f"{done / max(time.monotonic() - self._begin, 1e-9):.1f} per second"
            self._bar.update(self._task, advance=count, rate=rate)

    def close(self) -> None:
        """Remove the bar."""
        self._bar.stop()


def progress() -> LineProgress | BarProgress:
    """A bar on a terminal, plain lines elsewhere."""
    return BarProgress() if sys.stderr.isatty() else LineProgress()


def print_summary(summary: RunSummary) -> None:
    """Print what a run did: inputs, provisions, commitments, rejects, version."""
    out = console()
    _print_inputs(out, summary)
    if summary.tally.roles:
        roles = summary.tally.roles
        parts = ", ".join(f"{roles[role]:,} {role.value}" for role in Role if roles[role])
        out.print(f"{counted_noun(roles.total(), 'provision')}: {parts}")
    if summary.tally.commitments or summary.tally.without_area:
        tally = summary.tally
        levels = [level for level in STRENGTHS if level.level]
        is_narrow = out.width < _MATRIX_WIDTH
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("threat area", no_wrap=True)
        for level in levels:
            table.add_column(str(level.level) if is_narrow else level.value, justify="right")
        rows = [(area.value, [tally.commitments[area, level] for level in levels]) for area in THREAT_AREAS]
        rows.append(("(no threat area)", [tally.without_area[level] for level in levels]))
        for name, counts in rows:
            if any(counts):
                table.add_row(name, *(f"{count:,}" if count else "·" for count in counts))
        out.print("\n[bold]Commitments by threat area and strength[/bold]")
        out.print(table)
        if is_narrow:
            out.print("  ".join(f"{level.level}\u00a0{level.value}" for level in levels), style="dim")
        out.print("A commitment with several areas counts in each of them.", style="dim")
    _print_rejects(out, summary)
    _print_version(out, summary)
    if summary.tally.unknown:
        of_all = f"{summary.tally.unknown:,} of {counted_noun(summary.tally.documents, 'document')}"
        out.print(f"{of_all}: adoption unknown, so not counted; query --adopted unknown shows them")
    if unknown := summary.tally.form_unknown:
        of_all = f"{len(unknown):,} of {counted_noun(summary.tally.documents, 'document')}"
        out.print(f"[yellow]{of_all}: form unknown[/yellow], so not counted; query --where form=unknown shows them")
        for source, because in list(unknown.items())[:_SOURCES_SHOWN]:
            print_hanging(out, "  ", f"{PurePath(source).name}: {because}")
        if len(unknown) > _SOURCES_SHOWN:
            out.print(f"  … and {len(unknown) - _SOURCES_SHOWN:,} more")


def _print_inputs(out: Console, summary: RunSummary) -> None:
    counts = summary.counts()
    parts = [f"{counts[name]:,} {name}" for name in ("new", "changed", "unchanged", "duplicate") if counts[name]]
    if counts["rejected"]:
        parts.append(f"[bold red]{counts['rejected']:,} rejected[/bold red]")
    out.print(f"[bold]{counted_noun(counts['inputs'], 'input')}[/bold]: {', '.join(parts)}")
    if summary.passed_over:
        names = ", ".join(safe(PurePath(path).name) for path in summary.passed_over[:_PASSED_OVER_SHOWN])
        more = ", …" if len(summary.passed_over) > _PASSED_OVER_SHOWN else ""
        out.print(f"{counted_noun(len(summary.passed_over), 'file')} of other kinds skipped: {names}{more}")
    _print_metadata(out, summary.metadata)
    if summary.repeated:
        out.print(_repeated_line(summary.repeated))
    if counts["documents"]:
        note = f" (not adopted: {counts['not_adopted']:,})" if counts["not_adopted"] else ""
        written = counted_noun(counts["documents"], "document")
        seconds = f" in {summary.elapsed_seconds:.1f} s" if summary.elapsed_seconds else ""
        out.print(f"{written} written{note}{seconds}")
    if summary.tally.broken:
        verb = "looks" if len(summary.tally.broken) == 1 else "look"
        count = counted_noun(len(summary.tally.broken), "document")
        out.print(f"[yellow]{count} {verb} broken[/yellow]: {_names(summary.tally.broken)}")
    if summary.tally.incomplete:
        verb = "lacks" if len(summary.tally.incomplete) == 1 else "lack"
        count = counted_noun(len(summary.tally.incomplete), "document")
        out.print(
            f"[yellow]{count} {verb} letters of the source[/yellow], see notes: {_names(summary.tally.incomplete)}"
        )
    if summary.tally.misdescribed:
        out.print(f"[yellow]front matter not used in full[/yellow], see notes: {_names(summary.tally.misdescribed)}")
    if summary.relabelled:
        out.print(f"{counted_noun(summary.relabelled, 'provision')} relabelled")


def _print_metadata(out: Console, use: MetadataUse) -> None:
    if use.table:
        unused = f"; columns not used: {safe(', '.join(use.unused))}" if use.unused else ""
        out.print(f"{safe(use.table)} describes {counted_noun(use.described, 'input')}{unused}")
    for message in use.unmatched[:_REJECTS_SHOWN]:
        out.print(f"[yellow]not used[/yellow]: {safe(message)}")
    if len(use.unmatched) > _REJECTS_SHOWN:
        out.print(f"… and {len(use.unmatched) - _REJECTS_SHOWN:,} more lines of the table")
    for path, count in use.offers.items():
        of_these = f"{count:,} of these files" if count > 1 else "one of these files"
        out.print(f"{safe(path)} describes {of_these}: use --metadata {safe(shlex.quote(path))} to take its facts")


def _names(sources: Sequence[str]) -> str:
    more = ", …" if len(sources) > _SOURCES_SHOWN else ""
    return ", ".join(safe(PurePath(source).name) for source in sources[:_SOURCES_SHOWN]) + more


def _repeated_line(repeated: Mapping[str, Sequence[str]]) -> str:
    symbol, found = next(iter(repeated.items()))
    more = f" and {len(found) - _SOURCES_SHOWN} more" if len(found) > _SOURCES_SHOWN else ""
    others = f"; {counted_noun(len(repeated) - 1, 'other symbol')} too" if len(repeated) > 1 else ""
    where = ", ".join(map(safe, found[:_SOURCES_SHOWN]))
    return f"[yellow]counted more than once[/yellow]: {safe(symbol)} is in {where}{more}{others}"


def _print_rejects(out: Console, summary: RunSummary) -> None:
    if not summary.rejects:
        return
    out.print()
    out.print("[bold red]Rejected[/bold red]")
    for reject in summary.rejects[:_REJECTS_SHOWN]:
        where = "" if reject.source in reject.message else f"{reject.source}: "
        print_hanging(out, "  ", in_sentences(where + reject.message, reject.remedy))
    if len(summary.rejects) > _REJECTS_SHOWN:
        out.print(f"  … and {len(summary.rejects) - _REJECTS_SHOWN:,} more in the view rejects")


def _print_version(out: Console, summary: RunSummary) -> None:
    out.print()
    if not summary.version:
        out.print(f"dataset {safe(summary.data)}: nothing to write")
        return
    state = "unchanged, still" if summary.version == summary.version_before else "now"
    out.print(f"dataset [bold]{safe(summary.data)}[/bold] is {state} at version [bold]{summary.version}[/bold]")


def print_next(summary: RunSummary) -> None:
    """Print commands for what to do with the dataset, as they can be typed here."""
    if summary.version:
        found = "osce-commitments" if shutil.which("osce-commitments") else shlex.quote(sys.argv[0])
        data = "" if summary.data == str(DEFAULT_DATA) else f" --data {shlex.quote(summary.data)}"
        # Double quotes work in every shell, also in that of Windows.
        out = console()
        out.print(safe(f"next: {found} serve{data}"), soft_wrap=True)
        out.print(safe(f'      {found} query --area terrorism --strength ">=urging"{data}'), soft_wrap=True)


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows: on a terminal as a table where it fits, else as records; elsewhere one line per row."""
    out = console()
    if not rows:
        out.print("no rows")
        return
    table = _table(rows, is_terminal=out.is_terminal)
    if (
        out.is_terminal
        and len(rows[0]) > _FEW
        and out.width < _NARROW
        and table.__rich_measure__(out, out.options.update(max_width=_NARROW)).maximum > out.width
    ):
        width = max(map(len, rows[0]))
        for row in rows:
            for name, value in row.items():
                print_hanging(out, f"{name:<{width}}  ", _cell(value) or "-")
            out.print()
    else:
        out.print(table)


def _table(rows: Sequence[Mapping[str, Any]], *, is_terminal: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD if is_terminal else None, pad_edge=False)
    for name, value in rows[0].items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        table.add_column(
            name,
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=name in _WHOLE,
            ratio=1 if name == "reading" else None,
        )
    for row in rows:
        table.add_row(*(safe(_cell(value)) for value in row.values()))
    return table


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(round(value, 4))
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value)
    return " ".join(str(value).split())
