"""Strength of an operative verb or modal: the first decision of ``resources/rules/strength.yaml`` whose conditions hold."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from osce_commitments.classify.rules.own_structures import is_own_structure
from osce_commitments.classify.rules.verdict import Passage, Verdict, finds, strength_rules
from osce_commitments.grammar import Form, Head, Position, find_heads
from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Role
from osce_commitments.rules.decisions import decide

_BEFORE_MODAL = 28  # characters: room for "on a voluntary basis, they"
_BEFORE_VERB = 30  # characters: room for "strongly and repeatedly"
_NOT = re.compile(r"\s+not\b")
_SENTENCE = re.compile(r"[.;](?=\s|$)")
_CLAUSE_START = re.compile(r"[;:]|, (?:and|but|or)\b")
_CONTENT_START = re.compile(r"[;:]|, (?:and|but|or)\b|\bthat\b")
_ADVERBIAL = re.compile(r"^\W*(?:In|On|At|By|For|From|Under|With|During|After|Before)\b[^,]*,\s*")
_PREPOSITION = re.compile(r"\b(?:of|by|in|on|at|for|from|to|between|among|against|with|under)\b", re.IGNORECASE)


def judge_head(passage: Passage, head: Head) -> Verdict:
    """The level of an operative verb, predicate or modal, by the table of its kind."""
    table = strength_rules().decisions["modal" if head.form == Form.MODAL else "act"]
    decision = decide(table, HeadFacts(passage, head))
    rule = decision.give.format(lemma=head.lemma.replace(" ", "_"), level=head.level)
    return Verdict.on(head, rule, is_sure=decision.is_sure)


class HeadFacts:
    """What the conditions of decisions ask about a head; each method says whether a fact is as wanted.

    Rules named by a condition are searched in its stretch of text: ``after`` in the words after the head (of a modal, up to
    the end of the sentence), ``then`` in those after the match of ``after``, ``action`` in those from the verb that ``then`` found.
    """

    def __init__(self, passage: Passage, head: Head) -> None:
        self._passage, self._head = passage, head
        self._rest = self._verb = ""

    @functools.cached_property
    def _after(self) -> str:
        text, head = self._passage.text, self._head
        return _sentence_after(text, head) if head.form == Form.MODAL else text[head.end :]

    @functools.cached_property
    def _subject(self) -> str:
        """The words of the clause before the head, which contain its subject."""
        text, head = self._passage.text, self._head
        clause = text[sentence_start(text, head.start) : head.start]
        boundary = _CONTENT_START if head.position == Position.CONTENT else _CLAUSE_START
        starts = list(boundary.finditer(clause.rstrip(" ,")))
        own = clause[starts[-1].end() :] if starts else clause
        return own if own.strip(" ,") else clause

    def lemma(self, among: Sequence[str]) -> bool:
        """Whether the verb is one of these."""
        return self._head.lemma in among

    def level(self, among: Sequence[str]) -> bool:
        """Whether the level of the bare act is one of these."""
        return self._head.level in among

    def role(self, among: Sequence[str]) -> bool:
        """Whether the provision has one of these roles."""
        return self._passage.tagged.provision.role in among

    def position(self, among: Sequence[str]) -> bool:
        """Whether the head stands in one of these positions."""
        return self._head.position in among

    def after(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something after the head."""
        match = next(filter(None, (strength_rules()[rule].search(self._after) for rule in rules)), None)
        self._rest = self._after[match.end() :] if match else ""
        return match is not None

    def after_not(self, rules: Sequence[str]) -> bool:
        """Whether no rule finds anything after the head."""
        return not any(finds(rule, self._after) for rule in rules)

    def passing(self, rules: Sequence[str]) -> bool:
        """Leave what the rules find out of the words that ``then`` reads; it always holds."""
        for rule in rules:
            self._rest = strength_rules().pattern(rule).sub("", self._rest)
        return True

    def then(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something after what ``after`` found."""
        match = next(filter(None, (strength_rules()[rule].search(self._rest) for rule in rules)), None)
        self._verb = self._rest[match.start("verb") :] if match and "verb" in match.re.groupindex else ""
        return match is not None

    def then_not(self, rules: Sequence[str]) -> bool:
        """Whether no rule finds anything there."""
        return not any(finds(rule, self._rest) for rule in rules)

    def action(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the words from the verb on that ``then`` found."""
        return any(finds(rule, self._verb) for rule in rules)

    def before(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the text before the head."""
        return any(finds(rule, self._passage.text[: self._head.start]) for rule in rules)

    def around(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the few words that end with the head."""
        text = self._passage.text[max(0, self._head.start - _BEFORE_VERB) : self._head.end]
        return any(finds(rule, text) for rule in rules)

    def subject(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the words of the subject."""
        return any(finds(rule, self._subject) for rule in rules)

    def subject_not(self, rules: Sequence[str]) -> bool:
        """Whether no rule finds anything there."""
        return not self.subject(rules)

    def subject_word(self, among: Sequence[str]) -> bool:
        """Whether the subject is one of these words."""
        return self._subject.strip() in among

    def has_subject(self, wanted: bool) -> bool:
        """Whether there are words before the head in its clause."""
        return bool(self._subject.strip()) == wanted

    def agent(self, wanted: bool) -> bool:
        """Whether the head of the subject can act."""
        return names_agent(self._subject) == wanted

    def actor(self, wanted: bool) -> bool:
        """Whether an actor is named, or left out in the provision's own text."""
        is_left_out = not self._subject.strip() and self._passage.is_own
        is_named = not finds("subject.demonstrative", self._subject) and (
            finds("subject.actor", self._subject) or is_left_out
        )
        return is_named == wanted

    def negated(self, wanted: bool) -> bool:
        """Whether the act is denied, by "not" or a subject such as "nobody"."""
        return (bool(_NOT.match(self._after)) or finds("subject.nobody", self._subject)) == wanted

    def act(self, wanted: bool) -> bool:
        """Whether somebody does it: an actor is named, it is in the passive, or it is no content of another verb."""
        is_act = self.actor(True) or finds("predicate.passive", self._after)
        return (is_act or self._head.position != Position.CONTENT) == wanted

    def first(self, wanted: bool) -> bool:
        """Whether no earlier verb governs the sentence ("the equipment that they need to")."""
        text, head = self._passage.text, self._head
        is_content = head.position == Position.CONTENT
        return (is_content or not find_heads(text[sentence_start(text, head.start) : head.start])) == wanted

    def reported(self, wanted: bool) -> bool:
        """Whether the act belongs to another document or time."""
        return is_reported(self._passage, self._head) == wanted

    def voluntary(self, wanted: bool) -> bool:
        """Whether words of voluntariness qualify the act, or directly precede it."""
        text, head = self._passage.text, self._head
        before = text[max(0, head.start - _BEFORE_MODAL) : head.start]
        is_voluntary = says_voluntary(_sentence_after(text, head)) or finds("voluntariness.of_act", before)
        return is_voluntary == wanted

    def own_structure(self, wanted: bool) -> bool:
        """Whether the request is known to go to a structure of the Organization, or known not to."""
        return is_own_structure(self._passage, self._head) is wanted


def is_reported(passage: Passage, head: Head) -> bool:
    """Whether the act belongs to another document or time: narrative, or "by its decision the Council asked"."""
    if head.form == Form.PAST and passage.tagged.provision.role == Role.OTHER:
        return True
    return head.form in {Form.PAST, Form.PERFECT} and finds("earlier_act", passage.text[: head.start])


def says_voluntary(act: str) -> bool:
    """Whether words of voluntariness qualify the act itself, and not a clause inside it with another subject."""
    match = strength_rules()["voluntariness.of_act"].search(act)
    if match is None:
        return False
    before = act[: match.start()]
    return not finds("voluntariness.of_others", before) and not finds("voluntariness.of_last_step", before)


def names_agent(subject: str) -> bool:
    """Whether the head of a subject can act: in "the number of States" it cannot."""
    if finds("subject.agent", subject):
        return True
    head = _PREPOSITION.split(_ADVERBIAL.sub("", subject), maxsplit=1)[0]
    return finds("subject.actor", head) and not finds("subject.possessive", head)


def _sentence_after(text: str, head: Head) -> str:
    end = _SENTENCE.search(text, head.end)
    return text[head.end : end.start() if end else len(text)]
