from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar, Event

from osce_commitments.errors import ConfigError
from osce_commitments.query import Selection
from osce_commitments.report import digest, overview, render
from osce_commitments.report.calendar import as_icalendar, calendar_table, events, in_words, shorten
from osce_commitments.report.model import ReportEvent
from osce_commitments.report.statements import Deadline, select

if TYPE_CHECKING:
    from osce_commitments.query import Reader


def _events(content: bytes) -> list[Event]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    return calendar.events


def test_every_event_lasts_a_day_and_says_what_and_where(held: Reader) -> None:
    content = render(overview(held, Selection()), "ics")
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    events = _events(content)
    assert len(events) > 20
    for event in events:
        assert event.duration == dt.timedelta(days=1)
        assert not isinstance(event.start, dt.datetime)
        assert event["SUMMARY"]
        assert "Source: " in event["DESCRIPTION"]
        assert event["TRANSP"] == "TRANSPARENT"


def test_identifiers_are_stable_and_occur_once(held: Reader) -> None:
    first, again = (render(overview(held, Selection()), "ics") for _ in range(2))
    assert first == again
    ids = [event.uid for event in _events(first)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"p[0-9a-f]{16}-\d+@osce-commitments", one) for one in ids)


def test_a_period_is_entered_on_its_last_day(versions: dict[int, Reader]) -> None:
    (event,) = digest(versions[2], "1").events
    assert event.last == dt.date(2016, 6, 30)
    assert "containers" in event.description


def test_signs_with_a_meaning_come_back_and_controls_do_not(versions: dict[int, Reader]) -> None:
    made = overview(versions[1], Selection())
    event = ReportEvent("p1-0", dt.date(2020, 1, 1), dt.date(2020, 1, 1), "a; b, c \\ d", "x\ny\r\x07ж" * 30)
    (read,) = _events(as_icalendar(dataclasses.replace(made, events=(event,))))
    assert read["SUMMARY"] == "a; b, c \\ d"
    assert read["DESCRIPTION"] == "x\ny  ж" * 30


def test_a_calendar_without_a_day_is_refused(versions: dict[int, Reader]) -> None:
    made = overview(versions[3], Selection.of(until="2012"))
    with pytest.raises(ConfigError, match="no dated deadline"):
        render(made, "ics")


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("Secretariat > Permanent Council", "Secretariat to report to Permanent Council"),
        ("> Permanent Council", "report to Permanent Council"),
        ("participating States", "participating States to report"),
    ],
)
def test_duties_to_report_in_words(ref: str, words: str) -> None:
    assert in_words(ref) == words


def test_shortened_text_ends_between_words() -> None:
    assert shorten("one two three", 9) == "one two …"
    assert shorten("one two", 9) == "one two"


def test_beginnings_and_ends_of_mandates_are_not_in_the_calendar(versions: dict[int, Reader]) -> None:
    deadlines = [
        ("until 30 June 2030", "2030-06-30"),
        ("from 1 March 2030", "2030-03-01"),
        ("by 1 May 2030", "2030-05-01"),
    ]
    one = dataclasses.replace(
        select(versions[2], Selection())[0], deadlines=tuple(Deadline(*due, "") for due in deadlines), reports=()
    )
    assert [event.last.isoformat() for event in events([one])] == ["2030-05-01"]
    assert [row[0][0].text for row in calendar_table([one], "Calendar").rows] == ["1\u00a0May\u00a02030"]
