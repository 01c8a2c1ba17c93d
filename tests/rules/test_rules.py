"""Every rule shows that it is needed: each branch has an example that it alone finds, and no counter-example is found."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from osce_commitments.errors import ConfigError
from osce_commitments.resources import load_yaml
from osce_commitments.rules import Rule, RuleSet, load_rules, loader
from osce_commitments.rules.kinds import every_rule, rule_set, rule_sets
from osce_commitments.rules.phrases import phrase_source, readings
from osce_commitments.rules.record import alternatives, fill_atoms

RULES = every_rule()
BRANCHES = [(rule, index) for rule in RULES for index in range(len(rule.any_of))]
PHRASED = [rule for rule in RULES if rule.phrases]


@pytest.mark.parametrize(("rule", "index"), BRANCHES, ids=[f"{rule.id}[{index}]" for rule, index in BRANCHES])
def test_branch_has_an_example(rule: Rule, index: int) -> None:
    found = [text for text in rule.examples if rule.branch(index).search(text)]
    assert found, f"no example shows the branch {rule.any_of[index]}"


@pytest.mark.parametrize("rule", PHRASED, ids=[rule.id for rule in PHRASED])
def test_phrases_are_found_as_they_are_read(rule: Rule) -> None:
    for phrase in rule.phrases:
        assert [text for text in readings(phrase) if not rule.search(text)] == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_examples_and_counter_examples(rule: Rule) -> None:
    if rule.branch_sources:
        assert [text for text in rule.examples if not rule.search(text)] == []
        assert [text for text in rule.counter_examples if rule.search(text)] == []
        assert [text for text in rule.examples if not rule.may_match(text.lower())] == []
    assert rule.examples, "a rule needs an example"
    assert rule.counter_examples, "a rule needs a counter-example"


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


@pytest.mark.parametrize("kind", list(rule_sets))
def test_a_file_reads_the_same_without_the_fast_parser(kind: str) -> None:
    text = files("osce_commitments.resources").joinpath("rules", f"{kind}.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == load_yaml(f"rules/{kind}")
