"""Reader of Akoma Ntoso 3.0, as the United Nations (AKN4UN) and others use it: the mark-up gives structure and facts.

It expands no entities and fetches nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.config import Limits
from osce_commitments.documents.patterns import fact_rules
from osce_commitments.documents.readers.bounds import check_elements, refuse_entities, with_entities
from osce_commitments.documents.records import (
    FEWEST_WORDS,
    LeftOut,
    MarkedInstrument,
    Paragraph,
    ReaderOutput,
    comments_in,
)
from osce_commitments.errors import DocumentError
from osce_commitments.labels import Adopted, BlockKind, DocumentType, Role
from osce_commitments.schema import Link, MarkUp
from osce_commitments.texts.akn import (
    AKN,
    CITED_BY_SYMBOL,
    DATE,
    FRAME,
    NARRATIVE,
    NO_DAY,
    NUMBER,
    ORGANIZATION,
    TITLE,
    number_as_cited,
)
from osce_commitments.texts.normalise import clean, squeeze, superscript

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPES = {
    "communique": DocumentType.COMMUNIQUE,
    "decision": DocumentType.DECISION,
    "declaration": DocumentType.DECLARATION,
    "deliberation": DocumentType.DECISION,
    "draftresolution": DocumentType.OTHER,
    "journal": DocumentType.JOURNAL,
    "report": DocumentType.REPORT,
    "resolution": DocumentType.RESOLUTION,
    "treaty": DocumentType.TREATY,
}
_OUR_TYPES = {kind.value: kind for kind in DocumentType}
_TITLES = (TITLE, "#resolutionTitle", "", "#resolutionNumber")


def facts_of(instrument: Element) -> dict[str, Any]:
    """Return the metadata fields that the mark-up of one instrument gives; fields that it does not give are missing."""
    name = instrument.get("name", "")
    printed = [(element.get("refersTo", ""), words_without_notes(element)) for element in _own(instrument, "docTitle")]
    # The last title of the surest kind.
    titles = (words for kind in _TITLES for mark, words in reversed(printed) if mark == kind and words)
    title = next(titles, "")
    facts = {
        "symbol": _symbol(instrument),
        "title": title,
        "date": _date(instrument, "adoption", DATE),
        "body": _body(instrument),
        "type": _TYPES.get(name.replace(" ", "").casefold()) or _OUR_TYPES.get(name),
        **_adoption(instrument),
    }
    return {field: value for field, value in facts.items() if value}


def words_without_notes(element: Element) -> str:
    """Return the words of an element without its footnotes."""
    return Words(lambda _: "").read(element).text.strip()


def _own(instrument: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of an instrument with some names, without those of its attachments."""
    for element in instrument.iter(*(AKN + name for name in names)):
        inside = (name_of(above) for above in element.iterancestors() if above is not instrument)
        if "attachments" not in inside:
            yield element


def _symbol(instrument: Element) -> str:
    numbers = [element for element in _own(instrument, "docNumber") if words_without_notes(element)]
    symbols = [words_without_notes(element) for element in numbers if element.get("refersTo") == "#symbol"]
    if symbols:
        return normalise_symbol(symbols[0]) or symbols[0]
    written = [words_without_notes(element) for element in numbers]
    work = [element.get("value", "") for element in _own(instrument, "FRBRnumber")]
    return next((symbol for words in (*written, *work) if (symbol := normalise_symbol(words))), "")


def _date(instrument: Element, *names: str) -> dt.date | None:
    for element in _own(instrument, "FRBRdate"):
        parent = element.getparent()
        if element.get("name") in names and parent is not None and name_of(parent) == "FRBRWork":
            try:
                day = dt.date.fromisoformat(element.get("date", "")[:10])
            except ValueError:
                return None
            return None if day.isoformat() == NO_DAY else day
    return None


