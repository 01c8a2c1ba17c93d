"""Reporting duties: who reports, and to whom."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from osce_commitments.catalogue import ActorKind, load_catalogue
from osce_commitments.labels import ADOPTING_BODY, TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.actor_rules import actor_pattern, actor_rules, actor_words, is_foreign, speaker
from osce_commitments.tag.tag_input import Context, Finding

_IT = re.compile(r" it\b")
_US = re.compile(r" us\b")
_KEEP = re.compile(r"keep", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;](?:\s|$)")
_MAY_BE_SILENT = frozenset({"behind", "anywhere", "agent"})  # verbs that need no recipient
_ATTRIBUTES = ("attribute", "noun_behind")
_NO_DUTY = ("of_means", "of_helped", "of_relative")
_REACH = 250


def find_reports(text: str, tags: Sequence[Tag], context: Context) -> Iterator[Finding]:
    """Return the reporting duties in a plain text, each with the span of its verb.

    The ref is "who > recipient", "who" if no recipient is named, "> recipient" if nobody is named.

    Args:
        text: Plain text.
        tags: Its verbs, addressees and actors.
        context: Body of the document, and the actors that the stems above the text give a task.
    """
    taken: set[int] = set()
    for rule, match in actor_rules().matches("duty.verb", text):
        where = rule.gives["hearer"]
        start = match.start("verb") if "verb" in match.re.groupindex else match.start()
        if start in taken or (
            where == "agent"
            and not bool(actor_pattern("hearer.account").search(text, max(0, match.start() - _REACH), match.start()))
        ):
            continue
        is_passive = where in {"subject", "agent"}
        who = _agents(text, match, tags) if is_passive else _who(text, start, tags, context)
        recipient = _hearer(text, match, where, tags, context)
        if not who and where == "agent" and actor_pattern("duty.by_nobody").search(text, 0, start):
            who = [""]
        for one in who:
            if ref := _ref(text, start, one, recipient or _silent(one, where, context), context):
                taken.add(start)
                yield Finding(start, _verb_end(text, match), ref, rule=rule.id)


def _ref(text: str, position: int, who: str, recipient: str, context: Context) -> str:
    """Return who reports and to whom, if it is a duty; either may be unnamed."""
    if who and who == recipient and not _is_group(who):
        recipient = speaker(context.body, context.symbol)
    if not recipient:
        return who if _is_open(text, position) and actor_pattern("duty.open_sender").search(who) else ""
    is_own = who == recipient or (_is_group(who) and _is_group(recipient))
    return "" if is_own else f"{who} > {recipient}".strip()


def _is_open(text: str, position: int) -> bool:
    """Whether the verb states a duty to give an account without a recipient."""
    is_of_others = any(actor_pattern(f"duty.{name}").search(text, 0, position) for name in _NO_DUTY)
    return not is_of_others and actor_pattern("duty.open").match(text, position) is not None


def _verb_end(text: str, match: re.Match[str]) -> int:
    """Return the end of the verb; "keep informed" ends after its object."""
    participle = (
        actor_pattern("duty.participle").search(text, match.end(), match.end() + _REACH)
        if _KEEP.match(match.group())
        else None
    )
    return participle.end() if participle else match.end()


def _agents(text: str, match: re.Match[str], tags: Sequence[Tag]) -> list[str]:
    """Return who reports in a passive clause: the first body or group of States after "by"."""
    end = _SENTENCE_END.search(text, match.end())
    after = actor_pattern("duty.agent").search(text, match.end(), end.start() if end else len(text))
    before = None if after else actor_pattern("duty.agent").search(text, max(0, match.start() - _REACH), match.start())
    by = after or before
    actors = [tag for tag in tags if tag.kind == TagKind.ACTOR and by and tag.start == by.end()]
    return [tag.ref for tag in actors if tag.ref in _bodies() or _is_group(tag.ref)][:1]


def _hearer(text: str, match: re.Match[str], where: str, tags: Sequence[Tag], context: Context) -> str:
    """Return the recipient in an active or passive clause."""
    if where != "subject":
        return _recipient_after_verb(text, match, where, tags, context)
    before = [tag for tag in tags if tag.kind in {TagKind.ACTOR, TagKind.STATE} and tag.end <= match.start()]
    if before and before[-1].ref in _hearers():
        return before[-1].ref
    short = list(actor_pattern("hearer.short_name").finditer(text, 0, match.start()))
    return _antecedent(short[-1]["noun"], context) if short else ""


def _who(text: str, position: int, tags: Sequence[Tag], context: Context) -> list[str]:
    """Return who has the duty: the last addressees before the verb, else the first body among those of the stem."""
    named = [tag for tag in tags if tag.kind == TagKind.ADDRESSEE and tag.end <= position and tag.text.lower() != "we"]
    if _is_wish(text, position, tags) or _is_of_others(text, position, named):
        return []
    match = actor_pattern("duty.asked").search(text, 0, position)
    if match and not any(tag.start >= match.start("name") for tag in named):
        return [_asked(text, match, tags, context)]
    own = speaker(context.body, context.symbol)
    nobody = {own, ADOPTING_BODY, ""}
    charged = [name for name in _joined(text, named) if name not in nobody]
    return charged or [name for name in context.charged if name not in nobody]


def _asked(text: str, match: re.Match[str], tags: Sequence[Tag], context: Context) -> str:
    """Return who is asked: the actor at that place, else the name as printed."""
    start, end = match.span("name")
    actors = [tag.ref for tag in tags if tag.kind in {TagKind.ACTOR, TagKind.STATE} and tag.start == start]
    return next((ref for ref in actors if ref), "") or _named(text, start, end, context) or match["name"]


def _is_wish(text: str, position: int, tags: Sequence[Tag]) -> bool:
    """Whether the last act before an offset is "looks forward to"."""
    wish = actor_pattern("duty.wish").search(text, 0, position)
    acts = [tag for tag in tags if tag.kind == TagKind.ACTION and not tag.why and tag.end <= position]
    return wish is not None and not any(tag.start >= wish.end("wish") for tag in acts)


def _is_of_others(text: str, position: int, named: Sequence[Tag]) -> bool:
    """Whether the infinitive has a subject that is not an addressee."""
    match = actor_pattern("duty.of_others").search(text, 0, position)
    return match is not None and not any(match.start() < tag.end <= position for tag in named)


def _joined(text: str, named: Sequence[Tag]) -> list[str]:
    """Return the last addressee and those joined to it by "and"."""
    found: list[str] = []
    for position in range(len(named) - 1, -1, -1):
        between = text[named[position].end : named[position + 1].start] if found else " and "
        if not actor_pattern("duty.joined").fullmatch(between):
            break
        found.insert(0, named[position].name)
    return found


def _recipient_after_verb(text: str, match: re.Match[str], where: str, tags: Sequence[Tag], context: Context) -> str:
    end = _SENTENCE_END.search(text, match.end())
    acts = [tag.start for tag in tags if tag.kind == TagKind.ACTION and not tag.why and tag.start > match.end()]
    reach = min(end.start() if end else len(text), match.end() + _REACH, *acts[:1])
    body = speaker(context.body, context.symbol)
    if (
        _US.match(text, match.end())
        or (where == "object" and _IT.match(text, match.end()))
        or actor_pattern("hearer.us").search(text, match.end(), reach)
    ):
        return body
    actors = [tag for tag in tags if tag.kind in {TagKind.ACTOR, TagKind.STATE} and match.end() <= tag.start < reach]
    direct = [
        tag.ref
        for tag in actors
        if actor_pattern("hearer.object").fullmatch(text, match.end(), tag.start)
        and not actor_pattern("hearer.attribute").match(text, tag.end)
    ]
    short = actor_pattern("hearer.short_name").match(text, match.end() + 1, reach)
    if where == "object":
        heard = direct[0] if direct else _antecedent(short["noun"], context) if short else ""
        return heard if heard in _hearers() else _named(text, match.end() + 1, reach, context)
    after = [
        tag.ref
        for tag in actors
        if tag.ref in _hearers()
        and actor_pattern("hearer.to").search(text, match.end(), tag.start)
        and not actor_pattern("hearer.noun_behind").match(text, tag.end)
    ]
    provided = actor_pattern("hearer.provided").match(text, match.end(), reach)
    if where == "anywhere" and not direct and provided:
        direct = [_named(text, provided.end(), reach, context)]
    if direct and where == "anywhere":
        return direct[0]
    if after:
        return after[0]
    if actor_pattern("hearer.council").search(text, match.end(), reach):
        return "Ministerial Council"
    if common := actor_pattern("hearer.common").search(text, match.end(), reach):
        return common["name"]
    named = actor_pattern("hearer.to_short_name").search(text, match.end(), reach)
    short = (actor_pattern("hearer.short_name").match(text, named.end(), reach) if named else None) or (
        short if where == "anywhere" else None
    )
    meant = _antecedent(short["noun"], context) if short else ""
    to = actor_pattern("hearer.to_named").search(text, match.end(), reach)
    return meant or (_named(text, to.end(), reach, context) if to else "")


def _silent(sender: str, where: str, context: Context) -> str:
    """Return the recipient of a body's report that names none; others have none."""
    if where not in _MAY_BE_SILENT or (sender not in _bodies() and not actor_pattern("hearer.body").search(sender)):
        return ""
    return str(actor_words("hears").get(context.body, speaker(context.body, context.symbol)))


