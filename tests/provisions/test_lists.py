# ruff: noqa: RUF001 - the texts hold dashes as they are printed
"""Lists outside operative paragraphs, stems without a colon, and stems that act themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import DocumentType, Role
from osce_commitments.provisions import segment
from osce_commitments.provisions.item_labels import read_label
from osce_commitments.provisions.patterns import in_small, is_unfinished, list_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.roles.open_lists import OpenList

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

    Make = Callable[..., Document]


@dataclass(frozen=True)
class Case:
    """Roles, numbers, lead-ins and texts that a document must give: "role | number | lead-in | text"."""

    phenomenon: str
    document: str
    expected: list[str]
    type: DocumentType = DocumentType.DECISION


CASES = [
    Case(
        "of two counts with the same labels the one at the same indent continues",
        "1. Decides to act;\n\n2. Decides to found a group to:\n\n        1. count lamps;\n\n        2. paint them;\n\n3. Tasks the Board to help.",
        [
            "operative | 1 |  | Decides to act;",
            "operative | 2 1 | Decides to found a group to: | count lamps;",
            "operative | 2 2 | Decides to found a group to: | paint them;",
            "operative | 3 |  | Tasks the Board to help.",
        ],
    ),
    Case(
        "an act in the third person does not continue a list of infinitives",
        "Decides:\n\n1. To adopt the plan;\n\n2. To meet in May;\n\n3. Calls on States to help.",
        [
            "operative | 1 | Decides: | To adopt the plan;",
            "operative | 2 | Decides: | To meet in May;",
            "operative | 3 |  | Calls on States to help.",
        ],
    ),
    Case(
        "a recital right above the first number that something else parts from the others",
        "The Permanent Council,\n\nRecalling its list,10 Noting the storms,\n\nGuards rest.\n\nDeeply disappointed at the dark,\n\n1. Decides to act.",
        [
            "other |  |  | The Permanent Council,",
            "preamble |  |  | Recalling its list,10",
            "preamble |  |  | Noting the storms,",
            "operative |  |  | Guards rest.",
            "preamble |  |  | Deeply disappointed at the dark,",
            "operative | 1 |  | Decides to act.",
        ],
    ),
    Case(
        "a number of two levels and a dash, below States without a comma",
        "The participating States\n\n- Reaffirm that lamps unite;\n\n(2) They will\n\n(2.1) - light lamps,\n\n(2.2) - share oil;",
        [
            "operative |  | The participating States | Reaffirm that lamps unite;",
            "operative | (2.1) | They will | light lamps,",
            "operative | (2.2) | They will | share oil;",
        ],
        DocumentType.CHARTER,
    ),
    Case(
        "a new series of numbered acts closes the list above it",
        "Decides that guards shall:\n\n(a) rest;\n\n(b) save oil in:\n\n(i) Ghent;\n\n1. Tasks the Board with a map;\n\n2. Urges States to help.",
        [
            "operative | (a) | Decides that guards shall: | rest;",
            "operative | (b) (i) | Decides that guards shall: save oil in: | Ghent;",
            "operative | 1 |  | Tasks the Board with a map;",
            "operative | 2 |  | Urges States to help.",
        ],
    ),
    Case(
        "words without a stop that open nothing above a numbered act",
        "The guards of the northern bridges\n\n1. Tasks the Board with a map;\n\n2. Urges States to help.",
        [
            "operative |  |  | The guards of the northern bridges",
            "operative | 1 |  | Tasks the Board with a map;",
            "operative | 2 |  | Urges States to help.",
        ],
    ),
    Case(
        "sentences of a numbered item: the first has the lead-in",
        "Decides to adopt the following measures:\n\n1. Participating States will, if they wish, name guards. They will confirm "
        "them every year. The Board is requested to test lamps.\n\n2. Lists should be sent. Send a copy to Ghent.",
        [
            "operative | 1 | Decides to adopt the following measures: | Participating States will, if they wish, name guards.",
            "operative | 1 |  | They will confirm them every year.",
            "operative | 1 |  | The Board is requested to test lamps.",
            "operative | 2 | Decides to adopt the following measures: | Lists should be sent.",
            "operative | 2 | Decides to adopt the following measures: | Send a copy to Ghent.",
        ],
    ),
    Case(
        "a later sentence that is a stem does not hang on the stem of its item",
        "States will:\n\n– light bridges. They will also:\n\n    – watch them,\n\n    – mend them;",
        [
            "operative |  | States will: | light bridges.",
            "operative |  | They will also: | watch them,",
            "operative |  | They will also: | mend them;",
        ],
    ),
    Case(
        "letters after z",
        "7. Decides that guards shall:\n\n(y) rest;\n\n(z) watch;\n\n(aa) light lamps;\n\n(bb) share oil;\n\n8. Thanks them.",
        [
            "operative | 7 (y) | Decides that guards shall: | rest;",
            "operative | 7 (z) | Decides that guards shall: | watch;",
            "operative | 7 (aa) | Decides that guards shall: | light lamps;",
            "operative | 7 (bb) | Decides that guards shall: | share oil;",
            "operative | 8 |  | Thanks them.",
        ],
    ),
    Case(
        "a name with a colon above acts that are complete is a heading",
        "1. Decides to act;\n\nGuards and their lamps:\n\n2. Urges States to help;\n\n3. States will report.",
        [
            "operative | 1 |  | Decides to act;",
            "operative | 2 |  | Urges States to help;",
            "operative | 3 |  | States will report.",
        ],
    ),
    Case(
        "a name with a colon above words that need it is a stem",
        "Guards and their lamps:\n\n(a) light them;\n\n(b) mend them.",
        [
            "operative | (a) | Guards and their lamps: | light them;",
            "operative | (b) | Guards and their lamps: | mend them.",
        ],
    ),
    Case(
        "an ellipsis is no provision and opens nothing",
        "We will act.\n\n(…)\n\n1. We will watch.\n\n* * *\n\n2. We will report.",
        ["operative |  |  | We will act.", "operative | 1 |  | We will watch.", "operative | 2 |  | We will report."],
    ),
    Case(
        "a note mark hides neither the comma nor the end",
        "The Permanent Council,\n\nRecalling its list of lamps,10\n\n1. Decides to act;12\n\n(a) Guards will rest.",
        [
            "other |  |  | The Permanent Council,",
            "preamble |  |  | Recalling its list of lamps,10",
            "operative | 1 |  | Decides to act;12",
            "operative | 1 (a) |  | Guards will rest.",
        ],
    ),
    Case(
        "acts without a subject below the States and their recitals",
        "The participating States,\n\nDesiring to save oil,\n\nthey\n\nWill light bridges;\n\n"
        "Having considered the offer of Ghent, decide to meet there;\n\nThey will invite guards.",
        [
            "preamble |  |  | Desiring to save oil,",
            "other |  |  | they",
            "operative |  | The participating States, | Will light bridges;",
            "operative |  | The participating States, | Having considered the offer of Ghent, decide to meet there;",
            "operative |  |  | They will invite guards.",
        ],
        DocumentType.CHARTER,
    ),
    Case(
        "numbered acts below a clause that names the States",
        "The OSCE participating States, firmly committed to peace,\n\n1. Condemn all storms;\n\n2. Undertake to:\n\n(a) light bridges;\n\n"
        "3. Firmly reject the dark;\n\n4. Therefore agree to meet.",
        [
            "operative | 1 | The OSCE participating States, firmly committed to peace, | Condemn all storms;",
            "operative | 2 (a) | The OSCE participating States, firmly committed to peace, Undertake to: | light bridges;",
            "operative | 3 | The OSCE participating States, firmly committed to peace, | Firmly reject the dark;",
            "operative | 4 | The OSCE participating States, firmly committed to peace, | Therefore agree to meet.",
        ],
        DocumentType.DECLARATION,
    ),
    Case(
        "a recital in the third person above the first number",
        "The Permanent Council,\n\nRecalling its list,\n\nUnderscores its aim of saving oil,\n\n1. Decides to act.",
        [
            "other |  |  | The Permanent Council,",
            "preamble |  |  | Recalling its list,",
            "preamble |  |  | Underscores its aim of saving oil,",
            "operative | 1 |  | Decides to act.",
        ],
    ),
    Case(
        "a recital without a colon that opens a list",
        "The Permanent Council,\n\nAware that lamps\n\n– are rare,\n\n– burn oil,\n\nDecides to act.",
        [
            "other |  |  | The Permanent Council,",
            "preamble |  | Aware that lamps | are rare,",
            "preamble |  | Aware that lamps | burn oil,",
            "operative |  |  | Decides to act.",
        ],
    ),
    Case(
        "a recital that lost its comma opens nothing",
        "The Permanent Council,\n\nRecalling the Charter of Lamps\n\n1. Decides to act;\n\n2. The guards shall report.",
        [
            "other |  |  | The Permanent Council,",
            "preamble |  |  | Recalling the Charter of Lamps",
            "operative | 1 |  | Decides to act;",
            "operative | 2 |  | The guards shall report.",
        ],
    ),
    Case(
        "lists in lists of recitals",
        "The Permanent Council,\n\nNoting:\n\n(a) its work on:\n\n(i) lamps,\n\n(ii) oil,\n\n(b) the Charter,\n\nDecides to:\n\n1. Act;",
        [
            "other |  |  | The Permanent Council,",
            "preamble | (a) (i) | Noting: its work on: | lamps,",
            "preamble | (a) (ii) | Noting: its work on: | oil,",
            "preamble | (b) | Noting: | the Charter,",
            "operative | 1 | Decides to: | Act;",
        ],
    ),
    Case(
        "recitals with numbers and letters before a parliament names itself",
        "1. Noting that lamps\n\n(a) are rare,\n\n(b) burn oil,\n\n2. Aware of the dark,\n\nThe OSCE Parliamentary Assembly:\n\n3. Urges States to act.",
        [
            "preamble | 1 (a) | Noting that lamps | are rare,",
            "preamble | 1 (b) | Noting that lamps | burn oil,",
            "preamble | 2 |  | Aware of the dark,",
            "other |  |  | The OSCE Parliamentary Assembly:",
            "operative | 3 |  | Urges States to act.",
        ],
        DocumentType.RESOLUTION,
    ),
    Case(
        "a body that acts behind an opening participle",
        "The Permanent Council,\n\nAlarmed by storms,\n\nHaving regard to the above, decides:\n\n– to act;\n\n– to report.",
        [
            "other |  |  | The Permanent Council,",
            "preamble |  |  | Alarmed by storms,",
            "operative |  | Having regard to the above, decides: | to act;",
            "operative |  | Having regard to the above, decides: | to report.",
        ],
    ),
    Case(
        "recitals and acts in capitals",
        "THE COUNCIL OF THE COAST,\n\nRECALLING:\n\n– the Charter;\n\nINVITES States to:\n\n1. act;\n\nCALLS ON the Board, within its means,\n\n2. to report,\n\nand to be quick.",
        [
            "other |  |  | THE COUNCIL OF THE COAST,",
            "preamble |  | RECALLING: | the Charter;",
            "operative | 1 | INVITES States to: | act;",
            "operative | 2 | CALLS ON the Board, within its means, | to report,",
        ],
        DocumentType.OTHER,
    ),
    Case(
        "Ministers who open with lists of what they did",
        "We, the Ministers, have met in Ghent. We discussed:\n\n– storms;\n\n– lamps.\n\nWe will act.",
        [
            "preamble |  |  | We, the Ministers, have met in Ghent.",
            "preamble |  | We discussed: | storms;",
            "preamble |  | We discussed: | lamps.",
            "operative |  |  | We will act.",
        ],
        DocumentType.DECLARATION,
    ),
    Case(
        "Ministers who open with a list of what is to be done",
        "We, the Ministers, have met in Ghent.\n\nWe are convinced that States should:\n\n– light lamps.\n\nWe thank Ghent.",
        [
            "preamble |  |  | We, the Ministers, have met in Ghent.",
            "operative |  | We are convinced that States should: | light lamps.",
            "operative |  |  | We thank Ghent.",
        ],
        DocumentType.DECLARATION,
    ),
    Case(
        "an entry of a journal with letters below its colon",
        "1. Subjects discussed:\n\n(a) Hats: Malta\n\n(b) Lamps, namely:\n\n(i) Oil: Norway\n\n2. Next meeting: Monday",
        [
            "other | 1 (a) | Subjects discussed: | Hats: Malta",
            "other | 1 (b) (i) | Subjects discussed: Lamps, namely: | Oil: Norway",
            "other | 2 |  | Next meeting: Monday",
        ],
        DocumentType.JOURNAL,
    ),
    Case(
        "an entry of a journal that ends in no colon",
        "1. Subjects discussed:\n\nAgenda item 1: HATS\n\n(a) Straw: Malta\n\n2. Next meeting: Monday",
        [
            "other | 1 |  | Subjects discussed:",
            "other |  |  | Agenda item 1: HATS",
            "other | (a) |  | Straw: Malta",
            "other | 2 |  | Next meeting: Monday",
        ],
        DocumentType.JOURNAL,
    ),
    Case(
        "letters that go on below a new stem",
        "1. No guard shall\n\n(a) sleep;\n\n(b) sing.\n\nThis is so by day.\n\nA guard shall, moreover, neither\n\n(c) eat, nor\n\n(d) drink.",
        [
            "operative | 1 (a) | No guard shall | sleep;",
            "operative | 1 (b) | No guard shall | sing.",
            "operative |  |  | This is so by day.",
            "operative | (c) | A guard shall, moreover, neither | eat, nor",
            "operative | (d) | A guard shall, moreover, neither | drink.",
        ],
    ),
    Case(
        "lines further in than words without a stop",
        "The keepers of the lamps\n\n    Mr. Smith, of Ghent\n\n    Ms. Jones, of Bruges\n\nThey act together.",
        [
            "operative |  | The keepers of the lamps | Mr. Smith, of Ghent",
            "operative |  | The keepers of the lamps | Ms. Jones, of Bruges",
            "operative |  |  | They act together.",
        ],
    ),
    Case(
        "dashes of one kind at one indent, with commas inside and semicolons outside",
        "States will:\n\n– light bridges which\n\n– are long,\n\n– are dark;\n\n– report.",
        [
            "operative |  | States will: light bridges which | are long,",
            "operative |  | States will: light bridges which | are dark;",
            "operative |  | States will: | report.",
        ],
    ),
    Case(
        "a measure by its number in a sentence is no heading",
        "Measure 3 States will light bridges.\n\nMeasure 2 by guards is dear.",
        ["operative | Measure 3 |  | States will light bridges.", "operative |  |  | Measure 2 by guards is dear."],
    ),
    Case(
        "a stem that promises behind praise",
        "The participating States recognize the work of guards and will\n\n– pay them;\n\n– feed them.",
        [
            "operative |  |  | The participating States recognize the work of guards and will",
            "operative |  | The participating States recognize the work of guards and will | pay them;",
            "operative |  | The participating States recognize the work of guards and will | feed them.",
        ],
    ),
    Case(
        "a stem whose relative clause promises",
        "The participating States recognize those who watched and will\n\n– watch by day;\n\n– watch by night.",
        [
            "operative |  | The participating States recognize those who watched and will | watch by day;",
            "operative |  | The participating States recognize those who watched and will | watch by night.",
        ],
    ),
    Case(
        "two labels in one line are two levels",
        "1. Decides to act;\n\n2. (a) Requests the Board to report on:\n\n– lamps;\n\n– oil;\n\n(b) Also requests it to map:\n\n"
        "– bridges;\n\n3. Decides to rest.",
        [
            "operative | 1 |  | Decides to act;",
            "operative | 2 (a) | Requests the Board to report on: | lamps;",
            "operative | 2 (a) | Requests the Board to report on: | oil;",
            "operative | 2 (b) | Also requests it to map: | bridges;",
            "operative | 3 |  | Decides to rest.",
        ],
    ),
    Case(
        "two labels in one line of a decision",
        "1. The Board will rest.\n\n2. (a) The Secretariat will map bridges.\n\n(b) It will report.\n\n3. (i) lamps are lit; (ii) oil is saved.",
        [
            "operative | 1 |  | The Board will rest.",
            "operative | 2 (a) |  | The Secretariat will map bridges.",
            "operative | 2 (b) |  | It will report.",
            "operative | 3 (i) |  | lamps are lit;",
            "operative | 3 (ii) |  | oil is saved.",
        ],
    ),
    Case(
        "an item that a paragraph only names is no second label",
        "2. (a) and (b) of paragraph 1 apply at night.\n\n3. (c) above applies by day.",
        [
            "operative | 2 |  | (a) and (b) of paragraph 1 apply at night.",
            "operative | 3 |  | (c) above applies by day.",
        ],
    ),
    Case(
        "tasks below headings keep the stem above the headings",
        "1. Decides that the mandate of the guard includes the following tasks:\n\n@heading2 Bridges\n\n(a) To light bridges;\n\n"
        "(b) To watch them;\n\n@heading2 Oil\n\n(c) To save oil:\n\n(i) To test it;\n\n@heading2 Salt\n\n(ii) To buy it.\n\n"
        "@heading2 Rest\n\n2. Urges guards to rest.",
        [
            "operative | 1 (a) | Decides that the mandate of the guard includes the following tasks: | To light bridges;",
            "operative | 1 (b) | Decides that the mandate of the guard includes the following tasks: | To watch them;",
            "operative | 1 (c) (i) | Decides that the mandate of the guard includes the following tasks: To save oil: | To test it;",
            "operative | 1 (c) (ii) | Decides that the mandate of the guard includes the following tasks: To save oil: | To buy it.",
            "operative | 2 |  | Urges guards to rest.",
        ],
    ),
    Case(
        "letters below a heading after a full stop, or acts below a heading, leave the list",
        "1. Decides that guards shall:\n\n(a) light lamps;\n\n(b) rest.\n\n@heading2 Reports\n\n(c) The Board reports.\n\n"
        "2. Decides on the following tasks:\n\n@heading2 Oil\n\n(a) Urges guards to save oil.",
        [
            "operative | 1 (a) | Decides that guards shall: | light lamps;",
            "operative | 1 (b) | Decides that guards shall: | rest.",
            "operative | (c) |  | The Board reports.",
            "operative | 2 |  | Decides on the following tasks:",
            "operative | (a) |  | Urges guards to save oil.",
        ],
    ),
    Case(
        "a name with a colon between two items of one count is a heading",
        "1. Decides that the guard shall:\n\n(a) To light bridges;\n\nUrgent measures:\n\n(b) To save oil;\n\n2. Urges guards to rest.",
        [
            "operative | 1 (a) | Decides that the guard shall: | To light bridges;",
            "operative | 1 (b) | Decides that the guard shall: | To save oil;",
            "operative | 2 |  | Urges guards to rest.",
        ],
    ),
    Case(
        "words with a verb between two items of one count are a stem",
        "1. The guard shall:\n\n(a) light bridges;\n\nThe guard shall also:\n\n(b) save oil.",
        [
            "operative | 1 (a) | The guard shall: | light bridges;",
            "operative | (b) | The guard shall also: | save oil.",
        ],
    ),
    Case(
        "a name with a colon above another count is a stem",
        "1. Decides that the guard shall:\n\n(a) To light bridges;\n\nUrgent oil:\n\n(i) lamp oil;\n\n(ii) salad oil.",
        [
            "operative | 1 (a) | Decides that the guard shall: | To light bridges;",
            "operative | (i) | Urgent oil: | lamp oil;",
            "operative | (ii) | Urgent oil: | salad oil.",
        ],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.phenomenon for case in CASES])
def test_provisions_of(case: Case, make_document: Make) -> None:
    provisions = segment(make_document(case.document, type=case.type))
    assert [f"{one.role} | {one.number} | {one.lead_in} | {one.text}" for one in provisions] == case.expected


@pytest.mark.parametrize(
    ("above", "lead_in"),
    [("light bridges that they", "States will: light bridges that they"), ("light bridges;", "States will:")],
)
def test_bullets_of_another_sign_without_indent(above: str, lead_in: str, make_document: Make) -> None:
    provisions = segment(make_document(f"States will:\n\n– {above}\n\n• built at night,\n\n• built by day."))
    assert [one.lead_in for one in provisions][-2:] == [lead_in, lead_in]


def test_sentences_below_names_are_no_name(make_document: Make) -> None:
    text = "The seminar was opened by:\n\nMr. Smith, of Ghent\n\nMs. Jones, of Bruges\n\nMr. Smith spoke first. He mentioned\n\n– lamps;"
    assert [one.lead_in for one in segment(make_document(text))][-2:] == ["", "He mentioned"]


def test_a_tail_closes_a_list_below_a_comma(make_document: Make) -> None:
    text = "Calls on the Board, within its means,\n\n2. to report,\n\n3. to rest,\n\nand to be quick."
    assert [one.tail for one in segment(make_document(text))] == ["and to be quick.", "and to be quick."]


@pytest.mark.parametrize(
    "stem",
    [
        "Welcomes the offer of Malta; urges States, for their part,",
        "Recalling the Charter of Ghent, and mindful of the fact that",
        "ACKNOWLEDGES the work of guards, and INVITES them to",
    ],
)
def test_stem_acts_itself(stem: str) -> None:
    assert list_rules().finds("own_act", in_small(stem))


@pytest.mark.parametrize(
    "stem",
    [
        "Recommends that States, on request and free of charge,",
        "Noting and welcoming the readiness of guards to",
        "Invites towns to apply for lamps; such support will go to those that",
        "Decides that guards and keepers will",
    ],
)
def test_stem_only_opens_its_items(stem: str) -> None:
    assert not list_rules().finds("own_act", in_small(stem))


def test_a_list_keeps_no_more_for_items_with_the_same_label() -> None:
    """Each item was compared with every one before it."""
    listed = OpenList()
    for words in ("Noting:", *["(a) to count lamps;", "and to count them again"] * 100):
        listed.add(_piece(words))
    assert len(listed.places) == 1
    assert listed.takes(_piece("(b) to count masts;"))
    assert not listed.takes(_piece("(d) to count masts;"))


def _takes(above: str, below: str, *, is_item: bool = False) -> bool:
    """Whether a list takes the words below other words, which are an item or not."""
    listed = OpenList()
    if is_item:
        listed.add(_piece("Noting:"))
    listed.add(_piece(above))
    return listed.takes(_piece(below))


def _piece(words: str) -> Piece:
    from osce_commitments.labels import BlockKind

    label = read_label(words)
    start = label.length if label else 0
    return Piece(BlockKind.PARAGRAPH, words, start, len(words), label=label, role=Role.PREAMBLE)


@pytest.mark.parametrize(
    ("above", "below", "is_item"),
    [
        ("Aware that", "(a) lamps are rare,", False),
        ("Noting the following:", "1. Lamps are rare;", False),
        ("Noting, as in the past,", "(a) that lamps are rare,", False),
        ("(a) lamps are rare,", "(b) oil is dear,", True),
        ("– lamps are rare,", "which it regrets,", True),
    ],
)
def test_list_takes(above: str, below: str, *, is_item: bool) -> None:
    assert _takes(above, below, is_item=is_item)


@pytest.mark.parametrize(
    ("above", "below", "is_item"),
    [
        ("Recalling the Charter", "1. The guards shall act.", False),
        ("Recalling the Charter,", "1. The guards shall act.", False),
        ("Aware that", "Decides to act.", False),
        ("(a) lamps are rare,", "1. Guards will act.", True),
        ("– lamps are rare.", "which it regrets,", True),
    ],
)
def test_list_does_not_take(above: str, below: str, *, is_item: bool) -> None:
    assert not _takes(above, below, is_item=is_item)


@pytest.mark.parametrize("words", ["Aware that lamps", "Noting:", "They will, for their part, by"])
def test_unfinished(words: str) -> None:
    assert is_unfinished(words)


@pytest.mark.parametrize("words", ["Aware of lamps,", "They will act.", "", "lamps; and"])
def test_finished(words: str) -> None:
    assert not is_unfinished(words)


@pytest.mark.parametrize(
    ("printed", "small"),
    [
        ("CALLS ON the Board and URGES guards", "Calls ON the Board and urges guards"),
        ("RECALLING THAT:", "Recalling that:"),
        ("HEREBY DECIDES AS FOLLOWS:", "HEREBY DECIDES AS FOLLOWS:"),
        ("WELCOMING THE STORM", "WELCOMING THE STORM"),
        ("INTERPOL will act.", "INTERPOL will act."),
    ],
)
def test_verbs_in_capitals(printed: str, small: str) -> None:
    assert in_small(printed) == small


SIGNED = [
    ("The guards act.\n\n@heading3 Rapporteur: Ms. Smith\n\n@heading3 Committee on Lamps", ["Rapporteur: Ms. Smith", "Committee on Lamps"]),
    ("The guards act.\n\n@heading3 For Ruritania\n\n@heading3 For Borduria", ["For Ruritania", "For Borduria"]),
    ("The guards act.\n\n@heading3 Prepared by guards\n\nGhent, May 2011", ["Prepared by guards", "Ghent, May 2011"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), SIGNED)
def test_last_lines_are_no_headings(text: str, lines: list[str], make_document: Make) -> None:
    provisions = segment(make_document(text))
    assert [one.text for one in provisions] == ["The guards act.", *lines]
    assert {one.heading for one in provisions} == {()}


def test_signatories_before_an_annex(make_document: Make) -> None:
    text = "Guards act.\n\n@signature Done at Ghent.\n\n@heading3 For Ruritania\n\n@heading1 Annex\n\n@heading2 LAMPS\n\nLamps burn."
    found = [(one.role, one.text) for one in segment(make_document(text, type=DocumentType.TREATY))]
    assert (Role.OTHER, "For Ruritania") in found
    assert found[-1] == (Role.ANNEX, "Lamps burn.")


@pytest.mark.parametrize("heading", ["ANNEX", "Annex", "2. Final remarks", "FINAL REMARKS"])
def test_a_heading_that_says_so_stays_one_at_the_end(heading: str, make_document: Make) -> None:
    provisions = segment(make_document(f"The guards act.\n\n@heading2 {heading}"))
    assert [one.text for one in provisions] == ["The guards act."]


def test_rows_below_a_row_of_one_cell(make_document: Make) -> None:
    cells = (
        "1 No.|2 Measure|1 Prevention|1 (ii)|2 Light all the bridges at dusk|1 Measure 2|2 Count the carts on each day"
    )
    text = "\n\n".join(f"@table{cell}" for cell in cells.split("|"))
    found = [(one.number, one.text) for one in segment(make_document(text))]
    assert found[2:] == [
        ("", "Prevention"),
        ("(ii)", "Light all the bridges at dusk"),
        ("Measure 2", "Count the carts on each day"),
    ]


def test_a_cell_of_two_paragraphs_stays_in_its_row(make_document: Make) -> None:
    cells = "1 Area|2 Measure|1 Bridges|1 Fords|2 Light all of them at dusk|1 Banks|2 Watch them by day and night"
    text = "\n\n".join(f"@table{cell}" for cell in cells.split("|"))
    acts = [one.text for one in segment(make_document(text)) if one.role == Role.OPERATIVE]
    assert acts == ["Light all of them at dusk", "Watch them by day and night"]


def test_tasks_in_the_infinitive_below_an_item_that_only_names_them(make_document: Make) -> None:
    text = (
        "1. Decides that the mission shall have these tasks:\n\n(a) Bridges\n\nTo light all bridges;\n\nTo count them;\n\n"
        "(b) Boats\n\nTo lend boats.\n\n2. Thanks the guards."
    )
    stem = "Decides that the mission shall have these tasks:"
    assert [(one.number, one.lead_in, one.text) for one in segment(make_document(text))] == [
        ("1 (a)", f"{stem} Bridges", "To light all bridges;"),
        ("1 (a)", f"{stem} Bridges", "To count them;"),
        ("1 (b)", f"{stem} Boats", "To lend boats."),
        ("2", "", "Thanks the guards."),
    ]


def test_an_infinitive_below_a_complete_item_is_no_item_of_it(make_document: Make) -> None:
    text = "1. Decides to act as follows:\n\n(a) Guards light bridges;\n\nTo this end, guards meet."
    assert segment(make_document(text))[-1].lead_in != "Decides to act as follows: Guards light bridges;"
