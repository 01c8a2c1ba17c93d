"""The columns of ``rejects`` and ``runs``."""

from __future__ import annotations

from functools import partial

from osce_commitments.fields.column import Column, ListOf, MapOf, Struct, TableDefinition
from osce_commitments.schema import Reject

_column = partial(Column, of=Reject)
_INPUT = Struct({"source": "string", "sha256": "string", "outcome": "string"})

REJECTS = TableDefinition(
    "rejects",
    "one row per rejected input or part of an input",
    key=("source", "stage", "reason", "message"),
    order=("source", "stage", "reason", "message"),
    columns=(
        _column("source", "string", "path or address of the input"),
        _column("source_sha256", "string", "SHA-256 of its bytes; empty if they could not be read"),
        _column("stage", "string", "stage that refused it"),
        _column("reason", "string", "short code of the reason"),
        _column("message", "string", "what is wrong"),
        _column("remedy", "string", "what to do about it"),
        _column("is_part", "bool", "whether only a part of the input was refused"),
        Column("pipeline", "string", "hash of the code and rules of the reader, segmenter and tagger that refused it"),
    ),
)

RUNS = TableDefinition(
    "runs",
    "one row per finished run that wrote a version",
    key=("id",),
    order=("started_at", "id"),
    is_pinned=False,
    columns=(
        Column("id", "string", "identifier of the run"),
        Column("started_at", "timestamp", "when it began, UTC"),
        Column("finished_at", "timestamp", "when it ended, UTC"),
        Column("package_version", "string", "version of osce-commitments"),
        Column("config", "string", "configuration as JSON"),
        Column("model_id", "string", "classifier"),
        Column("inputs", ListOf(_INPUT), "outcome of each input"),
        Column("counts", MapOf("int64"), "numbers of inputs, documents, provisions, rejects"),
        Column("seconds", MapOf("float64"), "time spent per stage, summed over workers"),
    ),
)
