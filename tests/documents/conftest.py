from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.labels import BlockKind, MediaType
from osce_commitments.schema import Document, Source, SourceRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Parser = "Callable[..., list[Document]]"


def source_of(content: bytes | str, media_type: MediaType = MediaType.TEXT, name: str = "/in/sample.txt") -> Source:
    data = content.encode() if isinstance(content, str) else content
    return Source(SourceRef(name, media_type), data)


def blocks_of(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind is kind]


@pytest.fixture
def parsed() -> Callable[..., list[Document]]:
    """Parse bytes or text that hold no part to reject."""

    def run(
        content: bytes | str, media_type: MediaType = MediaType.TEXT, name: str = "/in/sample.txt"
    ) -> list[Document]:
        documents, rejects = parse(source_of(content, media_type, name), limits=Limits())
        assert rejects == []
        return documents

    return run


@pytest.fixture
def texts() -> Callable[[Document, BlockKind], list[str]]:
    return blocks_of


@pytest.fixture
def source() -> Callable[..., Source]:
    return source_of


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """Draw pages of (x, y, size, bold, text) and return the PDF."""
    from reportlab.pdfgen.canvas import Canvas

    def draw(pages: Iterable[Iterable[tuple[float, float, float, bool, str]]], *, password: str = "") -> bytes:
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=(595, 842), invariant=1, encrypt=password or None)
        for page in pages:
            for x, y, size, bold, text in page:
                canvas.setFont("Times-Bold" if bold else "Times-Roman", size)
                canvas.drawString(x, y, text)
            canvas.showPage()
        canvas.save()
        return stream.getvalue()

    return draw
