from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import Role, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = [
    ("symbol", "Recalls {instrument|MC.DEC/9/11|MC.DEC/9/11|}."),
    ("symbol in lower case, no slash", "As in {instrument|mc.dec 5/07|MC.DEC/5/07|}, it acts."),
    ("well-formed but unknown", "Recalls {instrument|MC.DEC/91/07|MC.DEC/91/07|not in the catalogue}."),
    ("prose with a body", "Recalls {instrument|Ministerial Council Decision No. 9/11|MC.DEC/9/11|}."),
    ("abbreviated body", "See {instrument|MC Decision 7/17|MC.DEC/7/17|}."),
    ("no body but a year", "In {instrument|Decision No. 5/07|MC.DEC/5/07|} it said so."),
    ("full year and numero sign", "A consensus {instrument|Decision № 9/2011|MC.DEC/9/11|} followed."),
    ("Permanent Council", "See {instrument|Permanent Council Decision No. 1106|PC.DEC/1106|}."),
    ("no body, no year", "See {instrument|Decision No. 1106|PC.DEC/1106|}."),
    ("numbered within a meeting", "See {instrument|Bucharest Ministerial Decision No. 6 of 2001|MC(9).DEC/6|}."),
    ("by meeting", "See {instrument|Decision 9, paragraph 6, of the Bucharest Ministerial Council|MC(9).DEC/9}."),
    ("a declaration is a document", "See {instrument|Ministerial Council Declaration No. 5/14|MC.DOC/5/14|}."),
    (
        "a list shares its head",
        ("Recalling {instrument|UN Security Council resolutions 2170 (2014)|S/RES/2170 (2014)} and " "{instrument|2178 (2014)|S/RES/2178 (2014)},"),
    ),
    ("no blank after a comma", "Recalling {instrument|resolutions 9191 (2091)|S/RES/9191 (2091)},{instrument|9192 (2092)|S/RES/9192 (2092)}."),
    ("a paragraph of a number with its year", "Recalling paragraph 13 of {instrument|9209 (2091)|S/RES/9209 (2091)}."),
    ("a law with its number and year", "Recalling Act No. 13 of 9209 (2091)."),
    ("UNSCR", "Under {instrument|UNSCR 1373|S/RES/1373 (2001)|} States freeze assets."),
    ("General Assembly", "Recalls {instrument|General Assembly resolution 60/288|A/RES/60/288|}."),
    ("name with a year before", "Recalls the {instrument|1999 Istanbul Charter|SUM.DOC/1/99|}."),
    ("name with a wrong year", "The {instrument|1998 Istanbul Charter|SUM.DOC/1/99|text says 1998, the catalogue 1999-11-19}."),
    ("year inside a name", "See the {instrument|Astana 2010 Commemorative Declaration|SUM.DOC/1/10|}."),
    (
        "name and year",
        "The {instrument|2005 Border Security and Management Concept|MC.DOC/2/05|} serves all.",
    ),
    ("long name", "The {instrument|OSCE Consolidated Framework for the Fight against Terrorism|PC.DEC/1063|} holds."),
    ("name without hyphens", "The {instrument|Decision on Public Private Partnerships in countering terrorism|MC.DEC/5/07|}."),
    ("description", "The {instrument|second set of confidence-building measures|PC.DEC/1202|} helps."),
    ("UN Charter", "Under {instrument|Chapter VIII of the UN Charter|[UN-CHARTER-1945]|} it acts."),
    ("self-reference", "Pursuant to {instrument|the present Decision||self-reference} it acts."),
    ("body behind a list", "See {instrument|Decisions Nos. 5/06|MC.DEC/5/06|} and {instrument|7/06|MC.DEC/7/06|} of the Ministerial Council."),
    ("body behind a number", "See {instrument|Decision No. 2/10|FSC.DEC/2/10|} of the Forum for Security Co-operation."),
    ("list behind a symbol", "See {instrument|MC.DEC/3/04|MC.DEC/3/04|} and {instrument|7/06|MC.DEC/7/06|}."),
    ("number of the Council behind", "See {instrument|resolution 1373|S/RES/1373 (2001)|} of the Security Council."),
    ("correction", "See {instrument|MC Decision No. 10/08/Corr.1|MC.DEC/10/08|}."),
    ("another edition", "See the {instrument|Vienna Document 1999||not in the catalogue}."),
    ("protocol without its convention", "See the {instrument|Protocol against the Illicit Manufacturing of and Trafficking in Firearms, Their Parts and Components and Ammunition|[UNTOC-FIREARMS-PROTOCOL-2001]|}."),
    ("title behind a number", "See {instrument|Decision No. 5/07|MC.DEC/5/07|} on Public-Private Partnerships in Countering Terrorism."),
    (
        "foreign title behind a number",
        ("See {instrument|Decision No. 5/07|MC.DEC/5/07|the title is that of MC.DEC/6/07} on " "Protecting Critical Energy Infrastructure from Terrorist Attack."),
    ),
    ("ambiguous title", "The Decision on {instrument|Combating Trafficking in Human Beings||ambiguous: MC.DEC/2/03 | MC.DEC/13/05 | MC.DEC/3/06 | MC.DEC/7/13}."),
    (
        "attached date conflicts",
        "See {instrument|MC Decision No. 5/07|MC.DEC/5/07|text says 3 November 2007, the catalogue 2007-11-30} of 3 November 2007.",
    ),
    ("attached date agrees", "See {instrument|MC Decision No. 5/07|MC.DEC/5/07|} of 30 November 2007."),
    (
        "date behind a place conflicts",
        ("The {instrument|Decision on Public-Private Partnerships in countering terrorism|MC.DEC/5/07|" "text says 3 November 2007, the catalogue 2007-11-30} in Madrid on 3 November 2007."),
    ),
    (
        "adopting body conflicts",
        "The {instrument|first set of CBMs|PC.DEC/1106|text says MC, the catalogue PC} was adopted by the Ministerial Council.",
    ),
    ("adopting body agrees", "The {instrument|first set of CBMs|PC.DEC/1106|} was adopted by the Permanent Council."),
    ("printed body conflicts", "See {instrument|Ministerial Council Decision No. 1106|PC.DEC/1106|text says MC, the catalogue PC}."),
    ("not the word decision", "The decision on 9 May was taken by 11 States."),
    ("not a subject in lower case", "Efforts in combating trafficking in human beings continue."),
    ("a resolution of another body", "Recalls {instrument|resolution 9/1||not in the catalogue} of the Conference of the Parties."),
    ("not a code of conduct of any kind", "Each ministry adopts a code of conduct."),
    ("not a decision-making process", "Women take part in this decision-making."),
    ("meeting by ordinal", "See {instrument|Decision No. 1 of the Tenth Ministerial Council|MC(10).DEC/1|}."),
    ("meeting by place and year", "See {instrument|Decision No. 1 of the Ministerial Council Meeting in Bucharest in 2001|MC(9).DEC/1|}."),
    ("list of a meeting", "See {instrument|Decisions Nos. 1|MC(9).DEC/1|} and {instrument|6|MC(9).DEC/6|} of the Bucharest Ministerial Council."),
    ("year of the Council before", "See the {instrument|2007 Ministerial Council Decision No. 5|MC.DEC/5/07|}."),
    ("the word number", "See {instrument|Ministerial Council decision number 9/11|MC.DEC/9/11|}."),
    ("number of the Permanent Council alone", "See {instrument|Decision 1106|PC.DEC/1106|}."),
    ("range behind a symbol", "See {instrument|PC.DEC/1048|PC.DEC/1048} to {instrument|1049|PC.DEC/1049}."),
    ("known number of the Security Council", "See {instrument|resolution 1267|S/RES/1267 (1999)|}."),
    ("title that begins small", "See the {instrument|document of the Moscow Meeting of the Conference on the Human Dimension|[MOSCOW-DOCUMENT-1991]|}."),
    ("title without the Organization", "See the {instrument|2004 Action Plan for the Promotion of Gender Equality|MC.DEC/14/04|}."),
    ("text of a place", "See the {instrument|Charter|SUM.DOC/1/99|} adopted in Istanbul."),
    ("document of a meeting", "See the {instrument|Document of the Valletta Meeting||not in the catalogue}."),
    ("cited again", "See {instrument|MC.DEC/6/07|MC.DEC/6/07|}; the {instrument|said Decision|MC.DEC/6/07|} holds."),
    ("correction without number sign", "See {instrument|Decision 9/11/Corr.1|MC.DEC/9/11|}."),
    ("treaty of a year", "See the {instrument|1961 Convention|[UN-SINGLE-CONVENTION-1961]|}."),
    ("treaty of a year that several have", "See the {instrument|Convention of 1988||ambiguous: [UN-DRUG-TRAFFICKING-CONVENTION-1988] | [SUA-CONVENTION-1988]}."),
    ("subject before its treaty", "See the {instrument|Cybercrime Convention|ETS 185|}."),
    ("possessive before a name", "See Ruritania's {instrument|Nature Declaration||not in the catalogue}."),
    ("document of the CSCE by its place", "See the {instrument|Krakow Document on Cultural Heritage||not in the catalogue}."),
    ("place and year behind a number", "See {instrument|Decision No. 8 adopted in Sofia in 2004|MC.DEC/8/04|}."),
    ("not an organization", "The North Atlantic Treaty Organization and the Cybercrime Convention Committee met."),
    ("not a meeting of the Council", "See {instrument|Permanent Council Decision No. 8|PC.DEC/8|not in the catalogue}, adopted in Porto."),
    ("not several protocols", "See the {instrument|Aarhus Convention} and its Additional Protocols."),
    ("not a year", "See Decision 2012 for that."),
    ("not an unknown number", "See resolution 9999 for that."),
    ("not a decision that nobody named", "See the said Decision."),
    ("not a document of any meeting", "See the document of the meeting."),
]  # fmt: skip


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_instruments(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.INSTRUMENT)


