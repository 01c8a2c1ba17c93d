from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from osce_commitments.errors import ConfigError
from osce_commitments.report import Selection, digest, overview, render
from osce_commitments.report.calendar import as_icalendar, in_words, shorten
from osce_commitments.report.model import ReportEvent

if TYPE_CHECKING:
    from osce_commitments.query import Reader

_NAME = re.compile(r"[A-Z-]+(?:;[A-Z-]+=[^:;]+)*:")


def _unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_every_line_is_a_property_and_every_event_whole(held: Reader) -> None:
    lines = _unfolded(render(overview(held, Selection()), "ics").decode())
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    assert all(_NAME.match(line) for line in lines)
    events = "\n".join(lines).split("BEGIN:VEVENT")[1:]
    assert len(events) > 20
    for event in events:
        names = [line.partition(":")[0] for line in event.strip().splitlines()]
        assert names[:3] == ["UID", "DTSTAMP", "DTSTART;VALUE=DATE"]
        start, end = (re.search(rf"{name};VALUE=DATE:(\d{{8}})", event) for name in ("DTSTART", "DTEND"))
        assert start
        assert end
        days = [dt.date.fromisoformat(match[1]) for match in (start, end)]
        assert days[1] - days[0] == dt.timedelta(days=1)


def test_identifiers_are_stable_and_occur_once(held: Reader) -> None:
    first, again = (render(overview(held, Selection()), "ics") for _ in range(2))
    assert first == again
    ids = re.findall(rb"UID:(.+)\r\n", first)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(rb"p[0-9a-f]{16}-\d+@osce-commitments", one) for one in ids)


def test_a_period_is_entered_on_its_last_day(versions: dict[int, Reader]) -> None:
    (event,) = digest(versions[2], "1").events
    assert event.last == dt.date(2016, 6, 30)
    assert "containers" in event.description


def test_signs_with_a_meaning_are_escaped(versions: dict[int, Reader]) -> None:
    made = overview(versions[1], Selection())
    event = ReportEvent("p1-0", dt.date(2020, 1, 1), dt.date(2020, 1, 1), "a; b, c \\ d", "x\ny\r\x07ж" * 30)
    text = as_icalendar(dataclasses.replace(made, events=(event,)))
    lines = _unfolded(text)
    assert r"SUMMARY:a\; b\, c \\ d" in lines
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)


def test_a_calendar_without_a_day_is_refused(versions: dict[int, Reader]) -> None:
    made = overview(versions[3], Selection.of(until="2012"))
    with pytest.raises(ConfigError, match="no dated deadline"):
        render(made, "ics")


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("Secretariat > Permanent Council", "Secretariat reports to Permanent Council"),
        (" > Permanent Council", "not named reports to Permanent Council"),
        ("Secretariat > ", "Secretariat reports"),
    ],
)
def test_duties_to_report_in_words(ref: str, words: str) -> None:
    assert in_words(ref) == words


def test_shortened_text_ends_between_words() -> None:
    assert shorten("one two three", 9) == "one two …"
    assert shorten("one two", 9) == "one two"
