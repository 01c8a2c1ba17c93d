# ruff: noqa: RUF001 - the texts hold dashes as they are printed
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import DocumentType
from osce_commitments.provisions import segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Provision

    Make = Callable[..., Document]


def _lines(provisions: list[Provision]) -> list[str]:
    return [f"{one.role} {one.number}: {' '.join(one.text.split())}" for one in provisions]


OPENINGS = [
    (
        "recitals in whole sentences before the first act",
        DocumentType.DECLARATION,
        (
            "We, the members of the Council, have met in Ghent. We are deeply concerned by storms.\n\n"
            "The Bridge Charter remains our guide.\n\nWe recognize that lamps are dear.\n\nWe pledge to buy lamps.\n\nWe recall the Charter."
        ),
        [
            "preamble : We, the members of the Council, have met in Ghent.",
            "preamble : We are deeply concerned by storms.",
            "preamble : The Bridge Charter remains our guide.",
            "preamble : We recognize that lamps are dear.",
            "operative : We pledge to buy lamps.",
            "operative : We recall the Charter.",
        ],
    ),
    (
        "numbered ones",
        DocumentType.COMMUNIQUE,
        "1. We, the Ministers, met in Ghent. We thank our hosts.\n\n2. Storms break bridges.\n\n3. We will mend them.",
        [
            "preamble 1: We, the Ministers, met in Ghent.",
            "preamble 1: We thank our hosts.",
            "preamble 2: Storms break bridges.",
            "operative 3: We will mend them.",
        ],
    ),
    (
        "an act behind words of concern",
        DocumentType.DECLARATION,
        "We are alarmed by storms and call upon States to act.\n\nWe recall the Charter.",
        ["operative : We are alarmed by storms and call upon States to act.", "operative : We recall the Charter."],
    ),
    (
        "the story of a meeting",
        DocumentType.CHARTER,
        (
            "Ghent, 5 May 1992\n\nThe representatives of the participating States met in Ghent. Contributions were made by "
            "guards.\n\nThe participating States recall the Charter.\n\nThe participating States will act."
        ),
        [
            "other : Ghent, 5 May 1992",
            "other : The representatives of the participating States met in Ghent.",
            "other : Contributions were made by guards.",
            "preamble : The participating States recall the Charter.",
            "operative : The participating States will act.",
        ],
    ),
    (
        "a text before the body acts",
        DocumentType.DECISION,
        (
            "The participating States opened a path with their first decision.\n\nThe Permanent Council, true to its rules, "
            "adopts the measures."
        ),
        [
            "preamble : The participating States opened a path with their first decision.",
            "operative : The Permanent Council, true to its rules, adopts the measures.",
        ],
    ),
    (
        "a recital inside the sentence of a formula",
        DocumentType.OTHER,
        "The participating States, mindful of the Bridge Charter, have adopted the following:\n\n1. States will act.",
        [
            "preamble : The participating States, mindful of the Bridge Charter, have adopted the following:",
            "operative 1: States will act.",
        ],
    ),
    (
        "facts of a plan are no recitals",
        DocumentType.ACTION_PLAN,
        "1. Storms break bridges.\n\n2. States will act.",
        ["operative 1: Storms break bridges.", "operative 2: States will act."],
    ),
    (
        "lettered recitals of unknown words before the verb of the body",
        DocumentType.DECISION,
        (
            "The Board of Bridges,\n\n(a) In furtherance of its aims;\n\n(b) Alive to the dark;\n\n(c) On the proposal of "
            "the keepers;\n\nHas decided as follows:\n\n1. States will act."
        ),
        [
            "other : The Board of Bridges,",
            "preamble (a): In furtherance of its aims;",
            "preamble (b): Alive to the dark;",
            "preamble (c): On the proposal of the keepers;",
            "other : Has decided as follows:",
            "operative 1: States will act.",
        ],
    ),
    (
        "reasons below whereas",
        DocumentType.DECISION,
        "The Permanent Council,\n\nWhereas:\n\n(1) Bridges are dark.\n\nDecides:\n\n1. States will act.",
        ["other : The Permanent Council,", "preamble (1): Bridges are dark.", "operative 1: States will act."],
    ),
    (
        "recitals in capitals",
        DocumentType.DECISION,
        "THE PERMANENT COUNCIL,\n\nCONSIDERING that bridges are dark,\n\nHEREBY DECIDES AS FOLLOWS:\n\nStates will act.",
        [
            "other : THE PERMANENT COUNCIL,",
            "preamble : CONSIDERING that bridges are dark,",
            "other : HEREBY DECIDES AS FOLLOWS:",
            "operative : States will act.",
        ],
    ),
    (
        "recitals before a parliament names itself",
        DocumentType.RESOLUTION,
        "1. Alive to the dark,\n\n2. Not forgetting keepers,\n\nThe OSCE Parliamentary Assembly:\n\n3. Calls on States to act;",
        [
            "preamble 1: Alive to the dark,",
            "preamble 2: Not forgetting keepers,",
            "other : The OSCE Parliamentary Assembly:",
            "operative 3: Calls on States to act;",
        ],
    ),
    (
        "recitals in lower case",
        DocumentType.STATEMENT,
        "The Ministers of the participating States,\n\n– in the spirit of Ghent,\n\nstate the following:\n\n1. States will act.",
        [
            "other : The Ministers of the participating States,",
            "preamble : in the spirit of Ghent,",
            "other : state the following:",
            "operative 1: States will act.",
        ],
    ),
    (
        "acts with letters right behind the name of the body",
        DocumentType.DECISION,
        "The Permanent Council,\n\n1. Calls on States to act;\n\n2. In order to help, lends lamps;",
        [
            "other : The Permanent Council,",
            "operative 1: Calls on States to act;",
            "operative 2: In order to help, lends lamps;",
        ],
    ),
    (
        "a colon behind the name of those who speak",
        DocumentType.DECLARATION,
        "We, the Ministers of the Coast:\n\nDismayed by the dark;\n\nHereby declare that:\n\n1. Bridges will be lit.",
        [
            "other : We, the Ministers of the Coast:",
            "preamble : Dismayed by the dark;",
            "operative 1: Bridges will be lit.",
        ],
    ),
    (
        "where States stand",
        DocumentType.DECLARATION,
        "We, the participating States, are at a turning point.\n\nStorms break bridges.\n\nWe stand ready to act.",
        [
            "preamble : We, the participating States, are at a turning point.",
            "preamble : Storms break bridges.",
            "operative : We stand ready to act.",
        ],
    ),
    (
        "the act of a body in its own name ends the opening of a communique",
        DocumentType.COMMUNIQUE,
        (
            "1. Storms break bridges.\n\n2. The Council of the Coast agrees that lamps will burn.\n\n"
            "3. Storms come by night.\n\n4. States will act."
        ),
        [
            "preamble 1: Storms break bridges.",
            "operative 2: The Council of the Coast agrees that lamps will burn.",
            "operative 3: Storms come by night.",
            "operative 4: States will act.",
        ],
    ),
    (
        "what a body did, or a text does, does not",
        DocumentType.COMMUNIQUE,
        "The Council of Bridges met in Ghent.\n\nThe Charter adopts the tone of guards.\n\nStates will act.",
        [
            "preamble : The Council of Bridges met in Ghent.",
            "preamble : The Charter adopts the tone of guards.",
            "operative : States will act.",
        ],
    ),
    (
        "a body welcomes before it acts",
        DocumentType.DECLARATION,
        "The Board of Bridges welcomes the lamps.\n\nThe Board decides to buy oil.",
        [
            "operative : The Board of Bridges welcomes the lamps.",
            "operative : The Board decides to buy oil.",
        ],
    ),
    (
        "a body welcomes before recitals",
        DocumentType.DECLARATION,
        "The Board of Bridges welcomes the lamps.\n\nWe recall the Charter.\n\nThe Board welcomes oil and asks for more.",
        [
            "preamble : The Board of Bridges welcomes the lamps.",
            "preamble : We recall the Charter.",
            "operative : The Board welcomes oil and asks for more.",
        ],
    ),
    (
        "the subject of the acts behind the recitals",
        DocumentType.DECLARATION,
        "Recalling the storms, we, the keepers of lamps,\n\n1. Agree to act.\n\n2. Will sleep by day.",
        [
            "preamble : Recalling the storms,",
            "other : we, the keepers of lamps,",
            "operative 1: Agree to act.",
            "operative 2: Will sleep by day.",
        ],
    ),
    (
        "a formula that concludes the text",
        DocumentType.TREATY,
        "The Parties to this Treaty,\n\nRecalling storms,\n\nHave decided to conclude this Treaty:\n\nEach Party shall act.",
        [
            "other : The Parties to this Treaty,",
            "preamble : Recalling storms,",
            "other : Have decided to conclude this Treaty:",
            "operative : Each Party shall act.",
        ],
    ),
    (
        "a line of the header above the title",
        DocumentType.DECISION,
        "of Guards and Keepers\n\n@title ON LAMPS\n\nBurning oil at night\n\nStates will act.",
        [
            "other : of Guards and Keepers",
            "title : ON LAMPS",
            "operative : Burning oil at night",
            "operative : States will act.",
        ],
    ),
    (
        "a reservation without a marker",
        DocumentType.DECISION,
        "The Permanent Council,\n\nDecides to act.\n\n@heading RESERVATION BY BORDURIA\n\n“Borduria will not lend lamps.”",
        [
            "other : The Permanent Council,",
            "operative : Decides to act.",
            "title : RESERVATION BY BORDURIA",
            "attachment : “Borduria will not lend lamps.”",
        ],
    ),
]


