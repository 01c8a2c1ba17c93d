from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, PageBreak, Paragraph, SimpleDocTemplate

from osce_commitments.documents.readers.pdf.table_text import Cell, RuledLine, RuledLines, grids
from osce_commitments.labels import BlockKind, MediaType, Role
from osce_commitments.provisions import segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from osce_commitments.schema import Document

    Parsed = Callable[..., list[Document]]
    Texts = Callable[[Document, BlockKind], list[str]]

STYLE = ParagraphStyle("cell", fontName="Times-Roman", fontSize=11, leading=13)
BORDERS = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
WIDTHS = [40, 210, 110, 80]
HEAD = ["No.", "Action", "By whom", "When"]
LIGHTS = "The Secretariat will draw a map of the lights of coast {} and will send it to every port."


def plan(count: int) -> list[list[str]]:
    rows = ([f"{number}", LIGHTS.format(number), "OSCE Secretariat", "each spring"] for number in range(1, count + 1))
    return [HEAD, *rows]


def laid_out(
    *tables: Sequence[Sequence[str]],
    widths: Sequence[float] = WIDTHS,
    style: Sequence[tuple[object, ...]] = BORDERS,
) -> bytes:
    """Tables, each on a page of its own, between two paragraphs; pages are numbered, and head rows are repeated."""

    def foot(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.drawString(290, 30, f"- {template.page} -")

    story: list[Flowable] = [Paragraph("1. The Council adopts the plan below.", STYLE)]
    for place, rows in enumerate(tables):
        cells = [[Paragraph(text, STYLE) for text in row] for row in rows]
        story += [PageBreak()] * bool(place) + [LongTable(cells, colWidths=widths, repeatRows=1, style=style)]
    story.append(Paragraph("2. It will review the plan.", STYLE))
    stream = io.BytesIO()
    SimpleDocTemplate(stream, invariant=1).build(story, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def cells_of(document: Document) -> list[tuple[int, str]]:
    return [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind is BlockKind.TABLE]


def drawn(*words: tuple[float, float, str], lines: Sequence[tuple[float, float, float, float]] = ()) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=1)
    canvas.setFont("Times-Roman", 11)
    for x, y, text in words:
        canvas.drawString(x, y, text)
    for line in lines:
        canvas.line(*line)
    canvas.save()
    return stream.getvalue()


def test_cells_of_a_ruled_table_know_their_column(parsed: Parsed, texts: Texts) -> None:
    (document,) = parsed(laid_out(plan(2)), MediaType.PDF)
    assert cells_of(document) == [(place % 4 + 1, text) for place, text in enumerate(chain(*plan(2)))]
    assert texts(document, BlockKind.PARAGRAPH) == [
        "1. The Council adopts the plan below.",
        "2. It will review the plan.",
    ]


def test_each_row_of_an_action_plan_is_a_provision(parsed: Parsed) -> None:
    (document,) = parsed(laid_out(plan(2)), MediaType.PDF)
    acts = [(one.number, one.text) for one in segment(document) if one.role is Role.OPERATIVE]
    assert acts[1:-1] == [("1", LIGHTS.format(1)), ("2", LIGHTS.format(2))]


def test_a_table_over_several_pages_is_one(parsed: Parsed, texts: Texts) -> None:
    (document,) = parsed(laid_out(plan(30)), MediaType.PDF)
    pages = {span.page for span in document.pages}
    assert len(pages) > 1
    assert [text for _, text in cells_of(document)] == [*chain(*plan(30))]
    furniture = texts(document, BlockKind.FURNITURE)
    assert furniture.count("By whom") == len(pages) - 1
    found = segment(document)
    assert [one.number for one in found if one.role is Role.OPERATIVE] == ["1", *map(str, range(1, 31)), "2"]
    for one in found:
        assert document.text[one.start : one.end] == one.text
    starts = [document.page_at(one.start) for one in found]
    assert starts == sorted(starts)
    assert set(starts) == pages


CUT = ["1", "The keepers of the lights will write to the ports of the", "keepers", "each spring"]
REST = ["", "coast in every year and will keep what the ports answer.", "", ""]
NEXT = ["2", LIGHTS.format(2), "OSCE Secretariat", "each year"]


@pytest.mark.parametrize("below", [[HEAD, REST, NEXT], [REST, NEXT], [REST]], ids=["head", "no head", "rest alone"])
def test_a_row_that_a_page_end_cuts_is_one_row(below: list[list[str]], parsed: Parsed) -> None:
    (document,) = parsed(laid_out([HEAD, CUT], below), MediaType.PDF)
    whole = [CUT[0], f"{CUT[1]} {REST[1]}", *CUT[2:]]
    assert [text for _, text in cells_of(document)] == HEAD + whole + NEXT * (NEXT in below)
    place = document.text.index("coast in every year")
    assert (document.page_at(place - 1), document.page_at(place)) == (1, 2)
    act = next(one for one in segment(document) if one.text == whole[1])
    assert (act.number, document.text[act.start : act.end]) == ("1", whole[1])


def test_a_new_row_at_the_top_of_a_page_is_no_rest(parsed: Parsed) -> None:
    (document,) = parsed(
        laid_out([HEAD, CUT], [HEAD, ["2", "coast guards will help.", "guards", "2031"]]), MediaType.PDF
    )
    assert (2, CUT[1]) in cells_of(document)
    (document,) = parsed(laid_out([HEAD, [CUT[0], f"{CUT[1]} coast.", *CUT[2:]]], [HEAD, REST]), MediaType.PDF)
    assert (2, REST[1]) in cells_of(document)


def test_rows_in_small_letters_below_a_page_end_are_rows_of_their_own(parsed: Parsed) -> None:
    rows = [
        ["Action", "By whom"],
        *([f"count the lights of the coast {n}", "keepers of the lights"] for n in range(70)),
    ]
    (document,) = parsed(laid_out(rows, widths=[200, 200]), MediaType.PDF)
    assert [text for _, text in cells_of(document)] == [*chain(*rows)]


def test_a_merged_cell_stands_in_its_first_row_and_column(parsed: Parsed) -> None:
    rows = [
        ["Lights", "", "When"],
        ["1", "The keepers will count the lights.", "each year"],
        ["2", "The ports will pay the keepers.", ""],
    ]
    style = [*BORDERS, ("SPAN", (0, 0), (1, 0)), ("SPAN", (2, 1), (2, 2))]
    (document,) = parsed(laid_out(rows, widths=[40, 250, 100], style=style), MediaType.PDF)
    assert cells_of(document) == [
        (1, "Lights"),
        (3, "When"),
        (1, "1"),
        (2, "The keepers will count the lights."),
        (3, "each year"),
        (1, "2"),
        (2, "The ports will pay the keepers."),
    ]


def test_a_cell_may_hold_several_paragraphs(parsed: Parsed) -> None:
    act = "Keepers will:<br/>• count the lights of the coast, and tell the ports how many there are;<br/>• sleep."
    (document,) = parsed(laid_out([HEAD, ["1", act, "keepers", "2031"]]), MediaType.PDF)
    assert [text for column, text in cells_of(document)[4:] if column == 2] == [
        "Keepers will:",
        "• count the lights of the coast, and tell the ports how many there are;",
        "• sleep.",
    ]


@pytest.mark.parametrize(
    "style",
    [
        [("BOX", (0, 0), (-1, -1), 0.5, "black"), ("INNERGRID", (0, 0), (-1, -1), 1.5, "black")],
        [("INNERGRID", (0, 0), (-1, -1), 0.5, "black")],
        [("GRID", (0, 0), (-1, -1), 0.5, "black", None, (2, 2))],
        [*BORDERS, ("BACKGROUND", (0, 0), (-1, 0), "lightgrey")],
    ],
    ids=["two widths", "open sides", "dashes", "shade"],
)
def test_borders_of_other_habits(style: list[tuple[object, ...]], parsed: Parsed) -> None:
    (document,) = parsed(laid_out(plan(2), style=style), MediaType.PDF)
    assert [text for _, text in cells_of(document)] == [*chain(*plan(2))]


def test_borders_that_are_thin_boxes_inside_a_form(parsed: Parsed) -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=1)
    canvas.setFont("Times-Roman", 11)
    for row, words in enumerate((("Action", "By whom"), ("Keepers will count the lights.", "keepers"))):
        for column, text in enumerate(words):
            canvas.drawString(76 + 200 * column, 685 - 20 * row, text)
    canvas.beginForm("borders")
    for y in (0, 20, 40):
        for x in (0, 200):
            canvas.rect(x + 0.5, y, 199.5, 0.5, stroke=0, fill=1)
    for x in (0, 200, 400):
        for y in (0, 20):
            canvas.rect(x, y + 0.5, 0.5, 19.5, stroke=0, fill=1)
    canvas.endForm()
    canvas.translate(72, 660)
    canvas.doForm("borders")
    canvas.save()
    (document,) = parsed(stream.getvalue(), MediaType.PDF)
    assert cells_of(document) == [(1, "Action"), (2, "By whom"), (1, "Keepers will count the lights."), (2, "keepers")]


