"""PDF in the look of printed decisions: header block, running heads, job code, footnotes, raised marks.

Bytes depend on nothing but the source: no clock, no embedded font, no compression (compressors differ by platform).
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from corpora._authoring.markup import NOTE, NOTE_MARK, Kind, Part, typeset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpora._authoring.markup import Block, Sample

_WIDTH, _HEIGHT = A4
_MARGIN = 72.0
_MEASURE = _WIDTH - 2 * _MARGIN
_BOTTOM = 66.0
_FIRST_STEP = 36.0
_STEP = 28.0
_MARK_SIZE = 6
_HEADING_ROOM = 60.0
_NOTE_BULLET = {"bulletIndent": 0, "bulletFontSize": _MARK_SIZE, "bulletOffsetY": 3}
_FONTS = {
    "times": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "helvetica": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
}

_BREAK = re.compile(r"-|(?<=[aeiou])[bcdfglmnprst](?=[bcdfgklmnpstvw][aeiou])")


def render_pdf(sample: Sample) -> bytes:
    """Lay the instruments of a sample out on pages."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(sample.name.removesuffix(".pdf"))
    canvas.setAuthor(NOTE)
    for part in sample.parts:
        _Layout(canvas, part).run()
    canvas.save()
    return buffer.getvalue()


class _Styles:
    """The paragraph styles of one instrument; authors differ in font, size and alignment."""

    def __init__(self, part: Part) -> None:
        self.regular, self.bold, self.italic = _FONTS[part.facts.get("font", "times")]
        self.size = float(part.facts.get("size", "11"))
        self.body = ParagraphStyle(
            "body",
            fontName=self.regular,
            fontSize=self.size,
            bulletFontName=self.regular,
            bulletFontSize=self.size,
            leading=self.size * 1.2,
            alignment=TA_JUSTIFY if part.facts.get("align") == "justify" else 0,
            spaceAfter=self.size * 0.75,
            allowWidows=0,
            allowOrphans=0,
            hyphenationLang=line_breaks if part.has("hyphenate") else "",
            hyphenationMinWordLength=6,
        )
        self.hanging = part.has("hanging")

    def derive(self, name: str, **changes: object) -> ParagraphStyle:
        return ParagraphStyle(name, parent=self.body, **changes)

    def of(self, block: Block) -> ParagraphStyle:
        """Style of a block."""
        if block.kind is Kind.TITLE:
            changes = {"fontName": self.bold, "fontSize": self.size + 1, "alignment": TA_CENTER, "spaceAfter": 14}
            return self.derive("title", leading=(self.size + 1) * 1.2, spaceBefore=10, **changes)
        if block.kind is Kind.HEADING:
            align = TA_CENTER if block.level == 1 else 0
            font = self.italic if block.level == 3 else self.bold  # noqa: PLR2004
            return self.derive("heading", fontName=font, alignment=align, spaceBefore=6, keepWithNext=1)
        if block.kind is Kind.CENTRED:
            return self.derive("centred", alignment=TA_CENTER, fontName=self.bold)
        if block.kind is Kind.RIGHT:
            return self.derive("right", alignment=TA_RIGHT)
        if block.kind is Kind.ITEM:
            return self._item(block)
        return self.derive("paragraph", leftIndent=_indent(block.level))

    def _item(self, block: Block) -> ParagraphStyle:
        if block.level == 0 and not self.hanging and block.label[0].isdigit():
            return self.derive("numbered", firstLineIndent=_FIRST_STEP, bulletIndent=0)
        left = _indent(block.level + 1)
        return self.derive("item", leftIndent=left, bulletIndent=_indent(block.level), firstLineIndent=0)


def _indent(level: int) -> float:
    return 0.0 if level == 0 else _FIRST_STEP + (level - 1) * _STEP


def line_breaks(word: str) -> list[tuple[str, str]]:
    """Where a word may be broken at a line end, last place first: after its hyphens or between two consonants."""
    places = [match.end() for match in _BREAK.finditer(word)]
    return [(word[:at], word[at:]) for at in reversed(places) if 3 <= at <= len(word) - 3]  # noqa: PLR2004


