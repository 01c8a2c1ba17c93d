from __future__ import annotations

import sys

import pytest

from osce_commitments.grammar import Position, find_heads, governing, plain_verbs
from osce_commitments.grammar.lexicon import verb_rules
from osce_commitments.labels import Polarity, Voice
from osce_commitments.rules import Rule

ENTRIES = [rule for group in ("verb", "predicate", "modal") for rule in verb_rules().group(group)]


def main_lemmas(text: str) -> list[str]:
    return [head.lemma for head in find_heads(text) if head.is_main]


def main_rules(text: str) -> list[str]:
    return [head.rule for head in find_heads(text) if head.is_main]


@pytest.mark.parametrize("rule", ENTRIES, ids=[rule.id for rule in ENTRIES])
def test_an_entry_is_a_head_of_its_examples_alone(rule: Rule) -> None:
    assert [text for text in rule.examples if rule.id not in main_rules(text)] == []
    assert [text for text in rule.counter_examples if rule.id in main_rules(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "the crimes committed to date",
        "a day dedicated to victims",
        "We note their intention to publish it",
        "the means at the disposal of States",
        "a report entitled to the public",
        "before going to court",
        "a cold could-be",
        "a can-do attitude",
    ],
)
def test_adjectives_without_a_form_of_to_be_and_parts_of_words_are_no_heads(text: str) -> None:
    assert set(main_lemmas(text)) <= {"note"}


@pytest.mark.parametrize(
    ("text", "lemma", "position"),
    [
        ("Also requests the Secretariat to report;", "request", Position.OPENING),
        ("The Permanent Council, meeting in Vienna, requests the Secretariat to report;", "request", Position.SUBJECT),
        ("Welcomes it and, in this regard, requests the Secretariat to report;", "request", Position.COORDINATED),
        ("Stresses that States should report;", "should", Position.CONTENT),
        ("Urges States to act, stressing that States should report;", "should", Position.SUBORDINATE),
        ("That States should report;", "should", Position.CONTENT),
        ("That States which may help should report;", "may", Position.SUBORDINATE),
        ("Welcomes the guide, which should be used;", "should", Position.SUBORDINATE),
        ("Such measures as may be needed are listed.", "may", Position.SUBORDINATE),
        ("If a State cannot reply, it shall say so.", "shall", Position.SUBJECT),
        ("A State that needs help may ask for it.", "may", Position.SUBJECT),
        ("States, which bear the cost, shall report.", "shall", Position.SUBJECT),
        ("Notes that help may come.", "may", Position.CONTENT),
        ("Takes the view that help may come.", "may", Position.CONTENT),
        ("Offices, as has been agreed, shall report.", "shall", Position.COORDINATED),
        ("States which, when asked, may report are few.", "may", Position.SUBORDINATE),
        ("What a visitor has seen shall be reported.", "shall", Position.SUBJECT),
        ("What shall be reported is short.", "shall", Position.SUBORDINATE),
        ("The State in which it was made shall report.", "shall", Position.SUBJECT),
        ("The State in which it shall report is near.", "shall", Position.SUBORDINATE),
    ],
)
def test_position(text: str, lemma: str, position: Position) -> None:
    [head] = [head for head in find_heads(text) if head.lemma == lemma]
    assert head.position == position


@pytest.mark.parametrize(
    "text",
    [
        "Adopts the item entitled “States shall report”;",
        'Adopts the item entitled "States shall report";',
        "Adopts the first” item entitled “States shall report”;",
        "Adopts the plan (States shall report);",
    ],
)
def test_words_in_quotation_marks_or_parentheses_are_no_heads(text: str) -> None:
    assert main_lemmas(text) == ["adopt"]


@pytest.mark.parametrize("dash", ["-", "\u2012", "\u2013", "\u2014"])
def test_a_second_act_after_a_dash_is_one_whatever_dash_is_printed(dash: str) -> None:
    assert [head.position for head in find_heads(f"We welcome the plan {dash} encourage its authors.")] == [
        Position.SUBJECT,
        Position.COORDINATED,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CALLS UPON the OSCE to act", "Calls upon the OSCE to act"),
        ("The Council STRONGLY URGES UNODC to act", "The Council strongly urges UNODC to act"),
        ("The OSCE and UNODC", "The OSCE and UNODC"),
    ],
)
def test_verbs_in_capitals_are_read_in_small_letters(text: str, expected: str) -> None:
    assert plain_verbs(text) == expected


def test_infinitive_of_a_list_item_is_no_head() -> None:
    assert find_heads("Encourage States to reply;", is_item=True) == ()
    assert [head.lemma for head in find_heads("Encourage States to reply;")] == ["encourage"]


def test_governing_takes_the_strongest_then_the_first() -> None:
    head = governing(find_heads("Welcomes it, urges States to act, and calls upon them to reply;"))
    assert head is not None
    assert head.lemma == "urge"
    assert governing(find_heads("Recalling its decision,")) is None


def test_polarity_and_voice() -> None:
    [refrain] = find_heads("States shall not supply such arms.")
    assert refrain.polarity == Polarity.REFRAIN
    [passive] = find_heads("Such arms shall be destroyed.")
    assert (passive.polarity, passive.voice) == (Polarity.DO, Voice.PASSIVE)


def test_offsets_hold_in_long_text() -> None:
    text = "The measures of the past are described at length, without any need for action. " * 60
    sentence = "States that have not done so are again urged to reply."
    [head] = find_heads(text + sentence)
    assert (text + sentence)[head.start : head.end] == "are again urged"


def test_the_month_of_may_is_no_head() -> None:
    assert [head.lemma for head in find_heads("Requests a report by May, and welcomes it;")] == ["request", "welcome"]


def test_clauses_inside_clauses_are_read_once_each() -> None:
    """Reading every one twice would take a day for this sentence."""
    assert [head.lemma for head in find_heads("States " + "that needs help " * 40 + "shall report.")] == ["shall"]
    assert find_heads("Any person " + "who has been seen by the court, " * 40 + "shall be heard.")


@pytest.mark.parametrize(
    "unit", ["“the States decide that “it ", "“the States decide” ", "States “decide that they urge it” and "]
)
def test_verbs_in_quotations_are_looked_at_up_to_a_number(unit: str) -> None:
    """None of them is a head, so nothing else ends the search."""
    few, many = (calls(f"The States decide that {unit * count}") for count in (320, 1280))
    assert many < 2 * few


def calls(text: str) -> int:
    """Number of calls of Python functions and steps of generators that finding heads takes."""
    count = 0

    def step(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(step)
    try:
        find_heads(text)
    finally:
        sys.setprofile(None)
    return count
