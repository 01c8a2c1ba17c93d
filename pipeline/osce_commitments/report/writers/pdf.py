"""A report as PDF: the same sections as in Word and HTML, with page numbers in the contents, bookmarks and links."""

# ruff: noqa: ANN401 - reportlab is untyped

from __future__ import annotations

import functools
import io
import itertools
from collections.abc import Iterator
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

_INK, _MUTED, _DEEP, _LINE, _LINK = "#1f2933", "#5a6774", "#0b3766", "#d9e2ec", "#1f5fa8"
_MARKED = ("#1b6e3c", "#a4262c", "#a85510")  # added, removed, a mark of a digest
_AROUND = {
    Style.PLAIN: ("", ""),
    Style.STRONG: ("<b>", "</b>"),
    Style.MUTED: (f'<font color="{_MUTED}">', "</font>"),
    Style.ADDED: (f'<font color="{_MARKED[0]}"><u>', "</u></font>"),
    Style.REMOVED: (f'<font color="{_MARKED[1]}"><strike>', "</strike></font>"),
}
_FACES = {"Report": "DejaVuSans", "Report-Bold": "DejaVuSans-Bold", "Report-Serif": "DejaVuSerif"}
_MARGIN, _WIDTH = 62.0, 595.28 - 2 * 62.0  # points, of an A4 page
_TABLE_LINE = 112  # characters of a table
_NUMBER_WIDTH, _MOST_WIDTHS = 24.0, 50_000
_ABOVE_TITLE = 60.0  # points
_LEAST_BELOW = 130.0  # points: three headings and three lines


def as_pdf(report: Report) -> bytes:
    """The whole report; the same report gives the same bytes."""
    _use_fonts()
    target = io.BytesIO()
    _document(target, report).build(list(_Flow(report).story()))
    return target.getvalue()


@functools.cache
def _use_fonts() -> None:
    """Colours, and fonts with all letters of the participating States' names: those that come with matplotlib."""
    import matplotlib as mpl
    from reportlab import rl_config
    from reportlab.lib.colors import HexColor, toColor
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    class Font(TTFont):  # type: ignore[misc] # untyped library
        """A font that measures each word once: most of the time of a long report went into that."""

        def __init__(self, name: str, path: Path) -> None:
            super().__init__(name, path)
            self._width = functools.lru_cache(_MOST_WIDTHS)(super().stringWidth)

        def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802 - the library's name
            return float(self._width(text, size, encoding))

    rl_config.useA85 = 0  # text armour that no reader of today needs
    # Colours by name are found at once; the library would parse each of them as an expression first.
    used = (_INK, _MUTED, _DEEP, _LINE, _LINK, *_MARKED, *itertools.chain(*STRENGTH_COLOURS))
    toColor.setExtraColorsNameSpace({one: HexColor(one) for one in used})
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, face in _FACES.items():
        pdfmetrics.registerFont(Font(name, folder / f"{face}.ttf"))
    for name in ("Report", "Report-Serif"):
        for is_bold in (0, 1):
            for is_italic in (0, 1):
                addMapping(name, is_bold, is_italic, "Report-Bold" if is_bold else name)


@functools.cache
def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    base = ParagraphStyle("body", fontName="Report", fontSize=8.5, leading=12.5, textColor=_INK, spaceAfter=5)

    def style(name: str, **look: Any) -> Any:
        return ParagraphStyle(name, base, **look)

    styles = {
        "title": style("title", fontName="Report-Bold", fontSize=22, leading=27, textColor=_DEEP),
        "subtitle": style("subtitle", fontSize=11, leading=15),
        "muted": style("muted", textColor=_MUTED, spaceAfter=12),
        "body": base,
        "item": style("item", leftIndent=11, bulletIndent=1, spaceAfter=3),
        "entry": style(
            "entry", fontName="Report-Serif", fontSize=9, leading=12.5, spaceBefore=4, allowWidows=0, allowOrphans=0
        ),
        "caption": style("caption", fontSize=7.5, leading=10, textColor=_MUTED, spaceBefore=4, keepWithNext=1),
        "cell": style("cell", fontSize=7, leading=9.2, spaceAfter=0),
        "figure": style("figure", fontSize=7, leading=9.2, spaceAfter=0, alignment=2),
    }
    for level, size, before in ((1, 15, 18), (2, 11.5, 12), (3, 9.5, 8), (4, 8.5, 6)):
        look = {"fontName": "Report-Bold", "fontSize": size, "leading": size * 1.3, "textColor": _DEEP}
        styles[f"h{level}"] = style(f"h{level}", spaceBefore=before, spaceAfter=3, keepWithNext=1, **look)
    for depth in range(3):
        face = "Report" if depth else "Report-Bold"
        styles[f"toc{depth}"] = style(f"toc{depth}", fontName=face, leftIndent=12 * depth, spaceAfter=1)
    return styles


