"""Compares citations with the catalogue: what is unknown, and where text and catalogue differ."""

from __future__ import annotations

import datetime as dt
import re

from osce_commitments.catalogue import Instrument, load_catalogue
from osce_commitments.labels import Why, note_text
from osce_commitments.tag.citations.citation import Citation
from osce_commitments.tag.citations.citation_rules import body_code, citation_rules
from osce_commitments.texts.dates import find_dates

_LETTER = re.compile(r"(?<=\d) [A-Z](?=\([IVXL]+\)$)")  # "A/RES/217 A(III)"
_OSCE_BODIES = frozenset({"MC", "PC", "FSC", "PA", "Summit"})


def resolve(text: str, citation: Citation) -> tuple[str, str, Why | None]:
    """Return the canonical symbol of a citation, its note and the reason for the note; the catalogue wins over the text."""
    if not citation.symbol:
        return "", citation.note, citation.why
    if citation.is_self:
        return citation.symbol, "", None
    is_at_home = citation.home == "FSC" and _of_the_forum(citation)
    instrument = is_at_home or _look_up(citation.symbol) or _of_the_forum(citation)
    if instrument is None:
        is_forum = citation.home == "FSC" and _is_open(citation)
        symbol = "FSC" + citation.symbol.removeprefix("MC") if is_forum else citation.symbol
        return symbol, note_text(Why.NOT_IN_CATALOGUE), Why.NOT_IN_CATALOGUE
    notes = {
        Why.OTHER_DATE: _date_conflict(text, citation, instrument),
        Why.OTHER_BODY: _body_conflict(text, citation, instrument),
        citation.why: citation.note,
    }
    why = next((why for why, note in notes.items() if note), None)
    return instrument.symbol, "; ".join(note for note in notes.values() if note), why


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
            return note_text(Why.OTHER_DATE, _spoken(printed), known)
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


def _spoken(iso: str) -> str:
    if len(iso) != len("2007-11-03"):
        return iso
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%B} {day.year}"


def _body_conflict(text: str, citation: Citation, instrument: Instrument) -> str:
    attached = citation_rules().pattern("attached_body").match(text, citation.end)
    printed = body_code(attached["body"]) if attached else citation.body
    if not printed or printed == instrument.body or instrument.body not in _OSCE_BODIES:
        return ""
    return note_text(Why.OTHER_BODY, printed, instrument.body)
