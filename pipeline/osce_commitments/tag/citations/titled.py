"""Texts that are cited by kind, place and subject instead of by a name ("the Dublin Declaration on Governance")."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from osce_commitments.catalogue import Instrument, load_catalogue, places
from osce_commitments.resources import load_yaml
from osce_commitments.tag.citations.citation_patterns import citation_pattern
from osce_commitments.tag.citations.numbered import Citation, unresolved

_STEM = 5  # "Combating" and "combat", "Terrorism" and "terrorist" begin alike.
_LEAST_SHARE = 0.6
_COMMON = frozenset({"Plan", "Programme"})
_BODIES = {"Ministerial": "MC", "Ministerial Council": "MC", "Summit": "Summit"}


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a text says of an instrument: its kind and place, and year, body and subject if it names them."""

    kind: str
    place: str
    year: str = ""
    body: str = ""
    subject: str = ""


def find_titled(text: str) -> Iterator[Citation]:
    """Texts that are told by kind and place, with or without their subject; one of a place alone may be several."""
    named = [place.start() for place in _places().finditer(text)]
    reached = 0
    for start in named:
        year = citation_pattern("titled_year").search(text, max(0, start - len("2001 ")), start)
        at = year.start() if year else start
        if at < reached:
            continue
        if many := citation_pattern("titled_list").match(text, at):
            reached = many.end()
            yield from _listed(many)
        elif one := citation_pattern("titled").match(text, at):
            cited = _citation(one.start(), one.end(), _told(one))
            if cited.symbol or one["kind"] not in _COMMON:
                reached = one.end()
                yield cited
    for name in ("titled_adopted", "titled_meeting") if named else ():
        for found in citation_pattern(name).finditer(text):
            yield _citation(found.start(), found.end(), _told(found))


@functools.cache
def _places() -> re.Pattern[str]:
    """The places alone: a pattern that begins with letters is one that Python looks for fast."""
    return re.compile(places())


def _told(found: re.Match[str]) -> _Cited:
    part = {group: value or "" for group, value in found.groupdict().items()}
    body = "PA" if part.get("assembly") else _BODIES.get(part.get("body", ""), "")
    return _Cited(part["kind"], part["place"], part["year"] or part["year2"], body, part.get("subject", ""))


def _listed(found: re.Match[str]) -> Iterator[Citation]:
    """Each place of a list that shares its noun ("the Helsinki and Budapest Documents")."""
    places = list(citation_pattern("titled_place").finditer(found.string, found.start(), found.start("kind")))
    kind = found["kind"].removesuffix("s").title()
    for place in places:
        end = found.end() if place is places[-1] else place.end()
        yield _citation(place.start(), end, _Cited(kind, place["place"], place["year"] or ""))


def _citation(start: int, end: int, cited: _Cited) -> Citation:
    by_name = load_catalogue().by_name(f"{cited.place} {cited.kind}") if not cited.subject else None
    if by_name and (not cited.year or cited.year == str(by_name.year)):
        return Citation(start, end, by_name.symbol, year=cited.year)
    meant = _meant(cited)
    if len(meant) == 1:
        return Citation(start, end, meant[0].symbol, year=cited.year)
    return unresolved(start, end, [one.symbol for one in meant])


def _meant(cited: _Cited) -> list[Instrument]:
    """The instruments of which all is true that the text says; of several the ones with most of the subject."""
    series = load_yaml("citations")["series"] if not cited.year else []
    fitting = [one for one in _of_place(cited.place) if _fits(one, cited) and not set(series) & set(one.names)]
    stems = _stems(cited.subject)
    if not stems:
        return fitting
    shares = [len(stems & _stems(" ".join(one.names))) / len(stems) for one in fitting]
    best = max(shares, default=0.0)
    return [one for one, share in zip(fitting, shares, strict=True) if share == best >= _LEAST_SHARE]


def _fits(instrument: Instrument, cited: _Cited) -> bool:
    kind = cited.kind.lower()
    is_kind = kind == instrument.type.value or any(kind in name.lower() for name in instrument.names)
    is_year = not cited.year or cited.year == str(instrument.year)
    return is_kind and is_year and cited.body in {"", instrument.body}


@functools.cache
def _of_place(place: str) -> tuple[Instrument, ...]:
    return tuple(
        one
        for one in load_catalogue().instruments
        if one.place == place or any(re.search(rf"\b{place}\b", name) for name in one.names)
    )


def _stems(words: str) -> set[str]:
    ignored = load_yaml("citations")["small_words"]
    return {word[:_STEM] for word in re.findall(r"[a-z]{4,}", words.lower()) if word not in ignored}