def _document(target: io.BytesIO, report: Report) -> Any:
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    class Document(BaseDocTemplate):  # type: ignore[misc] # untyped library
        def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - the library's name
            place = getattr(flowable, "place", None)
            if place is not None:
                depth, title, key = place
                self.canv.addOutlineEntry(title, key, depth, closed=depth > 0)
                _define_number(self.canv, key, self.page, _styles()[f"toc{depth}"])

    document = Document(
        target, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=60, bottomMargin=56,
        title=report.title, author=report.cover.author or "osce-commitments", subject=report.subtitle,
        lang="en-GB", invariant=1, pageCompression=1,
    )  # fmt: skip
    frame = Frame(_MARGIN, 56, _WIDTH, A4[1] - 116, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=_furniture(report, A4[1]))])
    return document


def _define_number(canvas: Any, key: str, page: int, style: Any) -> None:
    """Draw the page number that the contents, which come earlier, refer to: so one pass is enough."""
    canvas.beginForm(f"page-{key}", 0, -style.leading, _NUMBER_WIDTH, style.leading)
    canvas.setFont(style.fontName, style.fontSize)
    canvas.setFillColor(style.textColor)
    canvas.drawRightString(_NUMBER_WIDTH, 0, str(page))
    canvas.endForm()


def _furniture(report: Report, height: float) -> Any:
    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Report", 7)
        canvas.setFillColor(_MUTED)
        if document.page > 1:
            canvas.drawString(_MARGIN, height - 40, report.title[:110])
        if report.cover.marking:
            canvas.setFont("Report-Bold", 7)
            canvas.drawRightString(_MARGIN + _WIDTH, height - 40, report.cover.marking)
            canvas.setFont("Report", 7)
        canvas.drawString(_MARGIN, 34, report.edition)
        canvas.drawRightString(_MARGIN + _WIDTH, 34, str(document.page))
        canvas.restoreState()

    return draw


