"""Notes on sources that look broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from osce_commitments.documents.layout.run_together import is_series
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind
from osce_commitments.schema import BROKEN

_LONG_PASSAGE = 3000
_ENOUGH_LETTERS = 500
_FEWEST_CAPITALS = 0.002
_FEWEST_PARAGRAPHS = 3
_FULL_STOP = re.compile(r"[.!?:;][”\"\u2019)\]]*\s")


def broken_notes(items: Sequence[Paragraph]) -> Iterator[str]:
    """Yield a sentence for each sign that line ends, capitals or full stops of an instrument were lost."""
    body = [item.text for item in items if item.kind in {BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING}]
    text = " ".join(body)
    if len(body) < _FEWEST_PARAGRAPHS and len(text) > _LONG_PASSAGE:
        yield f"{BROKEN}it has no line ends between paragraphs."
    letters = sum(map(str.isalpha, text))
    if letters > _ENOUGH_LETTERS and sum(map(str.isupper, text)) < _FEWEST_CAPITALS * letters:
        yield f"{BROKEN}it has no capital letters."
    long = (paragraph for paragraph in body if len(paragraph) > _LONG_PASSAGE)
    longest = max((len(part) for paragraph in long for part in _FULL_STOP.split(paragraph)), default=0)
    if longest > _LONG_PASSAGE:
        yield f"{BROKEN}a passage of {longest:,} characters has no full stop."
    if any(is_series(list(layout_rules()["run_in_number.any"].finditer(paragraph))[1:]) for paragraph in body):
        yield f"{BROKEN}numbered paragraphs run on in one line."
