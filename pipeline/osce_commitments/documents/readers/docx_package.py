"""Opens the container of a DOCX file (ECMA-376 part 2) and gives the XML of its parts; what is damaged in it is refused here."""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from osce_commitments.config import Limits
from osce_commitments.documents.readers.bounds import check_elements, refuse_entities
from osce_commitments.errors import DocumentError
from osce_commitments.texts.normalise import clean
from osce_commitments.texts.numerals import format_number

_MAX_LEVEL = 8
_LONGEST_CHAIN = 50  # Word itself follows no more than about ten
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style.

    Attributes:
        style_id: Its identifier in the file.
        name: Its name in small letters.
        element: Its ``w:style`` element.
        is_bold: Whether it makes text bold; None if it does not say.
    """

    style_id: str
    name: str
    element: Element
    is_bold: bool | None


class Styles:
    """The styles of a file.

    Args:
        root: Root of the part with the styles, if there is one.
    """

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
    """Counts the list items of a document; labels must be requested in the order of the paragraphs.

    Args:
        root: Root of the part with the numbering; a document without lists has none.
    """

    def __init__(self, root: Element | None) -> None:
        self._abstract_of: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
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
        """Count the next paragraph and return its printed label; empty without one.

        Args:
            paragraph: The ``w:p`` element.
            styles: ParagraphStyle of the paragraph, followed by the styles that it is based on.
        """
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
_MEGABYTE = 1_000_000
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
    """The parts of a DOCX file.

    Attributes:
        body: The ``w:body`` element.
        title: Title in the properties of the file.
    """

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
            msg = "it does not name its main part"
            raise damaged_docx(msg)
        root = self._root(main)
        if root is None or root.tag != w("document"):
            msg = "the main part of the file is no Word document"
            raise DocumentError(msg, _AS_DOCX, reason="not_docx")
        self.body: Element = root.find(w("body"))
        if self.body is None:
            msg = "it has no body"
            raise damaged_docx(msg)
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
                msg = "one of its relations has no type"
                raise damaged_docx(msg)
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
    if unpacked > limits.max_unpacked_megabytes * _MEGABYTE:
        msg = f"the DOCX unpacks to {unpacked // _MEGABYTE} MB, more than {limits.max_unpacked_megabytes} MB"
        raise DocumentError(msg, "raise limits.max_unpacked_megabytes if you trust the file", reason="too_large")
    if not any(part.filename.startswith("word/") or part.filename.endswith("document.xml") for part in parts):
        msg = "the archive holds no Word document"
        raise DocumentError(msg, _AS_DOCX, reason="not_docx")
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            msg = f"the part {part.filename!a} of the DOCX is encrypted"
            raise DocumentError(msg, "save it as DOCX without a password", reason="encrypted")
        if part.compress_type not in _METHODS:
            msg = f"its part {part.filename!a} is packed by an unknown method"
            raise damaged_docx(msg)
    check_elements(sum(_elements(archive, part) for part in parts), limits, "the DOCX")


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Number of tags in a part, an upper bound of its elements; 0 if it is no XML."""
    if not part.filename.endswith((".xml", ".rels")):
        return 0
    count = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_MEGABYTE):
            count += chunk.count(b"<") - chunk.count(b"</")
    return count