def _adoption(instrument: Element) -> dict[str, Any]:
    """Return whether it was adopted, and the evidence: the workflow, the day of adoption, the name of a draft."""
    name = instrument.get("name", "")
    if name_of(instrument) == "bill" or name.casefold().startswith("draft"):
        return {"adopted": Adopted.NO, "adopted_because": f"the mark-up calls it {name or 'a bill'}"}
    outcomes = {step.get("outcome", "") for step in _own(instrument, "step")}
    is_act = name_of(instrument) in {"act", "statement"}
    if "adopted" in outcomes or (is_act and _date(instrument, "adoption") is not None):
        return {"adopted": Adopted.YES, "adopted_because": "the mark-up gives the day of adoption"}
    return {}


def _body(instrument: Element) -> str:
    """Return the catalogue's name of the body that the work names as its author."""
    organizations = {element.get("eId"): element for element in _own(instrument, "TLCOrganization")}
    for element in _own(instrument, "FRBRauthor"):
        parent = element.getparent()
        if parent is not None and name_of(parent) == "FRBRWork":
            organization = organizations.get(element.get("href", "").lstrip("#"))
            if organization is None:
                return ""
            if organization.get("href", "").startswith(ORGANIZATION):
                return unquote(organization.get("href", "").removeprefix(ORGANIZATION))
            opening = fact_rules().first("body.opening", organization.get("showAs", ""))
            return str(opening[0].gives["body"]) if opening else ""
    return ""


_LINKS = frozenset({"a", "ref", "mref", "rref"})
_BREAKS = frozenset({"eol", "br"})
_SYMBOL_HOSTS = frozenset({"undocs.org", "www.undocs.org", "docs.un.org"})
_LANGUAGE = re.compile(r"^/(?:ar|en|es|fr|ru|zh)(?=/)", re.IGNORECASE)


def name_of(element: Element) -> str:
    """Return the local name of an element of Akoma Ntoso; empty for any other node."""
    return element.tag.removeprefix(AKN) if isinstance(element.tag, str) and element.tag.startswith(AKN) else ""


def cited_symbol(href: str) -> str:
    """Return the symbol that the address of a link gives; empty if it gives none."""
    try:
        address = urlsplit(href.strip())
    except ValueError:
        return ""
    if (address.hostname or "") in _SYMBOL_HOSTS:
        written = unquote(_LANGUAGE.sub("", address.path)).strip("/ ")
        return normalise_symbol(written) or (written if "/" in written else "")
    if href.startswith(CITED_BY_SYMBOL):
        return unquote(href.removeprefix(CITED_BY_SYMBOL))
    return ""


@dataclass(slots=True)
class Words:
    """The words of a paragraph as one line, with its citations; ``note_text`` gives the mark of a footnote and keeps its words."""

    note_text: Callable[[Element], str]
    links: list[Link] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _parts_at_link: int = 0  # Number of parts when the last link ended.

    @property
    def text(self) -> str:
        """The words, with single spaces."""
        return "".join(self._parts)

    def read(self, element: Element, *, is_further: bool = False) -> Words:
        """Add the words of an element; a further line is set apart by a space."""
        if is_further:
            self._add(" ")
        self._add(element.text)
        for child in element:
            tag = name_of(child)
            if tag in {"authorialNote", "noteRef"}:
                mark = self.note_text(child)
                while self._parts and (last := self._parts.pop()):
                    self._length -= len(last)
                    if rstrip := last.rstrip(" "):
                        self._keep(rstrip)
                        break
                self._keep(mark)
                if tag == "noteRef":
                    self._add(child.text)
            elif tag in _BREAKS:
                self.read(child, is_further=True)
            elif tag == "sup":
                words = squeeze("".join(str(part) for part in child.itertext()))
                self._add(superscript(words) if words.isdigit() else words)
            elif tag in _LINKS:
                self._read_link(child)
            elif isinstance(child.tag, str):
                self.read(child)
            self._add(child.tail)
        return self

    def _read_link(self, child: Element) -> None:
        first, start = len(self._parts), self._length
        self.read(child)
        ref, written = cited_symbol(child.get("href", "")), "".join(self._parts[first:])
        if not ref or not written.strip():
            return
        last = self.links[-1] if self.links else None
        begin, end = start + len(written) - len(written.lstrip()), start + len(written.rstrip())
        if last is not None and last.ref == ref and not "".join(self._parts[self._parts_at_link : first]).strip():
            self.links[-1] = Link(last.start, end, ref)
        else:
            self.links.append(Link(begin, end, ref))
        self._parts_at_link = len(self._parts)

    def _add(self, written: str | None) -> None:
        words = re.sub(r"\s+", " ", clean(written or ""))
        self._keep(words.lstrip(" ") if not self._parts or self._parts[-1].endswith(" ") else words)

    def _keep(self, words: str) -> None:
        if words:
            self._parts.append(words)
            self._length += len(words)


