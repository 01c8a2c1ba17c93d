from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import Adopted, DocumentType

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

YES, NO, UNKNOWN = Adopted.YES, Adopted.NO, Adopted.UNKNOWN
ACT = "1. Decides that the participating States shall count the lighthouses on their coasts every year;"
RECITAL = "Recalling that lamps go out,"
NARRATIVE = "The guards held three seminars in the spring, and they wrote down what they saw from the tower."

CASES = [
    ("symbol of a decision", ["PC.DEC/9063", "Permanent Council", "DECISION No. 9063", "ON LIGHTS", ACT], YES,
     "PC.DEC/9063 belongs to a series of adopted texts"),
    ("listed in the catalogue", ["Charter of Paris for a New Europe", NARRATIVE], YES,
     "the catalogue lists [CHARTER-OF-PARIS-1990]"),
    ("draft of a committee", ["United Nations", "A/C.1/99/L.4", "General Assembly", "Distr.: Limited", "Ruritania: draft resolution",
     "Lights on all coasts", "The General Assembly,", RECITAL, ACT], NO, "its symbol “A/C.1/99/L.4” is that of a draft"),
    ("draft without a symbol", ["Draft Ministerial Declaration on Lamps", "We, the Ministers, met in Ghent.", "We will count lamps."], NO,
     "it says “Draft Ministerial Declaration on Lamps”"),
    ("draft decision of the Organization", ["MC.DD/4/91", "Ministerial Council", "ON LIGHTS", "The Ministerial Council,", RECITAL, ACT], NO,
     "its symbol “MC.DD/4/91” is that of a draft"),
    ("formula and act", ["Lights", "The Economic and Social Council,", RECITAL, ACT], YES, "“The Economic and Social Council” acts in it"),
    ("formula in one paragraph", ["Lights", "The Conference of the Parties, " + RECITAL, ACT], YES,
     "“The Conference of the Parties” acts in it"),
    ("formula without an act", ["Lights", "The General Assembly,", NARRATIVE, NARRATIVE], UNKNOWN, ""),
    ("line of adoption", ["Lamps for all", "(Adopted by the Committee of Lamps on 4 May 2091)", NARRATIVE], YES,
     "it says “(Adopted by the Committee of Lamps on 4 May 2091)”"),
    ("agreement of Parties", ["Convention on Lamps", "The States Parties to this Convention,", RECITAL, "Have agreed as follows:", ACT], YES,
     "it says “Have agreed as follows”"),
    ("joint statement", ["Joint Statement on Lamps", "We, the governments of Ruritania and Freedonia, met in Ghent.",
     "We commit to light every lamp."], YES, "“We, the governments” agree in it"),
    ("document of the CSCE", ["DOCUMENT OF THE GHENT MEETING ON LAMPS", "The participating States will light lamps."], YES,
     "the participating States or Parties act in it"),
    ("charter whose States are the subject", ["OSCE CHARTER ON PREVENTING STORMS", "The OSCE participating States, firmly committed to calm,",
     "1. Condemn all storms;", "2. Will share lamps;"], YES, "the participating States or Parties act in it"),
    ("summit without a symbol", ["GHENT DOCUMENT 1996", "1. We, the Heads of State or Government of the participating States, have met.",
     "2. We will light lamps."], YES, "“1. We, the Heads of State” agree in it"),
    ("joint promises", ["Joint Statement on Lamps", "We, the Heads of Government of Ruritania and Freedonia, met in Ghent.",
     "We vow to light every lamp."], YES, "“We, the Heads of Government” agree in it"),
    ("joint view", ["Joint Statement on Lamps", "We, the Heads of Government of Ruritania and Freedonia, met in Ghent.",
     "We thank the guards of every lamp."], UNKNOWN, ""),
    ("joint statement on the page of a ministry", ["Ministry of Foreign Affairs", "Joint Statement on Lamps",
     "We, the Foreign Ministers of Ruritania and Freedonia, met.", "We will light lamps."], YES, "“We, the Foreign Ministers” agree in it"),
    ("statement of a group in a Council", ["Statement by Ireland on behalf of some States", "Lamps are rare, and our partners know it."],
     UNKNOWN, ""),
    ("remarks with a treaty's name in them", ["Remarks by Minister Example at the Lake Convention Center", "We will light lamps."], NO,
     "it is a speech or conversation: “Remarks by Minister Example at the Lake Convention Center”"),
    ("transcript", ["On lamps", "QUESTION: Who lights them?", "SECRETARY EXAMPLE: The guards.", "QUESTION: When?",
     "SECRETARY EXAMPLE: At night."], NO, "speakers take turns in it"),
    ("white paper", ["White Paper on Lamps and the Strategy for Light", "The Government will light lamps."], NO,
     "it is a paper or proposal: “White Paper on Lamps and the Strategy for Light”"),
    ("text of a ministry", ["Ministry of Lamps", "Strategy for Light", "The Ministry will light lamps."], NO,
     "one State or ministry is its author: “Ministry of Lamps”"),
    ("strategy without any sign", ["Strategy for Light", "Lamps should burn."], UNKNOWN, ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_evidence_decides(case: tuple[str, list[str], Adopted, str], parsed: Callable[..., list[Document]]) -> None:
    _, lines, adopted, because = case
    (document,) = parsed("\n\n".join(lines), name="/in/x.txt")
    assert (document.adopted, document.adopted_because) == (adopted, because)


TITLES = [
    ("Statement on the International Legal Framework", DocumentType.STATEMENT),
    ("Report of the Special Committee on the Charter", DocumentType.REPORT),
    ("Lamps at the Lake Convention Center", DocumentType.OTHER),
    ("Strategy Statement of the Harbour", DocumentType.STATEMENT),
    ("Implementation of the Convention on Lamps", DocumentType.OTHER),
    ("Council of Europe Convention on Lamps", DocumentType.TREATY),
    ("Ghent Declaration on Lamps", DocumentType.DECLARATION),
]


@pytest.mark.parametrize(("title", "kind"), TITLES)
def test_a_type_word_counts_as_head_of_the_title(
    title: str, kind: DocumentType, parsed: Callable[..., list[Document]]
) -> None:
    (document,) = parsed(f"{title}\n\n{ACT}", name="/in/x.txt")
    assert document.type is kind


def test_a_body_that_acts_writes_neither_report_nor_article(parsed: Callable[..., list[Document]]) -> None:
    lines = ["Report of the Committee on Lamps", "The Economic and Social Council,", RECITAL, NARRATIVE, ACT]
    (document,) = parsed("\n\n".join(lines), name="/in/x.txt")
    assert (document.type, document.adopted) == (DocumentType.RESOLUTION, YES)
