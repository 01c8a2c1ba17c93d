"""The columns of the dataset's tables, each defined once.

Text columns are empty, not null, where nothing is known; null is reserved for numbers, dates and cues.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from enum import StrEnum

from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    DocumentType,
    MediaType,
    ObligationStrength,
    Polarity,
    Role,
    ThreatArea,
    Voice,
)

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list without null elements."""

    item: ColumnType


@dataclass(frozen=True, slots=True)
class Struct:
    """Named fields, none of them null."""

    fields: tuple[tuple[str, ColumnType], ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from text to values."""

    value: ColumnType


ColumnType = str | ListOf | Struct | MapOf


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        type: Name of an Arrow type, or a nested type.
        choices: Labels that a text (or each element of a list of texts) must come from; None if free.
    """

    name: str
    type: ColumnType
    description: str
    nullable: bool = False
    choices: builtins.type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table.

    Attributes:
        key: Columns whose values together occur once.
        partition_by: Columns that the files are split by.
        stats: Columns whose least and greatest value per file is kept, so that a reader skips files.
        order: Columns that readers get the rows sorted by.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    partition_by: tuple[str, ...] = ()
    stats: tuple[str, ...] = ()


def _struct(**fields: ColumnType) -> Struct:
    return Struct(tuple(fields.items()))


_SPAN = {"field": "string", "start": "int32", "end": "int32", "text": "string"}
_CUE = _struct(**_SPAN, rule="string")
_YEAR = Column("year", "int32", "year of the document's date; null if undated", nullable=True)

DOCUMENTS = TableDefinition(
    "documents",
    "one row per instrument",
    key=("id",),
    order=("source", "part"),
    partition_by=("year",),
    stats=("id",),
    columns=(
        Column("id", "string", "identifier: hash of the source's bytes and the part"),
        Column("source", "string", "path or address that the document was read from"),
        Column("source_sha256", "string", "SHA-256 of the source's bytes"),
        Column("part", "int32", "position of the instrument in its source, from 1"),
        Column("media_type", "string", "file format of the source", choices=MediaType),
        Column("symbol", "string", "normalised symbol, such as MC.DEC/9/11; empty if none"),
        Column("body", "string", "body that adopted it, such as MC, PC, FSC; empty if unknown"),
        Column("type", "string", "kind of document", choices=DocumentType),
        Column("is_adopted", "bool", "whether a decision-making body adopts documents of this type"),
        Column("number", "string", "number as printed; empty if none"),
        _YEAR,
        Column("date", "date32", "date of adoption", nullable=True),
        Column("place", "string", "place of adoption; empty if unknown"),
        Column("meeting", "string", "meeting that adopted it; empty if unknown"),
        Column("language", "string", "language of the text, ISO 639-1"),
        Column("title", "string", "title; empty if none was found"),
        Column("page_count", "int32", "number of pages; null where the format has none", nullable=True),
        Column("character_count", "int32", "length of the text in characters"),
        Column("provision_count", "int32", "number of its rows in provisions"),
        Column("text", "string", "the frozen text; offsets of blocks, pages and provisions count in it"),
        Column(
            "blocks",
            ListOf(_struct(kind="string", start="int32", end="int32", level="int32")),
            "stretches of the text that the layout sets apart",
        ),
        Column("pages", ListOf(_struct(page="int32", start="int32", end="int32")), "where each page lies in the text"),
        Column("facts_from", MapOf("string"), "for each filled metadata field: text, catalogue or file name"),
        Column("notes", ListOf("string"), "conflicts and doubts about the metadata"),
        Column(
            "pipeline", "string", "hash of the code and rules of the reader, segmenter and tagger that made the rows"
        ),
    ),
)

PROVISIONS = TableDefinition(
    "provisions",
    "one row per provision, the smallest stretch of a document that states one act",
    key=("id",),
    order=("year", "document", "index"),
    partition_by=("year",),
    stats=("document",),
    columns=(
        Column("id", "string", "identifier: hash of the document, the offsets and the text"),
        Column("document", "string", "id of its document"),
        _YEAR,
        Column("index", "int32", "position in the document, from 0"),
        Column("start", "int32", "first character in the document's text"),
        Column("end", "int32", "character after the last one: text = document text[start:end]"),
        Column("page", "int32", "page on which it starts; null where the format has no pages", nullable=True),
        Column("role", "string", "part of the document that it belongs to", choices=Role),
        Column("title", "string", "title of the document"),
        Column("heading", ListOf("string"), "headings above it, outermost first"),
        Column("number", "string", "paragraph number as printed, such as 3 (a); empty if none"),
        Column("lead_in", "string", "stems above a list item, composed; empty if none"),
        Column(
            "lead_in_spans", ListOf(_struct(start="int32", end="int32")), "where the stems stand in the document's text"
        ),
        Column("text", "string", "the words of the provision"),
        Column("tail", "string", "words behind the list that end the sentence of its stem; empty if none"),
        Column("tail_spans", ListOf(_struct(start="int32", end="int32")), "where they stand in the document's text"),
        Column("reading", "string", "lead-in, text and tail read as one sentence"),
        Column("note_mark", "string", "mark of a footnote, such as 1; empty for all else"),
        Column("note_of", "string", "id of the provision in which the mark of a footnote stands; empty if none"),
        Column(
            "delegation", ListOf("string"), "who speaks in an attachment: canonical names where known, else the words"
        ),
        Column("about", "string", "symbol of the decision that an attachment speaks of; empty for all else"),
        Column("date", "date32", "date of the document", nullable=True),
        Column("symbol", "string", "symbol of the document, normalised; empty if it has none"),
        Column("body", "string", "body that adopted the document; empty if unknown"),
        Column("strength", "string", "obligation strength", choices=ObligationStrength),
        Column("strength_level", "int8", "obligation strength as a number, 0 (none) to 5 (mandating)"),
        Column(
            "strength_probabilities",
            Struct(tuple((str(label), "float64") for label in STRENGTHS)),
            "probability of every strength; they sum to 1",
        ),
        Column("threat_areas", ListOf("string"), "threat areas that the act is about", choices=ThreatArea),
        Column(
            "area_probabilities",
            Struct(tuple((str(label), "float64") for label in THREAT_AREAS)),
            "probability of every threat area, independent of each other",
        ),
        Column("strength_cue", _CUE, "words and rule that explain the strength; null if nothing does", nullable=True),
        Column("area_cues", ListOf(_struct(area="string", **_SPAN, rule="string")), "words that made a threat area"),
        Column("addressee", ListOf("string"), "who is to act: canonical names where known, else the words"),
        Column("action", "string", "main operative verb phrase; empty if none"),
        Column("polarity", "string", "whether to act or to refrain", choices=Polarity),
        Column("voice", "string", "grammatical voice of the main operative verb", choices=Voice),
        Column("qualifiers", ListOf("string"), "hedges and conditions"),
        Column(
            "deadlines",
            ListOf(_struct(text="string", ref="string", note="string")),
            "by when or how often, in words and ISO 8601",
        ),
        Column(
            "mentions",
            ListOf(_struct(symbol="string", text="string", note="string", field="string", start="int32", end="int32")),
            "instruments cited; symbol is empty and note says why where one is unresolved",
        ),
        Column("tags", ListOf(_struct(kind="string", **_SPAN, ref="string", note="string")), "every tagged span"),
        Column("model_id", "string", "classifier that set the labels"),
        Column("needs_review", "bool", "the classifier asks for a person's look"),
    ),
)

REJECTS = TableDefinition(
    "rejects",
    "one row per input, or part of an input, that became no document",
    key=("source", "stage", "reason", "message"),
    order=("source", "stage", "reason", "message"),
    columns=(
        Column("source", "string", "path or address of the input"),
        Column("source_sha256", "string", "SHA-256 of its bytes; empty if they could not be read"),
        Column("stage", "string", "stage that refused it"),
        Column("reason", "string", "short code of the reason"),
        Column("message", "string", "what is wrong"),
        Column("remedy", "string", "what to do about it"),
        Column("is_part", "bool", "only a part of the input was refused; the rest became documents"),
        Column("pipeline", "string", "hash of the code and rules of the reader, segmenter and tagger that refused it"),
    ),
)

RUNS = TableDefinition(
    "runs",
    "one row per finished run that wrote a version",
    key=("id",),
    order=("started_at", "id"),
    columns=(
        Column("id", "string", "identifier of the run"),
        Column("started_at", "timestamp", "when it began, UTC"),
        Column("finished_at", "timestamp", "when it ended, UTC"),
        Column("package_version", "string", "version of osce-commitments"),
        Column("config", "string", "configuration as JSON"),
        Column("model_id", "string", "classifier"),
        Column(
            "inputs", ListOf(_struct(source="string", sha256="string", outcome="string")), "what became of each input"
        ),
        Column("counts", MapOf("int64"), "numbers of inputs, documents, provisions, rejects"),
        Column("seconds", MapOf("float64"), "time spent per stage, summed over workers"),
    ),
)

TABLES: dict[str, TableDefinition] = {table.name: table for table in (DOCUMENTS, PROVISIONS, REJECTS, RUNS)}
