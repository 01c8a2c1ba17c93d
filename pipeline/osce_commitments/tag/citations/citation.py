"""A cited text as the finders hand it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osce_commitments.labels import Why, note_text


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited instrument, not yet compared with the catalogue.

    Attributes:
        symbol: What the grammar of citations makes of it; empty if nothing.
        rule: Id of the rule that found it; "catalogue" for an exact name of the catalogue.
        body: Body that the text names.
        year: Year that the text names next to the number.
        why: Why there is no symbol, or what is odd about it.
        details: What the wording of ``why`` names.
        is_prose: The symbol is made of words and numbers, not printed as such.
        home: Body of the document that cites.
        is_self: The document speaks of itself.
    """

    start: int
    end: int
    symbol: str
    rule: str
    body: str = ""
    year: str = ""
    why: Why | None = None
    details: str = ""
    is_prose: bool = True
    home: str = ""
    is_self: bool = False

    @property
    def note(self) -> str:
        """``why`` for people."""
        return note_text(self.why, self.details)


def single_citation(span: tuple[int, int], rule: str, symbols: Sequence[str], year: str = "") -> Citation:
    """A citation of the only symbol, or one that says why there is none: several, or none in the catalogue."""
    if len(symbols) == 1:
        return Citation(*span, symbols[0], rule, year=year)
    why = Why.AMBIGUOUS if symbols else Why.NOT_IN_CATALOGUE
    return Citation(*span, "", rule, why=why, details=" | ".join(symbols))


def known_or_unknown(span: tuple[int, int], rule: str, symbol: str, *, is_prose: bool = False) -> Citation:
    """A citation of a symbol, or of a text that the catalogue lacks where the symbol is empty."""
    return Citation(*span, symbol, rule, why=None if symbol else Why.NOT_IN_CATALOGUE, is_prose=is_prose)
