"""Verbs set in capitals, as resolutions and conclusions have them ("CALLS ON States"), read like any others."""

from __future__ import annotations

import functools
import re

from osce_commitments.resources import load_yaml
from osce_commitments.rules.record import alternatives
from osce_commitments.texts.capitals import in_small_letters

_LISTS = ("recital_adverbs", "recital_openers", "operative_openers", "acting_verbs", "speaking_verbs")
_NO_VERBS = frozenset({"IN", "ON", "HAVE", "HAS", "HEREBY"})


def in_small(written: str) -> str:
    """Words with their verbs in small letters, as long as before; in capitals altogether only what opens a list."""
    opens_list = written.isupper() and written.endswith(":") and _verbs().match(written)
    return written.capitalize() if opens_list else in_small_letters(written, _verbs())


@functools.cache
def _verbs() -> re.Pattern[str]:
    data = load_yaml("provisions")
    firsts = {entry.split()[0].upper() for name in _LISTS for entry in data[name]}
    return re.compile(rf"\b{alternatives(sorted(firsts - _NO_VERBS))}\b")
