# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.catalogue import load_catalogue, organs
from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.documents.facts.adoption_date import date_in_file_name, find_date
from osce_commitments.labels import DocumentType, MediaType
from osce_commitments.schema import Source, SourceRef

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.catalogue import Organ
    from osce_commitments.schema import Document

BODY = "1. Decides that the participating States shall count the lighthouses on their coasts every year."

DATES = [
    ("day first", "Vilnius, 7 December 2011", dt.date(2011, 12, 7)),
    ("last of two days", "10 and 11 December 1999", dt.date(1999, 12, 11)),
    ("last of a range", "Vienna, 15–31 May 1996", dt.date(1996, 5, 31)),
    ("range over two months", "30 November to 1 December 2023", dt.date(2023, 12, 1)),
    ("month first", "met on May 19-21, 2023", dt.date(2023, 5, 21)),
    ("Roman month", "Warsaw, 16.V.2005", dt.date(2005, 5, 16)),
    ("misread day", "of 3f July 1989", dt.date(1989, 7, 31)),
    ("day of month", "this first day, the 2nd day of May 2005", dt.date(2005, 5, 2)),
    ("characters of typesetting", "Vienna,\n7\u00a0December\n2011", dt.date(2011, 12, 7)),
    ("the day counts, not the year before it", "2016: Hamburg, 9 December 2016", dt.date(2016, 12, 9)),
    ("a range in capitals", "GHENT, 28 JUNE TO 2 JULY 2099", dt.date(2099, 7, 2)),
    ("capitals with a Roman month", "GHENT, 16.V.2005", dt.date(2005, 5, 16)),
    ("a month alone", "of July 1989", None),
    ("day in words", "Done at Ghent, this twenty-first day of May 2005", dt.date(2005, 5, 21)),
    ("no such day", "31 February 2011", None),
    ("no date", "Decision No. 91/07", None),
]


@pytest.mark.parametrize(("name", "text", "expected"), DATES)
def test_find_date(name: str, text: str, expected: dt.date | None) -> None:
    found = find_date(text)
    assert (found[0] if found else None) == expected, name


def test_a_day_that_was_misread_is_reported() -> None:
    assert find_date("of 3f July 1989") == (dt.date(1989, 7, 31), True)
    assert find_date("If on 31 July 1989") == (dt.date(1989, 7, 31), False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pol_2024_03_18_statement", dt.date(2024, 3, 18)),
        ("2012-12-07-2 text", dt.date(2012, 12, 7)),
        ("mc-dec-94-16", None),
        ("20240318_statement", None),
    ],
)
def test_date_in_file_name(name: str, expected: dt.date | None) -> None:
    assert date_in_file_name(name) == expected


# Opening lines, then symbol, body, type.
KINDS = [
    ("number of a PC decision", ["Permanent Council", "DECISION No. 9063", "ON LIGHTS", "The Permanent Council,"],
     "PC.DEC/9063", "PC", DocumentType.DECISION),
    ("number of an MC decision", ["DECISION No. 91/07", "ON LIGHTS", "The Ministerial Council,"],
     "MC.DEC/91/07", "MC", DocumentType.DECISION),
    ("number of an FSC decision", ["DECISION No. 91/07", "ON LIGHTS", "The Forum for Security Co-operation,"],
     "FSC.DEC/91/07", "FSC", DocumentType.DECISION),
    ("MC decision numbered by meeting", ["Bucharest, 4 December 2001", "DECISION No. 77", "ON LIGHTS", "The Ministerial Council,"],
     "MC(9).DEC/77", "MC", DocumentType.DECISION),
    ("symbol that starts a header block", ["Organization for Security and Co-operation in Europe", "SUM.DOC/91/10", "DECLARATION ON LIGHTS"],
     "SUM.DOC/91/10", "Summit", DocumentType.DECLARATION),
    ("Security Council", ["Resolution 9748 (1992)", "The Security Council,"],
     "S/RES/9748 (1992)", "UN", DocumentType.RESOLUTION),
    ("General Assembly", ["99/16. Lights on all coasts", "The General Assembly,"],
     "A/RES/99/16", "UN", DocumentType.RESOLUTION),
    ("treaty", ["Convention on Lights", "The States Parties to this Convention,"], "", "", DocumentType.TREATY),
    ("action plan", ["ACTION PLAN ON LIGHTS"], "", "", DocumentType.ACTION_PLAN),
    ("framework", ["OSCE CONCEPT FOR LIGHTS"], "", "", DocumentType.FRAMEWORK),
    ("report", ["Annual Report on Lights"], "", "", DocumentType.REPORT),
    ("unknown", ["Lights"], "", "", DocumentType.OTHER),
]  # fmt: skip


