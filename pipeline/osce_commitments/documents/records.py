"""What the readers hand to the layout: lines; the paragraphs that the layout makes of them; the text frozen from these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osce_commitments.labels import BlockKind
from osce_commitments.schema import Block, PageSpan

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, or a whole paragraph of a format that has paragraphs.

    Attributes:
        text: Cleaned text without line ends.
        page: Page from 1; 0 where the format has none.
        left, right: Edges in points; both 0.0 where the format does not say.
        size: Height of the type in points; 0.0 where the format does not say.
        gap: Distance to the line above in units of the usual distance; 0.0 for the first line of a page.
        bold: Set in bold type.
        whole: A paragraph: never joined with its neighbours by its geometry.
        kind: What the format says it is; None where the layout has to tell.
        level: Depth of a heading, or column of a table cell from 1, as the format says it.
        resumes: A table cell that continues the last one of its column, which stands on the page before.
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


@dataclass(frozen=True, slots=True)
class ReaderOutput:
    """What a reader found in one file.

    Attributes:
        lines: In reading order.
        title: Title that the file states apart from its text (HTML ``title``, document properties).
        notes: Doubts, one sentence each.
    """

    lines: tuple[Line, ...]
    title: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text with the pages that it stands on.

    Attributes:
        pages: Pairs of offset in ``text`` and page that begins there; empty where the format has no pages.
        indent: Left edge in points from the body's margin.
        opens_page: It is the first text of its page, running heads aside.
    """

    text: str
    kind: BlockKind
    pages: tuple[tuple[int, int], ...] = ()
    indent: float = 0.0
    level: int = 0
    bold: bool = False
    opens_page: bool = False


def freeze_text(items: Sequence[Paragraph]) -> tuple[str, tuple[Block, ...], tuple[PageSpan, ...]]:
    """Text, blocks and pages of an instrument; blocks are parted by an empty line that belongs to none."""
    texts: list[str] = []
    blocks: list[Block] = []
    pages: list[PageSpan] = []
    offset = 0
    for item in items:
        end = offset + len(item.text)
        blocks.append(Block(item.kind, offset, end, item.indent, item.level))
        pages.extend(_spans(item, offset))
        texts.append(item.text)
        offset = end + len(_BETWEEN)
    return _BETWEEN.join(texts), tuple(blocks), tuple(_merged(pages))


def _spans(item: Paragraph, offset: int) -> list[PageSpan]:
    ends = [start for start, _ in item.pages[1:]] + [len(item.text)]
    # Without pages there is one end and no start.
    return [PageSpan(page, offset + start, offset + end) for (start, page), end in zip(item.pages, ends, strict=False)]


def _merged(spans: Sequence[PageSpan]) -> list[PageSpan]:
    result: list[PageSpan] = []
    for span in spans:
        if result and result[-1].page == span.page:
            result[-1] = PageSpan(span.page, result[-1].start, span.end)
        else:
            result.append(span)
    return result
