"""Verbs in capitals, as in resolutions and conclusions ("CALLS ON States"), converted to lower case."""

from __future__ import annotations

import functools
import re

from osce_commitments.provisions.patterns import role_rules
from osce_commitments.rules.record import alternatives
from osce_commitments.texts.capitals import in_small_letters

_NOT_VERBS = frozenset({"IN", "ON", "HAVE", "HAS", "HEREBY"})


def in_small(written: str) -> str:
    """Return the words, of the same length, with verbs in lower case; a line in capitals only if it opens a list."""
    opens_list = written.isupper() and written.endswith(":") and _verbs().match(written)
    return written.capitalize() if opens_list else in_small_letters(written, _verbs())


@functools.cache
def _verbs() -> re.Pattern[str]:
    firsts = {entry.split()[0].upper() for words in role_rules().words.values() for entry in words}
    return re.compile(rf"\b{alternatives(sorted(firsts - _NOT_VERBS))}\b")
