"""Threat areas by word list: the text first, then lead-in, heading and title (annotation guide, section 5)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from osce_commitments.labels import THREAT_AREAS, Field, ThreatArea
from osce_commitments.resources import load_yaml
from osce_commitments.schema import AreaCue, Cue, Provision
from osce_commitments.texts.normalise import plain

# Cues in the headings count in all of them joined by this.
HEADING_SEPARATOR = " / "
_CACHED_FIELDS = 8192  # Titles and lead-ins come again, and a network is told of each field once more.


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that make an area, unless one of the areas ``not_beside`` is named too (empty: any other)."""

    area: ThreatArea
    pattern: re.Pattern[str]
    not_beside: frozenset[ThreatArea] | None


@functools.cache
def _words() -> tuple[_Words, ...]:
    areas = load_yaml("threat_areas")["areas"]
    return tuple(
        _Words(area, re.compile(row["pattern"], re.IGNORECASE), _others(area, row.get("not_beside")))
        for area in THREAT_AREAS
        for row in areas[area.value]
    )


def _others(area: ThreatArea, listed: list[str] | None) -> frozenset[ThreatArea] | None:
    if listed is None:
        return None
    return frozenset(ThreatArea(name) for name in listed) or frozenset(THREAT_AREAS) - {area}


@functools.cache
def _listed(name: str) -> re.Pattern[str]:
    rows = load_yaml("threat_areas")[name]
    return re.compile("|".join(f"(?:{row['pattern']})" for row in rows), re.IGNORECASE)


def find_areas(provision: Provision) -> tuple[AreaCue, ...]:
    """The threat areas of a provision in the order of the label set, each with the words that made it.

    The first field that names a threat decides. Heading and title say what a generic act is about, not
    what an act on rights, gender or money is about: such an act has an area only if it names it.
    """
    found = _in_field(Field.TEXT, provision.text) or _in_field(Field.LEAD_IN, provision.lead_in)
    if not found and not _is_untied(provision):
        found = _in_context(provision) or _in_field(Field.TEXT, provision.text, blanked=("masks",))
    elif found and _names_only_means(found) and not _is_untied(provision):
        found = _merged(found, _specific(_in_field(Field.LEAD_IN, provision.lead_in) or _in_context(provision)))
    if _listed("itself").search(plain(provision.text)):
        return _merged(found, _in_field(Field.TITLE, provision.title))
    return found


def named_areas(field: Field, text: str) -> frozenset[ThreatArea]:
    """The areas that one field names by itself."""
    return frozenset(cue.area for cue in _in_field(field, text))


@functools.cache
def _means() -> frozenset[ThreatArea]:
    return frozenset(ThreatArea(name) for name in load_yaml("threat_areas")["means"])


def _names_only_means(found: tuple[AreaCue, ...]) -> bool:
    """Whether the areas say by what means an act works, and not against what."""
    return all(cue.area in _means() for cue in found)


def _specific(found: tuple[AreaCue, ...]) -> tuple[AreaCue, ...]:
    """The areas without transnational threats as a whole, which never stand beside a threat of their own."""
    return tuple(cue for cue in found if cue.area != ThreatArea.TRANSNATIONAL_THREATS)


def _in_context(provision: Provision) -> tuple[AreaCue, ...]:
    whole = HEADING_SEPARATOR.join(provision.heading)
    end = len(whole)
    for heading in reversed(provision.heading):
        if found := _in_field(Field.HEADING, heading, end - len(heading)):
            return found
        end -= len(heading) + len(HEADING_SEPARATOR)
    return _in_field(Field.TITLE, provision.title)


def _merged(first: tuple[AreaCue, ...], second: tuple[AreaCue, ...]) -> tuple[AreaCue, ...]:
    known = {cue.area for cue in first}
    cues = (*first, *(cue for cue in second if cue.area not in known))
    return tuple(sorted(cues, key=lambda cue: THREAT_AREAS.index(cue.area)))


@functools.lru_cache(_CACHED_FIELDS)
def _in_field(
    field: Field, text: str, shift: int = 0, blanked: tuple[str, ...] = ("masks", "names")
) -> tuple[AreaCue, ...]:
    """Areas named in ``text``, which stands ``shift`` characters into its field."""
    masked = plain(text)
    for name in blanked:
        masked = _listed(name).sub(lambda match: "_" * len(match.group()), masked)
    hits = [(words, match) for words in _words() if (match := words.pattern.search(masked))]
    named = {words.area for words, _ in hits}
    found: dict[ThreatArea, AreaCue] = {}
    for words, match in hits:
        if words.area not in found and not (words.not_beside and words.not_beside & named):
            start, end = match.start(), _rest_of_word(masked, match.end())
            cue = Cue(field, start + shift, end + shift, text[start:end], f"words_{words.area}")
            found[words.area] = AreaCue(words.area, cue)
    return tuple(found.values())


def _rest_of_word(text: str, end: int) -> int:
    # Patterns match stems ("investigat"); a person is shown whole words.
    while end < len(text) and text[end].isalpha():
        end += 1
    return end


def _is_untied(provision: Provision) -> bool:
    """Whether the act is one of those that a heading or title does not make an act on a threat."""
    return bool(_listed("untied").search(_listed("conditions").sub("", plain(provision.text))))