_DEEPEST = 100  # elements within each other: documents have less than half as many
_INSTRUMENTS = frozenset(
    {"act", "amendment", "bill", "debate", "debateReport", "doc", "judgment", "officialGazette", "portion", "statement"}
)
_COLLECTIONS = frozenset({"amendmentList", "documentCollection", "officialGazette"})
_BODIES = frozenset({"amendmentBody", "body", "debateBody", "judgmentBody", "mainBody", "portionBody"})
_HEADINGS = frozenset({"crossHeading", "heading", "subheading"})
_DIVISIONS = frozenset(
    {"article", "book", "chapter", "division", "part", "section", "subchapter", "subdivision", "subpart", "subsection",
     "subtitle", "title", "tome"}
)  # fmt: skip
_ITEMS = frozenset({"clause", "indent", "item", "li", "point", "rule", "subclause", "subrule"})
_LISTS = frozenset({"blockList", "list", "ol", "sublist", "ul"})
_STEMS = frozenset({"intro", "listIntroduction"})
_TAILS = frozenset({"listWrapUp", "wrapUp"})
_LINES = frozenset({"block", "listIntroduction", "listWrapUp", "longTitle", "p"})
_UNNUMBERED = _LISTS | _BODIES | {"preamble"}
_ROLES = {f"#{role.value}": role for role in Role}
_KIND_OF_CLASS = {kind.value: kind for kind in (BlockKind.CONTENTS, BlockKind.FOOTNOTE, BlockKind.SIGNATURE)}
_PLACE = re.compile(r" \(<string>, line \d+\)$")  # the parser names line and column before
_WHOLE_LINES = _LINES | _HEADINGS | {"num"}
_BLOCK_TAGS = [
    AKN + name
    for name in (
        *_WHOLE_LINES, *_DIVISIONS, *_ITEMS, *_LISTS, *_STEMS, *_TAILS, *_BODIES, *_INSTRUMENTS, *_COLLECTIONS,
        "component", "components", "content", "formula", "meta", "paragraph", "table", "tr", "td", "th",
    )
]  # fmt: skip
_CLASS_OF_HEADING = re.compile(r"H(?P<level>[1-9])\d*")


def read_akn(content: bytes, *, limits: Limits) -> tuple[list[MarkedInstrument], ReaderOutput]:
    """Return the instruments of an Akoma Ntoso file, in order, and what is to be said of the file."""
    check_elements(content.count(b"<") - content.count(b"</"), limits, "the XML file")
    root = akn_root(content)
    whole = " ".join(_texts_outside_meta(root))
    odd: dict[str, None] = {}
    _set_in_lines(root, odd)
    parts = [
        MarkedInstrument(tuple(_Reader(instrument).items()), facts_of(instrument))
        for instrument in _instruments(root)
        if any(name_of(child) not in {"meta", "components"} for child in instrument)
    ]
    notes = (f"Elements in an unusual place were read as paragraphs: {', '.join(odd)}.",) if odd else ()
    covers = [
        LeftOut("collection cover", " ".join(map(str, part.itertext())))
        for collection in root.iter(*(AKN + name for name in _COLLECTIONS))
        for part in collection
        if name_of(part) not in {"meta", "component", "components", "collectionBody", *_INSTRUMENTS, *_COLLECTIONS}
    ]
    references = {reference.get("href", "").lstrip("#") for reference in root.iter(AKN + "noteRef")}
    beside = [
        LeftOut("unreferenced note", " ".join(map(str, note.itertext())))
        for note in root.iter(AKN + "note")
        if note.get("eId") not in references
    ]
    pictures = (picture.get("alt", "") for picture in root.iter(AKN + "img"))
    beside += [LeftOut("picture description", words) for words in pictures if len(words.split()) >= FEWEST_WORDS]
    left_out = (*covers, *beside, *comments_in(content.decode(errors="replace")))
    return parts, ReaderOutput((), notes=notes, held=whole, left_out=left_out)


