"""Actors and States of the catalogue in running text, and those that a stem gives the tasks in its items."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from osce_commitments.catalogue import ActorKind, load_catalogue
from osce_commitments.labels import TagKind, Why, note_text
from osce_commitments.rules import Pattern
from osce_commitments.rules.lexicon import lemmas_of
from osce_commitments.schema import Tag
from osce_commitments.tag.actor_rules import (
    CATALOGUE,
    actor_pattern,
    actor_rule_id,
    actor_rules,
    actor_words,
    is_foreign,
)
from osce_commitments.tag.name_finder import NameFinder
from osce_commitments.tag.tag_input import Finding, TagInput, tags_of

_GROUPS = frozenset({ActorKind.GENERIC_ADDRESSEE, ActorKind.CIVIL_SOCIETY_TYPE})
_SHORT = 2
_STATES = frozenset({ActorKind.PARTICIPATING_STATE, ActorKind.PARTNER_STATE})


def passed_on(tags: Sequence[Tag]) -> list[Tag]:
    """Return the tags that items take over from their stem: of the addressees, those of the act that opens the list.

    "Calls upon A to help B and requests C to:" gives the items to C alone. Speakers in the first person stay: "We thank A
    and call upon B to:".

    Args:
        tags: Tags of the lead-in.
    """
    addressees = [tag for tag in tags if tag.kind == TagKind.ADDRESSEE]
    acts = [tag for tag in tags if tag.kind == TagKind.ACTION and not tag.why]
    if len(acts) < 2 or not addressees:  # noqa: PLR2004 - one act has all of them
        return list(tags)
    last = acts[-1].start
    if not any(tag.start >= last for tag in addressees) and acts[-1].ref not in lemmas_of("speech"):
        last = acts[-2].end  # the subject of the last act precedes it
        if not any(tag.start >= last for tag in addressees):
            return list(tags)
    earlier = [tag for tag in addressees if acts[0].start <= tag.start < last]
    return [tag for tag in tags if tag not in earlier]


def charged_names(stem: str, tags: Sequence[Tag]) -> Iterator[str]:
    """Return the addressees of a stem by name, without its speakers and without parts of earlier addressees.

    Args:
        stem: The lead-in.
        tags: Its tags.
    """
    verbs = [tag for tag in tags if tag.kind == TagKind.ACTION and not tag.why]
    is_speech = bool(verbs) and verbs[0].ref not in actor_words("modals")
    is_speech = is_speech and not actor_pattern("verb.passive").match(verbs[0].text)
    for tag in tags:
        is_part = bool(actor_pattern("duty.part").search(stem, 0, tag.start))
        if tag.kind == TagKind.ADDRESSEE and not is_part and not (is_speech and tag.start < verbs[0].start):
            yield tag.name


def tag_actors(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every actor and State, the longest name first; an ambiguous name has a note and no ref."""
    actors: list[Tag] = []
    text = tag_input.text
    body = tag_input.context.body
    for match in _finder().find(tag_input.text):
        words = text[match.start : match.end]
        if words in _with_article() and text[match.start - 4 : match.start].lower() != "the ":
            continue
        names = list(dict.fromkeys(name for name, _ in match.values))
        rules = {rule for _, rule in match.values}
        kind = TagKind.STATE if all(map(is_state, names)) else TagKind.ACTOR
        if kind == TagKind.STATE and actor_pattern("noun_phrase.other_place").search(text, 0, match.start):
            continue
        ref = names[0] if len(names) == 1 else ""
        note = "" if ref else note_text(Why.AMBIGUOUS, " | ".join(names))
        rule = CATALOGUE if CATALOGUE in rules else min(rules)
        if is_foreign(body) and ref in actor_words("own_groups"):
            continue
        if is_foreign(body) and words in actor_words("of_the_speaker"):
            ref = actor_words("of_the_speaker")[words].get(body, "")
            note = "" if ref else note_text(Why.NAME_OF_OTHER_BODY)
            rule = actor_rule_id("name.of_the_speaker")
        actors += tags_of(tag_input, kind, [Finding(match.start, match.end, ref, note, rule)])
    return actors


@functools.cache
def _finder() -> NameFinder[tuple[str, str]]:
    return NameFinder(_names())


@functools.cache
def group_names() -> dict[str, str]:
    """Return names of groups that are actors only as addressees, with their canonical names."""
    names: dict[str, str] = {}
    for actor in load_catalogue().actors:
        for name in actor.names:
            if actor.kind in _GROUPS and _is_only_addressed(name) and name not in actor_words("never"):
                names[name.lower()] = actor.name
    return names


def is_group(words: str) -> bool:
    """Whether words are exactly the name of a group of States ("States Parties")."""
    return any(rule.pattern.fullmatch(words) for rule in actor_rules().group("noun_phrase.group"))


@functools.cache
def group_pattern() -> Pattern:
    """Return the names of groups as a pattern, with up to two modifiers before them."""
    names = sorted(map(re.escape, group_names()), key=len, reverse=True)
    modifier = actor_rules()["noun_phrase.head"].atoms["modifier"]
    return Pattern(rf"(?:{modifier} ){{0,2}}?({'|'.join(names)})\b", re.IGNORECASE)


@functools.cache
def is_state(name: str) -> bool:
    """Whether the canonical name is that of a State."""
    return any(actor.name == name and actor.kind in _STATES for actor in load_catalogue().actors)


@functools.cache
def _with_article() -> frozenset[str]:
    """Return words that are names only after "the" ("the Organization")."""
    names = [name for actor in load_catalogue().actors for name in actor.names]
    return frozenset(name.removeprefix("the ") for name in names if name.startswith("the ") and name[4:] not in names)


def _names() -> Iterator[tuple[str, tuple[str, str], bool]]:
    """Yield each name with its actor and rule, and whether it is matched as written."""
    for short, actor_name in short_names().items():
        yield short, (actor_name, actor_rule_id("name.short")), True
    for actor in load_catalogue().actors:
        further = actor_words("also").get(actor.name, ())
        for name in (*actor.names, *further):
            rule = actor_rule_id("name.further_form") if name in further else CATALOGUE
            name = name.removeprefix("the ")  # noqa: PLW2901 - articles are no part of a name
            if name in actor_words("never") or (actor.kind in _GROUPS and _is_only_addressed(name)):
                continue
            is_exact = name in actor.abbreviations or actor.kind in _STATES
            yield name, (actor.name, rule), is_exact
            if actor.kind in _GROUPS and " " not in name:
                yield name.capitalize(), (actor.name, rule), is_exact


@functools.cache
def short_names() -> dict[str, str]:
    """Return the last two words of the names of the Organization's bodies, if only one body has them ("Staff College")."""
    bearers: dict[str, set[str]] = {}
    nouns = actor_pattern("noun_phrase.body")
    for actor in load_catalogue().actors:
        for name in actor.names:
            words = name.split()
            if len(words) > _SHORT and nouns.fullmatch(words[-1]) and words[-2][0].isupper():
                bearers.setdefault(" ".join(words[-_SHORT:]), set()).add(actor.name)
    names = {name.removeprefix("the ") for actor in load_catalogue().actors for name in actor.names}
    own = {actor.name for actor in load_catalogue().actors if actor.kind == ActorKind.OSCE_STRUCTURE}
    return {short: next(iter(of)) for short, of in bearers.items() if len(of) == 1 and of <= own and short not in names}


def _is_only_addressed(name: str) -> bool:
    return (name.islower() and " " not in name) or name in actor_words("only_addressed")
