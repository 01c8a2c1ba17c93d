"""Reader of DOCX files: accepted text of tracked changes, labels of automatic numbering, notes, tables."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.docx_numbering import Element, Numbering, value_of, w
from osce_commitments.documents.readers.html_reader import broken
from osce_commitments.documents.records import Line, ReaderOutput
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze, superscript

if TYPE_CHECKING:
    from osce_commitments.config import Limits


_MEGABYTE = 1_000_000
_MAX_NESTED_TABLES = 20
# Elements whose text is not printed: deletions, the source of a move, alternative drawings, field codes.
_DROPPED = frozenset(
    map(w, ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "drawing", "pict"))
)
_PRINTED = {w("tab"): "\n", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-", w("softHyphen"): ""}
_DAMAGED = "save it again in a word processor, or give it as PDF"


def read_docx(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of a DOCX file, one per paragraph.

    Raises:
        DocumentError: If the file is encrypted, damaged, not DOCX, or unpacks to more than the limit.
    """
    _guard(content, limits)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        document = Document(io.BytesIO(content))
        lines = tuple(_Reader(document).lines())
    except (PackageNotFoundError, KeyError, ValueError, XMLSyntaxError, zipfile.BadZipFile, zlib.error) as error:
        msg = f"the DOCX file is damaged: {' '.join(str(error).split())[:120]}"
        raise DocumentError(msg, _DAMAGED, reason="damaged") from error
    return ReaderOutput(lines, title=squeeze(document.core_properties.title or ""))