def _texts_outside_meta(root: Element) -> Iterator[str]:
    from lxml import etree

    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_start, is_meta = event == "start", element.tag == AKN + "meta"
        depth -= is_meta and not is_start
        if not depth:
            yield (element.text if is_start and not is_meta else "" if is_start else element.tail) or ""
        depth += is_meta and is_start


def _set_in_lines(element: Element, odd: dict[str, None]) -> None:
    """Wrap words that stand next to the lines and parts of an element in lines of their own, so that every word is in a line."""
    if name_of(element) in _WHOLE_LINES:
        for note in element.iterdescendants(AKN + "authorialNote"):
            _set_in_lines(note, odd)
        return
    run = element.makeelement(AKN + "p")
    run.text, element.text = element.text, None
    names = [_local_name(element)]
    for child in [*element, None]:
        if child is not None and next(child.iter(*_BLOCK_TAGS), None) is None:
            names.append(_local_name(child))
            run.append(child)
            continue
        if "".join(map(str, run.itertext())).strip():
            odd.update(dict.fromkeys(names[1:] or names))
            element.append(run) if child is None else child.addprevious(run)
        if child is not None:
            run, names = element.makeelement(AKN + "p"), names[:1]
            run.text, child.tail = child.tail, None
            if name_of(child) != "meta":
                _set_in_lines(child, odd)


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2][:40]


