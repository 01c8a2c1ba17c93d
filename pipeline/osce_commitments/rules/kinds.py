"""The kinds of rules and where each set is loaded with its atoms."""

from __future__ import annotations

from osce_commitments.registry import Registry
from osce_commitments.rules.record import Rule, RuleSet

rule_sets = Registry("kind of rules")
rule_sets.add("dates", "osce_commitments.texts.dates:date_rules")


def rule_set(kind: str) -> RuleSet:
    """The rules of one kind, with the atoms of the module that uses them.

    Raises:
        ConfigError: If there is no such kind; the message lists the known ones.
    """
    found: RuleSet = rule_sets[kind]()
    return found


def every_rule() -> list[Rule]:
    """All rules, by kind and in the order of their files."""
    return [rule for kind in rule_sets for rule in rule_set(kind)]
