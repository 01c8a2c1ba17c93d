from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from osce_commitments.ids import document_id
from osce_commitments.labels import BlockKind, MediaType
from osce_commitments.schema import Block, Document

if TYPE_CHECKING:
    from collections.abc import Callable

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n(?!\s*\n).*\S)*")
_MARK = re.compile(r"@(?P<kind>[a-z]+)(?P<level>\d?)\s+")
_POINTS_PER_SPACE = 5.0


def build_document(marked: str, **facts: object) -> Document:
    """Paragraphs parted by blank lines become blocks; "@heading2 Words" names a kind and its level, leading spaces indent."""
    text, blocks = "", []
    for paragraph in re.split(r"\n[ \t]*\n", marked.strip("\n")):
        match = _PARAGRAPH.search(paragraph)
        if match is None:
            continue
        written, indent = match.group(), len(paragraph[: match.start()].strip("\n")) * _POINTS_PER_SPACE
        kind, level = BlockKind.PARAGRAPH, 0
        if mark := _MARK.match(written):
            kind, written = BlockKind(mark["kind"]), written[mark.end() :]
            level = int(mark["level"] or (1 if kind == BlockKind.HEADING else 0))
        start = len(text)
        text += written + "\n\n"
        blocks.append(Block(kind, start, start + len(written), indent, level))
    identity = {"id": document_id("0" * 64, 1), "source": "test", "source_sha256": "0" * 64, "part": 1}
    return Document(**{**identity, "media_type": MediaType.TEXT, "text": text, "blocks": tuple(blocks), **facts})


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    return build_document
