"""A report as a Word document, with real headings, tables and a table of contents.

The body is written as XML text: building tens of thousands of paragraphs as objects takes minutes.
"""

# ruff: noqa: ANN401 - python-docx is untyped

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from osce_commitments.plots import STRENGTH_COLOURS
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
from osce_commitments.report.writers.columns import column_shares, is_short
from osce_commitments.report.writers.docx_template import in_xml, open_template, own_template, saved, set_properties

_TABLE_LINE = 88  # characters
_TEXT_WIDTH = 9_070  # of a page, in twentieths of a point
_RUN_STYLES = {
    Style.STRONG: "<w:b/>",
    Style.MUTED: '<w:color w:val="616E7C"/>',
    Style.ADDED: '<w:color w:val="1B6E3C"/><w:u w:val="single"/>',
    Style.REMOVED: '<w:strike/><w:color w:val="A4262C"/>',
}


def as_docx(report: Report, template: Path | None = None) -> bytes:
    """The whole report; the same report gives the same bytes.

    Raises:
        ConfigError: If the template is not a Word file.
    """
    document = own_template(template, report) if template else _template(report)
    body = "".join(_Writer(document).report(report))
    return saved(document, body, report.written_at)


def _template(report: Report) -> Any:
    """The template (``docs/make_report_template.py``) with title, marking and edition filled in."""
    document = open_template()
    section = document.sections[0]
    heading = f"{report.cover.marking} · {report.title}" if report.cover.marking else report.title
    for part, text in (
        (section.header, heading),
        (section.footer, report.edition),
        (section.first_page_footer, report.edition),
    ):
        part.paragraphs[0].runs[0].text = in_xml(text)
    set_properties(document, report)
    return document


