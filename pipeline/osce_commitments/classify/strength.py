"""Obligation strength by rule: the order of the annotation guide, section 4."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.classify.acts import judge_act
from osce_commitments.classify.modals import judge_modal, says_voluntary
from osce_commitments.classify.patterns import has, lemmas, pattern
from osce_commitments.classify.verdict import Passage, Verdict
from osce_commitments.grammar import Form, Position, find_heads, plain
from osce_commitments.labels import Field, Role
from osce_commitments.labels import ObligationStrength as Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.grammar import Head
    from osce_commitments.schema import Provision, TaggedProvision

_SILENT = {Role.PREAMBLE: "preamble", Role.ATTACHMENT: "attachment", Role.TITLE: "title"}
_SOFTENED_BY_REFLECTION = frozenset({"lead_in_will_of_actor", "lead_in_modal_shall", "lead_in_modal_should"})
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


def _softened(stem: Verdict, text: str) -> Verdict:
    """The lead-in's level, lowered where the item itself is voluntary or only a reflection (rule S5)."""
    item = f" {text[:1].lower()}{text[1:]}"
    if stem.rule in _SOFTENED_BY_REFLECTION and has("reflection", item):
        return replace(stem, strength=Level.PERMISSIVE, rule="lead_in_reflection")
    if says_voluntary(item) and stem.strength not in {Level.NONE, Level.MANDATING}:
        return replace(stem, strength=Level.PERMISSIVE, rule="lead_in_voluntary")
    return stem


def _fixed(provision: Provision) -> Verdict | None:
    """Definitions ask for nothing, whatever their modal."""
    for field, name, text in (
        (Field.TEXT, "definition", provision.text),
        (Field.LEAD_IN, "definition_stem", provision.lead_in),
    ):
        if match := pattern(name).search(plain(text)):
            return Verdict(Level.NONE, "definition", match.start(), match.end(), field)
    return None


def _own(tagged: TaggedProvision, *, has_stem: bool) -> Verdict | None:
    """The strongest act of the text itself (rule S3); None where it has no operative verb or modal."""
    passage = Passage(tagged, plain(tagged.provision.text), Field.TEXT)
    heads = find_heads(passage.text, is_item=has_stem)
    verdicts = [_judge(passage, head) for index, head in enumerate(heads) if _counts(heads, index)]
    return max(verdicts, key=lambda verdict: verdict.strength.level, default=None)


def _stem(tagged: TaggedProvision) -> Verdict | None:
    """The act of the lead-in that stands nearest to its items (rule S2); None where it has none."""
    passage = Passage(tagged, plain(tagged.provision.lead_in), Field.LEAD_IN)
    heads = find_heads(passage.text)
    indices = [index for index in range(len(heads)) if _counts(heads, index)]
    if not indices:
        return None
    last = indices[-1]
    governor = _governor(heads, last)
    if governor and governor.lemma in lemmas("deciding"):
        rule = "decides_that"
        return Verdict(Level.MANDATING, rule, governor.start, governor.end, Field.LEAD_IN)
    verdict = _judge(passage, heads[last])
    rule = verdict.rule
    if heads[last].lemma in lemmas("deciding") and _THAT.match(passage.text, heads[last].end):
        rule = "decides_that"
    return replace(verdict, field=Field.LEAD_IN, rule=rule if rule == "decides_that" else f"lead_in_{rule}")


def _counts(heads: Sequence[Head], index: int) -> bool:
    """Whether a head can give the provision its strength."""
    head = heads[index]
    if head.form == Form.GERUND:
        return False
    governor = _governor(heads, index)
    return head.is_main or (governor is not None and governor.lemma in lemmas("opening") | lemmas("deciding"))


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
    if match := pattern("no_intent").search(text):
        return Verdict(Level.NONE, "no_intent", match.start(), match.end())
    if match := pattern("recital").search(text):
        return Verdict(Level.NONE, "recital", match.start(), match.end())
    if match := pattern("continuation").search(text):
        return Verdict(Level.NONE, "continuation", match.start(), match.end(), is_sure=False)
    return Verdict(Level.NONE, "no_operative_verb", is_sure=False)
