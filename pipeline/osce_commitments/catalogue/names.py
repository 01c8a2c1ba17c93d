"""Patterns of the names that the catalogue holds, for rules of every kind."""

from __future__ import annotations

import functools

from osce_commitments.catalogue.store import load_catalogue
from osce_commitments.rules.lexicon import alternatives


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
