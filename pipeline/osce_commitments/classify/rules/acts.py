"""Strength of an operative verb: its level, its addressee and what it speaks of (annotation guide, rules S5 to S9)."""

from __future__ import annotations

from osce_commitments.classify.rules.modals import is_voluntary
from osce_commitments.classify.rules.own_structures import is_own_structure
from osce_commitments.classify.rules.strength_patterns import has_strength_pattern, strength_lemmas, strength_pattern
from osce_commitments.classify.rules.verdict import Passage, Verdict
from osce_commitments.grammar import Form, Head
from osce_commitments.labels import ObligationStrength as Level
from osce_commitments.labels import Role

_LOWERED = frozenset({Level.COMMITTING, Level.URGING, Level.ENCOURAGING})
_BEFORE_VERB = 30


def judge_act(passage: Passage, head: Head) -> Verdict:
    """The level of an operative verb or predicate."""
    if is_reported(passage, head):
        return Verdict.of(head, Level.NONE, "reported_act")
    if head.lemma in strength_lemmas("requesting"):
        return _request(passage, head)
    if head.level == Level.NONE:
        return _statement(passage, head)
    return _plain_act(passage, head)


def is_reported(passage: Passage, head: Head) -> bool:
    """Whether the act is one of another document or time: narrative, or "by its decision the Council asked"."""
    if head.form == Form.PAST and passage.tagged.provision.role == Role.OTHER:
        return True
    return head.form in {Form.PAST, Form.PERFECT} and has_strength_pattern("reported", passage.text[: head.start])


def _plain_act(passage: Passage, head: Head) -> Verdict:
    rest = passage.text[head.end :]
    if head.level in _LOWERED and is_voluntary(passage.text, head):
        return Verdict.of(head, Level.PERMISSIVE, "voluntary")
    if head.lemma in strength_lemmas("strengthened") and _is_strong(passage.text, head):
        return Verdict.of(head, Level.URGING, "strong_appeal")
    if head.lemma == "agree" and has_strength_pattern("fact_after_that", rest):
        return Verdict.of(head, Level.NONE, "agreed_statement")
    return Verdict.of(head, head.level, f"act_{head.level}")


def _request(passage: Passage, head: Head) -> Verdict:
    is_own = is_own_structure(passage, head)
    if is_own:
        return Verdict.of(head, Level.MANDATING, "request_to_structure")
    return Verdict.of(head, Level.URGING, "request_to_outsider", is_sure=is_own is not None)


def _is_strong(text: str, head: Head) -> bool:
    return has_strength_pattern("strong", text[max(0, head.start - _BEFORE_VERB) : head.end])


def _statement(passage: Passage, head: Head) -> Verdict:
    after = passage.text[head.end :]
    if head.lemma == "support":
        in_doing = has_strength_pattern("support_in_doing", after)
        return Verdict.of(
            head, Level.ENCOURAGING if in_doing else Level.NONE, "support_in_doing" if in_doing else "support"
        )
    renewed = _renewed(passage, head, after)
    if renewed:
        return renewed
    if has_strength_pattern("deemed", after):
        return Verdict.of(head, Level.ENCOURAGING, "deemed_necessary")
    if head.lemma in strength_lemmas("needing") and (match := strength_pattern("need").search(after)):
        return _need(head, after[match.end() :])
    return Verdict.of(head, Level.NONE, "statement")


def _renewed(passage: Passage, head: Head, after: str) -> Verdict | None:
    """A commitment, appeal, request or decision that the verb reaffirms, expresses or underlines (rule S8)."""
    if head.lemma not in strength_lemmas("renewing"):
        return None
    if match := strength_pattern("commitment").search(after):
        return _commitment(head, after[match.end() :])
    if has_strength_pattern("request", after):
        level = Level.MANDATING if is_own_structure(passage, head) else Level.URGING
        return Verdict.of(head, level, "renewed_request")
    for name, level in (
        ("readiness", Level.PERMISSIVE),
        ("appeal", Level.URGING),
        ("decision", Level.MANDATING),
        ("invitation", Level.ENCOURAGING),
    ):
        if has_strength_pattern(name, after):
            return Verdict.of(head, level, f"renewed_{name}")
    return None


def _commitment(head: Head, rest: str) -> Verdict:
    rest = strength_pattern("of_members").sub("", rest)
    if has_strength_pattern("of_others", rest):
        return Verdict.of(head, Level.NONE, "commitment_of_others")
    if has_strength_pattern("principle", rest) or not has_strength_pattern("to_act", rest):
        return Verdict.of(head, Level.NONE, "commitment_to_principle")
    return Verdict.of(head, Level.COMMITTING, "renewed_commitment")


def _need(head: Head, rest: str) -> Verdict:
    """A need or importance that is underlined: an actor and an action that could be checked, or a value (rule S9)."""
    if has_strength_pattern("national", rest) or has_strength_pattern("need_of_actor", rest):
        return Verdict.of(head, Level.ENCOURAGING, "need_of_actor")
    match = strength_pattern("need_to_act").search(rest)
    if not match:
        return Verdict.of(head, Level.NONE, "value")
    action = rest[match.start("verb") :]
    if has_strength_pattern("general_action", action) or has_strength_pattern("co_operation_alone", action):
        return Verdict.of(head, Level.NONE, "general_aim", is_sure=False)
    return Verdict.of(head, Level.ENCOURAGING, "need_to_act", is_sure=False)
