"""Verbs set in capitals, as resolutions and conclusions have them ("CALLS ON States"), read like any others."""

from __future__ import annotations

import functools
import re

from osce_commitments.resources import load_yaml

_LISTS = ("recital_adverbs", "recital_openers", "operative_openers", "acting_verbs", "speaking_verbs")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_SMALL = re.compile(r"[a-z]")


def in_small(written: str) -> str:
    """Words with their verbs in small letters, as long as before; in capitals altogether only what opens a list."""
    if _SMALL.search(written):
        return _CAPITALS.sub(_lowered, written)
    opens = written.endswith(":") and (first := _CAPITALS.match(written)) is not None and first[0] in _verbs()
    return written[:1] + written[1:].lower() if opens else written


def _lowered(found: re.Match[str]) -> str:
    word = found[0]
    if word not in _verbs():
        return word
    return word.lower() if found.start() else word.capitalize()


@functools.cache
def _verbs() -> frozenset[str]:
    data = load_yaml("provisions")
    firsts = (entry.split()[0].upper() for name in _LISTS for entry in data[name])
    return frozenset(firsts) - {"IN", "ON", "HAVE", "HAS", "HEREBY"}