@pytest.mark.parametrize(("name", "kind", "text", "expected"), OPENINGS, ids=[case[0] for case in OPENINGS])
def test_openings(name: str, kind: DocumentType, text: str, expected: list[str], make_document: Make) -> None:
    assert _lines(segment(make_document(text, type=kind))) == expected, name


ROW = "@table1 {}\n\n@table2 {}\n\n@table3 {}\n\n"


def test_the_act_of_a_row_has_its_number(make_document: Make) -> None:
    text = (
        "States agree.\n\n"
        + ROW.format("No.", "Measure", "Who")
        + ROW.format("1.1", "Guard bridges. Watch the lamps.", "the guards of bridges and of tunnels")
        + ROW.format("1.2", "Report", "2099")
        + "States will meet."
    )
    assert _lines(segment(make_document(text))) == [
        "operative : States agree.",
        "other : No.",
        "other : Measure",
        "other : Who",
        "operative 1.1: Guard bridges. Watch the lamps.",
        "other : the guards of bridges and of tunnels",
        "operative 1.2: Report",
        "other : 2099",
        "operative : States will meet.",
    ]


def test_the_head_of_a_table_may_have_a_long_name_beside_the_acts(make_document: Make) -> None:
    text = ROW.format("No.", "Measure", "By when and by whom") + ROW.format(
        "1", "Guards shall watch all bridges.", "Guards, 2099"
    )
    assert _lines(segment(make_document(text))) == [
        "other : No.",
        "other : Measure",
        "other : By when and by whom",
        "operative 1: Guards shall watch all bridges.",
        "other : Guards, 2099",
    ]


