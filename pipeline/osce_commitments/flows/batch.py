"""One batch through the stages: sources -> documents -> provisions -> tags -> labels."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from osce_commitments import sources
from osce_commitments.config import Limits, RunConfig
from osce_commitments.errors import InputError
from osce_commitments.flows.reader_process import pack_result, read_apart, start_early, unpack_result
from osce_commitments.flows.refusals import defect
from osce_commitments.ids import fingerprint
from osce_commitments.schema import BatchResult, ClassifiedProvision, Document, Reject, Source, SourceRef
from osce_commitments.stages import stage_version

# Ordinary batches have some 2,500; each provision takes 10 kB until it is written.
_MANY_PROVISIONS = 10_000


def pipeline_fingerprint(limits: Limits) -> str:
    """Hash of the versions of the stages before classification, a slash, and a hash of the limits on one input.

    Documents with another first part are read again, rejects with another first or second part.
    """
    stages = fingerprint(*map(stage_version, ("documents", "provisions", "tag")))
    return f"{stages}/{fingerprint(limits.model_dump_json())}"


def process_batch(refs: Sequence[SourceRef], config: RunConfig, *, is_last_try: bool = True) -> BatchResult:
    """Read, segment, tag and classify some sources.

    One source that fails becomes a reject row; it never stops the others. Another process reads them. Before the last
    try, a temporary input/output failure is an ``OSError``, not a reject row.
    """
    return _joined(map(unpack_result, pack_batch(refs, config, is_last_try=is_last_try)))


def pack_batch(refs: Sequence[SourceRef], config: RunConfig, *, is_last_try: bool = True) -> Iterator[bytes]:
    """The parts of :func:`process_batch` as the reading process sent them, for a process that only passes them on."""
    start_early(config.model)
    spent = 0.0
    for ref in refs:
        start = time.perf_counter()
        source = _read(ref, config, is_last_try=is_last_try)
        spent += time.perf_counter() - start
        if isinstance(source, Reject):
            yield pack_result(BatchResult((), (), (source,)))
        else:
            yield read_apart(source, config.limits, config.model)
    yield pack_result(BatchResult((), (), (), {"sources": spent}))


def unpack_batch(parts: Iterable[bytes]) -> Iterator[BatchResult]:
    """Join the parts of :func:`pack_batch`; large files make several results, so that few of them are in memory."""
    results: list[BatchResult] = []
    for part in parts:
        results.append(unpack_result(part))
        if sum(len(result.provisions) for result in results) >= _MANY_PROVISIONS:
            yield _joined(results)
            results.clear()
    yield _joined(results)


def _joined(results: Iterable[BatchResult]) -> BatchResult:
    documents: list[Document] = []
    classified: list[ClassifiedProvision] = []
    rejects: list[Reject] = []
    seconds: Counter[str] = Counter()
    for result in results:
        documents += result.documents
        classified += result.provisions
        rejects += result.rejects
        seconds.update(result.seconds)
    return BatchResult(tuple(documents), tuple(classified), tuple(rejects), dict(seconds))


def _read(ref: SourceRef, config: RunConfig, *, is_last_try: bool) -> Source | Reject:
    try:
        return sources.read_source(ref, limits=config.limits, fetch=config.fetch)
    except InputError as error:
        if not is_last_try and (
            isinstance(error.__cause__, OSError)
            and not isinstance(error.__cause__, FileNotFoundError | PermissionError)
        ):
            raise error.__cause__ from error
        return Reject(ref.uri, "", "sources", error.reason, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one source must not lose the others
        return defect(ref, "", "sources", error)
