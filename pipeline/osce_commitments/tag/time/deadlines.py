"""Deadlines and periodicities, resolved against the document's date."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import cities
from osce_commitments.labels import TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.rules.record import alternatives, fill_atoms
from osce_commitments.schema import Tag
from osce_commitments.tag.component import Component, Context, context_of, is_free, make_tag, tags_of, text_of
from osce_commitments.tag.time.anchor import Given
from osce_commitments.tag.time.durations import read_number
from osce_commitments.tag.time.not_deadlines import is_of_others
from osce_commitments.tag.time.resolvers import RESOLVERS
from osce_commitments.texts.dates import months_pattern
from osce_commitments.texts.numerals import ordinal_number, ordinal_pattern

if TYPE_CHECKING:
    from spacy.tokens import Doc

_NO_INTERVAL = "no interval stated"
_PER = {
    "year": (("Y", 1), ("M", 12), ("D", 365)),
    "month": (("M", 1), ("W", 4), ("D", 30)),
    "week": (("W", 1), ("D", 7)),
    "quarter": (("M", 3), ("D", 91)),
}
_TIMES = {"once": 1, "twice": 2}
_OTHER = {"other": 2}


@dataclass(frozen=True, slots=True)
class Due:
    """When or how often.

    Attributes:
        ref: ISO 8601 date, duration or repeating interval; empty if the text does not say.
        note: The anchor, or why there is no ref.
    """

    start: int
    end: int
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _DuePattern:
    name: str
    hint: tuple[str, ...]
    pattern: re.Pattern[str]
    ref: str | None


class Deadlines(Component):
    """Tags deadlines and periodicities."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every deadline and periodicity of the text."""
        text, context = text_of(doc), context_of(doc)
        actions = tags_of(doc, TagKind.ACTION)
        repeated = find_periodicities(text)
        spans = [(due.start, due.end) for due in repeated]
        dues = [(TagKind.PERIODICITY, due) for due in repeated]
        dues += [
            (TagKind.DEADLINE, due)
            for due in find_deadlines(text, context.date, context)
            if not is_of_others(text, (due.start, due.end), actions, is_span=due.ref.startswith("P"))
            and not any(start < due.start and due.end <= end for start, end in spans)
        ]
        return [make_tag(doc, kind, (due.start, due.end), due.ref, due.note) for kind, due in dues]


def find_deadlines(text: str, date: dt.date | None, context: Context | None = None) -> list[Due]:
    """Deadlines of a plain text; what lies before the document's ``date`` is none."""
    found: list[Due] = []
    given = Given(date, text, context or Context())
    for entry, match in _hits("deadlines", text):
        due = RESOLVERS[entry.name](match, given)
        if due and is_free(match.span(), ((other.start, other.end) for other in found)):
            found.append(Due(match.start(), match.end(), *due))
    return sorted(found, key=lambda due: due.start)


def find_periodicities(text: str) -> list[Due]:
    """Periodicities of a plain text."""
    found: list[Due] = []
    for entry, match in _hits("periodicities", text):
        if is_free(match.span(), ((other.start, other.end) for other in found)) and not _is_attribute(text, match):
            value = _interval(match) if entry.ref is None else entry.ref
            end = match.start() + len(match.group().rstrip())
            found.append(Due(match.start(), end, value, "" if value else _NO_INTERVAL))
    return sorted(found, key=lambda due: due.start)


def _is_attribute(text: str, match: re.Match[str]) -> bool:
    """Whether an adjective belongs to a thing that is there already ("the monthly tables") or to a name."""
    if match.group()[0].isupper() and re.search(r"[\w,] $", text[: match.start()]):
        return True
    is_adjective = match.group().strip().isalpha() and bool(re.match(r" ?[a-z]", text[match.end() :]))
    return is_adjective and bool(_not_repeated().search(text[max(0, match.start() - 30) : match.start()]))


@functools.cache
def _not_repeated() -> re.Pattern[str]:
    return re.compile(load_yaml("deadlines")["not_repeated"])


def _interval(match: re.Match[str]) -> str:
    part = match.groupdict()
    if part.get("ordinal"):
        return f"R/P{ordinal_number(part['ordinal'])}{part['nth'][0].upper()}"
    if part.get("times"):
        word = part["times"].split()[0].lower()
        unit = "year" if part.get("yearly") else part["unit"].lower()
        return _share(_TIMES.get(word) or read_number(word), unit)
    unit = part["unit"].lower()
    return f"R/P{_OTHER.get(part['number'].lower()) or read_number(part['number'])}{unit[0].upper()}"


def _share(times: int, unit: str) -> str:
    """The interval of what happens some times per unit."""
    for letter, length in _PER[unit]:
        if length % times == 0:
            return f"R/P{length // times}{letter}"
    letter, length = _PER[unit][-1]
    return f"R/P{max(1, length // times)}{letter}"


@functools.cache
def _patterns(group: str) -> tuple[_DuePattern, ...]:
    data = load_yaml("deadlines")
    return tuple(
        _DuePattern(
            row["name"],
            tuple(row["hint"]),
            _compiled(row["pattern"], data),
            row.get("ref"),
        )
        for row in data[group]
    )


def _hits(group: str, text: str) -> Iterator[tuple[_DuePattern, re.Match[str]]]:
    contains = text.lower().__contains__
    hints, entries = _hinted(group)
    is_hinted = [any(map(contains, hint)) for hint in hints]
    for at, entry in entries:
        if is_hinted[at]:
            for match in entry.pattern.finditer(text):
                yield entry, match


@functools.cache
def _hinted(group: str) -> tuple[list[tuple[str, ...]], list[tuple[int, _DuePattern]]]:
    """The hints of a group, each once, and its patterns with the place of their hint."""
    hints = list(dict.fromkeys(entry.hint for entry in _patterns(group)))
    return hints, [(hints.index(entry.hint), entry) for entry in _patterns(group)]


def _compiled(source: str, data: Mapping[str, str]) -> re.Pattern[str]:
    months = months_pattern()
    first = rf"\d{{1,2}}(?:st|nd|rd|th)?(?:(?: (?:{months}))?(?: ?- ?| and | to )\d{{1,2}})?"
    day = rf"(?:{data['weekday']},? )?(?:(?:the )?{first} (?:{months}),? \d{{4}}|(?:{months}) \d{{1,2}}, \d{{4}})"
    count = rf"(?:\d{{1,3}}|{alternatives(data['numbers'])})"
    parts = {
        "weekday": data["weekday"],
        "happenings": data["happenings"],
        "occasions": data["occasions"],
        "year": rf"(?:(?:the year )?(?:19|20)\d\d\b|{data['this']})",
        "span": rf"(?P<number>{count})(?: \(\d{{1,3}}\))?(?: {data['full']})? (?P<unit>hours?|days?|weeks?|months?|years?)",
        "date": rf"(?:{day}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|\d{{4}}-\d\d-\d\d|(?:the month of )?(?:{months}) \d{{4}}|(?:the (?:calendar )?year )?(?:19|20)\d\d(?![\w/]|-\d\d-))",
        "day": day,
        "month": f"(?:{months})",
        "daymonth": rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?|first of) (?:{months})|(?:{months}) \d{{1,2}}(?!\d))",
        "number": count,
        "city": cities(),
        "ordinal": ordinal_pattern(),
    }
    parts |= {name: fill_atoms(data[name], parts) for name in ("by", "from", "in", "meet", "edge", "this")}
    return re.compile(r"(?<![\w-])" + fill_atoms(source, parts), re.IGNORECASE)
