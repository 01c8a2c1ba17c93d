"""Records passed between the steps: lines from the readers, paragraphs from the layout, and the final text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.labels import BlockKind
from osce_commitments.schema import Block, MarkUp, PageSpan
from osce_commitments.texts.capitals import is_capitals

_BETWEEN = "\n\n"


@dataclass(slots=True)  # a frozen one takes five times as long to make
class Line:
    """A printed line, or a whole paragraph in formats with paragraphs.

    Attributes:
        text: Cleaned text without line ends.
        page: Page from 1; 0 without pages.
        left, right: Edges in points; both 0.0 if unknown.
        size: Type size in points; 0.0 if unknown.
        gap: Distance to the line above in units of the usual distance; 0.0 for the first line of a page.
        whole: It is a whole paragraph, so geometry never joins it with its neighbours.
        kind: Kind given by the format; None if the layout must decide.
        level: Depth of a heading, or column of a table cell from 1, as given by the format.
        resumes: It is a table cell that continues the last cell of its column on the previous page.
    """

    text: str
    page: int = 0
    left: float = 0.0
    right: float = 0.0
    size: float = 0.0
    gap: float = 1.0
    bold: bool = False
    whole: bool = False
    kind: BlockKind | None = None
    level: int = 0
    resumes: bool = False

    @property
    def in_capitals(self) -> bool:
        """Whether its beginning is in capitals."""
        return is_capitals(self.text)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A passage that a reader leaves out on purpose.

    Attributes:
        kind: Its kind in words, in the singular ("comment"); empty if no note is due, as for field codes.
        is_copy: It should repeat what is read elsewhere; a note is due only if it does not.
    """

    kind: str
    text: str
    is_copy: bool = False


_COMMENT = re.compile(r"<!--([^<>{}]*)-->")
FEWEST_WORDS = 4  # shorter passages near a text are code


def comments_in(markup: str) -> list[LeftOut]:
    """Return the comments of a page or XML file that are sentences, not code."""
    return [LeftOut("comment", text) for text in _COMMENT.findall(markup) if len(text.split()) >= FEWEST_WORDS]


@dataclass(frozen=True, slots=True)
class ReaderOutput:
    """The result of reading a file.

    Attributes:
        lines: Lines in reading order.
        title: Title in the file's own metadata (HTML ``title``, document properties).
        notes: Warnings, one sentence each.
        front_matter: Facts in the front matter of a text, by name, as written.
        held: All text that the format holds, by a plain walk over the file.
        left_out: Passages that were left out on purpose.
    """

    lines: tuple[Line, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    front_matter: Mapping[str, str] = field(default_factory=dict)
    held: str = ""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(slots=True)  # a frozen one takes five times as long to make
class Paragraph:
    """A paragraph with its pages.

    Attributes:
        pages: Pairs of an offset in ``text`` and the page that begins there; empty without pages.
        indent: Left edge in points from the body's margin.
        opens_page: It is the first text on its page, apart from running heads.
        marked: What the mark-up says of it; None where the format has none.
    """

    text: str
    kind: BlockKind
    pages: tuple[tuple[int, int], ...] = ()
    indent: float = 0.0
    level: int = 0
    bold: bool = False
    opens_page: bool = False
    marked: MarkUp | None = None

    @property
    def in_capitals(self) -> bool:
        """Whether its beginning is in capitals."""
        return is_capitals(self.text)


@dataclass(frozen=True, slots=True)
class MarkedInstrument:
    """One instrument of a file whose mark-up gives its structure: its paragraphs, and fields of :class:`Document`."""

    items: tuple[Paragraph, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


def freeze_text(items: Sequence[Paragraph]) -> tuple[str, tuple[Block, ...], tuple[PageSpan, ...]]:
    """Return the text, blocks and pages of an instrument; an empty line outside all blocks separates the blocks."""
    texts: list[str] = []
    blocks: list[Block] = []
    pages: list[PageSpan] = []
    offset = 0
    for item in items:
        end = offset + len(item.text)
        blocks.append(Block(item.kind, offset, end, item.indent, item.level, item.marked))
        ends = [start for start, _ in item.pages[1:]] + [len(item.text)]
        # strict=False: without pages there is one end but no start.
        for (start, page), stop in zip(item.pages, ends, strict=False):
            if pages and pages[-1].page == page:
                pages[-1] = PageSpan(page, pages[-1].start, offset + stop)
            else:
                pages.append(PageSpan(page, offset + start, offset + stop))
        texts.append(item.text)
        offset = end + len(_BETWEEN)
    return _BETWEEN.join(texts), tuple(blocks), tuple(pages)
