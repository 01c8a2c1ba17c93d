"""Decisions are tried in order, and each names a rule and conditions that the code of its kind knows."""

from __future__ import annotations

import pytest

from osce_commitments.classify.rules.strength import HeadFacts
from osce_commitments.classify.rules.verdict import strength_rules
from osce_commitments.grammar.lexicon import verb_rules
from osce_commitments.labels import STRENGTHS
from osce_commitments.rules import RuleSet
from osce_commitments.rules.decisions import decide, read_decisions
from osce_commitments.tag.time.exclusions import TimeFacts
from osce_commitments.tag.time_rules import time_rules

TABLES = strength_rules().decisions
KINDS = [
    pytest.param(rules, facts, table, id=table)
    for rules, facts in ((strength_rules(), HeadFacts), (time_rules(), TimeFacts))
    for table in rules.decisions
]
WITH_RULES = {
    "after",
    "after_not",
    "passing",
    "then",
    "then_not",
    "action",
    "before",
    "around",
    "subject",
    "subject_not",
}


class Facts:
    def __init__(self, **values: object) -> None:
        self.asked: list[str] = []
        self._values = values

    def __getattr__(self, name: str) -> object:
        return lambda wanted: self.asked.append(name) or self._values[name] in wanted


def test_the_first_decision_whose_conditions_hold_decides() -> None:
    table = read_decisions(
        "test",
        [
            {"give": "storm", "when": {"sky": "dark", "wind": ["strong", "wild"]}},
            {"give": "rain", "when": {"sky": "dark"}, "unsure": True},
            {"give": "sun"},
        ],
    )
    facts = Facts(sky="dark", wind="mild")
    assert decide(table, facts) == table[1]
    assert facts.asked == ["sky", "wind", "sky"]
    assert [one.is_sure for one in table] == [True, False, True]
    assert decide(table, Facts(sky="blue", wind="wild")).give == "sun"


def test_an_unknown_key_is_a_defect() -> None:
    with pytest.raises(ValueError, match="test: rain: unknown key gives"):
        read_decisions("test", [{"give": "rain", "gives": {}}])


@pytest.mark.parametrize(("rules", "facts", "table"), KINDS)
def test_every_condition_is_known_and_every_rule_exists(rules: RuleSet, facts: type, table: str) -> None:
    for one in rules.decisions[table]:
        for name, value in one.when:
            assert callable(getattr(facts, name)), (one.give, name)
            assert name not in WITH_RULES or set(value) <= set(rules.rules), (one.give, name)


def test_every_decision_is_a_rule_with_a_level() -> None:
    modals = {rule.gives["lemma"].replace(" ", "_") for rule in verb_rules().group("modal")}
    names = {one.give for table in TABLES.values() for one in table} - {"act_{level}", "modal_{lemma}"}
    names |= {f"act_{level}" for level in STRENGTHS if level != "none"}
    names |= {f"modal_{lemma}" for lemma in modals - {"will", "need_to"}}
    assert {name for name in names if name not in strength_rules().rules} <= {"modal_have_to"}
    assert all("level" in strength_rules()[name].gives for name in names & set(strength_rules().rules))


@pytest.mark.parametrize(("rules", "facts", "table"), KINDS)
def test_the_last_decision_alone_has_no_condition(rules: RuleSet, facts: type, table: str) -> None:  # noqa: ARG001
    decisions = rules.decisions[table]
    assert [one.when == () for one in decisions] == [False] * (len(decisions) - 1) + [True]


def test_every_exclusion_is_a_rule() -> None:
    names = {one.give for one in time_rules().decisions["exclusion"]} - {""}
    asked_elsewhere = {"exclusion.before_document", "exclusion.narrative"}
    assert names <= set(time_rules().rules)
    assert asked_elsewhere.isdisjoint(names)
