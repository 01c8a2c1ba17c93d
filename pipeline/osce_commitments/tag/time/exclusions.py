"""Time expressions that are not deadlines: narratives, offers, other parties' own plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.grammar.lexicon import load_lexicon
from osce_commitments.rules import Pattern, Rule
from osce_commitments.rules.decisions import decide
from osce_commitments.rules.lexicon import lemmas_of
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Context
from osce_commitments.tag.time_rules import time_rules

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
        self._act_length = self._before[-1].end - self._before[-1].start if self._before else 0

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
        found = (time_rules().pattern(rule).search(self._text, self._span[0]) for rule in rules)
        return any(match is not None and match.start() < self._span[1] for match in found)

    def opens(self, wanted: bool) -> bool:
        """Whether the time opens its sentence."""
        return (not self._sentence.strip()) == wanted

    def after(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the words after the time."""
        return _finds(rules, self._text[self._span[1] :])

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
        match = _last(time_rules().pattern("exclusion.awaited"), self._sentence)
        is_last = match is not None and not any(tag.start >= self._begin + match.end() for tag in self._before)
        return is_last == wanted

    def date_of_event(self, wanted: bool) -> bool:
        """Whether the time only dates a meeting, and the last act is neither to hold that meeting nor due at it."""
        rule, clause = time_rules()["exclusion.date_of_event"], self._clause
        event = rule.search(self._sentence)
        if not event or not rule.part("time").match(self._time) or rule.part("occasion").search(clause):
            return not wanted
        act = clause[: max(0, event.start() - len(self._sentence) + len(clause))]
        return (not rule.part("holding").search(act)) == wanted

    def relative(self, wanted: bool) -> bool:
        """Whether the sentence breaks off in a relative clause that binds nobody ("the replies that they send")."""
        rule = time_rules()["exclusion.relative_clause"]
        match = _last(rule.pattern, self._sentence)
        if match is None or (match["that"] and not _describes(rule, self._sentence[: match.start()])):
            return not wanted
        part = rule.part("unbound_owner" if match["whose"] else "unbound")
        return bool(part.fullmatch(self._sentence, match.end())) == wanted

    def last_act(self, features: Sequence[str]) -> bool:
        """Whether the last act before the time is a verb with a feature of the lexicon."""
        return bool(self._before) and any(self._before[-1].ref in lemmas_of(name) for name in features)

    def last_verb(self, lemmas: Sequence[str]) -> bool:
        """Whether the last act before the time is one of these verbs."""
        return bool(self._before) and self._before[-1].ref in lemmas

    def after_act(self, parts: Sequence[str]) -> bool:
        """Whether no part of a rule ("rule/part") finds something between the last act and the time."""
        split = (part.split("/") for part in parts)
        return not any(time_rules()[rule].part(part).search(self._clause, self._act_length) for rule, part in split)

    def own_intention(self, wanted: bool) -> bool:
        """Whether the words after the last act name an intention that is nobody else's."""
        rule, words = time_rules()["exclusion.telling_verb"], self._clause[self._act_length :]
        own = rule.part("own_intention").search(words)
        is_own = own is not None and not rule.part("of_somebody").search(words[: own.start()].rstrip())
        return is_own == wanted

    def plan_of_others(self, wanted: bool) -> bool:
        """Whether others plan an act of theirs, which a verb before only tells."""
        planning = time_rules().words["planning_verbs"]
        telling = [tag for tag in self._before if tag.ref in lemmas_of("tell")]
        rest = self._text[telling[-1].end : self._span[0]] if telling else ""
        is_plan = bool(telling) and bool(time_rules().pattern("exclusion.plan_of_others").search(rest))
        others = (tag for tag in self._before if is_plan and tag.start > telling[-1].end)
        return (is_plan and all(tag.ref in planning for tag in others)) == wanted


def _finds(rules: Sequence[str], text: str) -> bool:
    return any(time_rules()[rule].search(text) for rule in rules)


def counts_from_event(text: str, start: int) -> bool:
    """Whether a span is counted from a step of the actors, or is a condition on each of several things."""
    sentence = text[sentence_start(text, start) : start]
    return bool(time_rules().pattern("anchor.own_step").search(sentence) or _is_quality(sentence))


def is_asked_once(text: str, span: tuple[int, int], lead_in: str = "") -> bool:
    """Whether a number of days is the time that one body has for a single request."""
    sentence = f"{lead_in} {text[: span[0]]}".strip() if lead_in else text[sentence_start(text, span[0]) : span[0]]
    rest = text[span[1] :].partition(";")[0]
    rule = time_rules()["anchor.single_request"]
    match = _last(rule.pattern, sentence)
    if match is None or rule.part("repetition").search(sentence[match.end() :] + rest):
        return False
    if rule.part("answer").search(sentence[match.end() - len(" to") :]):
        return False
    verb_and_object = rule.part("content").split(sentence[match.end() - len("with") :] + rest)
    return any(rule.part("object").match(re.sub("[ ,]+", " ", words)) for words in verb_and_object[1:])


def adopts_another(words: str, before: str) -> bool:
    """Whether "its" or "their adoption" means the adoption of another text than the document."""
    if " their " in f" {words} ":
        return True
    sentence = before[sentence_start(before, len(before)) :]
    return " its " in f" {words} " and bool(time_rules().pattern("anchor.act_brought_about").search(sentence))


def _is_quality(sentence: str) -> bool:
    """Whether a sentence breaks off in a clause that sets a condition ("projects that can be completed")."""
    rule = time_rules()["anchor.quality_of_thing"]
    match = _last(rule.pattern, sentence)
    if match is None or not match.group().startswith("that"):
        return match is not None
    return _describes(rule, sentence[: match.start()])


def _describes(rule: Rule, before: str) -> bool:
    """Whether "that" after these words describes a noun, and opens no content clause ("agrees that")."""
    words = before.split()
    is_content = bool(words) and words[-1].lower() in load_lexicon().verbs
    return not is_content and bool(rule.part("noun").search(before))


def _last(pattern: Pattern, text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=re.Match.start, default=None)
