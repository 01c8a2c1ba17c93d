from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from osce_commitments.ids import DocumentId, ProvisionId
from osce_commitments.labels import Field, Role, TagKind
from osce_commitments.rules import Rule
from osce_commitments.schema import Provision
from osce_commitments.tag.actor_rules import actor_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision
    from osce_commitments.tag import Tagger

CASES = [
    ("object of an appeal", "Calls upon the {addressee|participating States|participating States} to share samples."),
    ("object of a request", "Requests the {addressee|Secretary General|OSCE Secretary General} to report to it."),
    ("object of tasks with", "Tasks the {addressee|Permanent Council|Permanent Council} with the follow-up."),
    ("after an insertion and a second to", "Appeals to {addressee|participating States|participating States}, in particular those on the coast, as well as to {addressee|civil society}, to share samples."),
    ("a group without a name", "Requests the {addressee|expert group} to share samples."),
    ("not after recalls", "Recalls its invitation to the Permanent Council to convene a meeting."),
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
    ("clause that an item holds", "That {addressee|participating States|participating States} will share samples;"),
    ("no addressee in such a clause", "That decision will be reviewed;"),
    ("those who adhere", "RECOMMENDS that {addressee|Adherents||not in the catalogue} share samples."),
    ("States that concluded a treaty", "{addressee|Contracting States|States Parties} shall share samples."),
    ("only some States", "{addressee|States|States} shall share samples."),
    ("we", "{addressee|We||adopting body} will share samples."),
    ("we with a verb", "{addressee|We||adopting body} undertake to share samples."),
    ("we is taken up", "{addressee|We||adopting body} agree to share samples and will review them."),
    ("not a body that binds itself", "Decides to hold a conference."),
    ("not a body that ends something", "Abolishes the Working Group."),
    ("not a body that asks itself", "Requests itself to meet."),
    ("not a body that numbers its decision", "1. Decides to set up a group."),
    ("the body by name", "The {addressee|Ministerial Council|Ministerial Council} decides to hold a conference."),
    ("States decide", "The {addressee|participating States|participating States} agree to share samples."),
    ("passed on", "Decides to task the {addressee|Permanent Council|Permanent Council} to report."),
    ("promise by a noun", "{addressee|We||adopting body} reaffirm our commitment to share samples."),
    ("need for somebody to act", "Stresses the need for {addressee|participating States} to share samples."),
    ("agent of a passive", "The plan will be reviewed by the {addressee|Permanent Council|Permanent Council}."),
    ("verb of an item", "to request the {addressee|Secretary General|OSCE Secretary General} to name an adviser;"),
    ("stressed duty", "Stresses that {addressee|participating States|participating States} should share samples."),
    ("name that holds an infinitive", "Tasks the {addressee|Department to address transnational threats|Transnational Threats Department} to report."),
    ("conjunction in a name", "Tasks the {addressee|Office for Democratic Institutions and Human Rights|Office for Democratic Institutions and Human Rights} to report."),
    ("government", "The {addressee|Government of Ruritania||not in the catalogue} is requested to report."),
    ("singular", "Each {addressee|participating State|participating States} shall report."),
    ("group of one word", "Calls upon {addressee|families|families} to report."),
    ("group of States", "Calls upon all {addressee|Member States|Member States} to report."),
    ("proper name that the catalogue lacks", "Calls upon {addressee|Ruritania||not in the catalogue} to report."),
    ("persons that the catalogue lacks", "Calls upon {addressee|shipowners||not in the catalogue} and {addressee|harbour managers||not in the catalogue} to report."),
    ("things are not called upon", "Encourages orders to be printed."),
    ("recommended to somebody", "Recommends to {addressee|participating States|participating States} that they keep a register."),
    ("meeting somebody is no recommendation", "{addressee|We} agree to meet young people in a month of that year."),
    ("recommended to somebody of whom more is said", "Recommends to the {addressee|Secretariat|OSCE Secretariat}, whose register is old, that it keep another."),
    ("States that do something", "Requests {addressee|States|States} holding elections to invite observers."),
    ("some of us", "{addressee|We} urge {addressee|those of us||} whose registers are old to report."),
    ("adverbial without a comma", "In giving effect to paragraph 4 the {addressee|Secretariat|OSCE Secretariat} shall keep a register."),
    ("not the owner behind a preposition", "In such cases the findings of the Secretariat will differ."),
    ("main clause behind a condition", "Where it is probable that parts will be moved, the {addressee|Secretariat|OSCE Secretariat} shall report."),
    ("one of whom it was said", "The {addressee|State} so notified will reply."),
    ("relative clause with a verb", "The {addressee|Government} that issued it shall inform the others."),
    ("recommended clause", "Recommends that {addressee|participating States} keep a register."),
    ("subject and object", "The {addressee|participating States|participating States} urge the {addressee|media|media} to act."),
    ("government of a State", "The {addressee|Government of Austria|Austria} is requested to report."),
    ("impersonal passive", "It is recommended that {addressee|participating States} keep a register."),
    ("required of somebody", "The following is required of {addressee|police services|law enforcement agencies}:"),
    ("task of somebody", "It shall be the responsibility of the {addressee|Secretariat} to keep a register."),
    ("object of a verb left out", "Requests the {addressee|Secretary General} to report, and the {addressee|Chairmanship} to meet."),
    ("pronoun in a sentence", "Thanks the Chairmanship, requests the {addressee|Secretariat} to report and tasks {addressee|it|OSCE Secretariat} to act."),
    ("agents", "The costs will be borne by {addressee|Austria|Austria} and {addressee|Norway|Norway}, to whom it is due."),
    ("second participle", "The text will be printed, and distributed by the {addressee|Secretariat}."),
    ("relative clause between commas", "{addressee|Participating States}, which bear the cost, should act."),
    ("relative clause without them", "{addressee|Participating States} that share a river should act."),
    ("noun of a group", "Shipping {addressee|companies|private sector} should check the seals."),
    ("neither nor", "Neither the {addressee|Secretariat} nor the {addressee|field operations} shall publish names."),
    ("insertion before the object", "Urges in particular those {addressee|participating States} that share a river to act."),
    ("not an object by pronoun", "The {addressee|State} that wrote it will act."),
    ("pronoun of a relative clause", "The {addressee|Secretariat} will keep a list, which {addressee|it|OSCE Secretariat} will check."),
    ("supported in its efforts", "Supports {addressee|INTERPOL} in its efforts to trace fugitives."),
    ("verb of an item with another object", "Entrust the {addressee|Secretariat} with its administration;"),
    ("persons", "The costs will be borne by {addressee|those||not in the catalogue} who ask for it."),
    ("not one who receives", "Customs services should be given access to laboratories."),
    ("not a month", "Requests the {addressee|Secretary General} to report by May, and welcomes it."),
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
    ("agent before a time", "The plan will be sent by the {addressee|Permanent Council|Permanent Council} every year."),
    ("agent of what is kept", "States will be kept informed by the {addressee|Secretariat|OSCE Secretariat} of all steps."),
    ("agent in a clause", "Requests that the text be checked by the {addressee|Secretariat|OSCE Secretariat}."),
    ("agent that the catalogue lacks", "A request shall be answered by the {addressee|requested Party||not in the catalogue}."),
    ("relative clause with a verb of its own", "{addressee|Participating States} whose police have not been trained should act."),
    ("relative clause between commas", "{addressee|Participating States}, whose police lack means, should act."),
    ("short name of a body", "The {addressee|Staff College|OSCE Border Management Staff College} will hold a course."),
    ("director of a body", "Invites the {addressee|ODIHR Director|Office for Democratic Institutions and Human Rights} to act."),
    ("director behind", "Invites the {addressee|Director|Office for Democratic Institutions and Human Rights} of ODIHR to act."),
    ("industry", "{addressee|Industry|private sector} is invited to act."),
    ("participle behind", "{addressee|Participating States} participating in the mission will pay."),
    ("chair of another body", "The {addressee|Chair of the Forum for Security Co-operation||not in the catalogue} will act."),
    ("not the subject of a passive clause", "Insists that companies must not be hired."),
    ("not the owner of a relative clause", "The plan, on whose basis States acted, should be kept."),
    ("not industry as a theme", "Industry standards exist."),
    ("agent behind an insertion", "Barns should be inspected once a year, and mills every week, by the {addressee|milk authority||not in the catalogue} and, as needed, by {addressee|customs|customs authorities}."),
    ("agent of what must not be", "Passengers should not be detained by the {addressee|police|law enforcement agencies}."),
    ("agents of a clause", "Insists that reports be read by the {addressee|police|law enforcement agencies} at once, and by {addressee|journalists|media} within a day."),
    ("two subjects of a clause", "Asks that {addressee|teachers|educational institutions} and, if need be, {addressee|parents|families} be the first to speak."),
    ("second object behind an adverbial", "Invites the {addressee|customs authorities} and, through the Universal Postal Union, the {addressee|Secretariat} to agree."),
    ("part of a body", "Tasks the {addressee|Transnational Threats Department}, in particular its {addressee|Border Security and Management Unit}, to act."),
    ("persons who act", "{addressee|Rescuers||not in the catalogue} will leave at once."),
    ("court", "The {addressee|tribunal||not in the catalogue} shall decide."),
    ("noun of a relative clause", "Decides to set a seal, which {addressee|companies|private sector} may use."),
    ("condition before the verb", "The {addressee|Secretariat}, within its mandate and if the host State so wishes, will act."),
    ("short relative clause", "A {addressee|Party} that boards must tell the flag State."),
    ("not a fund that somebody administers", "Money will be paid into the fund administered by the Secretariat."),
    ("not persons of a clause that is stressed", "{addressee|We} underline that owners should be careful."),
    ("not persons to whom something is done", "Owners will be compensated."),
    ("not things that sound like persons", "Scanners will shorten the queues."),
    ("not a relative clause behind a preposition", "Keep a list from which companies can learn."),
    ("subject of a second clause", "Demands that all {addressee|parties} cease fire and that the {addressee|Government of Ruritania} open the road."),
    ("two passives, each with its agent", "Lists will be drawn up by the {addressee|Conflict Prevention Centre} and circulated by the {addressee|Chairmanship}."),
    ("agent behind a time", "A list shall be sent to the Council, at its first meeting, by the {addressee|Chairmanship}."),
    ("whom it falls to", "It falls to the {addressee|Chairmanship} to convene the group."),
    ("not a fact in a second clause", "Demands that all {addressee|parties} cease fire and that the Chairmanship is informed."),
    ("not the agent of a noun", "Days shall be marked in the manner chosen by each State."),
    ("both of two groups after an insertion", "Urges {addressee|Member States|Member States}, especially those nearby, as well as {addressee|regional organizations}, to act."),
    ("efforts by several", "Encourages efforts by all {addressee|States|States} and the {addressee|media|media} to act."),
    ("name that goes on", "Decides that the {addressee|United Nations Youth Office||not in the catalogue} will act."),
    ("not the subject of a verb before", "Thanks the Chairmanship and its field offices, urges {addressee|Austria|Austria} to act."),
    ("not the partners of an insertion", "Urges {addressee|Austria|Austria}, in co-operation with UNODC, Interpol, and Norway, to act."),
    ("after the partners of an insertion", "Urges {addressee|Austria|Austria}, in co-operation with UNODC and Interpol, and {addressee|Norway|Norway}, to act."),
    ("conjunction in an unknown name", "Asks the {addressee|Lamp and Mirror Organization||not in the catalogue} to act."),
    ("conjunction between names", "Asks the {addressee|Lamp Organization} and the {addressee|Mirror Organization} to act."),
    ("conjunction between an abbreviation and States", "Asks {addressee|UNFOO} and {addressee|Member States} to act."),
    ("preposition in an unknown name", "Asks the {addressee|Freedom of Trade Unit} and {addressee|Austria} to act."),
    ("official name of a State", "Asks the {addressee|Free Republic of Ruritania} to act."),
    ("list after a noun", "Reiterates its request for {addressee|Austria}, {addressee|Norway} and {addressee|UNFOO} to act."),
    ("not peace that is needed", "Stresses the need for peace, and thanks the Secretariat."),
    ("agent of steps", "Calls for steps, as agreed, to be taken by all {addressee|States|States}."),
    ("subject left out", "Strongly condemns attacks on Austria and Norway, underlines their gravity."),
    ("not the body that speaks, by the form", "Notes that lamps help States to respond and establish order."),
    ("not a second object of a noun", "Asks the {addressee|Secretariat} to keep to the rules of ODIHR and the Permanent Council to the letter, to help States to act."),
    ("power", "Asks the {addressee|administering Power||not in the catalogue} to act."),
    ("reaffirmed duty", "Reaffirms that {addressee|Member States|Member States} should act."),
    ("not one who continues to be given", "Decides that the Board of Auditors shall continue to be given lists."),
    ("at least one", "Lists must be approved by at least one {addressee|Member State|Member States}."),
    ("body that was thanked", "Thanks the Lamp Panel for its work, and asks {addressee|it||not in the catalogue} to act."),
    ("not the person that was thanked", "Thanks the Secretary General for the work of the Permanent Council, and asks {addressee|it|Permanent Council} to act."),
    ("States that do something", "Asks {addressee|Member States|Member States} deploying guards to act."),
    ("name that goes on after a conjunction", "Asks the {addressee|Office on Lamps and Mirrors||not in the catalogue} to act."),
    ("body after a name that could go on", "Asks the {addressee|Office on Lamps} and {addressee|Ruritanian authorities} to act."),
    ("two names with articles", "Asks the {addressee|Secretary of the Lamp} and the {addressee|Global Mirror Facility} to act."),
    ("State after a name that could go on", "Asks the {addressee|Office on Lamps} and {addressee|Norway} to act."),
    ("office of a body whose name has a conjunction", "Asks the {addressee|President of the Economic and Social Council} to act."),
    ("not a body of an activity", "Stresses that cutting the meetings of the Permanent Council will save time."),
    ("act after a title", "Reaffirms the Paris Declaration for Peace, and urges {addressee|Member States} to act."),
    ("that before a noun", "Ahead of that Conference, {addressee|participating States} should reply."),
    ("not who calls upon others", "{addressee|We||no act} call upon {addressee|Austria} to share samples."),
    ("not who calls upon others to agree", "{addressee|We||no act} urge {addressee|States}, which should agree, to act."),
    ("not who recommends", "The {addressee|Committee||no act} recommends that the {addressee|State Party} share samples."),
    ("not who asked at another time", "The {addressee|Committee||no act} requested {addressee|States} to act."),
    ("not who asks others in a stem", "{addressee|We||no act} call upon {addressee|Austria} to:"),
    ("who may act in the items of a stem", "{addressee|We||adopting body} reaffirm in particular:"),
    ("not who welcomes something in a stem", "{addressee|We||no act} welcome the lists that were printed in Norway last year:"),
    ("not who notes a commitment of others", "{addressee|We||no act} note the commitment of Austria to share samples."),
    ("not who states a need", "{addressee|We||no act} recognize the need to share samples."),
    ("one who states a determination", "{addressee|We||adopting body} express our firm determination to share samples."),
    ("one who calls and promises", "{addressee|We||adopting body} call upon {addressee|Austria} to act and will follow it."),
    ("one who proposes to act", "{addressee|We||adopting body} propose to hold a course."),
    ("not the body that speaks, in a condition", "Courses should not be held unless the hosts agree to pay."),
    ("not the body that speaks, for a thing", "Lamps must be open to all."),
    ("number of the paragraph", "15 The {addressee|Lamp Panel} will act."),
    ("not a thing before another verb", "Goods and services, are rarely lamps that, as a rule, will shine."),
    ("one who is expected to act", "The {addressee|Lamp Panel} is expected to report."),
    ("one who has the right to act", "Each {addressee|Member State|Member States} is entitled to report."),
    ("not a thing that is expected", "The report is expected to be short."),
    ("State in the north of another name", "Asks {addressee|North Korea||not in the catalogue} to act."),
    ("an office", "Asks the {addressee|office} to act."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("Asks Member States and Austria to act, and urges them to report.", ["Member States", "Austria"]),
        ("Asks Austria and Norway to act, and urges them to report.", ["Austria", "Norway"]),
        ("Asks Member States to help Austria, and urges them to report.", ["Member States"]),
        ("Asks Austria to help, and urges them to report.", []),
    ],
)
def test_whom_them_means(tag_text: Callable[..., TaggedProvision], text: str, refs: list[str]) -> None:
    assert [tag.ref for tag in tag_text(text).of(TagKind.ADDRESSEE) if tag.text == "them"] == refs


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_addressees(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.ADDRESSEE)


