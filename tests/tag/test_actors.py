from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind
from osce_commitments.rules import Rule
from osce_commitments.tag.actor_rules import actor_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = [
    ("canonical name", "A report by the {actor|Permanent Council|Permanent Council} was read."),
    ("abbreviation", "In contact with {actor|ODIHR|Office for Democratic Institutions and Human Rights} and {actor|UNODC|United Nations Office on Drugs and Crime}."),
    ("longest name", "Support by the {actor|OSCE Mission to Georgia|OSCE Mission to Georgia} ended."),
    ("State", "Officers from {state|Georgia|Georgia} took part."),
    ("historical name", "Officers from {state|Turkey|Türkiye} and {state|Türkiye|Türkiye} took part."),
    ("State of two words", "Officers of the {state|Holy See|Holy See} took part."),
    ("plain spelling", "Seen by the {actor|Forum for Security Cooperation|Forum for Security Co-operation}."),
    ("curly apostrophe", "Data of {actor|women\u2019s organizations|women's organizations} were used."),
    ("group of two words", "In dialogue with {actor|civil society|civil society} and the {actor|private sector|private sector}."),
    ("article makes the name", "The budget of the {actor|Organization|Organization for Security and Co-operation in Europe} grew."),
    ("not without the article", "An Organization of Fishermen was founded."),
    ("not an abbreviation in lower case", "Those who do so in un ordinary pc cases."),
    ("not an attribute with a hyphen", "An OSCE-wide exercise took place."),
    ("hyphen at the end of a line", "A report of the {actor|United Nations Office of Counter- Terrorism|United Nations Office of Counter-Terrorism} was read."),
    ("not before a number in brackets", "The MC(24) journal was read."),
    ("not within an instrument", "The United Nations Convention against Corruption and UNSCR 1373 apply."),
    ("not a common word", "Police reform, media literacy and customs duties were topics."),
]  # fmt: skip


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_actors(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.ACTOR, TagKind.STATE)


NAMES = actor_rules().group("name")


@pytest.mark.parametrize("rule", NAMES, ids=[rule.id for rule in NAMES])
def test_an_actor_names_the_rule_that_found_it(tag_text: Callable[..., TaggedProvision], rule: Rule) -> None:
    for text in rule.examples:
        assert [tag.rule for tag in tag_text(text, body="UN").of(TagKind.ACTOR)] == [rule.id], text
    for text in rule.counter_examples:
        assert rule.id not in {tag.rule for tag in tag_text(text, body="UN").of(TagKind.ACTOR)}, text


def test_a_name_of_the_catalogue_says_so(tag_text: Callable[..., TaggedProvision]) -> None:
    found = tag_text("UNODC and Georgia took part.").tags
    assert [(tag.kind, tag.rule) for tag in found] == [(TagKind.ACTOR, "catalogue"), (TagKind.STATE, "catalogue")]
