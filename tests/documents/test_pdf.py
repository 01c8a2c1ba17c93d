from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind, DocumentType, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Source

    Row = tuple[float, float, float, bool, str]


def header(symbol: str, *, language: str = "ENGLISH") -> list[Row]:
    return [
        (72, 780, 12, True, "Organization for Security and Co-operation in Europe"),
        (430, 780, 12, False, symbol),
        (72, 766, 12, True, "Permanent Council"),
        (430, 766, 12, False, "7 June 2012"),
        (430, 752, 12, False, f"Original: {language}"),
    ]


def running_head(page: int, symbol: str) -> list[Row]:
    return [(290, 800, 12, False, f"- {page} -"), (430, 800, 12, False, symbol), (430, 786, 12, False, "7 June 2012")]


def lines(top: float, *texts: str, x: float = 72) -> list[Row]:
    return [(x, top - 14 * number, 12, False, text) for number, text in enumerate(texts)]


FIRST = [
    *header("PC.DEC/9063"),
    (72, 730, 12, True, "9034th Plenary Meeting"),
    (72, 716, 12, False, "PC Journal No. 9034, Agenda item 1"),
    (220, 690, 13, True, "DECISION No. 9063"),
    (150, 675, 13, True, "LIGHTHOUSES AND THE FIGHT"),
    (190, 660, 13, True, "AGAINST TERRORISM"),
    *lines(630, "The Permanent Council,"),
    *lines(
        602,
        "Recalling that lighthouses have been attacked in the past and that the com-",
        "mon coast calls for co-",
        "operation between all who live on it,",
    ),
    *lines(546, "1. Decides that participating States shall count the lighthouses on their coasts"),
    (441, 551, 7, False, "1"),
    *lines(532, "every year and shall report the number to the Secretariat;"),
    *lines(504, "2. Requests the Secretary General:"),
    *lines(
        476,
        "(a) To draw a map of the lighthouses that shows for each of them the persons",
        "who keep it and the roads that lead to it from the nearest",
        x=108,
    ),
    (72, 112, 7, False, "1"),
    (80, 108, 9, False, "Those that are no longer lit need not be counted, unless a"),
    (72, 97, 9, False, "keeper lives there."),
    (72, 60, 9, False, "PCOEW9063"),
]
SECOND = [
    *running_head(2, "PC.DEC/9063"),
    *lines(750, "border post of the State concerned;", x=108),
    *lines(722, "(b) To publish the map.", x=108),
    *lines(694, "3. Invites the Partners for Co-operation to do likewise."),
]
THIRD = [
    *header("PC.DEC/9063", language="FRENCH"),
    (430, 738, 12, False, "Attachment"),
    (72, 700, 12, True, "INTERPRETATIVE STATEMENT UNDER PARAGRAPH IV.1(A)6"),
    *lines(670, "The delegation of Ruritania has no coast and counts its towers instead."),
]


