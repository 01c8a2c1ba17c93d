"""A report as one self-contained HTML page without scripts or external files."""

from __future__ import annotations

from markupsafe import Markup, escape

from osce_commitments.plots import STRENGTH_COLOURS
from osce_commitments.report.model import (
    Figure,
    Report,
    ReportEntry,
    ReportParagraph,
    Style,
    Table,
    TextRun,
    TextRuns,
)
from osce_commitments.resources import template

_PAGE = "report.html"
_AROUND = {
    Style.PLAIN: ("", ""),
    Style.STRONG: ("<strong>", "</strong>"),
    Style.MUTED: ('<span class="muted">', "</span>"),
    Style.ADDED: ("<ins>", "</ins>"),
    Style.REMOVED: ("<del>", "</del>"),
}

_KINDS = {ReportParagraph: "paragraph", Table: "table", Figure: "figure", ReportEntry: "entry"}


def as_html(report: Report) -> str:
    """The whole report; all values are escaped."""
    page = template(_PAGE).render(
        report=report,
        kind_of=lambda block: _KINDS[type(block)],
        words=lambda runs: Markup(_runs(runs)),  # noqa: S704 - every part is escaped
        entry=_entry,
        contents=list(report.contents()),
        strength_colours=STRENGTH_COLOURS,
    )
    return f"{page}\n"


def _entry(report_entry: ReportEntry) -> Markup:
    # Not in the template: a report can have tens of thousands of entries, and a macro is several times slower.
    anchor = f' id="{escape(report_entry.anchor)}"' if report_entry.anchor else ""
    mark = f' <span class="mark">{escape(report_entry.mark.value)}</span>' if report_entry.mark else ""
    facts = "".join(
        f' <span class="fact"><span class="name">{escape(name)}</span> {_runs(runs)}</span>'
        for name, runs in report_entry.facts
    )
    return Markup(  # noqa: S704 - every part is escaped
        f'<article{anchor} class="provision {escape(report_entry.mark.value)}"><p class="label">'
        f'<span class="strength s{report_entry.strength.level}">{report_entry.strength.value}</span>{mark}</p>'
        f'<div><p class="reading">{_runs(report_entry.reading)}</p><p class="source">'
        f'<span class="citation">{_run(report_entry.citation)}</span>{facts}</p></div></article>\n'
    )


def _runs(runs: TextRuns) -> str:
    return "".join(map(_run, runs))


def _run(run: TextRun) -> str:
    before, after = _AROUND[run.style]
    # A space at the end stays outside, so that it is not underlined or struck through.
    text = run.text.rstrip() if before else run.text
    blank = run.text[len(text) :]
    words = f"{before}{escape(text)}{after}"
    return f'<a href="{escape(run.target)}">{words}</a>{blank}' if run.target else f"{words}{blank}"
