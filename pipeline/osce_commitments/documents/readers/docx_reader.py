"""Reader of DOCX files: accepted text of tracked changes, labels of automatic numbering, notes, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.bounds import bounded
from osce_commitments.documents.readers.docx_numbering import Numbering
from osce_commitments.documents.readers.docx_package import Package, damaged_docx
from osce_commitments.documents.readers.docx_styles import ParagraphStyle, Styles
from osce_commitments.documents.readers.docx_xml import Element, value_of, w
from osce_commitments.documents.readers.html_reader import broken
from osce_commitments.documents.records import Line, ReaderOutput
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze, superscript

if TYPE_CHECKING:
    from osce_commitments.config import Limits


_OFF = frozenset({"0", "false", "off"})
_MAX_NESTED_TABLES = 20
# Elements whose text is not printed: deletions, the source of a move, alternative drawings, field codes.
_DROPPED = frozenset(
    map(w, ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "drawing", "pict"))
)
_PRINTED = {w("tab"): "\n", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-", w("softHyphen"): ""}


def read_docx(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of a DOCX file, one per paragraph.

    Raises:
        DocumentError: If the file is encrypted, damaged, not DOCX, too long, or unpacks to more than the limit.
    """
    package = Package(content, limits)
    try:
        lines = tuple(bounded(_Reader(package).lines(), limits))
    except ValueError as error:  # a value that is no number
        raise damaged_docx(error) from error
    return ReaderOutput(lines, title=squeeze(package.title()))


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.root_of("styles"))
        self._numbering = Numbering(package.root_of("numbering"))
        self._notes: list[str] = []
        self._note_count = 0
        self._texts_of_notes: dict[str, dict[str, str]] = {}
        self._held = ""

    def lines(self) -> Iterator[Line]:
        """Running head of the first page, body, notes, other running heads."""
        yield from self._running_heads(first=True)
        for line in self._story(self._package.body, depth=0):
            yield line
            yield from self._pending_notes()
        yield from self._running_heads(first=False)

    def _running_heads(self, *, first: bool) -> Iterator[Line]:
        """Return headers and footers; those of the first page may be the header block, the others are furniture."""
        section = next(self._package.body.iter(w("sectPr")), None)
        if section is None:
            return
        apart = _is_on(section.find(w("titlePg")))
        if first:
            kinds = [("headerReference", "first")] if apart else []
        else:
            kinds = [("headerReference", "default"), ("footerReference", "default")]
            kinds += [("footerReference", "first")] if apart else []
        for name, kind in kinds:
            part = self._running_head(section, name, kind)
            for line in self._story(part, depth=0) if part is not None else ():
                yield line if first else Line(line.text, whole=True, kind=BlockKind.FURNITURE)

    def _running_head(self, section: Element, name: str, kind: str) -> Element | None:
        of_kind = (one for one in section.iterchildren(w(name)) if one.get(w("type"), "default") == kind)
        reference = next(of_kind, None)
        return None if reference is None else self._package.part(reference)

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
        style = self._styles.chain(element)
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
                yield _symbol(child.get(w("char"), ""))
            elif child.tag in (w("footnoteReference"), w("endnoteReference")):
                yield self._note_mark(child)
            elif child.tag != "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent":
                yield from self._pieces(child)

    def _note_mark(self, reference: Element) -> str:
        part = "footnotes" if reference.tag == w("footnoteReference") else "endnotes"
        note = self._note(part, reference.get(w("id"), ""))
        self._notes.append(note)
        self._note_count += 1
        return superscript(str(self._note_count))

    def _note(self, part_name: str, identifier: str) -> str:
        if part_name not in self._texts_of_notes:
            # Empty first: a note that refers to notes must not read them for ever.
            found = self._texts_of_notes[part_name] = {}
            root = self._package.root_of(part_name)
            for note in () if root is None else root:
                found.setdefault(note.get(w("id"), ""), squeeze("".join(self._pieces(note))))
        return self._texts_of_notes[part_name].get(identifier, "")

    def _pending_notes(self) -> Iterator[Line]:
        first = self._note_count - len(self._notes) + 1
        for number, note in enumerate(self._notes, start=first):
            if note:
                yield Line(f"{superscript(str(number))} {note}", whole=True, kind=BlockKind.FOOTNOTE)
        self._notes.clear()

    def _indent(self, element: Element, style: Sequence[ParagraphStyle]) -> float:
        for holder in (element, *(item.element for item in style)):
            indent = holder.find(f"{w('pPr')}/{w('ind')}")
            if indent is not None:
                twips = indent.get(w("left")) or indent.get(w("start")) or "0"
                return float(twips) / 20 if twips.lstrip("-").isdigit() else 0.0
        return 0.0


def _kind(style: Sequence[ParagraphStyle], *, in_table: bool) -> tuple[BlockKind | None, int]:
    for item in style:
        name = item.name
        if name.startswith("heading ") and name[8:].isdigit():
            return BlockKind.HEADING, int(name[8:])
        if name == "title":
            return BlockKind.TITLE, 0
        if name.startswith(("toc ", "table of contents")):
            return BlockKind.CONTENTS, 0
        if name in {"header", "footer"}:
            break
    return (BlockKind.TABLE, 0) if in_table else (None, 0)


def _is_bold(element: Element, style: Sequence[ParagraphStyle]) -> bool:
    """Whether all runs with text are bold, directly or by the paragraph's style."""
    by_style = next((is_bold for item in style if (is_bold := item.is_bold) is not None), False)
    runs = [run for run in element.iter(w("r")) if any((text.text or "").strip() for text in run.iter(w("t")))]
    return bool(runs) and all(_run_is_bold(run, by_style=bool(by_style)) for run in runs)


def _is_on(mark: Element | None) -> bool:
    return mark is not None and mark.get(w("val"), "true") not in _OFF


def _symbol(code: str) -> str:
    """The character of a symbol; a space if its code names no character."""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return " "


def _run_is_bold(run: Element, *, by_style: bool) -> bool:
    mark = run.find(f"{w('rPr')}/{w('b')}")
    return by_style if mark is None else _is_on(mark)
