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
    ("not the document itself without a demonstrative", ["This Framework has parts.", "Review the Framework."], []),
    ("addendum of a text", ["Recalling the OSCE Action Plan to Combat Trafficking in Human Beings,", "Apply its 2013 Addendum and the Action Plan and its 2005 Addendum."], ["PC.DEC/1107", "PC.DEC/557", "PC.DEC/685"]),
    ("number that was given in full", ["Recalling resolutions 9101 (2014) and 9102 (2015),", "Apply resolutions 9101 and 9102."], ["S/RES/9101 (2014)", "S/RES/9102 (2015)"]),
    ("own text of a day, with its symbol", ["Recalls its decision of 3 March 2009 (PC.DEC/9123)."], ["PC.DEC/9123"] * 2),
    ("conventions of several years", ["Apply the drug conventions of 1961 and 1988."], ["[UN-SINGLE-CONVENTION-1961]", "[UN-DRUG-TRAFFICKING-CONVENTION-1988]"]),
    ("instrument that is no treaty", ["Apply the Ruritania Principles and the Acts of the Ruritanian Union."], ["", ""]),
    ("not the words that give the name", ["Recalling FSC.DOC/1/00, hereinafter the Document,"], ["FSC.DOC/1/00"]),
    ("text that is pointed at", ["Recalling the Aarhus and the Lanzarote Convention, States shall accede to the Budapest Convention and obey that Convention."], ["CETS 201", "ETS 185", "ETS 185"]),
    ("text of an earlier provision that is pointed at", ["Recalling the Budapest Convention,", "Accede to that Convention."], ["ETS 185"]),
    ("decision that is pointed at", ["Amend FSC Decision No. 9871/12; that Decision shall be void."], ["FSC.DEC/9871/12", "FSC.DEC/9871/12"]),
    ("small noun that is pointed at", ["Recalls resolution 96/988 and the annex to that resolution."], ["A/RES/96/988"] * 2),
    ("this treaty in a decision", ["Recalling the UN Convention against Corruption,", "Accede to this Convention."], ["[UNCAC-2003]"]),
    ("this text that remains in force", ["Stresses that it applies Decision No. 5/05, and that this Decision remains valid."], ["MC.DEC/5/05"] * 2),
    ("this text that begins to apply", ["Applies Decision No. 5/05, and decides that this Decision shall apply."], ["MC.DEC/5/05", "PC.DEC/9301"]),
    ("part of a name", ["Recalling the United Nations Convention on the Law of the Sea,", "Apply the Convention on the Law."], [""]),
    ("part of a name of the Organization's", ["Mark them as the Document on Stockpiles and the Charter on Terrorism say."], ["FSC.DOC/1/03", "[OSCE-CHARTER-TERRORISM-2002]"]),
    ("annexed to a decision", ["Update the OSCE Concept annexed to PC.DEC/1048."], ["PC.DEC/1048"] * 2),
    ("initials behind a name", ['Recalling the Ruritanian Convention on the Law of the Lake ("RCLOL"),'], ["", ""]),
    ("number behind a name", ["Ratify the Criminal Law Convention on Corruption (ETS No. 173)."], ["ETS 173"] * 2),
    ("conventions that share a noun", ["Apply the European Conventions on Extradition and on Mutual Assistance in Criminal Matters."], ["ETS 24", "ETS 30"]),
    ("protocol to what is pointed at", ["Apply the European Convention on Extradition and the Second Additional Protocol to the latter Convention."], ["ETS 24", "", "ETS 24"]),
    ("addenda of two years", ["Apply the OSCE Action Plan to Combat Trafficking in Human Beings and its 2005 and 2013 Addenda."], ["PC.DEC/557", "PC.DEC/685", "PC.DEC/1107"]),
    ("addendum by its year", ["Recalling Decision No. 8/07 and Chapter II of the Addendum of 2013,"], ["MC.DEC/8/07", "PC.DEC/1107"]),
    ("numbers with titles between", ["Recalling Decisions No. 3/05 on combating crime and No. 5/06 on organized crime,"], ["MC.DEC/3/05", "MC.DEC/5/06"]),
    ("strategies of others", ["Noting the EU Drugs Strategy 2013-2020, the European Agenda on Security and the Enhanced NATO Policy on Cyber Defence,"], ["", "", ""]),
    ("strategy by those who made it", ["Noting the Action Plan to support public spaces, which the European Commission published,"], [""]),
    ("a body's text by its type", ["Invites the Forum to examine the decision it took and a resolution of the Security Council."], ["", ""]),
    ("a body's texts by their type", ["Acting in line with decisions of the Permanent Council,"], [""]),
    ("itself by a rare noun", ["This Concluding Document and these Guidelines hold."], ["PC.DEC/9301"] * 2),
    ("not what the clause endorses", [CONCEPT, "Endorses the Concept."], []),
    ("not what the clause adopts in a relative clause", [CONCEPT, "Publish the Concept which it adopts today."], []),
    ("not what was to be concluded", ["Recalling the Aarhus Convention,", "Agrees to conclude a Convention on bees.", "Sign the Convention."], []),
    ("not the kind of the own title", ["This Convention shall be open.", "Recalling the Aarhus Convention,", "Apply the Convention."], []),
    ("not a text to do something", ["Recalling the OSCE Action Plan to Combat Trafficking in Human Beings,", "Apply the Action Plan to protect swans."], []),
    ("not in the name of a body", ["Invites the Special Committee on the Charter of the United Nations and the Secretariat of the Basel Convention."], []),
    ("not before the name of an event", ["Attend the Vienna Document Annual Implementation Assessment Meeting."], []),
    ("not a conjunction", ["Recalling resolution 96/988 and stressing that resolution of the dispute is urgent,"], ["A/RES/96/988"]),
    ("not all relevant texts", ["Recalling all relevant resolutions of the Security Council,"], []),
    ("not a decision to come", ["Tasks it to prepare a decision of the Permanent Council, pending a decision of the Ministerial Council."], []),
    ("not initials of a subject", ["Apply the OSCE Document on Small Arms and Light Weapons (SALW)."], ["FSC.DOC/1/00"]),
    ("not a programme or policy of others", ["Thanks the United Nations Development Programme for the European Security and Defence Policy."], []),
    ("not a title behind its place", ["See the Helsinki Document - The Challenges of Change."], ["[HELSINKI-DOCUMENT-1992]"]),
    ("the one that a provision cited alone", ["Recalling the Lanzarote Convention,", "Recalling the Budapest Convention,", "Ratify the Convention."], ["ETS 185"]),
    ("one of two, not known which", ["Recalling the Lanzarote Convention and the Budapest Convention,", "Ratify the Convention."], [""]),
    ("the protocols to a treaty", ["Recalling the Convention against Transnational Organized Crime and the Protocols thereto,"],
     ["[UNTOC-2000]", "[UNTOC-TRAFFICKING-PROTOCOL-2000]", "[UNTOC-MIGRANTS-PROTOCOL-2000]", "[UNTOC-FIREARMS-PROTOCOL-2001]"]),
    ("a second protocol", ["Recalling the Budapest Convention and its Second Additional Protocol,"], ["ETS 185", "CETS 224"]),
    ("two texts with subjects", ["Recalling the Istanbul Declaration on swans and the Porto Declaration,"], ["", "[PORTO-DECLARATION-2002]"]),
    ("a set of treaties", ["Recalling the three international drug control conventions,"],
     ["[UN-SINGLE-CONVENTION-1961]", "[UN-PSYCHOTROPIC-CONVENTION-1971]", "[UN-DRUG-TRAFFICKING-CONVENTION-1988]"]),
    ("a treaty before its purpose", ["Recalling the Budapest Convention,", "Welcomes the opening of the Convention for signature."], ["ETS 185"]),
    ("an article on a subject", ["Recalling the Budapest Convention,", "Recalls article 9 of the Convention relating to the growth of wells."], ["ETS 185"]),
    ("parties to a treaty who are to act", ["Recalling the Budapest Convention,", "Invites parties to the Convention to report."], ["ETS 185"]),
    ("a name given to a text of some maker", ["Recalling the Code of Conduct for Safe Boats of the Lake Board (the Code),", "Apply the Code."], [""]),
    ("not another text of that kind", ["Recalling the Budapest Convention (the Convention),", "Ratify the Convention on Swans."], [""]),
    ("a number that no session of the Assembly has", ["Recalling resolution 9/1 on swans,"], [""]),
    ("the last of several in the same text", ["Recalling the Lanzarote Convention and the Budapest Convention, States shall obey the Convention."], ["CETS 201", "ETS 185", "ETS 185"]),
    ("not a body that a text names", ['Recalling resolution 9101 (2014) (the "Panel of Experts"),', "Thank the Panel of Experts."], []),
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
    last = tag_texts(*texts, symbol="PC.DEC/9301", body="PC")[-1]
    assert [tag.ref for tag in last.of(TagKind.INSTRUMENT)] == refs


