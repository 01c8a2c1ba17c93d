"""The columns of ``documents``, ``lineage``, ``corrections``, ``rejects`` and ``runs``."""

from __future__ import annotations

from functools import partial

from osce_commitments.fields.column import At, Column, IndexedValue, ListOf, MapOf, Place, Struct, TableDefinition
from osce_commitments.labels import (
    Adopted,
    Basis,
    BlockKind,
    Boundary,
    CorrectionKind,
    DocumentType,
    MediaType,
    ObligationStrength,
    Relation,
    Role,
    TextForm,
    ThreatArea,
    label_in_words,
)
from osce_commitments.schema import Document, LineageLink, Reject

_HIT = {Place.HIT: At()}
_BOTH = {**_HIT, Place.COMMITMENTS: At()}
_column = partial(Column, of=Document)
YEAR = _column(
    "year",
    "int32",
    "year of the document's date; null if undated",
    nullable=True,
    shown={**_BOTH, Place.REPORT: At("sub_theme")},
    indexed=(IndexedValue("year", "INTEGER"),),
)
_BLOCK = Struct({"kind": BlockKind, "start": "int32", "end": "int32", "level": "int32"})
_PAGE = Struct({"page": "int32", "start": "int32", "end": "int32"})


def _body(code: str, symbol: str = "") -> str:
    from osce_commitments.catalogue import body_name

    return body_name(code, symbol)


# fmt: off
DOCUMENTS = TableDefinition(
    "documents",
    "one row per instrument",
    key=("id",),
    order=("source", "part"),
    partition_by=("year",),
    stats=("id",),
    columns=(
        _column("id", "string", "identifier: hash of the source's bytes and the part"),
        _column("source", "string", "path or address that the document was read from", shown=_HIT),
        _column("source_sha256", "string", "SHA-256 of the source's bytes"),
        _column("part", "int32", "position of the instrument in its source, from 1"),
        _column("media_type", MediaType, "file format of the source"),
        _column("symbol", "string", "normalised symbol, such as MC.DEC/9/11; empty if none", shown=_BOTH),
        _column("body", "string", "body that adopted it, such as MC, PC, FSC; empty if unknown",
            shown={
                **_BOTH, Place.SHEET: At("date", heading="Body", width=22, cell=lambda row: _body(row["body"] or "")),
                Place.PAGE: At(
                    "type", heading="Body", is_usual=False, cell=lambda row: _body(row["body"], row["symbol"]),
                ),
            },
            indexed=(IndexedValue("body"),),
        ),
        _column("type", DocumentType, "kind of document",
            shown={
                **_BOTH,
                Place.PAGE: At("title", heading="Type", cell=lambda row: label_in_words(row["type"]), is_usual=False),
            },
            indexed=(IndexedValue("type"),),
        ),
        _column("adopted", Adopted, "whether a body adopted it, or States or organizations agreed on it",
            shown={
                **_BOTH, Place.SHEET: At("deadlines", heading="Adopted", width=10),
                Place.PAGE: At("qualifiers", heading="Adopted", is_usual=False), Place.REPORT: At("corrected_by"),
            },
            indexed=(IndexedValue("adopted"),),
        ),
        _column("adopted_because", "string", "evidence for or against adoption, in words; empty without any",
            shown=_HIT,
        ),
        _column("form", TextForm, "whether known forms explain the text; null in rows of older versions", nullable=True,
            shown={**_BOTH, Place.REPORT: At("adopted")},
            indexed=(IndexedValue("form", convert=lambda form: form or TextForm.KNOWN),),
        ),
        _column("form_score", "float64",
            "share of the letters that known forms explain: recitals, acts, items below enacting words; null if nobody adopts such texts",
            nullable=True,
        ),
        _column("form_because", "string",
            "what known forms leave unexplained, in words; empty or null if the form is known", nullable=True,
            shown=_HIT,
        ),
        _column("is_adopted", "bool", "deprecated: whether adopted is yes",
            derive=lambda document: document.adopted is Adopted.YES,
        ),
        _column("number", "string", "number as printed; empty if none"),
        YEAR,
        _column("date", "date32", "date of adoption", nullable=True,
            shown={
                **_BOTH,
                Place.SHEET: At("citation", heading="Date", width=11, cell=lambda row: row["date"] or row["year"]),
                Place.PAGE: At(heading="Date", cell=lambda row: row["date"] or row["year"] or "undated"),
                Place.TERMINAL: At("citation"),
            },
        ),
        _column("place", "string", "place of adoption; empty if unknown"),
        _column("meeting", "string", "meeting that adopted it; empty if unknown"),
        _column("language", "string", "language of the text, ISO 639-1"),
        _column("title", "string", "title; empty if none was found"),
        _column("page_count", "int32", "number of pages; null where the format has none",
            derive=lambda document: max((span.page for span in document.pages), default=None), nullable=True,
        ),
        _column("character_count", "int32", "length of the text in characters",
            derive=lambda document: len(document.text),
        ),
        Column("provision_count", "int32", "number of its rows in provisions"),
        _column("text", "string", "the final text, to which offsets of blocks, pages and provisions refer",
            is_large=True,
        ),
        _column("blocks", ListOf(_BLOCK), "parts of the text that the layout separates", is_large=True),
        _column("pages", ListOf(_PAGE), "position of each page in the text", is_large=True),
        _column("facts_from", MapOf("string"),
            "source of each filled metadata field: metadata, front matter, mark-up, text, catalogue or file name",
        ),
        _column("notes", ListOf("string"),
            "conflicts and doubts about the metadata, signs of a broken source, and what of it was left out",
        ),
        _column("letters_missing", "int32",
            "letters and digits of the source that were neither read nor left out on purpose",
        ),
        _column("given_hash", "string", "hash of the facts that the run's table of metadata gave; empty if none"),
        Column("pipeline", "string",
            "hash of the code and rules of the reader, segmenter and tagger that made the rows",
        ),
    ),
)

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
        _link("overlap", "float64",
            "share of the later document that has a counterpart in the earlier one; 0 for a mere clause",
        ),
        _link("same_title", "bool", "whether the titles of the two documents name the same subject"),
        _link("is_procedure", "bool",
            "whether both are procedure (agenda items, requests for a report on the whole text)",
        ),
        _link("force_changed", "bool", "whether the words that give the obligation its force differ in kind"),
        Column("new_act", "string",
            "act verbs that are new on their matter, each after the one that it replaces: encourages > requests; empty if none",
        ),
        Column("new_date", "string",
            "dates of the later one alone, after those of the earlier one alone: 2092-06-30 > 2095-05-01; empty if none is new",
        ),
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
# fmt: on
