from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind
from osce_commitments.tag.deadlines import find_deadlines

if TYPE_CHECKING:
    from collections.abc import Callable

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
    ("not the date of an instrument", "The framework adopted on 7 December 2012 holds."),
    ("not before the document", "The work done by 30 June 2010 is noted."),
    ("not an agent", "The plan welcomed by the Ministerial Council in Kyiv holds."),
    ("not an age", "Children within ten years of age are protected."),
    ("not a budget", "The annual budget was adopted."),
]


def test_count() -> None:
    assert len(CASES) == 20


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
