"""The strings that a pattern needs, and searches that are skipped without them."""

from __future__ import annotations

import re

import pytest

from osce_commitments.rules import Pattern
from osce_commitments.rules.kinds import rule_set
from osce_commitments.rules.pattern import Patterns, needed_strings


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        (r"\b[Tt]errorist acts?\b", ("terrorist act",)),
        (r"(?:urge|call upon)s? the", ("call upon", "urge")),
        (r"(?:borders?|border post)", ("border",)),
        (r"(?i:No\.) ?(?P<number>\d+)", ("no.",)),
        (r"[Ss]tates{2,}", ("state",)),
        (r"a{0,2}(?:b+cd|cd[\]x]e)", ("cd",)),
        (r"\u0041bcde", ("bcde",)),
        (r"(?:lamp)(?P=name)?(?!harbour)(?(name)oil)", ("lamp",)),
        (r"(?=[ab])(?:above|beyond) +(?P<what>\w+)", ("above", "beyond")),
        (r"(?:ab){1,3}c?", ("ab",)),
        (r"colou?r", ("colo",)),
        (r"(?<!pre)view", ("view",)),
    ],
)
def test_every_match_contains_one_of_the_strings(source: str, needed: tuple[str, ...]) -> None:
    assert needed_strings(source) == needed


@pytest.mark.parametrize(
    "source",
    [
        r"\w+",
        r"(?:abc)?",
        r"abc|\d",
        r" ",
        r"caf\u00e9|\u00e9",
        r"(?:lamp){,3}",
        r"[^l]",
        r"[l-p]",
        r"(?x)l a m p",
        r"\x6c",
    ],
)
def test_a_pattern_without_such_strings_has_none(source: str) -> None:
    assert needed_strings(source) == ()


@pytest.mark.parametrize(
    ("source", "flags", "text"),
    [
        ("task force", re.IGNORECASE, "Task Force"),
        ("task", re.IGNORECASE, "ta\u017f\u212a"),  # a long s and the sign for kelvin
        ("inform", re.IGNORECASE, "\u0130nform"),
        ("Organi[sz]ed", 0, "Organized"),
        ("(?i:organi)[sz]ed", 0, "ORGANIsed"),
    ],
)
def test_what_the_expression_finds_the_pattern_finds(source: str, flags: int, text: str) -> None:
    expected = re.compile(source, flags).search(text)
    assert expected
    text += " and" * 20
    found = Pattern(source, flags).search(text)
    assert found
    assert found.span() == expected.span()
    assert [match.span() for match in Pattern(source, flags).finditer(f"x {text}", 1)] == [
        (2 + expected.start(), 2 + expected.end())
    ]


def test_a_text_without_the_strings_is_not_searched() -> None:
    pattern, text = Pattern("terroris[mt]"), "Urges the participating States to ratify the Convention without delay."
    assert pattern.search(text) is None
    assert list(pattern.finditer(text)) == []
    assert "compiled" not in vars(pattern)


def test_a_replacement_is_skipped_without_the_strings() -> None:
    pattern = Pattern("terroris[mt]")
    assert pattern.sub("_", "Urges the participating States to ratify the Convention without delay.").endswith("delay.")
    assert "compiled" not in vars(pattern)
    assert pattern.sub("_", "Acts of terrorism, terrorists and the financing of terrorism in all its forms", 2) == (
        "Acts of _, _s and the financing of terrorism in all its forms"
    )


@pytest.mark.parametrize("kind", ["actors", "areas", "qualifiers", "strength"])
def test_every_example_of_a_rule_contains_a_string_of_it(kind: str) -> None:
    for rule in rule_set(kind):
        for example in rule.examples:
            assert not re.search(rule.source, example, re.IGNORECASE if rule.ignores_case else 0) or (
                rule.pattern.may_match(example)
            ), (rule.id, example)


def test_at_one_look_expressions_are_left_that_a_text_may_match() -> None:
    sources = ("terroris[mt]", "drugs?|heroin", "", r"\bIED", "financing of terrorism", "[0-9]+")
    patterns = Patterns([Pattern(source, re.IGNORECASE) for source in sources])
    assert patterns.that_may_match("An IED and HEROIN") == [1, 2, 3, 5]
    assert patterns.that_may_match("Financing of terrorism: terror\u0131\u017fts") == [0, 2, 4, 5]
    assert patterns.that_may_match("") == [2, 5]


@pytest.mark.parametrize("kind", ["areas", "strength"])
def test_one_look_leaves_every_rule_that_matches_an_example(kind: str) -> None:
    rules = list(rule_set(kind))
    patterns = Patterns([rule.pattern for rule in rules])
    for text in [example for rule in rules for example in rule.examples]:
        found = {at for at, rule in enumerate(rules) if rule.pattern.compiled.search(text)}
        assert found <= set(patterns.that_may_match(text)), text
