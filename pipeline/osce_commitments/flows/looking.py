"""Find the inputs of a run and their hashes, before the dataset is locked: downloads may take long."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments import sources
from osce_commitments.errors import ConfigError, InputError, OsceCommitmentsError
from osce_commitments.flows.refusals import defect
from osce_commitments.flows.summary import MetadataUse
from osce_commitments.schema import Reject, SourceRef
from osce_commitments.sources.seen import SEEN_FILE, Seen

if TYPE_CHECKING:
    from osce_commitments.config import RunConfig
    from osce_commitments.labels import MediaType

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
    seen: Seen


# The inputs that the caller of a flow has found already: a flow accepts only parameters that can be stored.
FOUND: ContextVar[Found | None] = ContextVar("found", default=None)


def find_inputs(inputs: Sequence[str], data: Path, config: RunConfig, stdin_type: MediaType | None = None) -> Found:
    """Find the inputs, download what is an address, and hash the bytes.

    Raises:
        ConfigError: If an input that is named does not exist: nothing is read then.
    """
    refs, refused, passed_over = sources.discover(inputs, stdin_type=stdin_type, limits=config.limits)
    _check_names(inputs, refused)
    seen = Seen({}) if config.verify else Seen.load(data / SEEN_FILE)
    described, metadata = _described(refs, passed_over, config.metadata)
    looked = _look(described, config, seen)
    refused += [one for one in looked if isinstance(one, Reject)]
    _check_stdin(refused)
    readable = tuple(one for one in looked if not isinstance(one, Reject))
    return Found(readable, tuple(refused), tuple(passed_over), metadata, seen)


def _check_names(inputs: Sequence[str], refused: Sequence[Reject]) -> None:
    named = {*inputs, *(os.path.abspath(os.path.expanduser(one)) for one in inputs)}  # noqa: PTH100, PTH111 - as they are found
    mistakes = [one for one in refused if one.reason in _MISTAKES and one.source in named]
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise ConfigError(f"{mistakes[0].message}{more}", mistakes[0].remedy)


def _check_stdin(refused: Sequence[Reject]) -> None:
    empty = next((one for one in refused if one.source == sources.STDIN and one.reason == "empty"), None)
    if empty:
        raise ConfigError(empty.message, "pipe the text of a document into the command")


def _look(refs: Sequence[SourceRef], config: RunConfig, seen: Seen) -> list[tuple[SourceRef, str] | Reject]:
    # Addresses one after another: servers are asked politely.
    local = {ref for ref in refs if ref.path}
    with ThreadPoolExecutor(_READERS) as readers:
        hashed = readers.map(lambda ref: _hashed(ref, config, seen), [ref for ref in refs if ref in local])
        return [next(hashed) if ref in local else _hashed(ref, config, seen) for ref in refs]


def _hashed(ref: SourceRef, config: RunConfig, seen: Seen) -> tuple[SourceRef, str] | Reject:
    try:
        return _read(sources.localise(ref, limits=config.limits, fetch=config.fetch), config, seen)
    except InputError as error:
        return Reject(ref.uri, "", "sources", error.reason, error.message, error.remedy)
    except OsceCommitmentsError:
        raise
    except Exception as error:  # noqa: BLE001 - the flow boundary: a defect in one input must not lose the others
        return defect(ref, "", "sources", error)


def _read(ref: SourceRef, config: RunConfig, seen: Seen) -> tuple[SourceRef, str]:
    now = time.time_ns()
    try:
        status = Path(ref.path).stat()
    except OSError:
        status = None
    sha256 = seen.sha256(ref.path, status) if status else ""
    if not sha256:
        sha256 = sources.read_source(ref, limits=config.limits, fetch=config.fetch).sha256
        if status:
            seen.remember(ref.path, status, sha256, now)
    return ref, sha256


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
