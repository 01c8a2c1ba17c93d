from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.schema import Document, Source

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = ("styles", "numbering", "footnotes")

STYLES = """<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Para"><w:name w:val="Para"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ParaChild"><w:name w:val="Para child"/><w:basedOn w:val="Para"/></w:style>
<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="Item"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>"""

NUMBERING = """<w:abstractNum w:abstractNumId="3">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Para"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:pStyle w:val="Item"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="4"/></w:num>
<w:num w:numId="9"><w:abstractNumId w:val="3"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>"""


def p(text: str, style: str = "", number: str = "", *, runs: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    level, _, identifier = number.partition("@")
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identifier}"/></w:numPr>' if number else ""
    return f"<w:p><w:pPr>{style}{numbered}</w:pPr>{runs or f'<w:r><w:t>{text}</w:t></w:r>'}</w:p>"


def docx(body: str, *, footnotes: str = "", doctype: str = "", styles: str = STYLES) -> bytes:
    """The smallest package that a word processor would open."""
    inner = {"styles": styles, "numbering": NUMBERING, "footnotes": footnotes}
    overrides = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{WORD}.{name}+xml"/>' for name in PARTS)
    relations = "".join(f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in PARTS)
    package = "http://schemas.openxmlformats.org/package/2006"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>{overrides}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            f'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        )
        archive.writestr(
            "word/document.xml", f"{doctype}<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>"
        )
        for name in PARTS:
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{inner[name]}</w:{name}>")
    return stream.getvalue()


