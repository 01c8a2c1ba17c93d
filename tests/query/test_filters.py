from __future__ import annotations

from typing import Any

import pytest

from osce_commitments.errors import ConfigError
from osce_commitments.query import Filters


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("", (0, 5)),
        ("urging", (3, 3)),
        ("=urging", (3, 3)),
        (">=urging", (3, 5)),
        (">= Urging", (3, 5)),
        (">urging", (4, 5)),
        ("<=urging", (0, 3)),
        ("<urging", (0, 2)),
        ("3", (3, 3)),
        (">=4", (4, 5)),
        ("encouraging..committing", (2, 4)),
        ("committing..encouraging", (2, 4)),
        ("1..3", (1, 3)),
        (">mandating", (6, 5)),
    ],
)
def test_strength(text: str, levels: tuple[int, int]) -> None:
    assert Filters.parse(strength=text).levels == levels


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"threats": ["terorism"]}, r"no threat area 'terorism'\. choose from: transnational_threats, terrorism"),
        ({"strength": "urgent"}, r"no strength 'urgent'\. choose from: none, permissive"),
        ({"strength": "6"}, "no strength '6'"),
        ({"strength": ">=urging..mandating"}, "is no condition on strength"),
        ({"strength": "=>urging"}, "is no condition on strength.*strengths: none, permissive"),
        ({"bodies": ["XX"]}, r"no body 'XX'\. choose from: .*MC.*PC"),
        ({"roles": ["recital"]}, r"no role 'recital'\. choose from: title, preamble"),
        ({"qualifiers": ["maybe"]}, r"no qualifier 'maybe'\. choose from: resources, mandate"),
        ({"since": "05"}, "since '05' is neither a year nor a day"),
        ({"until": "2005-13-01"}, "until '2005-13-01' is neither a year nor a day"),
        ({"since": "2010", "until": "2009"}, "since 2010-01-01 is after until 2009-12-31"),
        ({"text": "a\0"}, r"query has an unprintable character \(at character 2\)\. leave it out"),
        ({"text": "\udc80"}, "query has an unprintable character"),
        *(
            ({name: f"a{sign}b"}, rf"{name} '.*' has an unprintable character\. leave it out")
            for name in ("addressee", "document", "cites", "model")
            for sign in ("\0", "\x1b", "\x9f", "\udc80")
        ),
        *(({name: "\0"}, r"'\\x00'") for name in ("addressee", "strength", "since", "due_until", "model")),
        *(({name: ["\0"]}, r"'\\x00'") for name in ("threats", "bodies", "roles", "qualifiers")),
    ],
)
def test_a_wrong_word_gets_the_choices(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Filters.parse(**given)


def test_labels_are_read_in_any_spelling() -> None:
    filters = Filters.parse(threats=["Border-Security", "human trafficking"], bodies=["mc"], roles=["ANNEX"])
    assert filters.threats == ("border_security", "human_trafficking")
    assert (filters.bodies, filters.roles) == (("MC",), ("annex",))


def test_no_area_is_asked_for_like_an_area() -> None:
    filters = Filters.parse(threats=["None", "arms"])
    assert (filters.threats, filters.without_area) == (("arms",), True)
    assert not Filters.parse(threats=["arms"]).without_area


def test_space_around_words_and_between_those_of_a_query_is_no_matter() -> None:
    filters = Filters.parse(text="stolen\n\tpassport", addressee=" ODIHR\n", model="\ttnt")
    assert (filters.addressee, filters.model) == ("ODIHR", "tnt")
    assert filters.text == Filters.parse(text="stolen  passport").text


def test_a_condition_that_there_is_not_is_told() -> None:
    with pytest.raises(TypeError, match="there is no condition 'treat'"):
        Filters.parse(treat="arms")  # type: ignore[call-arg]


def test_a_document_is_named_by_any_form_of_its_symbol() -> None:
    assert Filters.parse(document="mc.dec 91/07").document == Filters.parse(document="MC.DEC/91/07").document
