"""The order of a whole run, without Prefect: find inputs, skip known ones, process batches, write versions."""

from __future__ import annotations

import contextlib
import functools
import time
import uuid
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from osce_commitments.catalogue.given import given_hash
from osce_commitments.classify import classifier_id, load_classifier
from osce_commitments.dataset import Dataset, Outcome, RunRecord, Writer
from osce_commitments.extra.akn import export
from osce_commitments.fields import LINEAGE, PROVISIONS
from osce_commitments.files import open_regular, replaced
from osce_commitments.flows.batch import pack_batch, pipeline_fingerprint, unpack_batch
from osce_commitments.flows.looking import FOUND, Found, find_inputs
from osce_commitments.flows.progress import PROGRESS
from osce_commitments.flows.summary import Relabelled, RunSummary, RunTally
from osce_commitments.labels import MediaType, TextForm
from osce_commitments.lineage import Sketches, WordedDocument, document_links, latest, lineage_row, link_of, nearest
from osce_commitments.schema import MANY_LETTERS, BatchResult, ClassifiedProvision, LineageLink, Reject, Row, SourceRef
from osce_commitments.stages import stage_version

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig

    MapBatches = Callable[[Iterable[Sequence[SourceRef]], RunConfig], Iterator[BatchResult]]

LINEAGE_FOLDER = "_lineage"
_COLUMNS = (
    "id", "document", "index", "role", "note_mark", "title", "text", "tail", "lead_in", "reading", "date", "year",
    "addressee", "deadlines", "strength_cue",
)  # fmt: skip
_OPEN_DOCUMENTS = 1_000
_READ_AT_ONCE = 100


class LineageBook:
    """The documents of a dataset as lineage compares them.

    The index of candidates is kept next to the tables in ``_lineage``; it is rebuilt from them where it lacks a document.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._rows: OrderedDict[str, list[Row]] = OrderedDict()
        self._compared: dict[str, WordedDocument | None] = {}
        self._new: frozenset[str] = frozenset()  # not in the tables yet, so they cannot be read again

    # The matrices are small: threads that wait for one another take nine times the time of the processor.
    @threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]
    def follow(self, provisions: Sequence[Row], gone: frozenset[str]) -> tuple[frozenset[str], list[Row]]:
        """Compare new documents, by their rows of ``provisions``, with the others; ``gone`` are those that are replaced or written again.

        Returns the later documents whose rows of ``lineage`` are replaced, and their new rows.
        """
        self._new = frozenset(row["document"] for row in provisions)
        new = self._keep(provisions)
        self._sketches.remove(gone)
        self._sketches.add(new.values())
        stored = self._writer.read(LINEAGE.name, "earlier_document", gone)
        orphans = {row["later_document"] for row in stored if row["earlier_document"] in gone} - gone - new.keys()
        whole = {**new, **{document.id: document for document in self._open(orphans)}}
        links = self._links(whole, new)
        stored_rows = self._kept(links.keys() - whole.keys())
        rows = [
            row
            for document in links
            for row in self._made(
                latest([*links[document], *map(link_of, stored_rows[document])]), stored_rows[document]
            )
        ]
        return frozenset({*links, *whole, *gone}), rows

    def save(self) -> None:
        """Write the index of candidates; without it the next run builds it again."""
        import numpy as np

        if "_sketches" not in self.__dict__:
            return
        folder = self._path.parent
        ids, counts, keys, places = self._sketches.arrays()
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            with replaced(self._path) as temporary, temporary.open("wb") as stream:
                np.savez(stream, ids=np.array(ids, np.str_), counts=counts, keys=keys, places=places)
            for other in folder.glob("*.npz"):
                if other != self._path:
                    other.unlink()

    @property
    def _path(self) -> Path:
        return self._writer.path / LINEAGE_FOLDER / f"{stage_version('lineage')}.npz"

    @functools.cached_property
    def _sketches(self) -> Sketches:
        import numpy as np

        sketches = Sketches()
        with (
            contextlib.suppress(OSError, ValueError, KeyError),
            open_regular(self._path) as stream,
            np.load(stream) as saved,
        ):
            sketches = Sketches.of_arrays(saved["ids"].tolist(), saved["counts"], saved["keys"], saved["places"])
        present = self._writer.documents
        sketches.remove(sketches.known.keys() - present)
        sketches.add(self._open(present - sketches.known.keys()))
        return sketches

    def _links(
        self, whole: Mapping[str, WordedDocument], new: Mapping[str, WordedDocument]
    ) -> dict[str, list[LineageLink]]:
        """Links by later document: of the given ones to all before them, and of all others to the new ones."""
        links: defaultdict[str, list[LineageLink]] = defaultdict(list, {document: [] for document in whole})
        for document in whole.values():
            counts = self._sketches.candidates(document)
            others = {other.id: other for other in self._open(counts)}
            before = {key: counts[key] for key, other in others.items() if other.is_before(document)}
            for key in nearest(before):
                links[document.id] += document_links(others[key], document)
            if document.id in new:
                after = {key: counts[key] for key, other in others.items() if document.is_before(other)}
                for key in nearest(after):
                    links[key] += document_links(document, others[key])
        return links

    def _kept(self, documents: Iterable[str]) -> defaultdict[str, list[Row]]:
        stored_rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._writer.read(LINEAGE.name, "later_document", documents):
            stored_rows[row["later_document"]].append(row)
        return stored_rows

    def _made(self, links: Iterable[LineageLink], rows: Iterable[Row]) -> Iterator[Row]:
        known = {(row["earlier"], row["later"]): row for row in rows}
        for link in links:
            stored = known.get((link.earlier, link.later))
            yield stored or lineage_row(
                link, self._provisions(link.earlier_document) | self._provisions(link.later_document)
            )

    def _provisions(self, document: str) -> dict[str, Row]:
        list(self._open([document]))
        return {row["id"]: row for row in self._rows[document]}

    def _open(self, documents: Iterable[str]) -> Iterator[WordedDocument]:
        ids = list(documents)
        for start in range(0, len(ids), _READ_AT_ONCE):
            part = ids[start : start + _READ_AT_ONCE]
            for identifier in self._rows.keys() & part:
                self._rows.move_to_end(identifier)
            missing = [identifier for identifier in part if identifier not in self._rows]
            if missing:
                self._keep(self._writer.read(PROVISIONS.name, "document", missing, _COLUMNS))
            yield from (compared for identifier in part if (compared := self._compared.get(identifier)))

    def _keep(self, provisions: Sequence[Row]) -> dict[str, WordedDocument]:
        by_document: defaultdict[str, list[Row]] = defaultdict(list)
        for row in provisions:
            by_document[row["document"]].append({name: row[name] for name in _COLUMNS})
        for document, rows in by_document.items():
            self._rows[document] = rows
            self._compared[document] = WordedDocument.of(sorted(rows, key=lambda row: row["index"]))
        new = {identifier: compared for identifier in by_document if (compared := self._compared[identifier])}
        while len(self._rows) > _OPEN_DOCUMENTS + len(self._new):
            oldest = next(iter(self._rows))
            if oldest in self._new:
                self._rows.move_to_end(oldest)
            else:
                del self._rows[oldest], self._compared[oldest]
        return new


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
    documents = dataset.read("documents", columns=["id", "letters_missing", "form"]).to_pylist()
    doubtful = {
        row["id"]
        for row in documents
        if (row["letters_missing"] or 0) >= MANY_LETTERS or row["form"] == TextForm.UNKNOWN
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
