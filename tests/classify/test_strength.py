from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from osce_commitments.classify import load_classifier
from osce_commitments.classify.rules.strength_patterns import strength_pattern
from osce_commitments.labels import Field, ObligationStrength
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = yaml.safe_load(Path(__file__).with_name("strength_cases.yaml").read_text(encoding="utf-8"))
PATTERNS = load_yaml("strength_rules")["patterns"]


def test_case_count() -> None:
    assert len(CASES) == 351
    assert {case["expect"] for case in CASES} == {str(level) for level in ObligationStrength}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['phenomenon']} -> {case['expect']}" for case in CASES])
def test_strength(case: dict[str, str], make: Callable[..., TaggedProvision]) -> None:
    fields = {key: value for key, value in case.items() if key not in {"expect", "phenomenon"}}
    [result] = load_classifier("rules").classify([make(**fields)])
    assert result.strength == case["expect"], result.strength_cue


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_examples(name: str) -> None:
    row = PATTERNS[name]
    assert strength_pattern(name).search(row["match"])
    assert not strength_pattern(name).search(row["no_match"])


def test_cue_names_words_and_rule(make: Callable[..., TaggedProvision]) -> None:
    item = make("exchange lists;", lead_in="The Council calls upon States to:")
    [result] = load_classifier("rules").classify([item])
    cue = result.strength_cue
    assert cue is not None
    assert (cue.field, cue.text, cue.rule) == (Field.LEAD_IN, "calls upon", "lead_in_act_urging")
    assert item.provision.lead_in[cue.start : cue.end] == cue.text


def test_probabilities_are_one_hot(make: Callable[..., TaggedProvision]) -> None:
    [result] = load_classifier("rules").classify([make("States should counter terrorism.")])
    assert result.strength_probabilities == (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    assert sum(result.area_probabilities) == len(result.threat_areas) == 1


def test_review_is_asked_where_no_rule_fires(make: Callable[..., TaggedProvision]) -> None:
    unsure, sure, silent = load_classifier("rules").classify(
        [make("Work goes on."), make("States shall act."), make("Work goes on.", role="preamble")]
    )
    assert unsure.needs_review
    assert unsure.strength_cue is None
    assert not sure.needs_review
    assert not silent.needs_review


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("States shall keep a register.", "This includes copies on paper.", "mandating"),
        ("We will keep a register.", "It covers copies on paper.", "committing"),
        ("We welcome the register.", "It covers copies on paper.", "none"),
        ("States shall keep a register.", "The copies are on paper.", "none"),
    ],
)
def test_a_sentence_that_continues_has_the_strength_of_the_one_before(
    before: str, text: str, expected: str, make: Callable[..., TaggedProvision]
) -> None:
    first, second = make(before), make(text)
    second = replace(second, provision=replace(second.provision, index=1))
    assert load_classifier("rules").classify([first, second])[1].strength == expected
    assert load_classifier("rules").classify([second])[0].strength == ObligationStrength.NONE


def test_line_ends_and_typeset_spaces_change_nothing(make: Callable[..., TaggedProvision]) -> None:
    text = "We reaffirm our\ncommitment to combat trafficking in\nhuman\N{NO-BREAK SPACE}beings."
    [result] = load_classifier("rules").classify([make(text)])
    assert result.strength == ObligationStrength.COMMITTING
    assert [cue.cue.text for cue in result.area_cues] == ["trafficking in\nhuman\N{NO-BREAK SPACE}beings"]


def test_groups_name_lemmas_of_the_lexicon() -> None:
    lexicon = load_yaml("operative_verbs")
    known = {row["lemma"] for kind in ("verbs", "predicates", "modals") for row in lexicon[kind]}
    for group, members in load_yaml("strength_rules")["lemmas"].items():
        assert set(members) <= known, group
