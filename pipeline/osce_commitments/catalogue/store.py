"""The catalogue in memory: instruments, actors, events and meetings by symbol and by name."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from osce_commitments.catalogue.symbols import normalise_symbol
from osce_commitments.labels import DocumentType, ThreatArea
from osce_commitments.resources import load_csv
from osce_commitments.texts.normalise import folded


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
        return f"{self._counted} meeting of the Ministerial Council ({self.place}, {self._days})"

    @property
    def _counted(self) -> str:
        ending = {1: "st", 2: "nd", 3: "rd"}.get(self.ordinal % 10, "th")
        return f"{self.ordinal}{'th' if self.ordinal % 100 in {11, 12, 13} else ending}"

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
    """Look-ups over the rows.

    Attributes:
        ambiguous_names: Folded names that several instruments share; :meth:`by_name` finds none for them.
        ambiguous_actor_names: Folded names that several actors share.
    """

    instruments: tuple[Instrument, ...]
    actors: tuple[Actor, ...]
    events: tuple[Event, ...]
    meetings: tuple[Meeting, ...]
    _urls: Mapping[str, tuple[str, ...]] = field(repr=False)

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument with a symbol in any printed form; "S/RES/1373" finds "S/RES/1373 (2001)"."""
        canonical = normalise_symbol(symbol) or symbol.strip()
        found = self._by_symbol.get(canonical)
        if found is None and canonical.startswith("S/RES/"):
            return self._by_symbol_without_year.get(canonical)
        return found

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
        found = self.meetings_named(ordinal=ordinal, year=year)
        return found[0] if len(found) == 1 else None

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
    def ambiguous_names(self) -> frozenset[str]:  # noqa: D102 - described with the attributes
        return frozenset(name for name, matches in self._instruments_by_name.items() if len(matches) > 1)

    @functools.cached_property
    def ambiguous_actor_names(self) -> frozenset[str]:  # noqa: D102 - described with the attributes
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
    """The catalogue of the package; read once.

    Raises:
        ValueError: If a row holds an invalid type, area, date or number: a defect of the package.
    """
    urls: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in load_csv("catalogue/urls"):
        urls[row["symbol"]] += (row["url"],)
    return Catalogue(
        instruments=tuple(_instrument(row) for row in load_csv("catalogue/instruments")),
        actors=tuple(_actor(row) for row in load_csv("catalogue/actors")),
        events=tuple(_event(row) for row in load_csv("catalogue/events")),
        meetings=tuple(_meeting(row) for row in load_csv("catalogue/mc_meetings")),
        _urls=dict(urls),
    )


_Row = TypeVar("_Row", Instrument, Actor)


def _by_name(rows: Iterable[_Row]) -> dict[str, tuple[_Row, ...]]:
    matches: defaultdict[str, dict[int, _Row]] = defaultdict(dict)
    for position, row in enumerate(rows):
        for name in row.names:
            matches[fold_name(name)][position] = row
    return {name: tuple(match.values()) for name, match in matches.items()}


def _instrument(row: Mapping[str, str]) -> Instrument:
    return Instrument(
        symbol=row["symbol"],
        body=row["body"],
        type=DocumentType(row["type"]),
        number=row["number"],
        year=int(row["year"]) if row["year"] else None,
        date=dt.date.fromisoformat(row["date"]) if row["date"] else None,
        place=row["place"],
        title=row["title"],
        short_names=_split(row["short_names"]),
        threat_areas=tuple(ThreatArea(area) for area in _split(row["threat_areas"])),
        source_url=row["source_url"],
        verified=row["verified"] == "yes",
    )


def _actor(row: Mapping[str, str]) -> Actor:
    return Actor(
        name=row["canonical_name"],
        kind=ActorKind(row["kind"]),
        abbreviations=_split(row["abbreviations"]),
        aliases=_split(row["aliases"]),
        notes=row["notes"],
        broader=row["broader"],
    )


def _event(row: Mapping[str, str]) -> Event:
    return Event(
        series=row["series"],
        year=int(row["year"]) if row["year"] else None,
        theme=row["theme"],
        place=row["place"],
        source_url=row["source_url"],
        verified=row["verified"] == "yes",
    )


def _meeting(row: Mapping[str, str]) -> Meeting:
    return Meeting(
        ordinal=int(row["ordinal"]),
        year=int(row["year"]),
        place=row["place"],
        start=dt.date.fromisoformat(row["start"]),
        end=dt.date.fromisoformat(row["end"]),
        chairmanship=row["chairmanship"],
        verified=row["verified"] == "yes",
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
