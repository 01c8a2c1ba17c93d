"""Every rule shows that it is needed: each branch has an example that it alone finds, and no counter-example is found."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest
import yaml

from osce_commitments.errors import ConfigError
from osce_commitments.resources import load_yaml
from osce_commitments.rules import Rule, RuleSet, load_rules, loader
from osce_commitments.rules.kinds import every_rule, rule_set, rule_sets
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.rules.record import fill_atoms, phrase_source, readings

RULES = every_rule()
KINDS = pytest.mark.parametrize("kind", list(rule_sets))


def faults(rule: Rule) -> Iterator[str]:
    """Why a rule does not stand: missing or failing examples, branches without one, phrases read otherwise than found."""
    yield from (f"{rule.id}: no {kind}" for kind in ("examples", "counter_examples") if not getattr(rule, kind))
    for index, branch in enumerate(rule.any_of):
        if not any(rule.branch(index).search(text) for text in rule.examples):
            yield f"{rule.id}: no example shows the branch {branch}"
    for phrase in rule.phrases:
        yield from (f"{rule.id}: {phrase} misses {text!r}" for text in readings(phrase) if not rule.search(text))
    if rule.branch_sources:
        yield from (f"{rule.id}: misses {text!r}" for text in rule.examples if not rule.search(text))
        yield from (f"{rule.id}: finds {text!r}" for text in rule.counter_examples if rule.search(text))
        yield from (f"{rule.id}: {text!r} is passed over" for text in rule.examples if not rule.pattern.may_match(text))


@KINDS
def test_every_rule_of_a_kind_stands(kind: str) -> None:
    assert [fault for rule in rule_set(kind) for fault in faults(rule)] == []


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="no kind of rules is called 'nothing'"):
        rule_set("nothing")


def test_every_kind_has_rules() -> None:
    assert all(rule_set(kind).rules for kind in rule_sets)


def test_atoms_are_filled_but_group_names_are_not() -> None:
    assert fill_atoms("<day> (?P<month>May)", {"day": "(?:1|2)"}) == "(?:1|2) (?P<month>May)"


def test_exclusion_looks_at_the_words_before() -> None:
    rule = Rule("test.fund", "test", any_of=(r"from funds",), unless=(r"costs$", r"costs .*met $"))
    assert rule.search("to be paid from funds")
    assert not rule.search("The costs are met from funds")


def test_a_group_is_tried_in_order() -> None:
    first = Rule("test.area.one", "test", any_of=("arms",))
    second = Rule("test.area.two", "test", any_of=("small arms", "light weapons"))
    rules = RuleSet("test", "Areas", {"area.one": first, "area.two": second})
    found = rules.first("area", "small arms")
    assert found
    assert found[0].id == "test.area.one"
    assert rules.any_pattern("area").findall("light weapons and arms") == ["light weapons", "arms"]


def test_a_group_holds_the_rule_of_its_name_and_an_unknown_one_is_a_defect() -> None:
    label, word = Rule("test.label", "test", any_of=("x",)), Rule("test.label.word", "test", any_of=("y",))
    other = Rule("test.labelled", "test", any_of=("z",))
    rules = RuleSet("test", "Labels", {"label": label, "label.word": word, "labelled": other})
    assert rules.group("label") == (label, word)
    assert rules.finds("label", "y")
    assert not rules.finds("label", "z")
    with pytest.raises(KeyError, match="labels"):
        rules.finds("labels", "x")


def test_a_word_that_yaml_reads_as_a_truth_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"title": "Words", "atoms": {"preposition": ["in", True]}, "rules": []}
    monkeypatch.setattr(loader, "load_yaml", lambda _: data)
    with pytest.raises(ValueError, match="atom preposition: True is not text"):
        load_rules("unquoted")


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("foreign fighter(s)", ["foreign fighter", "foreign fighters"], ["foreign fighterss", "a foreignfighter"]),
        ("organi[s|z]ed crime", ["organized crime", "organised crime"], ["organied crime"]),
        ("radicali*", ["radicalize", "radicalisation"], ["radical", "deradicalize"]),
        ("financ* of [terror(s)|war]", ["financing of terror", "financed of war"], ["financing of terrorism"]),
        ("proceeds (of (the ))crime", ["proceeds crime", "proceeds of the crime"], ["proceeds ofcrime"]),
    ],
)
def test_phrases(phrase: str, found: list[str], not_found: list[str]) -> None:
    rule = Rule("test.words", "test", phrases=(phrase,))
    assert [text for text in found if not rule.search(text)] == []
    assert [text for text in not_found if rule.search(text)] == []


def test_readings_are_the_shortest_and_the_fullest() -> None:
    assert readings("[stolen|looted] (old )icon(s)") == ("stolen icon", "stolen old icons")
    assert readings("incite(ment|s) to terroris*") == ("incite to terroris", "incitement to terroris")


@pytest.mark.parametrize("phrase", ["icon(s", "icons)", "[icon(s]", "icon|icons"])
def test_a_phrase_with_unclosed_brackets_is_a_defect(phrase: str) -> None:
    with pytest.raises(ValueError, match="not closed"):
        phrase_source(phrase)


def test_phrases_take_atoms() -> None:
    rule = Rule("test.words", "test", phrases=("illicit <goods>",), atoms={"goods": "(?:arms|drugs)"})
    assert rule.search("illicit drugs")
    assert not rule.search("illicit gifts")


def test_alternatives_share_beginnings_and_can_be_read() -> None:
    assert alternatives(["Madrid", "Minsk", "Moscow"]) == "(?:M(?:adrid|insk|oscow))"
    assert alternatives(["Forum", "Forums"]) == "(?:Forum(?:s)?)"
    assert alternatives([]) == ""


@KINDS
def test_a_file_reads_the_same_without_the_fast_parser(kind: str) -> None:
    text = files("osce_commitments.resources").joinpath("rules", f"{kind}.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == load_yaml(f"rules/{kind}")