def _named(text: str, start: int, end: int, context: Context) -> str:
    """Return a body by its name: the one that the document gave this name before, else the name as printed."""
    match = actor_pattern("hearer.named").match(text, start, end)
    is_attribute = match and any(actor_pattern(f"hearer.{name}").match(text, match.end()) for name in _ATTRIBUTES)
    if not match or is_attribute:
        return ""
    rest = actor_pattern("noun_phrase.rest_of_name").match(text, match.end(), end)
    whole = match["name"] + (rest.group() if rest else "")
    if is_foreign(context.body) and whole in actor_words("of_the_speaker"):
        return str(actor_words("of_the_speaker")[whole].get(context.body, whole))
    known = load_catalogue().actor(whole)
    return known.name if known else _antecedent(whole, context) or whole


def _antecedent(noun: str, context: Context) -> str:
    """Return the body meant by "the Council": the speaker, else the last body of that name."""
    body = speaker(context.body, context.symbol)
    known = actor_words("by_body").get(context.body, {}).get(noun, "")
    return body if noun in body.split() else str(known) or context.memory.names.get(noun, "")


def _is_group(name: str) -> bool:
    """Whether it is a group of States: information that they exchange is not a report."""
    actor = load_catalogue().actor(name)
    return actor is not None and "States" in {actor.broader, actor.name}


@functools.cache
def _hearers() -> frozenset[str]:
    return _bodies() | {"participating States"}


@functools.cache
def _bodies() -> frozenset[str]:
    kinds = {ActorKind.OSCE_STRUCTURE, ActorKind.INTERNATIONAL_ORG}
    return frozenset(actor.name for actor in load_catalogue().actors if actor.kind in kinds)
