"""Instruments as Akoma Ntoso 3.0 documents, with acts, citations and labels marked; the export of a version as such files."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from osce_commitments.dataset import Dataset, ExportFormat, export_folder, export_version
from osce_commitments.dataset.versions import VersionSpec
from osce_commitments.labels import STRENGTHS, Adopted, BlockKind, Role, TagKind
from osce_commitments.schema import Row
from osce_commitments.texts.akn import (
    ANALYSIS_NAMESPACE,
    CITED_BY_SYMBOL,
    DATE,
    FRAME,
    NAMESPACE,
    NARRATIVE,
    NO_DAY,
    NUMBER,
    ORGANIZATION,
    TITLE,
    number_as_cited,
)
from osce_commitments.texts.normalise import superscript

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def export(dataset: Dataset, version: VersionSpec, file_format: str, out: Path) -> Path:
    """Write a version in any format; see :func:`export_version`."""
    if file_format == ExportFormat.AKN:
        return export_instruments(dataset, version, out)
    return export_version(dataset, version, file_format, out)


def export_instruments(dataset: Dataset, version: VersionSpec, out: Path) -> Path:
    """Write one file per instrument, and a manifest with hashes; see :func:`export_folder`."""
    info = dataset.info(version)
    documents: list[Row] = dataset.read("documents", info.version).to_pylist()
    names = {f"{_UNSAFE.sub('_', row['symbol'] or 'document').strip('_')}.{row['id']}.xml": row for row in documents}

    def fill(folder: Path) -> dict[str, dict[str, Any]]:
        by_document: defaultdict[str, list[Row]] = defaultdict(list)
        for row in dataset.read("provisions", info.version).to_pylist():
            by_document[row["document"]].append(row)
        facts = {}
        for name, document in names.items():
            rows = sorted(by_document[document["id"]], key=lambda row: row["index"])
            (folder / name).write_bytes(akn_document(document, rows))
            facts[name] = {"rows": len(rows), "symbol": document["symbol"]}
        return facts

    return export_folder(out, frozenset(names), info, ExportFormat.AKN, fill)


Span = tuple[int, int]
_PARTS = frozenset({Role.ANNEX, Role.ATTACHMENT})
_JOIN = " \u2013 "


@dataclass(slots=True)
class Node:
    """A paragraph or list item.

    Attributes:
        block: Position of its block in the document.
        label: Printed number.
        spans: Its words: sentences and the stem of its items.
        rows: Provisions in it.
        items: Items below it.
        tails: Words after its items that end their sentence.
        cells: Spans of the cells of a table, by row and column; empty for text.
    """

    block: int
    label: str
    role: Role
    heading: tuple[str, ...] = ()
    spans: list[Span] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    tails: list[Span] = field(default_factory=list)
    cells: list[list[tuple[int, Span]]] = field(default_factory=list)
    note_mark: str = ""

    @property
    def number(self) -> str:
        """The composed number: that of its provisions, else that of its first item without the item's own."""
        if self.rows or not self.items:
            return str(self.rows[0]["number"]) if self.rows else ""
        first = self.items[0]
        return first.number.removesuffix(number_as_cited(first.label)).strip()


@dataclass(slots=True)
class MarkedPart:
    """The main part of an instrument, or one of its annexes and attachments, with the lines that name and title it."""

    role: Role
    headings: list[str] = field(default_factory=list)
    titles: list[Row] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)


