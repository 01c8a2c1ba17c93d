"""What the examples of the rules on time and events tell is what the taggers find, and by that rule."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import Role, TagKind
from osce_commitments.tag.events import event_rules, find_events
from osce_commitments.tag.time.deadlines import OPERATIONS, find_deadlines, find_periods
from osce_commitments.tag.time.resolvers import between
from osce_commitments.tag.time_rules import time_rules
from osce_commitments.texts.dates import date_rules, find_dates

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.rules import Rule
    from osce_commitments.schema import TaggedProvision

DEADLINES, PERIODS, EXCLUSIONS = (time_rules().group(name) for name in ("deadline", "period", "exclusion"))
DOCUMENT_DATE = dt.date(2012, 12, 7)  # the one of which resources/rules/time.yaml speaks
EVENTS = [rule for rule in event_rules() if not rule.name.startswith("year.")]


def _id(rule: Rule) -> str:
    return rule.name


def _value(ref: str, note: str) -> str:
    return f"{ref}; {note}" if note else ref


@pytest.mark.parametrize("rule", DEADLINES, ids=_id)
def test_deadlines(rule: Rule) -> None:
    assert isinstance(rule.examples, dict)
    for text, expected in rule.examples.items():
        found = [(_value(one.ref, one.note), one.rule) for one in find_deadlines(text, DOCUMENT_DATE)]
        assert found == ([] if expected is None else [(expected, rule.id)]), text
    for text in rule.counter_examples:
        assert find_deadlines(text, DOCUMENT_DATE) == [], text


@pytest.mark.parametrize("rule", PERIODS, ids=_id)
def test_periods(rule: Rule) -> None:
    assert isinstance(rule.examples, dict)
    for text, expected in rule.examples.items():
        assert [(_value(one.ref, one.note), one.rule) for one in find_periods(text)] == [(expected, rule.id)], text
    for text in rule.counter_examples:
        assert find_periods(text) == (), text


@pytest.mark.parametrize("rule", EXCLUSIONS, ids=_id)
def test_times_by_which_nobody_is_to_act(rule: Rule, tag_text: Callable[..., TaggedProvision]) -> None:
    assert isinstance(rule.examples, dict)
    for words, time in rule.examples.items():
        text = words if words.endswith(time) else words + time
        role = Role(rule.gives.get("role", Role.OPERATIVE))
        found = [
            tag for tag in tag_text(f"{text}.", role=role).tags if tag.kind in {TagKind.DEADLINE, TagKind.PERIODICITY}
        ]
        assert not [tag for tag in found if tag.start >= len(text) - len(time)], text


@pytest.mark.parametrize("rule", EVENTS, ids=_id)
def test_events(rule: Rule) -> None:
    assert isinstance(rule.examples, dict)
    for text, expected in rule.examples.items():
        assert [(_value(one.ref, one.note), one.rule) for one in find_events(text)] == [(expected, rule.id)], text
    for text in rule.counter_examples:
        assert rule.id not in [one.rule for one in find_events(text)], text


@pytest.mark.parametrize("rule", list(date_rules()), ids=_id)
def test_dates(rule: Rule) -> None:
    assert isinstance(rule.examples, dict)
    for text, expected in rule.examples.items():
        assert [(one.iso, one.rule) for one in find_dates(text)] == [(expected, rule.id)], text


def test_every_deadline_has_an_operation() -> None:
    assert all(callable(OPERATIONS.get(rule.gives["resolve"])) for rule in DEADLINES)


def test_a_tag_names_its_rule(tag_text: Callable[..., TaggedProvision]) -> None:
    text = "The Basel Ministerial Council decides to report annually, for the first time by 1 July 2013."
    rules = {tag.kind: tag.rule for tag in tag_text(text).tags}
    assert rules[TagKind.PERIODICITY] == "time.period.yearly"
    assert rules[TagKind.DEADLINE] == "time.deadline.date"
    assert rules[TagKind.DATE] == "dates.day"
    assert rules[TagKind.EVENT] == "events.council.of_city"


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2 and 3 May 2012", "2013", "2012-05-02/2013"),
        ("7 to 18 March 2012", "15 to 26 August 2012", "2012-03-07/2012-08-26"),
        ("2 May 2012", "3 May 2013", "2012-05-02/2013-05-03"),
        ("3 May 2013", "2 May 2012", ""),
    ],
)
def test_an_interval_has_two_ends_also_between_ranges_of_days(first: str, last: str, found: str) -> None:
    assert between(first, last) == found
