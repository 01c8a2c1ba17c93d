# ruff: noqa: RUF001 - the texts hold dashes as they are printed
"""What a whole text is, and headings that are set like paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import DocumentType, Role
from osce_commitments.provisions import segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

    Make = Callable[..., Document]

_REPORT, _OTHER, _TREATY, _DECLARATION = (
    DocumentType.REPORT,
    DocumentType.OTHER,
    DocumentType.TREATY,
    DocumentType.DECLARATION,
)


@dataclass(frozen=True)
class Case:
    """Roles, numbers and lead-ins that a text must give."""

    phenomenon: str
    document: str
    expected: str
    type: DocumentType = DocumentType.DECISION


CASES = [
    Case(
        "a report in which States agree binds",
        "The meeting was opened by the Mayor.\n\nThe participating States will light bridges.\n\nThey agree to paint them.\n\n"
        "In towns, the participating States undertake to sleep.",
        "other | |; operative | |; operative | |; operative | |",
        _REPORT,
    ),
    Case(
        "a report of a workshop does not",
        "The workshop was opened by the Mayor.\n\nThey agreed to meet.\n\nStates should light bridges.\n\nGuards spoke.",
        "other | |; other | |; other | |; other | |",
        _REPORT,
    ),
    Case(
        "a text that its title calls a report",
        "@title TEAM REPORT\n\nStates should act.",
        "title | |; other | |",
        _OTHER,
    ),
    Case("a text with another title", "@title TEAM RULES\n\nStates should act.", "title | |; operative | |", _OTHER),
    Case(
        "a text in which somebody speaks", "I saw a bridge.\n\nStates should light it.", "other | |; other | |", _OTHER
    ),
    Case(
        "a text with a Roman numeral",
        "Annex I of the Code applies.\n\nStates should light it.",
        "operative | |; operative | |",
        _OTHER,
    ),
    Case(
        "an annex by its header",
        "@header Ghent 1993 Annex\n\n@title PLAN\n\nGuards shall wake.",
        "title | |; annex | |",
    ),
    Case(
        "no annex by a citation",
        "@header see the annex to it\n\n@title PLAN\n\nGuards shall wake.",
        "title | |; operative | |",
    ),
    Case(
        "numbered headings above paragraphs of their count",
        "1. Aims\n\n1.1 Guards wake.\n\n2. Means\n\n2.1 States will light:\n\n(a) bridges;\n\n(b) tunnels.",
        "operative | 1.1 |; operative | 2.1 (a) | States will light:; operative | 2.1 (b) | States will light:",
    ),
    Case(
        "numbered headings above a count that runs through",
        "1. Visits\n\n1. Guards wake.\n\n2. They walk.\n\n2. Findings\n\n3. Bridges are dark.",
        "operative | 1 |; operative | 2 |; operative | 3 |",
    ),
    Case("a numbered heading above text", "1. Aims\n\nGuards shall wake.", "operative | |"),
    Case(
        "names in a list are no headings",
        "States will light:\n\n1. Bridges\n\n2. Tunnels\n\nGuards shall wake.",
        "operative | 1 | States will light:; operative | 2 | States will light:; operative | |",
    ),
    Case(
        "acts that end in commas",
        "The Permanent Council,\n\nRecalling the Code,\n\nTasks the Board with lamps,\n\nNotes that guards sleep,\n\nUrges States to act.",
        "other | |; preamble | |; operative | |; operative | |; operative | |",
    ),
    Case(
        "a recital of an unknown participle behind another one",
        "The Assembly,\n\nRecalling the Code,\n\nLearning from guards that lamps burn,\n\n1. Urges States to act.",
        "other | |; preamble | |; preamble | |; operative | 1 |",
    ),
    Case(
        "a stem with two requests that wait for the items",
        "1. Invites States and urges their guards to:\n\n(a) sing;\n\n(b) sleep.",
        "operative | 1 (a) | Invites States and urges their guards to:; operative | 1 (b) | Invites States and urges their guards to:",
    ),
    Case(
        "a stem with a request that is whole",
        "1. Invites States to sing and urges their guards to:\n\n(a) wake.",
        "operative | 1 |; operative | 1 (a) | Invites States to sing and urges their guards to:",
    ),
    Case(
        "a stem that ends in a comma",
        "Aware of storms, they note with approval,\n\n– lamps on bridges;\n\n– lids of glass.",
        "operative | | Aware of storms, they note with approval,; operative | | Aware of storms, they note with approval,",
    ),
    Case(
        "who signs behind the testimonium",
        "Each Party shall wake.\n\nDone at Ghent on 5 May 2099.\n\nFor the Republic of Ruritania\n\nFor Borduria:",
        "operative | |; other | |; other | |; other | |",
        _TREATY,
    ),
    Case(
        "words of purpose elsewhere",
        "For the Republic, guards wake.\n\nFor Borduria they sleep.",
        "operative | |; operative | |",
        _TREATY,
    ),
    Case(
        "a stem before the first act of a declaration",
        "The Ministers:\n\n1. Note that storms come;\n\n2. Underline the need for lamps.",
        "operative | 1 | The Ministers:; operative | 2 | The Ministers:",
        _DECLARATION,
    ),
    Case(
        "articles that are numbered in their line",
        "Art. 1. Each Party shall wake.\n\nArt. 2. It shall sleep. It shall dream.",
        "operative | |; operative | |; operative | |",
        _TREATY,
    ),
    Case(
        "sentences behind items that begin small",
        "They undertake to\n\nlight bridges;\n\nwake guards;\n\nOil is dear. States will save it.",
        "operative | | They undertake to; operative | | They undertake to; operative | |; operative | |",
        _DECLARATION,
    ),
    Case(
        "an announced item that begins large",
        "They undertake to\n\nlight bridges;\n\nwake guards; and\n\nOSCE-wide, save oil. This includes lamps.",
        "operative | | They undertake to; operative | | They undertake to; operative | | They undertake to; operative | |",
        _DECLARATION,
    ),
    Case(
        "a list goes on behind a paragraph",
        "States will:\n\n(a) light bridges.\n\nThis includes oil.\n\n(b) wake guards.",
        "operative | (a) | States will:; operative | |; operative | (b) | States will:",
    ),
    Case(
        "another count does not",
        "States will:\n\n(a) light bridges.\n\nThis includes oil.\n\n(d) Guards wake.",
        "operative | (a) | States will:; operative | |; operative | (d) |",
    ),
    Case(
        "a stem whose items stand below headings",
        "States will:\n\n@heading2 On lamps\n\n(a) buy oil;\n\n@heading2 On guards\n\n(a) wake them;\n\nThey agree.",
        "operative | (a) | States will:; operative | (a) | States will:; operative | |",
    ),
    Case(
        "what begins large below a heading has no stem above it",
        "States will:\n\n@heading2 On lamps\n\n(a) Lamps burn.\n\n(b) Oil is dear.",
        "operative | |; operative | (a) |; operative | (b) |",
    ),
    Case(
        "recitals in a list with letters",
        "The Permanent Council,\n\nMindful of the following:\n\n(a) bridges are dark;\n\n(b) oil is dear,\n\n1. Decides to act.",
        "other | |; preamble | (a) | Mindful of the following:; preamble | (b) | Mindful of the following:; operative | 1 |",
    ),
    Case(
        "the bare verb of the body",
        "Decides\n\n1. To buy lamps;\n\n2. To wake guards.",
        "operative | 1 | Decides; operative | 2 | Decides",
    ),
    Case(
        "a new act in the count of the items",
        "The Board decides:\n\n1. To buy lamps.\n\n2. To wake guards.\n\n3. Requests States to act.",
        "operative | 1 | The Board decides:; operative | 2 | The Board decides:; operative | 3 |",
    ),
    Case(
        "acts that are the items",
        "The Board:\n\n1. Decides to act.\n\n2. Requests States to act.",
        "operative | 1 | The Board:; operative | 2 | The Board:",
    ),
    Case(
        "few words in which somebody acts above dashes",
        "We pledge lamps\n\n– on bridges;\n\n– in tunnels.",
        "operative | | We pledge lamps; operative | | We pledge lamps",
    ),
    Case(
        "a name above dashes",
        "Oil for lamps\n\n– States buy oil.\n\n– Guards burn it.",
        "operative | |; operative | |; operative | |",
    ),
    Case(
        "a stem whose first request has no verb yet",
        "Recommends that requesting States and instructs the Board to:\n\n(a) sing;\n\n(b) sleep.",
        "operative | (a) | Recommends that requesting States and instructs the Board to:; "
        "operative | (b) | Recommends that requesting States and instructs the Board to:",
    ),
    Case(
        "a stem whose first request is whole",
        "Recommends that States sing and instructs the Board to:\n\n(a) wake.",
        "operative | |; operative | (a) | Recommends that States sing and instructs the Board to:",
    ),
    Case(
        "a fact in which something was made is no story of a meeting",
        "Thieves use gates that were made for sheep.\n\nWe urge States to act.",
        "preamble | |; operative | |",
        _DECLARATION,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.phenomenon for case in CASES])
def test_provisions_of(case: Case, make_document: Make) -> None:
    provisions = segment(make_document(case.document, type=case.type))
    found = [f"{one.role} | {one.number} | {one.lead_in}" for one in provisions]
    wanted = [" | ".join(part.strip() for part in line.split("|")) for line in case.expected.split("; ")]
    assert found == wanted


@pytest.mark.parametrize(("symbol", "role"), [("SEC.GAL/9012/16", Role.OTHER), ("CIO.DEC/9012/16", Role.OPERATIVE)])
def test_what_the_secretariat_wrote_on_a_decision_is_no_decision(symbol: str, role: Role, make_document: Make) -> None:
    document = make_document(
        "Guards spoke.\n\nStates should act.", symbol=symbol, body="Secretariat", type=DocumentType.DECISION
    )
    assert {one.role for one in segment(document)} == {role}


def test_number_of_cases() -> None:
    assert len(CASES) == len({case.phenomenon for case in CASES}) == 36


def test_numbered_headings_are_the_context_of_what_stands_below(make_document: Make) -> None:
    marked = "@heading1 On bridges\n\n1. Aims\n\n1.1 Guards wake.\n\n2. Means\n\n2.1 Of light\n\n2.1.1 Lamps burn.\n\n@heading1 On tunnels\n\nThey sleep."
    assert [one.heading for one in segment(make_document(marked))] == [
        ("On bridges", "1. Aims"),
        ("On bridges", "2. Means", "2.1 Of light"),
        ("On tunnels",),
    ]
