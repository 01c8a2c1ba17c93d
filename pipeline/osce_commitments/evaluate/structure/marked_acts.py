"""The level of an act that the mark-up sets apart at the start of a paragraph."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from osce_commitments.labels import ObligationStrength
from osce_commitments.resources import load_yaml

_CHARACTERS_TO_ADDRESSEE = 70


def level_of_act(act: str, words: str) -> ObligationStrength | None:
    """Return the level of the act that opens a paragraph; None if it is not sure.

    ``act`` is what the mark-up sets apart at the start, such as "Also urges"; empty if nothing. If the paragraph states
    a further act, the level is not sure.
    """
    rest = words[len(act) :]
    if not act or _pattern("further_acts").search(rest):
        return None
    lists = _lists()
    verb = _adverbs().sub(" ", act.casefold()).strip(" ,")
    names = {act.casefold().strip(" ,"), verb}
    for level, verbs in lists["levels"].items():
        if names & set(verbs) and not (verb == "encourages" and "strongly" in act.casefold() and level != "urging"):
            return ObligationStrength(level)
    if verb != lists["requests"]:
        return None
    addressee = rest[:_CHARACTERS_TO_ADDRESSEE].casefold()
    own, states = (_pattern(name).search(addressee) for name in ("own_structures", "states"))
    if own and (not states or own.start() < states.start()):
        return ObligationStrength.MANDATING
    return ObligationStrength.URGING if states else None


@functools.cache
def _lists() -> Mapping[str, Any]:
    lists: Mapping[str, Any] = load_yaml("marked_acts")
    return lists


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(_lists()[name])})\b", re.IGNORECASE)


@functools.cache
def _adverbs() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s)(?:{_any(_lists()['adverbs'])})(?=\s|,|$)")


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
