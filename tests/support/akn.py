"""Authored Akoma Ntoso documents: no real document has these symbols or words."""

from __future__ import annotations

NS = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"

_META = """
<meta>
  <identification source="#us">
    <FRBRWork>
      <FRBRthis value="/akn/un/statement/deliberation/unga/{day}/{number}/!main"/>
      <FRBRuri value="/akn/un/statement/deliberation/unga/{day}/{number}"/>
      <FRBRdate date="{day}" name="adoption"/>
      <FRBRauthor href="ga" as="author"/>
      <FRBRcountry value="un"/>
    </FRBRWork>
    <FRBRExpression>
      <FRBRthis value="/akn/un/statement/deliberation/unga/{day}/{number}/eng@!main"/>
      <FRBRuri value="/akn/un/statement/deliberation/unga/{day}/{number}/eng@"/>
      <FRBRdate date="2091-02-03" name="publication"/>
      <FRBRauthor href="ga" as="issuer"/>
      <FRBRlanguage language="eng"/>
    </FRBRExpression>
    <FRBRManifestation>
      <FRBRthis value="/akn/un/statement/deliberation/unga/{day}/{number}/eng@/!main.xml"/>
      <FRBRuri value="/akn/un/statement/deliberation/unga/{day}/{number}/eng@.xml"/>
      <FRBRdate date="2091-02-04" name="markup"/>
      <FRBRauthor href="#us" as="editor"/>
    </FRBRManifestation>
  </identification>
  <references source="#us">
    <TLCOrganization eId="ga" href="/akn/ontology/organization/un/generalAssembly" showAs="General Assembly"/>
  </references>
</meta>
"""

_COVER = """
<coverPage>
  <p><docAuthority>United Nations</docAuthority></p>
  <p><docNumber refersTo="#symbol">{symbol}</docNumber></p>
  <p><docDate date="2091-02-03" refersTo="#dateOfIssuance">3 February 2091</docDate></p>
  <p><docTitle>Resolution adopted by the General Assembly on 14 January 2091</docTitle></p>
</coverPage>
<preface><p><docNumber>{number}.</docNumber> <docTitle refersTo="#resolutionTitle">{title}</docTitle></p></preface>
"""

PREAMBLE = """
<preamble>
  <formula name="enactingFormula"><p><span class="italic">The General Assembly</span>,</p></formula>
  <container name="Recalling"><p><span class="italic">Recalling</span> its resolutions
    <a href="https://undocs.org/en/A/RES/68/241">68/241</a> of 2 March 2065 and
    <a href="https://undocs.org/en/S/RES/9535(2061)">9535 (2061)</a> on
    lamps,<authorialNote marker="1" placement="bottom"><p>See <a href="https://undocs.org/en/A/145/7">A/145/7</a>,
    annex.</p></authorialNote></p></container>
  <container name="Alarmed"><p><span class="italic">Alarmed</span> by the theft of lamps from bridges,</p></container>
</preamble>
"""

BODY = """
<mainBody>
  <paragraph class="H23"><subheading>Care of lamps</subheading></paragraph>
  <paragraph class="SingleTxt"><num>1.</num><content><p><span class="italic">Urges</span> Member States to guard
    bridges at night. It is dark then;</p></content></paragraph>
  <paragraph class="SingleTxt"><num>2.</num><list>
    <intro><p><span class="italic">Requests</span> the Secretary-General:</p></intro>
    <point><num>(a)</num><content><p>To count the lamps, as set out in resolution
      <a href="https://undocs.org/en/A/RES/68/241">68/241</a>, with regard to:</p></content></point>
    <sublist>
      <point><num>(i)</num><content><p>Lamps of glass;</p></content></point>
      <point><num>&#8211;</num><content><p>Lamps of tin;</p></content></point>
    </sublist>
    <point><num>(b)</num><content><p>To report on them,</p></content></point>
    <wrapUp><p>and to do so within existing resources;</p></wrapUp>
  </list></paragraph>
  <paragraph class="SingleTxt"><num>3.</num><content><p><span class="italic">Decides</span> to meet again in
    2092.</p></content></paragraph>
</mainBody>
<conclusions><p>12th plenary meeting<eol/><docDate date="2091-01-14">14 January 2091</docDate></p></conclusions>
"""

ANNEX = """
<attachments><attachment><doc name="annex"><meta/><mainBody>
  <paragraph class="H1"><heading>Annex</heading></paragraph>
  <paragraph class="H1"><heading>Table of lamps</heading></paragraph>
  <paragraph><num>1.</num><content><p>States should count their lamps every year.</p></content></paragraph>
  <table>
    <tr><th><p>No.</p></th><th><p>Action</p></th></tr>
    <tr><td><p>1</p></td><td><p>States will clean the lamps of their bridges.</p></td></tr>
    <tr><td><p>2</p></td><td><p>States will paint the lamps of their harbours.</p></td></tr>
  </table>
</mainBody></doc></attachment></attachments>
"""


def resolution(
    body: str = PREAMBLE + BODY, *, number: str = "145/9001", title: str = "Lamps on bridges", day: str = "2091-01-14"
) -> str:
    """The element of one resolution."""
    cover = _COVER.format(symbol=f"A/RES/{number}", number=number, title=title)
    return f'<statement name="resolution">{_META.format(day=day, number=number)}{cover}{body}</statement>'


def file_of(*instruments: str) -> str:
    """A file with one instrument, or a collection of several."""
    if len(instruments) == 1:
        return f'<akomaNtoso xmlns="{NS}">{instruments[0]}</akomaNtoso>'
    parts = "".join(f"<component>{one}</component>" for one in instruments)
    collection = (
        f'<documentCollection name="volume"><meta/><collectionBody>{parts}</collectionBody></documentCollection>'
    )
    return f'<akomaNtoso xmlns="{NS}">{collection}</akomaNtoso>'
