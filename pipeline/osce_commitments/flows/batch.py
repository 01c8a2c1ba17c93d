"""One batch through the stages: sources -> documents -> provisions -> tags -> labels."""

from __future__ import annotations

import dataclasses
import functools
import logging
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, ParamSpec, TypeGuard, TypeVar

from osce_commitments import documents, provisions, sources, tag
from osce_commitments.classify import Classifier, load_classifier
from osce_commitments.errors import InputError
from osce_commitments.ids import fingerprint
from osce_commitments.schema import DEFECT_REASON, BatchResult, ClassifiedProvision, Document, Reject, SourceRef
from osce_commitments.stages import stage_version

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig
    from osce_commitments.tag import Tagger

P = ParamSpec("P")
T = TypeVar("T")
_LOG = logging.getLogger(__name__)
# One tagger and one classifier per process: loading them costs seconds, using them milliseconds.
_tagger = functools.cache(tag.load_tagger)
_classifier = functools.cache(load_classifier)


def pipeline_fingerprint() -> str:
    """Hash of the versions of the stages before classification; documents with another hash are read again."""
    return fingerprint(*map(stage_version, ("documents", "provisions", "tag")))


def process_batch(refs: Sequence[SourceRef], config: RunConfig, *, is_last_try: bool = True) -> BatchResult:
    """Read, segment, tag and classify some sources.

    One source that fails becomes a reject row; it never stops the others.

    Args:
        refs: The sources.
        config: Run choices.
        is_last_try: Whether a temporary input/output failure becomes a reject row, not an error.

    Raises:
        OSError: If such a failure occurs before the last try.
    """
    tagger, classifier = _tagger(), _classifier(config.model)
    found: list[Document] = []
    classified: list[ClassifiedProvision] = []
    rejects: list[Reject] = []
    clock = _Clock()
    for ref in refs:
        sha256 = ""
        try:
            source = clock.run("sources", sources.read_source, ref, limits=config.limits, fetch=config.fetch)
            sha256 = source.sha256
            parsed, refused = clock.run("documents", documents.parse, source, limits=config.limits)
            labelled = [label for one in parsed for label in _label(one, tagger, classifier, clock)]
        except InputError as error:
            if not is_last_try and _is_temporary(error.__cause__):
                raise error.__cause__ from error
            rejects.append(Reject(ref.uri, sha256, clock.stage, error.reason, error.message, error.remedy))
            continue
        except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one document must not lose the others
            rejects.append(defect(ref, sha256, clock.stage, error))
            continue
        found += parsed
        classified += labelled
        rejects += [dataclasses.replace(reject, is_part=bool(parsed)) for reject in refused]
    return BatchResult(tuple(found), tuple(classified), tuple(rejects), dict(clock.seconds))


class _Clock:
    """Runs stages and records the last one and the time spent in each."""

    def __init__(self) -> None:
        self.stage = ""
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def run(self, stage: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.stage = stage
        start = time.perf_counter()
        result = function(*args, **kwargs)
        self.seconds[stage] += time.perf_counter() - start
        return result


def _is_temporary(cause: BaseException | None) -> TypeGuard[OSError]:
    return isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError | PermissionError)


def _label(document: Document, tagger: Tagger, classifier: Classifier, clock: _Clock) -> list[ClassifiedProvision]:
    units = clock.run("provisions", provisions.segment, document)
    tagged = clock.run("tag", tagger.tag, units)
    labels = clock.run("classify", classifier.classify, tagged)
    return [ClassifiedProvision(*pair) for pair in zip(tagged, labels, strict=True)]


def defect(ref: SourceRef, sha256: str, stage: str, error: Exception) -> Reject:
    """The reject for a bug in this package; the traceback goes to the log."""
    _LOG.debug("defect while reading %s", ref.uri, exc_info=error)
    text = " ".join(str(error).split())[:200]
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "osce_commitments" in frame.filename]
    where = f"{PurePath(ours[-1].filename).name}:{ours[-1].lineno}"
    return Reject(
        source=ref.uri,
        source_sha256=sha256,
        stage=stage,
        reason=DEFECT_REASON,
        message=f"{type(error).__name__} in our code ({where}): {text}",
        remedy="report it with the file; the other inputs were processed",
    )
