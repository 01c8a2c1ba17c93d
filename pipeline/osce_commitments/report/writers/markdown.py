"""A report as Markdown (CommonMark with tables)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osce_commitments.report.model import (
    Figure,
    Report,
    ReportEntry,
    ReportParagraph,
    ReportSection,
    Style,
    Table,
    TextRun,
    TextRuns,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&$])")
# Starts of lists and headings, and text that some viewers turn into links.
_START = re.compile(r"^(\s*)(\d+)([.)])|^(\s*)([-+=])")
_BARE_LINK = re.compile(r"(?i)(?<=https)(:)(?=//)|(?<=http)(:)(?=//)|(?<=ftp)(:)(?=//)|(?<=www)(\.)|(@)")
_AROUND = {Style.PLAIN: ("", ""), Style.STRONG: ("**", "**"), Style.MUTED: ("*", "*")}
_AROUND |= {Style.ADDED: ("<ins>", "</ins>"), Style.REMOVED: ("<del>", "</del>")}


def as_markdown(report: Report) -> str:
    """The whole report; charts are described in words."""
    lines = [f"# {escape(report.title)}", ""]
    if report.subtitle:
        lines += [escape(report.subtitle), ""]
    if report.cover.marking:
        lines += [f"**{escape(report.cover.marking)}**", ""]
    for name, value in report.cover.lines:
        lines += [f"{name}: {escape(value)}", ""]
    lines += [f"*{escape(report.edition)}*", "", "## Contents", ""]
    for depth, section in report.contents():
        lines.append(f"{'  ' * depth}- [{escape(section.title)}](#{section.id}){_count(section)}")
    lines.append("")
    for section in report.sections:
        lines += _section(section, 2)
    return "\n".join(lines).rstrip("\n") + "\n"


def escape(text: str) -> str:
    """Text with all Markdown syntax escaped."""
    text = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    text = _BARE_LINK.sub(lambda match: f"\\{match.group()}", text)
    return _START.sub(lambda m: f"{m[1]}{m[2]}\\{m[3]}" if m[2] else f"{m[4]}\\{m[5]}", text)


def _section(section: ReportSection, level: int) -> Iterator[str]:
    if section.is_listed:
        yield f'<a id="{section.id}"></a>'
        yield ""
    yield f"{'#' * level} {escape(section.title)}{_count(section)}"
    yield ""
    for block in section.blocks:
        if isinstance(block, ReportParagraph):
            yield f"- {_runs(block.runs)}" if block.is_item else f"{_runs(block.runs)}\n"
        elif isinstance(block, Table):
            yield from _table(block)
        elif isinstance(block, Figure):
            yield f"\n*Figure:* {escape(block.alt)}\n"
        else:
            yield from _entry(block)
    if section.blocks:
        yield ""
    for part in section.sections:
        yield from _section(part, min(level + 1, 6))


def _entry(entry: ReportEntry) -> Iterator[str]:
    anchor = f'<a id="{entry.anchor}"></a>' if entry.anchor else ""
    mark = f" **{entry.mark.value}**" if entry.mark else ""
    yield f"- {anchor}**{entry.strength.value}**{mark} — {_runs(entry.reading)}  "
    facts = [_run(entry.citation), *(f"{name}: {_runs(runs)}" for name, runs in entry.facts)]
    yield f"  {' · '.join(facts)}"


def _table(table: Table) -> Iterator[str]:
    yield f"\n{escape(table.caption)}\n"
    yield f"| {' | '.join(map(escape, table.columns))} |"
    yield f"|{'|'.join('---:' if position in table.numeric else '---' for position in range(len(table.columns)))}|"
    for row in table.rows:
        yield f"| {' | '.join(map(_runs, row))} |"
    yield ""


def _count(section: ReportSection) -> str:
    return f" ({section.counted})" if section.counted else ""


def _runs(runs: TextRuns) -> str:
    return "".join(map(_run, runs))


def _run(run: TextRun) -> str:
    # Markup must touch the words: spaces at the ends stay outside.
    core = escape(run.text)
    before, after = " " * run.text[:1].isspace(), " " * (run.text[-1:].isspace() and bool(core))
    left, right = _AROUND[run.style]
    words = f"{left}{core}{right}" if core else ""
    if run.target and core:
        words = f"[{words}]({_address(run.target)})"
    return f"{before}{words}{after}"


def _address(target: str) -> str:
    return target.translate({ord(sign): f"%{ord(sign):02X}" for sign in " ()<>\\"})
