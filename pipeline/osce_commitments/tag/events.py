"""Meetings and conferences: Ministerial Councils, Summits and the series of the catalogue."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import Meeting, cities, load_catalogue
from osce_commitments.labels import TagKind, Why, note_text
from osce_commitments.resources import load_yaml
from osce_commitments.rules.record import fill_atoms
from osce_commitments.schema import Tag
from osce_commitments.tag.component import Component, is_free, make_tag, text_of
from osce_commitments.texts.dates import months_pattern
from osce_commitments.texts.numerals import ordinal_number, ordinal_pattern

if TYPE_CHECKING:
    from spacy.tokens import Doc

_HINT = re.compile(r"Ministerial|Summit|[Cc]onference|[Mm]eeting|[Ss]ession|ASRC|HDIM|SHDM|UNGASS|Forum")


@dataclass(frozen=True, slots=True)
class EventMatch:
    """A meeting or conference in plain text."""

    start: int
    end: int
    name: str
    note: str = ""


class Events(Component):
    """Tags meetings and conferences; ref names the series, the year and, for Councils, the ordinal and place."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every event, meetings of the Council first where they overlap."""
        return [make_tag(doc, TagKind.EVENT, (e.start, e.end), e.name, e.note) for e in find_events(text_of(doc))]


def find_events(text: str) -> list[EventMatch]:
    """The events of a plain text in order, without overlap."""
    if not _HINT.search(text):
        return []
    found: list[EventMatch] = []
    for event in _candidates(text):
        if is_free((event.start, event.end), ((other.start, other.end) for other in found)):
            found.append(event)
    return sorted(found, key=lambda event: event.start)


def meeting_name(meeting: Meeting) -> str:
    """Canonical name of a meeting of the Ministerial Council: "MC(19) Dublin 2012"."""
    return f"MC({meeting.ordinal}) {meeting.place} {meeting.year}"


def _candidates(text: str) -> Iterator[EventMatch]:
    for pattern in _ministerial():
        for match in pattern.finditer(text):
            yield _meeting(match)
    for match in _summits().finditer(text):
        yield _summit(match)
    for name, pattern in _series():
        for match in pattern.finditer(text):
            yield _of_series(text, match, name)


def _meeting(match: re.Match[str]) -> EventMatch:
    part = match.groupdict()
    year = part.get("year") or part.get("year2")
    ordinal = part.get("ordinal")
    meetings = [
        meeting
        for meeting in load_catalogue().meetings
        if (not part.get("city") or meeting.place == part["city"])
        and (not year or meeting.year == int(year))
        and (not ordinal or meeting.ordinal == ordinal_number(ordinal))
    ]
    names = " | ".join(map(meeting_name, meetings))
    if len(meetings) == 1:
        return EventMatch(match.start(), match.end(), names)
    note = note_text(Why.AMBIGUOUS, names) if meetings else note_text(Why.NOT_IN_CATALOGUE)
    return EventMatch(match.start(), match.end(), "", note)


def _summit(match: re.Match[str]) -> EventMatch:
    place, printed = match["city"], match["year"]
    years = [
        year for year in load_yaml("event_patterns")["summits"]["years"][place] if str(year) == (printed or str(year))
    ]
    names = [f"OSCE Summit {year} ({place})" for year in years]
    if len(names) == 1:
        return EventMatch(match.start(), match.end(), names[0])
    note = note_text(Why.AMBIGUOUS, " | ".join(names)) if names else note_text(Why.NOT_IN_CATALOGUE)
    return EventMatch(match.start(), match.end(), "", note)


def _of_series(text: str, match: re.Match[str], name: str) -> EventMatch:
    before = _year_before().search(text, max(0, match.start() - 20), match.start())
    after = _year_after().match(text, match.end())
    year = before["year"] if before else (after["year"] or after["direct"]).strip() if after else ""
    start = before.start() if before else match.start()
    end = after.end() if after and not before else match.end()
    return EventMatch(start, end, f"{name} {year}".strip(), _series_note(name, year))


def _series_note(name: str, year: str) -> str:
    years = {event.year for event in load_catalogue().events if event.series == name}
    return note_text(Why.NOT_IN_CATALOGUE) if year and years and int(year) not in years else ""


@functools.cache
def _ministerial() -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(row["pattern"]) for row in load_yaml("event_patterns")["ministerial"])


@functools.cache
def _summits() -> re.Pattern[str]:
    return _compiled(load_yaml("event_patterns")["summits"]["pattern"])


@functools.cache
def _series() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["name"], _compiled(row["pattern"])) for row in load_yaml("event_patterns")["series"])


@functools.cache
def _year_before() -> re.Pattern[str]:
    return re.compile(load_yaml("event_patterns")["year_before"])


@functools.cache
def _year_after() -> re.Pattern[str]:
    return re.compile(fill_atoms(load_yaml("event_patterns")["year_after"], {"month": months_pattern()}))


def _compiled(source: str) -> re.Pattern[str]:
    summits = "|".join(load_yaml("event_patterns")["summits"]["years"])
    parts = {"city": cities(), "summit": f"(?:{summits})", "ordinal": ordinal_pattern()}
    return re.compile(rf"(?<![\w/])(?:{fill_atoms(source, parts)})")
