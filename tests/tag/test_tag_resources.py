"""Every entry of the resource files finds its examples and leaves its counter-examples alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import Qualifier, TagKind
from osce_commitments.rules import Rule
from osce_commitments.tag.actor_rules import actor_rules, actor_words
from osce_commitments.tag.qualifiers import find_qualifiers, qualifier_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

QUALIFIERS = tuple(qualifier_rules())


def test_every_qualifier_has_rules() -> None:
    assert list(dict.fromkeys(name.partition(".")[0] for name in qualifier_rules().rules)) == list(Qualifier)


@pytest.mark.parametrize("rule", QUALIFIERS, ids=[rule.id for rule in QUALIFIERS])
def test_qualifiers(rule: Rule) -> None:
    for text in rule.examples:
        assert rule.id in [one.rule for one in find_qualifiers(text)], text
    for text in rule.counter_examples:
        assert rule.id not in [one.rule for one in find_qualifiers(text)], text


def test_groups_of_actors_are_known_to_the_catalogue(tag_text: Callable[..., TaggedProvision]) -> None:
    for name in actor_words("only_addressed"):
        assert tag_text(f"The plight of {name} was discussed.").of(TagKind.ACTOR) == (), name
        assert tag_text(f"Calls upon {name} to act.").of(TagKind.ADDRESSEE), name
    for name in actor_words("never"):
        assert tag_text(f"The role of {name} was discussed.").of(TagKind.ACTOR) == (), name


def test_names_in_the_lists_of_addressees_are_those_of_the_catalogue() -> None:
    names = {actor.name for actor in load_catalogue().actors}
    assert {rule.gives["actor"] for rule in actor_rules().group("noun_phrase.group")} <= names
    assert {name for group in actor_words("by_body").values() for name in group.values()} <= names
    foreign = actor_words("of_the_speaker").values()
    assert {name for group in foreign for name in group.values()} <= names
