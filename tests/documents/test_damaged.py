"""A damaged or odd file is read, or refused with a reason that a person can act on; it is never a defect of ours."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.errors import DocumentError
from osce_commitments.labels import MediaType
from tests.support import hostile
from tests.support.hostile import paragraph, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Source

BODY = paragraph("The Permanent Council decides to publish a yearly list.")


def refusal(source: Source, limits: Limits | None = None) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parse(source, limits=limits or Limits())
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


def test_a_body_without_sections_is_read(parsed: Callable[..., list[Document]]) -> None:
    """ECMA-376 part 1, 17.2.2: the properties of the last section are optional."""
    (document,) = parsed(word(BODY), MediaType.DOCX)
    assert document.text == "The Permanent Council decides to publish a yearly list."


def patched(content: bytes, change: Callable[[zipfile.ZipInfo, bytes], bytes | None]) -> bytes:
    """The archive with other parts; a part that becomes None is left out."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            new = change(info, archive.read(info))
            if new is not None:
                files[info.filename] = new
    return hostile.packed(files)


def of_another_kind(kind: str) -> bytes:
    """A DOCX file whose part of this kind is declared to be something else."""
    content = word(BODY, {"styles": "", "numbering": "", "footnotes": ""})
    return patched(
        content,
        lambda info, data: data.replace(f"{kind}+xml".encode(), b"theme+xml") if info.filename[0] == "[" else data,
    )


def with_header(content: bytes, offset: int, value: int) -> bytes:
    """The archive with a changed field of 2 bytes in the local and the central header of its last part."""
    data = bytearray(content)
    local, central = data.rindex(b"PK\x03\x04"), data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, local + offset, value)
    struct.pack_into("<H", data, central + offset + 2, value)
    return bytes(data)


@pytest.mark.parametrize("kind", ["styles", "numbering", "footnotes", "document.main"])
def test_a_part_that_is_declared_as_another_kind_is_read(kind: str, parsed: Callable[..., list[Document]]) -> None:
    assert parsed(of_another_kind(kind), MediaType.DOCX)[0].text.startswith("The Permanent Council")


def test_a_main_part_without_a_body_is_refused(source: Callable[..., Source]) -> None:
    content = patched(
        word(BODY),
        lambda info, data: (
            f'<w:document xmlns:w="{hostile.WORD}"/>'.encode() if info.filename == "word/document.xml" else data
        ),
    )
    error = refusal(source(content, MediaType.DOCX))
    assert (error.reason, error.message) == ("damaged", "the DOCX file is damaged: it has no body")


@pytest.mark.parametrize("root", ["w:styles", "w:hdr", "w:p", "x"])
def test_a_main_part_with_another_root_is_refused(root: str, source: Callable[..., Source]) -> None:
    assert refusal(source(word(BODY, root=root), MediaType.DOCX)).reason == "not_docx"


def test_an_encrypted_part_is_refused(source: Callable[..., Source]) -> None:
    assert refusal(source(with_header(word(BODY), 6, 1), MediaType.DOCX)).reason == "encrypted"


@pytest.mark.parametrize("part", ["word/document.xml", "word/footnotes.xml"])
@pytest.mark.parametrize(
    "declared", ['[<!ENTITY a "lamps">]', '[<!ENTITY a SYSTEM "file:///etc/passwd">]', 'SYSTEM "a.dtd"']
)
def test_words_of_entities_are_not_left_out(part: str, declared: str, source: Callable[..., Source]) -> None:
    mark = '<w:p><w:r><w:t>List</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    content = word(BODY + mark, {"footnotes": f'<w:footnote w:id="1">{paragraph("A yearly note.")}</w:footnote>'})

    def with_entity(info: zipfile.ZipInfo, data: bytes) -> bytes:
        if info.filename != part:
            return data
        xml = data.replace(b" yearly ", b" &a; yearly ")
        head, mark, rest = xml.rpartition(b"?>")
        return head + mark + f"<!DOCTYPE a {declared}>".encode() + rest

    assert refusal(source(patched(content, with_entity), MediaType.DOCX)).reason == "entities"


@pytest.mark.parametrize("method", [6, 97, 99, 65535])
def test_an_unknown_method_of_packing_is_refused(method: int, source: Callable[..., Source]) -> None:
    error = refusal(source(with_header(word(BODY), 8, method), MediaType.DOCX))
    assert error.reason == "damaged"
    assert "unknown method" in error.message


@pytest.mark.parametrize("code", ["FFFFFFFF", "80000000", "-1", "110000", "x", ""])
def test_a_symbol_without_a_character_is_a_space(code: str, parsed: Callable[..., list[Document]]) -> None:
    symbol = f'<w:p><w:r><w:t>The States</w:t><w:sym w:char="{code}"/><w:t>decide to meet.</w:t></w:r></w:p>'
    assert parsed(word(symbol), MediaType.DOCX)[0].text == "The States decide to meet."