def test_cases_are_complete() -> None:
    assert (len(DATES), len(KINDS)) == (16, 12)


@pytest.mark.parametrize("case", KINDS, ids=[case[0] for case in KINDS])
def test_symbol_body_and_type(
    case: tuple[str, list[str], str, str, DocumentType], parsed: Callable[..., list[Document]]
) -> None:
    _, lines, *expected = case
    (document,) = parsed("\n\n".join([*lines, BODY]), name="/in/x.txt")
    assert [document.symbol, document.body, document.type] == expected


def test_the_catalogue_fills_what_the_text_leaves_out(parsed: Callable[..., list[Document]]) -> None:
    row = load_catalogue().instrument("MC.DEC/9/11")
    assert row is not None
    (document,) = parsed(f"MC.DEC/9/11\n\nThe Ministerial Council,\n\n{BODY}", name="/in/x.txt")
    assert (document.title, document.date, document.place, document.number) == (row.title, row.date, row.place, "9/11")
    assert document.facts_from["symbol"] == "text"
    assert document.facts_from["date"] == document.facts_from["title"] == "catalogue"
    assert document.meeting == "18th Meeting of the Ministerial Council"
    assert document.notes == ()


def test_a_conflict_with_the_catalogue_is_noted(parsed: Callable[..., list[Document]]) -> None:
    header = "Organization for Security and Co-operation in Europe\n\nMC.DEC/9/11\n\n8 December 2011\n\nOslo 2011"
    (document,) = parsed(f"{header}\n\n{BODY}", name="/in/x.txt")
    assert document.date == dt.date(2011, 12, 8)
    assert document.notes == (
        "The text is dated 2011-12-08, the catalogue says 2011-12-07.",
        "The text names the place Oslo, the catalogue Vilnius.",
    )


