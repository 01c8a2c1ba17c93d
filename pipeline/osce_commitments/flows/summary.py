"""The summary of a run."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.dataset import Outcome
from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    Adopted,
    ObligationStrength,
    Role,
    TextForm,
    ThreatArea,
    is_act,
)
from osce_commitments.schema import FRONT_MATTER, BatchResult, Reject


@dataclass(slots=True)
class RunTally:
    """Counts over the batches of a run.

    Attributes:
        documents: Instruments written.
        not_adopted, unknown: Those among them that nobody adopted, and those without evidence on it.
        broken: Source of each instrument whose text looks broken.
        form_unknown: Source of each instrument of which known forms explain little -> what they leave unexplained.
        incomplete: Source of each instrument that lacks letters of its source.
        misdescribed: Source of each instrument whose front matter was not used in full.
        roles: Provisions written, by role.
        commitments: (threat area, strength) -> commitments; one with several areas counts in each.
        without_area: strength -> commitments that belong to no threat area.
        seconds: Time per stage, summed over workers.
    """

    documents: int = 0
    not_adopted: int = 0
    unknown: int = 0
    broken: list[str] = field(default_factory=list)
    form_unknown: dict[str, str] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)
    misdescribed: list[str] = field(default_factory=list)
    roles: Counter[Role] = field(default_factory=Counter)
    commitments: Counter[tuple[ThreatArea, ObligationStrength]] = field(default_factory=Counter)
    without_area: Counter[ObligationStrength] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, batch: BatchResult) -> None:
        """Count one batch."""
        self.documents += len(batch.documents)
        counted = {document.id for document in batch.documents if document.is_counted}
        self.not_adopted += sum(document.adopted is Adopted.NO for document in batch.documents)
        self.unknown += sum(document.adopted is Adopted.UNKNOWN for document in batch.documents)
        self.broken += [document.source for document in batch.documents if document.is_broken]
        self.form_unknown |= {
            document.source: document.form_because for document in batch.documents if document.form is TextForm.UNKNOWN
        }
        self.incomplete += [document.source for document in batch.documents if document.letters_missing]
        self.misdescribed += [
            document.source
            for document in batch.documents
            if any(note.startswith(f"The {FRONT_MATTER} was not used") for note in document.notes)
        ]
        for item in batch.provisions:
            provision, labels = item.tagged.provision, item.labels
            self.roles[provision.role] += 1
            if provision.document in counted and is_act(provision.role, labels.strength.level):
                self.commitments.update((area, labels.strength) for area in labels.threat_areas)
                self.without_area[labels.strength] += not labels.threat_areas
        for stage, seconds in batch.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What the classify step did; ``version`` is 0 if there is no dataset."""

    provisions: int
    version: int


@dataclass(frozen=True, slots=True)
class MetadataUse:
    """What a run's table of metadata did.

    Attributes:
        table: Path of the table; empty without one.
        described: Inputs that it describes.
        unmatched: A message for each of its rows that describes no input.
        unused: Its columns that are not facts.
        offers: Tables called SOURCES.csv that the run did not use, with the number of inputs that each describes.
    """

    table: str = ""
    described: int = 0
    unmatched: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    offers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did.

    Attributes:
        version_before, version: Dataset versions before and after; equal if nothing changed; 0 if there is none.
        outcomes: For each input: uri, SHA-256 (empty if unread) and outcome.
        rejects: Every refused input or part of one, new or known.
        passed_over: Files in folders that are not documents by their ending.
        metadata: What the table of metadata did.
        repeated: Symbols found in several sources: they count more than once.
        relabelled: Provisions of another model that this run relabelled.
    """

    run_id: str
    data: str
    version_before: int
    version: int
    outcomes: tuple[tuple[str, str, Outcome], ...]
    tally: RunTally
    rejects: tuple[Reject, ...]
    passed_over: tuple[str, ...]
    metadata: MetadataUse
    repeated: Mapping[str, tuple[str, ...]]
    elapsed_seconds: float
    relabelled: int = 0

    def counts(self) -> dict[str, int]:
        """Counts by name; the outcomes add up to ``inputs``."""
        by_outcome = Counter(outcome for _, _, outcome in self.outcomes)
        return {
            "inputs": len(self.outcomes),
            **{outcome.value: by_outcome[outcome] for outcome in Outcome},
            "documents": self.tally.documents,
            "not_adopted": self.tally.not_adopted,
            "adoption_unknown": self.tally.unknown,
            "broken": len(self.tally.broken),
            "form_unknown": len(self.tally.form_unknown),
            "incomplete": len(self.tally.incomplete),
            "provisions": self.tally.roles.total(),
            "relabelled": self.relabelled,
        }

    def with_relabelled(self, relabelled: Relabelled) -> RunSummary:
        """A copy with the result of the classify step."""
        return dataclasses.replace(self, relabelled=relabelled.provisions, version=relabelled.version or self.version)

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        tally = self.tally
        matrix = {area.value: _levels({s: tally.commitments[area, s] for s in STRENGTHS}) for area in THREAT_AREAS}
        return {
            "run_id": self.run_id,
            "data": self.data,
            "version_before": self.version_before,
            "version": self.version,
            "counts": self.counts(),
            "roles": {role.value: tally.roles[role] for role in Role},
            "commitments": matrix | {"": _levels(tally.without_area)},
            "rejects": [dataclasses.asdict(reject) for reject in self.rejects],
            "passed_over": list(self.passed_over),
            "metadata": dataclasses.asdict(self.metadata),
            "repeated": {symbol: list(sources) for symbol, sources in self.repeated.items()},
            "seconds": {stage: round(seconds, 3) for stage, seconds in tally.seconds.items()},
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }


def _levels(counts: dict[ObligationStrength, int]) -> dict[str, int]:
    return {level.value: counts.get(level, 0) for level in STRENGTHS if level.level}
