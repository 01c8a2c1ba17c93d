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
]  # fmt: skip


def test_count() -> None:
    assert len(CASES) == 46


@pytest.mark.parametrize(("text", "body", "ref"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_reports(tag_texts: Callable[..., list[TaggedProvision]], text: str, body: str, ref: str) -> None:
    [tagged] = tag_texts(text, body=body)
    assert [tag.ref for tag in tagged.of(TagKind.REPORT)] == ([ref] if ref else [])
    assert all(tag.rule.startswith("actors.duty.verb.") for tag in tagged.of(TagKind.REPORT))
