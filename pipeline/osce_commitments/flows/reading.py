"""One source through the stages: documents -> provisions -> tags -> labels."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from osce_commitments import documents, provisions, tag
from osce_commitments.errors import DocumentError, InputError
from osce_commitments.flows.refusals import defect, refusal
from osce_commitments.schema import BatchResult, ClassifiedProvision, Document, Reject, Source, TaggedProvision

if TYPE_CHECKING:
    from osce_commitments.classify import Classifier
    from osce_commitments.config import Limits

P = ParamSpec("P")
T = TypeVar("T")
# One per process: its rules are compiled when a text first needs them.
_tagger = functools.cache(tag.load_tagger)


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What one source gives before its provisions are classified; provisions are in the order of the documents."""

    documents: tuple[Document, ...] = ()
    provisions: tuple[tuple[TaggedProvision, ...], ...] = ()
    rejects: tuple[Reject, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


class Clock:
    """Runs stages, calls ``on_stage`` with the name of each before it, and records the last one and the time spent in each."""

    def __init__(self, on_stage: Callable[[str], None] = lambda _: None) -> None:
        self.stage = ""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._on_stage = on_stage

    def run(self, stage: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function of a stage."""
        if stage != self.stage:
            self.stage = stage
            self._on_stage(stage)
        start = time.perf_counter()
        result = function(*args, **kwargs)
        self.seconds[stage] += time.perf_counter() - start
        return result


def read(source: Source, limits: Limits, on_stage: Callable[[str], None] = lambda _: None) -> SourceReading:
    """Read a source; one that fails becomes a reject. ``on_stage`` is called with the name of each stage before it runs.

    Raises:
        MemoryError: If the memory of this process does not suffice.
    """
    clock = Clock(on_stage)
    try:
        parsed, refused = clock.run("documents", documents.parse, source, limits=limits)
        tagged = tuple(_tagged(one, clock) for one in parsed)
    except InputError as error:
        return SourceReading(rejects=(refusal(source, clock.stage, error),), seconds=dict(clock.seconds))
    except RecursionError:
        deep = DocumentError("its parts are nested too deeply", "save it in another form", reason="too_deep")
        return SourceReading(rejects=(refusal(source, clock.stage, deep),), seconds=dict(clock.seconds))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one document must not lose the others
        bug = defect(source.ref, source.sha256, clock.stage, error)
        return SourceReading(rejects=(bug,), seconds=dict(clock.seconds))
    rejects = tuple(replace(reject, is_part=bool(parsed)) for reject in refused)
    return SourceReading(tuple(parsed), tagged, rejects, dict(clock.seconds))


def _tagged(document: Document, clock: Clock) -> tuple[TaggedProvision, ...]:
    units = clock.run("provisions", provisions.segment, document)
    return tuple(clock.run("tag", _tagger().tag, units))


def label(reading: SourceReading, source: Source, classifier: Classifier) -> BatchResult:
    """Classify what a source gave; a classifier that fails makes the source a reject."""
    clock = Clock()
    clock.seconds.update(reading.seconds)
    try:
        labelled = tuple(
            ClassifiedProvision(provision, replace(labels, needs_review=True) if document.is_incomplete else labels)
            for document, tagged in zip(reading.documents, reading.provisions, strict=True)
            for provision, labels in zip(tagged, clock.run("classify", classifier.classify, tagged), strict=True)
        )
    except Exception as error:  # noqa: BLE001 - the flow boundary, as above
        return BatchResult((), (), (defect(source.ref, source.sha256, "classify", error),), dict(clock.seconds))
    return BatchResult(reading.documents, labelled, reading.rejects, dict(clock.seconds))
