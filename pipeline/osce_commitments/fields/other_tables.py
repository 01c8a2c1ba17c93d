"""The columns of `lineage`, `corrections`, `rejects` and `runs`."""

from __future__ import annotations

from functools import partial

from osce_commitments.fields.column import Column, ListOf, MapOf, Struct, TableDefinition
from osce_commitments.labels import Basis, Boundary, CorrectionKind, ObligationStrength, Relation, Role, ThreatArea
from osce_commitments.schema import LineageLink, Reject

_link = partial(Column, of=LineageLink)
_CHANGED = Struct({"earlier_start": "int32", "earlier_end": "int32", "later_start": "int32", "later_end": "int32"})

LINEAGE = TableDefinition(
    "lineage",
    "one row per provision that takes up one of an earlier document",
    key=("earlier", "later"),
    order=("year", "later_document", "later", "earlier"),
    partition_by=("year",),
    stats=("later_document",),
    columns=(
        _link("earlier", "string", "id of the earlier provision"),
        _link("later", "string", "id of the later provision"),
        _link("earlier_document", "string", "id of the document of the earlier one"),
        _link("later_document", "string", "id of the document of the later one"),
        Column("year", "int32", "year of the later document"),
        _link("earlier_date", "date32", "date of the earlier document; the last day of its year if only that is known"),
        _link("relation", Relation, "how the later one takes up the earlier one"),
        _link("score", "float64", "likeness of their words, 0 to 1"),
        _link("is_main", "bool", "whether it continues the line; false for further parts of a split or a merger"),
        _link(
            "overlap",
            "float64",
            "share of the later document that has a counterpart in the earlier one; 0 for a mere clause",
        ),
        _link("same_title", "bool", "whether the titles of the two documents name the same subject"),
        _link(
            "is_procedure", "bool", "whether both are procedure (agenda items, requests for a report on the whole text)"
        ),
        _link("force_changed", "bool", "whether the words that give the obligation its force differ in kind"),
        Column("addressee_changed", "bool", "whether other actors are to act"),
        Column("deadline_changed", "bool", "whether a deadline or interval was added or dropped"),
        Column("changed", ListOf(_CHANGED), "differences in words: start and end in the reading of each"),
    ),
)


CORRECTIONS = TableDefinition(
    "corrections",
    "one row per answer of a person; rows are only added, the newest row of a person counts",
    key=("number",),
    order=("number",),
    stats=("number",),
    columns=(
        Column("number", "int64", "position in the table, from 1"),
        Column("made_at", "timestamp", "when it was written, UTC"),
        Column("made_by", "string", "name of the person"),
        Column("kind", CorrectionKind, "answer, withdrawal or adjudication"),
        Column("key", "string", "what the provision is; see provisions.key"),
        Column("provision", "string", "id of the provision at that time"),
        Column("symbol", "string", "symbol of its document at that time; empty if none"),
        Column("title", "string", "title of its document at that time"),
        Column("heading", ListOf("string"), "headings above it at that time, outermost first"),
        Column("lead_in", "string", "its lead-in at that time"),
        Column("text", "string", "its words at that time"),
        Column("strength", ObligationStrength, "right obligation strength; null if not answered", nullable=True),
        Column("threat_areas", ListOf(ThreatArea), "right threat areas; null if not answered", nullable=True),
        Column("area_basis", ListOf(Basis), "what each of these areas stands on; null if not answered", nullable=True),
        Column("addressee", ListOf("string"), "right addressees; null if not answered", nullable=True),
        Column("role", Role, "right part of the document; null if not answered", nullable=True),
        Column("boundary", Boundary, "what is wrong with the boundaries; null if nothing", nullable=True),
        Column("rule", "string", "rule of the annotation guide, such as S6; empty if none is named"),
        Column("reason", "string", "reason in words; empty if none"),
        Column("model_id", "string", "classifier whose labels the person saw"),
        Column("model_strength", ObligationStrength, "obligation strength by that classifier"),
        Column("model_areas", ListOf(ThreatArea), "threat areas by that classifier"),
        Column("model_role", Role, "part of the document by the program"),
        Column("model_addressee", ListOf("string"), "addressees by the program"),
        Column("origin", "string", "file or command that it came from, or page"),
    ),
)


_reject = partial(Column, of=Reject)
_INPUT = Struct({"source": "string", "sha256": "string", "outcome": "string"})

REJECTS = TableDefinition(
    "rejects",
    "one row per rejected input or part of an input",
    key=("source", "stage", "reason", "message"),
    order=("source", "stage", "reason", "message"),
    columns=(
        _reject("source", "string", "path or address of the input"),
        _reject("source_sha256", "string", "SHA-256 of its bytes; empty if they could not be read"),
        _reject("stage", "string", "stage that refused it"),
        _reject("reason", "string", "short code of the reason"),
        _reject("message", "string", "what is wrong"),
        _reject("remedy", "string", "what to do about it"),
        _reject("is_part", "bool", "whether only a part of the input was refused"),
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
