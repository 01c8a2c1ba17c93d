"""Who is requested: the Organization's own structures, or States and outsiders (annotation guide, rule S6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.classify.patterns import has, lemmas, pattern
from osce_commitments.grammar import Form, plain
from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from osce_commitments.classify.verdict import Passage
    from osce_commitments.grammar import Head
    from osce_commitments.schema import Provision, Tag

_NAMED = frozenset({TagKind.ADDRESSEE, TagKind.ACTOR, TagKind.STATE})
_SEGMENT_END = re.compile(r"\bto\b(?! (?:the|all|him|her|it|its|our|those)\b)|[;.]")
_OWN = "osce_structure"
_FOREIGN = frozenset({"international_org", "partner_state", "participating_state", "civil_society_type"})


def reads_tags(provision: Provision) -> bool:
    """Whether the level of a provision can hang on its tags: only that of a request in an OSCE text can."""
    words = plain(f"{provision.lead_in} {provision.text}").lower()
    return any(lemma in words for lemma in lemmas("requesting")) and has("osce_text", _context(provision))


def is_own_structure(passage: Passage, head: Head) -> bool | None:
    """Whether a request goes to a structure of the Organization itself; None where nothing tells.

    The first actor named after the verb decides (before it in the passive). Tags of the catalogue come
    first; an actor that it does not know is judged by its head noun. In texts that are not the OSCE's,
    the structures of the body that speaks count as its own.
    """
    start, end = _segment(passage.text, head)
    segment = passage.text[start:end]
    outsider, structure = pattern("outsider").search(segment), pattern("structure").search(segment)
    if has("osce_text", _context(passage.tagged.provision)):
        kind = _tagged_kind(passage, start, end)
        if kind == _OWN and not (outsider and structure and outsider.start() < structure.start()):
            return True
        if kind in _FOREIGN:
            return False
    if structure and (not outsider or structure.start() < outsider.start()):
        return True
    return False if outsider else None


def _segment(text: str, head: Head) -> tuple[int, int]:
    if head.form == Form.PASSIVE:
        start = max(text.rfind(mark, 0, head.start) + 1 for mark in (".", ";", ":"))
        return start, head.start
    match = _SEGMENT_END.search(text, head.end)
    return head.end, match.start() if match else len(text)


def _tagged_kind(passage: Passage, start: int, end: int) -> str:
    inside = [tag for tag in passage.tagged.tags if tag.field == passage.field and start <= tag.start < end]
    for tag in inside:
        if tag.kind in _NAMED and (kind := _actor_kind(tag)):
            return kind
    return ""


def _actor_kind(tag: Tag) -> str:
    return next((actor.kind for actor in load_catalogue().actors if actor.name == tag.ref), "")


def _context(provision: Provision) -> str:
    return " ".join((provision.title, *provision.heading, provision.lead_in, provision.text))
