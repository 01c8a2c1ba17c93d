"""The order of a whole run, without Prefect: find inputs, skip known ones, process batches, write versions."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.catalogue.given import given_hash
from osce_commitments.classify import classifier_id, load_classifier
from osce_commitments.dataset import Dataset, Outcome, RunRecord, Writer
from osce_commitments.extra.akn import export
from osce_commitments.flows.batch import pack_batch, pipeline_fingerprint, unpack_batch
from osce_commitments.flows.lineage import LineageBook
from osce_commitments.flows.looking import FOUND, Found, find_inputs
from osce_commitments.flows.progress import PROGRESS
from osce_commitments.flows.summary import Relabelled, RunSummary, RunTally
from osce_commitments.labels import MediaType
from osce_commitments.schema import MANY_LETTERS, BatchResult, ClassifiedProvision, Reject, SourceRef, has_few_forms

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig

    MapBatches = Callable[[Iterable[Sequence[SourceRef]], RunConfig], Iterator[BatchResult]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do: inputs that are new or changed, known rejects of others, and uri, SHA-256 and outcome of each."""

    work: tuple[SourceRef, ...]
    known: tuple[Reject, ...]
    outcomes: tuple[tuple[str, str, Outcome], ...]


def count_work(intake: Found, data: Path, config: RunConfig) -> int:
    """Number of inputs that are new or changed against the newest version."""
    dataset = Dataset(data)
    if not dataset.path.is_dir() or not dataset.latest_version():
        return len(intake.readable)
    return len(make_plan(intake, dataset, pipeline_fingerprint(config.limits)).work)


def map_inline(batches: Iterable[Sequence[SourceRef]], config: RunConfig) -> Iterator[BatchResult]:
    """Process the batches in this process, one after another."""
    return (result for batch in batches for result in unpack_batch(pack_batch(batch, config)))


def ingest(
    inputs: Sequence[str],
    data: Path,
    config: RunConfig,
    *,
    stdin_type: MediaType | None = None,
    map_batches: MapBatches = map_inline,
) -> RunSummary:
    """Update the dataset from the inputs; unchanged inputs are neither processed nor written."""
    started, begin = datetime.now(UTC), time.perf_counter()
    run_id, pipeline, tally = uuid.uuid4().hex[:12], pipeline_fingerprint(config.limits), RunTally()
    dataset, intake = Dataset(data), FOUND.get() or find_inputs(inputs, config, stdin_type)
    with dataset.writer(run_id, pipeline=pipeline, on_wait=PROGRESS.get().say) as writer:
        before = writer.version
        plan = make_plan(intake, dataset, pipeline)
        if intake.refused:
            writer.commit(BatchResult((), (), intake.refused))
        rejects = [*intake.refused, *plan.known, *_process(plan.work, writer, tally, config, map_batches)]
        writer.publish()
        summary = RunSummary(
            run_id=run_id,
            data=str(data),
            version_before=before,
            version=writer.version,
            outcomes=settle(plan.outcomes, rejects),
            tally=tally,
            rejects=tuple(rejects),
            passed_over=intake.passed_over,
            metadata=intake.metadata,
            repeated=repeated_symbols(dataset) if tally.documents else {},
            elapsed_seconds=time.perf_counter() - begin,
        )
        writer.finish(_record(config, started, summary.counts(), tally.seconds, summary.outcomes))
    return summary


def make_plan(intake: Found, dataset: Dataset, pipeline: str) -> Plan:
    """Compare the inputs with what the dataset holds."""
    readable = intake.readable
    hashes = {ref.uri: given_hash(ref.given) for ref, _ in readable}
    outcomes = dataset.plan([(ref.uri, sha256) for ref, sha256 in readable], pipeline, hashes)
    passed = [ref.uri for (ref, _), outcome in zip(readable, outcomes, strict=True) if not outcome.is_work]
    return Plan(
        work=tuple(ref for (ref, _), outcome in zip(readable, outcomes, strict=True) if outcome.is_work),
        known=tuple(dataset.known_rejects(passed)),
        outcomes=(
            *((ref.uri, sha256, outcome) for (ref, sha256), outcome in zip(readable, outcomes, strict=True)),
            *((reject.source, "", Outcome.REJECTED) for reject in intake.refused),
        ),
    )