ROWS = [(72.0, 700.0 - 14 * row, f"Line {row} of the text on the lights of the coast goes on.") for row in range(8)]
HALVES = [(x, 700.0 - 14 * row, f"line {row} of the {x} column") for x in (60, 320) for row in range(12)]
NO_TABLES = {
    "a box around text": drawn(
        *ROWS, lines=[(60, 720, 540, 720), (60, 580, 540, 580), (60, 580, 60, 720), (540, 580, 540, 720)]
    ),
    "underlined words": drawn(*ROWS, lines=[(72, 698, 200, 698), (100, 684, 180, 684), (72, 670, 90, 670)]),
    "a line above footnotes": drawn(*ROWS, (72, 100, "1 A note."), lines=[(72, 115, 216, 115)]),
    "a line between columns": drawn(*HALVES, lines=[(300, 500, 300, 720), (60, 720, 540, 720), (60, 500, 540, 500)]),
    "a letterhead": drawn(
        (72, 780, "Organization for Security and Co-operation in Europe"),
        (430, 780, "PC.DEC/9063"),
        *ROWS,
        lines=[(72, 770, 540, 770)],
    ),
    "a list with hanging indents": drawn(
        *((72, 700 - 28 * row, f"{row}.") for row in range(1, 6)),
        *((108, 700 - 28 * row, "Keepers will count the lights of the coast.") for row in range(1, 6)),
    ),
    "signatures": drawn(
        *ROWS,
        *((x, y, words) for x in (72, 240, 400) for y, words in ((300, "For the keepers"), (270, "A. Lamp"))),
        lines=[(x, 282, x + 110, 282) for x in (72, 240, 400)],
    ),
    "a chart": drawn(
        *ROWS,
        *((60, 300 + 20 * row, str(row)) for row in range(5)),
        lines=[
            *((80, 300 + 20 * row, 400, 300 + 20 * row) for row in range(5)),
            *((x, 300, x, 380) for x in (80, 240, 400)),
        ],
    ),
}


