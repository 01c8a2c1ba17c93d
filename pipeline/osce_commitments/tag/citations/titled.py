"""Texts cited by kind, place and subject instead of a name ("the Dublin Declaration on Governance")."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from osce_commitments.catalogue import Instrument, load_catalogue, places
from osce_commitments.tag.citations.citation import Citation, single_citation
from osce_commitments.tag.citations.citation_rules import citation_rules

_STEM = 5  # "Combating" and "combat", "Terrorism" and "terrorist" share these letters.
_LEAST_SHARE = 0.6
_COMMON = frozenset({"Plan", "Programme"})
_BODIES = {"Ministerial": "MC", "Ministerial Council": "MC", "Summit": "Summit"}


@dataclass(frozen=True, slots=True)
class _Cited:
    """The description of an instrument: its kind and place, and year, body and subject if named."""

    kind: str
    place: str
    year: str = ""
    body: str = ""
    subject: str = ""


def find_titled(text: str) -> Iterator[Citation]:
    """Find texts by kind and place, with or without subject; a place alone may refer to several."""
    rules = citation_rules()
    named = [place.start() for place in _places().finditer(text)]
    reached = 0
    for start in named:
        year = rules.pattern("titled.year").search(text, max(0, start - len("2001 ")), start)
        at = year.start() if year else start
        if at < reached:
            continue
        if many := rules.pattern("titled.list").match(text, at):
            reached = many.end()
            yield from _listed(many)
        elif match := rules.pattern("titled.with_place").match(text, at):
            cited = _citation(match.span(), rules["titled.with_place"].id, _description(match))
            if cited.symbol or match["kind"] not in _COMMON:
                reached = match.end()
                yield cited
    for rule in (rules["titled.adopted_in"], rules["titled.of_meeting"]) if named else ():
        for match in rule.finditer(text):
            yield _citation(match.span(), rule.id, _description(match))


@functools.cache
def _places() -> re.Pattern[str]:
    """Return the places alone: Python searches fast for a pattern that begins with letters."""
    return re.compile(places())


def _description(match: re.Match[str]) -> _Cited:
    part = {group: value or "" for group, value in match.groupdict().items()}
    body = "PA" if part.get("assembly") else _BODIES.get(part.get("body", ""), "")
    return _Cited(part["kind"], part["place"], part["year"] or part["year2"], body, part.get("subject", ""))


def _listed(match: re.Match[str]) -> Iterator[Citation]:
    """Each place of a list that shares its noun ("the Helsinki and Budapest Documents")."""
    rules = citation_rules()
    places = list(rules.pattern("titled.place_in_list").finditer(match.string, match.start(), match.start("kind")))
    kind = match["kind"].removesuffix("s").title()
    for place in places:
        end = match.end() if place is places[-1] else place.end()
        yield _citation(
            (place.start(), end), rules["titled.list"].id, _Cited(kind, place["place"], place["year"] or "")
        )


def _citation(span: tuple[int, int], rule: str, cited: _Cited) -> Citation:
    by_name = load_catalogue().by_name(f"{cited.place} {cited.kind}") if not cited.subject else None
    if by_name and (not cited.year or cited.year == str(by_name.year)):
        return Citation(*span, by_name.symbol, rule, year=cited.year)
    return single_citation(span, rule, [one.symbol for one in _meant(cited)], cited.year)


def _meant(cited: _Cited) -> list[Instrument]:
    """Return the instruments that match the whole description; of several, those with most words of the subject."""
    series = citation_rules().words["series"] if not cited.year else []
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
        instrument
        for instrument in load_catalogue().instruments
        if instrument.place == place or any(re.search(rf"\b{place}\b", name) for name in instrument.names)
    )


def _stems(words: str) -> set[str]:
    ignored = citation_rules().words["small_words"]
    return {word[:_STEM] for word in re.findall(r"[a-z]{4,}", words.lower()) if word not in ignored}