OF_PATTERN = {
    "we": "In this context, we will share samples.",
    "need": "Stresses the need for participating States to share samples.",
    "pronoun": "The Secretariat shall report, and it shall invite experts.",
    "need_of_doing": "Stresses the importance of participating States sharing samples.",
    "agent_of_steps": "Calls for steps to be taken by all States.",
    "requested_that": "Reaffirms its request that participating States share samples.",
    "relative_subject": "Decides to set a seal, which companies may use.",
    "relative_pronoun": "The Secretariat will keep a list, which it will check.",
    "subject_after_adverbial": "In giving effect to paragraph 4 the Secretariat shall keep a register.",
    "mandate_holder": "Decides that the mandate of the Mission to Ruritania shall include patrols.",
    "abbreviation": "Decides that UNFOO shall patrol the border.",
    "speaking_it": "Affirms that it shall review the measures.",
    "persons_who_act": "Rescuers will leave at once.",
    "agent": "The plan will be reviewed by the Permanent Council.",
    "proper_name": "Calls upon Ruritania to report.",
    "second_object": "Requests the Secretary General to report, and the Chairmanship to meet.",
    "recommended_to": "Recommends to participating States that they keep a register.",
    "joined_subject": "Asks that teachers and, if need be, parents be the first to speak.",
    "further_clause": "Demands that all parties cease fire and that the Government of Ruritania open the road.",
    "agent_of_clause": "Requests that the text be checked by the Secretariat.",
    "passed_on": "Decides to task the Permanent Council to report.",
    "subject_of_stem": "The participating States: => Undertake to share samples;",
    "item_verb": "to request the Secretary General to name an adviser;",
    "expected": "The Secretariat is expected to report.",
}
PATHS = actor_rules().group("addressee")


