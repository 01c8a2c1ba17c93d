"""Tails, footnotes and the voices of attachments: what a provision says of its place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.labels import Role
from osce_commitments.provisions import segment
from osce_commitments.provisions.segment import read_mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Provision

    Make = Callable[..., Document]

FACTS: dict[str, Any] = {"symbol": "PC.DEC/9012", "body": "PC", "date": dt.date(2099, 5, 5)}


def by_text(provisions: list[Provision], words: str) -> Provision:
    return next(one for one in provisions if words in one.text)


def test_a_tail_ends_the_sentence_of_every_item(make_document: Make) -> None:
    document = make_document(
        "States will:\n\n(a) light bridges;\n\n(b) paint tunnels,\n\nwhere appropriate.\n\nThey will report."
    )
    first, second, report = segment(document)
    assert (first.tail, second.tail, report.tail) == ("where appropriate.", "where appropriate.", "")
    assert [document.text[a:b] for a, b in first.tail_spans] == ["where appropriate."]
    assert first.reading == "States will: light bridges where appropriate."
    assert second.reading == "States will: paint tunnels where appropriate."
    assert report.reading == report.text


def test_a_tail_further_out_closes_the_outer_list(make_document: Make) -> None:
    marked = "1. States will:\n\n    (a) light:\n\n        (i) bridges;\n\n        (ii) tunnels,\n\nas they see fit."
    assert [(one.number, one.tail) for one in segment(make_document(marked))] == [
        ("1 (a) (i)", "as they see fit."),
        ("1 (a) (ii)", "as they see fit."),
    ]


def test_no_tail_follows_a_finished_item(make_document: Make) -> None:
    marked = "States will:\n\n(a) light bridges;\n\n(b) paint tunnels.\n\nThe Board will report."
    assert [one.tail for one in segment(make_document(marked))] == ["", "", ""]


MARKS = [
    ("1 See the map.", ("1", 2)),
    ("[2] See the map.", ("2", 4)),
    ("¹² See the map.", ("12", 3)),
    ("* See the map.", ("*", 2)),
    ("(3) See the map.", ("3", 4)),
    ("See the map.", ("", 0)),
    ("1990 was a year.", ("", 0)),
    ("4/ See the map.", ("4", 3)),
]


@pytest.mark.parametrize(("written", "mark"), MARKS)
def test_mark_of_a_footnote(written: str, mark: tuple[str, int]) -> None:
    assert read_mark(written) == mark


NOTES = [
    ("raised", "Guards light bridges¹ by day.\n\nThey sleep.\n\n@footnote ¹ Of stone.", "Guards light"),
    ("in brackets", "Guards light bridges[1] by day.\n\nThey sleep.\n\n@footnote [1] Of stone.", "Guards light"),
    ("with a stroke", "Guards light bridges 1/ by day.\n\nThey sleep.\n\n@footnote 1/ Of stone.", "Guards light"),
    ("no part of a number", "Room 2/1 sleeps.\n\nLamps[1] burn.\n\n@footnote [1] Of stone.", "Lamps"),
    ("glued", "Guards light bridges1 by day.\n\nThey sleep.\n\n@footnote 1 Of stone.", "Guards light"),
    ("a star", "Guards sleep.\n\nThey light bridges* by day.\n\n@footnote * Of stone.", "They light"),
    ("in a stem", "States will, on bridges¹:\n\n(a) sing;\n\n(b) sleep.\n\n@footnote ¹ Of stone.", "sing;"),
    ("in a tail", "States will:\n\n(a) sing;\n\n(b) sleep,\n\non bridges.¹\n\n@footnote ¹ Of stone.", "sing;"),
    (
        "the last before it",
        "One lamp¹ burns.\n\n@footnote ¹ Of tin.\n\nTwo lamps¹ burn.\n\n@footnote ¹ Of stone.",
        "Two lamps",
    ),
]


@pytest.mark.parametrize(("marked", "holder"), [case[1:] for case in NOTES], ids=[case[0] for case in NOTES])
def test_a_footnote_knows_where_its_mark_stands(marked: str, holder: str, make_document: Make) -> None:
    provisions = segment(make_document(marked))
    note = by_text(provisions, "Of stone.")
    assert (note.text, note.role, note.number) == ("Of stone.", Role.OTHER, "")
    assert note.note_mark in {"1", "*"}
    assert note.note_of == by_text(provisions, holder).id


def test_a_footnote_without_a_mark_in_the_text_points_nowhere(make_document: Make) -> None:
    provisions = segment(make_document("In 2011 guards slept.\n\n@footnote 1 Of stone."))
    assert [(one.note_mark, one.note_of) for one in provisions] == [("", ""), ("1", "")]


DECISION = "1. Guards shall wake.\n\nAttachment 1 to PC.DEC/9012\n\n"
VOICES = [
    ("by the delegation", "By the delegation of Belarus:\n\n“We accept.”", ("Belarus",)),
    (
        "also on behalf",
        "By the delegation of Belarus (also on behalf of Kazakhstan):\n\n“We accept.”",
        ("Belarus", "Kazakhstan"),
    ),
    (
        "a presidency",
        "The delegation of Germany, on behalf of the European Union, made the following statement:\n\n“We accept.”",
        ("Germany", "European Union"),
    ),
    (
        "a title",
        "STATEMENT BY THE DELEGATIONS OF CANADA, ICELAND AND NORWAY\n\nWe accept.",
        ("Canada", "Iceland", "Norway"),
    ),
    ("an organization", "Statement by the European Union\n\nWe accept.", ("European Union",)),
    ("the first sentence", "The delegation of Georgia insists on lamps.\n\nWe accept.", ("Georgia",)),
    ("the subject", "“The Republic of Azerbaijan joins the consensus.”", ("Azerbaijan",)),
    ("behind an opening", "In connection with the decision just adopted, Armenia states that we accept.", ("Armenia",)),
    ("a name that no list holds", "By the delegation of Ruritania:\n\n“We accept.”", ("Ruritania",)),
    ("nobody named", "We accept, but in the case of Austria we doubt.", ()),
]


@pytest.mark.parametrize(("marked", "delegation"), [case[1:] for case in VOICES], ids=[case[0] for case in VOICES])
def test_who_speaks_in_an_attachment(marked: str, delegation: tuple[str, ...], make_document: Make) -> None:
    provisions = segment(make_document(DECISION + marked, **FACTS))
    assert (provisions[0].delegation, provisions[0].about) == ((), "")
    last = provisions[-1]
    assert (last.role, last.delegation, last.about) == (Role.ATTACHMENT, delegation, "PC.DEC/9012")


ABOUT = [
    ("its symbol", "With regard to MC.DEC/91/07, we accept.", "MC.DEC/91/07"),
    ("its number", "In connection with Decision No. 9013, we accept.", "PC.DEC/9013"),
    ("its body", "Following the adoption of Ministerial Council Decision No. 91/07, we accept.", "MC.DEC/91/07"),
    ("nothing", "We accept the bridges of Decision 12 guards.", "PC.DEC/9012"),
]


@pytest.mark.parametrize(("words", "symbol"), [case[1:] for case in ABOUT], ids=[case[0] for case in ABOUT])
def test_which_decision_an_attachment_speaks_of(words: str, symbol: str, make_document: Make) -> None:
    marked = f"1. Guards shall wake.\n\nINTERPRETATIVE STATEMENT\n\nBy the delegation of Belarus:\n\n“{words}”"
    assert segment(make_document(marked, **FACTS))[-1].about == symbol


def test_every_speaker_has_an_attachment_of_his_own(make_document: Make) -> None:
    marked = "1. Act.\n\nInterpretative statements\n\nBy the delegation of Belarus:\n\n“We accept.”\n\nBy the delegation of Canada:\n\n“We do not.”"
    found = [(one.text, one.delegation) for one in segment(make_document(marked, **FACTS)) if one.text.startswith("“")]
    assert found == [("“We accept.”", ("Belarus",)), ("“We do not.”", ("Canada",))]


def test_an_attachment_in_which_nobody_speaks_is_an_annex(make_document: Make) -> None:
    marked = "1. Guards shall wear hats.\n\nAttachment\n\nLIST OF HATS\n\n1. Felt hats;\n\n2. Straw hats."
    found = [(one.role, one.about) for one in segment(make_document(marked, **FACTS))]
    assert found == [(Role.OPERATIVE, ""), (Role.TITLE, ""), (Role.ANNEX, ""), (Role.ANNEX, "")]


def test_number_of_cases() -> None:
    assert (len(MARKS), len(NOTES), len(VOICES), len(ABOUT)) == (8, 9, 10, 4)


def test_a_paragraph_counts_its_provisions_and_those_that_continue_it(make_document: Make) -> None:
    document = make_document(
        "1. States will light lamps. They will report.\n\nThey will repair bridges.\n\n"
        "2. States will:\n\n- rest;\n\n(a) sing. They will dance.\n\n3. The Council meets.\n\nIt will also rest."
    )
    first, second, third, rest, sing, dance, meets, apart = segment(document)
    assert {first.paragraph_id} == {second.paragraph_id, third.paragraph_id}
    assert [(one.sentence, one.sentences) for one in (first, second, third)] == [(1, 3), (2, 3), (3, 3)]
    assert [(one.number, one.sentence, one.sentences) for one in (rest, sing, dance)] == [
        ("2", 1, 1),
        ("2 (a)", 1, 2),
        ("2 (a)", 2, 2),
    ]
    # Nothing says that words after the last number continue its paragraph.
    assert len({one.paragraph_id for one in (first, rest, sing, meets, apart)}) == 5
    assert (apart.number, apart.sentences) == ("", 1)