class _Flow:
    """Turns sections and blocks into what reportlab flows over pages."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._styles = _styles()
        self._depths = {id(section): depth for depth, section in report.contents()}
        self._anchors = report.anchors()

    def story(self) -> Iterator[Any]:
        from reportlab.platypus import PageBreak, Spacer

        report = self._report
        yield Spacer(1, _ABOVE_TITLE)
        yield self._paragraph(escape(report.title), "title")
        if report.subtitle:
            yield self._paragraph(escape(report.subtitle), "subtitle")
        for name, value in report.cover.lines:
            yield self._paragraph(f'<font color="{_MUTED}">{escape(name)}:</font> {escape(value)}', "body")
        yield self._paragraph(escape(report.edition), "muted")
        yield self._paragraph("Contents", "h2")
        yield from self._contents()
        for index, section in enumerate(report.sections):
            if index in report.new_pages:
                yield PageBreak()
            yield from self._section(section, 1)

    def _contents(self) -> Iterator[Any]:
        for depth, section in self._report.contents():
            link = f'<a href={quoteattr(f"#{section.id}")} color="{_INK}">{escape(section.title)}</a>'
            line = self._paragraph(link, f"toc{min(depth, 2)}")
            line.number_of = section.id
            yield line

    def _section(self, section: ReportSection, level: int, *, follows_heading: bool = False) -> Iterator[Any]:
        from reportlab.platypus import CondPageBreak

        count = f' <font color="{_MUTED}" size="8">{section.counted}</font>' if section.count is not None else ""
        heading = self._paragraph(
            f"<a name={quoteattr(section.id)}/>{escape(section.title)}{count}", f"h{min(level, 4)}"
        )
        depth = self._depths.get(id(section))
        if depth is not None:
            heading.place = min(depth, 2), section.title, section.id
        if _begins_with_entry(section):
            # An entry may begin below its heading and end on the next page; kept whole, it would leave a page half empty.
            heading.keepWithNext = 0
            if not follows_heading:
                yield CondPageBreak(_LEAST_BELOW)
        yield heading
        for index, block in enumerate(section.blocks):
            for one in self._block(block):
                if section.keeps_next(index):
                    one.keepWithNext = 1
                yield one
        for index, part in enumerate(section.sections):
            yield from self._section(part, level + 1, follows_heading=not index and not section.blocks)

    def _block(self, block: Any) -> Iterator[Any]:
        if isinstance(block, ReportParagraph):
            bullet = "\u2022" if block.is_item else None
            yield self._paragraph(self._runs(block.runs), "item" if block.is_item else "body", bullet)
        elif isinstance(block, Table):
            yield from self._table(block)
        elif isinstance(block, Figure):
            yield from self._figure(block)
        else:
            yield from self._entry(block)

    def _entry(self, entry: ReportEntry) -> Iterator[Any]:
        ground, ink = STRENGTH_COLOURS[entry.strength.level]
        anchor = f"<a name={quoteattr(entry.anchor)}/>" if entry.anchor else ""
        label = f'<font name="Report-Bold" size="7" color="{ink}" backColor="{ground}">&nbsp;{entry.strength.value}&nbsp;</font>'
        mark = f' <font color="{_MARKED[2]}"><b>{escape(entry.mark.value)}</b></font>' if entry.mark else ""
        facts = [f'<font color="{_INK}">{self._run(entry.citation)}</font>']
        facts += [f"{escape(name)}: {self._runs(runs)}" for name, runs in entry.facts]
        source = f'<font name="Report" size="7" color="{_MUTED}">{" · ".join(facts)}</font>'
        # One paragraph, so that a page can end inside it and its source is never alone.
        yield self._paragraph(f"{anchor}{label}{mark}&nbsp; {self._runs(entry.reading)}<br/>{source}", "entry")

    def _table(self, table: Table) -> Iterator[Any]:
        from reportlab.platypus import LongTable, Spacer, TableStyle

        yield self._paragraph(escape(table.caption), "caption")
        head = [
            self._paragraph(f"<b>{escape(name)}</b>", self._cell(index, table))
            for index, name in enumerate(table.columns)
        ]
        rows = [
            [self._paragraph(self._runs(cell), self._cell(index, table)) for index, cell in enumerate(row)]
            for row in table.rows
        ]
        look = TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
                ("LINEBELOW", (0, 0), (-1, 0), 1, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 7),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
        yield LongTable(
            [head, *rows],
            colWidths=[_WIDTH * share for share in table.column_shares(_TABLE_LINE)],
            repeatRows=1,
            style=look,
            hAlign="LEFT",
        )
        yield Spacer(1, 8)

    @staticmethod
    def _cell(position: int, table: Table) -> str:
        return "figure" if position in table.numeric else "cell"

    def _figure(self, figure: Figure) -> Iterator[Any]:
        from reportlab.lib.utils import ImageReader
        from reportlab.platypus import Image

        content = figure.drawn("png")
        width, height = ImageReader(io.BytesIO(content)).getSize()
        wide = min(_WIDTH, figure.width * 72)
        picture = Image(io.BytesIO(content), width=wide, height=wide * height / width, hAlign="LEFT")
        picture.keepWithNext = 1
        yield picture
        caption = self._paragraph(escape(figure.caption), "caption")
        caption.keepWithNext = 0  # the table below it need not be on its page
        yield caption

    def _paragraph(self, markup: str, style: str, bullet: str | None = None) -> Any:
        return _paragraph_class()(markup, self._styles[style], bulletText=bullet)

    def _runs(self, runs: TextRuns) -> str:
        return "".join(map(self._run, runs))

    def _run(self, run: TextRun) -> str:
        before, after = _AROUND[run.style]
        words = f"{before}{escape(_printable(run.text))}{after}"
        if not run.target or (run.target.startswith("#") and run.target[1:] not in self._anchors):
            return words
        return f'<a href={quoteattr(run.target)} color="{_LINK}">{words}</a>'


def _begins_with_entry(section: ReportSection) -> bool:
    if not section.blocks and section.sections:
        return _begins_with_entry(section.sections[0])
    return isinstance(next(iter(section.blocks), None), ReportEntry)


@functools.cache
def _paragraph_class() -> Any:
    from reportlab.platypus import Paragraph

    class Line(Paragraph):  # type: ignore[misc] # untyped library
        """A paragraph that is broken into lines once for a width; in the contents, with dots and the number of a page."""

        number_of = ""
        _broken: tuple[float, tuple[float, float]] = (-1.0, (0.0, 0.0))

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            if self._broken[0] != width or not hasattr(self, "blPara"):
                self._broken = width, super().wrap(width, height)
            return self._broken[1]

        def draw(self) -> None:
            super().draw()
            if not self.number_of:
                return
            style, canvas = self.style, self.canv
            # Of a title on several lines, the number is on the last.
            base = self.blPara.lines and style.leading - style.fontSize
            start = style.leftIndent + canvas.stringWidth(self.text_of_last_line(), style.fontName, style.fontSize) + 6
            end = self.width - _NUMBER_WIDTH
            canvas.saveState()
            canvas.setFillColor(_MUTED)
            canvas.setFont("Report", style.fontSize)
            step = canvas.stringWidth(" .", "Report", style.fontSize)
            canvas.drawRightString(end + 2, base, " ." * max(int((end - start) / step), 0))
            canvas.translate(end, base)
            canvas.doForm(f"page-{self.number_of}")
            canvas.restoreState()

        def text_of_last_line(self) -> str:
            line = self.blPara.lines[-1]
            return " ".join(line[1]) if isinstance(line, tuple) else "".join(word.text for word in line.words)

    return Line


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
