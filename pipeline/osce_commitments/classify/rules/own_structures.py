"""The recipient of a request: the Organization's own structures, or States and outsiders (annotation guide, rule S6)."""

from __future__ import annotations

import re

from osce_commitments.catalogue import load_catalogue
from osce_commitments.classify.rules.verdict import Passage, finds, strength_rules
from osce_commitments.grammar import Form, Head
from osce_commitments.labels import TagKind
from osce_commitments.schema import Provision

_NAMED = frozenset({TagKind.ADDRESSEE, TagKind.ACTOR, TagKind.STATE})
READ_TAGS = _NAMED | {TagKind.ACTION}  # kinds of tags that decide a label: the addressees of a verb
_SEGMENT_END = re.compile(r"\bto\b(?! (?:the|all|him|her|it|its|our|those)\b)|[;.]")
_OWN = "osce_structure"
_FOREIGN = frozenset({"international_org", "partner_state", "participating_state", "civil_society_type"})


def is_own_structure(passage: Passage, head: Head) -> bool | None:
    """Whether a request goes to a structure of the Organization itself; None if that is not known.

    The first actor named after the verb decides (before it in the passive). Tags of the catalogue come
    first; an unknown actor is judged by its head noun. In texts that are not the OSCE's,
    the structures of the body that speaks count as its own.
    """
    start, end = _segment(passage.text, head)
    segment = passage.text[start:end]
    own, foreign = _bodies(passage.tagged.provision)
    outsider, structure = (
        _first(("addressee.outsider", *foreign), segment),
        _first(("addressee.structure", *own), segment),
    )
    # "The Secretary-General of the United Nations" begins like one of our structures, so the whole name counts.
    is_outsider_first = outsider is not None and (structure is None or outsider <= structure)
    if finds("text.osce", _context(passage.tagged.provision)) and "body.un" in foreign:
        kind = _tagged_kind(passage, start, end)
        if kind == _OWN and not (structure is not None and is_outsider_first):
            return True
        if kind in _FOREIGN:
            return False
    if is_outsider_first:
        return False
    return None if structure is None else True


def _first(names: tuple[str, ...], segment: str) -> int | None:
    """Return the start of the first match of the named rules in the words, if any."""
    found = [match.start() for name in names if (match := strength_rules()[name].search(segment))]
    return min(found, default=None)


def _bodies(provision: Provision) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rules for bodies of the organization that speaks, and for those of others.

    The title names the speaker. Titles of United Nations resolutions may not: without a word for another kind of text,
    or if the title names the United Nations, they are the speaker.
    """
    title = provision.title
    is_un = finds("text.un", title) or (
        not finds("text.osce", _context(provision)) and (finds("body.un", title) or not finds("text.other", title))
    )
    is_eu = finds("text.eu", title)
    foreign = ["body.other"]
    own: list[str] = []
    for name, is_own in (("body.un", is_un), ("body.eu", is_eu)):
        (own if is_own else foreign).append(name)
    return tuple(own), tuple(foreign)


def _segment(text: str, head: Head) -> tuple[int, int]:
    if head.form == Form.PASSIVE:
        start = max(text.rfind(mark, 0, head.start) + 1 for mark in (".", ";", ":"))
        return start, head.start
    match = _SEGMENT_END.search(text, head.end)
    return head.end, match.start() if match else len(text)


def _tagged_kind(passage: Passage, start: int, end: int) -> str:
    inside = [tag for tag in passage.tagged.tags if tag.field == passage.field and start <= tag.start < end]
    for tag in inside:
        if tag.kind in _NAMED and (
            kind := next((actor.kind for actor in load_catalogue().actors if actor.name == tag.ref), "")
        ):
            return kind
    return ""


def _context(provision: Provision) -> str:
    return " ".join((provision.title, *provision.heading, provision.lead_in, provision.text))
