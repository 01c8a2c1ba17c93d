"""Strength of a modal: the actor, the verb and what softens it (annotation guide, rules S5 and S7)."""

from __future__ import annotations

import re
from collections.abc import Callable

from osce_commitments.classify.rules.verdict import Passage, Verdict, finds, strength_rules
from osce_commitments.grammar import Head, Position, find_heads
from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Role

_BEFORE_MODAL = 28  # characters: room for "on a voluntary basis, they"
_NOT = re.compile(r"\s+not\b")
_SENTENCE = re.compile(r"[.;](?=\s|$)")
_CLAUSE_START = re.compile(r"[;:]|, (?:and|but|or)\b")
_CONTENT_START = re.compile(r"[;:]|, (?:and|but|or)\b|\bthat\b")
_ADVERBIAL = re.compile(r"^\W*(?:In|On|At|By|For|From|Under|With|During|After|Before)\b[^,]*,\s*")
_PREPOSITION = re.compile(r"\b(?:of|by|in|on|at|for|from|to|between|among|against|with|under)\b", re.IGNORECASE)


def judge_modal(passage: Passage, head: Head) -> Verdict:
    """The level of a modal, unless the text only reports the duty."""
    if head.lemma in strength_rules().words["laying_down"] and finds("told_duty", passage.text[: head.start]):
        return Verdict.on(head, "reported_act")
    return _in_clause(passage, head)


def _in_clause(passage: Passage, head: Head) -> Verdict:
    """The level of a modal in its clause."""
    after = _after(passage.text, head)
    if (
        finds("predicate.reflection", after)
        or finds("predicate.reflection_passive", after)
        or finds("subject.consideration", _subject(passage, head))
    ):
        return Verdict.on(head, "reflection")
    if is_voluntary(passage.text, head):
        return Verdict.on(head, "voluntary")
    if head.lemma in strength_rules().words["promising"] and finds("predicate.attitude", after):
        return Verdict.on(head, "attitude")
    if finds("predicate.entitlement", after) and not finds("subject.nobody", _subject(passage, head)):
        return Verdict.on(head, "entitlement")
    if head.lemma in strength_rules().words["optional"]:
        return _optional(passage, head, after)
    return _JUDGES.get(head.lemma, _plain)(passage, head, after)


def is_voluntary(text: str, head: Head) -> bool:
    """Whether words of voluntariness qualify the act of a head, or directly precede it."""
    if says_voluntary(_after(text, head)):
        return True
    return finds("voluntariness.of_act", text[max(0, head.start - _BEFORE_MODAL) : head.start])


def says_voluntary(act: str) -> bool:
    """Whether words of voluntariness qualify the act itself, and not a clause inside it with another subject."""
    match = strength_rules()["voluntariness.of_act"].search(act)
    if match is None:
        return False
    before = act[: match.start()]
    return not finds("voluntariness.of_others", before) and not finds("voluntariness.of_last_step", before)


def _plain(passage: Passage, head: Head, after: str) -> Verdict:  # noqa: ARG001 - one signature for all modals
    return Verdict.on(head, f"modal_{head.lemma.replace(' ', '_')}")


def _will(passage: Passage, head: Head, after: str) -> Verdict:
    if passage.tagged.provision.role == Role.OTHER and not finds("subject.own_body", _subject(passage, head)):
        return Verdict.on(head, "narrative_will")
    if finds("predicate.legal_effect", after) or _is_content(passage, head, after):
        return Verdict.on(head, "will_laid_down", is_sure=False)
    if finds("predicate.state", after) or _is_outcome(passage, head, after):
        return Verdict.on(head, "will_of_effect")
    if finds("predicate.passive", after):
        return Verdict.on(head, "will_passive", is_sure=_names_actor(passage, head))
    if _names_actor(passage, head) or _is_body(passage, head, after):
        return Verdict.on(head, "will_of_actor")
    return Verdict.on(head, "will_of_effect", is_sure=False)


def _is_content(passage: Passage, head: Head, after: str) -> bool:
    """Whether the verb states what a document must contain, which binds its authors."""
    return finds("predicate.content", after) and finds("subject.paper", _subject(passage, head))


