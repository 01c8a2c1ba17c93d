"""Time expressions that are not deadlines: narratives, offers, other parties' own plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.grammar.lexicon import load_lexicon
from osce_commitments.rules import Pattern
from osce_commitments.rules.decisions import decide
from osce_commitments.rules.lexicon import lemmas_of
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Context
from osce_commitments.tag.time_rules import time_rules

_REACH = 80  # Characters before a time expression that can show a narrative.
_LONGEST_TITLE = 250  # Characters; a title may hold a colon, at which a sentence ends.


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
    facts = TimeFacts(text, time, actions, context, is_span=is_span)
    name = decide(time_rules().decisions["exclusion"], facts).give
    return time_rules()[name].id if name else ""


class TimeFacts:
    """What the conditions of exclusions ask about a time expression; each method says whether a fact is as wanted.

    Rules named by a condition are searched in its stretch of text: ``sentence`` in the words of the sentence before the time,
    ``clause`` in those from the last act on, ``title`` in those that a title may have. ``time_of`` asks for the form of the time.
    """

    def __init__(
        self, text: str, time: tuple[int, int], actions: Sequence[Tag], context: Context, *, is_span: bool
    ) -> None:
        self._text, self._span, self._context, self._is_span = text, time, context, is_span
        start, end = time
        self._begin = sentence_start(text, start)
        self._before = [tag for tag in actions if self._begin <= tag.start < start]
        self._sentence, self._time = text[self._begin : start], text[start:end]
        self._clause = text[self._before[-1].start if self._before else self._begin : start]

    def role(self, among: Sequence[str]) -> bool:
        """Whether the provision has one of these roles."""
        return self._context.role in among

    def sentence(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the sentence before the time."""
        return _finds(rules, self._sentence)

    def clause(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something from the last act on."""
        return _finds(rules, self._clause)

    def with_time(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the sentence with the time."""
        return _finds(rules, self._text[self._begin : self._span[1]])

    def title(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the words before the time that a title may have."""
        return _finds(rules, self._text[max(0, self._span[0] - _LONGEST_TITLE) : self._span[0]])

    def lead_in(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the lead-in."""
        return _finds(rules, self._context.lead_in)

    def time_of(self, rules: Sequence[str]) -> bool:
        """Whether the time has the form of which a rule speaks."""
        return any(time_rules()[rule].part("time").match(self._time) for rule in rules)

    def from_time(self, rules: Sequence[str]) -> bool:
        """Whether what a rule finds begins inside the time."""
        return any(_begins(time_rules().pattern(rule), self._text, self._span) for rule in rules)

    def meeting(self, wanted: bool) -> bool:
        """Whether the time is that of a meeting."""
        return bool(time_rules().pattern("anchor.gathering").search(self._text, *self._span)) == wanted

    def span(self, wanted: bool) -> bool:
        """Whether the time is a number of days or the like."""
        return self._is_span == wanted

    def has_act(self, wanted: bool) -> bool:
        """Whether an act precedes the time in its sentence."""
        return bool(self._before) == wanted

    def awaited(self, wanted: bool) -> bool:
        """Whether "looks forward to" is the last act before the time."""
        return _is_awaited(self._sentence, self._begin, self._before) == wanted

    def date_of_event(self, wanted: bool) -> bool:
        """Whether the time only dates a meeting."""
        return _is_date_of_event(self._sentence, self._time, self._clause) == wanted

    def relative(self, wanted: bool) -> bool:
        """Whether the sentence breaks off in a relative clause that binds nobody."""
        return _is_in_relative(self._sentence) == wanted

    def emphasized(self, wanted: bool) -> bool:
        """Whether the last act only emphasizes something that is to happen by then."""
        return _is_emphasized_goal(self._text, self._span[0], self._before) == wanted

    def plan_of_others(self, wanted: bool) -> bool:
        """Whether others plan an act of theirs."""
        return _is_plan_of_others(self._text, self._span[0], self._before) == wanted

    def told(self, wanted: bool) -> bool:
        """Whether the last act only reports something due."""
        return _is_only_mentioned(self._text, self._span[0], self._before) == wanted


def _finds(rules: Sequence[str], text: str) -> bool:
    return any(time_rules()[rule].search(text) for rule in rules)


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
    if not before or before[-1].ref not in lemmas_of("state") | {"highlight"}:
        return False
    return not rules["exclusion.emphasized_goal"].part("duty").search(text[before[-1].end : start])


def _narrating_verbs(actions: Sequence[Tag]) -> list[Tag]:
    return [tag for tag in actions if tag.ref in lemmas_of("tell")]


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
    match = pattern.search(text, time[0])
    return match is not None and match.start() < time[1]


def _last(pattern: Pattern, text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=re.Match.start, default=None)
