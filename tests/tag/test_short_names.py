"""Texts cited by less than their name: each case is a document whose last provision is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CONCEPT = "Recalling the Border Security and Management Concept,"
GIVEN = 'Recalling Decision No. 5/07 (hereinafter referred to as "the Madrid Text"),'
CASES = [
    ("kind of a text", [CONCEPT, "Apply the Concept at airports."], ["MC.DOC/2/05"]),
    ("kind of a text that the catalogue lacks", ["Recalling the Aarhus Convention,", "Ratify the Convention."], [""]),
    ("kind in the same text", ["Recalling the Porto Charter, States shall apply the Charter."], ["[OSCE-CHARTER-TERRORISM-2002]"] * 2),
    ("what the same text cites goes first", ["Recalling the Lanzarote Convention,", "Sign the Budapest Convention; the Convention is open."], ["ETS 185"] * 2),
    ("kind of a bare symbol", ["Recalling FSC.DOC/1/00,", "Mark them as the Document prescribes."], ["FSC.DOC/1/00"]),
    ("name that was given", [GIVEN, "Apply the Madrid Text."], ["MC.DEC/5/07"]),
    ("name in quotation marks", ['Recalling Decision No. 5/07 (the "Text"),', "Apply the Text."], ["MC.DEC/5/07"]),
    ("name that was given goes first", ["Recalling FSC.DOC/1/00, hereinafter the Document, and the Istanbul Document,", "Apply the Document."], ["FSC.DOC/1/00"]),
    ("the document itself, as it called itself", ["This Framework has parts.", "Review the Framework."], ["PC.DEC/9301"]),
    ("addendum of a text", ["Recalling the OSCE Action Plan to Combat Trafficking in Human Beings,", "Apply its 2013 Addendum and the Action Plan and its 2005 Addendum."], ["PC.DEC/557", "PC.DEC/685"]),
    ("number that was given in full", ["Recalling resolutions 9101 (2014) and 9102 (2015),", "Apply resolutions 9101 and 9102."], ["S/RES/9101 (2014)", "S/RES/9102 (2015)"]),
    ("own text of a day, with its symbol", ["Recalls its decision of 3 March 2009 (PC.DEC/9123)."], ["PC.DEC/9123"] * 2),
    ("conventions of several years", ["Apply the drug conventions of 1961 and 1988."], ["[UN-SINGLE-CONVENTION-1961]", "[UN-DRUG-TRAFFICKING-CONVENTION-1988]"]),
    ("instrument that is no treaty", ["Apply the Ruritania Principles and the Acts of the Ruritanian Union."], ["", ""]),
    ("not the words that give the name", ["Recalling FSC.DOC/1/00, hereinafter the Document,"], ["FSC.DOC/1/00"]),
    ("not one of two", ["Recalling the Lanzarote Convention and the Budapest Convention,", "Ratify the Convention."], []),
    ("not of a kind that nobody cited", [CONCEPT, "Apply the Charter."], []),
    ("not a text of another name", [CONCEPT, "Apply the Concept for Lighthouses and the Concept Paper."], []),
    ("not what the document adopts", [CONCEPT, "Adopts the Concept in the annex.", "Review the Concept."], []),
    ("not a draft that came between", ["Recalling the Aarhus Convention,", "Noting the draft convention,", "Sign the Convention."], []),
    ("not a small word", [CONCEPT, "Apply the concept of security."], []),
    ("not another number", ["Recalling resolution 9101 (2014),", "Apply resolution 9103."], []),
    ("not a day without a text", ["Recalls its meeting of 3 March 2009 (see above)."], []),
    ("not conventions of no subject", ["Hold conventions of 1961 delegates and the lighthouse conventions of 1961."], []),
    ("not a body of an instrument", ["Invites the Energy Charter Conference and the Vienna Document Centre."], []),
    ("not rules of the house", ["Apply the Staff Regulations and the Financial Rules."], []),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "refs"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_short_names(tag_texts: Callable[..., list[TaggedProvision]], texts: list[str], refs: list[str]) -> None:
    last = tag_texts(*texts, symbol="PC.DEC/9301")[-1]
    assert [tag.ref for tag in last.of(TagKind.INSTRUMENT)] == refs
