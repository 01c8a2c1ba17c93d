"""Reader of DOCX files: accepted text of tracked changes, labels of automatic numbering, notes, tables, text boxes.

An element that it does not know keeps its text where it stands. What is left out on purpose is a short list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from osce_commitments.config import Limits
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.bounds import bounded
from osce_commitments.documents.readers.docx_package import (
    NO_TEXT,
    Element,
    Numbering,
    Package,
    ParagraphStyle,
    Styles,
    damaged_docx,
    local_name,
    value_of,
    w,
)
from osce_commitments.documents.readers.html_reader import broken, lines_of_fragment
from osce_commitments.documents.records import LeftOut, Line, ReaderOutput
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze, superscript

_OFF = frozenset({"0", "false", "off"})
_MAX_NESTED_TABLES = 20
# Elements that are not printed, with their kind. Of a moved passage only the new place is read.
_LEFT_OUT = {
    w("del"): "deleted passage",
    w("delText"): "deleted passage",
    w("moveFrom"): "moved passage",
    w("instrText"): "field instruction",
    w("delInstrText"): "",
}
_COPIES = frozenset({w("moveFrom")})
# Attributes with words that are printed nowhere, with their kind.
_BESIDE_THE_TEXT = {
    "{*}docPr": ("title", "picture description"),
    w("tblCaption"): (w("val"), "table description"),
    w("tblDescription"): (w("val"), "table description"),
    w("listItem"): (w("displayText"), "entry of a choice"),
    w("listEntry"): (w("val"), "entry of a choice"),
    w("hyperlink"): (w("tooltip"), "tooltip"),
}
_DRAWINGS = frozenset({w("drawing"), w("pict"), w("object")})
_PRINTED = {"tab": "\n", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
# Fields that only number, date, refer or ask; what they print stands in their result.
_SILENT_FIELDS = """
PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF STYLEREF HYPERLINK TOC SEQ DATE TIME SAVEDATE CREATEDATE
PRINTDATE FILENAME AUTHOR TITLE DOCPROPERTY FORMTEXT FORMCHECKBOX FORMDROPDOWN INCLUDEPICTURE EMBED ADDIN SYMBOL
"""


def read_docx(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of a DOCX file, one per paragraph."""
    package = Package(content, limits)
    try:
        reader = _Reader(package)
        lines = tuple(bounded(reader.lines(), limits))
        texts = package.texts()
        reader.leave_out_parts(texts)
    except ValueError as error:  # a value that is no number
        raise damaged_docx(error) from error
    return ReaderOutput(lines, squeeze(package.title), held=" ".join(texts.values()), left_out=tuple(reader.left_out))


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.root_of("styles"))
        self._numbering = Numbering(package.root_of("numbering"))
        self._notes: list[str] = []
        self._note_count = 0
        self._texts_of_notes: dict[str, dict[str, str]] = {}
        self._unread_notes: dict[tuple[str, str], str] = {}
        self._held = ""
        self._drawings: list[Element] = []  # of the paragraph that is read
        self._heads: set[int] = set()
        self.left_out: list[LeftOut] = []

    def lines(self) -> Iterator[Line]:
        """Running head of the first page, body, notes, other running heads."""
        yield from self._running_heads(first=True)
        for line in self._story(self._package.body, depth=0):
            yield line
            yield from self._pending_notes()
        if self._held.strip():
            yield Line(squeeze(self._held), whole=True)
        yield from self._running_heads(first=False)
        yield from self._pending_notes()

    def leave_out_parts(self, texts: dict[str, str]) -> None:
        """Record the words in attributes, and those in notes and parts to which nothing in the text refers."""
        for root in self._package.roots():
            for tag, (attribute, kind) in _BESIDE_THE_TEXT.items():
                self.left_out += [LeftOut(kind, element.get(attribute, "")) for element in root.iter(tag)]
            self.left_out += [_field(element.get(w("instr"), "")) for element in root.iter(w("fldSimple"))]
        for part in ("footnotes", "endnotes"):
            self._note(part, "")
        self.left_out += [LeftOut("unreferenced note", text) for text in self._unread_notes.values()]
        self.left_out += [LeftOut("embedded file", name) for name in self._package.embedded_files()]
        comments = self._package.root_of("comments")
        for comment in () if comments is None else comments:
            self.left_out.append(LeftOut("comment", _plain_text(comment)))
        for name, text in texts.items():
            if name not in self._package.seen:
                is_head = name.rpartition("/")[2].startswith(("header", "footer"))
                is_cache = "/diagrams/" in name
                self.left_out.append(
                    LeftOut("running head" if is_head else "other part", text, is_copy=is_head or is_cache)
                )

    def _running_heads(self, *, first: bool) -> Iterator[Line]:
        """Return headers and footers; those of the first page may be the header block, the others are furniture."""
        for place, section in enumerate(self._package.body.iter(w("sectPr"))):
            apart = _is_on(section.find(w("titlePg")))
            if first:
                kinds = [("headerReference", "first")] if apart and not place else []
            else:
                kinds = [("headerReference", "default"), ("footerReference", "default")]
                kinds += [("footerReference", "first")] if apart else []
                kinds += [("headerReference", "first")] if apart and place else []
            for name, kind in kinds:
                of_kind = (head for head in section.iterchildren(w(name)) if head.get(w("type"), "default") == kind)
                reference = next(of_kind, None)
                part = None if reference is None else self._package.part(reference)
                if part is None or id(part) in self._heads:
                    continue
                self._heads.add(id(part))
                for line in self._story(part, depth=0):
                    yield line if first else Line(line.text, whole=True, kind=BlockKind.FURNITURE)

    def _story(self, parent: Element, depth: int) -> Iterator[Line]:
        for child in parent:
            if child.tag == w("p"):
                yield from self._paragraph(child, depth)
            elif child.tag == w("tbl") and depth < _MAX_NESTED_TABLES:
                for row in self._inside(child, "tr"):
                    for column, cell in enumerate(self._inside(row, "tc"), start=1):
                        for line in self._story(cell, depth + 1):
                            yield replace(line, level=column) if line.kind is BlockKind.TABLE else line
            elif child.tag in _LEFT_OUT:
                self._leave_out(child)
            elif local_name(child) == "AlternateContent":
                for branch in self._branches(child):
                    yield from self._story(branch, depth)
            elif child.tag == w("altChunk"):
                name, content = self._package.text_of(child)
                if name.lower().endswith((".htm", ".html", ".xhtml", ".txt")):
                    yield from lines_of_fragment(content, is_page=not name.lower().endswith(".txt"))
                else:
                    self.left_out.append(LeftOut("embedded file", name))
            elif child.tag in (w("tbl"), w("tr"), w("tc")) or any(
                local_name(inner) in {"p", "tbl", "altChunk"} for inner in child.iterdescendants()
            ):
                yield from self._story(child, depth)
            else:
                yield from self._paragraph(child, depth)

    def _inside(self, table: Element, name: str) -> Iterator[Element]:
        """Yield the rows of a table or the cells of a row, whatever stands around them, but not those of inner tables."""
        for child in table:
            if local_name(child) == name:
                yield child
            elif child.tag in _LEFT_OUT:
                self._leave_out(child)
            elif local_name(child) == "AlternateContent":
                for branch in self._branches(child):
                    yield from self._inside(branch, name)
            elif local_name(child) not in {"tbl", "tc", "p"}:
                yield from self._inside(child, name)

    def _branches(self, alternatives: Element) -> list[Element]:
        """The branch of an alternative content that is read: the first with words; the others repeat it."""
        branches = [branch for branch in alternatives if local_name(branch) in {"Choice", "Fallback"}]
        best = next((branch for branch in branches if _plain_text(branch).strip()), None)
        copies = [branch for branch in branches if branch is not best]
        self.left_out += [LeftOut("alternative text", _plain_text(branch), is_copy=True) for branch in copies]
        return [] if best is None else [best]

    def _leave_out(self, element: Element) -> None:
        text = _plain_text(element)
        is_field = element.tag == w("instrText")
        self.left_out.append(
            _field(text) if is_field else LeftOut(_LEFT_OUT[element.tag], text, is_copy=element.tag in _COPIES)
        )

    def _paragraph(self, element: Element, depth: int) -> Iterator[Line]:
        before, self._held = self._held, ""
        drawings, self._drawings = self._drawings, []
        text = before + clean("".join(self._pieces(element)))
        drawn, self._drawings = self._drawings, drawings
        if element.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None:
            # The paragraph mark was deleted: the text continues in the next paragraph.
            self._held = text
        else:
            yield from self._printed(element, text, in_table=depth > 0)
        for drawing in drawn:
            yield from self._drawing(drawing, depth)

    def _printed(self, element: Element, text: str, *, in_table: bool) -> Iterator[Line]:
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

    def _drawing(self, drawing: Element, depth: int) -> Iterator[Line]:
        """Lines of the text boxes and shapes in a drawing, and of the diagram that it shows."""
        # An alternative text, and the words of WordArt and watermarks, are attributes.
        self.left_out += [LeftOut("picture description", drawing.get(name, "")) for name in ("descr", "alt", "string")]
        for child in drawing:
            if child.tag == w("txbxContent"):
                yield from self._story(child, depth)
            elif child.tag in _LEFT_OUT:
                self._leave_out(child)
            elif local_name(child) == "AlternateContent":
                for branch in self._branches(child):
                    yield from self._drawing(branch, depth)
            elif local_name(child) in {"p", "t"} or (
                (child.text or "").strip() and local_name(child) not in NO_TEXT.split()
            ):
                yield from self._paragraph(child, depth)
            else:
                yield from self._drawing(child, depth)
        for part in self._package.parts_of(drawing):
            if local_name(part) == "chartSpace":
                self.left_out.append(LeftOut("chart", _plain_text(part)))
            else:
                yield from self._drawing(part, depth)

    def _pieces(self, element: Element) -> Iterator[str]:
        """Return the text of an element in order, with note marks; drawings wait for the end of the paragraph."""
        if local_name(element) == "t" or (element.text or "").strip():
            yield element.text or ""
        for child in element:
            if child.tag in _LEFT_OUT:
                self._leave_out(child)
            elif child.tag in _DRAWINGS:
                self._drawings.append(child)
            elif local_name(child) == "AlternateContent":
                for branch in self._branches(child):
                    yield from self._pieces(branch)
            elif child.tag == w("r") and value_of(child.find(f"{w('rPr')}/{w('vertAlign')}")) == "superscript":
                raised = "".join(self._pieces(child))
                yield superscript(raised) if raised.strip().isdigit() else raised
            elif local_name(child) in _PRINTED:
                yield _PRINTED[local_name(child)]
            elif child.tag == w("sym"):
                yield _symbol(child.get(w("char"), ""))
            elif child.tag in (w("footnoteReference"), w("endnoteReference")):
                part = "footnotes" if child.tag == w("footnoteReference") else "endnotes"
                self._notes.append(self._note(part, child.get(w("id"), "")))
                self._note_count += 1
                yield superscript(str(self._note_count))
            elif child.tag not in (w("pPr"), w("rPr")):
                yield from self._pieces(child)
            if (child.tail or "").strip():
                yield child.tail

    def _note(self, part_name: str, identifier: str) -> str:
        if part_name not in self._texts_of_notes:
            # Empty first: a note that refers to notes must not read them for ever.
            texts = self._texts_of_notes[part_name] = {}
            root = self._package.root_of(part_name)
            for note in () if root is None else root:
                text = " ".join(line.text for line in self._story(note, depth=0))
                texts.setdefault(note.get(w("id"), ""), squeeze(text))
            self._unread_notes.update({(part_name, name): text for name, text in texts.items()})
        self._unread_notes.pop((part_name, identifier), None)
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


def _field(instruction: str) -> LeftOut:
    is_silent = (instruction.split() or ["PAGE"])[0].upper() in _SILENT_FIELDS.split()
    return LeftOut("" if is_silent else "field instruction", instruction)


def _plain_text(element: Element) -> str:
    return " ".join(text for text in map(str, element.itertext()) if text.strip())


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
    marks = [run.find(f"{w('rPr')}/{w('b')}") for run in runs]
    return bool(runs) and all(by_style if mark is None else _is_on(mark) for mark in marks)


def _is_on(mark: Element | None) -> bool:
    return mark is not None and mark.get(w("val"), "true") not in _OFF


def _symbol(code: str) -> str:
    """The character of a symbol; a space if its code names no character."""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return " "
