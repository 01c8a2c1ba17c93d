"""The forms in which a marked-up document is measured: text, DOCX and PDF without mark-up."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from corpora.marked_up.truth import NS, name_of, words_of
from osce_commitments.texts.normalise import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PARTS = ("coverPage", "preface", "preamble", "mainBody", "conclusions", "attachments")
_HEADINGS = frozenset({"heading", "subheading"})
_LINES = frozenset({"p", "listIntroduction", "crossHeading"})
_INDENT = 18


class DocumentForm(StrEnum):
    """A form of a document."""

    MARK_UP = "mark-up"
    TEXT = "text"
    DOCX = "docx"
    RE_SET_PDF = "re-set-pdf"
    PRINTED_PDF = "printed-pdf"


@dataclass(frozen=True, slots=True)
class SetLine:
    """One paragraph to set, below ``depth`` lists; only a row of a table has cells."""

    words: str
    depth: int = 0
    is_heading: bool = False
    cells: tuple[str, ...] = ()


def set_lines(top: Element) -> list[SetLine]:
    """Return the paragraphs of a document in order, numbers in front, footnotes and their marks removed."""
    return [line for part in top if name_of(part) in _PARTS for line in _lines(part, 0)]


def _lines(element: Element, depth: int) -> Iterator[SetLine]:
    name = name_of(element)
    if name in {"meta", "num", "authorialNote", ""}:
        return
    if name == "tr":
        cells = tuple(words_of(cell) for cell in element)
        if any(cells):
            yield SetLine(" ".join(cells), cells=cells)
        return
    if name in _HEADINGS or name in _LINES:
        words = words_of(element)
        if words:
            yield SetLine(words, depth, is_heading=name in _HEADINGS or element.find(f".//{NS}docTitle") is not None)
        return
    inner = depth + 1 if name in {"point", "item"} else depth
    label = element.find(f"{NS}num")
    number = words_of(label)
    # A heading among the items can be inside the item below it, before its number.
    headings = [] if label is None else [*label.itersiblings(preceding=True)][::-1]
    yield from (line for child in headings for line in _lines(child, inner))
    below = [line for child in element if child not in headings for line in _lines(child, inner)]
    if below and number:
        below[0] = SetLine(f"{number} {below[0].words}", below[0].depth, below[0].is_heading)
    yield from below


def set_text(lines: Sequence[SetLine]) -> bytes:
    """Return the lines as plain text, a paragraph a line."""
    return ("\n\n".join("\t".join(line.cells) or line.words for line in lines) + "\n").encode()


def set_docx(lines: Sequence[SetLine]) -> bytes:
    """Return the lines as a DOCX file with indents, and headings in bold."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    for line in lines:
        if line.cells:
            table = document.add_table(rows=1, cols=len(line.cells))
            for cell, words in zip(table.rows[0].cells, line.cells, strict=True):
                cell.text = words
            continue
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Pt(_INDENT * line.depth)
        paragraph.add_run(line.words).bold = line.is_heading
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def set_pdf(lines: Sequence[SetLine]) -> bytes:
    """Return the lines as a PDF file with page numbers, indents, and headings in bold."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    stream = io.BytesIO()
    template = SimpleDocTemplate(stream, pagesize=(595, 842), invariant=1)
    flow = []
    for line in lines:
        font = "Times-Bold" if line.is_heading else "Times-Roman"
        style = ParagraphStyle(
            "set", fontName=font, fontSize=10.5, leading=12.5, spaceAfter=7, leftIndent=_INDENT * line.depth
        )
        if line.cells:
            flow.append(Table([[Paragraph(html.escape(clean(cell)), style) for cell in line.cells]], style=[_GRID]))
        else:
            flow.append(Paragraph(html.escape(clean(line.words)), style))
    template.build(flow, onFirstPage=_page_number, onLaterPages=_page_number)
    return stream.getvalue()


_GRID = ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))


def _page_number(canvas: object, document: object) -> None:
    canvas.setFont("Times-Roman", 9)  # type: ignore[attr-defined]
    canvas.drawCentredString(297, 30, str(document.page))  # type: ignore[attr-defined]


SETTERS: Mapping[DocumentForm, tuple[str, Callable[[Sequence[SetLine]], bytes]]] = {
    DocumentForm.TEXT: (".txt", set_text),
    DocumentForm.DOCX: (".docx", set_docx),
    DocumentForm.RE_SET_PDF: (".pdf", set_pdf),
}
"""The forms that are set from the mark-up: ending of the file and how it is written."""
