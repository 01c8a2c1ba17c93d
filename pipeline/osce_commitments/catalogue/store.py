"""The catalogue in memory: instruments, actors, events and meetings by symbol and by name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar, cast

from osce_commitments.catalogue.organs import organs
from osce_commitments.catalogue.symbols import normalise_symbol
from osce_commitments.errors import ConfigError
from osce_commitments.labels import DocumentType, ThreatArea
from osce_commitments.resources import load_csv, load_yaml
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.texts.normalise import folded
from osce_commitments.texts.numerals import ordinal_in_figures, ordinal_number, ordinal_pattern

_ROMAN = re.compile(r"[IVX]+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NO_VOWEL = re.compile(r"[^AEIOUY]{2,}")
_PREFIXES = frozenset({"CO", "RE", "PRE", "SUB", "E", "X"})
_KEPT = 4_096  # titles: every row of a list names its document
_SENTENCE_BREAK = (":", "\u2013", "\u2014", ".")


@functools.lru_cache(_KEPT)
def display_title(title: str) -> str:
    """A title for people: "Preventing Trafficking in the OSCE Area" for "PREVENTING TRAFFICKING IN THE OSCE AREA".

    Every word of weight gets a capital, so that names need no list. Known abbreviations, words without a vowel, numerals and
    symbols stay as they are, and so do titles and parts of titles that are not in capitals.
    """
    words = [word for word in title.split() if word != "|"]  # the bar of a table
    shown: list[str] = []
    for is_run, run in groupby(words, key=lambda word: _is_capital(word) or not any(map(str.isalpha, word))):
        parts = list(run)
        shown += _headline(parts) if is_run and _is_shouted(parts, is_whole=len(parts) == len(words)) else parts
    return " ".join(shown)


def _is_capital(word: str) -> bool:
    """Whether a word is in capitals ("ICTs" too) and is no symbol ("MC.DEC/9/11")."""
    letters = "".join(filter(str.isalpha, word)).removesuffix("s")
    return letters.isupper() and "/" not in word and not any(map(str.isdigit, word))


def _is_shouted(run: Sequence[str], *, is_whole: bool) -> bool:
    plain = [part for word in run for part in _WORD.findall(word) if len(part) > 1 and not _is_abbreviation(part)]
    return len(plain) > 1 or (is_whole and any(len(part) > 3 for part in plain))  # noqa: PLR2004 - "ODA" may be a short form


def _headline(run: Sequence[str]) -> Iterator[str]:
    opens = True
    for index, word in enumerate(run):
        yield "-".join(_parts(word.split("-"), is_prominent=opens or index == len(run) - 1))
        opens = word.endswith(_SENTENCE_BREAK)


def _parts(parts: Sequence[str], *, is_prominent: bool) -> Iterator[str]:
    for index, part in enumerate(parts):
        if index and parts[index - 1] in _PREFIXES:
            yield part.lower()
        else:
            yield _WORD.sub(functools.partial(_cased, is_prominent=is_prominent and not index), part)


def _cased(match: re.Match[str], *, is_prominent: bool) -> str:
    if _is_abbreviation(match[0]):
        return match[0]
    small = match[0].lower()
    return small if small in _words()["small"] and not is_prominent else small.capitalize()


@functools.cache
def _is_abbreviation(word: str) -> bool:
    bare = word.removesuffix("s")
    return bare in _short_forms() or bool(_ROMAN.fullmatch(word) or _NO_VOWEL.fullmatch(bare))


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load_yaml("catalogue/titles").items() if name != "title"}


@functools.cache
def _short_forms() -> frozenset[str]:
    short = {
        part for actor in load_catalogue().actors for name in actor.abbreviations for part in re.split(r"[\s/]", name)
    }
    bodies = {organ.body for organ in organs()}
    return (_words()["abbreviations"] | {part for part in short | bodies if part.isupper()}) - _words()["words"]


# Meetings by the names that people give them: "18th", "MC(18)", "MC 2011", "Vilnius".
_ORDINAL = re.compile(r"(?:mc ?\()?(?P<ordinal>\d{1,2})(?:st|nd|rd|th|\))(?: (?:mc|ministerial council|meeting))?")
_YEAR = re.compile(r"(?:mc|ministerial council)[ .]?(?P<year>\d{4})")
_PLACE = re.compile(r"(?P<place>[^\d]+?)(?: (?P<year>\d{4}))?")
_PRINTED = re.compile(rf"(?P<ordinal>{ordinal_pattern()}) Meeting", re.IGNORECASE)


class ActorKind(StrEnum):
    """What an actor is."""

    OSCE_STRUCTURE = "osce_structure"
    PARTICIPATING_STATE = "participating_state"
    PARTNER_STATE = "partner_state"
    INTERNATIONAL_ORG = "international_org"
    CIVIL_SOCIETY_TYPE = "civil_society_type"
    GENERIC_ADDRESSEE = "generic_addressee"


@dataclass(frozen=True, slots=True)
class Instrument:
    """An adopted text, treaty or report that documents cite.

    Attributes:
        symbol: Official symbol; in square brackets where the text has none and the name is ours.
        body: ``MC``, ``PC``, ``FSC``, ``Summit``, ``PA``, ``Secretariat``, ``UN``, ``CoE`` or ``other``.
        number: Number as printed ("9/11", "1063"); empty if it has none.
        date: Day of adoption; None where only the year is known.
        source_url: Page that showed the symbol or title; empty if none did.
        verified: A page showed the symbol (or, without an official symbol, the title).
    """

    symbol: str
    body: str
    type: DocumentType
    number: str
    year: int | None
    date: dt.date | None
    place: str
    title: str
    short_names: tuple[str, ...]
    threat_areas: tuple[ThreatArea, ...]
    source_url: str
    verified: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Title and short names."""
        return (self.title, *self.short_names)


