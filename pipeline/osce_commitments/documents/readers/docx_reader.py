"""Reader of DOCX files: accepted text of tracked changes, labels of automatic numbering, notes, tables, text boxes.

An element that it does not know keeps its text where it stands. What is left out on purpose is a short list.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from osce_commitments.config import MEGABYTE, Limits
from osce_commitments.documents.patterns import has_form
from osce_commitments.documents.readers.bounds import bounded, check_elements, refuse_entities
from osce_commitments.documents.readers.html_reader import broken, lines_of_fragment
from osce_commitments.documents.records import LeftOut, Line, ReaderOutput
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze, superscript
from osce_commitments.texts.numerals import format_number

_MAX_LEVEL = 8
_LONGEST_CHAIN = 50  # Word itself follows no more than about ten
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style, with its name in small letters and whether it makes text bold; None if it does not say."""

    style_id: str
    name: str
    element: Element
    is_bold: bool | None


class Styles:
    """The styles of a file, from the root of the part that has them, if there is one."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, ParagraphStyle] = {}
        self._base: dict[str, str] = {}
        self._chains: dict[str, tuple[ParagraphStyle, ...]] = {}
        for element in () if root is None else root.iterchildren(w("style")):
            identifier = element.get(w("styleId"))
            if identifier is not None:
                bold = element.find(f"{w('rPr')}/{w('b')}")
                is_bold = None if bold is None else bold.get(w("val"), "true") not in _OFF
                name = value_of(element.find(w("name"))).lower()
                self._styles[identifier] = ParagraphStyle(identifier, name, element, is_bold)
                self._base[identifier] = value_of(element.find(w("basedOn")))

    def chain(self, paragraph: Element) -> tuple[ParagraphStyle, ...]:
        """The style of a paragraph, followed by those that it is based on; empty for the default style."""
        named = value_of(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
        if named not in self._chains:
            chain: dict[str, ParagraphStyle] = {}
            identifier = named
            while identifier in self._styles and identifier not in chain and len(chain) < _LONGEST_CHAIN:
                chain[identifier] = self._styles[identifier]
                identifier = self._base[identifier]
            self._chains[named] = tuple(chain.values())
        return self._chains[named]


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    is_legal: bool
    style: str
    restart: int | None


class Numbering:
    """Counts the list items of a document; labels must be requested in the order of the paragraphs."""

    def __init__(self, root: Element | None) -> None:
        self._abstract_of: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        by_style_link = {}
        linked = {}
        for abstract in root.iterchildren(w("abstractNum")):
            identifier = abstract.get(w("abstractNumId"), "")
            self._levels[identifier] = dict(_levels(abstract.iterchildren(w("lvl"))))
            by_style_link[value_of(abstract.find(w("styleLink"))) or identifier] = identifier
            link = value_of(abstract.find(w("numStyleLink")))
            if link:
                linked[identifier] = link
        for number in root.iterchildren(w("num")):
            identifier = number.get(w("numId"), "")
            abstract_id = value_of(number.find(w("abstractNumId")))
            self._abstract_of[identifier] = by_style_link.get(linked.get(abstract_id, abstract_id), abstract_id)
            for override in number.iterchildren(w("lvlOverride")):
                level = int(override.get(w("ilvl"), "0"))
                start = value_of(override.find(w("startOverride")))
                if start.lstrip("-").isdigit():
                    self._starts[identifier][level] = int(start)

    def label(self, paragraph: Element, styles: Sequence[ParagraphStyle]) -> str:
        """Count the next paragraph and return its printed label; empty without one. ``styles`` are its own and those below."""
        number, level = self._reference(paragraph, styles)
        levels = self._levels.get(self._abstract_of.get(number, ""), {})
        if not number or number == "0" or level not in levels:
            return ""
        counters = self._count(number, level, levels)
        return _printed(levels, level, counters)

    def _reference(self, paragraph: Element, styles: Sequence[ParagraphStyle]) -> tuple[str, int]:
        holders = [(paragraph, ""), *((style.element, style.style_id) for style in styles)]
        number, level = "", None
        for holder, style_id in holders:
            properties = holder.find(f"{w('pPr')}/{w('numPr')}")
            if properties is None:
                continue
            if level is None and value_of(properties.find(w("ilvl"))).isdigit():
                level = int(value_of(properties.find(w("ilvl"))))
            number = value_of(properties.find(w("numId")))
            if number:
                if level is None:
                    levels = self._levels.get(self._abstract_of.get(number, ""), {})
                    level = next((place for place, rule in levels.items() if style_id and rule.style == style_id), None)
                break
        return number, min(level or 0, _MAX_LEVEL)

    def _count(self, number: str, level: int, levels: dict[int, _Level]) -> dict[int, int]:
        counters = self._counters[self._abstract_of[number]]
        override = self._starts[number].get(level)
        if override is not None and (number, level) not in self._started:
            counters[level] = override
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = levels[level].start
        self._started.add((number, level))
        for above in range(level):
            counters.setdefault(above, levels[above].start if above in levels else 1)
        for below in [other for other in counters if other > level]:
            rule = levels.get(below)
            if rule is None or rule.restart is None or (rule.restart != 0 and level < rule.restart):
                del counters[below]
        return counters


def _levels(elements: Iterable[Element]) -> Iterable[tuple[int, _Level]]:
    for element in elements:
        start, restart = value_of(element.find(w("start"))), value_of(element.find(w("lvlRestart")))
        legal = element.find(w("isLgl"))
        yield (
            int(element.get(w("ilvl"), "0")),
            _Level(
                form=value_of(element.find(w("numFmt"))) or "decimal",
                text=value_of(element.find(w("lvlText"))),
                start=int(start) if start.isdigit() else 0,
                is_legal=legal is not None and value_of(legal) not in {"0", "false"},
                style=value_of(element.find(w("pStyle"))),
                restart=int(restart) if restart.isdigit() else None,
            ),
        )


def _printed(levels: dict[int, _Level], level: int, counters: dict[int, int]) -> str:
    rule = levels[level]
    if rule.form == "bullet":
        symbol = clean(rule.text).strip()
        return symbol if symbol and symbol != "o" else "•"

    def number(match: re.Match[str]) -> str:
        position = int(match[1]) - 1
        form = "decimal" if rule.is_legal or position not in levels else levels[position].form
        return format_number(counters.get(position, 1), form)

    return clean(re.sub(r"%(\d)", number, rule.text)).strip()


Element = Any

_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
# Strict files (ECMA-376 part 1) name the same elements in other namespaces than transitional ones (part 4).
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _NAMESPACE[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE[1:-1].encode()),
)
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_AS_DOCX = "save it as DOCX in a word processor"
# What zipfile and its unpackers raise at archives that break the rules of the format.
_FAULTS = (EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
# Text nodes of the format that are never text of the document: properties, caches of data, positions of drawings.
_NO_TEXT_PARTS = re.compile(r"(?:^|/)(?:_rels|docprops|customxml|theme)/|\[content_types\]\.xml$", re.IGNORECASE)
NO_TEXT = "posOffset align pctWidth pctHeight pctPosHOffset pctPosVOffset f formatCode"
_TEXT_NODE = re.compile(r"<(?P<end>/)?(?:[\w.-]++:)?+(?P<name>[\w.-]++)[^<>]*+>(?P<text>[^<]*+)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_WORD_ENDS = frozenset({"p", "tc", "tab", "br", "cr"})


def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return _NAMESPACE + name


def value_of(element: Element) -> str:
    """Return the ``w:val`` of an element; empty without one."""
    return "" if element is None else str(element.get(w("val"), ""))


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def damaged_docx(error: object) -> DocumentError:
    """The refusal of a file that breaks the rules of the format."""
    why = " ".join(str(error).split())[:120]
    remedy = "save it again in a word processor, or give it as PDF"
    return DocumentError(f"the DOCX file is damaged: {why}", remedy, reason="damaged")


class Package:
    """The parts of a DOCX file: the ``w:body`` element, the title in the properties, and others on request."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            msg = "the file is an encrypted DOCX or an old DOC file"
            raise DocumentError(msg, "save it as DOCX without a password", reason="encrypted")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            _guard_parts(self._archive, limits)
            self._names = {part.filename.lower(): part.filename for part in self._archive.infolist()}
        except zipfile.BadZipFile as error:
            msg = "the file is no DOCX file, or it is cut short"
            raise DocumentError(msg, "download it again", reason="truncated") from error
        except _FAULTS as error:
            raise damaged_docx(error) from error
        self._roots: dict[str, Element | None] = {}
        outer = self._relations("")
        main = next((part for kind, part in outer.values() if kind == "officeDocument"), "")
        if not main:
            raise damaged_docx("it does not name its main part")
        root = self._root(main)
        if root is None or root.tag != w("document"):
            raise DocumentError("the main part of the file is no Word document", _AS_DOCX, reason="not_docx")
        self.body: Element = root.find(w("body"))
        if self.body is None:
            raise damaged_docx("it has no body")
        self._inner = self._relations(main)
        self.seen = {main}  # parts that somebody asked for
        properties = next((self._root(part) for kind, part in outer.values() if kind == "core-properties"), None)
        self.title: str = "" if properties is None else properties.findtext(_TITLE) or ""

    def root_of(self, kind: str) -> Element | None:
        """The root of the part of a kind ("styles", "footnotes"); None if there is none, or it is no XML."""
        return next((self._seen_root(part) for relation, part in self._inner.values() if relation == kind), None)

    def roots(self) -> list[Element]:
        """The roots of the parts that were read."""
        return [root for root in self._roots.values() if root is not None]

    def part(self, reference: Element) -> Element | None:
        """The root of the part to which an element refers."""
        _, name = self._inner.get(reference.get(f"{_OFFICE}id", ""), ("", ""))
        return self._seen_root(name) if name else None

    def text_of(self, reference: Element) -> tuple[str, bytes]:
        """Name and bytes of the part to which an element refers; empty if it is missing."""
        _, name = self._inner.get(reference.get(f"{_OFFICE}id", ""), ("", ""))
        self.seen.add(name)
        return name, self._read(name)

    def parts_of(self, drawing: Element) -> Iterator[Element]:
        """Yield the roots of the parts to which an element of a drawing refers (the words of a diagram), each once."""
        for attribute, identifier in drawing.items():
            _, name = self._inner.get(identifier, ("", "")) if attribute.startswith(_OFFICE) else ("", "")
            if name and name not in self.seen and (root := self._seen_root(name)) is not None:
                yield root

    def embedded_files(self) -> list[str]:
        """Names of the files that are kept as objects."""
        return [name.rpartition("/")[2] for name in self._names.values() if "/embeddings/" in name]

    def texts(self) -> dict[str, str]:
        """The text of each part by its name, by a plain walk over its text nodes."""
        return {name: text for name in self._names.values() if (text := self._text(name)).strip()}

    def _text(self, name: str) -> str:
        if _NO_TEXT_PARTS.search(name) or not name.lower().endswith((".xml", ".htm", ".html", ".xhtml", ".txt")):
            return ""
        content = self._read(name)
        xml = content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", errors="replace")
        xml = _CDATA.sub(lambda match: html.escape(match[1] or ""), xml)
        pieces = [] if name.lower().endswith(".xml") else [xml.partition("<")[0]]
        for match in _TEXT_NODE.finditer(xml):
            if match["name"] in _WORD_ENDS:
                pieces.append(" ")
            if match["end"] or match["name"] not in NO_TEXT.split():
                pieces.append(match["text"])
        return html.unescape("".join(pieces))

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and name of each part to which a part refers, by the identifier of the relation."""
        folder, name = posixpath.split(part)
        root = self._root(posixpath.join(folder, "_rels", f"{name}.rels"))
        relations = {}
        for element in () if root is None else root:
            kind, target = element.get("Type"), element.get("Target", "")
            if kind is None:
                raise damaged_docx("one of its relations has no type")
            if element.get("TargetMode") != "External":
                place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                relations[element.get("Id", "")] = kind.rpartition("/")[2], place
        return relations

    def _seen_root(self, name: str) -> Element | None:
        self.seen.add(self._names.get(name.lower(), name))
        return self._root(name)

    def _read(self, name: str) -> bytes:
        try:
            return self._archive.read(self._names[name.lower()]) if name.lower() in self._names else b""
        except _FAULTS as error:
            raise damaged_docx(error) from error

    def _root(self, name: str) -> Element | None:
        """The root of a part; None if it is missing or no XML."""
        if name in self._roots:
            return self._roots[name]
        from lxml import etree

        content = self._read(name)
        for strict, transitional in _STRICT:
            content = content.replace(strict, transitional)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(content, parser) if content else None
        except (etree.XMLSyntaxError, ValueError) as error:
            if name.endswith("document.xml"):
                raise damaged_docx(error) from error
            root = None
        if root is not None:
            refuse_entities(root)
        self._roots[name] = root
        return root


def _guard_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse archives that are unsafe to unpack."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.max_unpacked_megabytes * MEGABYTE:
        msg = f"the DOCX unpacks to {unpacked // MEGABYTE} MB, more than {limits.max_unpacked_megabytes} MB"
        raise DocumentError(msg, "raise limits.max_unpacked_megabytes if you trust the file", reason="too_large")
    if not any(part.filename.startswith("word/") or part.filename.endswith("document.xml") for part in parts):
        raise DocumentError("the archive holds no Word document", _AS_DOCX, reason="not_docx")
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            msg = f"the part {part.filename!a} of the DOCX is encrypted"
            raise DocumentError(msg, "save it as DOCX without a password", reason="encrypted")
        if part.compress_type not in _METHODS:
            raise damaged_docx(f"its part {part.filename!a} is packed by an unknown method")
    count = 0  # of tags, an upper bound of the elements
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                while chunk := stream.read(MEGABYTE):
                    count += chunk.count(b"<") - chunk.count(b"</")
    check_elements(count, limits, "the DOCX")


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
        if not text.strip():
            return
        label = self._numbering.label(element, style)
        kind, level = _kind(style, in_table=in_table)
        # Bold are all runs with text, directly or by the paragraph's style.
        by_style = next((is_bold for item in style if (is_bold := item.is_bold) is not None), False)
        runs = [run for run in element.iter(w("r")) if any((part.text or "").strip() for part in run.iter(w("t")))]
        marks = [run.find(f"{w('rPr')}/{w('b')}") for run in runs]
        bold = bool(runs) and all(by_style if mark is None else _is_on(mark) for mark in marks)
        indents = (holder.find(f"{w('pPr')}/{w('ind')}") for holder in (element, *(item.element for item in style)))
        indent = next((properties for properties in indents if properties is not None), None)
        twips = "0" if indent is None else indent.get(w("left")) or indent.get(w("start")) or "0"
        left = float(twips) / 20 if twips.lstrip("-").isdigit() else 0.0
        first, *others = broken(text)
        printed = f"{label} {first}" if label and not has_form(first, "list_label") else first
        for part in (printed, *others):
            yield Line(squeeze(part), left=left, bold=bold, whole=True, kind=kind, level=level)

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


def _is_on(mark: Element | None) -> bool:
    return mark is not None and mark.get(w("val"), "true") not in _OFF


def _symbol(code: str) -> str:
    """The character of a symbol; a space if its code names no character."""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return " "
