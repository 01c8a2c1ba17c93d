"""The columns of ``documents``."""

from __future__ import annotations

from functools import partial

from osce_commitments.fields.column import At, Column, IndexedValue, ListOf, MapOf, Place, Struct, TableDefinition
from osce_commitments.labels import Adopted, BlockKind, DocumentType, MediaType, TextForm, label_in_words
from osce_commitments.schema import Document

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


def _page_count(document: Document) -> int | None:
    return max((span.page for span in document.pages), default=None)


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
        _column(
            "body",
            "string",
            "body that adopted it, such as MC, PC, FSC; empty if unknown",
            shown={
                **_BOTH,
                Place.SHEET: At("date", heading="Body", width=22, cell=lambda row: _body(row["body"] or "")),
                Place.PAGE: At(
                    "type", heading="Body", cell=lambda row: _body(row["body"], row["symbol"]), is_usual=False
                ),
            },
            indexed=(IndexedValue("body"),),
        ),
        _column(
            "type",
            DocumentType,
            "kind of document",
            shown={
                **_BOTH,
                Place.PAGE: At("title", heading="Type", cell=lambda row: label_in_words(row["type"]), is_usual=False),
            },
            indexed=(IndexedValue("type"),),
        ),
        _column(
            "adopted",
            Adopted,
            "whether a body adopted it, or States or organizations agreed on it",
            shown={
                **_BOTH,
                Place.SHEET: At("deadlines", heading="Adopted", width=10),
                Place.PAGE: At("qualifiers", heading="Adopted", is_usual=False),
                Place.REPORT: At("corrected_by"),
            },
            indexed=(IndexedValue("adopted"),),
        ),
        _column(
            "adopted_because", "string", "evidence for or against adoption, in words; empty without any", shown=_HIT
        ),
        _column(
            "form",
            TextForm,
            "whether known forms explain the text; null in rows of older versions",
            nullable=True,
            shown={**_BOTH, Place.REPORT: At("adopted")},
            indexed=(IndexedValue("form", convert=lambda form: form or TextForm.KNOWN),),
        ),
        _column(
            "form_score",
            "float64",
            "share of the letters that known forms explain: recitals, acts, items below enacting words; null if nobody adopts such texts",
            nullable=True,
        ),
        _column(
            "form_because",
            "string",
            "what known forms leave unexplained, in words; empty or null if the form is known",
            nullable=True,
            shown=_HIT,
        ),
        _column(
            "is_adopted",
            "bool",
            "deprecated: whether adopted is yes",
            derive=lambda document: document.adopted is Adopted.YES,
        ),
        _column("number", "string", "number as printed; empty if none"),
        YEAR,
        _column(
            "date",
            "date32",
            "date of adoption",
            nullable=True,
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
        _column(
            "page_count", "int32", "number of pages; null where the format has none", derive=_page_count, nullable=True
        ),
        _column(
            "character_count", "int32", "length of the text in characters", derive=lambda document: len(document.text)
        ),
        Column("provision_count", "int32", "number of its rows in provisions"),
        _column(
            "text", "string", "the final text, to which offsets of blocks, pages and provisions refer", is_large=True
        ),
        _column("blocks", ListOf(_BLOCK), "parts of the text that the layout separates", is_large=True),
        _column("pages", ListOf(_PAGE), "position of each page in the text", is_large=True),
        _column(
            "facts_from",
            MapOf("string"),
            "source of each filled metadata field: metadata, front matter, mark-up, text, catalogue or file name",
        ),
        _column(
            "notes",
            ListOf("string"),
            "conflicts and doubts about the metadata, signs of a broken source, and what of it was left out",
        ),
        _column(
            "letters_missing",
            "int32",
            "letters and digits of the source that were neither read nor left out on purpose",
        ),
        _column("given_hash", "string", "hash of the facts that the run's table of metadata gave; empty if none"),
        Column(
            "pipeline", "string", "hash of the code and rules of the reader, segmenter and tagger that made the rows"
        ),
    ),
)