def in_columns(*lines: Sequence[str], lefts: Sequence[float], step: float = 14.0) -> bytes:
    """Lines of words at the left edges of columns, from the top down; an empty line leaves a gap of half a line."""
    words: list[tuple[float, float, str]] = []
    y = 700.0
    for line in lines:
        words += [(left, y, text) for left, text in zip(lefts, line, strict=False) if text]
        y -= step if line else step / 2
    return drawn(*words)


PROSE = (
    "Keepers of the lights count", "the ships that pass by night", "Every port sends its boats",
    "when storms are near and", "and tell the towns of them", "to the rocks on which they",
    "tell the ports of the coast.", "before the sun has risen.", "may find ships in distress.",
)  # fmt: skip
NO_COLUMNS = {
    "running text in three columns": in_columns(
        *(PROSE[place : place + 3] for place in (0, 3, 6, 0, 3, 6, 0, 3, 6)), lefts=(60, 220, 380)
    ),
    "running text that stops at the same heights": in_columns(
        ("keepers of the lights count", "ships that pass by night", "ports send their boats"), ("and tell them", "", ""), (),
        ("when storms are near and", "not far from the lights of", "to the rocks on which they"), (),
        ("before the sun has risen", "all of the towns of a coast", "may find ships in distress"),
        lefts=(60, 220, 380),
    ),
    "three paragraphs side by side": in_columns(
        *((*(PROSE[place : place + 3] for place in (0, 3, 6)), ()) * 3), lefts=(60, 220, 380)
    ),
    "rows that do not begin in the first column": in_columns(
        ("Lights", "Acts", "When"), *((), ("", PROSE[0], "each year"), ("", PROSE[8], "")) * 3, lefts=(60, 220, 420)
    ),
    "rows far from each other": in_columns(
        ("Lights", "Acts", "When"), *(*((),) * 6, ("one", PROSE[0], "each year"), ("", PROSE[8], "")) * 3,
        lefts=(60, 220, 420),
    ),
    "signatures of three": in_columns(
        ("For Ruritania", "For Narnia", "For Ghent"), (), ("Anton Lamp", "Berta Light", "Carl Storm"), (),
        ("Minister of lights", "Minister of ports", "Minister"), ("and coasts", "", ""), lefts=(72, 240, 400),
    ),
    "contents": in_columns(
        ("1.", "The lights of the coast and of the islands of the", "5"), ("", "Ruritanian sea", ""), (),
        ("2.", "The keepers of the lights and what they are paid", "7"), (),
        ("3.", "The ports and their duties towards the keepers", "9"), (),
        ("4.", "The storms of the last ten years on the coast", "11"), lefts=(72, 108, 500),
    ),
    "labels of two lists": in_columns(
        ("1.", "(a)", "Keepers will count all of the lights on the coast and"), ("", "", "tell the ports;"), (),
        ("", "(b)", "Ports will pay the keepers of the lights every year."), (),
        ("2.", "(a)", "States will name a port to which the keepers write."), lefts=(72, 100, 130),
    ),
    "a letterhead of three": in_columns(
        ("Organization for Security and", "Original: ENGLISH", "PC.DEC/9063"),
        ("Co-operation in Europe", "", "7 June 2012"), (), ("Permanent Council", "Vienna", "page 1"), lefts=(72, 300, 440),
    ),
}  # fmt: skip


