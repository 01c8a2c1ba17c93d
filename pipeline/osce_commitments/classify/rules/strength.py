"""Obligation strength by rule: the order of the annotation guide, section 4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from osce_commitments.classify.rules.acts import is_reported, judge_act
from osce_commitments.classify.rules.modals import judge_modal, names_agent, says_voluntary
from osce_commitments.classify.rules.strength_patterns import has_strength_pattern, strength_lemmas, strength_pattern
from osce_commitments.classify.rules.verdict import Passage, Verdict
from osce_commitments.grammar import Form, Head, Position, find_heads, plain_verbs
from osce_commitments.labels import Field, Role
from osce_commitments.labels import ObligationStrength as Level
from osce_commitments.schema import Provision, TaggedProvision
from osce_commitments.texts.normalise import plain

_SILENT = {Role.PREAMBLE: "preamble", Role.ATTACHMENT: "attachment", Role.TITLE: "title"}
_SOFTENED_BY_REFLECTION = frozenset({"lead_in_will_of_actor", "lead_in_modal_shall", "lead_in_modal_should"})
_THAT_OPENING = re.compile(r"^\s*[Tt]hat\b")
_THAT_NOUN = re.compile(r"^That\b(?= [a-z]+ (?:shall|will|must|should|may|can|could|is|are)\b)")
_AND_OPENING = re.compile(r"^and\b")
_CONTENT_START = re.compile(r"\bthat\b")
_FIRST_LETTER = re.compile(r"^\s*[a-z]")
_THAT = re.compile(r",?\s+(?:[a-z]+,?\s+){0,3}?that\b")


def judge_strength(tagged: TaggedProvision) -> Verdict:
    """The strength of a provision in its context and the rule that gave it."""
    provision = tagged.provision
    if provision.role in _SILENT:
        return Verdict(Level.NONE, _SILENT[provision.role])
    fixed = _fixed(provision)
    if fixed:
        return fixed
    stem = _stem(tagged)
    own = _own(tagged, has_stem=stem is not None)
    if stem and (own is None or stem.rule == "decides_that" or _is_remark(own, provision.text)):
        return _softened(stem, plain(provision.text))
    return own or _unmarked(plain(provision.text))


def continued_verdict(verdict: Verdict, before: Verdict, text: str) -> Verdict:
    """The verdict of a sentence, given that of the one before: that one's level if it only continues it (rule S2)."""
    match = strength_pattern("continuation").search(text)
    if not match or verdict.strength != Level.NONE or verdict.rule not in {"continuation", "will_of_effect"}:
        return verdict
    return Verdict(before.strength, "continuation", match.start(), match.end(), is_sure=before.is_sure)


def _softened(stem: Verdict, text: str) -> Verdict:
    """The lead-in's level, lowered where the item itself is voluntary or only a reflection (rule S5)."""
    item = f" {text[:1].lower()}{text[1:]}"
    if stem.rule in _SOFTENED_BY_REFLECTION and has_strength_pattern("reflection", item):
        return replace(stem, strength=Level.PERMISSIVE, rule="lead_in_reflection")
    if says_voluntary(item) and stem.strength not in {Level.NONE, Level.MANDATING}:
        return replace(stem, strength=Level.PERMISSIVE, rule="lead_in_voluntary")
    return stem


def _fixed(provision: Provision) -> Verdict | None:
    """Definitions ask for nothing, whatever their modal; what a text does not preclude it leaves open."""
    if match := strength_pattern("not_precluded").search(plain(provision.text)):
        return Verdict(Level.PERMISSIVE, "not_precluded", match.start(), match.end())
    for field, name, text in (
        (Field.TEXT, "definition", provision.text),
        (Field.LEAD_IN, "definition_stem", provision.lead_in),
    ):
        if match := strength_pattern(name).search(plain(text)):
            return Verdict(Level.NONE, "definition", match.start(), match.end(), field)
    return None


def _own(tagged: TaggedProvision, *, has_stem: bool) -> Verdict | None:
    """The strongest act of the text itself (rule S3); None where it has no operative verb or modal."""
    text = plain_verbs(tagged.provision.text)
    passage = Passage(tagged, _as_clause(text, tagged.provision.lead_in, has_stem=has_stem), Field.TEXT)
    heads = find_heads(passage.text, is_item=has_stem)
    verdicts = [
        _advised(_judge(passage, head), _governor(heads, index), _content_subject(passage, head))
        for index, head in enumerate(heads)
        if _counts(passage, heads, index)
    ]
    return max(verdicts, key=lambda verdict: verdict.strength.level, default=None)


def _content_subject(passage: Passage, head: Head) -> str:
    """The words between the last "that" and a verb."""
    return _CONTENT_START.split(passage.text[: head.start])[-1]