def test_a_treaty_is_known_by_its_title(parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(f"Council of Europe Convention on the Prevention of Terrorism\n\n{BODY}", name="/in/x.txt")
    assert (document.symbol, document.facts_from["symbol"]) == ("CETS 196", "catalogue")


NAMES = [
    ("/in/un_a_res_99_16.txt", "A/RES/99/16"),
    ("/in/unsc_res_9635_1989.txt", "S/RES/9635 (1989)"),
    ("/in/MC.DEC-91-07.txt", "MC.DEC/91/07"),
    ("https://example.org/files/pc_dec_9063.pdf?x=1", "PC.DEC/9063"),
    ("-", ""),
]


@pytest.mark.parametrize(("name", "symbol"), NAMES)
def test_the_name_of_the_file_is_no_fact(name: str, symbol: str, parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(BODY, name=name)
    assert (document.symbol, document.title, document.year) == ("", "", None)
    assert document.notes == ((f"Only the file name says {symbol}; it is not used as the symbol.",) if symbol else ())


RECITALS = "Recalling the Charter of Lamps of the harbours and the guards ("


# Lines of a text, then symbol and body.
CITED = [
    ("own header", ["A/RES/99/16", "General Assembly", "The General Assembly,", f"{RECITALS}Ghent 2091),"], "A/RES/99/16", "UN"),
    ("symbol of a cited text on its own line", ["THE BOARD OF LAMPS,", RECITALS, "A/RES/99/16", ") and its notes;"], "", "Board of Lamps"),
    ("symbol below recitals", ["THE BOARD OF LAMPS,", f"{RECITALS}Ghent 2091),", "A/RES/99/16"], "", "Board of Lamps"),
    ("a convention", ["United Nations Convention against Storms", "The States Parties to this Convention,"], "", "UN"),
    ("a cited convention", ["Lamps", "Recalling the United Nations Convention against Storms and its Protocols,"], "", ""),
    ("a convention of the Council of Europe", ["Council of Europe Convention on Storms", "The Parties,"], "", "CoE"),
    ("such a convention, cited", ["Lamps", "Recalling the Council of Europe Convention on Storms,"], "", ""),
    ("an unknown body", ["Rules", "The Board of Lamps of Ghent (Ghent, 2091),", "Recalling the Charter of Lamps,"], "", "Board of Lamps of Ghent"),
    ("an unknown body in capitals", ["THE KEEPERS OF THE LAMPS:", "HAVING REGARD to the Charter of Lamps;"], "", "Keepers of the Lamps"),
    ("a list of States", ["Rules", "The Realm of Ghent, the Realm of Lier,", "Recalling the Charter of Lamps,"], "", ""),
    ("a subject without recitals", ["Rules", "The Board of Lamps,", "The guards count lamps."], "", ""),
    ("a body without a code", ["European Parliament", "Lamps", "The European Parliament,"], "", "European Parliament"),
]  # fmt: skip


@pytest.mark.parametrize("case", CITED, ids=[case[0] for case in CITED])
def test_a_cited_text_gives_no_fact(
    case: tuple[str, list[str], str, str], parsed: Callable[..., list[Document]]
) -> None:
    _, lines, symbol, body = case
    (document,) = parsed("\n\n".join([*lines, BODY]), name="/in/x.txt")
    assert (document.symbol, document.body) == (symbol, body)


def test_the_title_alone_does_not_tell_which_decision_it_is(parsed: Callable[..., list[Document]]) -> None:
    row = load_catalogue().instrument("MC.DEC/6/20")
    assert row is not None
    text = f"{{}}{row.title.upper()}\n\nThe Ministerial Council,\n\nRecalling its lamps,\n\n{BODY}"
    (untold,) = parsed(text.format(""), name="/in/x.txt")
    assert (untold.symbol, untold.year) == ("", None)
    (other,) = parsed(text.format("Ghent, 9 December 2017\n\n"), name="/in/x.txt")
    assert (other.symbol, other.date) == ("", dt.date(2017, 12, 9))
    (dated,) = parsed(text.format("Tirana, 4 December 2020\n\n"), name="/in/x.txt")
    assert dated.symbol == "MC.DEC/6/20"


def test_a_source_that_was_fetched_for_another_symbol_is_noted() -> None:
    ref = SourceRef("https://example.org/1", MediaType.TEXT, symbol="MC.DEC/9/11")
    (document,) = parse(Source(ref, f"MC.DEC/91/07\n\n{BODY}".encode()), limits=Limits())[0]
    assert document.symbol == "MC.DEC/91/07"
    assert document.notes[0] == "The text says MC.DEC/91/07, but it was fetched as MC.DEC/9/11."
    (unnamed,) = parse(Source(ref, BODY.encode()), limits=Limits())[0]
    assert (unnamed.symbol, unnamed.facts_from["symbol"]) == ("MC.DEC/9/11", "catalogue")


def letterhead(organ: str, symbol: str, *lines: str, formula: str = "") -> str:
    """A resolution as the United Nations prints it; ``lines`` stand right above the enacting formula."""
    head = ["United Nations", symbol, organ, "Distr.: General", "27 December 2091", "Original: English", "Ninth session",
            "Agenda item 9", "Follow-up to the meeting on lights", *lines, formula or f"The {organ},", "Recalling its lamps,", BODY]  # fmt: skip
    return "\n\n".join(head)


ADOPTED = "Resolution adopted by the General Assembly on 14 December 2091"
UN_ORGANS = [one for one in organs() if one.organization == "UN" and one.series]
DAY, ISSUED = dt.date(2091, 12, 14), dt.date(2091, 12, 27)

# Lines above the formula, then title and date.
LETTERHEADS = [
    ("number and subject", [ADOPTED, "[on the report of the Committee (A/99/9)]", "99/216. Lamps on coasts"], "Lamps on coasts", DAY),
    ("number apart", [ADOPTED, "99/216.", "Lamps on coasts"], "Lamps on coasts", DAY),
    ("line of adoption in two", [ADOPTED[:40], ADOPTED[41:], "99/216. Lamps on coasts"], "Lamps on coasts", DAY),
    ("number and subject in two lines", ["Resolution 99/216", "Lamps on coasts"], "Lamps on coasts", ISSUED),
    ("marks of Markdown", [f"# {ADOPTED}", "\\### 99/216. Lamps on coasts"], "Lamps on coasts", DAY),
    ("a draft that names a treaty", ["Norway: draft resolution", "Convention on Lamps"], "Convention on Lamps", ISSUED),
    ("letter of a part", [ADOPTED, "99/216. Lamps on coasts", "B"], "Lamps on coasts", DAY),
    ("draft", ["Norway: draft resolution", "Lamps on coasts"], "Lamps on coasts", ISSUED),
    ("line of adoption without its day", [ADOPTED[:43], ADOPTED[44:], "99/216. Lamps on coasts"], "Lamps on coasts", DAY),
    ("note mark", [ADOPTED, "99/216. Lamps on coasts¹"], "Lamps on coasts", DAY),
]  # fmt: skip


@pytest.mark.parametrize("case", LETTERHEADS, ids=[case[0] for case in LETTERHEADS])
def test_title_and_date_of_a_printed_resolution(
    case: tuple[str, list[str], str, dt.date], parsed: Callable[..., list[Document]]
) -> None:
    _, lines, title, date = case
    (document,) = parsed(letterhead("General Assembly", "A/99/L.2", *lines), name="/in/x.txt")
    assert (document.title, document.date, document.symbol) == (title, date, "A/99/L.2")
    assert bool(document.notes) is (date == ISSUED)
    assert (document.meeting, document.type) == ("", DocumentType.RESOLUTION)


@pytest.mark.parametrize("organ", UN_ORGANS, ids=[one.name for one in UN_ORGANS])
def test_the_organ_gives_the_symbol_that_is_not_printed(organ: Organ, parsed: Callable[..., list[Document]]) -> None:
    adopted = f"Resolution adopted by the {organ.name} on 14 December 2091"
    (document,) = parsed(
        f"{adopted}\n\n9/14. Lamps\n\nThe {organ.name},\n\nRecalling its lamps,\n\n{BODY}", name="/in/x.txt"
    )
    assert (document.symbol, document.body, document.title) == (organ.act("resolution", "9", "14"), organ.body, "Lamps")
    assert (document.date, document.type) == (DAY, DocumentType.RESOLUTION)


@pytest.mark.parametrize(
    "symbol", ["A/HRC/RES/97/11", "E/RES/2091/16", "A/C.1/99/L.2", "A/RES/99/250 B", "E/XYZ/2091/7"]
)
def test_a_printed_symbol_stays_whole(symbol: str, parsed: Callable[..., list[Document]]) -> None:
    text = letterhead(
        "Human Rights Council", symbol, "97/11. Lamps on coasts", "12th plenary meeting", "14 December 2091"
    )
    (document,) = parsed(text, name="/in/x.txt")
    assert (document.symbol, document.body) == (symbol, "UN")


def test_the_closing_lines_give_the_day(parsed: Callable[..., list[Document]]) -> None:
    text = letterhead("Human Rights Council", "A/HRC/RES/97/11", "97/11. Lamps on coasts")
    (document,) = parsed(f"{text}\n\n12th meeting\n\n14 December 2091", name="/in/x.txt")
    assert (document.date, document.notes) == (DAY, ())


def test_text_without_a_letterhead_keeps_its_headings(parsed: Callable[..., list[Document]]) -> None:
    lines = [
        "Ministerial Council",
        "DECISION No. 91/07",
        "LIGHTS",
        "The Ministerial Council,",
        "Recalling its lamps,",
        BODY,
    ]
    (document,) = parsed("\n\n".join(lines), name="/in/x.txt")
    assert document.title == "LIGHTS"


def test_a_decision_without_a_formula(parsed: Callable[..., list[Document]]) -> None:
    opening = "At its 42nd plenary meeting, on 14 December 2091, the General Assembly decided to count the lamps on all coasts."
    (document,) = parsed(
        f"United Nations\n\nDistr.: General\n\n27 December 2091\n\n99/546. Lamps on coasts\n\n{opening}\n\n{BODY}"
    )
    assert (document.title, document.date) == ("Lamps on coasts", DAY)


def test_the_header_of_the_security_council_gives_the_day(parsed: Callable[..., list[Document]]) -> None:
    text = f"United Nations\n\nS/PRST/2091/4\n\nSecurity Council\n\nDistr.: General\n\n14 December 2091\n\n{BODY}"
    (document,) = parsed(text, name="/in/x.txt")
    assert (document.date, document.notes) == (DAY, ())


def test_a_document_of_the_conference_has_the_last_day_of_its_meeting(parsed: Callable[..., list[Document]]) -> None:
    opening = "The representatives of the participating States of the CSCE, Malta and Norway, met in Ghent from 5 to 29 June 1990."
    (document,) = parsed(f"DOCUMENT OF THE GHENT MEETING ON LIGHTS\n\n{opening}\n\n{BODY}", name="/in/x.txt")
    assert (document.body, document.date) == ("CSCE", dt.date(1990, 6, 29))


@pytest.mark.parametrize("line", ["THE KEEPERS OF THE LAMPS:", "Board of Lamps LAMP/91/C/ 15"])
def test_those_who_speak_and_a_letterhead_are_no_title(line: str, parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(f"{line}\n\nRecalling its decisions on the lamps of the coast,\n\n{BODY}", name="/in/x.txt")
    assert document.title == ""


def test_a_treaty_in_the_letterhead_is_no_title(parsed: Callable[..., list[Document]]) -> None:
    lines = [
        "Board of Lamps",
        "Convention on the Lamps of the Coasts and their Keepers",
        "Distr.",
        "GENERAL",
        "14 December 2091",
    ]
    (document,) = parsed("\n\n".join([*lines, "Comment No. 4 on the keepers of the lamps", BODY]), name="/in/x.txt")
    assert (document.title, document.type) == ("Comment No. 4 on the keepers of the lamps", DocumentType.OTHER)


ACTS = "Recalling its decisions on lamps,\n\n1. Decides to count the lamps of the coast;\n\n2. Requests the guards to report."

# The first lines of a copy without the printed header, then symbol, title, body and year; empty where they do not say it.
COPIES = [
    ("DECISION No. 94/06\nCOUNTING THE LAMPS\n\nThe Ministerial Council,", "MC.DEC/94/06", "COUNTING THE LAMPS", "MC", 2006),
    ("DECISION No. 94/06\nCOUNTING THE LAMPS", "", "COUNTING THE LAMPS", "", None),
    ("MC(9).DEC/94: Counting the lamps\n\nThe Ministerial Council,", "MC(9).DEC/94", "Counting the lamps", "MC", 2001),
    ("MC(9).DEC/94\n\nCounting all the lamps\n\nBucharest, 4 December 2001", "MC(9).DEC/94", "Counting all the lamps", "MC", 2001),
    ("Permanent Council Decision No. 9940: Counting the lamps", "PC.DEC/9940", "Counting the lamps", "PC", None),
    ("Decisions of the Ministerial Council\n\nDecision No. 94/06 on Counting the Lamps", "", "Counting the Lamps", "", None),
    ("Follow-up to MC.DEC/93/05", "", "", "", None),
    ("RESOLUTION 7 (GHENT, 2087)\nSharing of oil\nThe Board of Lamps (Ghent, 2087),", "Resolution 7 (Ghent, 2087)", "Sharing of oil", "Board of Lamps", 2087),
    ("Board of Lamps LAMP/91/C/ 15\n\nDistr.: General\n\n9 May 2091\n\nGhent, 4–20 May 2091\n\nAgenda item 4\n\nDecision of the Board on the sharing of oil\n\nThe Board of Lamps,",
     "LAMP/91/C/15", "Decision of the Board on the sharing of oil", "Board of Lamps", 2091),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "facts"), [(first, facts) for first, *facts in COPIES])
def test_facts_of_a_copy(opening: str, facts: list[object], parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(f"{opening}\n\n{ACTS}", name="/in/MC.DEC_9_09.txt")
    assert [document.symbol, document.title, document.body, document.year] == facts