@pytest.mark.parametrize(
    ("text", "body", "symbol", "refs"),
    [
        ("Amend this Decision.", "PC", "PC.DEC/9301", ["PC.DEC/9301"]),
        ("Amend this Decision.", "", "", [""]),
        ("Recalls its Decision No. 94.", "PC", "", ["PC.DEC/94"]),
        ("Recalls its Decision No. 91/10.", "FSC", "", ["FSC.DEC/91/10"]),
        ("Recalls Decision No. 7/06.", "FSC", "", ["MC.DEC/7/06"]),
        ("Recalling its resolutions 41/8 and 40/7,", "UN", "A/HRC/RES/42/1", ["A/HRC/RES/41/8", "A/HRC/RES/40/7"]),
        ("Recalling its resolution 91/8,", "UN", "A/RES/92/1", ["A/RES/91/8"]),
        (
            "Thanking the Economic and Social Council, in line with resolution 91/8 and ECOSOC resolution 12 B (X),",
            "UN",
            "A/RES/92/1",
            ["A/RES/91/8", "E/RES/12 B(X)"],
        ),
        ("Recalling its decision 91/546,", "UN", "A/RES/92/1", ["A/DEC/91/546"]),
        (
            "Noting that the Human Rights Council, in its resolution 41/8, asked for it,",
            "UN",
            "A/RES/92/1",
            ["A/HRC/RES/41/8"],
        ),
        (
            "Thanking the Human Rights Council, and recalling its resolution 75/8 of 9 May 2021,",
            "UN",
            "A/RES/92/1",
            ["A/RES/75/8"],
        ),
        ("Recalling decision BC-91/3 and the Commission on Storms resolution 91/3,", "UN", "A/RES/92/1", ["", ""]),
        (
            "Recalling its resolutions 91/8 of 3 May 2014, entitled “Storms, floods and fires”, 92/7 of 4 May 2015 and 93/1 B,",
            "UN",
            "A/RES/95/1",
            ["A/RES/91/8", "A/RES/92/7", "A/RES/93/1 B"],
        ),
        ("Recalls Decision No. 91/10 and decision 12/10.", "MC", "MC.DEC/1/12", ["MC.DEC/91/10", "MC.DEC/12/10"]),
    ],
)
def test_citations_by_the_document_that_cites(
    tag_text: Callable[..., TaggedProvision], text: str, body: str, symbol: str, refs: list[str]
) -> None:
    found = tag_text(text, body=body, symbol=symbol).of(TagKind.INSTRUMENT)
    assert [tag.ref for tag in found] == refs


def test_a_delegation_does_not_cite_its_own_statement(tag_text: Callable[..., TaggedProvision]) -> None:
    found = tag_text("Attach this statement to this decision.", role=Role.ATTACHMENT, symbol="PC.DEC/9301")
    assert [tag.text for tag in found.of(TagKind.INSTRUMENT)] == ["this decision"]


def test_a_range_is_one_tag_for_each_member(tag_text: Callable[..., TaggedProvision]) -> None:
    tags = tag_text("Recalls Decisions Nos. 3/05 to 5/05.").of(TagKind.INSTRUMENT)
    assert [tag.ref for tag in tags] == ["MC.DEC/3/05", "MC.DEC/4/05", "MC.DEC/5/05"]
    assert {tag.text for tag in tags} == {"Decisions Nos. 3/05 to 5/05"}
