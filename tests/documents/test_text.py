# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

import codecs
import contextlib
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.documents.readers.text_reader import decode
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind, DocumentType

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Source

DECISION = """Organization for Security and Co-operation in Europe
Ministerial Council                                            MC.DEC/91/07
Narvik 2007                                                30 November 2007
                                                          Original: ENGLISH

Second day of the Ninety-First Meeting
MC(91) Journal No. 2, Agenda item 8

DECISION No. 91/07
GUARDING LIGHTHOUSES AGAINST
TERRORISTS

The Ministerial Council,

Recalling its earlier decisions on lighthouses and on the safety of the com-
mittees that look after them, and aware of the co-
operation of many coastal States,

1. Decides to request all participating States that have a coast to count their
lighthouses, and in particular:

(a) those that stand alone;

(b) those that nobody has visited since the
\f- 2 -
MC.DEC/91/07
30 November 2007

last storm;

2. Tasks the Secretariat with drawing a map of them.

MCNEW917
"""


def test_a_wrapped_text_with_form_feeds(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    (document,) = parsed(DECISION)
    assert (document.symbol, document.body, document.type) == ("MC.DEC/91/07", "MC", DocumentType.DECISION)
    assert document.title == "GUARDING LIGHTHOUSES AGAINST TERRORISTS"
    assert texts(document, BlockKind.TITLE) == ["DECISION No. 91/07", document.title]
    assert texts(document, BlockKind.FURNITURE) == ["- 2 -", "MC.DEC/91/07", "30 November 2007", "MCNEW917"]
    assert "the safety of the committees" in document.text
    assert "the co-operation of many coastal States" in document.text
    crossing = "(b) those that nobody has visited since the last storm;"
    assert crossing in texts(document, BlockKind.PARAGRAPH)
    start = document.text.index(crossing)
    assert document.page_at(start) == 1
    assert document.page_at(start + len(crossing) - 2) == 2


MARKDOWN = """# **A short walk along the border**

## Abstract

The author has walked along a border and now writes about it~~
in two lines that a converter has cut.

## What I saw

Guards who spoke to [one another](https://example.org/a_(b)), adopted on 7 June,

co-operation in the wind, and little *else*.

- first point;
- second point.

## About the Author

She walks. DOI: 10.9999/0001
""".replace("~", " ")


def test_markdown_loses_its_markup_and_keeps_its_headings(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(MARKDOWN, name="/in/walk.md")
    assert document.type is DocumentType.ARTICLE
    assert document.title == "A short walk along the border"
    assert texts(document, BlockKind.HEADING) == ["Abstract", "What I saw", "About the Author"]
    paragraphs = texts(document, BlockKind.PARAGRAPH)
    assert paragraphs[0] == (
        "The author has walked along a border and now writes about it in two lines that a converter has cut."
    )
    assert paragraphs[1] == (
        "Guards who spoke to one another, adopted on 7 June, co-operation in the wind, and little else."
    )
    assert paragraphs[2:4] == ["- first point;", "- second point."]


PLAIN = """Preamble

1. We, the Leaders of the Group of Nine, met in Narvik and agreed to count our lighthouses together.

Lighthouses

2. We will count them every year.

Article 5 – Storms

We will also count the storms."""


def test_short_lines_without_a_full_stop_are_headings(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(PLAIN, name="/in/2023-05-20_nine_leaders_communique.txt")
    assert texts(document, BlockKind.HEADING) == ["Preamble", "Lighthouses", "Article 5 – Storms"]
    assert (document.type, document.title, document.date) == (DocumentType.COMMUNIQUE, "", None)
    assert document.notes == ("Only the file name gives a day, 2023-05-20; it is not used as the date.",)


def test_glued_lines_are_split(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    text = "Resolution 9748 (1992) of 3l March 1992\n\nThe Security Council, Recalling its work on storms,\n\n1. Decides to act."
    (document,) = parsed(text)
    assert texts(document, BlockKind.PARAGRAPH)[:2] == ["The Security Council,", "Recalling its work on storms,"]
    assert (document.symbol, str(document.date)) == ("S/RES/9748 (1992)", "1992-03-31")
    assert "misprinted" in document.notes[0]


SENTENCE = "The participating States will guard the café’s door."
ENCODED = [
    ("utf-8", SENTENCE.encode()),
    ("utf-8 with a mark", codecs.BOM_UTF8 + SENTENCE.encode()),
    ("utf-16 with a mark", SENTENCE.encode("utf-16")),
    ("utf-16 without a mark", SENTENCE.encode("utf-16-le")),
    ("utf-16, other order", SENTENCE.encode("utf-16-be")),
    ("cp1252", SENTENCE.encode("cp1252")),
]


@pytest.mark.parametrize(("name", "content"), ENCODED)
def test_encodings(name: str, content: bytes, parsed: Callable[..., list[Document]]) -> None:
    assert decode(content) == SENTENCE, name
    assert parsed(content)[0].text == SENTENCE


def test_hidden_characters_go(parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed("The participating\u200b States \u202ewill\u202c act\x07 to\u00adgether.")
    assert document.text == "The participating States will act together."


REFUSED = [
    ("nothing", b"", "empty"),
    ("blanks", b" \n\x0c\n", "empty"),
    ("no letters", b"1\n\n2\n\n---\n", "empty"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_text"),
]


@pytest.mark.parametrize(("name", "content", "reason"), REFUSED)
def test_refusals_say_why_and_what_to_do(name: str, content: bytes, reason: str, source: Callable[..., Source]) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(source(content), limits=Limits())
    assert caught.value.reason == reason, name
    assert caught.value.remedy


def test_limits(source: Callable[..., Source]) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(source("The States will act. " * 20), limits=Limits(max_characters=100))
    assert caught.value.reason == "too_large"
    with pytest.raises(DocumentError) as caught:
        parse(source(b"a" * 1_000_001), limits=Limits(max_megabytes=1))
    assert "1 MB" in caught.value.message


LONG = {
    "one word": "x" * 60_000,
    "opening brackets": "[" * 60_000,
    "asterisks": "*a " * 20_000,
    "one paragraph": "the States act and " * 20_000,
    "leaders": "Lights" + " ." * 30_000,
    "capitals": "LIGHTS ON COASTS\n\n" * 3_000,
    "one paragraph in lines": "\f".join(["the States act and the lights burn and the storms rage on\n" * 40] * 80),
}


@pytest.mark.timeout(900)  # only catches a hang
@pytest.mark.parametrize("name", LONG)
def test_long_inputs_take_no_quadratic_time(name: str, source: Callable[..., Source]) -> None:
    with contextlib.suppress(DocumentError):
        parse(source(LONG[name]), limits=Limits())


def test_a_few_words_behind_the_last_rule_are_no_text(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(f"{DECISION}\n* * *\n\nKept by the keepers of the lights, who copied it by hand.\n")
    assert texts(document, BlockKind.SIGNATURE) == ["Kept by the keepers of the lights, who copied it by hand."]


@pytest.mark.parametrize("behind", ["3. Thanks the keepers of the lights.", "The guards shall count the lights. " * 8])
def test_text_behind_a_rule_stays_text(
    behind: str, parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(f"{DECISION}\n* * *\n\n{behind}\n")
    assert texts(document, BlockKind.SIGNATURE) == []


def test_a_first_sentence_that_names_a_declaration_is_no_title(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(
        "STATEMENT ON LIGHTS\n\nThe Ministers recall the Narvik Declaration.\n\nThey will count lights."
    )
    assert document.title == "STATEMENT ON LIGHTS"
    assert texts(document, BlockKind.PARAGRAPH) == [
        "The Ministers recall the Narvik Declaration.",
        "They will count lights.",
    ]


def test_a_short_stem_without_a_colon_is_no_heading(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = "Inspections\n\nEach participating State will\n\n– count its lighthouses;\n\n– light them at night.\n\nThey will report."
    (document,) = parsed(f"DOCUMENT ON LIGHTS\n\nThe States met in May and spoke of lights.\n\n{text}")
    assert texts(document, BlockKind.HEADING) == ["Inspections"]
    assert "Each participating State will" in texts(document, BlockKind.PARAGRAPH)


def test_the_author_in_a_header_block_and_the_type_behind_a_colon(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    head = (
        "SEC.GAL/9210/14\n\nOSCE Secretariat\n\nStorm Prevention Unit\n\nENGLISH only\n\nSEMINAR ON LIGHTS: REPORT\n\n"
    )
    (document,) = parsed(head + "The seminar took place in Narvik. It was stormy.\n\nA speaker counted the lights.")
    assert texts(document, BlockKind.HEADER) == head.split("\n\n")[:4]
    assert (document.title, document.type) == ("SEMINAR ON LIGHTS: REPORT", DocumentType.REPORT)


def test_signatures_of_governments(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    (document,) = parsed(
        "PROTOCOL ON LIGHTS\n\nArticle 1\n\nThe Parties shall count lights.\n\nFor the Government of Norway:\n"
    )
    assert texts(document, BlockKind.SIGNATURE) == ["For the Government of Norway:"]


def test_few_wrapped_paragraphs_between_short_ones(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = (
        "COMMUNIQUÉ OF THE KEEPERS OF LIGHTS\n\nGhent, 7 June 2012\n\n1. We will work together to:\n\n• count lights;\n\n"
        "• count storms.\n\n2. We thank the keepers of the lights for their long work with Resolution\n   2396.\n\n"
        "3. We will meet.\n\n4. We will report.\n"
    )
    (document,) = parsed(text)
    assert texts(document, BlockKind.PARAGRAPH)[0] == "Ghent, 7 June 2012"
    assert texts(document, BlockKind.PARAGRAPH)[4].endswith("with Resolution 2396.")
    assert str(document.date) == "2012-06-07"


def test_an_item_that_hangs_below_its_label(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = "LIGHTS\n\nWe agree that:\n\n1. Lights burn by night.\n   Nobody counts them.\n\n2. Storms rage.\n\nIt is cold.\n"
    (document,) = parsed(text)
    assert texts(document, BlockKind.PARAGRAPH)[1] == "1. Lights burn by night. Nobody counts them."
    (document,) = parsed(text.replace("   Nobody", "Nobody"))
    assert texts(document, BlockKind.PARAGRAPH)[1:3] == ["1. Lights burn by night.", "Nobody counts them."]


def test_indentation_of_lines_that_nobody_wrapped(parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed("LIGHTS\n\nKeepers will:\n\n    count lights;\n\n    count storms.\n\nThey will report.\n")
    indents = [block.indent for block in document.blocks if block.kind is BlockKind.PARAGRAPH]
    assert indents == [0.0, 20.0, 20.0, 0.0]


def test_notes_whose_marks_have_a_stroke(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = (
        "LIGHTS\n\nKeepers count lights, 1/ and they write to the owner of every light. 2/\n\n1/ By night.\n\n2/ In ink.\n\n"
        "3/ No mark of this stands above.\n"
    )
    (document,) = parsed(text)
    assert texts(document, BlockKind.FOOTNOTE) == ["1/ By night.", "2/ In ink."]


def test_rows_of_a_poem_are_not_joined(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    (document,) = parsed("Lights burn.\nStorms rage.\nWe count.\n\nThe guards of the coast count all the lights.\n")
    assert texts(document, BlockKind.PARAGRAPH)[0] == "Lights burn."


def test_an_essay_without_the_signs_of_a_journal(parsed: Callable[..., list[Document]]) -> None:
    essay = (
        "# Lights and what they are for\n\n## The problem\n\nA light is a lamp that never sleeps. Nobody counts lamps.\n\n"
        "In 1992 keepers met and agreed to count them. Their results were modest.\n\n## What might be done\n\n"
        "Keepers might wish to begin with the coast.\n"
    )
    assert parsed(essay)[0].type == DocumentType.ARTICLE
    assert parsed(essay.replace("In 1992 keepers", "We agree that keepers"))[0].type != DocumentType.ARTICLE


def test_who_speaks_above_the_header_block(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = (
        "Republic of Ruritania\n\nPC.DEL/9212/16\n\n25 February 2016\n\nENGLISH only\n\n"
        "STATEMENT BY THE DELEGATION OF RURITANIA\n\nMr. Chairperson,\n\nWe thank the keepers of the lights.\n"
    )
    (document,) = parsed(text)
    assert texts(document, BlockKind.HEADER)[0] == "Republic of Ruritania"
    assert document.title == "STATEMENT BY THE DELEGATION OF RURITANIA"


def test_rows_that_tabs_part_are_a_table(parsed: Callable[..., list[Document]]) -> None:
    table = "No.\tMeasure\tWho\n1\tKeepers will count the lights.\tkeepers\n"
    (document,) = parsed(f"The States agree.\n\n{table}\n1.\tThe\tStates act.\n")
    cells = [(document.text[b.start : b.end], b.level) for b in document.blocks if b.kind is BlockKind.TABLE]
    assert cells[3:] == [("1", 1), ("Keepers will count the lights.", 2), ("keepers", 3)]
    assert document.text.endswith("1. The States act.")


def test_sentences_with_a_mark_at_their_end_are_no_title(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(
        "Lights and storms of the coast\n\nA light is a lamp. Nobody counts lamps.[1]\n\nIn 1992 keepers met.\n"
    )
    assert texts(document, BlockKind.TITLE) == ["Lights and storms of the coast"]


def test_lines_below_a_colon_are_items_and_no_headings(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = (
        "1. A lamp should have:\n\nA wick of wool\n\nA lid of glass\n\nThe lid should be clean.\n\nOil\n\nOil is dear."
    )
    (document,) = parsed(f"DOCUMENT ON LIGHTS\n\nThe States met in May and spoke of lights.\n\n{text}")
    assert texts(document, BlockKind.HEADING) == ["Oil"]


def test_small_letters_may_begin_items_and_recitals(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    recitals = "We, the Ministers of the coastal participating States, gathered in Ghent,\n\nanxious to light every bridge of the region,\n\nrecalling lamps,"
    items = "The participating States will further the work of keepers by\n\nlending oil,\n\nlending boats."
    (document,) = parsed(f"DOCUMENT ON LIGHTS\n\n{recitals}\n\nhave agreed on the following:\n\n{items}")
    found = texts(document, BlockKind.PARAGRAPH)
    assert {
        "anxious to light every bridge of the region,",
        "recalling lamps,",
        "lending oil,",
        "lending boats.",
    } <= set(found)


def test_a_sentence_that_was_cut_is_still_joined(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    cut = "The keepers of the bridges count the lamps that burn at night and tell\n\nthe Council how many they are, and where."
    (document,) = parsed(f"DOCUMENT ON LIGHTS\n\nThe States met in May and spoke of lights.\n\n{cut}")
    assert " ".join(cut.split()) in texts(document, BlockKind.PARAGRAPH)


def test_notes_with_marks_in_brackets(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    text = "The States count lamps[1] at night.\n\n[2] is no note without its mark.\n\n[1] Lamps that burn."
    (document,) = parsed(f"DOCUMENT ON LIGHTS\n\n{text}")
    assert texts(document, BlockKind.FOOTNOTE) == ["[1] Lamps that burn."]


def test_the_name_of_the_body_in_capitals_is_no_title(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed("DECISION ON LIGHTS\n\nTHE PERMANENT COUNCIL,\n\nRecalling the lamps,\n\nDecides to act.")
    assert document.title == "DECISION ON LIGHTS"
    assert "THE PERMANENT COUNCIL," in texts(document, BlockKind.PARAGRAPH)


def test_a_heading_behind_items_with_capitals_stays_one(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    text = "1. The aims of keepers are as follows:\n\nA. Light on bridges\n\nB. Light in tunnels\n\nMeasures\n\n2. States will act."
    (document,) = parsed(f"DOCUMENT ON LIGHTS\n\nThe States met in May and spoke of lights.\n\n{text}")
    assert texts(document, BlockKind.HEADING) == ["Measures"]


def test_comments_and_backslashes_of_converters_are_no_text(parsed: Callable[..., list[Document]]) -> None:
    rows = [
        "<!-- -->",
        "\\### Lamps on coasts",
        "\\###",
        "1\\. Keepers shall count lamps.",
        "<!-- two",
        "rows -->",
        "a\\) They write.",
    ]
    (document,) = parsed("\n\n".join(rows))
    assert document.text.split("\n\n") == ["Lamps on coasts", "1. Keepers shall count lamps.", "a) They write."]
