"""The rule baseline: every rule of the annotation guide, no training."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from osce_commitments.classify.rules.areas import bases_of, find_areas
from osce_commitments.classify.rules.strength import continued_verdict, judge_strength
from osce_commitments.classify.rules.verdict import Verdict, strength_rules
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification, Cue, TaggedProvision
from osce_commitments.stages import hash_of, stage_files
from osce_commitments.texts.normalise import plain


@functools.cache
def rules_version() -> str:
    """Version of the rules, from their content: nobody has to remember to raise it."""
    reached = stage_files("classify.rules.rule_classifier")
    deciding = [path for path in reached if path.startswith(("classify/rules/", "grammar/")) or path.endswith(".yaml")]
    return hash_of(deciding)[:8]


class RuleClassifier:
    """Labels a provision by rules on its words, tags and context.

    Probabilities are 0 or 1 and not calibrated. ``needs_review`` marks operative texts in which no rule fired, or the
    rule had to guess. A sentence that only continues the one before ("This covers rural posts as well.") has that
    sentence's strength, if both are in the same call.
    """

    @property
    def id(self) -> str:
        """Name and version, stored with every label."""
        return f"rules-{rules_version()}"

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """Return one classification per provision, in order."""
        classifications: list[Classification] = []
        before: tuple[TaggedProvision, Verdict] | None = None
        for tagged in provisions:
            verdict = judge_strength(tagged)
            if before and _continues(before[0], tagged):
                verdict = continued_verdict(verdict, before[1], plain(tagged.provision.text))
            before = (tagged, verdict)
            classifications.append(self._classification(tagged, verdict))
        return classifications

    def _classification(self, tagged: TaggedProvision, verdict: Verdict) -> Classification:
        area_cues = find_areas(tagged.provision)
        areas = tuple(cue.area for cue in area_cues)
        start, end = verdict.start, verdict.end
        rests_on_nothing = start == end and verdict.rule == "no_operative_verb"
        words = getattr(tagged.provision, verdict.field.value)[start:end]
        cue = Cue(verdict.field, start, end, words, strength_rules()[verdict.rule].id)
        return Classification(
            strength=verdict.strength,
            strength_probabilities=_certain(STRENGTHS, (verdict.strength,)),
            threat_areas=areas,
            area_probabilities=_certain(THREAT_AREAS, areas),
            model_id=self.id,
            strength_cue=None if rests_on_nothing else cue,
            area_cues=area_cues,
            area_basis=bases_of(tagged.provision, areas, area_cues),
            needs_review=not verdict.is_sure and tagged.provision.role.is_operative,
        )


@functools.cache
def _certain(labels: tuple[str, ...], given: tuple[str, ...]) -> tuple[float, ...]:
    """Return a probability for each label: 1 for those that are given."""
    return tuple(float(label in given) for label in labels)


def _continues(before: TaggedProvision, tagged: TaggedProvision) -> bool:
    """Whether two operative provisions are neighbours."""
    first, second = before.provision, tagged.provision
    is_next = first.document == second.document and second.index == first.index + 1
    return is_next and first.role.is_operative and second.role.is_operative
