"""Every entry of the resource files finds its examples and leaves its counter-examples alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import Qualifier, TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.tag.actors.actor_rules import actor_rules, actor_words
from osce_commitments.tag.qualifiers import find_qualifiers, load_qualifiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision


def test_every_qualifier_has_one_entry() -> None:
    assert [entry.label for entry in load_qualifiers()] == list(Qualifier)


@pytest.mark.parametrize("entry", load_yaml("qualifiers")["qualifiers"], ids=lambda entry: entry["label"])
def test_qualifiers(entry: dict[str, Any]) -> None:
    for text in entry["match"]:
        assert entry["label"] in [label for _, label in find_qualifiers(text)], text
    for text in entry["no_match"]:
        assert entry["label"] not in [label for _, label in find_qualifiers(text)], text


def test_groups_of_actors_are_known_to_the_catalogue(tag_text: Callable[..., TaggedProvision]) -> None:
    for name in actor_words("only_addressed"):
        assert tag_text(f"The plight of {name} was discussed.").of(TagKind.ACTOR) == (), name
        assert tag_text(f"Calls upon {name} to act.").of(TagKind.ADDRESSEE), name
    for name in actor_words("never"):
        assert tag_text(f"The role of {name} was discussed.").of(TagKind.ACTOR) == (), name


def test_names_in_the_lists_of_addressees_are_those_of_the_catalogue() -> None:
    names = {actor.name for actor in load_catalogue().actors}
    assert {rule.gives["actor"] for rule in actor_rules().group("noun_phrase.group")} <= names
    assert {row["name"] for row in actor_words("bodies")} <= names
    assert {name for group in actor_words("by_body").values() for name in group.values()} <= names
    foreign = actor_words("of_the_speaker").values()
    assert {name for group in foreign for name in group.values()} <= names
