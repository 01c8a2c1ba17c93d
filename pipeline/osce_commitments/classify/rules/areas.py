"""Threat areas by word list: the text first, then lead-in, heading and title (annotation guide, section 5)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from osce_commitments.labels import THREAT_AREAS, Basis, Field, ThreatArea
from osce_commitments.rules import Rule, RuleSet, load_rules
from osce_commitments.rules.pattern import Patterns
from osce_commitments.schema import AreaCue, Cue, Provision
from osce_commitments.texts.normalise import plain

# Joins the headings for the search for cues.
HEADING_SEPARATOR = " / "
_LAST_WORD = re.compile(r"[^ ]*\Z")


@functools.cache
def area_rules() -> RuleSet:
    """Return the rules on words of threat areas."""
    return load_rules("areas")


@functools.cache
def _words() -> tuple[tuple[ThreatArea, Rule, frozenset[ThreatArea]], ...]:
    """Return every rule of an area, with the areas that suppress it: those it lists, or all others if it lists none."""
    words = []
    for area in THREAT_AREAS:
        for rule in area_rules().group(area):
            listed = rule.gives.get("not_with")
            others = frozenset(THREAT_AREAS) - {area}
            words.append((area, rule, frozenset() if listed is None else frozenset(map(ThreatArea, listed)) or others))
    return tuple(words)


@functools.cache
def _patterns() -> Patterns:
    return Patterns([rule.pattern for _, rule, _ in _words()])


def find_areas(provision: Provision) -> tuple[AreaCue, ...]:
    """Return the threat areas of a provision in the order of the label set, each with its cue.

    The first field that names a threat decides. Heading and title give the subject of a generic act, but not of an act
    on rights, gender or money: such an act has an area only if it names it.
    """
    areas = _in_field(Field.TEXT, provision.text) or _in_field(Field.LEAD_IN, provision.lead_in)
    if not areas and not _is_untied(provision.text):
        areas = _in_context(provision) or _in_field(Field.TEXT, provision.text, blanked=("mask",))
    elif all(cue.area in area_rules().words["means"] for cue in areas) and not _is_untied(provision.text):
        further = _in_field(Field.LEAD_IN, provision.lead_in) or _in_context(provision)
        # "Transnational threats" never goes with a single threat.
        areas = _merged(areas, tuple(cue for cue in further if cue.area != ThreatArea.TRANSNATIONAL_THREATS))
    if area_rules().leftmost("itself", plain(provision.text)):
        return _merged(areas, _in_field(Field.TITLE, provision.title))
    return areas


def named_areas(provision: Provision) -> dict[Field, frozenset[ThreatArea]]:
    """Return the areas of each field read alone: text, lead-in, the nearest heading with any, title."""
    headings = (_named(Field.HEADING, one) for one in reversed(provision.heading))
    return {
        Field.TEXT: _named(Field.TEXT, provision.text),
        Field.LEAD_IN: _named(Field.LEAD_IN, provision.lead_in),
        Field.HEADING: next(filter(None, headings), frozenset()),
        Field.TITLE: _named(Field.TITLE, provision.title),
    }


def _named(field: Field, text: str) -> frozenset[ThreatArea]:
    return frozenset(cue.area for cue in _in_field(field, text))


def bases_of(provision: Provision, areas: Sequence[ThreatArea], cues: Iterable[AreaCue]) -> tuple[Basis, ...]:
    """Return the basis of each area: the first field that names it, else the field of its cue.

    Only the cue decides if the words of an area are part of a name ("the Anti-Terrorism Unit").
    """
    if not areas:
        return ()
    named, cued = named_areas(provision), {cue.area: cue.cue.field for cue in cues}
    found = (next((field for field in named if area in named[field]), cued.get(area)) for area in areas)
    return tuple(Basis(field.value) if field else Basis.IMPLIED for field in found)


def _in_context(provision: Provision) -> tuple[AreaCue, ...]:
    end = sum(map(len, provision.heading)) + len(HEADING_SEPARATOR) * max(0, len(provision.heading) - 1)
    for heading in reversed(provision.heading):
        if field := _in_field(Field.HEADING, heading, end - len(heading)):
            return field
        end -= len(heading) + len(HEADING_SEPARATOR)
    return _in_field(Field.TITLE, provision.title)


def _merged(first: tuple[AreaCue, ...], second: tuple[AreaCue, ...]) -> tuple[AreaCue, ...]:
    known = {cue.area for cue in first}
    cues = (*first, *(cue for cue in second if cue.area not in known))
    return tuple(sorted(cues, key=lambda cue: THREAT_AREAS.index(cue.area)))


# Titles and lead-ins recur, and the bases of areas read each field again.
@functools.lru_cache(8192)
def _in_field(
    field: Field, text: str, shift: int = 0, blanked: tuple[str, ...] = ("mask", "name")
) -> tuple[AreaCue, ...]:
    """Return the areas named in ``text``, which begins ``shift`` characters into its field."""
    if not text:
        return ()
    masked = plain(text)
    for name in blanked:
        masked = area_rules().any_pattern(name).sub(_blank, masked)
    masked = area_rules().any_pattern("recipient").sub(lambda match: _LAST_WORD.sub(_blank, match.group()), masked)
    asked = [_words()[position] for position in _patterns().that_may_match(masked)]
    hits = [(*words, match) for words in asked if (match := words[1].pattern.compiled.search(masked))]
    named = {area for area, *_ in hits}
    found: dict[ThreatArea, AreaCue] = {}
    for area, rule, excluding, match in hits:
        if area not in found and not excluding & named:
            # Patterns match stems ("investigat"), but a cue shows whole words.
            start, end = match.span()
            while masked[end : end + 1].isalpha():
                end += 1
            found[area] = AreaCue(area, Cue(field, start + shift, end + shift, text[start:end], rule.id))
    return tuple(found.values())


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match.group())


@functools.lru_cache(8192)
def _is_untied(text: str) -> bool:
    """Whether the act keeps its own subject, whatever threat its heading or title names."""
    unconditional = area_rules().any_pattern("condition").sub("", plain(text))
    return bool(area_rules().any_pattern("untied").search(unconditional))