@pytest.mark.parametrize(
    ("text", "body", "refs"),
    [
        ("Reaffirms the purposes of the Charter.", "UN", ["[UN-CHARTER-1945]"]),
        ("Reply under the Code of Conduct.", "FSC", ["DOC.FSC/1/95"]),
        ("Reply under the Code of Conduct.", "PC", []),
        ("Reply under the Code of Conduct for bees.", "FSC", []),
    ],
)
def test_texts_that_a_body_means_by_their_kind(
    tag_text: Callable[..., TaggedProvision], text: str, body: str, refs: list[str]
) -> None:
    assert [tag.ref for tag in tag_text(text, body=body).of(TagKind.INSTRUMENT)] == refs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See Decision No\ufffd 5/07.", "Decision No\ufffd 5/07"),
        ("See Decision No. 5\ufffd07.", "Decision No. 5\ufffd07"),
        ("See Deci\ufffdion No. 5/07.", "Deci\ufffdion No. 5/07"),
        ("See Decision\ufffdNo. 5/07.", "Decision\ufffdNo. 5/07"),
        ("See Decision N\u00ba 5\u204407.", "Decision N\u00ba 5\u204407"),
        ("See Deci\u00adsion No.\u200b 5/07.", "Deci\u00adsion No.\u200b 5/07"),
        ("See Decision N\u043e. 5/07.", "Decision N\u043e. 5/07"),
        ("See Decision No, 5/O7.", "Decision No, 5/O7"),
    ],
)
def test_odd_characters_in_a_number(tag_text: Callable[..., TaggedProvision], text: str, words: str) -> None:
    found = tag_text(text).of(TagKind.INSTRUMENT)
    assert [(tag.text, tag.ref) for tag in found] == [(words, "MC.DEC/5/07")]