def test_without_a_named_column_the_longest_one_acts(make_document: Make) -> None:
    text = ROW.format("Guards", "Guards shall watch all bridges by night.", "5") + ROW.format("States", "Pay.", "6")
    assert _lines(segment(make_document(text))) == [
        "other : Guards",
        "operative : Guards shall watch all bridges by night.",
        "other : 5",
        "other : States",
        "operative : Pay.",
        "other : 6",
    ]


def test_a_table_of_one_cell_only_frames_its_text(make_document: Make) -> None:
    found = _lines(segment(make_document("@table1 Guards shall watch the bridges. They shall report.\n\n@table1 Map")))
    assert found == ["operative : Guards shall watch the bridges.", "operative : They shall report.", "other : Map"]


def test_an_adopted_text_is_an_annex_without_the_word(make_document: Make) -> None:
    decision = "Decides to adopt the Action Plan below.\n\n{}\n\n@heading2 Part 1: Guards\n\nGuards shall act."
    for name, role in (("@heading3 Action Plan", "annex"), ("Action Plan", "annex"), ("@heading2 Lamps", "operative")):
        assert (
            _lines(segment(make_document(decision.format(name), type=DocumentType.DECISION)))[-1]
            == f"{role} : Guards shall act."
        ), name


@pytest.mark.parametrize(
    ("kind", "role"),
    [(DocumentType.DECISION, "annex"), (DocumentType.RESOLUTION, "annex"), (DocumentType.DECLARATION, "operative")],
)
def test_resolutions_adopt_texts_too(make_document: Make, kind: DocumentType, role: str) -> None:
    text = "Adopts the Declaration on Lamps, annexed hereto.\n\n@heading3 Declaration on Lamps\n\n1. We commit to light bridges."
    assert _lines(segment(make_document(text, type=kind)))[-1] == f"{role} 1: We commit to light bridges."


