"""No word is lost in silence: each construct holds one marked word, which is in the text or named in a note."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.documents.letters import account
from osce_commitments.documents.records import LeftOut
from osce_commitments.labels import MediaType
from osce_commitments.schema import INCOMPLETE
from tests.documents.conftest import source_of
from tests.support.hostile import packed, paragraph, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Source

MARK = "qzword"
SENTENCE = f"The States agree to publish a {MARK} each year."
BEFORE, AFTER = "1. Decides to hold a yearly meeting on open markets;", "2. Requests the Secretary to report in spring."


def read(content: bytes | str, media_type: MediaType, source: Callable[..., Source]) -> list[Document]:
    documents, rejects = parse(source(content, media_type), limits=Limits())
    assert rejects == []
    return documents


def has_mark(documents: list[Document], mark: str = MARK) -> bool:
    return any(mark in part for document in documents for part in (document.text, document.title, *document.notes))


def is_read(documents: list[Document], mark: str = MARK) -> bool:
    return any(mark in document.text for document in documents) and not any(one.letters_missing for one in documents)


# --- DOCX

RUN = f"<w:r><w:t>{SENTENCE}</w:t></w:r>"
P = paragraph(SENTENCE)
CELL = f"<w:tc>{P}</w:tc>"
ROW = f"<w:tr>{CELL}</w:tr>"
TABLE = f"<w:tbl>{ROW}</w:tbl>"
NAMES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:x="urn:of-nobody" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
# Elements that can stand around a paragraph, a table, a row or a cell.
AROUND = {
    "content control": "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "repeated section": "<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
    "custom XML": '<w:customXml w:element="e"><w:customXmlPr/>{}</w:customXml>',
    "smart tag": '<w:smartTag w:element="e">{}</w:smartTag>',
    "insertion": '<w:ins w:id="1">{}</w:ins>',
    "new place of a move": '<w:moveTo w:id="1">{}</w:moveTo>',
    "choice": '<mc:AlternateContent><mc:Choice Requires="w14">{}</mc:Choice></mc:AlternateContent>',
    "fallback": '<mc:AlternateContent><mc:Choice Requires="w14"/><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>',
    "ignorable element": "<x:wrap>{}</x:wrap>",
    "direction": '<w:dir w:val="rtl">{}</w:dir>',
}
AROUND_A_RUN = {
    **AROUND,
    "link": '<w:hyperlink w:anchor="a">{}</w:hyperlink>',
    "simple field": '<w:fldSimple w:instr="REF a">{}</w:fldSimple>',
    "ruby": "<w:r><w:ruby><w:rt/><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
    "override": '<w:bdo w:val="ltr">{}</w:bdo>',
}
BOXES = {
    "VML": "<w:r><w:pict><v:shape><v:textbox>{}</v:textbox></v:shape></w:pict></w:r>",
    "VML group": "<w:r><w:pict><v:group><v:group><v:shape><v:textbox>{}</v:textbox></v:shape></v:group></v:group></w:pict></w:r>",
    "drawing": "<w:r><w:drawing><a:graphic><wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp></a:graphic></w:drawing></w:r>",
    "embedded object": "<w:r><w:object><v:shape><v:textbox>{}</v:textbox></v:shape></w:object></w:r>",
    "alternative": "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
}


def boxed(inner: str, box: str) -> str:
    return f"<w:p>{BOXES[box].format(f'<w:txbxContent>{inner}</w:txbxContent>')}</w:p>"


PLACES = {
    **{f"{name} around a {what}": around.format(content) for name, around in AROUND.items() for what, content in
       (("paragraph", P), ("table", TABLE))},
    **{f"{name} around a row": f"<w:tbl>{around.format(ROW)}</w:tbl>" for name, around in AROUND.items()},
    **{f"{name} around a cell": f"<w:tbl><w:tr>{around.format(CELL)}</w:tr></w:tbl>" for name, around in AROUND.items()},
    **{f"{name} in a cell": f"<w:tbl><w:tr><w:tc>{around.format(P)}</w:tc></w:tr></w:tbl>" for name, around in AROUND.items()},
    **{f"{name} around a run": f"<w:p>{around.format(RUN)}</w:p>" for name, around in AROUND_A_RUN.items()},
    **{f"{name} inside a run": f"<w:p><w:r>{around.format(f'<w:t>{SENTENCE}</w:t>')}</w:r></w:p>" for name, around in AROUND.items()},
    **{f"text box of {box}": boxed(P, box) for box in BOXES},
    **{f"text box of {box} with a table": boxed(TABLE, box) for box in BOXES},
    **{f"text box of {box} in a cell": f"<w:tbl><w:tr><w:tc>{boxed(P, box)}</w:tc></w:tr></w:tbl>" for box in BOXES},
    **{f"text box of {box} in a box": boxed(boxed(P, "VML"), box) for box in BOXES},
    "formula": f"<w:p><m:oMath><m:r><m:t>{SENTENCE}</m:t></m:r></m:oMath></w:p>",
    "formula as a paragraph": f"<m:oMathPara><m:oMath><m:r><m:t>{SENTENCE}</m:t></m:r></m:oMath></m:oMathPara>",
    "words of a shape": f"<w:p><w:r><w:drawing><a:p><a:r><a:t>{SENTENCE}</a:t></a:r></a:p></w:drawing></w:r></w:p>",
    "a run outside paragraphs": RUN,
    "words outside runs": f"<w:p><w:t>{SENTENCE}</w:t></w:p>",
    "an element of nobody": f"<w:p><w:r><x:say>{SENTENCE}</x:say></w:r></w:p>",
    "a paragraph of which the mark is deleted, at the end": f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{RUN}</w:p>",
    "an inner table": f"<w:tbl><w:tr><w:tc>{TABLE}</w:tc></w:tr></w:tbl>",
    "field without an end": f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{RUN}</w:p>',
}  # fmt: skip
LEFT_OUT = {
    "deleted passage": f"<w:p><w:del>{RUN}</w:del></w:p>",
    "deleted text outside a deletion": f"<w:p><w:r><w:delText>{SENTENCE}</w:delText></w:r></w:p>",
    "deleted row": f"<w:tbl><w:del>{ROW}</w:del></w:tbl>",
    "old place of a move without a new one": f"<w:p><w:moveFrom>{RUN}</w:moveFrom></w:p>",
    "field instruction": f"<w:p><w:r><w:instrText>QUOTE {SENTENCE}</w:instrText></w:r></w:p>",
    "caption of a table": f'<w:tbl><w:tblPr><w:tblCaption w:val="{SENTENCE}"/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
    "description of a table": f'<w:tbl><w:tblPr><w:tblDescription w:val="{SENTENCE}"/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
    "choice of a control": f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{SENTENCE}"/></w:dropDownList></w:sdtPr></w:sdt>',
    "choice of a form": f'<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:listEntry w:val="{SENTENCE}"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>',
    "tooltip": f'<w:p><w:hyperlink w:tooltip="{SENTENCE}"><w:r><w:t>Words</w:t></w:r></w:hyperlink></w:p>',
    "simple field without a result": f'<w:p><w:fldSimple w:instr="QUOTE {SENTENCE}"/></w:p>',
    "title of a picture": f'<w:p><w:r><w:drawing><wps:docPr title="{SENTENCE}"/></w:drawing></w:r></w:p>',
    "another text in the fallback": f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>Other</w:t></mc:Choice>"
    f"<mc:Fallback><w:t>{SENTENCE}</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>",
}
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, parts: dict[str, str] | None = None) -> bytes:
    whole = paragraph(BEFORE) + body + paragraph(AFTER)
    return word(f"<x:all {NAMES}>{whole}</x:all>", parts)


@pytest.mark.parametrize("place", PLACES)
def test_words_of_a_docx_file_are_read(place: str, source: Callable[..., Source]) -> None:
    assert is_read(read(docx(PLACES[place]), MediaType.DOCX, source))


@pytest.mark.parametrize("place", LEFT_OUT)
def test_words_that_a_docx_file_does_not_print_are_named(place: str, source: Callable[..., Source]) -> None:
    (document,) = read(docx(LEFT_OUT[place]), MediaType.DOCX, source)
    assert MARK not in document.text
    assert has_mark([document])
    assert not document.letters_missing


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("comments", f'<w:comment w:id="1">{P}</w:comment>'),
        ("footnotes", f'<w:footnote w:id="9">{P}</w:footnote>'),
        ("endnotes", f'<w:endnote w:id="9">{TABLE}</w:endnote>'),
        ("header1", P),
        ("footer7", TABLE),
        ("unknown", P),
    ],
)
def test_parts_to_which_nothing_refers_are_named(part: str, content: str, source: Callable[..., Source]) -> None:
    (document,) = read(docx("", {part: content}), MediaType.DOCX, source)
    assert any(MARK in note for note in document.notes)


@pytest.mark.parametrize("content", [P, TABLE, P + TABLE, boxed(TABLE, "VML")])
@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_read_whatever_they_hold(kind: str, content: str, source: Callable[..., Source]) -> None:
    mark = f'<w:p><w:r><w:t>Decides</w:t></w:r><w:r><w:{kind}Reference w:id="2"/></w:r></w:p>'
    content = content.replace("<v:", "<v:").replace("<w:pict>", '<w:pict xmlns:v="urn:schemas-microsoft-com:vml">')
    documents = read(docx(mark, {f"{kind}s": f'<w:{kind} w:id="2">{content}</w:{kind}>'}), MediaType.DOCX, source)
    assert is_read(documents)


def package(parts: dict[str, str], relations: str = "", main: str = "word/document.xml") -> bytes:
    """A package with parts of any kind."""
    head = "http://schemas.openxmlformats.org/package/2006"
    outer = f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="{main}"/>'
    folder, name = main.rsplit("/", 1)
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{head}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{head}/relationships">{outer}</Relationships>',
            f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{head}/relationships">{relations}</Relationships>',
            **parts,
        }
    )


def main_part(body: str, namespace: str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main") -> str:
    return f'<w:document xmlns:w="{namespace}" xmlns:r="{RELATION}"><w:body>{paragraph(BEFORE)}{body}</w:body></w:document>'


def test_a_main_part_of_another_name_and_strict_files_are_read(source: Callable[..., Source]) -> None:
    strict = main_part(P, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    for content in (
        package({"word/main7.xml": main_part(P)}, main="word/main7.xml"),
        package({"word/document.xml": strict}),
    ):
        assert is_read(read(content, MediaType.DOCX, source))


@pytest.mark.parametrize(
    ("name", "content", "is_in_text"),
    [
        ("part.htm", f"<html><body><p>{SENTENCE}</p></body></html>", True),
        ("part.txt", SENTENCE, True),
        (f"{MARK}.rtf", "{\\rtf1 Words}", False),
    ],
)
def test_a_file_in_the_file(name: str, content: str, is_in_text: bool, source: Callable[..., Source]) -> None:  # noqa: FBT001
    relation = f'<Relationship Id="c" Type="{RELATION}/aFChunk" Target="{name}"/>'
    parts = {"word/document.xml": main_part('<w:altChunk r:id="c"/>'), f"word/{name}": content}
    documents = read(package(parts, relation), MediaType.DOCX, source)
    assert is_read(documents) if is_in_text else has_mark(documents)


@pytest.mark.parametrize(
    "drawn", ['<w:docPr descr="{}"/>', '<v:shape alt="{}"/>', '<v:shape><v:textpath string="{}"/></v:shape>']
)
def test_words_in_attributes_of_a_drawing_are_named(drawn: str, source: Callable[..., Source]) -> None:
    body = f"<w:p><w:r><w:drawing>{drawn.format(SENTENCE)}</w:drawing></w:r></w:p>"
    (document,) = read(docx(body), MediaType.DOCX, source)
    assert has_mark([document])
    assert MARK not in document.text


def test_objects_of_a_package_are_named(source: Callable[..., Source]) -> None:
    parts = {"word/document.xml": main_part(""), f"word/embeddings/{MARK}.xlsx": "x"}
    assert has_mark(read(package(parts), MediaType.DOCX, source))


def test_the_words_of_a_diagram_are_read_where_it_stands(source: Callable[..., Source]) -> None:
    relation = f'<Relationship Id="d" Type="{RELATION}/diagramData" Target="diagrams/data1.xml"/>'
    body = f'<w:p><w:r><w:drawing><w:dgm r:dm="d"/></w:drawing></w:r></w:p>{paragraph(AFTER)}'
    drawn = '<d xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>{}</a:t></a:r></a:p></d>'
    parts = {"word/document.xml": main_part(body), "word/diagrams/data1.xml": drawn.format(SENTENCE)}
    (document,) = read(package(parts, relation), MediaType.DOCX, source)
    assert document.text.index(MARK) < document.text.index(AFTER[3:])


# --- HTML

INLINE_AND_BLOCK = """
a abbr acronym address article aside audio b bdi bdo big blink blockquote button canvas caption center cite code
data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frameset
h1 h2 h3 h4 h5 h6 header hgroup i iframe ins kbd label legend li listing main map mark marquee math menu meter nav
nobr noembed noframes noscript object ol optgroup option output p picture pre progress q rb rp rt rtc ruby s samp
search section select slot small span strike strong sub summary sup svg table tbody td template textarea tfoot th
thead time title tr tt u ul var video wbr xmp my-element
"""
PAGE = "<html><head><title>A title</title></head><body>{}</body></html>"


@pytest.mark.parametrize("name", INLINE_AND_BLOCK.split())
def test_words_of_each_element_of_a_page_are_read_or_named(name: str, source: Callable[..., Source]) -> None:
    element = f"<{name}>{SENTENCE}</{name}>"
    for around in (
        "{}",
        "<main>{}</main>",
        "<ul><li>{}</li></ul>",
        "<table><tr><td>{}</td></tr></table>",
        "<article>{}</article>",
    ):
        inner = around.format(f"<p>{BEFORE}</p>{element}<p>{AFTER}</p>")
        documents = read(PAGE.format(inner), MediaType.HTML, source)
        assert has_mark(documents), around
        assert not documents[0].letters_missing, around


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><p>{BEFORE}</p></body><body><p>{SENTENCE}</p></body></html>",
        f"<html><body><p>{BEFORE}</p></body></html><p>{SENTENCE}</p>",
        f"<html><body><p>{BEFORE}</p></body></html>\n<html><body><p>{SENTENCE}</p></body></html>",
        f"<p>{BEFORE}</p>{SENTENCE}",
        f"<html><body><p>{BEFORE}</p><![CDATA[{SENTENCE}]]></body></html>",
        f"<html><body><p>{BEFORE}\0</p>{SENTENCE}</body></html>",
        f"<html><body><form><input type=hidden><p>{BEFORE}</p><p>{SENTENCE}</p></form></body></html>",
        f"<html><frameset><noframes><p>{BEFORE}</p><p>{SENTENCE}</p></noframes></frameset></html>",
        f"<html><body><p>{BEFORE}<p>{SENTENCE}<!-- no end",
    ],
)
def test_odd_pages_are_read(page: str, source: Callable[..., Source]) -> None:
    assert is_read(read(page, MediaType.HTML, source))


@pytest.mark.parametrize(
    "element",
    [
        "<p hidden>{}</p>", "<p aria-hidden=true>{}</p>", "<div class=cookie-banner>{}</div>", "<div id=sidebar>{}</div>",
        '<input value="{}">', '<map><area alt="{}"></map>', '<img alt="{}">', "<aside><div><p>{}</p></div></aside>", "<nav><ul><li><a href=x>{}</a></ul></nav>",
        "<select><optgroup><option>{}</option></optgroup></select>", "<svg><text>{}</text></svg>",
        "<iframe srcdoc='{}'></iframe>", '<input placeholder="{}">', "<!-- {} -->",
        "<video><track><p>{}</p></video>", "<object><object>{}</object></object>", "<form>{}</form>",
    ],
)  # fmt: skip
def test_passages_of_a_page_that_are_left_out_are_named(element: str, source: Callable[..., Source]) -> None:
    (document,) = read(PAGE.format(f"<p>{BEFORE}</p>{element.format(SENTENCE)}<p>{AFTER}</p>"), MediaType.HTML, source)
    assert MARK not in document.text
    assert has_mark([document])
    assert not document.letters_missing


def test_what_stands_around_the_main_text_is_named(source: Callable[..., Source]) -> None:
    page = PAGE.format(f"Bare qzbare<section>{SENTENCE}</section><main><p>{BEFORE}</p><p>{AFTER}</p></main>end qzend")
    (document,) = read(page, MediaType.HTML, source)
    assert all(has_mark([document], mark) for mark in (MARK, "qzbare", "qzend"))
    assert not document.letters_missing


# --- Akoma Ntoso

AKN_NAMES = """
a abbr act address adjournment administrationOfOath affectedDocument alinea amendment answer application arguments
article attachment attachmentOf authorialNote b background block blockContainer blockList body book br chapter
citation citations clause collectionBody component componentRef components conclusions container content coverPage
courtType crossHeading date debateSection decision decoration def del division doc docAuthoringLanguage docDate
docIntroducer docNumber docTitle docType documentRef embeddedStructure embeddedText entity eol event figure fillIn
foreign formula fragment fragmentBody from hcontainer heading i indent inline ins interstitial intro introduction
item judge judgmentBody legislature level li list listConclusion listIntroduction listWrapUp location longTitle mmod
mod motivation mref narrative nationalInterest neutralCitation noteRef noticesOfMotion num object ol omissis opinion
oralStatements organization other outcome p papers paragraph part party person petitions placeholder point popup
portion prayers preamble preface process proceduralMotions proviso quantity question questions quotedStructure
quotedText recital recitals recordedTime ref relatedDocument remark resolutions rmod role rollCall rref rule scene
section session shortTitle signature span speech speechGroup statement sub subchapter subclause subdivision
subheading subFlow sublist subparagraph subpart subrule subsection subtitle summary sup table tblock td term th
time title toc tocItem tome tr transitional u ul vote wrapUp writtenStatements unheardOf
"""
AKN = '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">{}</akomaNtoso>'
STATEMENT = (
    "<statement name='x'><meta/><coverPage><p>A cover</p>{coverPage}</coverPage><preface><p>A title</p>{preface}</preface>"
    "<preamble><p>Recalling,</p>{preamble}</preamble><mainBody><paragraph><num>1.</num><content><p>Decides;</p>{content}"
    "</content></paragraph><paragraph><num>2.</num><intro><p>Asks:</p></intro><list><point><num>(a)</num>{point}<content>"
    "<p>one</p></content></point>{list}</list></paragraph><section><num>I</num><heading>More</heading>{section}</section>"
    "<table><tr><td><p>One</p>{cell}</td>{row}</tr>{table}</table>{mainBody}</mainBody><conclusions><p>Done</p>{conclusions}"
    "</conclusions><attachments><attachment><heading>Annex</heading><doc name='annex'><meta/><mainBody><p>Words</p></mainBody>"
    "</doc>{attachment}</attachment>{attachments}</attachments>{statement}</statement>"
)
AKN_PLACES = """
coverPage preface preamble content point list section cell row table mainBody conclusions attachment attachments statement
"""


@pytest.mark.parametrize("form", ["<{0}>{1}</{0}>", "<{0}><p>{1}</p></{0}>", "<{0}>Words <p>and</p> {1}</{0}>"])
@pytest.mark.parametrize("place", AKN_PLACES.split())
def test_words_of_each_element_of_akoma_ntoso_are_read_in_each_place(
    place: str, form: str, source: Callable[..., Source]
) -> None:
    elements = "".join(form.format(name, f"The States agree on qz{name}qz.") for name in AKN_NAMES.split())
    inner = dict.fromkeys(AKN_PLACES.split(), "") | {place: elements}
    documents = read(AKN.format(STATEMENT.format(**inner)), MediaType.AKN, source)
    assert [name for name in AKN_NAMES.split() if not has_mark(documents, f"qz{name}qz")] == []
    assert not documents[0].letters_missing


@pytest.mark.parametrize(
    ("place", "inner"),
    [
        ("content", "<p>Words<authorialNote><p>Note<authorialNote><p>{}</p></authorialNote></p></authorialNote></p>"),
        (
            "mainBody",
            "<paragraph><num>3.<authorialNote><p>{}</p></authorialNote></num><content><p>Asks</p></content></paragraph>",
        ),
        ("point", "<num>(b)<authorialNote><p>{}</p></authorialNote></num>"),
    ],
)
def test_footnotes_are_read_wherever_they_stand(place: str, inner: str, source: Callable[..., Source]) -> None:
    parts = dict.fromkeys(AKN_PLACES.split(), "") | {place: inner.format(SENTENCE)}
    assert is_read(read(AKN.format(STATEMENT.format(**parts)), MediaType.AKN, source))


def test_notes_that_refer_to_each_other_end(source: Callable[..., Source]) -> None:
    notes = "<authorialNote eId='a'><p>One<noteRef href='#b'/></p></authorialNote><authorialNote eId='b'><p>Two<noteRef href='#a'/></p></authorialNote>"
    parts = dict.fromkeys(AKN_PLACES.split(), "") | {"content": f"<p>{SENTENCE}{notes}</p>"}
    assert is_read(read(AKN.format(STATEMENT.format(**parts)), MediaType.AKN, source))


def test_words_beside_the_text_of_akoma_ntoso_are_named(source: Callable[..., Source]) -> None:
    parts = dict.fromkeys(AKN_PLACES.split(), "") | {"content": "<p>Words<img src='a' alt='Map of the qzmap'/></p>"}
    meta = f"<meta><notes><note eId='n'><p>{SENTENCE}</p></note></notes></meta>"
    documents = read(AKN.format(STATEMENT.format(**parts).replace("<meta/>", meta, 1)), MediaType.AKN, source)
    assert has_mark(documents)
    assert has_mark(documents, "qzmap")


def test_a_foreign_element_is_read_and_named(source: Callable[..., Source]) -> None:
    foreign = f'<foreign><m:math xmlns:m="urn:math"><m:mi>{SENTENCE}</m:mi></m:math></foreign>'
    inner = dict.fromkeys(AKN_PLACES.split(), "") | {"content": foreign}
    document = read(AKN.format(STATEMENT.format(**inner)), MediaType.AKN, source)[0]
    assert MARK in document.text
    assert document.notes == ("Elements in an unusual place were read as paragraphs: foreign.",)


def test_a_comment_in_akoma_ntoso_is_named(source: Callable[..., Source]) -> None:
    inner = dict.fromkeys(AKN_PLACES.split(), "") | {"content": f"<!-- {SENTENCE} -->"}
    assert has_mark(read(AKN.format(STATEMENT.format(**inner)), MediaType.AKN, source))


# --- PDF


def test_words_on_a_pdf_page_outside_its_text_are_named(source: Callable[..., Source]) -> None:
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for place, text in enumerate((BEFORE, AFTER)):
        canvas.drawString(72, 720 - 20 * place, text)
    canvas.textAnnotation("A comment on qznote", (100, 100, 200, 200))
    canvas.acroForm.textfield(name="field", value="Filled in as qzfield", x=100, y=400, width=300)
    canvas.saveState()
    canvas.translate(30, 200)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Turned qzside words")
    canvas.restoreState()
    canvas.save()
    (document,) = read(stream.getvalue(), MediaType.PDF, source)
    assert [mark for mark in ("qznote", "qzfield", "qzside") if not has_mark([document], mark)] == []
    assert "qz" not in document.text
    assert not document.letters_missing


# --- text


@pytest.mark.parametrize(
    ("text", "is_in_text"),
    [
        (f"{BEFORE}\n\n<!-- {SENTENCE} -->\n\n{AFTER}", False),
        (f"{BEFORE}\n\n[{SENTENCE}](https://example.org)\n\n{AFTER}", True),
        (f"{BEFORE}\n\n| {SENTENCE} | b |\n\n> quoted\n\n{AFTER}", True),
        (f"{BEFORE}\f{SENTENCE}\f{AFTER}", True),
        (f"{BEFORE}\n=====\n{SENTENCE}\n-----\n{AFTER}", True),
    ],
)
def test_words_of_a_text(text: str, is_in_text: bool, source: Callable[..., Source]) -> None:  # noqa: FBT001
    documents = read(text, MediaType.TEXT, source)
    assert (is_read if is_in_text else has_mark)(documents)
    assert not documents[0].letters_missing


@pytest.mark.parametrize(
    "front",
    [
        f"symbol: A/1\nremark: {SENTENCE}\n",
        f"title: A title\nremarks:\n - {SENTENCE}\n",
        f"title: A title\n remark: {SENTENCE}\n - b\n",
    ],
)
def test_unused_front_matter_is_named(front: str, source: Callable[..., Source]) -> None:
    documents = read(f"---\n{front}---\n{BEFORE}\n\n{AFTER}\n", MediaType.TEXT, source)
    assert has_mark(documents)
    assert MARK not in documents[0].text


def test_an_encoding_that_is_a_guess_is_noted(source: Callable[..., Source]) -> None:
    text = f"{BEFORE}\n\nThe delegation of Żółć agrees.\n\n{AFTER}"
    (document,) = read(text.encode("cp1250"), MediaType.TEXT, source)
    assert any("encoding" in note for note in document.notes)
    (other,) = read(f"{BEFORE}\n\nThe “States” agree again.".encode("cp1252"), MediaType.TEXT, source)
    assert other.notes == ()


# --- the account


def test_the_account_counts_what_nobody_explains() -> None:
    sums = account("One two three four", ["one two"], [LeftOut("comment", "three")])
    assert (sums.letters_missing, sums.notes) == (
        4,
        ("The text lacks 4 letters of the file: “four”.", "Left out: 1 comment (“three”)."),
    )


@pytest.mark.parametrize(
    ("held", "texts"),
    [
        ("The exam-\nple of ofﬁce", ["the example of office"]),  # joined at a line end, a ligature
        ("Firstsecond words", ["First", "second words"]),
        ("words in order", ["order", "in words"]),
        ("note1 here", ["note¹ here"]),
    ],
)
def test_the_form_of_words_does_not_count(held: str, texts: list[str]) -> None:
    assert account(held, texts, ()).letters_missing == 0


def test_a_copy_is_named_only_if_it_says_something_else() -> None:
    copies = [LeftOut("running head", "same words", is_copy=True), LeftOut("running head", "other words", is_copy=True)]
    assert account("same words other words", ["same words"], copies).notes == (
        "Left out: 1 running head (“other words”).",
    )


def test_added_words_hide_no_lost_ones() -> None:
    assert account("lost sentence", ["(a) (b) 1. 2. lists"], ()).letters_missing == len("lostsentence")


# --- generated packages


@st.composite
def stories(draw: st.DrawFn, depth: int = 3) -> str:
    """Paragraphs, tables, boxes and wrappers within each other, each sentence with a mark of its own."""
    leaf = paragraph(f"The States note item qz{draw(st.integers(1, 10**9))}zq.")
    if not depth:
        return leaf
    inner = draw(st.lists(stories(depth=depth - 1), min_size=1, max_size=2).map("".join))
    around = draw(st.sampled_from([*AROUND.values(), "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", *BOXES]))
    return leaf + (boxed(inner, around) if around in BOXES else around.format(inner))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(story=stories())
def test_no_sentence_of_a_generated_package_is_lost(story: str) -> None:
    documents, _ = parse(source_of(docx(story), MediaType.DOCX), limits=Limits())
    assert [mark for mark in re.findall(r"qz\d+zq", story) if not has_mark(documents, mark)] == []
    assert not any(note.startswith(INCOMPLETE) for document in documents for note in document.notes)
