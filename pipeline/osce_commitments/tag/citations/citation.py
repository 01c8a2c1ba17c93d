"""A cited text: what the rules on citations find, and how it compares with the catalogue."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from osce_commitments.catalogue import Instrument, cities, load_catalogue, places
from osce_commitments.labels import Why, note_text
from osce_commitments.resources import load_yaml
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.tag.tag_input import Finding
from osce_commitments.texts.dates import find_dates, months_pattern
from osce_commitments.texts.numerals import ordinal_pattern

_LETTER = re.compile(r"(?<=\d) [A-Z](?=\([IVXL]+\)$)")  # "A/RES/217 A(III)"
_OSCE_BODIES = frozenset({"MC", "PC", "FSC", "PA", "Summit"})


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


@functools.cache
def citation_rules() -> RuleSet:
    """Rules that find which texts are cited."""
    return load_rules(
        "citations",
        {
            "month": months_pattern(),
            "ordinal": ordinal_pattern(),
            "city": cities(),
            "place": places(),
            "body": alternatives(load_yaml("rules/citations")["words"]["bodies"]),
        },
    )


def body_code(printed: str | None) -> str:
    """Return the catalogue's code of a printed body; empty without one."""
    return str(citation_rules().words["bodies"][printed]) if printed else ""


def resolve(text: str, citation: Citation) -> Finding:
    """Compare a citation with the catalogue, which wins over the text; the note says what conflicts."""
    finding = Finding(citation.start, citation.end, citation.symbol, rule=citation.rule)
    if not citation.symbol:
        return replace(finding, note=citation.note, why=citation.why)
    if citation.is_self:
        return finding
    is_at_home = citation.home == "FSC" and _of_the_forum(citation)
    instrument = is_at_home or _look_up(citation.symbol) or _of_the_forum(citation)
    if instrument is None:
        is_forum = citation.home == "FSC" and _is_open(citation)
        symbol = "FSC" + citation.symbol.removeprefix("MC") if is_forum else citation.symbol
        return replace(finding, ref=symbol, why=Why.NOT_IN_CATALOGUE)
    notes = {
        Why.OTHER_DATE: _date_conflict(text, citation, instrument),
        Why.OTHER_BODY: _body_conflict(text, citation, instrument),
        citation.why: citation.note,
    }
    why = next((why for why, note in notes.items() if note), None)
    return replace(finding, ref=instrument.symbol, note="; ".join(note for note in notes.values() if note), why=why)


def _look_up(symbol: str) -> Instrument | None:
    catalogue, without_letter = load_catalogue(), _LETTER.sub("", symbol)
    return catalogue.instrument(symbol) or catalogue.instrument(without_letter.partition(" (")[0])


def _of_the_forum(citation: Citation) -> Instrument | None:
    """Try the Forum for Security Co-operation for a decision with a year but no body."""
    return _look_up("FSC" + citation.symbol.removeprefix("MC")) if _is_open(citation) else None


def _is_open(citation: Citation) -> bool:
    return not citation.body and citation.symbol.startswith("MC.") and citation.is_prose


def _date_conflict(text: str, citation: Citation, instrument: Instrument) -> str:
    known = instrument.date.isoformat() if instrument.date else str(instrument.year or "")
    for printed in _printed_dates(text, citation):
        if known and not _agree(printed, known):
            day = dt.date.fromisoformat(printed) if len(printed) == len("2007-11-03") else None
            return note_text(Why.OTHER_DATE, f"{day.day} {day:%B %Y}" if day else printed, known)
    return ""


def _printed_dates(text: str, citation: Citation) -> list[str]:
    printed = [citation.year] if citation.year else []
    attached = citation_rules().pattern("attached_date").match(text, citation.end)
    if attached:
        printed += [date.iso for date in find_dates(attached.group())[-1:]]
    before = citation_rules().pattern("year_before").search(text, max(0, citation.start - 20), citation.start)
    return printed + ([before["year"]] if before else [])


def _agree(printed: str, known: str) -> bool:
    """Whether two dates can be the same day, each as precise as it is."""
    if "/" in printed:
        first, _, last = printed.partition("/")
        return first <= known[: len(first)] and known[: len(last)] <= last
    length = min(len(printed), len(known))
    return printed[:length] == known[:length]


def _body_conflict(text: str, citation: Citation, instrument: Instrument) -> str:
    attached = citation_rules().pattern("attached_body").match(text, citation.end)
    printed = body_code(attached["body"]) if attached else citation.body
    if not printed or printed == instrument.body or instrument.body not in _OSCE_BODIES:
        return ""
    return note_text(Why.OTHER_BODY, printed, instrument.body)
