"""Files with several instruments: finds where each begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.documents.layout.furniture import is_symbol, printed_symbol
from osce_commitments.documents.layout.measures import INTERRUPTING, OPENING_PARAGRAPHS
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.labels import BlockKind
from osce_commitments.texts.capitals import is_capitals

if TYPE_CHECKING:
    from osce_commitments.documents.records import Paragraph

_MIN_TEXT_WORDS = 40
_MIN_OWN_WORDS = 20
_UNITED_NATIONS = re.compile(r"[A-Z]+(?:\.\d+)?/")


def split_volume(items: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Split the paragraphs of a file into instruments, in order.

    An instrument opens with a header block with another symbol, with the heading of another decision, or with the
    title of a declaration or of a delegation's statement on a new page. Annexes and attachments stay with the
    decision before them. A cover without running text belongs to the first instrument.
    """
    starts = [0]
    seen = _Seen()
    for index in range(len(items)):
        if _opens(items, index, seen) and index > starts[-1]:
            starts.append(index)
        seen.take(items[index])
    parts = [list(items[start:end]) for start, end in zip(starts, [*starts[1:], len(items)], strict=True)]
    return _with_cover_joined(parts)


class _Seen:
    """The facts read so far about the current instrument."""

    def __init__(self) -> None:
        self.symbol = ""
        self.number = ""
        self.has_title = False
        self.has_contents = False
        self._words = 0

    @property
    def has_text(self) -> bool:
        """Whether there was running text, and not only header lines that no rule recognised."""
        return self._words >= _MIN_OWN_WORDS

    def take(self, item: Paragraph) -> None:
        """Record symbol, number and title of a paragraph."""
        if is_symbol(item.text) and item.kind is BlockKind.HEADER:
            self.symbol = printed_symbol(item.text)
        self.number = _decision_number(item) or self.number
        self.has_contents = self.has_contents or item.kind is BlockKind.CONTENTS
        if item.kind is BlockKind.PARAGRAPH:
            self.has_title = self.has_title or is_capitals(item.text)
            self._words += 0 if is_capitals(item.text) else len(item.text.split())

    def begin(self) -> None:
        """Reset for a new instrument."""
        self.symbol = self.number = ""
        self.has_title = self.has_contents = False
        self._words = 0


def _decision_number(item: Paragraph) -> str:
    if item.kind not in {BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING}:
        return ""
    found = layout_rules().first("decision_heading", item.text)
    return re.sub(r"\s", "", found[1]["number"]) if found else ""


def _opens(items: Sequence[Paragraph], index: int, seen: _Seen) -> bool:
    item = items[index]
    if item.kind is BlockKind.HEADER:
        opens = not _continues_block(items, index) and _block_opens(items, index, seen)
    else:
        opens = _title_opens(items, index, seen)
    if opens:
        seen.begin()
    return opens


def _continues_block(items: Sequence[Paragraph], index: int) -> bool:
    for place in range(index - 1, -1, -1):
        if items[place].kind not in INTERRUPTING:
            return items[place].kind is BlockKind.HEADER
    return False


def _block_opens(items: Sequence[Paragraph], index: int, seen: _Seen) -> bool:
    """Whether a header block opens an instrument: it has another symbol, or a numbered title follows."""
    if not (seen.has_text or seen.number or seen.has_contents):
        return False
    block, following = _block_and_following(items, index)
    if any(layout_rules().finds("attachment", text) for text in [*(item.text for item in block), *following[:2]]):
        return False
    symbols = {printed_symbol(item.text) for item in block if is_symbol(item.text)}
    if symbols:
        # A line with nothing but a symbol can be the source of a quotation.
        is_block = len(block) > 1 or not all(_UNITED_NATIONS.match(symbol) for symbol in symbols)
        return is_block and seen.symbol not in symbols
    numbered = [found[1] for text in following if (found := layout_rules().first("decision_heading", text))]
    if numbered:
        return re.sub(r"\s", "", numbered[0]["number"]) != seen.number
    return any(layout_rules().finds("header_block.certain.organization", item.text) for item in block) and any(
        layout_rules().finds("part_title", text) for text in following
    )


def _block_and_following(items: Sequence[Paragraph], index: int) -> tuple[list[Paragraph], list[str]]:
    """Return the header block at ``index`` and the texts after it."""
    block: list[Paragraph] = []
    following: list[str] = []
    for item in items[index : index + 40]:
        if item.kind in INTERRUPTING:
            continue
        if item.kind is BlockKind.HEADER and not following:
            block.append(item)
        elif len(following) < OPENING_PARAGRAPHS and item.kind is not BlockKind.HEADER:
            following.append(item.text)
        else:
            break
    return block, following


def _title_opens(items: Sequence[Paragraph], index: int, seen: _Seen) -> bool:
    """Whether a title without a header block opens an instrument."""
    item = items[index]
    number = _decision_number(item)
    if number and not seen.number and seen.has_contents:
        # A cover with a table of contents ends here, unless a header block has already opened the instrument.
        return not seen.symbol
    if number:
        return seen.has_text and number != seen.number
    if not (seen.has_text and layout_rules().finds("part_title", item.text) and item.kind is not BlockKind.CONTENTS):
        return False
    before = [other.text for other in items[max(0, index - 3) : index] if other.kind is not BlockKind.FURNITURE]
    is_attached = any(layout_rules().finds("attachment", text) for text in before)
    return not is_attached and (item.opens_page or not item.pages)


def _with_cover_joined(parts: list[list[Paragraph]]) -> list[list[Paragraph]]:
    """Join a cover and a table of contents to the first instrument, as furniture and contents."""
    if len(parts) == 1:
        return parts
    words = sum(len(item.text.split()) for item in parts[0] if item.kind is BlockKind.PARAGRAPH and _is_text(item))
    if words >= _MIN_TEXT_WORDS or any(_decision_number(item) for item in parts[0]):
        return parts
    cover = [
        item if item.kind is BlockKind.CONTENTS else replace(item, kind=BlockKind.FURNITURE, level=0)
        for item in parts[0]
    ]
    return [cover + parts[1], *parts[2:]]


def _is_text(item: Paragraph) -> bool:
    return not is_capitals(item.text)
