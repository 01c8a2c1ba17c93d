"""The rule baseline: every rule of the annotation guide, no training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.classify.areas import find_areas
from osce_commitments.classify.strength import judge_strength
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification, Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.classify.verdict import Verdict
    from osce_commitments.schema import TaggedProvision

RULES_VERSION = "1"


class RuleClassifier:
    """Judges a provision by rules over its words, tags and context.

    Probabilities are 0 or 1: a rule fires or does not, and nothing here is calibrated. ``needs_review``
    marks operative texts in which no rule fired or the rule that did had to guess.
    """

    @property
    def id(self) -> str:
        """Name and version, stored with every label."""
        return f"rules-{RULES_VERSION}"

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """One classification per provision, in order."""
        return [self._classify(tagged) for tagged in provisions]

    def _classify(self, tagged: TaggedProvision) -> Classification:
        verdict = judge_strength(tagged)
        area_cues = find_areas(tagged.provision)
        areas = frozenset(cue.area for cue in area_cues)
        return Classification(
            strength=verdict.strength,
            strength_probabilities=tuple(float(level == verdict.strength) for level in STRENGTHS),
            threat_areas=tuple(area for area in THREAT_AREAS if area in areas),
            area_probabilities=tuple(float(area in areas) for area in THREAT_AREAS),
            model_id=self.id,
            strength_cue=_cue(tagged, verdict),
            area_cues=area_cues,
            needs_review=not verdict.is_sure and tagged.provision.role.is_operative,
        )


def _cue(tagged: TaggedProvision, verdict: Verdict) -> Cue | None:
    """The words of the verdict; None where no word of the text speaks for the level."""
    if verdict.start == verdict.end and verdict.rule == "no_operative_verb":
        return None
    text = getattr(tagged.provision, verdict.field.value)
    return Cue(verdict.field, verdict.start, verdict.end, text[verdict.start : verdict.end], verdict.rule)