class TreeOfRows:
    """Builds the tree of one instrument from its row of ``documents`` and its rows of ``provisions``, in order."""

    def __init__(self, document: Row, rows: Sequence[Row]) -> None:
        self._text: str = document["text"]
        self._blocks: Sequence[Row] = document["blocks"]
        self._starts = [block["start"] for block in self._blocks]
        self._rows = rows
        self._path: list[Node] = []
        self._ends: dict[int, int] = {}  # Of each block: where its last span ends.
        self._labels: dict[int, str] = {}
        self._tails: dict[Span, list[Node]] = {}  # Of each tail: the stems down to the one that holds it.
        self._done_tables: set[int] = set()

    def parts(self) -> list[MarkedPart]:
        """Return the main part and the annexes, in order."""
        parts = [MarkedPart(Role.OPERATIVE)]
        for row in self._rows:
            block = self._block_at(row["start"])
            kind = BlockKind(self._blocks[block]["kind"])
            if self._opens_part(parts[-1], row, kind):
                role = Role(row["role"])
                other = Role.ATTACHMENT if row["delegation"] else Role.ANNEX
                parts.append(
                    MarkedPart(role if role in _PARTS else other, [_flat(name) for name in row["heading"][:1]])
                )
                self._path = []
            if len(parts) > 1 and row["role"] == Role.TITLE:
                names = (*row["heading"], row["text"])
                parts[-1].headings += [name for line in names if (name := _flat(line)) not in parts[-1].headings]
                parts[-1].titles.append(row)
                continue
            node = self._add(row, block, kind)
            if node is not None:
                parts[-1].nodes.append(node)
        for part in parts:
            for node in part.nodes:
                path = node.heading
                headings = part.headings
                known = {*headings, *(f"{above.rstrip('.:')}{_JOIN}{below}" for above, below in pairwise(headings))}
                while path and path[0] in known:
                    path = path[1:]
                node.heading = path
        return parts

    def _block_at(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _opens_part(self, part: MarkedPart, row: Row, kind: BlockKind) -> bool:
        """Whether a row opens an annex: its title, or its first paragraph if it has no title."""
        role = Role(row["role"])
        if role is Role.TITLE:
            has_text = any(node.role is not Role.TITLE for node in part.nodes)
            return has_text or (kind is BlockKind.HEADING and part.role is Role.OPERATIVE)
        if role not in _PARTS:
            return False
        last = next((node.rows[0] for node in reversed(part.nodes) if node.rows and node.role in _PARTS), None)
        is_other = part.role is not role or (last is not None and last["delegation"] != row["delegation"])
        return is_other and (part.role is Role.OPERATIVE or bool(part.nodes))

    def _add(self, row: Row, block: int, kind: BlockKind) -> Node | None:
        """Add a row to the tree; returns the paragraph if it is a new one."""
        if kind is BlockKind.TABLE:
            return self._table(row, block)
        top: Node | None = None
        for depth, stem in enumerate(_spans(row["lead_in_spans"])):
            top = self._enter(depth, stem, row) or top
        depth = len(row["lead_in_spans"])
        top = self._enter(depth, (row["start"], row["end"]), row) or top
        self._path[depth].rows.append(row)
        self._path[depth].note_mark = row["note_mark"]
        for inner, tail in enumerate(_spans(row["tail_spans"])):
            stems = self._path[: max(depth - inner, 1)]
            known = self._tails.get(tail)
            if known is not None:
                known[-1].tails.remove(tail)
                stems = [stem for stem, other in zip(known, stems, strict=False) if stem is other] or known
            stems[-1].tails.append(tail)
            self._tails[tail] = stems
        return top

    def _enter(self, depth: int, span: Span, row: Row) -> Node | None:
        """Go to the node at a depth that has a span; returns it if it is a new paragraph."""
        block = self._block_at(span[0])
        here = self._path[depth] if depth < len(self._path) else None
        if here is not None and span in here.spans:
            return None
        role = Role(row["role"])
        if here is not None and len(self._path) == depth + 1 and self._continues(here, block, span, row):
            here.spans.append(span)
            self._ends[block] = span[1]
            return None
        node = Node(block, self._label(block, span), role, tuple(row["heading"]), [span])
        self._ends[block] = span[1]
        del self._path[depth:]
        if self._path:
            self._path[-1].items.append(node)
        self._path.append(node)
        return node if depth == 0 else None

    def _continues(self, node: Node, block: int, span: Span, row: Row) -> bool:
        """Whether a span is the next sentence of a node, or the stem at its end."""
        is_unit = (row["start"], row["end"]) == span and (bool(row["lead_in_spans"]) or row["role"] == Role.PREAMBLE)
        return (
            node.block == block
            and node.role == row["role"]
            and not node.items
            and not row["note_mark"]
            and not (is_unit and node.rows)
            and not self._text[self._ends[block] : span[0]].strip()
        )

    def _label(self, block: int, span: Span) -> str:
        """Return the printed number before a span: the text between it and the previous span of its block."""
        start: int = self._ends.get(block) or self._blocks[block]["start"]
        label = self._text[start : span[0]].strip(" \n;,") if start <= span[0] else ""
        is_continued = block in self._labels and not label
        self._labels.setdefault(block, label)
        return self._labels[block] if is_continued else label

    def _table(self, row: Row, block: int) -> Node | None:
        """Return the table that holds a row, at its first row; all its cells are taken from the blocks."""
        if block in self._done_tables:
            return None
        self._path = []
        cells: list[list[tuple[int, Span]]] = []
        last = 0
        first = block
        while first and self._blocks[first - 1]["kind"] == BlockKind.TABLE:
            first -= 1
        for position in range(first, len(self._blocks)):
            cell = self._blocks[position]
            if cell["kind"] != BlockKind.TABLE:
                break
            self._done_tables.add(position)
            if int(cell["level"]) < last or not cells:
                cells.append([])
            cells[-1].append((cell["level"], (cell["start"], cell["end"])))
            last = int(cell["level"])
        inside = [row for row in self._rows if self._block_at(row["start"]) in self._done_tables]
        roles = [Role(row["role"]) for row in inside if row["role"] != Role.OTHER]
        node = Node(block, "", roles[0] if roles else Role.OTHER, tuple(row["heading"]), rows=inside)
        node.cells = cells
        return node


def _flat(words: str) -> str:
    return " ".join(words.split())


def _spans(stretches: Sequence[dict[str, Any]]) -> list[Span]:
    return [(stretch["start"], stretch["end"]) for stretch in stretches]


_RAISED = superscript("0123456789")
_SYMBOL_OF_UN = re.compile(r"[ASE]/\S")
_ADDRESS_OF_UN = "https://undocs.org/en/"


class Mark(NamedTuple):
    """Words to mark: an act with its strength, a citation with its address, or the mark of a footnote."""

    start: int
    end: int
    tag: str
    attributes: tuple[tuple[str, str], ...] = ()


def marks_of(rows: Iterable[Row]) -> Iterator[Mark]:
    """Yield the acts and citations of some provisions, at their places in the text of the document."""
    for row in rows:
        cue = row["strength_cue"]
        if cue and cue["text"] and (place := _place(row, cue)):
            yield Mark(*place, "span", (("class", "act"), ("refersTo", f"#{row['strength']}")))
        for tag in row["tags"]:
            if tag["kind"] == TagKind.INSTRUMENT and tag["ref"] and (place := _place(row, tag)):
                yield Mark(*place, "ref", (("href", _address(tag["ref"])),))


def places_of_notes(text: str, rows: Sequence[Row]) -> Iterator[tuple[Span, Row]]:
    """Yield the place of each footnote's raised mark in the words of provisions, with the footnote."""
    spans = sorted(
        {
            (stretch["start"], stretch["end"])
            for row in rows
            if not row["note_mark"]
            for stretch in (row, *row["lead_in_spans"], *row["tail_spans"])
        }
    )
    for row in rows:
        if row["note_mark"].isdecimal():
            mark = superscript(row["note_mark"])
            pattern = re.compile(rf"(?<![\s{_RAISED}]){mark}(?![{_RAISED}])")
            places = [match.span() for match in pattern.finditer(text, 0, row["start"])]
            if places and any(start <= places[-1][0] and places[-1][1] <= end for start, end in spans):
                yield places[-1], row


def _place(row: Row, words: Row) -> Span | None:
    """Return the place in the document of words in the text or lead-in of a row."""
    if words["field"] == "text":
        return row["start"] + words["start"], row["start"] + words["end"]
    if words["field"] != "lead_in":
        return None
    offset = 0
    for stem in row["lead_in_spans"]:
        length = stem["end"] - stem["start"]
        if offset <= words["start"] and words["end"] <= offset + length:
            return stem["start"] + words["start"] - offset, stem["start"] + words["end"] - offset
        offset += length + 1
    return None


def _address(symbol: str) -> str:
    if _SYMBOL_OF_UN.match(symbol):
        return _ADDRESS_OF_UN + quote(symbol.replace(" ", ""), safe="/()")
    return CITED_BY_SYMBOL + quote(symbol, safe="")


_TOOL = "osce-commitments"
_WITH_WORDS = frozenset(
    f"{{{NAMESPACE}}}{name}"
    for name in ("docTitle", "heading", "listIntroduction", "listWrapUp", "num", "p", "subheading")
)
_KINDS = frozenset({BlockKind.CONTENTS, BlockKind.FOOTNOTE, BlockKind.SIGNATURE})
_INNER_STOP = re.compile(r"[.:;?!]\s")


def akn_document(document: Row, rows: Sequence[Row]) -> bytes:
    """Return one instrument, its row of ``documents`` and its rows of ``provisions`` in order, as an Akoma Ntoso document.

    Provisions of the same paragraph share a ``p``. Acts are ``span class="act"``, citations ``ref``. Role, strength and
    areas of each provision are in ``meta/analysis/otherAnalysis``, in a namespace of their own.
    """
    from lxml import etree

    written = _Writer(document, rows).document()
    _spread(written)
    return etree.tostring(written, encoding="UTF-8", xml_declaration=True) + b"\n"


class _Writer:
    def __init__(self, document: Row, rows: Sequence[Row]) -> None:
        from lxml.builder import ElementMaker

        self._document, self._rows = document, rows
        self._make = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE, "oc": ANALYSIS_NAMESPACE})
        self._text: str = document["text"]
        self._is_adopted = document["adopted"] == Adopted.YES
        self._notes = dict(places_of_notes(self._text, rows))
        marks = [*marks_of(rows), *(Mark(start, end, "authorialNote") for start, end in self._notes)]
        self._marks = sorted(marks, key=lambda mark: (mark.start, -mark.end))
        self._places: dict[str, str] = {}
        self._count = 0

    def document(self) -> Element:
        """Return the whole document."""
        inside = {row["id"] for row in self._notes.values()}
        rows = [row for row in self._rows if row["id"] not in inside]
        main, *others = TreeOfRows(self._document, rows).parts()
        titles = [node for node in main.nodes if node.role is Role.TITLE]
        nodes = [node for node in main.nodes if node.role is not Role.TITLE]
        preamble, body = _preamble_and_body(nodes)
        closing = _closing(body, self._document["blocks"])
        body = body[: len(body) - len(closing)]
        lines = [self._element("p", self._words("docTitle", node)) for node in titles]
        parts = [self._cover(), self._element("preface", *(lines or [self._element("p")]))]
        if preamble:
            parts.append(self._preamble(preamble))
        default = Role.OTHER if self._document["type"] in NARRATIVE else Role.OPERATIVE
        parts.append(self._main_body(MarkedPart(default, nodes=body)))
        if closing:
            parts.append(self._element("conclusions", *(self._line(node) for node in closing)))
        if others:
            attached = (self._attachment(part, number) for number, part in enumerate(others, start=1))
            parts.append(self._element("attachments", *attached))
        name = "statement" if self._is_adopted else "doc"
        top = self._element(name, self._meta(""), *parts, name=self._document["type"])
        top[0].insert(1, self._analysis())
        return self._element("akomaNtoso", top)

    def _element(self, tag: str, *children: Any, **attributes: str) -> Element:  # noqa: ANN401 - elements and text
        element: Element = self._make(tag, *children, **attributes)
        return element

    def _meta(self, component: str) -> Element:
        document = self._document
        symbol = quote(document["symbol"] or document["id"], safe="")
        work = f"/akn/{_TOOL}/statement/{document['date'] or NO_DAY}/{symbol}"
        day, name = str(document["date"] or NO_DAY), "adoption" if self._is_adopted else DATE
        levels = (
            ("FRBRWork", work, "", day, name, "body", self._element("FRBRcountry", value="int")),
            ("FRBRExpression", f"{work}/eng@", "", day, name, "body", self._element("FRBRlanguage", language="eng")),
            ("FRBRManifestation", f"{work}/eng@", ".xml", NO_DAY, "markup", _TOOL,
             self._element("FRBRformat", value="application/akn+xml")),
        )  # fmt: skip
        identification = self._element("identification", source=f"#{_TOOL}")
        for level, uri, ending, date, kind, author, last in levels:
            facts = (
                self._element("FRBRthis", value=f"{uri}/!main{component}{ending}"),
                self._element("FRBRuri", value=f"{uri}{ending}"),
                self._element("FRBRdate", date=date, name=kind),
                self._element("FRBRauthor", href=f"#{author}"),
            )
            identification.append(self._element(level, *facts, last))
        body = document["body"]
        organizations = [
            self._element(
                "TLCOrganization", eId="body", href=f"{ORGANIZATION}{quote(body, safe='')}", showAs=body or "?"
            ),
            self._element("TLCOrganization", eId=_TOOL, href=f"{ORGANIZATION}{_TOOL}", showAs=_TOOL),
        ]
        concepts = [
            self._element(
                "TLCConcept", eId=label.value, href=f"/akn/ontology/concept/{_TOOL}/{label}", showAs=label.value
            )
            for label in (*Role, *STRENGTHS)
        ]
        if component:  # An annex uses the references of the instrument.
            return self._element("meta", identification)
        references = self._element("references", *organizations, *concepts, source=f"#{_TOOL}")
        return self._element("meta", identification, references)

    def _analysis(self) -> Element:
        """Return role, strength and areas of each provision, with the paragraph that holds it."""
        from lxml.builder import ElementMaker

        own = ElementMaker(namespace=ANALYSIS_NAMESPACE, nsmap={"oc": ANALYSIS_NAMESPACE})
        provisions = [
            own(
                "provision",
                *(own("area", area) for area in row["threat_areas"]),
                id=row["id"],
                href=f"#{self._places[row['id']]}" if row["id"] in self._places else "",
                role=row["role"],
                number=row["number"],
                strength=row["strength"],
                needsReview=str(row["needs_review"]).lower(),
            )
            for row in self._rows
        ]
        other = self._element("otherAnalysis", *provisions, source=f"#{_TOOL}")
        return self._element("analysis", other, source=f"#{_TOOL}")

    def _cover(self) -> Element:
        lines = []
        if self._document["symbol"]:
            lines.append(self._element("p", self._element("docNumber", self._document["symbol"], refersTo="#symbol")))
        if self._document["title"]:
            lines.append(self._element("p", self._element("docTitle", self._document["title"], refersTo=TITLE)))
        return self._element("coverPage", *(lines or [self._element("p")]))

    def _preamble(self, nodes: Sequence[Node]) -> Element:
        preamble = self._element("preamble")
        for is_recital, group in groupby(nodes, key=lambda node: node.role is Role.PREAMBLE and not node.note_mark):
            recitals = []
            for node in group:
                line = self._block_list(node) if is_recital and node.items else self._line(node)
                if is_recital:
                    number = [self._element("num", node.label)] if node.label else []
                    recitals.append(self._element("recital", *number, line, eId=self._eid("rec", node)))
                elif node.note_mark or len(node.rows) > 1:
                    line.set("refersTo", f"#{node.role}")
                    preamble.append(line)
                else:
                    preamble.append(self._element("formula", line, name="enactingFormula"))
            if is_recital:
                preamble.append(self._element("recitals", *recitals))
        return preamble

    def _block_list(self, node: Node) -> Element:
        listed = self._element("blockList", self._words("listIntroduction", node))
        for item in node.items:
            number = [self._element("num", item.label)] if item.label else []
            inner = self._block_list(item) if item.items else self._line(item)
            listed.append(self._element("item", *number, inner, eId=self._eid("item", item)))
        for tail in node.tails:
            listed.append(self._fill(self._element("listWrapUp"), [tail]))
        return listed

    def _main_body(self, part: MarkedPart) -> Element:
        """Return the body with a section for each heading."""
        body = self._element("mainBody")
        open_sections: list[tuple[str, Element]] = []
        for node in part.nodes:
            shared = 0
            for name, (opened, _) in zip(node.heading, open_sections, strict=False):
                if name != opened:
                    break
                shared += 1
            del open_sections[shared:]
            for name in node.heading[shared:]:
                section = self._element("section", self._element("heading", name), eId=self._eid("sec", None))
                (open_sections[-1][1] if open_sections else body).append(section)
                open_sections.append((name, section))
            holder = open_sections[-1][1] if open_sections else body
            if node.cells:
                holder.append(self._in_paragraph(self._table(node), node, part.role))
            elif node.note_mark:
                holder.append(self._in_paragraph(self._line(node), node, part.role))
            else:
                holder.append(self._hierarchy("paragraph", node, "para", part.role))
        if not len(body):
            body.append(self._element("p"))
        return body

    def _in_paragraph(self, inner: Element, node: Node, default: Role) -> Element:
        element = self._element("paragraph", self._element("content", inner), eId=self._eid("para", node))
        if node.role is not default:
            element.set("refersTo", f"#{node.role}")
        return element

    def _hierarchy(self, tag: str, node: Node, prefix: str, default: Role) -> Element:
        element = self._element(tag, eId=self._eid(prefix, node))
        if node.role is not default:
            element.set("refersTo", f"#{node.role}")
        if tag == "paragraph" and (number := node.number) != number_as_cited(node.label):
            element.set(NUMBER, number)
        element.append(self._element("num", node.label))
        if not node.items:
            element.append(self._element("content", self._line(node)))
            return element
        listed = self._element("list", self._element("intro", self._line(node)))
        listed.extend(self._hierarchy("point", item, "point", node.role) for item in node.items)
        if node.tails:
            listed.append(self._element("wrapUp", *(self._fill(self._element("p"), [tail]) for tail in node.tails)))
        element.append(listed)
        return element

    def _table(self, node: Node) -> Element:
        table = self._element("table")
        for cells in node.cells:
            row = self._element("tr")
            by_column = {column: list(group) for column, group in groupby(cells, key=lambda cell: cell[0])}
            for column in range(1, max(by_column, default=0) + 1):
                cell = self._element("td")
                for _, span in by_column.get(column, []):
                    cell.append(self._fill(self._element("p"), [span]))
                if not len(cell):
                    cell.append(self._element("p"))
                row.append(cell)
            table.append(row)
        return table

    def _attachment(self, part: MarkedPart, number: int) -> Element:
        first, *others = part.headings or [""]
        names = [self._element("heading", first)] if first else []
        if others:
            names.append(self._element("subheading", " ".join(others)))
        for row in part.titles:
            self._places[row["id"]] = f"att_{number}"
        name = "attachment" if part.role is Role.ATTACHMENT else "annex"
        inner = self._element("doc", self._meta(f"/{name}_{number}"), self._main_body(part), name=name)
        return self._element("attachment", *names, inner, eId=f"att_{number}")

    def _line(self, node: Node) -> Element:
        """Return a paragraph's words; a class marks what is not plain text, such as a footnote without a mark in the text."""
        line = self._words("p", node)
        if node.note_mark:
            mark = superscript(node.note_mark) if node.note_mark.isdigit() else node.note_mark
            line.text = f"{mark} {line.text or ''}"
        kind = self._document["blocks"][node.block]["kind"]
        is_alone = len(node.rows) == 1 and not node.rows[0]["lead_in_spans"] and not node.items
        is_frame = node.role is Role.OTHER and is_alone and _INNER_STOP.search(node.rows[0]["text"])
        if kind in _KINDS or is_frame:
            line.set("class", kind if kind in _KINDS else FRAME)
        return line

    def _words(self, tag: str, node: Node) -> Element:
        words = self._fill(self._element(tag), node.spans)
        if any(row["id"] not in self._places for row in node.rows):
            words.set("eId", self._eid("line", node))
        return words

    def _eid(self, prefix: str, node: Node | None) -> str:
        self._count += 1
        eid = f"{prefix}_{self._count}"
        for row in node.rows if node is not None else ():
            self._places.setdefault(row["id"], eid)
        return eid

    def _fill(self, element: Element, spans: Sequence[Span]) -> Element:
        """Put the words of some spans into an element, with their acts, citations and footnotes marked."""
        for number, (start, end) in enumerate(spans):
            if number:
                _append(element, " ")
            offset = start
            first = bisect_left(self._marks, start, key=lambda mark: mark.start)
            for place in range(first, len(self._marks)):
                mark = self._marks[place]
                if mark.start >= end:
                    break
                if mark.start < offset or mark.end > end:
                    continue
                self._plain(element, offset, mark.start)
                element.append(self._marked(mark))
                offset = mark.end
            self._plain(element, offset, end)
        return element

    def _marked(self, mark: Mark) -> Element:
        """Return the element of an act, a citation or a footnote."""
        row = self._notes.get((mark.start, mark.end))
        if row is None:
            inner = self._element(mark.tag, **dict(mark.attributes))
            self._plain(inner, mark.start, mark.end)
            return inner
        words = self._fill(self._element("p"), [(row["start"], row["end"])])
        self._places[row["id"]] = f"note_{row['id']}"
        return self._element(mark.tag, words, eId=self._places[row["id"]], marker=row["note_mark"], placement="bottom")

    def _plain(self, element: Element, start: int, end: int) -> None:
        _append(element, self._text[start:end])


def _spread(element: Element) -> None:
    """Put each element that holds no words on a line of its own."""
    if element.tag in _WITH_WORDS or not len(element):
        return
    element.text = "\n"
    for child in element:
        child.tail = "\n"
        _spread(child)


def _append(element: Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def _preamble_and_body(nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    """Split the main part after its recitals and the formula below them."""
    first_act = next((index for index, node in enumerate(nodes) if node.role is Role.OPERATIVE), len(nodes))
    recitals = [index for index, node in enumerate(nodes[:first_act]) if node.role is Role.PREAMBLE]
    has_headings = any(node.heading or node.cells for node in nodes[:first_act])
    if not recitals or has_headings:
        return [], nodes
    return nodes[:first_act], nodes[first_act:]


def _closing(nodes: Sequence[Node], blocks: Sequence[Row]) -> list[Node]:
    """Return the signatures at the end of the main part."""
    count = 0
    for node in reversed(nodes):
        if blocks[node.block]["kind"] != BlockKind.SIGNATURE:
            break
        count += 1
    return list(nodes[len(nodes) - count :])
