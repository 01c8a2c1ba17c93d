"""Find the inputs of a run and their hashes, before the dataset is locked: downloads may take long."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments import sources
from osce_commitments.config import RunConfig
from osce_commitments.errors import ConfigError, InputError, OsceCommitmentsError
from osce_commitments.flows.refusals import defect
from osce_commitments.flows.summary import MetadataUse
from osce_commitments.labels import MediaType
from osce_commitments.schema import Reject, SourceRef

if TYPE_CHECKING:
    from pathlib import Path

# Each reads one whole file at a time.
_READERS = 4
_MISTAKES = frozenset({"missing", "no_match", "unknown_symbol", "unknown_scheme"})


@dataclass(frozen=True, slots=True)
class Found:
    """The inputs of a run, each readable one with the SHA-256 of its bytes, what was refused, and files of other kinds."""

    readable: tuple[tuple[SourceRef, str], ...]
    refused: tuple[Reject, ...]
    passed_over: tuple[str, ...]
    metadata: MetadataUse


# The inputs that the caller of a flow has found already: a flow accepts only parameters that can be stored.
FOUND: ContextVar[Found | None] = ContextVar("found", default=None)


def find_inputs(inputs: Sequence[str], config: RunConfig, stdin_type: MediaType | None = None) -> Found:
    """Find the inputs, download what is an address, and hash the bytes."""
    refs, refused, passed_over = sources.discover(inputs, stdin_type=stdin_type, limits=config.limits)
    named = {*inputs, *(os.path.abspath(os.path.expanduser(name)) for name in inputs)}  # noqa: PTH100, PTH111 - as they are found
    mistakes = [reject for reject in refused if reject.reason in _MISTAKES and reject.source in named]
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise ConfigError(f"{mistakes[0].message}{more}", mistakes[0].remedy)
    described, metadata = _described(refs, passed_over, config.metadata)
    with ThreadPoolExecutor(_READERS) as readers:
        local = {ref: readers.submit(_hashed, ref, config) for ref in described if ref.path}
        # Addresses one after another: servers are asked politely.
        results = [local[ref].result() if ref in local else _hashed(ref, config) for ref in described]
    refused += [result for result in results if isinstance(result, Reject)]
    empty = next((reject for reject in refused if reject.source == sources.STDIN and reject.reason == "empty"), None)
    if empty:
        raise ConfigError(empty.message, "pipe the text of a document into the command")
    readable = tuple(result for result in results if not isinstance(result, Reject))
    return Found(readable, tuple(refused), tuple(passed_over), metadata)


def _hashed(ref: SourceRef, config: RunConfig) -> tuple[SourceRef, str] | Reject:
    try:
        local_ref = sources.localise(ref, limits=config.limits, fetch=config.fetch)
        return local_ref, sources.read_source(local_ref, limits=config.limits, fetch=config.fetch).sha256
    except InputError as error:
        return Reject(ref.uri, "", "sources", error.reason, error.message, error.remedy)
    except OsceCommitmentsError:
        raise
    except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one input must not lose the others
        return defect(ref, "", "sources", error)


def _described(
    refs: Sequence[SourceRef], passed_over: Sequence[str], table: Path | None
) -> tuple[Sequence[SourceRef], MetadataUse]:
    """Return the inputs with the facts of the run's table of metadata, and what the summary says about such tables."""
    offers = sources.own_tables(passed_over, refs, table)
    if table is None:
        return refs, MetadataUse(offers=offers)
    loaded = sources.load_metadata(table)
    attached = sources.attach(loaded, refs)
    return attached.refs, MetadataUse(str(table), attached.count, attached.unmatched, loaded.unused, offers)