def _raised(paragraph: Paragraph) -> Iterator[str]:
    """The note marks in a paragraph; what is left of a split one holds words as lists of (fragment, text)."""
    for fragment in paragraph.frags:
        pieces = [(fragment, getattr(fragment, "text", ""))] if hasattr(fragment, "fontSize") else fragment[1:]
        yield from (text.strip() for piece, text in pieces if piece.fontSize == _MARK_SIZE)


def _markup(text: str) -> str:
    marked = escape(typeset(text), quote=False)
    return NOTE_MARK.sub(rf'<super size="{_MARK_SIZE}" rise="4">\1</super>', marked)


class _Layout:
    """Fills the pages of one instrument from top to bottom."""

    def __init__(self, canvas: Canvas, part: Part) -> None:
        self.canvas = canvas
        self.part = part
        self.styles = _Styles(part)
        self.page = 1
        self.head = [row for row in part.rows("right")[:2] if row]
        self.y: float = _HEIGHT - 62
        self.notes: list[Paragraph] = []

    def run(self) -> None:
        self._first_head()
        blocks = self.part.blocks
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            self._add(block, following)
        self._end_page()

    def _first_head(self) -> None:
        left, right = self.part.left_head(), self.part.rows("right")
        if not self.part.has("no_head"):
            self._write_head(left, right)
        for key, font in (("session", self.styles.bold), ("journal", self.styles.regular)):
            for row in self.part.rows(key):
                self.canvas.setFont(font, self.styles.size)
                self.canvas.drawString(_MARGIN, self.y, row)
                self.y -= self.styles.size * 1.25
        self.y -= 14
        if code := self.part.facts.get("job_code"):
            self.canvas.setFont(self.styles.regular, 8)
            self.canvas.drawString(_MARGIN, 34, code)

    def _write_head(self, left: list[str], right: list[str]) -> None:
        size = self.styles.size
        edge = _WIDTH - _MARGIN - max([stringWidth(row, self.styles.regular, size) for row in right], default=0.0)
        for index in range(max(len(left), len(right))):
            self.canvas.setFont(self.styles.bold, size)
            self.canvas.drawString(_MARGIN, self.y, left[index] if index < len(left) else "")
            self.canvas.setFont(self.styles.regular, size)
            self.canvas.drawString(edge, self.y, right[index] if index < len(right) else "")
            self.y -= size * 1.25
        self.canvas.setLineWidth(0.5)
        self.canvas.line(_MARGIN, self.y + 4, _WIDTH - _MARGIN, self.y + 4)
        self.y -= 18

    def _running_head(self) -> None:
        self.y = _HEIGHT - 50
        self.canvas.setFont(self.styles.regular, self.styles.size)
        plain = self.part.facts.get("running_head")
        self.canvas.drawCentredString(_WIDTH / 2, self.y, plain or f"- {self.page} -")
        widest = max([stringWidth(row, self.styles.regular, self.styles.size) for row in self.head], default=0.0)
        for row in self.head:
            self.canvas.drawString(_WIDTH - _MARGIN - widest, self.y, row)
            self.y -= self.styles.size * 1.25
        self.y -= 24 if self.head else 34

    def _end_page(self) -> None:
        y = _BOTTOM - 8
        for note in reversed(self.notes):
            note.drawOn(self.canvas, _MARGIN, y)
            y += note.height + 2
        if self.notes:
            self.canvas.setLineWidth(0.4)
            self.canvas.line(_MARGIN, y + 5, _MARGIN + 144, y + 5)
        self.canvas.setFont(self.styles.italic, 7)
        self.canvas.drawCentredString(_WIDTH / 2, 22, NOTE)
        if self.part.facts.get("running_head"):
            self.canvas.setFont(self.styles.regular, 9)
            self.canvas.drawCentredString(_WIDTH / 2, 38, str(self.page))
        self.canvas.showPage()
        self.notes = []

    def _next_page(self) -> None:
        self._end_page()
        self.page += 1
        self._running_head()

    def _add(self, block: Block, following: Block | None) -> None:
        if block.kind is Kind.PAGE:
            self._next_page()
        elif block.kind is Kind.SPACE:
            self.y -= float(block.text)
        elif block.kind is Kind.SECTION:
            self._section(block)
        elif block.kind is Kind.CONTENTS:
            for row in block.lines:
                title, _, page = row.partition(" | ")
                self._contents_row(title, page)
        elif block.kind is Kind.TABLE:
            self._table(block)
        else:
            self._flow(block, following)

    def _section(self, block: Block) -> None:
        self._end_page()
        self.page = 1
        base = [row for row in self.part.rows("right")[:2] if row]
        name, *more = [typeset(row.strip()) for row in block.text.split("|")]
        self.head = [*base, name]
        self.y = _HEIGHT - 62
        left = self.part.left_head() if more else []
        self._write_head(left, [*self.head, "", *more] if more else self.head)

    def _contents_row(self, title: str, page: str) -> None:
        size = self.styles.size
        self.canvas.setFont(self.styles.regular, size)
        dot = stringWidth(" .", self.styles.regular, size)
        room = _MEASURE - stringWidth(f"{title}  999", self.styles.regular, size)
        self.canvas.drawString(_MARGIN, self.y - size, typeset(title) + (" ." * int(room / dot) if page else ""))
        self.canvas.drawRightString(_WIDTH - _MARGIN, self.y - size, page)
        self.y -= size * 1.6

    def _table(self, block: Block) -> None:
        """Rows of equal columns without rules, none of them broken by the page."""
        style = self.styles.derive("cell", alignment=0, fontSize=self.styles.size - 1)
        for line in block.lines:
            cells = [Paragraph(_markup(cell), style) for cell in line.split(" | ")]
            width = _MEASURE / len(cells)
            heights = [cell.wrap(width - 8, _HEIGHT)[1] for cell in cells]
            if max(heights) > self._room():
                self._next_page()
            for column, (cell, height) in enumerate(zip(cells, heights, strict=True)):
                cell.drawOn(self.canvas, _MARGIN + column * width, self.y - height)
            self.y -= max(heights) + 6

    def _flow(self, block: Block, following: Block | None) -> None:
        style = self.styles.of(block)
        text = "<br/>".join(_markup(line) for line in block.lines)
        # Each paragraph is wrapped once: a second time, the library drops the hyphens that it broke words at.
        pending = [Paragraph(text, style, bulletText=block.label or None)]
        self.y -= style.spaceBefore
        if following is not None and block.kind is Kind.HEADING and self._room() < _HEADING_ROOM:
            self._next_page()
        while pending:
            self._place(pending)
        self.y -= style.spaceAfter

    def _place(self, pending: list[Paragraph]) -> None:
        """Put the first paragraph on the page, or as many of its lines as fit, and leave the others pending."""
        paragraph = pending.pop(0)
        notes = self._notes_of(paragraph)
        room = self._room() - sum(note.height + 4 for note in notes) - (10 if notes and not self.notes else 0)
        _, height = paragraph.wrap(_MEASURE, room)
        if height <= room:
            self.y -= height
            paragraph.drawOn(self.canvas, _MARGIN, self.y)
            self.notes += notes
            return
        parts = paragraph.split(_MEASURE, max(room, 0.0))
        if parts:
            pending[:0] = parts[1:]
            self._place([parts[0]])
        else:
            pending.insert(0, paragraph)
        self._next_page()

    def _room(self) -> float:
        return self.y - _BOTTOM - float(sum(note.height + 4 for note in self.notes))

    def _notes_of(self, paragraph: Paragraph) -> list[Paragraph]:
        style = self.styles.derive("note", fontSize=8, leading=9.6, leftIndent=12, **_NOTE_BULLET)
        marks = list(dict.fromkeys(_raised(paragraph)))
        notes = [
            Paragraph(escape(self.part.notes[mark], quote=False), style, bulletText=mark)
            for mark in marks
            if mark in self.part.notes
        ]
        for note in notes:
            note.wrap(_MEASURE, _HEIGHT)
        return notes
