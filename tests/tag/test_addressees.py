from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import Field, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = [
    ("object of an appeal", "Calls upon the {addressee|participating States|participating States} to share samples."),
    ("object of a request", "Requests the {addressee|Secretary General|OSCE Secretary General} to report to it."),
    ("object of tasks with", "Tasks the {addressee|Permanent Council|Permanent Council} with the follow-up."),
    ("qualifier between", "Requests the {addressee|Secretary General}, within available resources, to report."),
    ("co-ordinated objects", "Invites the {addressee|Secretary General} and {addressee|ODIHR|Office for Democratic Institutions and Human Rights} to report."),
    ("three objects", "Encourages {addressee|participating States}, the {addressee|Partners for Co-operation} and {addressee|civil society} to act."),
    ("second verb", "Welcomes the report and tasks the {addressee|OSCE Secretariat} to publish it."),
    ("subject of a passive", "{addressee|Participating States|participating States} are encouraged to ratify the treaty."),
    ("relative clause", "{addressee|Participating States} that have not yet done so are urged to ratify it."),
    ("relative clause in an object", "Urges {addressee|participating States} that have not yet done so to ratify it."),
    ("subject of a modal", "The {addressee|Secretariat|OSCE Secretariat} shall keep a register."),
    ("adverbial before the subject", "In this context, {addressee|participating States} will share samples."),
    ("clause of a decision", "Decides that {addressee|participating States} will share samples."),
    ("we", "{addressee|We|adopting body} will share samples."),
    ("we with a verb", "{addressee|We|adopting body} undertake to share samples."),
    ("we is taken up", "{addressee|We|adopting body} agree to share samples and will review them."),
    ("bare decision", "{addressee|Decides|adopting body} to hold a conference."),
    ("the body by name", "{addressee|The Ministerial Council|adopting body} decides to hold a conference."),
    ("States decide", "The {addressee|participating States|participating States} agree to share samples."),
    ("passed on", "Decides to task the {addressee|Permanent Council|Permanent Council} to report."),
    ("promise by a noun", "{addressee|We|adopting body} reaffirm our commitment to share samples."),
    ("need for somebody to act", "Stresses the need for {addressee|participating States} to share samples."),
    ("agent of a passive", "The plan will be reviewed by the {addressee|Permanent Council|Permanent Council}."),
    ("verb of an item", "to request the {addressee|Secretary General|OSCE Secretary General} to name an adviser;"),
    ("stressed duty", "Stresses that {addressee|participating States|participating States} should share samples."),
    ("name that holds an infinitive", "Tasks the {addressee|Department to address transnational threats|Transnational Threats Department} to report."),
    ("conjunction in a name", "Tasks the {addressee|Office for Democratic Institutions and Human Rights|Office for Democratic Institutions and Human Rights} to report."),
    ("government", "The {addressee|Government of Ruritania|Government of Ruritania|not in the catalogue} is requested to report."),
    ("singular", "Each {addressee|participating State|participating States} shall report."),
    ("group of one word", "Calls upon {addressee|families|families} to report."),
    ("noun that the catalogue lacks", "Calls upon all {addressee|Member States|Member States|not in the catalogue} to report."),
    ("proper name that the catalogue lacks", "Calls upon {addressee|Ruritania|Ruritania|not in the catalogue} to report."),
    ("recommended clause", "Recommends that {addressee|participating States} keep a register."),
    ("not a partner of the actor", "Requests the {addressee|Secretariat}, in co-operation with UNODC and Interpol, to report."),
    ("not those named in particular", "Invites the {addressee|Partners for Co-operation}, in particular Jordan and Morocco, to report."),
    ("not a stated fact", "Stresses that participating States are free."),
    ("not a body within a citation", "Decides that Permanent Council Decision No. 9301 shall remain in force."),
    ("not a possessor", "OSCE activities will continue."),
    ("not a thing", "This decision shall enter into force at once."),
    ("not a subordinate clause", "Welcomes the plan, which the Secretariat will publish."),
    ("not somebody who is thanked", "Thanks the Secretary General for the report."),
    ("not the object of an object", "Encourages the use of the network by participating States."),
    ("not in a recital", "Recalling its request to share samples,"),
]  # fmt: skip


def test_count() -> None:
    assert len(CASES) == 43


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_addressees(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.ADDRESSEE)


@pytest.mark.parametrize(
    ("lead_in", "text", "expected"),
    [
        ("Tasks the OSCE Secretariat to:", "Keep a register;", [("lead_in", "OSCE Secretariat")]),
        ("Calls upon the participating States", "To share samples;", [("lead_in", "participating States")]),
        ("Decides that:", "The Secretariat will keep a register;", [("text", "OSCE Secretariat")]),
        ("Welcomes the report on:", "Shared samples;", []),
    ],
)
def test_items_take_the_addressee_of_their_lead_in(
    tag_text: Callable[..., TaggedProvision], lead_in: str, text: str, expected: list[tuple[str, str]]
) -> None:
    tags = tag_text(text, lead_in).of(TagKind.ADDRESSEE)
    assert [(tag.field.value, tag.ref) for tag in tags] == expected
    assert all(tag.field in set(Field) for tag in tags)
