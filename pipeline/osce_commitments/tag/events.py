"""Meetings and conferences: Ministerial Councils, Summits and the series of the catalogue."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

from osce_commitments.catalogue import cities, load_catalogue
from osce_commitments.labels import TagKind, Why, note_text
from osce_commitments.resources import load_yaml
from osce_commitments.rules import Rule, RuleSet, load_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Finding, TagInput, is_free, tags_of, why_unresolved
from osce_commitments.texts.dates import months_pattern
from osce_commitments.texts.numerals import ordinal_number, ordinal_pattern


def tag_events(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every event of a text; ref gives the series, the year and, for Councils, the ordinal and place."""
    return tags_of(tag_input, TagKind.EVENT, find_events(tag_input.text))


@functools.cache
def event_rules() -> RuleSet:
    """Names of meetings and conferences."""
    summits = load_yaml("rules/events")["words"]["summits"]
    atoms = {"city": cities(), "summit": alternatives(summits), "nth": ordinal_pattern(), "month": months_pattern()}
    return load_rules("events", atoms)


def find_events(text: str) -> list[Finding]:
    """Return the events of a plain text in order, without overlaps."""
    events: list[Finding] = []
    for group, read in _READERS.items():
        for rule, match in event_rules().matches(group, text):
            event = read(rule, match)
            if is_free((event.start, event.end), ((other.start, other.end) for other in events)):
                events.append(event)
    return sorted(events, key=lambda event: event.start)


def _meeting(rule: Rule, match: re.Match[str]) -> Finding:
    part = match.groupdict()
    year, ordinal = part.get("year") or part.get("year2"), part.get("ordinal")
    meetings = load_catalogue().meetings_named(
        place=part.get("city") or "",
        year=int(year) if year else None,
        ordinal=ordinal_number(ordinal) if ordinal else None,
    )
    return _one_of(rule, match, [meeting.name for meeting in meetings])


def _summit(rule: Rule, match: re.Match[str]) -> Finding:
    place, printed = match["city"], match["year"]
    years = event_rules().words["summits"][place]
    return _one_of(rule, match, [f"OSCE Summit {year} ({place})" for year in years if printed in {None, str(year)}])


def _one_of(rule: Rule, match: re.Match[str], names: Sequence[str]) -> Finding:
    if len(names) == 1:
        return Finding(match.start(), match.end(), names[0], "", rule.id)
    why, note = why_unresolved(names)
    return Finding(match.start(), match.end(), "", note, rule.id, why)


def _of_series(rule: Rule, match: re.Match[str]) -> Finding:
    rules, text, name = event_rules(), match.string, rule.gives["name"]
    before = rules.pattern("year.before").search(text, max(0, match.start() - 20), match.start())
    after = rules.pattern("year.after").match(text, match.end())
    year = before["year"] if before else (after["year"] or after["direct"]).strip() if after else ""
    start = before.start() if before else match.start()
    end = after.end() if after and not before else match.end()
    years = {event.year for event in load_catalogue().events if event.series == name}
    why = Why.NOT_IN_CATALOGUE if years and year and int(year) not in years else None
    return Finding(start, end, f"{name} {year}".strip(), note_text(why), rule.id, why)


_READERS: dict[str, Callable[[Rule, re.Match[str]], Finding]] = {
    "council": _meeting,
    "summit": _summit,
    "series": _of_series,
}