def repeated_symbols(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Symbols found in several sources, with these sources: such instruments count more than once."""
    sources_of: dict[str, set[str]] = {}
    for row in dataset.read("documents", columns=["symbol", "source"]).to_pylist():
        if row["symbol"]:
            sources_of.setdefault(row["symbol"], set()).add(row["source"])
    return {symbol: tuple(sorted(sources)) for symbol, sources in sorted(sources_of.items()) if len(sources) > 1}


def settle(
    outcomes: Sequence[tuple[str, str, Outcome]], rejects: Sequence[Reject]
) -> tuple[tuple[str, str, Outcome], ...]:
    """The outcomes, with unusable inputs marked as rejected."""
    whole = {reject.source for reject in rejects if not reject.is_part}
    return tuple(
        (uri, sha256, Outcome.REJECTED if outcome.is_work and uri in whole else outcome)
        for uri, sha256, outcome in outcomes
    )


def _process(
    work: Sequence[SourceRef], writer: Writer, tally: RunTally, config: RunConfig, map_batches: MapBatches
) -> Iterator[Reject]:
    progress = PROGRESS.get()
    progress.start(len(work))
    book = LineageBook(writer)
    batches = [work[i : i + config.batch_size] for i in range(0, len(work), config.batch_size)]
    for result in map_batches(batches, config):
        if result.documents or result.rejects:  # the last part of a batch may hold only the seconds spent
            writer.commit(result, follow=book.follow)
        tally.add(result)
        progress.advance(len({document.source for document in result.documents} | {r.source for r in result.rejects}))
        yield from result.rejects
    book.save()


def relabel(data: Path, config: RunConfig) -> Relabelled:
    """Relabel the provisions that another model labelled; those of doubtful documents still need review."""
    dataset, model = Dataset(data), classifier_id(config.model)
    if dataset.model_ids() <= {model}:
        return Relabelled(0, 0)
    classifier = load_classifier(config.model)
    started, begin, count = datetime.now(UTC), time.perf_counter(), 0
    documents = dataset.read("documents", columns=["id", "letters_missing", "notes"]).to_pylist()
    doubtful = {
        row["id"] for row in documents if (row["letters_missing"] or 0) >= MANY_LETTERS or has_few_forms(row["notes"])
    }
    with dataset.writer(
        uuid.uuid4().hex[:12], pipeline=pipeline_fingerprint(config.limits), on_wait=PROGRESS.get().say
    ) as writer:
        for batch in dataset.other_models(model):
            labels = classifier.classify([item.tagged for item in batch])
            relabelled = [
                ClassifiedProvision(
                    item.tagged,
                    replace(label, needs_review=True) if str(item.tagged.provision.document) in doubtful else label,
                )
                for item, label in zip(batch, labels, strict=True)
            ]
            writer.relabel(relabelled)
            count += len(relabelled)
        seconds = {"classify": time.perf_counter() - begin}
        writer.finish(_record(config, started, {"relabelled": count}, seconds))
        return Relabelled(count, writer.version)


def publish(data: Path, out: Path, file_format: str = "parquet") -> None:
    """Write the newest version as plain files with a data dictionary and hashes."""
    export(Dataset(data), None, file_format, out)


def write_news(data: Path, out: Path, file_format: str = "html") -> list[Path]:
    """Write what is new in each saved search since it was last compared, one file per search that changed, and remember the version."""
    from osce_commitments import report
    from osce_commitments.query import Reader
    from osce_commitments.report.watches import load_watches, mark_seen

    report.check_format(file_format)
    watches = load_watches(data)
    if not watches:
        return []
    reader = Reader(data)
    watch_reports = report.watch_reports(reader, watches)
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for news in watch_reports:
        path = out / f"{news.title}.{file_format}"
        report.write_report(report.render(news, file_format), path)
        paths.append(path)
    mark_seen(data, [watch.name for watch in watches], reader.version)
    return paths


def _record(
    config: RunConfig,
    started: datetime,
    counts: Mapping[str, int],
    seconds: Mapping[str, float],
    outcomes: Sequence[tuple[str, str, Outcome]] = (),
) -> RunRecord:
    return RunRecord(
        started_at=started,
        finished_at=datetime.now(UTC),
        config=config.model_dump_json(),
        model_id=classifier_id(config.model),
        inputs=[(uri, sha256, outcome.value) for uri, sha256, outcome in outcomes],
        counts=counts,
        seconds=dict(seconds),
    )