def test_labels_of_automatic_numbering_through_styles(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    body = "".join(
        [
            p("The Permanent Council,"),
            p("Decides to count lighthouses, and to this end:", "Para"),
            p("to send guards;", "Item"),
            p("to ask their keepers;", "Item"),
            p("Requests the Secretariat to draw a map, in particular:", "ParaChild"),
            p("of the islands;", "Item"),
            p("of those that are lit;", "", "2@7"),
            p("(typed) label stays;", "", "0@8"),
            p("Invites all to sing.", "", "0@9"),
            p("No number here.", "Para", "0@0"),
        ]
    )
    (document,) = parsed(docx(body), MediaType.DOCX, "/in/a.docx")
    assert texts(document, BlockKind.PARAGRAPH) == [
        "The Permanent Council,",
        "1. Decides to count lighthouses, and to this end:",
        "(a) to send guards;",
        "(b) to ask their keepers;",
        "2. Requests the Secretariat to draw a map, in particular:",
        "(a) of the islands;",
        "2.a.i of those that are lit;",
        "• (typed) label stays;",
        "5. Invites all to sing.",
        "No number here.",
    ]


def test_tracked_changes_are_accepted(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    runs = (
        "<w:r><w:t xml:space='preserve'>The participating States will </w:t></w:r>"
        "<w:del w:id='1'><w:r><w:delText>not </w:delText></w:r></w:del>"
        "<w:moveFrom w:id='2'><w:r><w:t>elsewhere </w:t></w:r></w:moveFrom>"
        "<w:ins w:id='3'><w:r><w:t xml:space='preserve'>gladly </w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>act</w:t></w:r><w:r><w:noBreakHyphen/></w:r><w:r><w:t>ively.</w:t></w:r>"
    )
    merged = "<w:p><w:pPr><w:rPr><w:del w:id='4'/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>They will </w:t></w:r></w:p>"
    (document,) = parsed(docx(p("", runs=runs) + merged + p("sing.")), MediaType.DOCX)
    assert texts(document, BlockKind.PARAGRAPH) == [
        "The participating States will gladly act-ively.",
        "They will sing.",
    ]


def test_notes_tables_headings_and_header_block(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    cell = "<w:tc>{}</w:tc>".format
    block = f"<w:tbl><w:tr>{cell(p('Organization for Security and Co-operation in Europe'))}{cell(p('PC.DEC/9063'))}</w:tr></w:tbl>"
    note = "<w:r><w:t>Storms return</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:t>.</w:t></w:r>"
    table = f"<w:tbl><w:tr>{cell(p('Tower'))}{cell(p('Keeper'))}</w:tr></w:tbl>"
    body = block + p("The work of the keepers", "Heading1") + p("", runs=note) + p("They are strong.") + table
    footnotes = f"<w:footnote w:id='1'>{p('other')}</w:footnote><w:footnote w:id='2'>{p('Every autumn.')}</w:footnote>"
    (document,) = parsed(docx(body, footnotes=footnotes), MediaType.DOCX)
    assert document.symbol == "PC.DEC/9063"
    assert texts(document, BlockKind.HEADER) == ["Organization for Security and Co-operation in Europe", "PC.DEC/9063"]
    assert texts(document, BlockKind.PARAGRAPH) == ["Storms return¹.", "They are strong."]
    assert texts(document, BlockKind.FOOTNOTE) == ["¹ Every autumn."]
    assert texts(document, BlockKind.TABLE) == ["Tower", "Keeper"]
    assert document.title == "The work of the keepers"


def test_a_corrigendum_with_a_note_in_the_table_of_the_header(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    note = "<w:r><w:t>MC.DEC/91/07/Corr.1</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
    left = p("Organization for Security and Co-operation in Europe") + p("Ministerial Council")
    table = f"<w:tbl><w:tr><w:tc>{left}</w:tc><w:tc>{p('', runs=note)}{p('30 November 2007')}</w:tc></w:tr></w:tbl>"
    body = table + p("DECISION No. 91/07") + p("COUNTING LIGHTS") + p("1. Decides to count all lights;")
    footnotes = f"<w:footnote w:id='2'>{p('The date was corrected.')}</w:footnote>"
    (document,) = parsed(docx(body, footnotes=footnotes), MediaType.DOCX)
    assert (document.symbol, document.title) == ("MC.DEC/91/07", "COUNTING LIGHTS")
    assert "MC.DEC/91/07/Corr.1¹" in texts(document, BlockKind.HEADER)
    assert texts(document, BlockKind.TABLE) == []
    assert texts(document, BlockKind.PARAGRAPH) == ["1. Decides to count all lights;"]


def test_a_heading_below_the_title_and_a_note_mark_make_no_title(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    title = STYLES.replace("heading 1", "Title").replace("Heading1", "Heading9")
    body = p("Harbours at night", "Heading9") + p("The problem", "Heading1") + p("Nobody counts the lights at all.¹")
    (document,) = parsed(docx(body, styles=STYLES + title[title.rindex("<w:style") :]), MediaType.DOCX)
    assert document.title == "Harbours at night"
    assert texts(document, BlockKind.HEADING) == ["The problem"]
    assert texts(document, BlockKind.PARAGRAPH) == ["Nobody counts the lights at all.¹"]


@pytest.mark.parametrize(
    ("line", "is_apart"), [("will", True), ("have agreed to:", True), ("will watch them by night,", False)]
)
def test_a_verb_of_its_own_below_a_recital(
    line: str, *, is_apart: bool, parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    recital = "Convinced that those who keep lamps on the coast,"
    (document,) = parsed(
        docx(p("The participating States,") + p(recital) + p(line) + p("- light them.")), MediaType.DOCX
    )
    assert (line in texts(document, BlockKind.PARAGRAPH)) == is_apart


def test_the_agenda_item_of_a_journal_is_no_title(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    entry = "Agenda item 7: REVIEW OF LAMPS"
    (document,) = parsed(docx(p("SECOND DAY OF THE MEETING") + p(entry) + p("The Chairperson spoke.")), MediaType.DOCX)
    assert document.title == "SECOND DAY OF THE MEETING"
    assert texts(document, BlockKind.TITLE) == [document.title]


def test_an_annex_and_its_running_head_in_one_paragraph(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    runs = "<w:r><w:t>PC.DEC/9063</w:t><w:br/><w:t>7 June 2012</w:t><w:br/><w:t>Annex to PC.DEC/9063</w:t></w:r>"
    body = p("1. The States will count all their lights.") + p("", runs=runs) + p("They will start in the north.")
    (document,) = parsed(docx(body), MediaType.DOCX)
    assert texts(document, BlockKind.HEADER) == ["PC.DEC/9063", "7 June 2012"]
    assert texts(document, BlockKind.HEADING) == ["Annex to PC.DEC/9063"]


def reason_of(content: bytes, source: Callable[..., Source], limits: Limits | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        parse(source(content, MediaType.DOCX, "/in/a.docx"), limits=limits or Limits())
    assert caught.value.remedy
    return caught.value.reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked(source: Callable[..., Source]) -> None:
    content = docx(p("a" * 3_000_000))
    assert len(content) < 100_000
    assert reason_of(content, source, Limits(max_unpacked_megabytes=2)) == "too_large"


def test_no_entity_is_read_or_expanded(tmp_path: Path, source: Callable[..., Source]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET", encoding="utf-8")
    doctype = f'<!DOCTYPE w:document [<!ENTITY xxe SYSTEM "{secret.as_uri()}"><!ENTITY b "boom">]>'
    content = docx(p("The participating States will act &xxe; and &b; at sea."), doctype=doctype)
    assert reason_of(content, source) == "entities"


def test_what_is_no_docx(source: Callable[..., Source]) -> None:
    whole = docx(p("The States will act."))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as other:
        other.writestr("a.txt", "no document")
    assert reason_of(whole[:-40], source) == "truncated"
    assert reason_of(b"plain text", source) == "truncated"
    assert reason_of(archive.getvalue(), source) == "not_docx"
    assert reason_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, source) == "encrypted"
    assert reason_of(docx("<w:p><w:r>").replace(b"x", b"x"), source) == "damaged"
    assert reason_of(docx(""), source) == "empty"
