"""From paragraphs to the frozen text with its blocks and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.schema import Block, PageSpan

if TYPE_CHECKING:
    from osce_commitments.documents.records import Paragraph

_BETWEEN = "\n\n"


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
