from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind
from osce_commitments.tag.time.deadlines import find_deadlines

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = [
    ("end of a year", "Report {deadline|by the end of 2013|2013-12-31|}."),
    ("day", "Report {deadline|no later than 1 July 2013|2013-07-01|}."),
    ("day without a year", "Report {deadline|by 1 July|2013-07-01|the document's year or the next}."),
    ("duration", "Report {deadline|within two years|2014-12-07|P2Y from the document's date}."),
    ("days run from an event", "Reply {deadline|within ten days|P10D|from an event, not from the document's date}."),
    ("day to come", "Meet {deadline|on 14 and 15 May 2013|2013-05-14/2013-05-15|}."),
    ("half a year", "Meet {deadline|in the first half of 2014|2014-01-01/2014-06-30|}."),
    ("next Council", "Report {deadline|to the next Ministerial Council|2013-12-05/2013-12-06|MC(20) Kyiv 2013}."),
    ("named Council", "Report {deadline|at the 2014 Ministerial Council|2014-12-04/2014-12-05|MC(21) Basel 2014}."),
    ("yearly", "Report {periodicity|annually|R/P1Y|}."),
    ("every two years", "Report {periodicity|every two years|R/P2Y|}."),
    ("twice a year", "Report {periodicity|twice a year|R/P6M|}."),
    ("quarterly", "Report {periodicity|quarterly|R/P3M|}."),
    ("at least once", "Report {periodicity|at least once a year|R/P1Y|}."),
    ("no interval", "Report {periodicity|on a regular basis||no interval stated}."),
    ("after adoption", "Decides to meet {deadline|three years after its adoption|2015-12-07|P3Y from the document's date}."),
    ("event without a date", "Report {deadline|before the summer recess||the date is not known}."),
    ("in advance", "Announce visits {deadline|at least three weeks in advance|P3W|before an event}."),
    ("session", "Report {deadline|at its ninety-seventh session||the date of the meeting is not known}."),
    ("numbered meeting of the Council", "Report to the Ministerial Council {deadline|at its Twenty-First Meeting|2014-12-04/2014-12-05|MC(21) Basel 2014}."),
    ("month of the Council", "Report to the Ministerial Council {deadline|at its meeting in December 2013|2013-12-05/2013-12-06|MC(20) Kyiv 2013}."),
    ("month without a year", "Report {deadline|by the end of June|2013-06-30|the document's year or the next}."),
    ("season", "Report {periodicity|each spring|R/P1Y|}."),
    ("courses a year", "Hold {periodicity|two training courses a year|R/P6M|}."),
    ("season without a year", "Report {deadline|by next autumn|2013|autumn, the document's year or the next}."),
    ("year without a preposition", "Decides to meet {deadline|next year|2013|the document's year}."),
    ("half of a month", "Report {deadline|in the first half of March|2013-03-01/2013-03-15}."),
    ("end of a school year", "Remain {deadline|until the end of the next school year||the date is not known}."),
    ("event of a year", "Report {deadline|at its Annual Session of 2014|2014|}."),
    ("event with its date", "Report {deadline|before the opening of the Conference on 24 March 2013|2013-03-24}."),
    ("Council by its place", "Report to the Ministerial Council {deadline|at its Basel meeting|2014-12-04/2014-12-05|MC(21) Basel 2014}."),
    ("day counted from an event", "Reply {deadline|on the tenth day after the theft|P10D}."),
    ("no more than", "Reply {deadline|in no more than ten days|P10D}."),
    ("only after", "Publish them {deadline|only after the trial||the date is not known}."),
    ("adoption in a clause", "Report {deadline|within 60 days after this Decision is adopted|2013-02-05}."),
    ("next meeting of a body", "Report {deadline|by the Council's next regular meeting||the date of the meeting is not known}."),
    ("what is to be done before an event", "Decides to have old barrels marked {deadline|before export||the date is not known}."),
    ("receipt", "Reply {deadline|six weeks from receipt of the list|P6W}."),
    ("not what others send", "Decides to use the replies that they send by 30 June 2013."),
    ("not a time of somebody's mandate", "Invites the office, whose new mandate will apply from 1 May 2013, to act."),
    ("not what would have been", "Repeals the plan, which would have ended on 31 December 2013."),
    ("not a past plan", "Extends the mandate, which was to end by 31 December 2013."),
    ("not an event that is awaited", "We look forward to the Seminar, to be held in June 2013."),
    ("not the time of what was done", "At its tenth session, the Council adopted a list."),
    ("time that opens a sentence", "{deadline|At its tenth session||the date of the meeting is not known}, the Council will adopt a list."),
    ("not what something depends on", "A claim should not be dependent on the conclusion of the trial."),
    ("not a condition", "If, however, their membership ends during their term of office, others will act."),
    ("not beside a year", "Decides to meet {deadline|in 2013|2013}, ten years after the flood."),
    ("calendar day of entry into force", "The amendment shall enter into force {deadline|on 1 January 2017|2017-01-01}."),
    ("not the day of entry into force", "This Treaty shall enter into force on the tenth day after the third ratification."),
    ("duty in a relative clause", "Establishes a group which shall report {deadline|by 30 June 2013|2013-06-30}."),
    ("content clause", "Decides that they meet {deadline|by 30 June 2013|2013-06-30}."),
    ("not years of a story", "Ten years after the attacks in Ruritania, the Ministers met."),
    ("not what had happened", "Two years after the wall had fallen, it was to be rebuilt."),
    ("not a month of a story", "The evaluation was completed in May."),
    ("not a year that is ruled out", "Decides to meet in Ruritania and not in 2014."),
    ("not a modal", "Gives tools, of which each may take some."),
    ("not a season of each year", "Patrols shall be conducted in winter."),
    ("not a time of a thing", "Decides to end the monthly tables."),
    ("not the time of an offer", "Welcomes the offer of Norway to meet in 2014."),
    ("not the date of an instrument", "The framework adopted on 7 December 2012 holds."),
    ("not before the document", "The work done by 30 June 2010 is noted."),
    ("not an agent", "The plan welcomed by the Ministerial Council in Kyiv holds."),
    ("not an age", "Children within ten years of age are protected."),
    ("not a budget", "The annual budget was adopted."),
    ("part of next year", "Meet {deadline|during the second half of next year|2013-07-01/2013-12-31|}."),
    ("end of a quarter", "Report {deadline|by the end of the first quarter of 2013|2013-03-31|}."),
    ("months of a year", "Report {deadline|in the first six months of 2013|2013-01-01/2013-06-30|}."),
    ("middle of a month", "Report {deadline|by mid-May 2013|2013-05-15|}."),
    ("end of next month", "Report {deadline|by the end of next month|2013-01-31|the document's month}."),
    ("end of the year in a word", "Report {deadline|before year-end|2012-12-31|the document's year}."),
    ("year that is over", "Report {deadline|before 2013 is over|2013-12-31|}."),
    ("beginning", "Share data {deadline|as from 1 January 2014|2014-01-01|}."),
    ("spell", "Meet {deadline|from 4 to 6 May 2013|2013-05-04/2013-05-06|}."),
    ("period of years", "Act {deadline|in the period 2013-2015|2013/2015|}."),
    ("the document's own year", "The Chairmanship will report {deadline|in the course of 2012|2012|}."),
    ("hours before an event", "Confirm visits {deadline|at least 24 hours before departure|PT24H}."),
    ("working days", "Reply {deadline|within ten working days|P10D}."),
    ("number twice", "Reply {deadline|within thirty (30) days of receipt|P30D}."),
    ("coming months", "Act {deadline|in the coming six months|2013-06-07}."),
    ("term of office", "Report {deadline|before the end of its term||the date is not known}."),
    ("last meeting", "Report {deadline|by its last meeting before the summer recess||the date is not known}."),
    ("conference of a year", "Report {deadline|at the 2013 Annual Security Review Conference|2013|}."),
    ("Council of next year", "Report {deadline|to next year's Ministerial Council|2013-12-05/2013-12-06|MC(20) Kyiv 2013}."),
    ("ordinal", "Report {periodicity|every fifth year|R/P5Y|}."),
    ("once in", "Report {periodicity|once every three months|R/P3M|}."),
    ("once in years is no time limit", "Report {periodicity|once in two years|R/P2Y|}."),
    ("number and unit in one", "Send {periodicity|six-monthly|R/P6M|} updates."),
    ("fortnight", "Report {periodicity|every fortnight|R/P2W|}."),
    ("at a yearly event", "Report {periodicity|at each Annual Security Review Conference|R/P1Y|}."),
    ("not a yearly event's name", "Speak at a Regular Seminar."),
    ("not what was done", "The seminar was held between 4 and 6 May 2013."),
    ("not what was held at a place", "Recalls the seminar held at Rome, Italy, from 4 to 6 May 2013."),
    ("not a table", "The number of cases between 2010 and 2020 will be studied."),
    ("request to one body", "Requests the Secretary General to send the list {deadline|within 30 days|2013-01-06|P30D from the document's date}."),
    ("request to one body, the time before its object", "Asks the Secretariat to name, {deadline|within ten days|2012-12-17}, a chair."),
    ("request of the like many times", "Requests the Secretariat to forward complaints {deadline|within three days|P3D}."),
    ("request for the case of something", "In the event of a flood, the Secretariat is requested to print a map {deadline|within two days|P2D}."),
    ("request in the passive", "The Secretary General is requested to submit the paper {deadline|within 20 days|2012-12-27}."),
    ("rule after a time", "Decides that films are deleted {deadline|after two days|P2D}."),
    ("request to one body, a fortnight", "Asks the Secretariat to name a chair {deadline|within a fortnight|2012-12-21}."),
    ("answer of one body", "Asks the Secretariat to answer any question {deadline|within ten days|P10D}."),
    ("step of those who act", "Having received the list, participating States will name an office {deadline|within two months|P2M}."),
    ("step in a relative clause", "Participating States that are able to help will say so {deadline|within three months|P3M}."),
    ("not a step", "Calls on States that have not yet done so to ratify it {deadline|within two years|2014-12-07}."),
    ("step of a participle", "Decides that States, once notified of a case, shall meet {deadline|within three months|P3M}."),
    ("answers to questions", "Decides to answer questions {deadline|within a month|P1M}."),
    ("answers, in a gerund", "States commit themselves to answering enquiries {deadline|within one month|P1M}."),
    ("adoption of something else", "Requests States to adopt plans and to publish them {deadline|within two months of their adoption|P2M}."),
    ("adoption of what is to be drawn up", "Requests it to draw up a guide and to send it out {deadline|within two months of its adoption|P2M}."),
    ("adoption of the document", "Decides to review this Decision {deadline|within two years of its adoption|2014-12-07}."),
    ("what the chosen must satisfy", "Decides to choose projects that can be completed {deadline|within two years|P2Y}."),
    ("each of some things", "Decides that each project shall be completed {deadline|within two years|P2Y}."),
    ("at most", "States may keep the boats {deadline|for up to six months|P6M}."),
    ("not after a month", "Decides to meet {deadline|not after March|2013-03-31}."),
    ("own meeting of a year", "Report to the Ministerial Council {deadline|at its 2013 meeting|2013-12-05/2013-12-06}."),
    ("Council behind its place", "Report {deadline|in time for the Basel meeting of the Ministerial Council|2014-12-04/2014-12-05}."),
    ("Council by its place alone", "Send it to the Ministerial Council for adoption {deadline|in Kyiv|2013-12-05/2013-12-06}."),
    ("from and until", "It shall be open {deadline|from 14 May 2013 until 13 May 2014|2013-05-14/2014-05-13}."),
    ("year in the middle", "It will be drafted {deadline|by mid-2014|2014-06-30} and discussed {deadline|in the third quarter of that year|2014-07-01/2014-09-30}."),
    ("date in the same text", "Decides to meet {deadline|on 13 May 2015|2015-05-13} and to invite them {deadline|at least one month before that date|2015-04-13}."),
    ("own intention", "Expresses its intention to review the plan {deadline|in 2014|2014}."),
    ("not what somebody intends", "Welcomes Norway's intention to review the plan in 2014."),
    ("not what somebody plans", "Thanks Norway, which has cleared six barracks and plans to clear the last by 2016."),
    ("not what somebody has promised", "Norway has promised to open two schools before the end of 2013."),
    ("not how long something took", "A spill was reported only after ten days."),
    ("not another event of a place", "Report to the Ministerial Council on the seminar in Kyiv."),
    ("not a budget of years", "The budget for the period 2013-2015 will be cut."),
    ("not data of a year", "Data from 2014 will be kept."),
    ("not work of the year", "The work done in the course of 2012 is noted."),
    ("not a mandate", "Act within its mandate."),
    ("not two groups", "Meet in two working groups."),
    ("not an event without a year", "Speak at each meeting of experts."),
    ("duty of the document itself", "Notes that this Decision shall hold for {deadline|one year from the day of its adoption|2013-12-07}."),
    ("not a duty that is only told", "Notes that the Storm Board shall meet in 2014."),
    ("meeting that is to act", "Decides that the Storm Conference, to be convened in Basel {deadline|from 4 to 6 May 2013|2013-05-04/2013-05-06}, will adopt it."),
    ("not a meeting that something else prepares", "Decides to meet {deadline|in 2013|2013} and to prepare for the conference of States in 2015."),
    ("need that is emphasized", "Emphasizes the need to end hunger {deadline|by 2025|2025}."),
]  # fmt: skip


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_deadlines(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.DEADLINE, TagKind.PERIODICITY)


