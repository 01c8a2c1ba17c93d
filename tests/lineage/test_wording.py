"""What makes two provisions comparable: formula, dates, sessions and cited symbols do not count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from osce_commitments.lineage.changes import force_differs
from osce_commitments.lineage.wording import acts_of, title_words, wording


def row(text: str, **values: object) -> dict[str, Any]:
    found = {
        "id": "p1", "document": "d1", "index": 0, "role": "operative", "note_mark": "", "text": text, "tail": "", "strength_cue": None,
        "lead_in": "", "date": dt.date(2091, 12, 1), "year": 2091,
    } | values  # fmt: skip
    return found | {"reading": " ".join(part for part in (found["lead_in"], text, found["tail"]) if part)}


def words(text: str, **values: object) -> tuple[str, ...]:
    found = wording(row(text, **values))
    assert found
    return found.words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Also notes with appreciation the work of border guards;", "Recalls the work of border guards;"),
        ("States may train guards", "States are encouraged to train guards"),
        (
            "Calls upon States to share lists of lost passports.",
            "Further urges States to share lists of lost passports;",
        ),
        ("Requests a report at its seventy-sixth session;", "Requests a report at its eightieth session;"),
        ("Trains guards by 30 June 2092.", "Trains guards by 1 May 2095."),
        ("Trains guards since March 2092 and until May", "Trains guards since May 2095 and until July"),
        ("Implements MC.DEC/91/07 on passports.", "Implements MC.DEC/99/12 on passports."),
        ("As set out in paragraph 12 (a) of the plan", "As set out in paragraphs 3 and 4 of the plan"),
        ("Supports co-operation of the Organisation", "Supports cooperation of the organization"),
        ("Recalls the training of guards,¹² where needed", "Recalls the training of guards, where needed"),
        ("The Chairperson-in-Office trains guards", "The Chairmanship trains guards"),
        ("Trains guards of neighbouring States.", "Trains guards of neighboring States."),
        ("Supports the Conferences of the States Parties", "Supports the Conference of the State Party"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Calls upon States to share lists of lost passports.", "Calls upon States to share lists of lost weapons."),
        ("Notes the training of guards;", "Notes the training of judges;"),
        ("Supports the Conferences of the States Parties", "Supports the Conferences of the States Lawyers"),
    ],
)
def test_the_matter_counts(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Approves 12,500 dollars for 2092 and 2093.", ("12,500",)),
        ("Supports the 2090 Agenda for three missions.", ("three",)),
        ("Approves 20,910 dollars in its twenty-first session.", ("20,910",)),
        ("Recalls its resolutions 977/298 and 978/301 and decision 999/12.", ()),
        ("Recalls the 298 cases of resolution 977/301.", ("298",)),
    ],
)
def test_amounts_are_no_years_and_no_ordinals(text: str, expected: tuple[str, ...]) -> None:
    found = wording(row(text))
    assert found
    assert found.numbers == expected


@pytest.mark.parametrize(
    ("text", "asks", "notes"),
    [
        ("Requests the Secretariat to hold a seminar on passports;", True, False),
        ("Notes with appreciation the seminar that the Secretariat held on passports;", False, True),
        ("Welcomes the seminar on passports and requests the Secretariat to hold another one;", False, False),
        ("Reiterates its request to the Secretariat to hold a seminar on passports;", True, False),
        ("Stresses the need for seminars on passports;", False, False),
    ],
)
def test_what_asks_and_what_notes(text: str, *, asks: bool, notes: bool) -> None:
    found = wording(row(text))
    assert found
    assert (found.asks, found.notes) == (asks, notes)


def test_a_name_in_capitals_is_one_word() -> None:
    found = words("Invites the Food and Agriculture Organization of the United Nations to train fishers.")
    assert [word for word in found if "_" in word] == ["food_agricultur_organization_unit_nation"]


@pytest.mark.parametrize(
    ("title", "count"),
    [("Our promise to keep all ports open to every ship in need", 1), ("Our open ports and quays", 3)],
)
def test_a_long_title_in_quotation_marks_is_one_word(title: str, count: int) -> None:
    found = wording(row(f"Recalls the declaration “{title}”."))
    assert found
    assert len(found.words) == 1 + count


@pytest.mark.parametrize("role", ["title", "other", "attachment"])
def test_what_is_not_compared(role: str) -> None:
    assert wording(row("Trains guards.", role=role)) is None


def test_without_a_year_or_in_a_note_nothing_is_compared() -> None:
    assert wording(row("Trains guards.", date=None, year=None)) is None
    assert wording(row("Trains guards.", note_mark="1")) is None
    found = wording(row("Trains guards.", date=None))
    assert found
    assert found.days == (dt.date(2091, 1, 1), dt.date(2091, 12, 31))


@pytest.mark.parametrize(
    ("text", "is_procedure"),
    [
        ("Decides to remain seized of the matter.", True),
        ("Requests the Secretary-General to report at its next session on the subject.", True),
        ("Requests the Secretary-General to report on lost passports and on the training of guards each year.", False),
    ],
)
def test_procedure(text: str, *, is_procedure: bool) -> None:
    found = wording(row(text))
    assert found
    assert bool(found.procedure) is is_procedure


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (
            "Encourages States to share lists of lost passports",
            "Requests States to share lists of lost passports",
            True,
        ),
        ("Decides to train guards at sea", "Recalls its decision to train guards at sea", True),
        ("Decides that guards shall not leave the sea", "Reaffirms that guards shall not leave the sea", False),
        ("Stresses that guards should leave the sea", "Reaffirms that guards should leave the sea", False),
        ("Requests States to train guards at sea", "Reaffirms that States train guards at sea", True),
        ("Calls upon States to train guards at sea", "Reiterates its call upon States to train guards at sea", False),
        (
            "Calls upon States to train guards at sea",
            "Reiterates its invitation to States to train guards at sea",
            True,
        ),
        ("Decides to train guards at sea", "Notes the decision; encourages States to train guards at sea", True),
        ("Welcomes the training of guards", "Recalls the training of guards", False),
        ("Calls on States to train guards", "Calls upon States to train guards", False),
        ("Affirms the training of guards", "Reaffirms the training of guards", False),
        ("Notes the training of guards", "Notes the training of guards, and urges States to seize weapons", False),
        ("States should train guards", "States shall train guards", True),
        ("States may train guards", "States are encouraged to train guards", True),
        ("The Committee, encouraged by results, trains guards", "The Committee trains guards", False),
        ("Notes that States should train guards", "Notes the plan, and that States shall train guards", False),
        ("A task force trains guards", "Tasks the Secretariat to seize weapons", False),
    ],
)
def test_force(one: str, other: str, *, differs: bool) -> None:
    assert force_differs(acts_of(one), acts_of(other)) is differs


def test_titles_without_dates_and_numbers() -> None:
    one = title_words("Decision No. 5/91 of 3 December 2091 on combating trafficking in persons")
    assert one == title_words("Decision No. 7/94 of 1 December 2094 on combating trafficking in persons")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Keeps records for at least thirty years and meets twice a year", ("thirty", "twice")),
        ("Grants 2.5 million euros by 30 June 2092", ("2.5", "million")),
        ("Recalls its twenty-first session and paragraphs 3 and 4 of the plan", ()),
    ],
)
def test_amounts(text: str, numbers: tuple[str, ...]) -> None:
    found = wording(row(text))
    assert found
    assert found.numbers == tuple(sorted(numbers))


def test_symbols_that_a_provision_cites() -> None:
    found = wording(row("As MC.DEC/9/92 asks, trains guards on 1 May 2092."))
    assert found
    assert found.cited == {"mc.dec/9/92"}
