"""Sub-themes of the threat areas, by the words of a commitment: see ``resources/subthemes.yaml``."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from osce_commitments.labels import ThreatArea
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from osce_commitments.report.statements import Statement


@functools.cache
def subthemes(area: ThreatArea) -> tuple[str, ...]:
    """Names of an area's sub-themes in order; the last one collects all other commitments."""
    return (*(name for name, _ in _lexicon(area)), str(load_yaml("subthemes")["other"]))


def subtheme(area: ThreatArea, statement: Statement) -> str:
    """The sub-theme of an area that a commitment belongs to."""
    fields = statement.text, statement.lead_in, " / ".join(statement.heading), statement.title
    return _first(area, fields)


@functools.lru_cache(maxsize=200_000)
def _first(area: ThreatArea, fields: tuple[str, ...]) -> str:
    for text in fields:
        counted = [(sum(1 for _ in pattern.finditer(text)), name) for name, pattern in _lexicon(area)]
        count, name = max(counted, key=lambda one: one[0], default=(0, ""))
        if count:
            return name
    return subthemes(area)[-1]


@functools.cache
def _lexicon(area: ThreatArea) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = load_yaml("subthemes")[area.value]
    return tuple((row["name"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)