@dataclass(frozen=True, slots=True)
class Actor:
    """A body, State, organization or group that acts or is addressed; ``broader`` names the group that it is part of."""

    name: str
    kind: ActorKind
    abbreviations: tuple[str, ...]
    aliases: tuple[str, ...]
    notes: str
    broader: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical name, abbreviations and aliases."""
        return (self.name, *self.abbreviations, *self.aliases)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a series; ``year`` is None for a series as a whole."""

    series: str
    year: int | None
    theme: str
    place: str
    source_url: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the Ministerial Council; ``place`` is the host city, which need not lie in the Chair's country."""

    ordinal: int
    year: int
    place: str
    start: dt.date
    end: dt.date
    chairmanship: str
    verified: bool

    @property
    def name(self) -> str:
        """Canonical name: "MC(19) Dublin 2012"."""
        return f"MC({self.ordinal}) {self.place} {self.year}"

    @property
    def in_words(self) -> str:
        """The meeting in a sentence, with its place and days."""
        return f"{ordinal_in_figures(self.ordinal)} meeting of the Ministerial Council ({self.place}, {self._days})"

    @property
    def _days(self) -> str:
        last = f"{self.end.day} {self.end:%B %Y}"
        if self.start == self.end:
            return last
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start.day}\u2013{last}"
        return f"{self.start.day} {self.start:%B %Y} \u2013 {last}"