class _Writer:
    """Turns blocks into XML; numbers bookmarks, links and pictures."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._bookmarks = 0
        self._links: dict[str, str] = {}
        self._figures = 0
        self._anchors = frozenset[str]()

    def report(self, report: Report) -> Iterator[str]:
        self._anchors = report.anchors()
        if report.cover.marking:
            yield _paragraph("BodyText", _text(report.cover.marking, "<w:b/>"))
        yield _paragraph("Title", _text(report.title))
        if report.subtitle:
            yield _paragraph("Subtitle", _text(report.subtitle))
        for name, value in report.cover.lines:
            yield _paragraph("BodyText", f"{_text(f'{name}: ', _RUN_STYLES[Style.MUTED])}{_text(value)}")
        yield _paragraph("Edition", _text(report.edition))
        yield _paragraph("ContentsHeading", _text("Contents"))
        for depth, section in report.contents():
            yield self._contents_line(depth, section)
        for index, section in enumerate(report.sections):
            is_new = index in report.new_pages
            yield from self._section(section, 1, "<w:pageBreakBefore/>" if is_new else "")

    def _contents_line(self, depth: int, section: ReportSection) -> str:
        # The page number is a field: Word fills it in.
        name = _bookmark(section.id)
        number = (
            f'<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF '
            f'{name} \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{_text(" ")}'
            f'<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        inner = f"{_text(section.title)}<w:r><w:tab/></w:r>{number}"
        link = f'<w:hyperlink w:anchor="{name}" w:history="1">{inner}</w:hyperlink>'
        return _paragraph(f"TOC{min(depth, 2) + 1}", link)

    def _section(self, section: ReportSection, level: int, layout: str = "") -> Iterator[str]:
        title = f"{_text(section.title)}{_text(f'  {section.counted}' if section.counted else '', _RUN_STYLES[Style.MUTED])}"
        yield _paragraph(f"Heading{min(level, 9)}", self._marked(section.id, title), layout)
        for index, block in enumerate(section.blocks):
            if isinstance(block, ReportParagraph):
                layout = "<w:keepNext/>" if section.keeps_next(index) else ""
                yield _paragraph("ListBullet" if block.is_item else "BodyText", self._runs(block.runs), layout)
            elif isinstance(block, Table):
                yield from self._table(block)
            elif isinstance(block, Figure):
                yield from self._figure(block)
            else:
                yield from self._entry(block)
        for part in section.sections:
            yield from self._section(part, level + 1)

    def _entry(self, entry: ReportEntry) -> Iterator[str]:
        ground, ink = (colour[1:] for colour in STRENGTH_COLOURS[entry.strength.level])
        label = _text(
            entry.strength.value,
            f'<w:b/><w:color w:val="{ink}"/><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>',
        )
        mark = _text(f" {entry.mark.value}", '<w:b/><w:color w:val="A85510"/>') if entry.mark else ""
        words = f"{label}{mark}{_text('  ')}{self._runs(entry.reading)}"
        yield _paragraph("Provision", self._marked(entry.anchor, words) if entry.anchor else words)
        facts = [self._run(entry.citation)]
        facts += [f"{_text(f' · {name}: ')}{self._runs(runs)}" for name, runs in entry.facts]
        yield _paragraph("Source", "".join(facts))

    def _table(self, table: Table) -> Iterator[str]:
        yield _paragraph("Caption", _text(table.caption), "<w:keepNext/>")
        widths = [round(_TEXT_WIDTH * share) for share in column_shares(table, _TABLE_LINE)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = (_text(name, "<w:b/>") for name in table.columns)
        rows = [self._row(head, widths, table.numeric, is_head=True, keeps_next=True)]
        last = len(table.rows) - 1 if is_short(table) else -1
        rows += [
            self._row(map(self._runs, row), widths, table.numeric, keeps_next=index < last)
            for index, row in enumerate(table.rows)
        ]
        # Heading row and caption are marked for screen readers.
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
            f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={quoteattr(in_xml(table.caption))}/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{_paragraph('AfterTable', '')}"
        )

    @staticmethod
    def _row(
        cells: Iterable[str],
        widths: list[int],
        numeric: frozenset[int],
        *,
        is_head: bool = False,
        keeps_next: bool = False,
    ) -> str:
        layout = "<w:keepNext/>" if keeps_next else ""
        properties = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>"
        written = [
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{_paragraph('TableFigure' if index in numeric else 'TableText', cell, layout)}</w:tc>"
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"<w:tr>{properties}{''.join(written)}</w:tr>"

    def _figure(self, figure: Figure) -> Iterator[str]:
        from docx.shared import Inches
        from lxml import etree

        self._figures += 1
        picture = self._document.part.new_pic_inline(io.BytesIO(figure.png), width=Inches(figure.width))
        facts = {"id": str(self._figures), "descr": in_xml(figure.alt), "title": in_xml(figure.caption)}
        picture.docPr.attrib.update(facts)
        drawing = etree.tostring(picture, encoding="unicode")
        yield _paragraph("Picture", f"<w:r><w:drawing>{drawing}</w:drawing></w:r>")
        yield _paragraph("Caption", _text(figure.caption))

    def _marked(self, name: str, inner: str) -> str:
        self._bookmarks += 1
        start = f'<w:bookmarkStart w:id="{self._bookmarks}" w:name="{_bookmark(name)}"/>'
        return f'{start}{inner}<w:bookmarkEnd w:id="{self._bookmarks}"/>'

    def _runs(self, runs: TextRuns) -> str:
        return "".join(map(self._run, runs))

    def _run(self, run: TextRun) -> str:
        words = _text(run.text, _RUN_STYLES.get(run.style, ""))
        if not run.target or (run.target.startswith("#") and run.target[1:] not in self._anchors):
            return words
        words = _text(run.text, f'<w:rStyle w:val="Hyperlink"/>{_RUN_STYLES.get(run.style, "")}')
        if run.target.startswith("#"):
            return f'<w:hyperlink w:anchor="{_bookmark(run.target[1:])}" w:history="1">{words}</w:hyperlink>'
        return f'<w:hyperlink r:id="{self._link(run.target)}" w:history="1">{words}</w:hyperlink>'

    def _link(self, target: str) -> str:
        from docx.opc.constants import RELATIONSHIP_TYPE

        if target not in self._links:
            self._links[target] = self._document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self._links[target]


def _paragraph(style: str, inner: str, layout: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{layout}</w:pPr>{inner}</w:p>'


def _text(text: str, properties: str = "") -> str:
    if not text:
        return ""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(in_xml(text))}</w:t></w:r>'


def _bookmark(name: str) -> str:
    # Names of bookmarks begin with a letter, have no hyphen and at most 40 characters.
    return f"at_{name.replace('-', '_')}"[:40]
