"""The gaps report asks what came of time limits, not of beginnings, mandates and periods."""

from __future__ import annotations

import pytest

from osce_commitments.report.statements import Deadline


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("by 31 March 2013", "2013-03-31"),
        ("within six months", "2013-06-07"),
        ("for the first time by 31 March 2013", "2013-03-31"),
        ("from 4 to 6 May 2013", "2013-05-04/2013-05-06"),
        ("at the 2013 Ministerial Council", "2013-12-05/2013-12-06"),
        ("not later than 1 May 2013", "2013-05-01"),
    ],
)
def test_a_time_by_which_something_is_due_is_a_limit(text: str, ref: str) -> None:
    assert Deadline(text, ref, "").is_limit


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("from 1 April 1994", "1994-04-01"),
        ("as of 1 March 2006", "2006-03-01"),
        ("with effect from 1 January 2014", "2014-01-01"),
        ("until 31 December 2013", "2013-12-31"),
        ("for three years from today", "2020-07-20"),
        ("from 1 October 2016 to 31 March 2017", "2016-10-01/2017-03-31"),
    ],
)
def test_a_beginning_or_a_term_is_no_limit(text: str, ref: str) -> None:
    assert not Deadline(text, ref, "").is_limit