def test_aligned_columns_are_a_table_where_they_show_it(parsed: Parsed) -> None:
    (document,) = parsed(laid_out(plan(4), style=BORDERS[1:]), MediaType.PDF)
    assert cells_of(document) == [(place % 4 + 1, text) for place, text in enumerate(chain(*plan(4)))]
    assert [one.number for one in segment(document) if one.role is Role.OPERATIVE] == ["1", "1", "2", "3", "4", "2"]


def test_aligned_columns_go_on_over_the_page_end(parsed: Parsed) -> None:
    (document,) = parsed(laid_out(plan(25), style=BORDERS[1:]), MediaType.PDF)
    assert len({span.page for span in document.pages}) > 1
    assert [text for _, text in cells_of(document)] == [*chain(*plan(25))]
    (document,) = parsed(laid_out(plan(3), [HEAD, NEXT], style=BORDERS[1:]), MediaType.PDF)
    assert [text for _, text in cells_of(document)] == [*chain(*plan(3)), *NEXT]


@pytest.mark.parametrize("gap", [[], [()], [(), ()]], ids=["no gap", "as between rows", "wider"])
def test_the_paragraph_below_aligned_columns_is_no_cell(gap: list[Sequence[str]], parsed: Parsed, texts: Texts) -> None:
    rows: list[Sequence[str]] = [("Action", "By whom", "When")]
    for number in range(3):
        rows += [
            (),
            (f"Keepers will count light {number}", "keepers", "each year"),
            ("and write to the ports.", "", ""),
        ]
    below = "The States will review these acts, and the keepers will tell them what they have found."
    (document,) = parsed(in_columns(*rows, *gap, (below,), lefts=(72, 300, 420)), MediaType.PDF)
    assert len(cells_of(document)) == 12
    assert texts(document, BlockKind.PARAGRAPH) == [below]


@pytest.mark.parametrize("name", NO_COLUMNS)
def test_aligned_columns_that_are_no_table(name: str, parsed: Parsed, texts: Texts) -> None:
    (document,) = parsed(NO_COLUMNS[name], MediaType.PDF)
    assert texts(document, BlockKind.TABLE) == []


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table(name: str, parsed: Parsed, texts: Texts) -> None:
    (document,) = parsed(NO_TABLES[name], MediaType.PDF)
    assert texts(document, BlockKind.TABLE) == []


def test_columns_with_a_line_between_them_are_read_one_after_the_other(parsed: Parsed) -> None:
    (document,) = parsed(NO_TABLES["a line between columns"], MediaType.PDF)
    assert document.text.index("line 11 of the 60") < document.text.index("line 0 of the 320")


def test_a_page_of_many_paths_is_a_drawing(parsed: Parsed, texts: Texts) -> None:
    lines = [(72 + x, 300 + y, 73 + x, 300 + y) for x in range(0, 400, 4) for y in range(0, 300, 5)]
    borders = [*((70, y, 540, y) for y in (680, 695, 712)), *((x, 680, x, 712) for x in (70, 300, 540))]
    words = [(x + 4.0, y, "lights") for x in (70, 300) for y in (684, 699)]
    (document,) = parsed(drawn(*ROWS[3:], *words, lines=[*borders, *lines]), MediaType.PDF)
    assert texts(document, BlockKind.TABLE) == []
    (document,) = parsed(drawn(*ROWS[3:], *words, lines=borders), MediaType.PDF)
    assert texts(document, BlockKind.TABLE) == ["lights"] * 4


def test_grids_are_whole() -> None:
    columns = [RuledLine(x, 0, 20) for x in (0, 50, 100)]
    rows = [RuledLine(y, 0, 100) for y in (0, 10, 20)]
    (grid,) = grids(RuledLines(rows, columns))
    assert [grid.at(x, y) for x, y in ((25, 15), (75, 15), (25, 5), (75, 5), (75, 25))] == [
        Cell(1, 1), Cell(1, 2), Cell(2, 1), Cell(2, 2), None,
    ]  # fmt: skip
    # A cell in the form of an L cannot be told from lines that happen to cross.
    assert (
        grids(RuledLines([rows[0], RuledLine(10, 0, 45), rows[2]], [columns[0], RuledLine(50, 0, 5), columns[2]])) == []
    )
    assert grids(RuledLines(rows, [])) == grids(RuledLines([], columns)) == []
