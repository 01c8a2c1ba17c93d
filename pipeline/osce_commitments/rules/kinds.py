"""The kinds of rules, and the function that loads each set with its atoms."""

from __future__ import annotations

from pkgutil import resolve_name

from osce_commitments.errors import ConfigError
from osce_commitments.phrases import did_you_mean, similar
from osce_commitments.rules.record import Rule, RuleSet

# The function that loads each kind; its module is imported on first use.
rule_sets = {
    "actors": "osce_commitments.tag.actor_rules:actor_rules",
    "areas": "osce_commitments.classify.rules.areas:area_rules",
    "citations": "osce_commitments.tag.citations.citation:citation_rules",
    "dates": "osce_commitments.texts.dates:date_rules",
    "events": "osce_commitments.tag.events:event_rules",
    "facts": "osce_commitments.documents.patterns:fact_rules",
    "layout": "osce_commitments.documents.patterns:layout_rules",
    "lineage": "osce_commitments.lineage.wording:lineage_rules",
    "lists": "osce_commitments.provisions.patterns:list_rules",
    "qualifiers": "osce_commitments.tag.qualifiers:qualifier_rules",
    "roles": "osce_commitments.provisions.patterns:role_rules",
    "sentences": "osce_commitments.provisions.patterns:sentence_rules",
    "strength": "osce_commitments.classify.rules.verdict:strength_rules",
    "symbols": "osce_commitments.catalogue.symbols:symbol_rules",
    "time": "osce_commitments.tag.time_rules:time_rules",
    "verbs": "osce_commitments.grammar.lexicon:verb_rules",
}


def rule_set(kind: str) -> RuleSet:
    """Return the rules of a kind, with the atoms of the module that uses them.

    Raises:
        ConfigError: If there is no such kind; the message lists the known ones.
    """
    if kind not in rule_sets:
        raise ConfigError(f"no kind of rules is called {kind!r}", f"choose from: {', '.join(rule_sets)}")
    rules: RuleSet = resolve_name(rule_sets[kind])()
    return rules


def every_rule() -> list[Rule]:
    """Return all rules, by kind and in file order."""
    return [rule for kind in rule_sets for rule in rule_set(kind)]


def find_rule(rule_id: str) -> Rule:
    """Return the rule with an id ("qualifiers.mandate").

    Raises:
        ConfigError: If there is no such rule; the message suggests similar ids.
    """
    kind, _, name = rule_id.partition(".")
    rules = rule_set(kind)
    if name in rules.rules:
        return rules[name]
    near = similar(name, list(rules.rules), most=3, least=0.3) or sorted(rules.rules)[:3]
    msg = f"no rule of kind {kind!r} is called {name!r}"
    raise ConfigError(msg, did_you_mean(f"{kind}.{other}" for other in near))