@pytest.mark.parametrize(
    ("text", "ref", "note"),
    [
        ("within two years", "P2Y", "the document has no date"),
        ("by 1 July", "--07-01", "the document has no date"),
        ("at the next Ministerial Council", "", "the document has no date"),
    ],
)
def test_without_an_anchor(text: str, ref: str, note: str) -> None:
    assert [(due.ref, due.note) for due in find_deadlines(text, None)] == [(ref, note)]


def test_no_council_is_known_after_the_last() -> None:
    (due,) = find_deadlines("at the next Ministerial Council", dt.date(2040, 1, 1))
    assert (due.ref, due.note) == ("", "the catalogue knows no later Ministerial Council")


def test_a_day_that_the_next_month_lacks() -> None:
    (due,) = find_deadlines("within one month", dt.date(2013, 1, 31))
    assert due.ref == "2013-02-28"


DOCUMENT = [
    ("before an event", ["Decides to hold the seminar on 14 and 15 May 2013.", "Invite experts two months before the seminar;"], "2013-03-14"),
    ("after an event", ["Decides to hold the seminar on 14 and 15 May 2013.", "Report within two months after the seminar;"], "2013-07-15"),
    ("that date", ["Decides to meet by 31 March 2014.", "Report six months before that date;"], "2013-09-30"),
    ("that year", ["The plan will be reviewed in 2014.", "Report before the end of that year;"], "2014-12-31"),
    ("unknown event", ["Decides to meet.", "Report within two months after the seminar;"], "P2M"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "ref"), [case[1:] for case in DOCUMENT], ids=[case[0] for case in DOCUMENT])