@dataclass(frozen=True)
class Catalogue:
    """Look-ups over the rows."""

    instruments: tuple[Instrument, ...]
    actors: tuple[Actor, ...]
    events: tuple[Event, ...]
    meetings: tuple[Meeting, ...]
    _urls: Mapping[str, tuple[str, ...]] = field(repr=False)

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument with a symbol in any printed form; "S/RES/1373" finds "S/RES/1373 (2001)"."""
        canonical = normalise_symbol(symbol) or symbol.strip()
        instrument = self._by_symbol.get(canonical)
        if instrument is None and canonical.startswith("S/RES/"):
            return self._by_symbol_without_year.get(canonical)
        return instrument

    def by_name(self, text: str) -> Instrument | None:
        """The one instrument with a title or short name, letter case ignored; None if none or several have it."""
        matches = self.all_by_name(text)
        return matches[0] if len(matches) == 1 else None

    def all_by_name(self, text: str) -> tuple[Instrument, ...]:
        """Every instrument with a title or short name."""
        return self._instruments_by_name.get(fold_name(text), ())

    def actor(self, name: str) -> Actor | None:
        """The one actor with a canonical name, abbreviation or alias; a canonical name wins over an alias."""
        key = fold_name(name)
        matches = self._actors_by_name.get(key, ())
        canonical = [actor for actor in matches if fold_name(actor.name) == key]
        chosen = canonical or list(matches)
        return chosen[0] if len(chosen) == 1 else None

    def meeting(self, *, ordinal: int | None = None, year: int | None = None) -> Meeting | None:
        """The meeting with an ordinal, or the only one of a year; None otherwise (1992 had two)."""
        meetings = self.meetings_named(ordinal=ordinal, year=year)
        return meetings[0] if len(meetings) == 1 else None

    def meetings_named(
        self, *, place: str = "", year: int | None = None, ordinal: int | None = None
    ) -> tuple[Meeting, ...]:
        """The meetings that match the given place, year and ordinal."""
        return tuple(
            meeting
            for meeting in self.meetings
            if place in ("", meeting.place) and year in (None, meeting.year) and ordinal in (None, meeting.ordinal)
        )

    def urls(self, symbol: str) -> tuple[str, ...]:
        """Possible addresses of an instrument: trust one only if its page shows the symbol or title."""
        instrument = self.instrument(symbol)
        return self._urls.get(instrument.symbol, ()) if instrument else ()

    @functools.cached_property
    def ambiguous_names(self) -> frozenset[str]:
        """Folded names that several instruments share; :meth:`by_name` finds none for them."""
        return frozenset(name for name, matches in self._instruments_by_name.items() if len(matches) > 1)

    @functools.cached_property
    def ambiguous_actor_names(self) -> frozenset[str]:
        """Folded names that several actors share."""
        return frozenset(name for name, matches in self._actors_by_name.items() if len(matches) > 1)

    @functools.cached_property
    def _by_symbol(self) -> dict[str, Instrument]:
        return {row.symbol: row for row in self.instruments}

    @functools.cached_property
    def _by_symbol_without_year(self) -> dict[str, Instrument]:
        return {row.symbol.partition(" (")[0]: row for row in self.instruments if row.symbol.startswith("S/RES/")}

    @functools.cached_property
    def _instruments_by_name(self) -> dict[str, tuple[Instrument, ...]]:
        return _by_name(self.instruments)

    @functools.cached_property
    def _actors_by_name(self) -> dict[str, tuple[Actor, ...]]:
        return _by_name(self.actors)


def fold_name(text: str) -> str:
    """A name for comparison, without its leading article."""
    return folded(text).removeprefix("the ")


@functools.cache
def load_catalogue() -> Catalogue:
    """The catalogue of the package; read once."""
    urls: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in load_csv("catalogue/urls"):
        urls[row["symbol"]] += (row["url"],)
    return Catalogue(
        instruments=_rows(Instrument, load_csv("catalogue/instruments")),
        actors=_rows(Actor, _with_known_kinds(load_csv("catalogue/actors"))),
        events=_rows(Event, load_csv("catalogue/events")),
        meetings=_rows(Meeting, load_csv("catalogue/mc_meetings")),
        _urls=dict(urls),
    )


def _with_known_kinds(rows: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """The rows of the table of actors, to which people add; the first one of an unknown kind is refused.

    Raises:
        ConfigError: If the kind of a row is unknown.
    """
    for line, row in enumerate(rows, start=2):  # the first line has the names of the columns
        if row["kind"] not in set(ActorKind):
            msg = f"catalogue/actors.csv, row {line} ({row['name']}): {row['kind']!r} is no kind of actor"
            raise ConfigError(msg, f"write one of: {', '.join(ActorKind)}")
    return rows


_Row = TypeVar("_Row", Instrument, Actor)
_Kind = TypeVar("_Kind", Instrument, Actor, Event, Meeting)


def _by_name(rows: Iterable[_Row]) -> dict[str, tuple[_Row, ...]]:
    matches: defaultdict[str, dict[int, _Row]] = defaultdict(dict)
    for position, row in enumerate(rows):
        for name in row.names:
            matches[fold_name(name)][position] = row
    return {name: tuple(match.values()) for name, match in matches.items()}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


_CELLS: Mapping[str, Callable[[str], Any]] = {
    "type": DocumentType,
    "kind": ActorKind,
    "ordinal": int,
    "year": lambda cell: int(cell) if cell else None,
    **dict.fromkeys(("date", "start", "end"), lambda cell: dt.date.fromisoformat(cell) if cell else None),
    **dict.fromkeys(("short_names", "abbreviations", "aliases"), _split),
    "threat_areas": lambda cell: tuple(map(ThreatArea, _split(cell))),
    "verified": "yes".__eq__,
}


def _rows(kind: Callable[..., _Kind], rows: Iterable[Mapping[str, str]]) -> tuple[_Kind, ...]:
    names = [field.name for field in dataclasses.fields(cast("Any", kind))]
    return tuple(kind(**{name: _CELLS.get(name, str)(row[name]) for name in names}) for row in rows)


@functools.cache
def places() -> str:
    """Regex alternatives of the places where instruments of the catalogue were adopted."""
    named = {instrument.place for instrument in load_catalogue().instruments} | {
        meeting.place for meeting in load_catalogue().meetings
    }
    return alternatives(sorted(named - {""}))


@functools.cache
def cities() -> str:
    """Regex alternatives of the places where the Ministerial Council met."""
    return alternatives(sorted({meeting.place for meeting in load_catalogue().meetings}))


def meeting_of(body: str, printed: str, day: dt.date | None) -> Meeting | None:
    """The meeting of the Ministerial Council that adopted a document; the day decides where ``printed`` names no meeting."""
    if body != "MC":
        return None
    match = _PRINTED.search(printed)
    if match:
        return load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
    return next((meeting for meeting in load_catalogue().meetings if day and meeting.start <= day <= meeting.end), None)


def meeting_named(name: str) -> Meeting:
    """The meeting with a name, of which there must be one."""
    casefold = " ".join(name.split()).casefold()
    meetings = [meeting for meeting in load_catalogue().meetings if _has_name(meeting, casefold)]
    if len(meetings) == 1:
        return meetings[0]
    if meetings:
        listed = ", ".join(f"{meeting.place} {meeting.year}" for meeting in meetings)
        raise ConfigError(f"{name!r} names several meetings", f"give one of: {listed}")
    msg = f"{name!r} is not a meeting of the Ministerial Council"
    raise ConfigError(msg, "give 'last', 'MC 2011', '18th' or 'Vilnius'")


def _has_name(meeting: Meeting, name: str) -> bool:
    if match := _ORDINAL.fullmatch(name):
        return meeting.ordinal == int(match["ordinal"])
    if match := _YEAR.fullmatch(name):
        return meeting.year == int(match["year"])
    match = _PLACE.fullmatch(name)
    if match is None:
        return False
    return match["place"] == meeting.place.casefold() and match["year"] in {None, str(meeting.year)}