def _advised(verdict: Verdict, governor: Head | None, subject: str) -> Verdict:
    """The verdict of a duty, lowered where the body only stresses it (rule S9): advice to an actor, or a value."""
    if governor is None or governor.lemma not in strength_lemmas("stressing") or verdict.strength != Level.MANDATING:
        return verdict
    level = Level.ENCOURAGING if names_agent(subject) else Level.NONE
    return replace(verdict, strength=level, rule="stressed_duty", is_sure=False)


def _as_clause(text: str, lead_in: str, *, has_stem: bool) -> str:
    """An item as the clause that it is with its lead-in, every character in its place.

    "agreed: … that States should report": the conjunction belongs to the lead-in. "The States: … invite others":
    a lead-in without a verb leaves the verb to the item. "That fund shall": no conjunction without a lead-in.
    """
    if not lead_in:
        return _THAT_NOUN.sub(_blank, text)
    text = _THAT_OPENING.sub(_blank, text) if has_stem else _THAT_OPENING.sub(_blank, _AND_OPENING.sub(_blank, text))
    return text if has_stem else _FIRST_LETTER.sub(lambda match: match.group().upper(), text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _nominal_stem(lead_in: str) -> Verdict | None:
    """The level of a lead-in that names its items instead of asking for them ("the following recommendations:")."""
    match = strength_pattern("recommendations_follow").search(lead_in)
    return match and Verdict(Level.ENCOURAGING, "lead_in_noun", match.start(), match.end(), Field.LEAD_IN)


def _stem(tagged: TaggedProvision) -> Verdict | None:
    """The act of the lead-in that stands nearest to its items (rule S2); None where it has none."""
    passage = Passage(tagged, plain_verbs(tagged.provision.lead_in), Field.LEAD_IN)
    heads = find_heads(passage.text)
    indices = [index for index in range(len(heads)) if _counts(passage, heads, index)]
    if not indices:
        return _nominal_stem(passage.text)
    last = indices[-1]
    governor = _governor(heads, last)
    if governor and governor.lemma in strength_lemmas("deciding"):
        rule = "decides_that"
        return Verdict(Level.MANDATING, rule, governor.start, governor.end, Field.LEAD_IN)
    verdict = _judge(passage, heads[last])
    rule = verdict.rule
    is_that = _THAT.match(passage.text, heads[last].end) or _THAT_OPENING.match(plain(tagged.provision.text))
    if heads[last].lemma in strength_lemmas("deciding") and is_that:
        rule = "decides_that"
    return replace(verdict, field=Field.LEAD_IN, rule=rule if rule == "decides_that" else f"lead_in_{rule}")


def _counts(passage: Passage, heads: Sequence[Head], index: int) -> bool:
    """Whether a head can give the provision its strength."""
    head = heads[index]
    if head.form == Form.GERUND or head.is_main:
        return head.is_main
    governor = _governor(heads, index)
    if governor is None:
        return False
    if governor.lemma in strength_lemmas("leaving"):
        is_state = any(
            has_strength_pattern(name, passage.text[head.end :])
            for name in ("stative", "effect", "epistemic", "passive_verb")
        )
        return head.lemma == "may" and not is_state and names_agent(_content_subject(passage, head))
    # What is noted that others will do, or have promised, is a fact.
    if governor.lemma == "note" and (head.lemma == "will" or head.form == Form.PERFECT):
        return False
    if governor.lemma not in strength_lemmas("opening") | strength_lemmas("deciding"):
        return False
    # "recommends that States adopt a law": what is asked for, no act of the body.
    is_asked = head.form == Form.BASE and not has_strength_pattern("first_person", passage.text[: head.start])
    return not is_asked and not is_reported(passage, governor)


def _governor(heads: Sequence[Head], index: int) -> Head | None:
    """The verb in whose that-clause a head stands."""
    if heads[index].position != Position.CONTENT:
        return None
    return next((head for head in reversed(heads[:index]) if head.is_main), None)


def _judge(passage: Passage, head: Head) -> Verdict:
    return judge_modal(passage, head) if head.form == Form.MODAL else judge_act(passage, head)


def _is_remark(own: Verdict, text: str) -> bool:
    """Whether the own verb of a sub-item only remarks on what its lead-in asks for."""
    if own.rule in {"will_of_effect", "possibility", "must_of_value"}:
        return True
    return own.strength == Level.NONE and "," in text[: own.start]


def _unmarked(text: str) -> Verdict:
    if match := strength_pattern("no_intent").search(text):
        return Verdict(Level.NONE, "no_intent", match.start(), match.end())
    if match := strength_pattern("recital").search(text):
        return Verdict(Level.NONE, "recital", match.start(), match.end())
    if match := strength_pattern("continuation").search(text):
        return Verdict(Level.NONE, "continuation", match.start(), match.end(), is_sure=False)
    return Verdict(Level.NONE, "no_operative_verb", is_sure=False)
