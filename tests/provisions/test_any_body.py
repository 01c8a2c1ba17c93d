"""Roles and lead-ins of invented bodies, each with a layout of its own; the reader knows none of their names."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.labels import MediaType, Role
from osce_commitments.provisions import segment
from osce_commitments.schema import Provision, Source, SourceRef


class Layout(NamedTuple):
    body: str
    text: str
    recitals: int
    acts: tuple[tuple[str, str], ...]  # number and end of the lead-in


LAYOUTS = [
    Layout(
        "a parliament with lettered recitals",
        "The Lantern Parliament,\n\n\u2013  having regard to the Charter of Lamps,\n\nA.  whereas lamps are old and dim;\n\n"
        "Oil and wicks\n\nB.  whereas oil is dear in every village;\n\n1.  Calls on the guards to light the lamps;\n\n"
        "2.  Instructs its Chair to forward this text.\n",
        3,
        (("1", ""), ("2", "")),
    ),
    Layout(
        "numbered sentences below “Whereas:”",
        "THE COMMISSION OF BRIDGES,\n\nHaving regard to the Treaty on Bridges,\n\nWhereas:\n\n"
        "(1) In May the bridges burnt. The guards were asleep.\n\n(2) Oil should be kept away from them.\n\n"
        "HAS ADOPTED THIS REGULATION:\n\nThe guards shall watch the bridges by night.\n",
        3,
        (("", ""),),
    ),
    Layout(
        "verbs in capitals on lines of their own",
        "THE BOARD OF KEEPERS,\n\nHAVING REGARD\n to the Charter of Lamps\nand to the rules of the coast;\n\nRECOGNISING\n"
        " that storms put out the lamps of\nevery harbour;\n\nDECLARE\n that:\n\n1. Lamps shall burn by night on every\nbridge.\n\n"
        "2. Guards shall rest by day in their own\nhouses.\n",
        2,
        (("1", "DECLARE that:"), ("2", "DECLARE that:")),
    ),
    Layout(
        "marks of notes behind commas",
        "The Council of the Harbour Authority ,\n\nActing upon the advice of the Keepers, 1\n\nRecalling that oil was bought in 2097, 2\n\n"
        "Considering the report of the Board on the oil of the harbour, 3\n\n1. Decides to buy oil;\n\n2. Requests the Board to report.\n",
        3,
        (("1", ""), ("2", "")),
    ),
    Layout(
        "numbered acts below a recital that ends in a colon",
        "The Council of Lamps,\n\nRecalling the Charter of Lamps,\n\nActing under Chapter VII of the Charter:\n\n"
        "1. Reiterates its decisions on oil;\n\n2. Decides to buy wicks.\n",
        1,
        (("1", ""), ("2", "")),
    ),
    Layout(
        "acts without empty lines below a mark of a note",
        "The Council of the Harbour ,\n\nActing upon the advice of the Keepers, 1\nRecalling that oil was bought in 2097, 2\n"
        "Considering the report of the Board on the oil of the\nharbour of the north, 3\nDecides to buy oil for the lamps;\n\n"
        "Requests the Board to report.\n",
        3,
        (("", ""), ("", "")),
    ),
    Layout(
        "a long act in which one item is called I",
        "THE COUNCIL,\n\nHAVING REGARD to the Charter of Lamps;\n\nCONSIDERING the need for oil;\n\n"
        "I. DECIDES that lamps of class I shall burn by night.\n\nII. DECIDES that items of class I burn by day.\n",
        2,
        (("I", ""), ("II", "")),
    ),
    Layout(
        "a menu that names the annex above the act",
        "Lamps of the harbour\n\nResolution\n\nAnnex\n\nHarbour Parliament resolution of 18 May 2097 on lamps\n\n"
        "The Harbour Parliament,\n\n\u2013  having regard to the Charter of Lamps,\n\n"
        "1.  Approves the plan annexed to this resolution;\n\n2.  Instructs its Chair to sign it.\n\n"
        "ANNEX\n\nPLAN OF THE HARBOUR\n",
        1,
        (("1", ""), ("2", "")),
    ),
    Layout(
        "a stem in capitals that opens with its subject",
        "THE KEEPERS OF THE COAST,\n\nRecalling the Charter of Lamps,\n\nWE HEREBY COMMIT TO:\n\n1. Light all lamps by night;\n\n"
        "2. Rest by day.\n",
        1,
        (("1", "WE HEREBY COMMIT TO:"), ("2", "WE HEREBY COMMIT TO:")),
    ),
    Layout(
        "verbs in lower case on lines of their own and numbers without a stop",
        "The Conference of the Keepers of Lamps (Ghent, 2097),\nconsidering\na) that lamps are old;\n"
        "b) the report of the Board on oil,\nhaving noted\na) the rules of the Board;\nb) that storms put out the lamps,\nresolves\n"
        "1 to light lamps by night;\n2 that the guards shall rest by day,\ninstructs the Board of Lamps\n"
        "to buy oil for all the lamps,\nfurther instructs the Chair, the Board and the guards of all the harbours\n"
        "1 to count the lamps;\n2 to repair the old ones.\n",
        4,
        (
            ("1", "resolves"),
            ("2", "resolves"),
            ("", "instructs the Board of Lamps"),
            ("1", "further instructs the Chair, the Board and the guards of all the harbours"),
            ("2", "further instructs the Chair, the Board and the guards of all the harbours"),
        ),
    ),
    Layout(
        "numbers without a stop before capital letters, and a date",
        "The Council of the Harbour,\n\nRecalling its earlier decisions,\n\nDecides to:\n\n1 Buy oil for the lamps;\n"
        "2 Request the Board to report;\n\nDecides to light the lamps on these days:\n\n1 May 2097 in the north;\n",
        1,
        (
            ("1", "Decides to:"),
            ("2", "Decides to:"),
            ("", "Decides to light the lamps on these days:"),
        ),
    ),
    Layout(
        "numbers in a sentence that no stem opens",
        "The Council of Lamps,\n\nRecalling the Charter of Lamps,\n\n1. Decides to buy oil.\n\n1 lamp of each harbour shall burn by day.\n\n"
        "2. Requests the Board to report.\n",
        1,
        (("1", ""), ("1", ""), ("2", "")),
    ),
    Layout(
        "Roman numbers far from verbs in capitals, below a proposal",
        "THE BOARD OF KEEPERS,\n\nHAVING REGARD\n to the Charter of Lamps;\n\nOn the proposal of the Guards:\n\nI.\n        \n\n"
        "AGREES\n that the following are lamps:\n\n\u25cf\n\nlights of oil;\n\n\u25cf\n\nlights of wax.\n\n"
        "II.           RECOMMENDS\n that Keepers:\n\na)\n\nlight\nlamps;\n\nb)\n\nrest.\n",
        2,
        (
            ("I", "AGREES that the following are lamps:"),
            ("I", "AGREES that the following are lamps:"),
            ("II a)", "RECOMMENDS that Keepers:"),
            ("II b)", "RECOMMENDS that Keepers:"),
        ),
    ),
    Layout(
        "marks of notes behind semicolons, and pages without form feeds",
        "1\n\nThe Council of the Harbour,\n\nRecalling the advice of the Keepers, 1\n\n1. Decides to buy oil and wicks for\nthe lamps; 7\n"
        "2. Requests the Board:\n\n(a) to bring the oil;\n\n2\n\n(b) to report.\n\n3. Decides to meet again.\n",
        1,
        (("1", ""), ("2 (a)", "Requests the Board:"), ("2 (b)", "Requests the Board:"), ("3", "")),
    ),
    Layout(
        "the word that waits for items on a line of its own",
        "The Council of Lamps,\n\nRecalling the Charter,\n\nRecommends that guards:\n\n1.\nSave oil\n\nby:\n\na)\n\nusing wax.\n\n"
        "2.\n\nRest in winter.\n",
        1,
        (("1 a)", "Recommends that guards: Save oil by:"), ("2", "Recommends that guards:")),
    ),
    Layout(
        "a recital whose verb has a line of its own, and its words open a list",
        "The Conference of the Keepers of Lamps,\n\nrecognizing\n\nthat guards of the list of keepers may take part in all work and are entitled to:\n\n"
        "a) get the lists of lamps;\n\nb) write to the Board;\n\nc) rest by day,\n\nrecognizing further\n\nthat guards rest in winter,\n\n"
        "resolves\n\nto light lamps.\n",
        4,
        (("", "resolves"),),
    ),
    Layout(
        "paragraphs without a number between numbered ones",
        "The Council of Lamps,\n\nRecalling the Charter,\n\n1. Decides that:\n\n(a) lamps burn by night;\n\n(b) guards rest:\n\n"
        "(i) by day;\n\n(ii) in winter.\n\n2. The guards will watch.\n\nThey will also rest.\n\nNote: Lamps are dear.\n\n3. The Board will report.\n\n"
        "The text is kept in Ghent.\n",
        1,
        (
            ("1 (a)", "Decides that:"),
            ("1 (b) (i)", "Decides that: guards rest:"),
            ("1 (b) (ii)", "Decides that: guards rest:"),
            ("2", ""),
            ("2", ""),
            ("", ""),
            ("3", ""),
            ("", ""),
        ),
    ),
]


def _rows(text: str) -> list[Provision]:
    documents, _ = parse(Source(SourceRef("/lamps.txt", MediaType.TEXT), text.encode()), limits=Limits())
    return [row for document in documents for row in segment(document)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.body for layout in LAYOUTS])
def test_form_tells_recitals_from_acts(layout: Layout) -> None:
    rows = _rows(layout.text)
    assert sum(row.role is Role.PREAMBLE for row in rows) >= layout.recitals
    acts = [row for row in rows if row.role is Role.OPERATIVE]
    assert [(row.number, " ".join(row.lead_in.split())) for row in acts] == list(layout.acts)


def test_letters_go_on_below_headings_that_open_no_list() -> None:
    text = (
        "The Lantern Parliament,\n\nA.  whereas lamps are old;\n\nB.  whereas oil is dear;\n\nOil and wicks\n\n"
        "C.  whereas wicks burn;\n\nD.  whereas guards sleep;\n\n1.  Calls on the guards to wake;\n\n2.  Instructs its Chair to write.\n"
    )
    rows = [(row.number, row.lead_in, row.heading) for row in _rows(text) if row.role is Role.PREAMBLE]
    assert rows == [("A", "", ()), ("B", "", ()), ("C", "", ("Oil and wicks",)), ("D", "", ("Oil and wicks",))]


def test_letters_next_to_their_stem_in_the_mark_up_stand_below_it() -> None:
    numbered = [
        ("4.", "Decides that the guards have these tasks;"),
        ("(a)", "To light the bridges;"),
        ("(b)", "To count lamps:"),
        ("(i)", "by night;"),
        ("(c)", "To rest;"),
        ("5.", "Requests the Board to report."),
        ("(a)", "The lamps."),
    ]
    body = "".join(
        f"<paragraph><num>{number}</num><content><p>{text}</p></content></paragraph>" for number, text in numbered
    )
    text = (
        '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement name="resolution"><meta/>'
        f"<preface><p><docTitle>Lamps</docTitle></p></preface><mainBody>{body}</mainBody></statement></akomaNtoso>"
    )
    (document,), _ = parse(Source(SourceRef("/lamps.xml", MediaType.AKN), text.encode()), limits=Limits())
    stem = "Decides that the guards have these tasks;"
    assert [(row.number, row.lead_in) for row in segment(document) if row.role is Role.OPERATIVE] == [
        ("4", ""),
        ("4 (a)", stem),
        ("4 (b) (i)", f"{stem} To count lamps:"),
        ("4 (c)", stem),
        ("5", ""),
        ("(a)", ""),
    ]


def test_the_title_ends_above_the_line_that_names_who_speaks() -> None:
    text = (
        "RESOLUTION 9 (REV. GHENT, 2097)\nLamps of the harbours of the north, the bridges of the coast and the\nboats\n"
        "The Conference of the Keepers of Lamps, of Oil and of the Wicks of the\nCoast (Ghent, 2097),\nconsidering\n"
        "a) that lamps are old and that the guards who light them need new ones for\nall bridges;\n"
        "b) that oil is dear in every village of the coast and that its boats need it\nin winter,\nresolves\n"
        "1 to light lamps by night on every bridge of the coast and in every harbour\nof the north.\n"
    )
    (document,), _ = parse(Source(SourceRef("/lamps.txt", MediaType.TEXT), text.encode()), limits=Limits())
    assert document.title == "Lamps of the harbours of the north, the bridges of the coast and the boats"
    assert [row.role for row in segment(document)][1:] == [Role.OTHER, Role.PREAMBLE, Role.PREAMBLE, Role.OPERATIVE]


def test_a_file_with_two_acts_of_one_body_has_two_preambles_and_counts_twice() -> None:
    acts = (
        "The Lantern Parliament,\n\n\u2013 having regard to the Charter of {0},\n\nA. whereas {0} are dear;\n\n"
        "1. Recalls that {0} are old;\n\n2. Calls on the guards to buy {0};"
    )
    text = "\n\n".join(["Decision on lamps", acts.format("lamps"), "Resolution on oil", acts.format("oil")])
    rows = _rows(text)
    shape = [(Role.OTHER, ""), (Role.PREAMBLE, ""), (Role.PREAMBLE, "A"), (Role.OPERATIVE, "1"), (Role.OPERATIVE, "2")]
    assert [(row.role, row.number) for row in rows] == [(Role.TITLE, ""), *shape, (Role.TITLE, ""), *shape]
    # Another name is no sign of another act.
    others = _rows(text.replace("Resolution on oil\n\nThe Lantern Parliament", "Oil\n\nThe Keepers"))
    assert [row.role for row in others].count(Role.TITLE) == 1
    assert Role.PREAMBLE not in {row.role for row in others[6:]}