@pytest.mark.parametrize("rule", PATHS, ids=[rule.id for rule in PATHS])
def test_an_addressee_names_the_rule_that_found_it(tag_texts: Callable[..., list[TaggedProvision]], rule: Rule) -> None:
    path = rule.name.removeprefix("addressee.")
    for text in [OF_PATTERN[path]] if path in OF_PATTERN else rule.examples:
        assert rule.id in {tag.rule for tag in tag_texts(text)[0].of(TagKind.ADDRESSEE)}, text
    for text in rule.counter_examples:
        assert rule.id not in {tag.rule for tag in tag_texts(text)[0].of(TagKind.ADDRESSEE)}, text


PC, STATES = "Permanent Council", "participating States"
BY_AND_TO = [
    ("undertaken by those in the stem", "The participating States:", "Undertake to share samples;", [STATES]),
    ("a modal without its subject", "The participating States:", "Will share samples;", [STATES]),
    ("agreed among themselves", "The participating States:", "Agree to share samples;", [STATES]),
    ("a promise by a noun", "The participating States:", "Reaffirm their commitment to share samples;", [STATES]),
    ("only said by those in the stem", "The participating States:", "Welcome the list of samples;", []),
    ("two in the stem", "The Secretariat and the ODIHR:", "Will share samples;", ["OSCE Secretariat", "Office for Democratic Institutions and Human Rights"]),
    ("an adverbial in the stem", "To this end the participating States:", "Undertake to share samples;", [STATES]),
    ("a participle follows the subject of the stem", "The participating States, recalling their aims:", "Undertake to share samples;", [STATES]),
    ("the stem names a thing of somebody", "The samples of the participating States:", "Will be shared;", []),
    ("asked of others by those in the stem", "The participating States:", "Request the Secretariat to share samples;", ["OSCE Secretariat"]),
    ("an office in the stem", "The Chairmanship:", "Decides to hold a meeting;", ["Chairperson-in-Office"]),
    ("an infinitive of those who are asked", "Requests the Secretariat to:", "Decide on a list;", ["OSCE Secretariat"]),
    ("asked of itself in an item", "Decides:", "To request itself to meet;", []),
    ("the body in the stem", "The Permanent Council:", "Will meet each year;", []),
    ("the body as agent", "", "The plan will be reviewed by the Permanent Council.", []),
    ("the body by its noun", "", "The Council will review the plan.", []),
    ("the body is asked", "", "Requests the Permanent Council to review the plan.", []),
    ("the body and others", "", "The Permanent Council and the Secretariat will review the plan.", ["OSCE Secretariat"]),
    ("another body as agent", "", "The plan will be reviewed by the Forum for Security Co-operation.", ["Forum for Security Co-operation"]),
    ("a numbered decision", "", "1. Decides to set up a group.", []),
    ("persons of the body", "", "We will share samples.", [PC]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stem", "text", "names"), [case[1:] for case in BY_AND_TO], ids=[case[0] for case in BY_AND_TO]
)
def test_who_speaks_is_no_addressee_of_its_own(
    tag_text: Callable[..., TaggedProvision], stem: str, text: str, names: list[str]
) -> None:
    tags = tag_text(text, stem, body="PC", symbol="PC.DEC/9001").of(TagKind.ADDRESSEE)
    assert [tag.ref for tag in tags if tag.note != "no act"] == names


@pytest.mark.parametrize(
    ("lead_in", "text", "expected"),
    [
        ("Tasks the OSCE Secretariat to:", "Keep a register;", [("lead_in", "OSCE Secretariat")]),
        ("Calls upon the participating States", "To share samples;", [("lead_in", "participating States")]),
        (
            "Calls upon the participating States to act and requests the OSCE Secretariat to:",
            "Report;",
            [("lead_in", "OSCE Secretariat")],
        ),
        (
            "Thanks Austria, and Austria and the OSCE Secretariat are requested to:",
            "Report;",
            [("lead_in", "Austria"), ("lead_in", "OSCE Secretariat")],
        ),
        ("Requests the OSCE Secretariat to act and notes the following:", "A list;", []),
        (
            "Requests the OSCE Secretariat, in co-operation with Austria, to:",
            "Report;",
            [("lead_in", "OSCE Secretariat")],
        ),
        ("Decides that:", "The Secretariat will keep a register;", [("text", "OSCE Secretariat")]),
        ("Welcomes the report on:", "Shared samples;", []),
        ("Decides: To task the OSCE Secretariat to:", "Keep a register;", [("lead_in", "OSCE Secretariat")]),
        ("Decides: To hold a conference at which to:", "Keep a register;", []),
    ],
)
def test_items_take_the_addressee_of_their_lead_in(
    tag_text: Callable[..., TaggedProvision], lead_in: str, text: str, expected: list[tuple[str, str]]
) -> None:
    tags = tag_text(text, lead_in).of(TagKind.ADDRESSEE)
    assert [(tag.field.value, tag.ref) for tag in tags] == expected
    assert all(tag.field in set(Field) for tag in tags)


DOCUMENT = [
    ("they after their names", ["Participating States will share samples.", "They will act."], "PC", "participating States"),
    ("they in an act", ["Urges participating States to act.", "They are encouraged to hurry."], "PC", "participating States"),
    ("it after one name", ["Asks the Chairmanship to meet.", "It may invite experts."], "PC", "Chairperson-in-Office"),
    ("short name", ["Tasks the Strategic Police Matters Unit to act.", "The Unit will report."], "PC", "Strategic Police Matters Unit"),
    ("the body by its noun", ["The Council will act."], "PC", "Permanent Council"),
    ("we", ["We thank the hosts."], "MC", "Ministerial Council"),
    ("we, the States", ["We, the participating States, thank the hosts."], "MC", "participating States"),
    ("name of every body", ["Requests the Secretary-General to report."], "UN", "United Nations Secretary-General"),
    ("a stray blank before a hyphen", ["Requests the Secretary -General to report."], "UN", "United Nations Secretary-General"),
    ("office by its pronoun", ["Takes note of the report of the Secretary-General, and requests that he report."], "UN", "United Nations Secretary-General"),
    ("a State", ["Each State shall act."], "PC", "participating States"),
    ("others", ["Regrets that nine participating States replied, and calls upon the others to act."], "PC", "participating States"),
    ("those of them", ["Participating States will act.", "Those of them that have not are urged to hurry."], "PC", "participating States"),
    ("they who speak by a promise", ["AGREE that they will act."], "OECD", "adopting body"),
    ("they who spoke before", ["The participating States welcome the list.", "The lists will be short.", "They reaffirm their support."], "", "participating States"),
    ("they who are only described", ["Let those who run shelters meet; they may bring an interpreter."], "PC", ""),
    ("the Council of early texts", ["The participating States will act.", "The Council will act."], "", "Ministerial Council"),
    ("the Assembly of the body, not the one it cited", ["Thanks the United Nations General Assembly.", "The Assembly will act."], "EP", ""),
    ("the Assembly cited in the same sentence", ["Thanks the United Nations General Assembly and asks that Assembly to act."], "EP", "United Nations General Assembly"),
    ("the Assembly cited before, in its own organization", ["Thanks the United Nations General Assembly.", "The Assembly will act."], "UN", "United Nations General Assembly"),
    ("stem with a pronoun", ["The Border Security and Management Unit will act.", "It will: => hold exercises;"], "PC", "Border Security and Management Unit"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "body", "ref"), [case[1:] for case in DOCUMENT], ids=[case[0] for case in DOCUMENT])
def test_who_is_meant_in_a_document(
    tag_texts: Callable[..., list[TaggedProvision]], texts: list[str], body: str, ref: str
) -> None:
    symbol = "A/RES/95/901" if body == "UN" else ""
    last = tag_texts(*texts, body=body, symbol=symbol)[-1]
    assert [tag.ref for tag in last.of(TagKind.ADDRESSEE)] == [ref]


@pytest.mark.parametrize(
    "texts",
    [
        ["Asks the Chairmanship to meet.", "The report should be short.", "It should name places."],
        ["Asks the Chairmanship to meet.", "It will be held in Graz."],
        ["They will act."],
        ["Banks will act.", "The lists will be short.", "They reaffirm it."],
    ],
)
def test_pronouns_of_things_or_of_nobody(tag_texts: Callable[..., list[TaggedProvision]], texts: list[str]) -> None:
    assert tag_texts(*texts, body="PC")[-1].of(TagKind.ADDRESSEE) == ()


def test_documents_do_not_share_their_memory(tagger: Tagger) -> None:
    text = "It may invite experts."
    first = Provision(ProvisionId("p1"), DocumentId("d1"), 0, 0, 1, "Asks the Chairmanship to meet.", Role.OPERATIVE)
    other = replace(first, document=DocumentId("d2"), text=text)
    assert tagger.tag([first, other])[1].of(TagKind.ADDRESSEE) == ()