def _is_outcome(passage: Passage, head: Head, after: str) -> bool:
    """Whether the verb states an effect, and its subject is not a State or structure."""
    subject = _subject(passage, head)
    return bool(subject.strip()) and finds("predicate.outcome", after) and not names_agent(subject)


def names_agent(subject: str) -> bool:
    """Whether the head of a subject can act: in "the number of States" it cannot."""
    if finds("subject.agent", subject):
        return True
    head = _PREPOSITION.split(_ADVERBIAL.sub("", subject), maxsplit=1)[0]
    return finds("subject.actor", head) and not finds("subject.possessive", head)


def _is_body(passage: Passage, head: Head, after: str) -> bool:
    """Whether "it" is a body: only a body can do the act, or it declares its own future act."""
    subject = _subject(passage, head).strip()
    return subject in {"It", "it"} and (head.position == Position.CONTENT or finds("predicate.work_of_body", after))


def _need_to(passage: Passage, head: Head, after: str) -> Verdict:
    """Judge "needs to" as advice to an actor (rule S9)."""
    start = sentence_start(passage.text, head.start)
    # "the equipment that they need to": an earlier verb governs the sentence.
    is_first = head.position == Position.CONTENT or not find_heads(passage.text[start : head.start])
    if is_first and _names_actor(passage, head) and not finds("predicate.value", after):
        return Verdict.on(head, "need_of_actor")
    return Verdict.on(head, "value")


def _must(passage: Passage, head: Head, after: str) -> Verdict:
    is_passive = finds("predicate.passive", after)
    if finds("predicate.value", after) or (not is_passive and finds("subject.thing", _subject(passage, head))):
        return Verdict.on(head, "must_of_value")
    if _names_actor(passage, head) or is_passive or finds("subject.demonstrative", _subject(passage, head)):
        return Verdict.on(head, "modal_must")
    return Verdict.on(head, "must_of_value", is_sure=False)


def _should(passage: Passage, head: Head, after: str) -> Verdict:
    if finds("predicate.misreading", after):
        return Verdict.on(head, "should_of_value")
    return _plain(passage, head, after)


def _optional(passage: Passage, head: Head, after: str) -> Verdict:
    if finds("predicate.listing", after):
        return Verdict.on(head, f"modal_{head.lemma}")
    is_act = _names_actor(passage, head) or finds("predicate.passive", after) or head.position != Position.CONTENT
    is_negated = bool(_NOT.match(after)) or finds("subject.nobody", _subject(passage, head))
    if head.lemma == "may" and is_negated and is_act:
        return Verdict.on(head, "may_not")
    is_state = (
        finds("predicate.possibility", after) or finds("predicate.state", after) or finds("predicate.effect", after)
    )
    if is_negated or not is_act or (is_state and not finds("subject.agent", _subject(passage, head))):
        return Verdict.on(head, "possibility")
    return Verdict.on(head, f"modal_{head.lemma}")


_JUDGES: dict[str, Callable[[Passage, Head, str], Verdict]] = {
    "will": _will,
    "must": _must,
    "have to": _must,
    "should": _should,
    "need to": _need_to,
}


def _after(text: str, head: Head) -> str:
    end = _SENTENCE.search(text, head.end)
    return text[head.end : end.start() if end else len(text)]


def _subject(passage: Passage, head: Head) -> str:
    """Return the words of the clause before the modal, which contain its subject."""
    text = passage.text
    clause = text[sentence_start(text, head.start) : head.start]
    starts = list(
        (_CONTENT_START if head.position == Position.CONTENT else _CLAUSE_START).finditer(clause.rstrip(" ,"))
    )
    own = clause[starts[-1].end() :] if starts else clause
    return own if own.strip(" ,") else clause


def _names_actor(passage: Passage, head: Head) -> bool:
    subject = _subject(passage, head)
    if finds("subject.demonstrative", subject):
        return False
    return finds("subject.actor", subject) or (not subject.strip() and passage.is_own)
