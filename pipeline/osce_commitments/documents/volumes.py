"""Files with several instruments: finds where each begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from osce_commitments.documents.layout.furniture import is_symbol, printed_symbol
from osce_commitments.documents.patterns import INTERRUPTING, OPENING_PARAGRAPHS, has_form, layout_rules
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind
from osce_commitments.texts.capitals import is_capitals

_MIN_TEXT_WORDS = 40
_MIN_OWN_WORDS = 20
_LINES_OF_A_TITLE = 6


def split_volume(items: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Split the paragraphs of a file into instruments, in order.

    An instrument opens with a header block with another symbol, with the heading of another decision, with the
    title of a declaration or of a delegation's statement on a new page, or with a title like "RESOLUTION ON …" above
    recitals. A symbol alone is a citation. Annexes and attachments stay with the decision before them. A cover without
    running text belongs to the first instrument.
    """
    starts = [0]
    seen = _Seen()
    for index, item in enumerate(items):
        number = _decision_number(item)
        if item.kind is BlockKind.HEADER:
            above = (items[place].kind for place in range(index - 1, -1, -1) if items[place].kind not in INTERRUPTING)
            opens = next(above, None) is not BlockKind.HEADER and _block_opens(items, index, seen)
        else:
            opens = _title_opens(items, index, seen, number)
        if opens:
            seen = _Seen()
            starts += [index] if index > starts[-1] else []
        seen.take(item, number)
    parts = [list(items[start:end]) for start, end in zip(starts, [*starts[1:], len(items)], strict=True)]
    if len(parts) == 1:
        return parts
    words = sum(
        len(item.text.split()) for item in parts[0] if item.kind is BlockKind.PARAGRAPH and not item.in_capitals
    )
    if words >= _MIN_TEXT_WORDS or any(_decision_number(item) for item in parts[0]):
        return parts
    cover = [
        item if item.kind is BlockKind.CONTENTS else replace(item, kind=BlockKind.FURNITURE, level=0)
        for item in parts[0]
    ]
    return [cover + parts[1], *parts[2:]]


@dataclass(slots=True)
class _Seen:
    """The facts read so far about the current instrument."""

    symbol: str = ""
    number: str = ""
    has_contents: bool = False
    words: int = 0

    @property
    def has_text(self) -> bool:
        """Whether there was running text, and not only header lines that no rule recognised."""
        return self.words >= _MIN_OWN_WORDS

    def take(self, item: Paragraph, number: str) -> None:
        """Record the symbol of a paragraph, the number of its decision, and its words."""
        if is_symbol(item.text) and item.kind is BlockKind.HEADER:
            self.symbol = printed_symbol(item.text)
        self.number = number or self.number
        self.has_contents = self.has_contents or item.kind is BlockKind.CONTENTS
        if item.kind is BlockKind.PARAGRAPH and not item.in_capitals:
            self.words += len(item.text.split())


def _decision_number(item: Paragraph) -> str:
    if item.kind not in {BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING}:
        return ""
    heading = layout_rules().first("decision_heading", item.text)
    return re.sub(r"\s", "", heading[1]["number"]) if heading else ""


def _block_opens(items: Sequence[Paragraph], index: int, seen: _Seen) -> bool:
    """Whether a header block opens an instrument: it has another symbol, or a numbered title follows."""
    rules = layout_rules()
    if not (seen.has_text or seen.number or seen.has_contents):
        return False
    block, following = _block_and_following(items, index)
    symbols = {printed_symbol(item.text) for item in block if is_symbol(item.text)}
    has_own_symbol = bool(symbols) and seen.symbol not in symbols
    # A statement with a symbol of its own is an instrument; without one it is an attachment to the decision above.
    forms = ("attachment.marker",) if has_own_symbol else ("attachment",)
    if any(has_form(text, form) for form in forms for text in [*(line.text for line in block), *following[:2]]):
        return False
    if symbols:
        return has_own_symbol and _is_header_block(block, following)
    numbered = [heading[1] for text in following if (heading := rules.first("decision_heading", text))]
    if numbered:
        return re.sub(r"\s", "", numbered[0]["number"]) != seen.number
    return any(has_form(item.text, "header_block.certain.organization") for item in block) and any(
        has_form(text, "part_title") for text in following
    )


def _is_header_block(block: Sequence[Paragraph], following: Sequence[str]) -> bool:
    """Whether lines with a symbol are more than a cited source: a body, date or language, or a title or body below."""
    if any(not (is_symbol(item.text) or has_form(item.text, "source_line")) for item in block):
        return True
    forms = ("decision_heading", "part_title", "enacting_line", "enacting_opening", "enacting_in_capitals")
    return bool(following) and (is_capitals(following[0]) or has_form(following[0], *forms))


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


def _title_opens(items: Sequence[Paragraph], index: int, seen: _Seen, number: str) -> bool:
    """Whether a title without a header block opens an instrument."""
    item = items[index]
    if number and not seen.number and seen.has_contents:
        # A cover with a table of contents ends here, unless a header block has already opened the instrument.
        return not seen.symbol
    if number:
        return seen.has_text and number != seen.number
    if not seen.has_text or item.kind in {BlockKind.CONTENTS, *INTERRUPTING} or not _is_line_of_title(item):
        return False
    shown = [other for other in items[index : index + _LINES_OF_A_TITLE] if other.kind not in INTERRUPTING]
    lines = list(takewhile(_is_line_of_title, shown))
    title = " ".join(line.text for line in lines)
    below = shown[len(lines)].text if len(lines) < len(shown) else ""
    recites = has_form(title, "part_title_above_recitals") and _recites(below)
    if not (recites or has_form(title, "part_title")):
        return False
    before = [other.text for other in items[max(0, index - 3) : index] if other.kind is not BlockKind.FURNITURE]
    is_attached = any(has_form(text, "attachment") for text in before)
    return not is_attached and (recites or item.opens_page or not item.pages)


def _is_line_of_title(item: Paragraph) -> bool:
    is_line = item.kind in {BlockKind.TITLE, BlockKind.HEADING} or item.bold or item.in_capitals
    return is_line and not has_form(item.text, "list_label")


def _recites(text: str) -> bool:
    """Whether a paragraph, with or without a number, is a recital or names the body before its recitals."""
    rules = layout_rules()
    label = rules.first("list_label", text)
    words = text[label[1].end() :].lstrip() if label else text
    is_recital = has_form(words, "recital") and has_form(words, "ending.separator")
    return is_recital or has_form(words, "enacting_line")
