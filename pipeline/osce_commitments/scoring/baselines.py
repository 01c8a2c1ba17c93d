"""Naive baselines: labels from a few words, or from no words at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength, ThreatArea
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.scoring.labelled_rows import LabelledRow


def baseline_rules() -> RuleSet:
    """Return the word lists of the baselines."""
    return load_rules("baselines")


def majority(rows: Sequence[LabelledRow]) -> list[ObligationStrength]:
    """Return the most frequent level of these rows for every row."""
    counts = Counter(row.strength for row in rows)
    most = max(STRENGTHS, key=lambda level: counts[level])
    return [most] * len(rows)


def modal_lexicon(rows: Sequence[LabelledRow]) -> list[ObligationStrength]:
    """Return the strongest level with a word in the text or lead-in."""
    rules = [(level, baseline_rules()[f"strength.{level}"]) for level in STRENGTHS[1:]]

    def judge(text: str) -> ObligationStrength:
        found = [level for level, rule in rules if rule.search(text)]
        return max(found, key=lambda level: level.level, default=ObligationStrength.NONE)

    return [judge(f"{row.lead_in} {row.text}") for row in rows]


def keywords(rows: Sequence[LabelledRow]) -> list[frozenset[ThreatArea]]:
    """Return the areas with a keyword in the text or, without any, in the title."""
    rules = [(area, baseline_rules()[f"area.{area}"]) for area in THREAT_AREAS]

    def judge(text: str) -> frozenset[ThreatArea]:
        return frozenset(area for area, rule in rules if rule.search(text))

    return [judge(row.text) or judge(row.title) for row in rows]
