from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from osce_commitments.errors import ConfigError
from osce_commitments.labels import Adopted, Basis
from osce_commitments.query import CONDITIONS, Condition, Conditions, Facets, Selection


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
    assert Selection.of(strength=text).values.get("strength", (0, 5)) == levels


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"area": ["terorism"]},
            r"unknown threat area 'terorism'\. Did you mean 'terrorism'\? Choose from: transnational_threats, terrorism",
        ),
        (
            {"basis": ["headline"]},
            r"unknown basis 'headline'\. (Did you mean 'heading'\? )?Choose from: named, text, lead_in, heading, title, implied",
        ),
        ({"strength": "urgent"}, r"unknown strength 'urgent'\. Did you mean 'urging'\? Choose from: none, permissive"),
        ({"strength": "6"}, "unknown strength '6'"),
        ({"strength": ">=urging..mandating"}, "is not a condition on strength"),
        ({"strength": "=>urging"}, "is not a condition on strength.*strengths: none, permissive"),
        ({"body": ["XX"]}, r"unknown body 'XX'\. Choose from: .*MC.*PC"),
        ({"role": ["recital"]}, r"unknown role 'recital'\. Choose from: title, preamble"),
        ({"qualifier": ["maybe"]}, r"unknown qualifier 'maybe'\. Choose from: resources, mandate"),
        ({"since": "05"}, "since '05' is not a year, a month or a day"),
        ({"until": "2005-13-01"}, "until '2005-13-01' is not a year, a month or a day"),
        ({"since": "2010", "until": "2009"}, "since 2010-01-01 is after until 2009-12-31"),
        ({"text": "a\0"}, r"query contains an unprintable character \(at character 2\)\. Remove it"),
        ({"text": "\udc80"}, "query contains an unprintable character"),
        *(
            ({name: f"a{sign}b"}, rf"{name} '.*' contains an unprintable character\. Remove it")
            for name in ("addressee", "document", "cites", "model")
            for sign in ("\0", "\x1b", "\x9f", "\udc80")
        ),
        *(({name: "\0"}, r"'\\x00'") for name in ("addressee", "strength", "since", "due_until", "model")),
        *(({name: ["\0"]}, r"'\\x00'") for name in ("area", "body", "role", "qualifier")),
    ],
)
def test_a_wrong_word_gets_the_choices(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Selection.of(**given)


def test_labels_are_read_in_any_spelling() -> None:
    found = Selection.of(area=["Border-Security", "human trafficking"], body=["mc"], role=["ANNEX"]).values
    assert found == {"area": ("border_security", "human_trafficking"), "body": ("MC",), "role": ("annex",)}


def test_a_body_is_read_by_code_or_name() -> None:
    names = ["un", "United Nations", "the Permanent Council", "Council of Europe", "ministerial council"]
    assert Selection.of(body=names).values["body"] == ("UN", "UN", "PC", "CoE", "MC")
    with pytest.raises(ConfigError, match=r"the Human Rights Council has no code of its own .* Use UN"):
        Selection.of(body="Human Rights Council")


def test_named_stands_for_every_basis_but_implied() -> None:
    assert Selection.of(basis="named").values["basis"] == ("text", "lead_in", "heading", "title")
    assert Selection.of(basis=["implied", "Lead-in"]).values["basis"] == ("lead_in", "implied")
    assert Selection.of(basis=["implied", "named"]).values["basis"] == tuple(Basis)


def test_no_area_is_asked_for_like_an_area() -> None:
    assert Selection.of(area=["None", "arms"]).values["area"] == ("arms", "none")
    assert Selection.of(area="none").values["area"] == ("none",)


def test_what_is_empty_asks_for_nothing() -> None:
    assert Selection.of(area=(), strength=" ", addressee=" ", body=[], since="", adopted=None, cites="").values == {}
    assert Selection.of(strength=">=none").values == {}


def test_adoption_has_three_states() -> None:
    assert Selection.of(adopted=["Yes", "unknown"]).values == {"adopted": (Adopted.YES, Adopted.UNKNOWN)}
    assert Selection.of(adopted="any").values == {"adopted": tuple(Adopted)}
    assert Selection.of(adopted=["true"]).values == Selection.of(adopted="yes").values
    assert Selection.of(adopted=False).values == Selection.of(adopted="no").values  # type: ignore[arg-type] # the form of earlier versions


def test_space_around_words_and_between_those_of_a_query_is_no_matter() -> None:
    selection = Selection.of("stolen\n\tpassport", addressee=" ODIHR\n", model="\ttnt")
    assert (selection.values["addressee"][0], selection.values["model"]) == ("ODIHR", "tnt")
    assert selection.query == Selection.of("stolen  passport").query


def test_a_condition_that_there_is_not_is_told() -> None:
    with pytest.raises(TypeError, match="unknown condition 'threat'; did you mean 'area'"):
        Selection.of(threat="arms")  # type: ignore[call-arg]


def test_a_document_is_named_by_any_form_of_its_symbol() -> None:
    assert Selection.of(document="mc.dec 91/07").values == Selection.of(document="MC.DEC/91/07").values


def test_the_keywords_of_python_are_the_conditions() -> None:
    kinds = {"word": str, "words": str | Sequence[str], "yes_no": bool | None}
    assert get_type_hints(Conditions) == {condition.name: kinds[condition.kind] for condition in CONDITIONS}


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: str(one.name))
def test_a_declaration_is_whole(condition: Condition) -> None:
    assert condition.name == condition.name.lower().strip()
    assert condition.help
    assert condition.label
    assert condition.end in {"", *(one.name for one in CONDITIONS)}
    assert bool(condition.end) == bool(condition.span)
    assert condition.facet in {"", *(facet.name for facet in fields(Facets))}
    assert condition.kind == "words" or not condition.choices