def test_titles_of_attachments_stand_in_the_path_too(make_document: Make) -> None:
    text = "States agree.\n\n@heading1 Attachment 1\n\n@heading2 RESERVATION\n\n@heading2 I. Lamps\n\nWe differ."
    provisions = segment(make_document(text))
    assert _lines(provisions) == ["operative : States agree.", "title : RESERVATION", "attachment : We differ."]
    assert provisions[-1].heading == ("Attachment 1 – RESERVATION", "I. Lamps")


def test_entries_of_a_journal(make_document: Make) -> None:
    text = (
        "1. Date: 5 May 1992\n\nOpened: 10 a.m.\n\n@heading3 Agenda item 1: LAMPS\n\nThe Chair spoke. Ruritania thanked her.\n\n"
        "@heading3 Agenda item 2: OTHER BUSINESS\n\n(a) Storms: Ruritania\n\n@contents On lamps . . . . . 12"
    )
    assert _lines(segment(make_document(text, type=DocumentType.JOURNAL))) == [
        "other 1: Date: 5 May 1992",
        "other 1: Opened: 10 a.m.",
        "other : Agenda item 1: LAMPS",
        "other : The Chair spoke.",
        "other : Ruritania thanked her.",
        "other : Agenda item 2: OTHER BUSINESS",
        "other (a): Storms: Ruritania",
        "other : On lamps",
    ]


def test_titles_of_statements_annexed_to_a_journal(make_document: Make) -> None:
    text = (
        "1. Date: 5 May 1992\n\n@heading1 Annex 1\n\n@heading2 STATEMENT BY\n\n@heading2 THE KEEPERS\n\nMadam Chair,\n\n"
        "We thank you.\n\n@heading1 Annex 2\n\nThe Chair spoke."
    )
    assert [
        line for line in _lines(segment(make_document(text, type=DocumentType.JOURNAL))) if "Annex" not in line
    ] == [
        "other 1: Date: 5 May 1992",
        "title : STATEMENT BY THE KEEPERS",
        "other : Madam Chair,",
        "other : We thank you.",
        "other : The Chair spoke.",
    ]


def test_what_a_delegation_prints_below_its_title(make_document: Make) -> None:
    text = "@title STATEMENT BY THE DELEGATION OF RURITANIA\n\n@title In reply to the guards\n\nThank you."
    kind = DocumentType.DELEGATION_STATEMENT
    assert _lines(segment(make_document(text, type=kind))) == [
        "title : STATEMENT BY THE DELEGATION OF RURITANIA",
        "other : In reply to the guards",
        "other : Thank you.",
    ]


def test_a_tail_and_a_new_sentence_in_lower_case(make_document: Make) -> None:
    text = "1. States will:\n\n(a) act;\n\n(b) report{}\n\nin conformity with their laws.\n\n2. States agree."
    assert len(segment(make_document(text.format(";")))) == 3
    assert len(segment(make_document(text.format(".")))) == 4