def test_a_decision_of_three_pages(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(pdf([FIRST, SECOND, THIRD]), MediaType.PDF, "/in/a.pdf")
    assert (document.symbol, document.type, str(document.date)) == ("PC.DEC/9063", DocumentType.DECISION, "2012-06-07")
    assert document.title == "LIGHTHOUSES AND THE FIGHT AGAINST TERRORISM"
    assert texts(document, BlockKind.TITLE) == ["DECISION No. 9063", document.title]
    assert texts(document, BlockKind.FURNITURE) == ["PCOEW9063", "- 2 -", "PC.DEC/9063", "7 June 2012"]
    assert texts(document, BlockKind.FOOTNOTE) == [
        "¹ Those that are no longer lit need not be counted, unless a keeper lives there."
    ]
    assert texts(document, BlockKind.PARAGRAPH) == [
        "The Permanent Council,",
        (
            "Recalling that lighthouses have been attacked in the past and that the common coast calls for co-operation "
            "between all who live on it,"
        ),
        (
            "1. Decides that participating States shall count the lighthouses on their coasts¹ every year and shall report "
            "the number to the Secretariat;"
        ),
        "2. Requests the Secretary General:",
        (
            "(a) To draw a map of the lighthouses that shows for each of them the persons who keep it and the roads that "
            "lead to it from the nearest border post of the State concerned;"
        ),
        "(b) To publish the map.",
        "3. Invites the Partners for Co-operation to do likewise.",
        "The delegation of Ruritania has no coast and counts its towers instead.",
    ]
    assert texts(document, BlockKind.HEADING) == ["Attachment", "INTERPRETATIVE STATEMENT UNDER PARAGRAPH IV.1(A)6"]
    assert document.page_at(document.text.index("border post")) == 2
    assert document.page_at(document.text.index("the persons who keep")) == 1
    assert document.page_at(document.text.index("Ruritania")) == 3
    indents = {document.text[b.start : b.start + 3]: b.indent for b in document.blocks if b.kind is BlockKind.PARAGRAPH}
    assert (indents["(a)"], indents["2. "]) == (36.0, 0.0)


def test_a_raised_star_does_not_tear_a_paragraph(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    rows = [
        *lines(700, "The lamps of Ghent"),
        (168, 705, 7, False, "*"),
        *lines(700, "and of Bled", x=175),
        (231, 705, 7, False, "*"),
        *lines(700, "are old, and", x=238),
        *lines(686, "keepers from all towns of the coast will replace them."),
        (72, 112, 7, False, "*"),
        (80, 108, 9, False, "Both were lit in 1911."),
    ]
    (document,) = parsed(pdf([rows]), MediaType.PDF)
    words = "The lamps of Ghent* and of Bled* are old, and keepers from all towns of the coast will replace them."
    assert texts(document, BlockKind.PARAGRAPH) == [words]
    assert texts(document, BlockKind.FOOTNOTE) == ["* Both were lit in 1911."]


@pytest.mark.parametrize(("indent", "is_item"), [(0, False), (36, True)])
def test_a_letter_at_the_start_of_a_wrapped_line(
    indent: float,
    *,
    is_item: bool,
    pdf: Callable[..., bytes],
    parsed: Callable[..., list[Document]],
    texts: Callable[..., list[str]],
) -> None:
    opening = "1. Decides that the guards of the coast will watch (a) lamps that are old and"
    rows = [
        *lines(700, opening),
        *lines(686, "(b) bridges that are new, by day and by night and in all kinds of weather,", x=72 + indent),
        *lines(672, "and that they will write about what they see to the Board in Ghent."),
    ]
    (document,) = parsed(pdf([rows]), MediaType.PDF)
    assert (opening in texts(document, BlockKind.PARAGRAPH)) == is_item


@pytest.mark.parametrize(
    ("above", "is_item"), [("(Statute of Ghent, Article", False), ("Statute of Ghent (old), the rest", True)]
)
def test_a_number_that_closes_a_bracket_of_the_line_above(
    above: str,
    *,
    is_item: bool,
    pdf: Callable[..., bytes],
    parsed: Callable[..., list[Document]],
    texts: Callable[..., list[str]],
) -> None:
    opening = f"1. Decides that the keepers of old lamps will be heard and paid {above}"
    rows = [*lines(700, opening, "50) and that the Board in Ghent will write to each of them in the spring,")]
    (document,) = parsed(pdf([rows]), MediaType.PDF)
    assert (opening in texts(document, BlockKind.PARAGRAPH)) == is_item


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (["keepers act in accordanc", "e with the rules"], "keepers act in accordance with the rules"),
        (["accordanc", "e", "rules"], "accordanc e rules"),
    ],
    ids=["beside printed spaces", "no printed space on the page"],
)
def test_letters_moved_apart_are_one_word(
    pieces: list[str],
    words: str,
    pdf: Callable[..., bytes],
    parsed: Callable[..., list[Document]],
    texts: Callable[..., list[str]],
) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    left, rows = 72.0, []
    for piece in pieces:
        rows.append((left, 700, 12, False, piece))
        left += stringWidth(piece, "Times-Roman", 12) + 1.5
    (document,) = parsed(pdf([rows]), MediaType.PDF)
    assert texts(document, BlockKind.PARAGRAPH) == [words]