@pytest.mark.parametrize("content", ["<w:lvl w:ilvl='x'/>", "<w:lvl w:ilvl='0'><w:start w:val='²'/></w:lvl>"])
def test_a_number_that_is_none_is_refused(content: str, source: Callable[..., Source]) -> None:
    numbering = f"<w:abstractNum w:abstractNumId='1'>{content}</w:abstractNum>"
    assert refusal(source(word(BODY, {"numbering": numbering}), MediaType.DOCX)).reason == "damaged"


def test_properties_of_another_kind_are_left_out(parsed: Callable[..., list[Document]]) -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    relation = f'<Relationship Id="c" Type="{kind}" Target="word/document.xml"/></Relationships>'.encode()
    content = patched(
        word(BODY),
        lambda info, data: data.replace(b"</Relationships>", relation) if info.filename == "_rels/.rels" else data,
    )
    assert parsed(content, MediaType.DOCX)[0].text.startswith("The Permanent Council")


def test_relations_that_are_none_are_refused(source: Callable[..., Source]) -> None:
    content = patched(word(BODY), lambda info, data: b"<a/>" if info.filename == "_rels/.rels" else data)
    assert refusal(source(content, MediaType.DOCX)).reason == "damaged"


@pytest.mark.parametrize("name", ["_rels/.rels", "word/_rels/document.xml.rels"])
def test_a_relation_without_a_type_is_refused(name: str, source: Callable[..., Source]) -> None:
    """It may be that of the notes, which would be lost."""
    relation = b'<Relationship Id="c" Target="/word/document.xml"/></Relationships>'
    content = patched(
        word(BODY, {"footnotes": ""}),
        lambda info, data: data.replace(b"</Relationships>", relation) if info.filename == name else data,
    )
    assert refusal(source(content, MediaType.DOCX)).reason == "damaged"


def test_too_many_elements_are_refused_before_they_are_built(source: Callable[..., Source]) -> None:
    limits = Limits(max_elements=5000)
    error = refusal(source(word(BODY + "<w:p/>" * 6000), MediaType.DOCX), limits)
    assert (error.reason, "max_elements" in error.remedy) == ("too_large", True)
    html = "<html><body><p>The States decide to meet in spring.</p>" + "<b></b>" * 6000
    assert refusal(source(html, MediaType.HTML), limits).reason == "too_large"
    akn = '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">' + "<p/>" * 6000 + "</akomaNtoso>"
    assert refusal(source(akn, MediaType.AKN), limits).reason == "too_large"


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (MediaType.DOCX, word(paragraph("word " * 1000) * 100)),
        (MediaType.HTML, "<html><body>" + "<p>" + "word " * 1000 + "</p>" * 100),
        (MediaType.TEXT, "word " * 100_000),
    ],
)
def test_too_many_characters_are_refused(
    media_type: MediaType, content: bytes | str, source: Callable[..., Source]
) -> None:
    error = refusal(source(content, media_type), Limits(max_characters=1000))
    assert (error.reason, "max_characters" in error.remedy) == ("too_large", True)


def test_a_note_that_many_marks_repeat_does_not_fill_the_memory(source: Callable[..., Source]) -> None:
    mark = '<w:p><w:r><w:t>Word</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    notes = f'<w:footnote w:id="1">{paragraph("word " * 20_000)}</w:footnote>'
    content = word(BODY + mark * 100_000, {"footnotes": notes})
    assert refusal(source(content, MediaType.DOCX)).reason == "too_large"


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "punycode", "rot13", "zlib", "base64", "utf-7", "mbcs", "oem", "x" * 99]
)
def test_a_charset_that_is_no_encoding_is_ignored(charset: str, parsed: Callable[..., list[Document]]) -> None:
    page = f"<html><head><meta charset={charset}></head><body><p>The States decide to use “a list”.</p>".encode(
        "cp1252"
    )
    assert parsed(page, MediaType.HTML)[0].text == "The States decide to use “a list”."


def deep(element: str, depth: int) -> str:
    inner = "<p>The States decide to meet in spring.</p>"
    return (
        f"<html><body><p>Before.</p>{f'<{element}>' * depth}{inner}{f'</{element}>' * depth}<p>After.</p></body></html>"
    )


@pytest.mark.parametrize("element", ["div", "b", "blockquote", "font"])
def test_nothing_of_a_deep_page_is_lost(element: str, parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(deep(element, 1_900), MediaType.HTML)
    assert document.text == "Before.\n\nThe States decide to meet in spring.\n\nAfter."


@pytest.mark.parametrize("depth", [2_100, 60_000])
@pytest.mark.parametrize("element", ["div", "b", "blockquote", "font"])
def test_a_page_of_which_the_parser_would_lose_a_part_is_refused(
    element: str, depth: int, source: Callable[..., Source]
) -> None:
    assert refusal(source(deep(element, depth), MediaType.HTML)).reason == "too_deep"
