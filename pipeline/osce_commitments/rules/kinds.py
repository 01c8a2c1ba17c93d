"""The kinds of rules, the function that loads each set with its atoms, and rules described for people and programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pkgutil import resolve_name
from typing import Any

from osce_commitments.errors import ConfigError
from osce_commitments.phrases import did_you_mean, similar
from osce_commitments.rules.decisions import DecisionRecord
from osce_commitments.rules.lexicon import lexicon_atom
from osce_commitments.rules.record import Rule, RuleSet

_ATOM = re.compile(r"(?<!\(\?P)<([a-z_][a-z0-9_]*(?::[a-z_]+(?:-[a-z_]+)?(?:\.\w+)?)?)>")
_LONGEST_ATOM = 300  # characters; an atom made of all names of the catalogue is cut there
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


def rule_as_dict(rule: Rule) -> dict[str, Any]:
    """Return the record without compiled patterns, for JSON."""
    return {
        "id": rule.id,
        "reason": rule.reason,
        "gives": dict(rule.gives),
        "when": [dict(decision.when) for decision in decisions_of(rule)],
        "any_of": list(rule.any_of),
        "phrases": list(rule.phrases),
        "parts": {name: list(branches) for name, branches in rule.parts.items()},
        "unless": list(rule.unless),
        "atoms": used_atoms(rule),
        "examples": rule.examples if isinstance(rule.examples, dict) else list(rule.examples),
        "counter_examples": list(rule.counter_examples),
    }


def used_atoms(rule: Rule) -> dict[str, str]:
    """Return the atoms used in the patterns of a rule and their contents; long lists are truncated."""
    branches = [*rule.branches, *rule.unless, *(one for part in rule.parts.values() for one in part)]
    names = dict.fromkeys(name for branch in branches for name in _ATOM.findall(branch))
    return {name: _cut(lexicon_atom(name) if ":" in name else rule.atoms[name]) for name in names}


def decisions_of(rule: Rule) -> list[DecisionRecord]:
    """Return the decisions that give a rule, in the order in which they are tried."""
    tables = rule_set(rule.kind).decisions.values() if rule.kind in rule_sets else ()
    named = ((decision, re.sub(r"\{\w+\}", r"\\w+", decision.give)) for table in tables for decision in table)
    return [decision for decision, name in named if re.fullmatch(name, rule.name)]


def _conditions(decision: DecisionRecord) -> str:
    """Return the conditions in words ("lemma: agree; after: object.fact")."""
    told = (f"{name}: {', '.join(value) if isinstance(value, tuple) else value}" for name, value in decision.when)
    return "; ".join(told) or "no decision before it holds"


def rule_lines(rule: Rule) -> Iterator[str]:
    """Return a rule as lines of text."""
    yield rule.id
    if rule.reason:
        yield f"  {rule.reason}"
    if rule.gives:
        yield "  gives: " + ", ".join(f"{key} = {value}" for key, value in rule.gives.items())
    yield from _listed("decides when", map(_conditions, decisions_of(rule)))
    yield from _listed("any of", rule.any_of)
    yield from _listed("phrases", rule.phrases)
    for name, branches in rule.parts.items():
        yield from _listed(name, branches)
    yield from _listed("unless the words before hold", rule.unless)
    yield from _listed("atoms", [f"<{name}> = {source}" for name, source in used_atoms(rule).items()])
    yield from _listed("examples", rule.examples)
    yield from _listed("counter-examples", rule.counter_examples)


def _listed(name: str, values: Iterable[str]) -> Iterator[str]:
    shown = list(values)
    if shown:
        yield f"  {name}:"
        yield from (f"    {value}" for value in shown)


def _cut(source: str) -> str:
    return source if len(source) <= _LONGEST_ATOM else source[:_LONGEST_ATOM] + "…"
