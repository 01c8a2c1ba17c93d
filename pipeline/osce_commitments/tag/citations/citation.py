"""A cited text, before it is compared with the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osce_commitments.labels import Why, note_text


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited instrument, not yet compared with the catalogue.

    Attributes:
        symbol: Symbol by the grammar of citations; empty if it gives none.
        rule: Id of the rule that found it; "catalogue" for an exact name of the catalogue.
        body: Body named in the text.
        year: Year in the text next to the number.
        why: Why it has no symbol, or what is odd about it.
        details: Names for the wording of ``why``.
        is_prose: Whether the symbol was composed from words and numbers and is not printed.
        home: Body of the document that cites.
        is_self: Whether the document refers to itself.
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
    """Return a citation of the only symbol, or one that says why it has none: several, or none in the catalogue."""
    if len(symbols) == 1:
        return Citation(*span, symbols[0], rule, year=year)
    why = Why.AMBIGUOUS if symbols else Why.NOT_IN_CATALOGUE
    return Citation(*span, "", rule, why=why, details=" | ".join(symbols))


def known_or_unknown(span: tuple[int, int], rule: str, symbol: str, *, is_prose: bool = False) -> Citation:
    """Return a citation of a symbol, or with an empty symbol of a text that is not in the catalogue."""
    return Citation(*span, symbol, rule, why=None if symbol else Why.NOT_IN_CATALOGUE, is_prose=is_prose)