def akn_root(content: bytes) -> Element:
    """Return the root of an Akoma Ntoso file, read without entities and without the network."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        message = " ".join(_PLACE.sub("", str(error)).split())[:120]
        if "depth" in message.lower():
            raise _too_deep() from error
        if "entit" in message.lower() and "amplification" in message.lower():
            raise with_entities() from error
        if b"akomaNtoso" not in content:
            raise _not_akn("it is damaged, or no XML") from error
        raise DocumentError(f"the XML file is damaged: {message}", "download it again", reason="damaged") from error
    refuse_entities(root)
    if root.tag != AKN + "akomaNtoso":
        name = etree.QName(root)
        kind = f"{name.localname} of {name.namespace}" if name.namespace else name.localname
        raise _not_akn(f"its root is {kind[:100]}")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise _too_deep()
    return root


def _not_akn(why: str) -> DocumentError:
    msg = f"the XML file is not Akoma Ntoso 3.0: {why}"
    return DocumentError(msg, "give Akoma Ntoso 3.0, or the document as PDF, DOCX, HTML or text", reason="not_akn")


def _too_deep() -> DocumentError:
    msg = f"the XML file has elements more than {_DEEPEST} deep"
    return DocumentError(msg, "give the document in another form", reason="too_deep")


def _instruments(root: Element) -> Iterator[Element]:
    """Yield the instruments of a file: those of a collection one by one, else the document itself."""
    for child in root:
        name = name_of(child)
        if name in _COLLECTIONS or name in {"collectionBody", "component", "components"}:
            yield from _instruments(child)
        elif name in _INSTRUMENTS:
            yield child
            for components in child.findall(AKN + "components"):
                yield from _instruments(components)


@dataclass(slots=True)
class _Reader:
    """Turns the elements of one instrument into paragraphs.

    Attributes:
        role: Role of the text that is read.
        part: Number of the annex or attachment that is read.
        labels: Printed numbers that wait for the words after them, the outer first.
        number: Composed number of the words that come, where the file gives it.
        above: Numbers of the elements around the text that have no words of their own, and the depth of their items.
        heading_level: Depth of the divisions around the text.
        notes: Footnotes of the paragraph that is read.
    """

    instrument: Element
    role: Role = Role.OTHER
    part: int = 0
    labels: list[str] = field(default_factory=list)
    number: str = ""
    above: tuple[tuple[str, ...], int] = ((), 0)
    heading_level: int = 0
    is_above_part: bool = False
    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: list[tuple[str, Words]] = field(default_factory=list)
    count_of_notes: int = 0
    notes_by_id: dict[str, Element] | None = None

    def items(self) -> list[Paragraph]:
        """Return the paragraphs in order."""
        is_narrative = bool(NARRATIVE & {name_of(self.instrument), self.instrument.get("name")})
        self._read_parts(self.instrument, Role.OTHER if is_narrative else Role.OPERATIVE)
        return self.paragraphs

    def _read_parts(self, top: Element, role: Role) -> None:
        for child in top:
            name = name_of(child)
            if name == "coverPage":
                self._read_lines(child, BlockKind.HEADER)
            elif name == "preface":
                for line in _innermost(child):
                    is_title = any(words_without_notes(title) for title in line.iter(AKN + "docTitle"))
                    if self.part and is_title:
                        self._heading(line)
                    else:
                        self._paragraph(line, None, BlockKind.TITLE if is_title else BlockKind.HEADER, role=Role.TITLE)
            elif name == "preamble":
                self.role = Role.PREAMBLE
                self._walk(child, None)
            elif name in _BODIES:
                self.role = role
                self._walk(child, None)
            elif name == "conclusions":
                self.role = Role.OTHER
                self._read_lines(child, BlockKind.SIGNATURE)
            elif name == "attachments":
                for attachment in child:
                    self._read_attachment(attachment)
            elif name == "components":
                self._walk_all([part for part in child if name_of(part) not in {*_INSTRUMENTS, "component"}])
            elif name != "meta":
                self.role = role
                self._walk_all([child])

    def _read_attachment(self, attachment: Element) -> None:
        if name_of(attachment) != "attachment":
            self._walk_all([attachment])
            return
        self.part, self.heading_level, self.is_above_part = self.part + 1, 0, True
        for child in attachment:
            if name_of(child) in _HEADINGS:
                self._heading(child)
                # The divisions of an annex stand below the heading and the subheading that name it.
                self.heading_level = int(name_of(child) == "subheading")
            elif name_of(child) not in _INSTRUMENTS:
                self.role = Role.ANNEX
                self._walk_all([child])
            else:
                self.is_above_part = self._opens_part()
                role = _ROLES.get(f"#{child.get('name', '')}", Role.ANNEX)
                self._read_parts(child, role if role is Role.ATTACHMENT else Role.ANNEX)

    def _opens_part(self) -> bool:
        """Whether nothing of the annex was read yet."""
        above = self.paragraphs[-1].marked if self.paragraphs else None
        return above is None or above.part != self.part

    def _read_lines(self, top: Element, kind: BlockKind) -> None:
        has_preface = self.instrument.find(AKN + "preface") is not None
        for line in _innermost(top):
            # The cover page has the title of an instrument without a preface.
            title = line.find(f".//{AKN}docTitle") if kind is BlockKind.HEADER and not has_preface else None
            is_title = title is not None and title.get("refersTo") != TITLE
            self._paragraph(line, None, BlockKind.TITLE if is_title else kind, is_frame=True)

    def _walk_all(self, elements: Iterable[Element]) -> None:
        """Read elements that stand where the format has no place for them."""
        for element in elements:
            if name_of(element) == "num":
                self._paragraph(element, None)
            else:
                self._read(element, None, None)

    def _walk(self, top: Element, depth: int | None) -> None:
        """Read the children of an element whose own words stand below ``depth`` stems; None if it is no item."""
        outer = self.role
        self.role = _ROLES.get(top.get("refersTo", ""), outer)
        below = (depth or 0) + 1 if _has_stem(top) else depth
        for child in top:
            self._read(child, depth, below)
        self.role = outer

    def _read(self, child: Element, depth: int | None, below: int | None) -> None:
        name = name_of(child)
        if name == "table":
            self._read_table(child)
        elif name in _HEADINGS and child.get("refersTo") not in _ROLES:
            self._heading(child, depth=depth)
        elif name in _LINES or name in _HEADINGS:
            self._paragraph(child, depth if name not in _HEADINGS else None, is_tail=name in _TAILS)
        elif name in _TAILS:
            for line in _lines(child):
                self._paragraph(line, below, is_tail=True)
        elif name == "formula":
            outer, self.role = self.role, Role.OTHER
            for line in _lines(child):
                self._paragraph(line, None, is_frame=True)
            self.role = outer
        elif name in _DIVISIONS and not _is_numbered_paragraph(child):
            self._read_division(child)
        elif name in _ITEMS and not any(name_of(part) not in {"", "num"} for part in child):
            self.labels += filter(None, [self._printed_number(child)])
            self._paragraph(child, below or 0)
        elif name in _ITEMS:
            self._walk_numbered(child, self._printed_number(child), below or 0)
        elif name in _LISTS:
            # AKN4UN puts a sublist next to the point that it belongs to.
            self._walk(child, (below or 0) + 1 if name == "sublist" else depth)
        elif name == "num":
            parent = child.getparent()
            is_printed = parent is not None and name_of(parent) not in _UNNUMBERED and parent.find(child.tag) is child
            if not is_printed:
                self._paragraph(child, depth)
        elif name != "meta":
            self._read_block(child, depth if name in _STEMS else below)

    def _read_block(self, block: Element, depth: int | None) -> None:
        """Read a paragraph or container; a paragraph with a number is one, whatever its words look like."""
        number = self._printed_number(block)
        level = _CLASS_OF_HEADING.fullmatch(block.get("class", ""))
        if level is not None and block.find(f"{AKN}list") is None:
            self._heading(block, int(level["level"]), number)
            return
        is_numbered = block.find(f"{AKN}num") is not None or any(
            True for _ in block.iter(AKN + "list", AKN + "blockList")
        )
        self.number = block.get(NUMBER, self.number)
        self._walk_numbered(block, number, (depth or 0) if is_numbered else depth)

    def _walk_numbered(self, element: Element, number: str, depth: int | None) -> None:
        """Read an element whose number belongs to its words, or to those of its items if it has none of its own."""
        outer = self.above
        self.labels += [number] if number else []
        lists = [child for child in element if name_of(child) in _LISTS]
        others = (child for child in element if name_of(child) not in {"num", *_LISTS, *_ITEMS, *_HEADINGS})
        if number and not any(map(_has_stem, (element, *lists))) and not any(map(words_without_notes, others)):
            self.above = ((*outer[0], number_as_cited(number)), depth or 0)
        self._walk(element, depth)
        self.labels, self.above = [], outer

    def _read_division(self, division: Element) -> None:
        number = division.find(AKN + "num")
        self.heading_level += 1
        if number is not None and words_without_notes(number):
            self._heading(number)
        self._walk(division, None)
        self.heading_level -= 1

    def _read_table(self, table: Element) -> None:
        outer, self.role = self.role, _ROLES.get(table.get("refersTo", ""), self.role)
        for part in table:
            if name_of(part) == "tr":
                for column, cell in enumerate(part, start=1):
                    for line in _lines(cell):
                        self._paragraph(line, None, BlockKind.TABLE, level=column)
            elif next(part.iter(AKN + "tr"), None) is not None:
                self._read_table(part)
            else:
                for line in _lines(part):
                    self._paragraph(line, None, BlockKind.TABLE)
        self.role = outer

    def _heading(self, element: Element, level: int = 0, number: str = "", depth: int | None = None) -> None:
        """Read a heading; one among the items of a list does not end the list."""
        level, role = level or max(self.heading_level, 1), self.role
        if self.is_above_part:
            # The first heading of an annex names it, the second is its title.
            level, role = (0 if self._opens_part() else 1), Role.TITLE
        waiting, self.labels = self.labels, [number] if number else []
        self._paragraph(element, depth or None, BlockKind.HEADING, level=level, role=role)
        self.labels = waiting

    def _paragraph(  # noqa: PLR0913 - what the mark-up says of a paragraph
        self,
        element: Element,
        depth: int | None,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        level: int = 0,
        role: Role | None = None,
        is_tail: bool = False,
        is_frame: bool = False,
    ) -> None:
        kind = _KIND_OF_CLASS.get(element.get("class", ""), kind)
        words = Words(self._note).read(element)
        text, label = words.text.strip(), " ".join(self.labels)
        if text and (kind is not BlockKind.HEADING or self.is_above_part):
            self.is_above_part = self.is_above_part and kind is BlockKind.HEADING
        if text or (label and kind is BlockKind.HEADING):
            above = self.above[0] if self.above[1] == (depth or 0) else ()
            numbers = (*above, number_as_cited(self.labels[-1])) if self.labels else ()
            numbers = (self.number,) if self.number else numbers
            self.labels, self.number = [], ""
            start = len(label) + 1 if label else 0
            marked = MarkUp(
                _ROLES.get(element.get("refersTo", ""), role or self.role),
                " ".join(filter(None, numbers)) if kind is BlockKind.PARAGRAPH else "",
                start if kind is BlockKind.PARAGRAPH else 0,
                depth,
                is_tail=is_tail,
                is_frame=is_frame or element.get("class") == FRAME,
                part=self.part,
                links=tuple(_moved(words.links, start)),
            )
            self.paragraphs.append(Paragraph(f"{label} {text}".strip(), kind, level=level, marked=marked))
        for mark, note in self.notes:
            marked = MarkUp(Role.OTHER, part=self.part, links=tuple(_moved(note.links, len(mark) + 1)))
            self.paragraphs.append(Paragraph(f"{mark} {note.text}".strip(), BlockKind.FOOTNOTE, marked=marked))
        self.notes = []

    def _note(self, element: Element) -> str:
        """Keep a footnote and return its mark as it is printed in the text."""
        self.count_of_notes += 1
        mark = squeeze(element.get("marker", "")) or str(self.count_of_notes)
        mark = superscript(mark) if mark.isdigit() else mark
        note: Element | None = element
        if name_of(element) == "noteRef":
            if self.notes_by_id is None:
                notes = self.instrument.iter(AKN + "note", AKN + "authorialNote")
                self.notes_by_id = {note.get("eId", ""): note for note in notes if note.get("eId")}
            note = self.notes_by_id.get(element.get("href", "").lstrip("#"))
        if note is not None:
            # A note that refers to notes must not read them for ever; one that holds notes ends.
            words = Words(lambda inner: self._note(inner) if name_of(inner) == "authorialNote" else "")
            self.notes.append((mark, words))
            for line in _lines(note):
                words.read(line, is_further=True)
        return mark

    def _printed_number(self, element: Element) -> str:
        number = element.find(AKN + "num")
        if number is None:
            return ""
        for note in number.iter(AKN + "authorialNote"):
            self._note(note)
        return words_without_notes(number)


def _moved(links: Iterable[Link], by: int) -> Iterator[Link]:
    return (replace(link, start=link.start + by, end=link.end + by) for link in links)


def _lines(element: Element) -> Iterator[Element]:
    """Yield the lines of an element, or the element itself if its words are not in lines."""
    if name_of(element) in _WHOLE_LINES or next(element.iterdescendants(*_BLOCK_TAGS), None) is None:
        yield element
    else:
        for child in element:
            yield from _lines(child)


def _has_stem(element: Element) -> bool:
    return any(name_of(child) in _STEMS and words_without_notes(child) for child in element)


def _innermost(top: Element) -> Iterator[Element]:
    """Yield the lines below an element that hold no further lines: a long title may hold paragraphs."""
    for child in top:
        texts = [child.text, *(inner.tail for inner in child)] if name_of(child) in _WHOLE_LINES else []
        has_words = name_of(child) == "p" or any((text or "").strip() for text in texts)
        if has_words or next(child.iterdescendants(*_BLOCK_TAGS), None) is None:
            yield child
        else:
            yield from _innermost(child)


def _is_numbered_paragraph(division: Element) -> bool:
    """Whether a division without a heading is a numbered paragraph: "(1)" of a section."""
    names = {name_of(child) for child in division}
    return name_of(division) != "article" and not names & _HEADINGS and bool(names & {"content", "intro"})