def test_dates_that_the_document_named_before(
    tag_texts: Callable[..., list[TaggedProvision]], texts: list[str], ref: str
) -> None:
    assert [tag.ref for tag in tag_texts(*texts)[-1].of(TagKind.DEADLINE)] == [ref]


@pytest.mark.parametrize(
    ("stem", "refs"), [("Welcomes Norway's intention to open:", []), ("Requests Norway to open:", ["2014-06"])]
)
def test_what_a_stem_only_welcomes_is_not_due(
    tag_text: Callable[..., TaggedProvision], stem: str, refs: list[str]
) -> None:
    assert [tag.ref for tag in tag_text("two schools by June 2014;", stem).of(TagKind.DEADLINE)] == refs


def test_the_next_council_is_not_the_one_that_speaks(tag_texts: Callable[..., list[TaggedProvision]]) -> None:
    [tagged] = tag_texts("Report at the next Ministerial Council.", date=dt.date(2013, 12, 2), body="MC")
    assert [tag.ref for tag in tagged.of(TagKind.DEADLINE)] == ["2014-12-04/2014-12-05"]


@pytest.mark.parametrize(
    ("texts", "ref"),
    [
        (
            ["Extends the mandate of the Mission until 31 May 2014.", "Report one month before the mandate ends."],
            "2014-04-30",
        ),
        (["Extends the mandate of the Mission until 31 May 2014.", "Stay until the end of its mandate."], "2014-05-31"),
        (["Decides to meet by 31 May 2014.", "Report one month before the mandate ends."], "P1M"),
    ],
)
def test_the_end_of_a_mandate_that_the_document_sets(
    tag_texts: Callable[..., list[TaggedProvision]], texts: list[str], ref: str
) -> None:
    assert [tag.ref for tag in tag_texts(*texts)[-1].of(TagKind.DEADLINE)] == [ref]


