"""Akoma Ntoso: what the mark-up says reaches documents, provisions and tags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.documents.readers.akn_reader import cited_symbol
from osce_commitments.errors import DocumentError
from osce_commitments.labels import Adopted, BlockKind, DocumentType, MediaType, Role, TagKind
from osce_commitments.provisions import segment
from osce_commitments.tag import load_tagger
from osce_commitments.texts.akn import number_as_cited
from tests.support.akn import ANNEX, BODY, NS, PREAMBLE, file_of, resolution

if TYPE_CHECKING:
    from osce_commitments.schema import Document, Provision, Source


@pytest.fixture
def read(parsed: Callable[..., list[Document]]) -> Callable[[str], list[Document]]:
    return lambda text: parsed(text, MediaType.AKN, "/in/lamps.xml")


@pytest.fixture
def provisions(read: Callable[[str], list[Document]]) -> Callable[[str], list[Provision]]:
    return lambda text: segment(read(text)[0])


def test_facts_come_from_the_mark_up(read: Callable[[str], list[Document]]) -> None:
    (document,) = read(file_of(resolution()))
    assert (document.symbol, document.title) == ("A/RES/145/9001", "Lamps on bridges")
    assert document.date == dt.date(2091, 1, 14)
    assert (document.type, document.body) == (DocumentType.RESOLUTION, "UN")
    assert (document.adopted, document.adopted_because) == (Adopted.YES, "the mark-up gives the day of adoption")
    assert {document.facts_from[name] for name in ("symbol", "title", "date", "type", "adopted")} == {"mark-up"}


def test_a_draft_is_not_adopted(read: Callable[[str], list[Document]]) -> None:
    (document,) = read(file_of(resolution().replace('name="resolution"', 'name="draftResolution"')))
    assert document.adopted is Adopted.NO


def test_structure_comes_from_the_mark_up(provisions: Callable[[str], list[Provision]]) -> None:
    found = provisions(file_of(resolution()))
    acts = [one for one in found if one.role is Role.OPERATIVE]
    stem = "Requests the Secretary-General:"
    inner = f"{stem} To count the lamps, as set out in resolution 68/241, with regard to:"
    assert [(one.number, one.lead_in, one.text) for one in acts] == [
        ("1", "", "Urges Member States to guard bridges at night."),
        ("1", "", "It is dark then;"),
        ("2 (a) (i)", inner, "Lamps of glass;"),
        ("2 (a)", inner, "Lamps of tin;"),
        ("2 (b)", stem, "To report on them,"),
        ("3", "", "Decides to meet again in 2092."),
    ]
    assert {one.tail for one in acts if one.lead_in} == {"and to do so within existing resources;"}
    assert {one.heading for one in acts} == {("Care of lamps",)}
    assert {one.role_rule for one in found} == {"mark-up"}
    assert {one.lead_in_rule for one in acts if one.lead_in} == {"mark-up"}


def test_recitals_and_notes(provisions: Callable[[str], list[Provision]]) -> None:
    found = provisions(file_of(resolution()))
    recitals = [one for one in found if one.role is Role.PREAMBLE]
    assert [one.text.split()[0] for one in recitals] == ["Recalling", "Alarmed"]
    assert recitals[0].text.endswith("on lamps,¹")
    (note,) = [one for one in found if one.note_mark]
    assert (note.note_mark, note.text, note.note_of) == ("1", "See A/145/7, annex.", recitals[0].id)


def test_offsets_hold(read: Callable[[str], list[Document]]) -> None:
    (document,) = read(file_of(resolution(PREAMBLE + BODY + ANNEX)))
    for one in segment(document):
        assert document.text[one.start : one.end] == one.text
        for link in one.links:
            assert link.ref


def test_links_are_citations(read: Callable[[str], list[Document]]) -> None:
    tagged = load_tagger().tag(segment(read(file_of(resolution()))[0]))
    recital = next(one for one in tagged if one.provision.text.startswith("Recalling"))
    assert [tag.ref for tag in recital.of(TagKind.INSTRUMENT)] == ["A/RES/68/241", "S/RES/9535 (2061)"]
    item = next(one for one in tagged if one.provision.text.startswith("Lamps of glass"))
    assert [tag.ref for tag in item.of(TagKind.INSTRUMENT)] == ["A/RES/68/241"]


def test_a_link_goes_before_the_words(read: Callable[[str], list[Document]]) -> None:
    wrong = PREAMBLE.replace("en/A/RES/68/241", "en/A/RES/68/242")
    tagged = load_tagger().tag(segment(read(file_of(resolution(wrong + BODY)))[0]))
    recital = next(one for one in tagged if one.provision.text.startswith("Recalling"))
    first = recital.of(TagKind.INSTRUMENT)[0]
    assert (first.ref, first.rule) == ("A/RES/68/242", "mark-up")
    assert first.text.endswith("68/241")


def test_annex_and_table(provisions: Callable[[str], list[Provision]]) -> None:
    found = [
        one for one in provisions(file_of(resolution(PREAMBLE + BODY + ANNEX))) if "Annex" in " ".join(one.heading)
    ]
    assert [(one.role, one.number, one.text) for one in found] == [
        (Role.TITLE, "", "Table of lamps"),
        (Role.ANNEX, "1", "States should count their lamps every year."),
        (Role.OTHER, "", "No."),
        (Role.OTHER, "", "Action"),
        (Role.ANNEX, "1", "States will clean the lamps of their bridges."),
        (Role.ANNEX, "2", "States will paint the lamps of their harbours."),
    ]


def test_a_collection_holds_several_instruments(read: Callable[[str], list[Document]]) -> None:
    other = resolution(number="145/9002", title="Nets in harbours", day="2091-01-15")
    found = read(file_of(resolution(), other))
    assert [(one.part, one.symbol, one.title) for one in found] == [
        (1, "A/RES/145/9001", "Lamps on bridges"),
        (2, "A/RES/145/9002", "Nets in harbours"),
    ]


_ACT = f"""<akomaNtoso xmlns="{NS}"><act name="regulation"><meta><identification source="#us"><FRBRWork>
<FRBRdate date="2091-03-04" name="adoption"/></FRBRWork></identification></meta>
<preface><p><docTitle>Regulation on the lamps of ferries</docTitle></p></preface>
<preamble><citations><citation><p>Having regard to the Treaty on Ferries,</p></citation></citations>
<recitals><recital><num>(1)</num><p>Ferries need lamps that can be seen from the shore at night.</p></recital></recitals>
<formula name="enacting"><p>HAS ADOPTED THIS REGULATION:</p></formula></preamble>
<body><chapter><num>CHAPTER I</num><heading>Lamps</heading>
<article><num>Article 1</num><heading>Duties</heading>
<paragraph><num>1.</num><list><intro><p>Each Member State shall ensure that:</p></intro>
<point><num>(a)</num><content><p>every ferry has two lamps;</p></content></point>
<point><num>(b)</num><list><intro><p>each lamp is checked:</p></intro>
<point><num>(i)</num><content><p>in spring;</p></content></point>
<point><num>(ii)</num><content><p>in autumn.</p></content></point></list></point></list></paragraph>
<paragraph><num>2.</num><subparagraph><content><p>Member States shall report each year.</p></content></subparagraph>
<subparagraph><content><p>They may report together.</p></content></subparagraph></paragraph>
</article></chapter></body></act></akomaNtoso>"""


def test_an_act_of_articles(read: Callable[[str], list[Document]]) -> None:
    (document,) = read(_ACT)
    assert document.title == "Regulation on the lamps of ferries"
    found = segment(document)
    assert [(one.role, one.number) for one in found[1:4]] == [
        (Role.PREAMBLE, ""),
        (Role.PREAMBLE, "(1)"),
        (Role.OTHER, ""),
    ]
    acts = [one for one in found if one.role is Role.OPERATIVE]
    first = "Each Member State shall ensure that:"
    assert [(one.number, one.lead_in, one.text) for one in acts] == [
        ("1 (a)", first, "every ferry has two lamps;"),
        ("1 (b) (i)", f"{first} each lamp is checked:", "in spring;"),
        ("1 (b) (ii)", f"{first} each lamp is checked:", "in autumn."),
        ("2", "", "Member States shall report each year."),
        ("", "", "They may report together."),
    ]
    assert {one.heading for one in acts} == {("CHAPTER I \N{EN DASH} Lamps", "Article 1 \N{EN DASH} Duties")}


def test_sections_of_an_act(read: Callable[[str], list[Document]]) -> None:
    act = f"""<akomaNtoso xmlns="{NS}"><act name="act"><meta/><preface><longTitle><p>An Act on
    <docTitle>the lamps of piers</docTitle></p></longTitle></preface><body>
    <section><num>1</num><heading>Lamps</heading>
    <subsection><num>(1)</num><intro><p>The owner of a pier must:</p></intro>
    <paragraph><num>(a)</num><content><p>light it, and</p></content></paragraph>
    <paragraph><num>(b)</num><content><p>guard it.</p></content></paragraph></subsection>
    <subsection><num>(2)</num><content><p>The lamps must be white.</p></content></subsection></section>
    </body></act></akomaNtoso>"""
    (document,) = read(act)
    assert document.title == "the lamps of piers"
    found = segment(document)
    assert [one.text for one in found if one.role is Role.TITLE] == ["An Act on the lamps of piers"]
    assert [(one.number, one.lead_in, one.text) for one in found if one.role is Role.OPERATIVE] == [
        ("(1) (a)", "The owner of a pier must:", "light it, and"),
        ("(1) (b)", "The owner of a pier must:", "guard it."),
        ("(2)", "", "The lamps must be white."),
    ]


def test_a_report_states_no_acts(provisions: Callable[[str], list[Provision]]) -> None:
    report = f"""<akomaNtoso xmlns="{NS}"><doc name="report"><meta/><mainBody><paragraph><num>1.</num><content><p>The
    lamps were counted by five persons in spring.</p></content></paragraph></mainBody></doc></akomaNtoso>"""
    assert [(one.role, one.number) for one in provisions(report)] == [(Role.OTHER, "1")]


def test_a_list_without_words_above_it(provisions: Callable[[str], list[Provision]]) -> None:
    body = """<mainBody><paragraph><num>1.</num><content><p>Decides to meet in spring;</p></content></paragraph>
    <paragraph><num>2.</num><list><intro><p/></intro>
    <point><num>(a)</num><content><p>Urges States to count:</p></content></point>
    <sublist><point><num>&#8211;</num><content><p>lamps of tin;</p></content></point>
    <point><subheading>Glass:</subheading><num>(ii)</num><content><p>lamps of glass;</p></content></point></sublist>
    <point><num>(b)</num><content><p>Invites them to report.</p></content></point></list></paragraph></mainBody>"""
    found = [one for one in provisions(file_of(resolution(PREAMBLE + body))) if one.role is Role.OPERATIVE]
    stem = "Urges States to count:"
    assert [(one.number, one.lead_in, one.text, one.heading) for one in found] == [
        ("1", "", "Decides to meet in spring;", ()),
        ("2 (a)", stem, "lamps of tin;", ()),
        ("2 (a) (ii)", stem, "lamps of glass;", ("Glass:",)),
        ("2 (b)", "", "Invites them to report.", ("Glass:",)),
    ]


def test_a_flat_list_is_left_to_the_rules(provisions: Callable[[str], list[Provision]]) -> None:
    body = """<mainBody><paragraph><num>1.</num><content><p>Encourages States:</p></content></paragraph>
    <paragraph><content><p>(a) To light bridges;</p></content></paragraph>
    <paragraph><content><p>(b) To guard harbours.</p></content></paragraph></mainBody>"""
    acts = [one for one in provisions(file_of(resolution(PREAMBLE + body))) if one.role is Role.OPERATIVE]
    assert [(one.number, one.lead_in, one.text) for one in acts] == [
        ("1 (a)", "Encourages States:", "To light bridges;"),
        ("1 (b)", "Encourages States:", "To guard harbours."),
    ]


def test_recitals_of_a_section(provisions: Callable[[str], list[Provision]]) -> None:
    body = """<mainBody><section><subheading>I</subheading><subheading>Lamps of ports</subheading>
    <crossHeading refersTo="#preamble">Recalling the lamps of old ports,</crossHeading>
    <paragraph><num>1.</num><content><p>Decides to keep them;</p></content></paragraph></section></mainBody>"""
    found = [one for one in provisions(file_of(resolution(PREAMBLE + body))) if one.heading]
    assert [(one.role, one.text) for one in found] == [
        (Role.PREAMBLE, "Recalling the lamps of old ports,"),
        (Role.OPERATIVE, "Decides to keep them;"),
    ]


_BOMB = (
    '<!DOCTYPE a [<!ENTITY a "lamps"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    f'<akomaNtoso xmlns="{NS}"><act><body><p>&d;</p></body></act></akomaNtoso>'
)
_FOREIGN = (
    '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f'<akomaNtoso xmlns="{NS}"><act><body><p>&a;</p></body></act></akomaNtoso>'
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<catalogue><lamp/></catalogue>", "not_akn"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "not_akn"),
        ("no mark-up at all", "not_akn"),
        (f'<akomaNtoso xmlns="{NS}"><act><body>', "damaged"),
        (f'<akomaNtoso xmlns="{NS}"><act name="x"><meta/><body/></act></akomaNtoso>', "empty"),
        (f'<akomaNtoso xmlns="{NS}">{"<p>" * 150}deep{"</p>" * 150}</akomaNtoso>', "too_deep"),
        (f'<akomaNtoso xmlns="{NS}">{"<p>" * 5000}deep{"</p>" * 5000}</akomaNtoso>', "too_deep"),
        (_BOMB, "entities"),
        (_FOREIGN, "entities"),
        (_FOREIGN.replace('[<!ENTITY a SYSTEM "file:///etc/passwd">]', 'SYSTEM "a.dtd"'), "entities"),
    ],
)
def test_what_is_refused(content: str, reason: str, source: Callable[..., Source]) -> None:
    with pytest.raises(DocumentError) as refused:
        parse(source(content, MediaType.AKN, "/in/lamps.xml"), limits=Limits())
    assert refused.value.reason == reason
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("href", "symbol"),
    [
        ("https://undocs.org/en/S/RES/9535(2061)", "S/RES/9535 (2061)"),
        ("http://undocs.org/A/RES/68/241", "A/RES/68/241"),
        ("https://docs.un.org/en/A/145/7", "A/145/7"),
        ("https://www.example.org/lamps", ""),
        ("#section_2", ""),
        ("http://[broken", ""),
    ],
)
def test_symbol_of_a_link(href: str, symbol: str) -> None:
    assert cited_symbol(href) == symbol


@pytest.mark.parametrize(
    ("printed", "cited"),
    [
        ("3.", "3"),
        ("(a)", "(a)"),
        ("a.", "(a)"),
        ("b)", "b)"),
        ("\N{EN DASH}", ""),
        ("•", ""),
        ("IV.", "IV"),
        ("2.1", "2.1"),
    ],
)
def test_number_as_cited(printed: str, cited: str) -> None:
    assert number_as_cited(printed) == cited


def test_header_lines_give_no_provisions(
    read: Callable[[str], list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = read(file_of(resolution()))
    assert "A/RES/145/9001" in texts(document, BlockKind.HEADER)
    assert texts(document, BlockKind.TITLE) == ["145/9001. Lamps on bridges"]


def test_notes_that_stand_apart(provisions: Callable[[str], list[Provision]]) -> None:
    meta = '<meta><notes source="#us"><note eId="n1"><p>Lamps of tin.</p></note></notes></meta>'
    body = '<body><paragraph><num>1.</num><content><p>States shall light piers <noteRef href="#n1" marker="1"/>.</p>'
    act = f'<akomaNtoso xmlns="{NS}"><act name="act">{meta}{body}</content></paragraph></body></act></akomaNtoso>'
    duty, note = provisions(act)
    assert duty.text == "States shall light piers\N{SUPERSCRIPT ONE}."
    assert (note.note_mark, note.text, note.note_of) == ("1", "Lamps of tin.", duty.id)


def test_links_in_parts_are_one(read: Callable[[str], list[Document]]) -> None:
    link = '<a href="https://undocs.org/en/A/RES/1514(XV)">'
    split = f"{link}1514</a>{link} </a>{link}(XV)</a>"
    text = PREAMBLE.replace('<a href="https://undocs.org/en/A/RES/68/241">68/241</a>', split)
    found = segment(read(file_of(resolution(text + BODY)))[0])
    recital = next(one for one in found if one.text.startswith("Recalling"))
    assert [recital.text[link.start : link.end] for link in recital.links] == ["1514 (XV)", "9535 (2061)"]


def test_an_instrument_may_be_an_annex_alone(read: Callable[[str], list[Document]]) -> None:
    (document,) = read(file_of(f'<statement name="resolution"><meta/>{ANNEX}</statement>'))
    assert document.blocks[0].marked is not None
    assert (document.blocks[0].marked.role, document.blocks[0].marked.part) == (Role.TITLE, 1)
