"""A report as a Word document, with real headings, tables and a table of contents.

The body is written as XML text: building tens of thousands of paragraphs as objects takes minutes. It is written into our own
template, or into the file of an organisation with its letterhead, fonts and styles. There the report takes the place of the
paragraph ``{{report}}``, or follows the text; ``{{title}}``, ``{{for}}``, ``{{by}}``, ``{{date}}``, ``{{marking}}`` and
``{{edition}}`` are filled in anywhere, headers and footers included. Styles that it lacks come from ours.
"""

# ruff: noqa: ANN401 - python-docx is untyped

from __future__ import annotations

import copy
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular_bytes
from osce_commitments.phrases import shorten
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
from osce_commitments.resources import template_file

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
        widths = [round(_TEXT_WIDTH * share) for share in table.column_shares(_TABLE_LINE)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = (_text(name, "<w:b/>") for name in table.columns)
        rows = [self._row(head, widths, table.numeric, is_head=True, keeps_next=True)]
        last = len(table.rows) - 1 if table.is_short else -1
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
        picture = self._document.part.new_pic_inline(io.BytesIO(figure.drawn("png")), width=Inches(figure.width))
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


_DOCUMENT, _TYPES = "word/document.xml", "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLACE = "{{report}}"
_MARK = "<!--report-->"
_AS_TEMPLATE = b"wordprocessingml.template.main+xml"
_AS_DOCUMENT = b"wordprocessingml.document.main+xml"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_PROPERTY = 255  # characters that the format allows
_STYLE = re.compile(r'(?<=<w:pStyle w:val=")[^"]+')


def in_xml(text: str) -> str:
    """A text in one line, without the characters that XML does not allow."""
    return _NOT_XML.sub("", text).replace("\n", " ").replace("\t", " ")


def open_template() -> Any:
    """Our own template."""
    from docx import Document

    with template_file("report.docx").open("rb") as source:
        return Document(source)


def own_template(path: Path, report: Report) -> Any:
    """An organisation's Word file (.docx or .dotx), ready for a report.

    Raises:
        ConfigError: If it cannot be read as a Word file.
    """
    document = _opened(path)
    _add_styles(document)
    values = {"title": report.title, "edition": report.edition, "marking": report.cover.marking}
    values |= {"for": report.cover.audience, "by": report.cover.author, "date": report.cover.day}
    for paragraph in _paragraphs(document):
        _fill(paragraph, values)
    set_properties(document, report)
    return document


def set_properties(document: Any, report: Report) -> None:
    """Title, subject and day of a document; a longer text is cut, in the properties alone."""
    properties = document.core_properties
    properties.title, properties.subject, properties.comments = (
        shorten(in_xml(text), _LONGEST_PROPERTY, between_words=False)
        for text in (report.title, report.subtitle, report.edition)
    )
    properties.created = properties.modified = _moment(report.written_at)


def saved(document: Any, body: str, written_at: dt.datetime) -> bytes:
    """The archive with the body in its place, and without the time of writing."""
    document.core_properties.modified = _moment(written_at)
    mark = _place(document)
    target, out = io.BytesIO(), io.BytesIO()
    document.save(target)
    # Word in another language gives its styles other ids, but keeps their names.
    ids = {style.name.replace(" ", "").casefold(): style.style_id for style in document.styles}
    body = _STYLE.sub(lambda match: ids.get(match[0].casefold(), match[0]), body)
    with zipfile.ZipFile(target) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = before.read(name)
            after.writestr(entry, content.replace(mark, body.encode(), 1) if name == _DOCUMENT else content)
    return out.getvalue()


def _moment(written_at: dt.datetime) -> dt.datetime:
    return written_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)


def _place(document: Any) -> bytes:
    """Mark where the report goes: in place of the paragraph that says so, else at the end."""
    from lxml import etree

    mark = etree.Comment("report")
    for paragraph in document.paragraphs:
        if paragraph.text.strip() == _PLACE:
            paragraph._p.getparent().replace(paragraph._p, mark)  # noqa: SLF001 - the library cannot replace
            return _MARK.encode()
    document.element.body.append(mark)
    last = document.element.body.find("{*}sectPr")
    if last is not None:
        last.addprevious(mark)
    return _MARK.encode()


def _opened(path: Path) -> Any:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return Document(io.BytesIO(_as_document(read_regular_bytes(path))))
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise ConfigError(msg, "give --cover template=FILE a Word file (.docx or .dotx)") from error
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        msg = f"{path} is not a Word file"
        raise ConfigError(msg, "give --cover template=FILE a Word file (.docx or .dotx)") from error


def _as_document(content: bytes) -> bytes:
    """The archive of a document; that of a template (.dotx) differs in one line."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(_AS_TEMPLATE, _AS_DOCUMENT) if name == _TYPES else part)
    return target.getvalue()


def _add_styles(document: Any) -> None:
    ours = open_template()
    known = {style.name.casefold() for style in document.styles}
    for style in ours.styles:
        if style.name.casefold() in known:
            continue
        element = copy.deepcopy(style.element)
        for numbering in element.findall(".//{*}numPr"):
            # It points to a list of our template.
            numbering.getparent().remove(numbering)
        document.styles.element.append(element)


def _paragraphs(document: Any) -> Iterator[Any]:
    yield from document.paragraphs
    for table in document.tables:
        yield from (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs)
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            yield from part.paragraphs
            for table in part.tables:
                yield from (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs)


def _fill(paragraph: Any, values: dict[str, str]) -> None:
    text = paragraph.text
    filled = text
    for name, value in values.items():
        filled = filled.replace("{{" + name + "}}", in_xml(value))
    if filled == text or not paragraph.runs:
        return
    # Word may split a mark over several runs: the first run gets the whole text and keeps its look.
    paragraph.runs[0].text = filled
    for run in paragraph.runs[1:]:
        run.text = ""
