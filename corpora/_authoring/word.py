"""DOCX with paragraph styles and, where the source says so, automatic numbering through those styles.

Bytes depend on nothing but the source: fixed core properties and archive times, stored without compression.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from corpora._authoring.markup import NOTE, NOTE_MARK, Kind, typeset
from corpora._authoring.numbering import check_automatic

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    from corpora._authoring.markup import Block, Part, Sample

_TIME = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_LEVELS = (("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)"), ("bullet", "\u2013"))
_NUMBERING = "1001"
_UNUSED = ("/stylesWithEffects", "/thumbnail", "/customXml", "/webSettings", "/fontTable")


def render_docx(sample: Sample) -> bytes:
    """Write the instruments of a sample one after the other."""
    document = Document()
    _strip_template(document)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.author = NOTE
    document.core_properties.created = document.core_properties.modified = _TIME
    _add_styles(document)
    foot = document.sections[0].footer.paragraphs[0]
    foot.text = NOTE
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in sample.parts:
        _Writer(document, part).run()
    buffer = io.BytesIO()
    document.save(buffer)
    return _stored(buffer.getvalue())


def _stored(content: bytes) -> bytes:
    """The same archive with fixed times, sorted members and no compression."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    return target.getvalue()


def _strip_template(document: WordDocument) -> None:
    """Drop what the library's template brings and no sample uses: a picture and some hundred table styles."""
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(_UNUSED)]:
            del relations[key]
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()


def _add_styles(document: WordDocument) -> None:
    """Four list styles that carry their numbering, as word processors write them."""
    numbering = document.part.numbering_part.element
    levels = "".join(_level(index, form, text) for index, (form, text) in enumerate(_LEVELS))
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_NUMBERING}">{levels}</w:abstractNum>'
    numbering.insert(0, parse_xml(abstract))
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{_NUMBERING}"><w:abstractNumId w:val="{_NUMBERING}"/></w:num>',
        )
    )
    for index in range(len(_LEVELS)):
        style = document.styles.add_style(f"Decision Level {index + 1}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.element.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{index}"/><w:numId w:val="{_NUMBERING}"/></w:numPr>',
            )
        )


def _level(index: int, form: str, text: str) -> str:
    left = 720 + 567 * index
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="DecisionLevel{index + 1}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="567"/></w:pPr></w:lvl>'
    )


class _Writer:
    """Writes one instrument."""

    def __init__(self, document: WordDocument, part: Part) -> None:
        self.document = document
        self.part = part
        self.is_automatic = part.facts.get("numbering") == "automatic"
        if self.is_automatic:
            check_automatic(part.blocks)

    def run(self) -> None:
        self._head()
        for block in self.part.blocks:
            self._add(block)
        for mark, note in self.part.notes.items():
            paragraph = self.document.add_paragraph()
            paragraph.add_run(mark).font.superscript = True
            paragraph.add_run(" " + note).font.size = Pt(8)

    def _head(self) -> None:
        left, right = self.part.left_head(), self.part.rows("right")
        rows = [(_at(left, i), _at(right, i)) for i in range(max(len(left), len(right)))]
        if self.part.facts.get("head") == "table":
            self._head_table(rows)
        elif not self.part.has("no_head"):
            for one, other in rows:
                paragraph = self.document.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(0)
                paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(432), WD_TAB_ALIGNMENT.RIGHT)
                paragraph.add_run(one).bold = True
                paragraph.add_run("\t" + other)
        for key in ("session", "journal"):
            for row in self.part.rows(key):
                self.document.add_paragraph().add_run(row).bold = key == "session"

    def _head_table(self, rows: list[tuple[str, str]]) -> None:
        table = self.document.add_table(rows=1, cols=2)
        cells = table.rows[0].cells
        cells[0].text = "\n".join(one for one, _ in rows).rstrip("\n")
        facts = cells[1].paragraphs[0]
        facts.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._runs(facts, "\n".join(other for _, other in rows))

    def _add(self, block: Block) -> None:
        if block.kind is Kind.PAGE:
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.kind is Kind.SECTION:
            self._section(block)
        elif block.kind is Kind.ITEM:
            self._item(block)
        elif block.kind is Kind.HEADING:
            self.document.add_heading(typeset(block.text), block.level)
        elif block.kind is Kind.TITLE:
            self._lines(block, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif block.kind in {Kind.CENTRED, Kind.RIGHT}:
            is_centred = block.kind is Kind.CENTRED
            paragraph = self._lines(block, bold=is_centred)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_centred else WD_ALIGN_PARAGRAPH.RIGHT
        elif block.kind is Kind.TABLE:
            self._table(block)
        elif block.kind is Kind.PARAGRAPH:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.left_indent = Pt(36 + 28 * (block.level - 1)) if block.level else None
            self._runs(paragraph, block.text)

    def _section(self, block: Block) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.page_break_before = True
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        rows = [*self.part.rows("right")[:2], *(typeset(row.strip()) for row in block.text.split("|"))]
        for index, row in enumerate(rows):
            if index:
                paragraph.add_run().add_break()
            paragraph.add_run(NOTE_MARK.sub("", row))

    def _item(self, block: Block) -> None:
        if self.is_automatic:
            self._runs(self.document.add_paragraph(style=f"Decision Level {block.level + 1}"), block.text)
            return
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Pt(36 + 28 * block.level) if block.level else None
        paragraph.paragraph_format.first_line_indent = Pt(-28) if block.level else None
        self._runs(paragraph, f"{block.label}\t{block.text}")

    def _table(self, block: Block) -> None:
        rows = [line.split(" | ") for line in block.lines]
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                self._runs(cell.paragraphs[0], text)

    def _lines(self, block: Block, *, bold: bool) -> Paragraph:
        paragraph = self.document.add_paragraph()
        for index, line in enumerate(block.lines):
            if index:
                paragraph.add_run().add_break()
            self._runs(paragraph, line, bold=bold)
        return paragraph

    def _runs(self, paragraph: Paragraph, text: str, *, bold: bool | None = None) -> None:
        for index, piece in enumerate(NOTE_MARK.split(typeset(text))):
            if piece:
                run = paragraph.add_run(piece)
                run.bold, run.font.superscript = bold, True if index % 2 else None


def _at(rows: list[str], index: int) -> str:
    return rows[index] if index < len(rows) else ""
