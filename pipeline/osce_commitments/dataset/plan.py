"""The inputs that a run has to process: the new and the changed ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from osce_commitments.schema import DEFECT_REASON, Row


class Outcome(StrEnum):
    """State of an input relative to the dataset."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"

    @property
    def is_work(self) -> bool:
        """Whether the input has to be processed."""
        return self in (Outcome.NEW, Outcome.CHANGED)


def fingerprint_of_documents(pipeline: str) -> str:
    """The part of a pipeline's fingerprint that documents keep: what follows the slash, its limits, decides on rejects only."""
    return pipeline.partition("/")[0]


class Known:
    """The content of the dataset by input, for one pipeline: the fingerprint of reader, segmenter and tagger, and that of the limits.

    ``given`` has the hash of the given facts by uri. Rows need ``source, source_sha256, pipeline`` and ``given_hash``
    or ``reason``.
    """

    def __init__(
        self,
        documents: Iterable[Row],
        rejects: Iterable[Row],
        pipeline: str,
        given: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._hashes: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._refused: defaultdict[str, set[str]] = defaultdict(set)
        self._to_retry: set[str] = set()
        self._described_anew: set[str] = set()
        for row in documents:
            if row["given_hash"] != given.get(row["source"], ""):
                self._described_anew.add(row["source"])
            self._hashes[row["source"]] = row["source_sha256"]
            if row["pipeline"] == fingerprint_of_documents(pipeline):
                self._owners[row["source_sha256"]] = row["source"]
        for row in rejects:
            self._refused[row["source"]].add(row["source_sha256"])
            # A bug may be fixed without a new pipeline version. Other limits may admit the input.
            if row["reason"] == DEFECT_REASON or row["pipeline"] != pipeline or not row["source_sha256"]:
                self._to_retry.add(row["source"])

    def outcomes(self, inputs: Sequence[tuple[str, str]]) -> list[Outcome]:
        """The outcome of each input, given by uri and SHA-256; the hash is empty where the bytes are not read yet."""
        hashes, work = dict(inputs), set[str]()
        outcomes = []
        for uri, sha256 in inputs:
            outcome = self._outcome(uri, sha256, hashes, work)
            if outcome.is_work and sha256:
                work.add(sha256)
            outcomes.append(outcome)
        return outcomes

    def _outcome(self, uri: str, sha256: str, hashes: Mapping[str, str], work: set[str]) -> Outcome:
        refused = self._refused.get(uri, set())
        is_known = uri in self._hashes or bool(refused)
        to_process = Outcome.CHANGED if is_known else Outcome.NEW
        # A reject row of other bytes is out of date: the input is processed again to remove it.
        if not sha256 or uri in self._to_retry or refused - {sha256}:
            return to_process
        owner = self._owners.get(sha256)
        if owner == uri:
            return Outcome.CHANGED if uri in self._described_anew else Outcome.UNCHANGED
        if refused:
            return Outcome.REJECTED
        if self._hashes.get(uri, sha256) != sha256:
            return Outcome.CHANGED
        # The rows of its twin also count for this input, unless the twin has other bytes in this run.
        has_twin = owner is not None and hashes.get(owner, sha256) == sha256
        return Outcome.DUPLICATE if has_twin or sha256 in work else to_process
