from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

SG = "OSCE Secretary General"
CASES = [
    ("to whom", "Requests the Secretary General to report to the Permanent Council by May.", "FSC", f"{SG} > Permanent Council"),
    ("to the body that speaks", "Requests the Secretary General to report by May.", "FSC", f"{SG} > Forum for Security Co-operation"),
    ("to the Council that meets", "Requests the Secretary General to report by May.", "MC", f"{SG} > Permanent Council"),
    ("after resolves", "Resolves that the Secretary General shall report to the Permanent Council.", "MC", f"{SG} > Permanent Council"),
    ("information given", "Asks ODIHR to provide the Permanent Council with timely information.", "MC", "Office for Democratic Institutions and Human Rights > Permanent Council"),
    ("at a meeting", "Requests the Secretary General to report at the next Ministerial Council.", "PC", f"{SG} > Ministerial Council"),
    ("at a numbered meeting", "Requests the Secretary General to report at the Twentieth Meeting of the Ministerial Council.", "PC", f"{SG} > Ministerial Council"),
    ("report handed in", "ODIHR shall submit to the Permanent Council a short report.", "PC", "Office for Democratic Institutions and Human Rights > Permanent Council"),
    ("findings", "The Secretariat will present its findings to the Permanent Council.", "MC", "OSCE Secretariat > Permanent Council"),
    ("kept informed", "Tasks the Secretariat to keep the Permanent Council informed.", "MC", "OSCE Secretariat > Permanent Council"),
    ("us", "The Secretary General will keep informing us.", "MC", f"{SG} > Ministerial Council"),
    ("under a stem", "Tasks the Secretariat to: => report once a year;", "PC", "OSCE Secretariat > Permanent Council"),
    ("on invitation", "Invites UNODC to brief the Security Committee.", "PC", "United Nations Office on Drugs and Crime > Security Committee"),
    ("States report too", "Urges participating States to report to the Secretariat.", "PC", "participating States > OSCE Secretariat"),
    ("not among States", "Urges participating States to submit reports to the participating States.", "PC", ""),
    ("a body of no catalogue", "Requests the Panel of Experts to report to the Ad Hoc Committee.", "UN", "Panel of Experts > Ad Hoc Committee"),
    ("kept apprised", "Requests the Secretary General to keep the Council apprised of progress.", "PC", f"{SG} > Permanent Council"),
    ("in a report", "Requests the Secretary General to include figures in his next report to the Permanent Council.", "FSC", f"{SG} > Permanent Council"),
    ("not a wish", "Looks forward to the Secretary General submitting a report.", "PC", ""),
    ("not looked forward to", "Requests the Secretary General to act, and looks forward to a report on it.", "PC", ""),
    ("not the present text", "Requests the Secretary General to act on the present report.", "PC", ""),
    ("not one another", "The field operations will inform one another.", "PC", ""),
    ("not a noun", "Tasks the Secretariat to print the report to the Permanent Council.", "PC", ""),
    ("passive, kept informed", "The Permanent Council will be kept informed by the Secretariat.", "FSC", "OSCE Secretariat > Permanent Council"),
    ("passive of a report", "A report shall be submitted to the Permanent Council by ODIHR.", "MC", "Office for Democratic Institutions and Human Rights > Permanent Council"),
    ("agent of the report", "A report by the Secretary General will be presented to the Permanent Council.", "FSC", f"{SG} > Permanent Council"),
    ("passive in a clause", "Requests that the Permanent Council be briefed by the Secretary General.", "PA", f"{SG} > Permanent Council"),
    ("subjunctive", "Requests that the Secretary General report to the Permanent Council.", "FSC", f"{SG} > Permanent Council"),
    ("the Council by its noun", "Requests the Secretary General to brief the Council.", "PC", f"{SG} > Permanent Council"),
    ("report that is given", "The Secretary General shall give an oral report to the Council.", "PC", f"{SG} > Permanent Council"),
    ("summary that is circulated", "The Secretariat will circulate a summary to participating States.", "PC", "OSCE Secretariat > participating States"),
    ("to the body behind the Permanent Council", "Tasks the Permanent Council to report by May.", "MC", "Permanent Council > Ministerial Council"),
    ("by the director", "Invites the ODIHR Director to present the findings to the Permanent Council.", "MC", "Office for Democratic Institutions and Human Rights > Permanent Council"),
    ("under a stem that opens with we", "We task the Secretariat with: => reporting to the Permanent Council;", "MC", "OSCE Secretariat > Permanent Council"),
    ("not a passive without an account", "The seminar shall be presented by the Secretariat.", "PC", ""),
    ("of the verb that opens the list", "Asks UNODC to act and requests the OSCE Secretariat to: => report to the Permanent Council;", "PC", "OSCE Secretariat > Permanent Council"),
    ("not by those who are helped", "Requests the Secretary General to give a chance to Member States to submit reports to the Permanent Council.", "PC", ""),
    ("not to the owner of a unit", "Requests the Secretary General to report, with a view to the ODIHR staff.", "FSC", f"{SG} > Forum for Security Co-operation"),
    ("to the secretariat of another body", "Calls upon Member States to inform the Secretariat of events.", "UN", "Member States > Secretariat"),
    ("to bodies without a name", "Requests UNODC to report to its governing bodies.", "UN", "United Nations Office on Drugs and Crime > governing bodies"),
    ("by an abbreviation", "Requests that UNFOO report to the Permanent Council.", "PC", "UNFOO > Permanent Council"),
    ("not to an abbreviation of a subject", "Requests ODIHR to report on aid to SALW.", "FSC", "Office for Democratic Institutions and Human Rights > Forum for Security Co-operation"),
    ("after a wish", "Looks forward to the seminar and requests the Secretary General to report on it.", "FSC", f"{SG} > Forum for Security Co-operation"),
    ("not a timely noun", "Requests the Secretary General to read the timely report to the Permanent Council.", "PC", ""),
    ("not a reminder beside a report of another", "Instructs the Secretariat to send reminders.", "PC", ""),
    ("not informed of something", "The Permanent Council will be informed of the results.", "PC", ""),
    ("States, no recipient", "Participating States will submit annual reports on their implementation of the Plan.", "PC", "participating States"),
    ("States report on measures", "Encourages participating States to report regularly on measures taken.", "MC", "participating States"),
    ("information on what was done", "Participating States are encouraged to provide, by May, information on measures taken.", "MC", "participating States"),
    ("information that is exchanged each year", "Each participating State will provide information on its exports of small arms.", "FSC", "participating States"),
    ("replies to a questionnaire", "Participating States will provide their replies to the questionnaire.", "FSC", "participating States"),
    ("in their reports", "Urges participating States to include such facts in their national reports.", "PC", "participating States"),
    ("passive without an agent", "A progress report shall be presented to the Permanent Council by July.", "MC", "> Permanent Council"),
    ("passive in a request", "Requests that updates be provided to the Permanent Council.", "PA", "> Permanent Council"),
    ("to all of them", "The Unit will submit an annual report to all States parties.", "UN", "Unit > States Parties"),
    ("not to one another", "Participating States will provide each other with reports on exports.", "FSC", ""),
    ("not information about suspects", "Calls on participating States to provide information on suspects.", "MC", ""),
    ("not news", "Encourages media to report on the conference.", "MC", ""),
    ("not crimes", "Encourages participating States to report crimes.", "MC", ""),
    ("not by those who are encouraged", "Calls on participating States to encourage victims to report on what they saw.", "MC", ""),
    ("not a capacity", "Encourages participating States to build the capacity to report on exports.", "MC", ""),
    ("not in a relative clause", "Urges participating States to help the Chairs, who will provide a report.", "MC", ""),
    ("not an aim", "The Secretariat should attend in order to provide the Permanent Council with information on it.", "MC", ""),
    ("not what is made public", "Requests that the reports be made available within a month.", "PC", ""),
    ("asked in a later act", "Review the fund and request the Secretary General to submit a report to the Permanent Council;", "MC", f"{SG} > Permanent Council"),
    ("request restated", "Reiterates its request in paragraph 3 that the Secretary General provide information on staff.", "PC", f"{SG} > Permanent Council"),
    ("requires", "Requires any participating State, when it inspects a ship, to submit a report to the Secretariat.", "PC", "participating States > OSCE Secretariat"),
    ("not what a noun names", "Welcomes the task of the Secretariat and the wish to submit a report to the Permanent Council.", "MC", ""),
    ("to participating States", "Tasks the Secretariat to inform participating States regularly.", "MC", "OSCE Secretariat > participating States"),
    ("summary", "Tasks the Secretariat to prepare a summary of the discussions.", "PC", "OSCE Secretariat > Permanent Council"),
    ("a day before what it is about", "Participating States are requested to report by 30 June on the steps taken.", "FSC", "participating States"),
    ("replies that are updated", "Invites participating States to update their replies to the questionnaire.", "FSC", "participating States"),
    ("not laws that are updated", "Invites participating States to update their laws on reports.", "FSC", ""),
    ("report that is prepared", "A summary report shall be prepared by the Secretariat and sent to the Permanent Council.", "FSC", "OSCE Secretariat > Permanent Council"),
    ("not a list that is prepared", "A list of reports of others shall be prepared by 30 June.", "FSC", ""),
    ("not a draft", "Tasks the Secretariat to prepare a draft summary of the rules.", "PC", ""),
    ("report after its purpose", "Tasks ODIHR to prepare, for submission to the Permanent Council at its next meeting, two reports on courts.", "MC", "Office for Democratic Institutions and Human Rights > Permanent Council"),
    ("to the meeting of a year", "Requests the Secretariat to report to the 2017 Annual Implementation Assessment Meeting.", "FSC", "OSCE Secretariat > 2017 Annual Implementation Assessment Meeting"),
    ("outcome of the work", "Tasks the Permanent Council to present the outcome of its work by July.", "MC", "Permanent Council > Ministerial Council"),
    ("passive by States", "A report shall be submitted by participating States to the Conflict Prevention Centre.", "FSC", "participating States > Conflict Prevention Centre"),
    ("not a fact", "Notes that a report will be submitted to the Permanent Council.", "MC", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "body", "ref"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_reports(tag_texts: Callable[..., list[TaggedProvision]], text: str, body: str, ref: str) -> None:
    [tagged] = tag_texts(text, body=body)
    assert [tag.ref for tag in tagged.of(TagKind.REPORT)] == ([ref] if ref else [])
    assert all(tag.rule.startswith("actors.duty.verb.") for tag in tagged.of(TagKind.REPORT))
