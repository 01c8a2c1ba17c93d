# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

import string
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.errors import DocumentError
from osce_commitments.labels import MediaType
from osce_commitments.schema import Document, Source, SourceRef

PIECES = st.sampled_from(
    [
        "Organization for Security and Co-operation in Europe",
        "Ministerial Council",
        "MC.DEC/91/07",
        "MC.DEC/92/07",
        "30 November 2007",
        "Original: ENGLISH",
        "DECISION No. 91/07",
        "DECISION No. 92/07",
        "COUNTING LIGHTS",
        "The Ministerial Council,",
        "Recalling its earlier decisions on the lights of the coast,",
        "1. Decides that the participating States shall count the lighthouses every year;",
        "(a) those that stand alone and that the keepers have left be-",
        "cause of the storms",
        "- 2 -",
        "Annex to MC.DEC/91/07",
        "CONTENTS",
        "Lights ........ 14",
        "¹ Not counted.",
        "STATEMENT BY THE DELEGATION OF RURITANIA",
        "Article 5 – Lights",
        "\f",
        "\n",
        "    ",
        "# Lights",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("\n".join),
    st.lists(PIECES, max_size=20).map("\n\n".join),
    st.text(max_size=300),
    st.text(alphabet=string.ascii_letters + " \n\f.,;:-()1a", max_size=400),
)


def documents_of(text: str, media_type: MediaType) -> list[Document]:
    source = Source(SourceRef("/in/x", media_type), text.encode(errors="surrogatepass"))
    try:
        documents, rejects = parse(source, limits=Limits())
    except DocumentError:
        return []
    assert all(reject.reason == "language" for reject in rejects)
    assert parse(source, limits=Limits())[0] == documents
    return documents


def check(document: Document) -> None:
    text = document.text
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    text.encode()
    end = 0
    for block in document.blocks:
        assert text[end : block.start].strip() == ""
        assert end <= block.start < block.end <= len(text)
        piece = text[block.start : block.end]
        assert piece == piece.strip()
        assert "\n" not in piece
        end = block.end
    assert text[end:].strip() == ""
    starts = [span.start for span in document.pages]
    assert starts == sorted(set(starts))
    assert all(span.start < span.end for span in document.pages)
    if document.pages:
        assert document.page_at(0) == document.pages[0].page
    assert set(document.facts_from.values()) <= {"text", "catalogue", "file name"}


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_blocks_cover_a_text_in_order(text: str) -> None:
    for document in documents_of(text, MediaType.TEXT):
        check(document)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.sampled_from(["p", "li", "h1", "td", "div"]))
def test_blocks_cover_a_page_in_order(text: str, tag: str) -> None:
    for document in documents_of(
        f"<html><body><{tag}>{text}</{tag}><p>The States act.</p></body></html>", MediaType.HTML
    ):
        check(document)
