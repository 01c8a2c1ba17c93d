"""Writers of reports: HTML, Word, PDF, Markdown, CSV, iCalendar."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

from osce_commitments.errors import ConfigError
from osce_commitments.files import write_whole
from osce_commitments.plots import STRENGTH_COLOURS
from osce_commitments.query import write_rows
from osce_commitments.report.calendar import as_icalendar
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
from osce_commitments.report.writers.docx import as_docx
from osce_commitments.report.writers.markdown import as_markdown
from osce_commitments.report.writers.pdf import as_pdf
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


def as_csv(report: Report) -> bytes:
    """The rows as CSV in UTF-8; without rows only the header."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in report.columns])
    target = io.BytesIO()
    write_rows(pa.Table.from_pylist(list(report.rows), schema=schema), "csv", target)
    return target.getvalue()


def as_rss(report: Report) -> bytes:
    """The feed in UTF-8. Its date is that of the dataset version, so that the same report gives the same bytes."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    written = format_datetime(report.written_at)
    links = [str(row["link"]) for row in report.rows if row.get("link")]
    _add(channel, "title", report.title)
    # RSS wants an address, also of a report without links: the page, or the site of the first source.
    page, is_page, _ = links[0].partition("/provision/") if links else ("", "", "")
    _add(channel, "link", f"{page}/" if is_page else "/".join([*page.split("/")[:3], ""]) if page else "about:blank")
    _add(channel, "description", f"{report.subtitle} {report.edition}.".strip())
    _add(channel, "lastBuildDate", written)
    for one in report.rows:
        # Gaps have rows of another kind: what they lack is left out.
        row = {name: str(value) for name, value in one.items() if value not in {None, ""}}
        item = ET.SubElement(channel, "item")
        mark = f"{row['mark'].capitalize()}: " if "mark" in row else ""
        strength = f" ({row['strength']})" if "strength" in row else ""
        _add(item, "title", f"{mark}{row.get('citation', report.title)}{strength}")
        if "link" in row:
            _add(item, "link", row["link"])
        earlier = f"\n\nEarlier wording: {row['earlier']}" if "earlier" in row else ""
        _add(item, "description", f"{row.get('text', '')}{earlier}")
        identity = row.get("provision") or hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:16]
        _add(item, "guid", f"{identity}-{report.written_at:%Y%m%d%H%M%S}").set("isPermaLink", "false")
        _add(item, "pubDate", written)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    # XML 1.0 has no control characters.
    child.text = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    return child


FORMATS: dict[str, Callable[[Report], bytes]] = {
    "html": lambda report: as_html(report).encode(),
    "docx": as_docx,
    "pdf": as_pdf,
    "md": lambda report: as_markdown(report).encode(),
    "csv": as_csv,
    "ics": as_icalendar,
    "rss": as_rss,
}


def check_format(file_format: str) -> None:
    """Check the name of a format.

    Raises:
        ConfigError: If the format is unknown; the message lists the known ones.
    """
    if file_format not in FORMATS:
        msg = f"unknown report format {file_format!r}" if file_format else "no report format given"
        raise ConfigError(msg, f"give --out a name that ends in {', '.join(f'.{name}' for name in FORMATS)}")


def render(report: Report, file_format: str, template: Path | None = None) -> bytes:
    """The bytes of a report in a format; the same report gives the same bytes.

    Raises:
        ConfigError: If the format is unknown, or the template does not fit.
    """
    check_format(file_format)
    if template is None:
        return FORMATS[file_format](report)
    if file_format != "docx":
        msg = f"a template is a Word file, not for the format {file_format!r}"
        raise ConfigError(msg, "give --out a name that ends in .docx, or leave out the template")
    return as_docx(report, template)


def write_report(content: bytes, path: Path) -> None:
    """Write a file atomically; an existing file is replaced.

    Raises:
        ConfigError: If it cannot be written; an existing file is untouched.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give --out a file in a folder that exists and may be written") from error
