"""Facts about OSCE instruments, actors, meetings and events, and the grammar of their symbols."""

from __future__ import annotations

from osce_commitments.catalogue.organs import (
    NO_KNOWN_BODY,
    UNITED_NATIONS,
    Organ,
    body_name,
    is_osce,
    organ_named,
    organ_of_symbol,
    organs,
)
from osce_commitments.catalogue.store import (
    Actor,
    ActorKind,
    Catalogue,
    Event,
    Instrument,
    Meeting,
    cities,
    display_title,
    load_catalogue,
    meeting_named,
    meeting_of,
    places,
)
from osce_commitments.catalogue.symbols import SymbolMatch, find_symbols, normalise_symbol

__all__ = [
    "NO_KNOWN_BODY", "UNITED_NATIONS", "Actor", "ActorKind", "Catalogue", "Event", "Instrument", "Meeting", "Organ",
    "SymbolMatch", "body_name", "cities", "display_title", "find_symbols", "is_osce", "load_catalogue",
    "meeting_named", "meeting_of", "normalise_symbol", "organ_named", "organ_of_symbol", "organs", "places",
]  # fmt: skip