def test_closing_formulas_are_parted(make_document: Make) -> None:
    text = "Each Party shall act.\n\n@signature IN WITNESS WHEREOF the guards have signed. DONE at Ghent on 5 May 1992."
    assert len(segment(make_document(text, type=DocumentType.TREATY))) == 3


def test_a_decision_goes_on_behind_items_without_labels(make_document: Make) -> None:
    text = "Decides to:\n\nguard bridges;\n\nlight lamps;\n\nCalls upon States to:\n\nsend oil;\n\nsend guards."
    assert [one.lead_in for one in segment(make_document(text))] == ["Decides to:"] * 2 + ["Calls upon States to:"] * 2


def test_a_title_of_two_lines_and_a_number_in_brackets(make_document: Make) -> None:
    text = "@heading1 Annex\n\n@heading2 PLAN FOR LAMPS\n\n@heading2 AND BRIDGES\n\n(2) They agree that:\n\n(2.1) lamps shall burn."
    assert _lines(segment(make_document(text))) == [
        "title : PLAN FOR LAMPS AND BRIDGES",
        "annex (2.1): lamps shall burn.",
    ]


def test_recitals_begin_anew_below_a_heading(make_document: Make) -> None:
    text = (
        "@heading CHAPTER I\n\n1. Recalling the Charter,\n\nThe OSCE Parliamentary Assembly:\n\n2. Urges States to act;\n\n"
        "@heading CHAPTER II\n\n3. Aware that oil is rare,\n\n4. Mindful of storms,\n\n5. Asks States to save oil.\n\n"
        "@heading MEASURES\n\n6. Lighting lamps,\n\n7. Sharing oil."
    )
    roles = [one.role for one in segment(make_document(text, type=DocumentType.DECLARATION)) if one.number]
    assert roles == ["preamble", "operative", "preamble", "preamble", "operative", "operative", "operative"]


def test_an_interpretative_statement_is_an_attachment_as_a_document_of_its_own(make_document: Make) -> None:
    text = (
        "@title STATEMENT BY THE DELEGATION OF NORWAY\n\nIn connection with Decision No. 9012, I make the following interpretative "
        "statement:\n\nNorway will light no lamps."
    )
    found = segment(make_document(text, type=DocumentType.DELEGATION_STATEMENT, body="PC"))
    assert [one.role for one in found] == ["title", "attachment", "attachment"]
    assert {(one.delegation, one.about) for one in found} == {(("Norway",), "PC.DEC/9012")}


def test_any_other_statement_of_a_delegation_is_not(make_document: Make) -> None:
    text = "@title STATEMENT BY THE DELEGATION OF NORWAY\n\nNorway thanks the Chairmanship."
    (_, thanks) = segment(make_document(text, type=DocumentType.DELEGATION_STATEMENT))
    assert thanks.role == "other"


def test_a_heading_in_several_lines_is_one(make_document: Make) -> None:
    lines = ("THE LAMPS", "OF THE OSCE AND", "ITS PARTNERS")
    text = "\n\n".join(
        [*(f"@heading2 {line}" for line in lines), "1. States will act.", "@heading2 OIL", "2. They will report."]
    )
    found = [one.heading for one in segment(make_document(text))]
    assert found == [("THE LAMPS OF THE OSCE AND ITS PARTNERS",), ("OIL",)]


def test_whatever_stands_among_the_recitals_of_a_parliament_recites(make_document: Make) -> None:
    text = (
        "1. Recalling the Charter,\n\n2. Given that oil is dear,\n\n3. Lamps are rare.\n\n4. Deploring storms,\n\n"
        "The OSCE Parliamentary Assembly:\n\n5. Urges States to act."
    )
    found = [f"{one.role}" for one in segment(make_document(text, type=DocumentType.RESOLUTION)) if one.number]
    assert found == ["preamble"] * 4 + ["operative"]
