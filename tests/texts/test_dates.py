from __future__ import annotations

import datetime as dt

import pytest

from osce_commitments.rules import Rule
from osce_commitments.texts.dates import date_rules, find_dates, first_and_last_day, first_day, last_day, month_number


@pytest.mark.parametrize("rule", list(date_rules()), ids=lambda rule: rule.id)
def test_examples_tell_their_iso_form(rule: Rule) -> None:
    assert isinstance(rule.examples, dict)
    for text, iso in rule.examples.items():
        assert [(date.start, date.end, date.iso) for date in find_dates(text)] == [(0, len(text), iso)], text


@pytest.mark.parametrize(
    "text",
    [
        "1234-56-78",
        "31.31.2013",
        "16.IVX.2005",
        "30 November and 12 delegations",
        "May 19-21 delegations",
        "2016-2012",
        "resolution 2178",
        "1990s",
        "No. 2012",
        "2,000 officers",
    ],
)
def test_no_dates(text: str) -> None:
    assert find_dates(text) == []


def test_dates_in_order_without_overlap() -> None:
    found = find_dates("From 2012 to 7 December 2013, then 3-4 May 2014 and in 2015")
    assert [date.iso for date in found] == ["2012", "2013-12-07", "2014-05-03/2014-05-04", "2015"]


def test_last_day() -> None:
    assert last_day("2012-02") == dt.date(2012, 2, 29)
    assert last_day("2012") == dt.date(2012, 12, 31)
    assert last_day("2012-11-30/2012-12-01") == dt.date(2012, 12, 1)
    with pytest.raises(ValueError, match="P6M"):
        last_day("P6M")


def test_month_number() -> None:
    assert [month_number(name) for name in ("January", "december")] == [1, 12]


@pytest.mark.parametrize(
    ("ref", "days"),
    [
        ("2006-12-31", ("2006-12-31", "2006-12-31")),
        ("2004", ("2004-01-01", "2004-12-31")),
        ("2004-02", ("2004-02-01", "2004-02-29")),
        ("2018/2019", ("2018-01-01", "2019-12-31")),
        ("1992-01-01/1992-06-30", ("1992-01-01", "1992-06-30")),
        ("2004-13", None),
        ("P6M", None),
        ("R/P1Y", None),
        ("--03-01", None),
        ("", None),
    ],
)
def test_first_and_last_day(ref: str, days: tuple[str, str] | None) -> None:
    assert first_and_last_day(ref) == days


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2013", "2013-01-01", "2013-12-31"),
        ("2013-02", "2013-02-01", "2013-02-28"),
        ("2013-05-02/2014", "2013-05-02", "2014-12-31"),
    ],
)
def test_the_first_and_the_last_day_of_any_precision(iso: str, first: str, last: str) -> None:
    assert (first_day(iso).isoformat(), last_day(iso).isoformat()) == (first, last)