def _guard(content: bytes, limits: Limits) -> None:
    """Reject files that are unsafe to open: python-docx unpacks every part into memory."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        msg = "the file is an encrypted DOCX or an old DOC file"
        raise DocumentError(msg, "save it as DOCX without a password", reason="encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        msg = "the file is no DOCX file, or it is cut short"
        raise DocumentError(msg, "download it again", reason="truncated") from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.max_unpacked_megabytes * _MEGABYTE:
        msg = f"the DOCX unpacks to {unpacked // _MEGABYTE} MB, more than {limits.max_unpacked_megabytes} MB"
        raise DocumentError(msg, "raise limits.max_unpacked_megabytes if you trust the file", reason="too_large")
    if "word/document.xml" not in {part.filename for part in parts} and not any(
        part.filename.endswith("document.xml") for part in parts
    ):
        msg = "the archive holds no Word document"
        raise DocumentError(msg, "save it as DOCX in a word processor", reason="not_docx")


class _Reader:
    def __init__(self, document: Any) -> None:  # noqa: ANN401 - python-docx brings no types
        self._document = document
        self._styles = {style.style_id: style for style in document.styles}
        self._numbering = Numbering(document)
        self._notes: list[str] = []
        self._held = ""

    def lines(self) -> Iterator[Line]:
        """Running head of the first page, body, notes, other running heads."""
        yield from self._running_heads(first=True)
        for line in self._story(self._document.element.body, depth=0):
            yield line
            yield from self._pending_notes()
        yield from self._running_heads(first=False)

    def _running_heads(self, *, first: bool) -> Iterator[Line]:
        """Return headers and footers; those of the first page may be the header block, the others are furniture."""
        section = self._document.sections[0]
        apart = section.different_first_page_header_footer
        if first:
            parts = [section.first_page_header] if apart else []
        else:
            parts = [section.header, section.footer] + ([section.first_page_footer] if apart else [])
        for part in parts:
            if part.is_linked_to_previous:
                continue
            for line in self._story(part._element, depth=0):  # noqa: SLF001 - the only way to its XML
                yield line if first else Line(line.text, whole=True, kind=BlockKind.FURNITURE)

    def _story(self, parent: Element, depth: int) -> Iterator[Line]:
        for child in parent:
            if child.tag == w("p"):
                yield from self._paragraph(child, in_table=depth > 0)
            elif child.tag == w("tbl") and depth < _MAX_NESTED_TABLES:
                for row in child.iterchildren(w("tr")):
                    cells = [
                        cell
                        for cell in row.iter(w("tc"))
                        if cell.getparent() is row or cell.getparent().tag == w("sdtContent")
                    ]
                    for column, cell in enumerate(cells, start=1):
                        for line in self._story(cell, depth + 1):
                            yield replace(line, level=column) if line.kind is BlockKind.TABLE else line
            elif child.tag in (w("sdt"), w("sdtContent"), w("ins"), w("moveTo"), w("customXml"), w("smartTag")):
                yield from self._story(child, depth)

    def _paragraph(self, element: Element, *, in_table: bool) -> Iterator[Line]:
        text = self._held + clean("".join(self._pieces(element)))
        self._held = ""
        if element.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None:
            # The paragraph mark was deleted: the text continues in the next paragraph.
            self._held = text
            return
        style = self._style_chain(element)
        label = self._numbering.label(element, style) if text.strip() else ""
        if not text.strip():
            return
        kind, level = _kind(style, in_table=in_table)
        first, *others = broken(text)
        printed = f"{label} {first}" if label and not layout_rules().finds("list_label", first) else first
        for part in (printed, *others):
            yield Line(
                squeeze(part),
                left=self._indent(element, style),
                bold=_is_bold(element, style),
                whole=True,
                kind=kind,
                level=level,
            )

    def _pieces(self, element: Element) -> Iterator[str]:
        """Return the text of an element in order, with note marks."""
        for child in element:
            if child.tag in _DROPPED:
                continue
            if child.tag == w("t"):
                yield child.text or ""
            elif child.tag == w("r") and value_of(child.find(f"{w('rPr')}/{w('vertAlign')}")) == "superscript":
                raised = "".join(self._pieces(child))
                yield superscript(raised) if raised.strip().isdigit() else raised
            elif child.tag in _PRINTED:
                yield _PRINTED[child.tag]
            elif child.tag == w("sym"):
                yield chr(int(child.get(w("char"), "20"), 16))
            elif child.tag in (w("footnoteReference"), w("endnoteReference")):
                yield self._note_mark(child)
            elif child.tag != "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent":
                yield from self._pieces(child)

    def _note_mark(self, reference: Element) -> str:
        part = "footnotes" if reference.tag == w("footnoteReference") else "endnotes"
        note = self._note(part, reference.get(w("id"), ""))
        self._notes.append(note)
        self._note_count = getattr(self, "_note_count", 0) + 1
        return superscript(str(self._note_count))

    def _note(self, part_name: str, identifier: str) -> str:
        from docx.oxml import parse_xml

        for relation in self._document.part.rels.values():
            if relation.reltype.endswith("/" + part_name):
                for note in parse_xml(relation.target_part.blob):
                    if note.get(w("id")) == identifier:
                        return squeeze("".join(self._pieces(note)))
        return ""

    def _pending_notes(self) -> Iterator[Line]:
        first = getattr(self, "_note_count", 0) - len(self._notes) + 1
        for number, note in enumerate(self._notes, start=first):
            if note:
                yield Line(f"{superscript(str(number))} {note}", whole=True, kind=BlockKind.FOOTNOTE)
        self._notes.clear()

    def _style_chain(self, element: Element) -> list[Any]:
        """Return the style of a paragraph and the styles that it is based on; Normal is implied."""
        named = element.find(f"{w('pPr')}/{w('pStyle')}")
        style = self._styles.get(value_of(named)) if named is not None else None
        chain: list[Any] = []
        while style is not None and style not in chain:
            chain.append(style)
            style = style.base_style
        return chain

    def _indent(self, element: Element, style: list[Any]) -> float:
        for holder in (element, *(item.element for item in style)):
            indent = holder.find(f"{w('pPr')}/{w('ind')}")
            if indent is not None:
                twips = indent.get(w("left")) or indent.get(w("start")) or "0"
                return float(twips) / 20 if twips.lstrip("-").isdigit() else 0.0
        return 0.0


def _kind(style: list[Any], *, in_table: bool) -> tuple[BlockKind | None, int]:
    for item in style:
        name = (item.name or "").lower()
        if name.startswith("heading ") and name[8:].isdigit():
            return BlockKind.HEADING, int(name[8:])
        if name == "title":
            return BlockKind.TITLE, 0
        if name.startswith(("toc ", "table of contents")):
            return BlockKind.CONTENTS, 0
        if name in {"header", "footer"}:
            break
    return (BlockKind.TABLE, 0) if in_table else (None, 0)


def _is_bold(element: Element, style: list[Any]) -> bool:
    """Whether all runs with text are bold, directly or by the paragraph's style."""
    by_style = next((is_bold for item in style if (is_bold := item.font.bold) is not None), False)
    runs = [run for run in element.iter(w("r")) if any((text.text or "").strip() for text in run.iter(w("t")))]
    return bool(runs) and all(_run_is_bold(run, by_style=bool(by_style)) for run in runs)


def _run_is_bold(run: Element, *, by_style: bool) -> bool:
    mark = run.find(f"{w('rPr')}/{w('b')}")
    return by_style if mark is None else mark.get(w("val"), "true") not in {"0", "false", "off"}
