"""One batch through the stages: sources -> documents -> provisions -> tags -> labels."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeGuard

from osce_commitments import sources
from osce_commitments.classify import Classifier, load_classifier
from osce_commitments.errors import InputError
from osce_commitments.flows.reader_process import read_apart, start_early
from osce_commitments.flows.reading import SourceReading, defect
from osce_commitments.ids import fingerprint
from osce_commitments.schema import BatchResult, ClassifiedProvision, Document, Reject, SourceRef
from osce_commitments.stages import stage_version

if TYPE_CHECKING:
    from osce_commitments.config import Limits, RunConfig

# One classifier per process: loading it costs seconds, using it milliseconds.
_classifier = functools.cache(load_classifier)


def pipeline_fingerprint(limits: Limits) -> str:
    """Hash of the versions of the stages before classification, a slash, and a hash of the limits on one input.

    Documents with another first part are read again, rejects with another first or second part.
    """
    stages = fingerprint(*map(stage_version, ("documents", "provisions", "tag")))
    return f"{stages}/{fingerprint(limits.model_dump_json())}"


def process_batch(refs: Sequence[SourceRef], config: RunConfig, *, is_last_try: bool = True) -> BatchResult:
    """Read, segment, tag and classify some sources.

    One source that fails becomes a reject row; it never stops the others. Another process reads them.

    Args:
        refs: The sources.
        config: Run choices.
        is_last_try: Whether a temporary input/output failure becomes a reject row, not an error.

    Raises:
        OSError: If such a failure occurs before the last try.
    """
    start_early()
    classifier = _classifier(config.model)
    found: list[Document] = []
    classified: list[ClassifiedProvision] = []
    rejects: list[Reject] = []
    seconds: defaultdict[str, float] = defaultdict(float)
    for ref in refs:
        reading = _read(ref, config, seconds, is_last_try=is_last_try)
        try:
            labelled = _labelled(reading, classifier, seconds)
        except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one document must not lose the others
            sha256 = reading.documents[0].source_sha256
            rejects.append(defect(ref, sha256, "classify", error))
            continue
        found += reading.documents
        classified += labelled
        rejects += reading.rejects
    return BatchResult(tuple(found), tuple(classified), tuple(rejects), dict(seconds))


def _read(ref: SourceRef, config: RunConfig, seconds: defaultdict[str, float], *, is_last_try: bool) -> SourceReading:
    start = time.perf_counter()
    try:
        source = sources.read_source(ref, limits=config.limits, fetch=config.fetch)
    except InputError as error:
        if not is_last_try and _is_temporary(error.__cause__):
            raise error.__cause__ from error
        return SourceReading(rejects=(Reject(ref.uri, "", "sources", error.reason, error.message, error.remedy),))
    except Exception as error:  # noqa: BLE001 - the flow boundary, as above
        return SourceReading(rejects=(defect(ref, "", "sources", error),))
    seconds["sources"] += time.perf_counter() - start
    reading = read_apart(source, config.limits)
    for stage, spent in reading.seconds.items():
        seconds[stage] += spent
    return reading


def _is_temporary(cause: BaseException | None) -> TypeGuard[OSError]:
    return isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError | PermissionError)


def _labelled(
    reading: SourceReading, classifier: Classifier, seconds: defaultdict[str, float]
) -> list[ClassifiedProvision]:
    start = time.perf_counter()
    found: list[ClassifiedProvision] = []
    for tagged in reading.provisions:
        labels = classifier.classify(tagged)
        found += (ClassifiedProvision(*pair) for pair in zip(tagged, labels, strict=True))
    seconds["classify"] += time.perf_counter() - start
    return found
