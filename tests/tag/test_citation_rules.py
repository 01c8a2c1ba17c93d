"""Rules on citations: what their examples resolve to, and which rule each citation names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from osce_commitments.catalogue import find_symbols
from osce_commitments.labels import TagKind, note_text
from osce_commitments.rules import Rule
from osce_commitments.rules.kinds import find_rule
from osce_commitments.schema import TaggedProvision
from osce_commitments.tag.citations.citation import citation_rules, resolve
from osce_commitments.tag.citations.instruments import ORDER
from osce_commitments.tag.citations.numbered import continued_citations, find_citations

RULES = citation_rules()


def _resolved(text: str) -> str:
    resolved = [resolve(text, citation) for citation in find_citations(text)]
    found = [f"{one.ref}: {one.note or note_text(one.why)}".removesuffix(": ") for one in resolved]
    return " + ".join(dict.fromkeys(found)).replace(": ", "; ")


@pytest.mark.parametrize(
    "rule", [*RULES.group("list"), RULES["un.act"], RULES["by_meeting"]], ids=lambda rule: rule.name
)
def test_examples_of_lists_resolve(rule: Rule) -> None:
    assert {text: _resolved(text) for text in rule.examples} == rule.examples
    assert not [one for text in rule.counter_examples for one in find_citations(text) if one.rule == rule.id]


NO_CITATIONS = [
    "Decision 9 of the Prague office",
    "Decision 9 adopted in Ruritania",
    "resolution 9999",
    "resolution 1999",
]


@pytest.mark.parametrize("text", [*NO_CITATIONS, "resolution 9/1 of the Conference of the Parties"])
def test_numbers_of_nobody(text: str) -> None:
    assert [one.symbol for one in find_citations(text) if one.symbol] == []


@pytest.mark.parametrize("rule", RULES.group("described"), ids=lambda rule: rule.name)
def test_descriptions_resolve(rule: Rule) -> None:
    for text in rule.examples:
        symbols = rule.gives.get("symbols") or [rule.gives["symbol"]]
        assert [(one.symbol, one.rule) for one in find_citations(text)] == [(one, rule.id) for one in symbols], text


@pytest.mark.parametrize("rule", RULES.group("continued"), ids=lambda rule: rule.name)
def test_numbers_after_a_symbol(rule: Rule) -> None:
    [symbol] = find_symbols(rule.gives["after"])
    assert {text: _continued(rule, text) for text in rule.examples} == rule.examples
    assert [
        list(continued_citations(symbol.text + text, symbol.end, symbol.symbol)) for text in rule.counter_examples
    ] == [[]]


def _continued(rule: Rule, text: str) -> str:
    printed = rule.gives["after"]
    found = list(continued_citations(printed + text, len(printed), printed))
    assert {one.rule for one in found} == {rule.id}
    return " + ".join(one.symbol for one in found)


ACTION_PLAN = "OSCE Action Plan to Combat Trafficking in Human Beings"
NAMED = [
    (["Recalls MC.DEC/9/11 and 10/08."], ["symbols.printed.numbered_within_a_year", "citations.continued.council_or_forum"]),
    (["Recalls Decisions Nos. 3/05 to 4/05."], ["citations.list.osce"] * 2),
    (["See Decision 9 of the Bucharest Ministerial Council."], ["citations.by_meeting"]),
    (["Apply the Porto Charter."], ["catalogue"]),
    (["See the Vienna Document 1999."], ["catalogue"]),
    (["Apply the UN Charter."], ["citations.described.un_charter"]),
    (["See the Bucharest Declaration."], ["citations.ambiguous.bucharest_declaration"]),
    (["Amend this Decision."], ["citations.self_reference"]),
    (['Recalling MC.DEC/9/11 (the "Text"),', "Apply the Text."], ["citations.short_form.given_name"]),
    (["See the Istanbul Declaration on lighthouses."], ["citations.titled.with_place"]),
    (["Recalling the Declaration on Good Governance adopted in Dublin."], ["citations.titled.adopted_in"]),
    (["See the Document of the Copenhagen Meeting on gardens."], ["citations.titled.of_meeting"]),
    (["Apply the Helsinki and Budapest Documents."], ["citations.titled.list"] * 2),
    (["Mark them as the Document on Stockpiles says."], ["citations.part_of_name"]),
    (["Apply the European Conventions on Extradition and on Mutual Assistance in Criminal Matters."], ["citations.joined"] * 2),
    (["Ratify the Ruritanian Treaty on Open Seas."], ["citations.outside.treaty_on"]),
    (["Apply the Rules of Procedure."], ["citations.own_short.rules_of_procedure"]),
    (["Recalling the Aarhus Convention,", "Ratify the Convention."], ["citations.short_form"]),
    (["Apply the Ruritanian Fishery Convention and the Additional Protocol thereto."], ["citations.outside.treaty_named", "citations.protocol"]),
    (["Ratify the 1988 Convention."], ["citations.by_year"]),
    (["Apply the drug conventions of 1961 and 1988."], ["citations.by_years"] * 2),
    ([f"Apply the {ACTION_PLAN} and its 2005 and 2013 Addenda."], ["catalogue", *["citations.joined.years"] * 2]),
    (["Recalling the UN Convention against Corruption,", "Accede to this Convention."], ["citations.anaphor.this_treaty"]),
    (["Stresses that it applies Decision No. 5/05, and that this Decision remains valid."], ["citations.list.osce", "citations.anaphor.this_text_remains"]),
    (["Amend FSC Decision No. 9871/12; that Decision shall be void."], ["citations.list.osce", "citations.anaphor"]),
    (["Apply the European Convention on Extradition and the Second Additional Protocol to the latter Convention."],
     ["catalogue", "citations.protocol.of_antecedent", "citations.anaphor"]),
    (["Update the OSCE Concept annexed to PC.DEC/1048."], ["citations.annexed_to", "symbols.printed.permanent_council_decision"]),
    (['Recalling the Ruritanian Convention on the Law of the Lake ("RCLOL"),'], ["citations.outside.treaty_on", "citations.initials"]),
    (["Recalls its decision of 3 March 2009."], ["citations.own_dated"]),
    (["Recalling resolution 9101 (2014),", "Apply resolution 9101."], ["citations.by_number"]),
    (["Acting in line with decisions of the Permanent Council,"], ["citations.unidentified"]),
    (["See the Krakow Document on Cultural Heritage."], ["citations.of_place"]),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "rules"), NAMED, ids=[texts[-1] for texts, _ in NAMED])
def test_every_citation_names_its_rule(
    tag_texts: Callable[..., list[TaggedProvision]], texts: list[str], rules: list[str]
) -> None:
    tags = tag_texts(*texts, symbol="PC.DEC/9301", body="PC")[-1].of(TagKind.INSTRUMENT)
    assert [tag.rule for tag in tags] == rules
    assert all(find_rule(rule).examples for rule in rules if rule != "catalogue")


def test_every_step_says_why_it_comes_there() -> None:
    assert len({step.reason for step in ORDER}) == len(ORDER)