def test_a_page_ends_at_a_semicolon_inside_a_paragraph(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    first = lines(
        120,
        "7. Requests the guards of the coast to count lamps of glass, lamps of tin and",
        "lamps of wood; to count bridges of stone and of wood in each of the towns;",
    )
    second = lines(
        750, "to write down what they have seen and to send it to the Board in Ghent;", "8. Thanks the guards."
    )
    (document,) = parsed(pdf([first, second]), MediaType.PDF)
    assert [text[:2] for text in texts(document, BlockKind.PARAGRAPH)] == ["7.", "8."]


def test_two_columns_are_read_one_after_the_other(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]]
) -> None:
    left = lines(700, *(f"left line {number} of the text goes on" for number in range(12)), x=60)
    right = lines(700, *(f"right line {number} of the text goes on" for number in range(12)), x=320)
    rows = [row for pair in zip(left, right, strict=True) for row in pair]
    (document,) = parsed(pdf([rows]), MediaType.PDF)
    assert document.text.index("left line 11") < document.text.index("right line 0")


def reason_of(content: bytes, source: Callable[..., Source], limits: Limits | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        parse(source(content, MediaType.PDF, "/in/a.pdf"), limits=limits or Limits())
    assert caught.value.remedy
    return caught.value.reason


def test_encrypted(pdf: Callable[..., bytes], source: Callable[..., Source]) -> None:
    locked = pdf([FIRST], password="lamp")  # noqa: S106 - opens nothing
    assert reason_of(locked, source) == "encrypted"


def test_cut_short(pdf: Callable[..., bytes], source: Callable[..., Source]) -> None:
    content = pdf([FIRST, SECOND])
    assert reason_of(content[: len(content) // 2], source) == "truncated"
    assert reason_of(content[:-100], source) == "truncated"


def test_damaged_and_foreign_bytes(source: Callable[..., Source]) -> None:
    assert reason_of(b"%PDF-1.7\ngarbage\n%%EOF", source) == "damaged"
    assert reason_of(b"<html>Not found</html>", source) == "not_pdf"
    assert reason_of(b"\x00\x00", source) == "empty"


def test_too_many_pages(pdf: Callable[..., bytes], source: Callable[..., Source]) -> None:
    assert reason_of(pdf([FIRST, SECOND, THIRD]), source, Limits(max_pages=2)) == "too_many_pages"


def scanned(pages: int, *, text_on: int = 0) -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for page in range(1, pages + 1):
        if page == text_on:
            canvas.drawString(72, 700, "The participating States will keep their lighthouses lit.")
        else:
            canvas.drawImage(ImageReader(Image.new("L", (20, 20), 128)), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@pytest.mark.timeout(900)  # only catches a hang
def test_a_file_of_five_thousand_pages_is_refused_unread(
    source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    kids = " ".join(["3 0 R"] * 5000)
    content = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Count 5000/Kids[{kids}]>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
    ).encode()

    def read_page(*_: object) -> None:
        pytest.fail("a page was read")

    monkeypatch.setattr("osce_commitments.documents.readers.pdf.pdf_reader._page", read_page)
    assert reason_of(content, source) == "too_many_pages"


def test_a_note_at_the_foot_of_two_pages_is_no_text(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    note = "Kept by the keepers of the lights."
    pages = [
        [*header("PC.DEC/9063"), *lines(600, "1. Decides to count the lights;", "2. Decides to:"), *lines(60, note)],
        [*running_head(2, "PC.DEC/9063"), *lines(700, "(a) Count the storms."), *lines(60, note)],
    ]
    (document,) = parsed(pdf(pages), MediaType.PDF)
    assert texts(document, BlockKind.FURNITURE).count(note) == 2
    (once,) = parsed(pdf([pages[0][:-1], pages[1]]), MediaType.PDF)
    assert note not in texts(once, BlockKind.FURNITURE)


def test_brackets_that_are_drawn_higher_are_no_other_type(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    rows = [(72, 586, 14, False, "("), (77, 586, 12, False, "a) Count the lights on the coast and tell the keepers of")]
    page = [*lines(600, "1. Decides to:"), *rows, *lines(572, "their number.", x=92)]
    (document,) = parsed(pdf([page]), MediaType.PDF)
    assert texts(document, BlockKind.PARAGRAPH)[-1].endswith("the keepers of their number.")


def test_the_entries_of_a_journal_are_paragraphs(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    page = [
        (200, 730, 13, True, "9034th PLENARY MEETING OF THE COUNCIL"),
        *lines(
            700,
            "1. Date: Thursday, 7 June 2012",
            "Opened: 10.05 a.m.",
            "Agenda item 1: LIGHTS",
            "The Chairperson spoke.",
        ),
    ]
    (document,) = parsed(pdf([page]), MediaType.PDF)
    assert texts(document, BlockKind.PARAGRAPH)[:2] == ["1. Date: Thursday, 7 June 2012", "Opened: 10.05 a.m."]
    assert document.text.endswith("Agenda item 1: LIGHTS\n\nThe Chairperson spoke.")


def test_closing_formulas_stand_apart(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    rows = lines(
        600, "IN WITNESS WHEREOF the keepers of the lights have signed this Convention on lights.", "DONE at Ghent."
    )
    (document,) = parsed(pdf([[*lines(660, "Each Party shall count the lights."), *rows]]), MediaType.PDF)
    assert len(texts(document, BlockKind.SIGNATURE)) == 2


def test_pictures_of_pages_ask_for_ocr(source: Callable[..., Source]) -> None:
    assert reason_of(scanned(2), source) == "no_text_layer"
    assert reason_of(scanned(3, text_on=1), source) == "no_text_layer"


def test_a_single_picture_page_is_noted(parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(scanned(2, text_on=1), MediaType.PDF)
    assert document.notes == ("Pages without a text layer were left out: 2.",)


def test_an_empty_page_is_no_text(pdf: Callable[..., bytes], source: Callable[..., Source]) -> None:
    assert reason_of(pdf([[]]), source) == "empty"


HEADS = {
    "one column": [
        "Organization for Security and Co-operation in Europe",
        "Ministerial Council",
        "MC.DEC/91/07",
        "30 November 2007",
    ],
    "name on two lines": [
        "Organization for Security and",
        "Co-operation in Europe",
        "Ministerial Council",
        "MC.DEC/91/07",
    ],
    "halves side by side": [
        "Organization for Security and Co-operation in Europe MC.DEC/91/07",
        "Ministerial Council 30 November 2007",
    ],
    "capitals": ["ORGANIZATION FOR SECURITY AND CO-OPERATION IN EUROPE", "MINISTERIAL COUNCIL", "MC.DEC/91/07"],
    "abbreviation": ["OSCE", "Organization for Security and Co-operation in Europe", "MC.DEC/91/07"],
    "predecessor": ["CONFERENCE ON SECURITY AND CO-OPERATION IN EUROPE", "Narvik, 30 November 1991"],
    "name alone": ["Organization for Security and Co-operation in Europe"],
}


@pytest.mark.parametrize("name", HEADS)
def test_header_blocks_of_one_column_are_no_title(
    name: str, pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    head = [(72.0, 780.0 - 14 * row, 12.0, True, line) for row, line in enumerate(HEADS[name])]
    title = [(200.0, 690.0, 13.0, True, "DECLARATION ON LIGHTS")]
    acts = (
        "1. The participating States will count all the lighthouses that stand on their coasts;",
        "2. They will report.",
    )
    text = [(72.0, 600.0 - 28 * row, 12.0, False, line) for row, line in enumerate(acts)]
    (document,) = parsed(pdf([[*head, *title, *text]]), MediaType.PDF)
    assert texts(document, BlockKind.TITLE) == ["DECLARATION ON LIGHTS"]
    assert " ".join(texts(document, BlockKind.HEADER)) == " ".join(HEADS[name])


def test_paragraphs_of_one_line_do_not_hide_the_distance_of_lines(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    long = "Recalling the work of all keepers of the lights on the coasts and on the islands of the"
    rows = [*lines(700, long, "Ruritanian sea,")]
    rows += [(72, 664 - 22 * place, 12, False, f"Considering storm number {place},") for place in range(12)]
    (document,) = parsed(pdf([rows]), MediaType.PDF)
    assert texts(document, BlockKind.PARAGRAPH)[:2] == [f"{long} Ruritanian sea,", "Considering storm number 0,"]
