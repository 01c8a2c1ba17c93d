"""Naive baselines: what a few words, or no words at all, already give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength, ThreatArea
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from osce_commitments.scoring.labelled_rows import LabelledRow


def majority(rows: Sequence[LabelledRow]) -> list[ObligationStrength]:
    """The most frequent level of these rows, for every row."""
    counts = Counter(row.strength for row in rows)
    most = max(STRENGTHS, key=lambda level: counts[level])
    return [most] * len(rows)


def modal_lexicon(rows: Sequence[LabelledRow]) -> list[ObligationStrength]:
    """The strongest level with a word in the text or lead-in."""
    words = load_yaml("baselines")["modals"]
    patterns = [(ObligationStrength(level), re.compile(words[level], re.IGNORECASE)) for level in words]

    def judge(text: str) -> ObligationStrength:
        found = [level for level, pattern in patterns if pattern.search(text)]
        return max(found, key=lambda level: level.level, default=ObligationStrength.NONE)

    return [judge(f"{row.lead_in} {row.text}") for row in rows]


def keywords(rows: Sequence[LabelledRow]) -> list[frozenset[ThreatArea]]:
    """The areas with a keyword in the text or, where there is none, in the title."""
    words = load_yaml("baselines")["keywords"]
    patterns = [(area, re.compile(words[area.value], re.IGNORECASE)) for area in THREAT_AREAS]

    def judge(text: str) -> frozenset[ThreatArea]:
        return frozenset(area for area, pattern in patterns if pattern.search(text))

    return [judge(row.text) or judge(row.title) for row in rows]