@pytest.mark.parametrize(
    ("lead_in", "text", "ref"),
    [
        ("Requests the Secretary General to:", "circulate the list within ten days;", "2012-12-17"),
        ("Tasks the Secretariat:", "To circulate the list within ten days;", "2012-12-17"),
        ("Requests the Secretary General to:", "answer complaints within ten days;", "P10D"),
        ("Calls on participating States to:", "publish the list within ten days;", "P10D"),
    ],
)
def test_days_that_a_stem_asks_for(tag_text: Callable[..., TaggedProvision], lead_in: str, text: str, ref: str) -> None:
    assert [tag.ref for tag in tag_text(text, lead_in=lead_in).of(TagKind.DEADLINE)] == [ref]


@pytest.mark.parametrize(
    ("text", "body", "ref"),
    [
        ("Report to the next Ministerial Council.", "PC", "2013-12-05/2013-12-06"),
        ("Report to the next Ministerial Council.", "other", ""),
        ("Report to the next OSCE Ministerial Council.", "other", "2013-12-05/2013-12-06"),
        ("Members of the WTO report to the next Ministerial.", "", ""),
    ],
)
def test_a_ministerial_of_another_organization(
    tag_text: Callable[..., TaggedProvision], text: str, body: str, ref: str
) -> None:
    found = tag_text(text, body=body, date=dt.date(2013, 2, 1)).of(TagKind.DEADLINE)
    assert [tag.ref for tag in found] == [ref]


def test_a_text_of_times_is_read_up_to_a_bound() -> None:
    few, many = (find_deadlines("Report by 3 May 2093. " * count, None) for count in (40, 400))
    assert [len(few), len(many)] == [40, 60]


@pytest.mark.parametrize("words", ["by 29 February", "by 0 May", "by 31 April"])
def test_a_day_that_its_year_does_not_have_is_no_deadline(words: str) -> None:
    assert find_deadlines(f"States will report {words}.", dt.date(2092, 3, 1)) == []
