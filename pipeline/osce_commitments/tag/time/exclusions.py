"""Time expressions that are not deadlines: narratives, offers, other parties' own plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.grammar.lexicon import load_lexicon
from osce_commitments.rules import Pattern
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Context
from osce_commitments.tag.time_rules import time_rules

_REACH = 80  # Characters before a time expression that can show a narrative.
_LONGEST_TITLE = 250  # Characters; a title may hold a colon, at which a sentence ends.
_BEFORE = (
    "past_plan",
    "forecast",
    "promise_of_others",
    "scheduled_by_others",
    "may_be_submitted",
    "goal_of_plan",
    "reminder",
    "quoted",
    "finished",
)
_BEFORE_SOME = (
    "budget_period",
    "appropriation",
    "preparation",
    "period_of_plan",
    "expiry",
    "earlier_thing",
    "entry_into_force",
)


def excluding_rule(
    text: str, time: tuple[int, int], actions: Sequence[Tag], context: Context, *, is_span: bool = False
) -> str:
    """Return the id of the rule by which a time expression is not a deadline; empty if it is one.

    Args:
        text: Plain text.
        time: Where the expression begins and ends.
        context: Role and lead-in of the provision.
        is_span: Whether it is a number of days or the like, which after a relative clause mostly belongs to the main clause.
        actions: The operative verbs of the text.
    """
    start, end = time
    begin = sentence_start(text, start)
    sentence, rules = text[begin:start], time_rules()
    before = [tag for tag in actions if begin <= tag.start < start]
    clause = text[before[-1].start if before else begin : start]  # from the last act on
    is_meeting = bool(rules.pattern("anchor.gathering").search(text, start, end))
    excludes = {
        "recital": context.role == rules["exclusion.recital"].gives["role"],
        "past_meeting": (is_meeting or rules["exclusion.past_meeting"].part("time").match(text[start:end]))
        and rules["exclusion.past_meeting"].search(sentence),
        "held": is_meeting and _begins(rules.pattern("exclusion.held"), text, time),
        "awaited_event": rules["exclusion.awaited_event"].search(text[begin:end]),
        "awaited": rules["exclusion.awaited"].part("time").match(text[start:end])
        and _is_awaited(sentence, begin, before),
        **{name: rules[f"exclusion.{name}"].search(sentence) for name in _BEFORE},
        "title_of_text": rules["exclusion.title_of_text"].search(text[max(0, start - _LONGEST_TITLE) : start]),
        "earlier_decision": rules["exclusion.earlier_decision"].search(clause),
        **{name: _precedes_such(name, clause, text[start:end]) for name in _BEFORE_SOME},
        "length_of_event": _precedes_such("length_of_event", sentence, text[start:end]),
        "date_of_later_event": not is_meeting and _precedes_such("date_of_later_event", sentence, text[start:end]),
        "date_of_event": not is_meeting and _is_date_of_event(sentence, text[start:end], clause),
        "relative_clause": not is_span and _is_in_relative(sentence),
        "condition": not is_span and rules["exclusion.condition"].search(sentence),
        "told_in_stem": not before and rules["exclusion.told_in_stem"].search(context.lead_in),
        "emphasized_goal": _is_emphasized_goal(text, start, before),
        "plan_of_others": _is_plan_of_others(text, start, before),
        "telling_verb": _is_only_mentioned(text, start, before),
    }
    return next((rules[f"exclusion.{name}"].id for name, found in excludes.items() if found), "")


def is_narrative(text: str, start: int) -> bool:
    """Whether the words before an offset report something that happened ("was held in", "the work done during")."""
    return bool(time_rules().pattern("exclusion.narrative").search(text[max(0, start - _REACH) : start]))


def precedes(rule: str, text: str, start: int) -> bool:
    """Whether the words before an offset match a rule, named without its kind."""
    return bool(time_rules().pattern(rule).search(text, 0, start))


def counts_from_event(text: str, start: int) -> bool:
    """Whether a span is counted from a step of the actors, or is a condition on each of several things."""
    sentence = text[sentence_start(text, start) : start]
    return bool(time_rules().pattern("anchor.own_step").search(sentence) or _is_quality(sentence))


def is_asked_once(text: str, span: tuple[int, int], lead_in: str = "") -> bool:
    """Whether a number of days is the time that one body has for a single request."""
    sentence = f"{lead_in} {text[: span[0]]}".strip() if lead_in else text[sentence_start(text, span[0]) : span[0]]
    rest = text[span[1] :].partition(";")[0]
    rule = time_rules()["anchor.single_request"]
    asked = _last(rule.pattern, sentence)
    if asked is None or rule.part("repetition").search(sentence[asked.end() :] + rest):
        return False
    if rule.part("answer").search(sentence[asked.end() - len(" to") :]):
        return False
    verb_and_object = rule.part("content").split(sentence[asked.end() - len("with") :] + rest)
    return any(rule.part("object").match(re.sub("[ ,]+", " ", words)) for words in verb_and_object[1:])


def adopts_another(words: str, before: str) -> bool:
    """Whether "its" or "their adoption" means the adoption of another text than the document."""
    if " their " in f" {words} ":
        return True
    sentence = before[sentence_start(before, len(before)) :]
    return " its " in f" {words} " and bool(time_rules().pattern("anchor.act_brought_about").search(sentence))


def _is_awaited(sentence: str, begin: int, before: Sequence[Tag]) -> bool:
    """Whether "looks forward to" is the last act before a time."""
    found = _last(time_rules().pattern("exclusion.awaited"), sentence)
    return found is not None and not any(tag.start >= begin + found.end() for tag in before)


def _precedes_such(name: str, before: str, time: str) -> bool:
    """Whether a rule on the words before a time fits, and the time has the form of which it speaks."""
    rule = time_rules()[f"exclusion.{name}"]
    return bool(rule.part("time").match(time) and rule.search(before))


def _is_date_of_event(sentence: str, time: str, clause: str) -> bool:
    """Whether a time only dates a meeting, and the last act is neither to hold that meeting nor due at it."""
    rule = time_rules()["exclusion.date_of_event"]
    event = rule.search(sentence)
    if not event or not rule.part("time").match(time) or rule.part("occasion").search(clause):
        return False
    act = clause[: max(0, event.start() - len(sentence) + len(clause))]
    return not rule.part("holding").search(act)


def _is_plan_of_others(text: str, start: int, before: Sequence[Tag]) -> bool:
    narrated = _narrating_verbs(before)
    if not narrated or not time_rules().pattern("exclusion.plan_of_others").search(text[narrated[-1].end : start]):
        return False
    planning = time_rules().words["planning_verbs"]
    return not any(tag.start > narrated[-1].end and tag.ref not in planning for tag in before)


def _is_only_mentioned(text: str, start: int, before: Sequence[Tag]) -> bool:
    if not before or before[-1] not in _narrating_verbs(before):
        return False
    rule, words = time_rules()["exclusion.telling_verb"], text[before[-1].end : start]
    own = rule.part("own_intention").search(words)
    return not own or bool(rule.part("of_somebody").search(words[: own.start()].rstrip()))


def _is_emphasized_goal(text: str, start: int, before: Sequence[Tag]) -> bool:
    """Whether the last act only emphasizes something that is to happen by a time."""
    rules = time_rules()
    if not before or before[-1].ref not in rules.words["emphasizing_verbs"]:
        return False
    return not rules["exclusion.emphasized_goal"].part("duty").search(text[before[-1].end : start])


def _narrating_verbs(actions: Sequence[Tag]) -> list[Tag]:
    return [tag for tag in actions if tag.ref in time_rules().words["telling_verbs"]]


def _is_quality(sentence: str) -> bool:
    """Whether a sentence breaks off in a clause that sets a condition ("projects that can be completed")."""
    rule = time_rules()["anchor.quality_of_thing"]
    found = _last(rule.pattern, sentence)
    if found is None or not found.group().startswith("that"):
        return found is not None
    return not _ends_in_verb(sentence[: found.start()]) and bool(rule.part("noun").search(sentence[: found.start()]))


def _is_in_relative(sentence: str) -> bool:
    """Whether a sentence breaks off in a relative clause that binds nobody ("the replies that they send")."""
    rule = time_rules()["exclusion.relative_clause"]
    found = _last(rule.pattern, sentence)
    if found is None:
        return False
    before, clause = sentence[: found.start()], sentence[found.end() :]
    if found["that"] and (_ends_in_verb(before) or not rule.part("noun").search(before)):
        return False
    return bool(rule.part("unbound_owner" if found["whose"] else "unbound").fullmatch(clause))


def _ends_in_verb(before: str) -> bool:
    """Whether "that" opens a content clause ("agrees that"), not a relative one."""
    words = before.split()
    return bool(words) and words[-1].lower() in load_lexicon().verbs


def _begins(pattern: Pattern, text: str, time: tuple[int, int]) -> bool:
    """Whether a pattern matches at an offset inside a time expression."""
    found = pattern.search(text, time[0])
    return found is not None and found.start() < time[1]


def _last(pattern: Pattern, text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=re.Match.start, default=None)
