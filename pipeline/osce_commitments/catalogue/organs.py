"""Organs whose acts are documents or are cited: one table for metadata, symbols, citations and layout."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.resources import load_yaml

UNITED_NATIONS = "UN"
NO_KNOWN_BODY = "other"  # in the table of instruments only: the column ``body`` of a document is empty then
_ORGANIZATION = "OSCE"
_NAMES_OF_BODIES = {"UN": "United Nations", "CoE": "Council of Europe", NO_KNOWN_BODY: "another body"}


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ as a row of ``resources/catalogue/organs.yaml``.

    Attributes:
        body: Code of the column ``body``; organs of one organization may share it.
        name: Short name for people.
        organization: ``OSCE``, ``UN``, ``CoE``, ``EU``, ``G7``, ``G20`` or ``CIS``.
        also: Other printed names.
        actor: Canonical name in the catalogue of actors; empty if it has none.
        symbols: How symbols of the organ begin.
        series: Symbol by kind of act, from the parts of its number: ``A/RES/{first}/{second}``.
        example: An act as ``symbol``, in ``prose`` and as ``file`` name.
        enacts: Whether its name opens acts ("The Permanent Council,").
        act_of: The organ for which it drafts; empty if it acts itself.
        abbreviations: Short forms in citations, which no header shows.
        numbers_acts: Whether its acts are cited by number outside the series ("PACE Resolution 1900 (2012)").
        printed: Forms of symbols that only this organ has, as records of rules.
    """

    body: str
    name: str
    organization: str
    also: tuple[str, ...] = ()
    actor: str = ""
    symbols: tuple[str, ...] = ()
    series: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, str] = field(default_factory=dict)
    enacts: bool = True
    act_of: str = ""
    abbreviations: tuple[str, ...] = ()
    numbers_acts: bool = False
    printed: tuple[Mapping[str, Any], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every printed name."""
        return (self.name, *self.also)

    def act(self, kind: str, first: str, second: str) -> str:
        """Symbol of a numbered act ("resolution", "78", "226"); empty if the organ has no such series."""
        return self.series.get(kind, "").format(first=first, second=second)


@functools.cache
def organs() -> tuple[Organ, ...]:
    """Return the rows of the table, in its order."""
    return tuple(
        Organ(
            **{
                **row,
                "also": tuple(row.get("also", ())),
                "symbols": tuple(row.get("symbols", ())),
                "abbreviations": tuple(row.get("abbreviations", ())),
                "printed": tuple(row.get("printed", ())),
            }
        )
        for row in load_yaml("catalogue/organs")["organs"]
    )


def organ_of_symbol(symbol: str) -> Organ | None:
    """The organ in whose series a symbol stands; None for a symbol of no known organ."""
    organs_of_series = [
        (len(start), organ) for organ in organs() for start in organ.symbols if symbol.startswith(start)
    ]
    return max(organs_of_series, key=lambda pair: pair[0])[1] if organs_of_series else None


@functools.cache
def organ_named(name: str) -> Organ | None:
    """The organ with a printed name, with or without article, the Organization's name and letter case."""
    folded = name.casefold().strip().removeprefix("the ")
    short = folded.removeprefix("osce ").removeprefix("csce ").removeprefix("un ").removeprefix("united nations ")
    for spelling in (folded, short):
        for organ in organs():
            if spelling in {printed.casefold() for printed in (*organ.names, *organ.abbreviations)}:
                return organ
    return None


def body_name(body: str, symbol: str = "") -> str:
    """Short name of an adopting body, as people read it; the symbol tells organs apart that share a code.

    An unknown code is returned as it is.
    """
    organ = organ_of_symbol(symbol) if symbol else None
    if organ is not None and organ.body == body:
        return organ.name
    rows = [organ for organ in organs() if organ.body == body]
    return _NAMES_OF_BODIES.get(body) or (rows[0].name if rows else body)


@functools.cache
def is_osce(body: str) -> bool:
    """Whether a code is one of a body of the Organization."""
    return any(organ.body == body for organ in organs() if organ.organization == _ORGANIZATION)
