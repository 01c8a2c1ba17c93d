"""Strength of an operative verb: its level, its addressee and its subject matter (annotation guide, rules S5 to S9)."""

from __future__ import annotations

from osce_commitments.classify.rules.modals import is_voluntary
from osce_commitments.classify.rules.own_structures import is_own_structure
from osce_commitments.classify.rules.verdict import Passage, Verdict, finds, strength_rules
from osce_commitments.grammar import Form, Head
from osce_commitments.labels import ObligationStrength as Level
from osce_commitments.labels import Role

_LOWERED = frozenset({Level.COMMITTING, Level.URGING, Level.ENCOURAGING})
_BEFORE_VERB = 30


def judge_act(passage: Passage, head: Head) -> Verdict:
    """The level of an operative verb or predicate."""
    if is_reported(passage, head):
        return Verdict.on(head, "reported_act")
    if head.lemma in strength_rules().words["requesting"]:
        return _request(passage, head)
    if head.level == Level.NONE:
        return _statement(passage, head)
    return _plain_act(passage, head)


def is_reported(passage: Passage, head: Head) -> bool:
    """Whether the act belongs to another document or time: narrative, or "by its decision the Council asked"."""
    if head.form == Form.PAST and passage.tagged.provision.role == Role.OTHER:
        return True
    return head.form in {Form.PAST, Form.PERFECT} and finds("earlier_act", passage.text[: head.start])


def _plain_act(passage: Passage, head: Head) -> Verdict:
    rest = passage.text[head.end :]
    if head.level in _LOWERED and is_voluntary(passage.text, head):
        return Verdict.on(head, "voluntary")
    if head.lemma in strength_rules().words["strengthened"] and _is_strong(passage.text, head):
        return Verdict.on(head, "strong_appeal")
    if head.lemma in strength_rules().words["authorizing"] and finds("object.authorized", rest):
        return Verdict.on(head, "authorized_thing")
    if head.lemma == "agree" and finds("object.fact", rest):
        return Verdict.on(head, "agreed_statement")
    return Verdict.on(head, f"act_{head.level}")


def _request(passage: Passage, head: Head) -> Verdict:
    is_own = is_own_structure(passage, head)
    if is_own:
        return Verdict.on(head, "request_to_structure")
    return Verdict.on(head, "request_to_outsider", is_sure=is_own is not None)


def _is_strong(text: str, head: Head) -> bool:
    return finds("emphasis", text[max(0, head.start - _BEFORE_VERB) : head.end])


def _statement(passage: Passage, head: Head) -> Verdict:
    after = passage.text[head.end :]
    if head.lemma == "support":
        return Verdict.on(head, "support_in_doing" if finds("object.support", after) else "support")
    renewed = _renewed(passage, head, after)
    if renewed:
        return renewed
    if finds("object.necessity", after):
        return Verdict.on(head, "deemed_necessary")
    if head.lemma in strength_rules().words["needing"] and (match := strength_rules()["object.need"].search(after)):
        return _need(head, after[match.end() :])
    return Verdict.on(head, "statement")


def _renewed(passage: Passage, head: Head, after: str) -> Verdict | None:
    """Judge the commitment, appeal, request or decision that the verb reaffirms, expresses or underlines (rule S8)."""
    if head.lemma not in strength_rules().words["renewing"]:
        return None
    if match := strength_rules()["object.commitment"].search(after):
        return _commitment(head, after[match.end() :])
    if finds("object.request", after):
        addressee = "structure" if is_own_structure(passage, head) else "outsider"
        return Verdict.on(head, f"renewed_request_to_{addressee}")
    for name in ("readiness", "appeal", "decision", "invitation"):
        if finds(f"object.{name}", after):
            return Verdict.on(head, f"renewed_{name}")
    return None


def _commitment(head: Head, rest: str) -> Verdict:
    rest = strength_rules().pattern("commitment.of_members").sub("", rest)
    if finds("commitment.of_others", rest):
        return Verdict.on(head, "commitment_of_others")
    if finds("commitment.principle", rest) or not finds("commitment.purpose", rest):
        return Verdict.on(head, "commitment_to_principle")
    return Verdict.on(head, "renewed_commitment")


def _need(head: Head, rest: str) -> Verdict:
    """Judge a need or importance that is underlined: advice to an actor if the action could be checked, else a value (rule S9)."""
    if finds("need.national", rest) or finds("need.of_actor", rest):
        return Verdict.on(head, "need_of_actor")
    match = strength_rules()["need.of_action"].search(rest)
    if not match:
        return Verdict.on(head, "value")
    action = rest[match.start("verb") :]
    if finds("need.general_action", action) or finds("need.co_operation", action):
        return Verdict.on(head, "general_aim", is_sure=False)
    return Verdict.on(head, "need_to_act", is_sure=False)
