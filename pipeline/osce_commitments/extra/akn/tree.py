"""The rows of an instrument as a tree: title, recitals, paragraphs with their items, annexes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from osce_commitments.labels import BlockKind, Role
from osce_commitments.schema import Row
from osce_commitments.texts.akn import number_as_cited

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
