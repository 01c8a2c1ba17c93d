"""What pages print around the text, and paragraphs that pages and empty lines tear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import BlockKind, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

    Row = tuple[float, float, float, bool, str]

TORN = "Recalling that the lamps of all harbours on the common coast are counted each year and that"
REST = "their number is reported to the Secretariat,"
WHOLE = f"{TORN} {REST}"


def rows(top: float, *texts: str, indent: float = 20) -> list[Row]:
    return [(72 + indent * (place == 0), top - 14 * place, 11, False, text) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    "foot",
    [
        [
            (65, 90, 11, False, "91-24457 (E) 131291"),
            (65, 74, 15, True, "*9124457*"),
            (300, 60, 11, False, "Please recycle"),
        ],
        [(65, 74, 11, False, "MC91EJ")],
        [(65, 74, 11, False, "mcdec91e")],
        [(65, 74, 11, False, "FSCDEL")],
        [(65, 74, 11, False, "PCOEW9034")],
    ],
    ids=["job number and bar code", "code without digits", "small letters", "letters only", "code"],
)
def test_codes_at_the_foot_of_a_page_do_not_tear_a_paragraph(
    foot: list[Row], pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    first = [
        (92, 700, 11, False, "The Permanent Council,"),
        *rows(670, TORN),
        (65, 130, 7, False, "__________"),
        (72, 115, 8, False, "¹ The list of lamps is printed in the annex."),
        *foot,
    ]
    second = [
        *rows(700, REST, indent=0),
        *rows(672, "1. Decides to light all lamps of the harbours at night in each month of the year."),
    ]
    (document,) = parsed(pdf([first, second]), MediaType.PDF)
    assert WHOLE in texts(document, BlockKind.PARAGRAPH)
    assert [text.lstrip("■¹ ") for text in texts(document, BlockKind.FOOTNOTE)] == [
        "The list of lamps is printed in the annex."
    ]
    assert {row[4] for row in foot} <= set(texts(document, BlockKind.FURNITURE))


def test_a_first_line_that_is_indented_opens_a_paragraph_on_a_new_page(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    act = [
        "1. Decides to light the lamps of all the harbours that are on the common coast and",
        "to count them. The guards of the coast will report on each of them to the Council.",
    ]
    rest = "Reports are due in May of each year."
    first = [(92, 700, 11, False, "The Permanent Council,"), *rows(670, *act)]
    continued = parsed(pdf([first, rows(700, rest, indent=0)]), MediaType.PDF)
    opened = parsed(pdf([first, rows(700, rest)]), MediaType.PDF)
    assert texts(continued[0], BlockKind.PARAGRAPH)[-1] == f"{' '.join(act)} {rest}"
    assert texts(opened[0], BlockKind.PARAGRAPH)[-1] == rest


ROWS = [
    "The Permanent Council,",
    "Recalling that the lamps of the harbours are lit each night by the",
    "guards of the coast, who report to the Council,",
    "1. Decides to count the lamps of all harbours on the coast and to",
    "lend boats to the guards who light them at night and to",
    "the guilds of lamp makers in all of the States;",
    "2. Requests the Secretary General to report on the lamps in the",
    "autumn of each year to the Council.",
]
JOINED = [ROWS[0], " ".join(ROWS[1:3]), " ".join(ROWS[3:6]), " ".join(ROWS[6:8])]


@pytest.mark.parametrize(
    "text",
    ["\n\n".join(ROWS), "\n".join(ROWS), "\n\n".join([*JOINED[:2], " ".join(ROWS[3:5]), ROWS[5], JOINED[3]])],
    ids=["an empty line after each row", "no empty line", "a paragraph torn in two"],
)
def test_torn_paragraphs_are_joined(
    text: str, parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(text)
    assert texts(document, BlockKind.PARAGRAPH) == JOINED


def test_items_apart_from_their_stem_are_not_joined(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(
        f"{ROWS[1]}\n{ROWS[2]}\n\nThe participating States acknowledge the work of the guilds and will\n\n    lend boats;\n\n    light lamps.\n"
    )
    assert texts(document, BlockKind.PARAGRAPH)[-2:] == ["lend boats;", "light lamps."]


def test_notes_below_a_printed_rule_in_plain_text(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    page = [
        *ROWS[:5],
        "__________",
        "1 Lamps of the second list, which is",
        "in the annex.",
        "2 Ibid.",
        "2/3 91-24457",
        *ROWS[5:],
    ]
    (document,) = parsed("\n".join(page))
    assert texts(document, BlockKind.PARAGRAPH) == JOINED
    assert texts(document, BlockKind.FOOTNOTE) == ["1 Lamps of the second list, which is in the annex.", "2 Ibid."]


def test_a_head_of_symbol_and_title_beside_the_page_number(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    heads = ["2/3 91-24457", "A/RES/91/12 Lamps for harbours", "91-24457 3/3", "Lamps for harbours A/RES/91/12"]
    (document,) = parsed("\n".join([*ROWS[:4], *heads[:2], *ROWS[4:7], *heads[2:], *ROWS[7:]]))
    assert texts(document, BlockKind.PARAGRAPH) == JOINED
    assert set(texts(document, BlockKind.FURNITURE)) == set(heads)


def test_a_title_in_capitals_keeps_all_its_lines(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    title = "RESOLUTION ON\n\nLAMP MAKERS\n\nIN THE WORK OF\n\nTHE HARBOURS"
    (document,) = parsed(
        f"{ROWS[0]}\n\n1. Decides to lend boats.\n\n{title}\n\n1. Calls on all States to light lamps.\n"
    )
    assert texts(document, BlockKind.HEADING) == [title.replace("\n\n", " ")]


@pytest.mark.parametrize(
    "act",
    [
        "1. Takes note of the list of lamps;17",
        "2. Encourages OSCE guards to meet each year,5",
        "3. Calls for boats; ¹²",
    ],
)
def test_a_numbered_act_with_a_note_mark_is_no_heading(
    act: str, parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(f"{ROWS[0]}\n\n{act}\n\n4. Decides to light lamps.\n")
    assert act in texts(document, BlockKind.PARAGRAPH)


def test_contents_without_pages_make_no_annex(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    entries = ["Contents", "Annex 1: Lamps", "1-1.", "Kinds of lamps", "Appendix A: Boats"]
    (document,) = parsed(
        "\n\n".join(["Handbook", *entries, "I. Introduction", "The States will lend boats to all harbours."])
    )
    assert texts(document, BlockKind.CONTENTS) == entries
    assert texts(document, BlockKind.HEADING)[1:] == ["I. Introduction"]


def test_numbered_acts_that_run_on_are_split(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(
        "The Council,\n\nNoting the lamps, 1. Decides to lend boats; 2. Requests reports under item 3. Reports are due in May.\n"
    )
    assert texts(document, BlockKind.PARAGRAPH)[1:] == [
        "Noting the lamps,",
        "1. Decides to lend boats;",
        "2. Requests reports under item 3. Reports are due in May.",
    ]
    assert not document.is_broken


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The States will lend boats to the guilds. " * 80, "no line ends"),
        (
            "\n\n".join(["the states will lend boats to the guilds of the harbours, and they will report."] * 8),
            "no capital letters",
        ),
        (
            "\n\n".join(["Lamps"] * 3 + ["The States will lend boats " + "and light lamps " * 200 + "."]),
            "has no full stop",
        ),
        (
            "\n\n".join(["Lamps are lit."] * 3 + ["1. The boats; 2. The lamps; 3. The harbours; 4. The guards."]),
            "run on in one line",
        ),
    ],
    ids=["line ends", "capitals", "full stops", "numbers"],
)
def test_a_broken_source_carries_a_note(text: str, sign: str, parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(text)
    assert document.is_broken
    assert any(sign in note for note in document.notes)


def test_the_marker_of_an_annex_is_not_joined_with_the_title_below_it(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    page = [
        (92, 700, 11, False, "The Permanent Council,"),
        *rows(670, "1. Decides to adopt the rules in the annex."),
        (72, 630, 11, True, "Annex"),
        (72, 617, 11, True, "Rules for lamps on all bridges"),
        *rows(590, "1. Lamps on bridges burn at night, in each month of the year and in all kinds of weather."),
    ]
    (document,) = parsed(pdf([page]), MediaType.PDF)
    assert "Annex" in texts(document, BlockKind.HEADING) + texts(document, BlockKind.TITLE)
