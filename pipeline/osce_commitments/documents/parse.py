"""Parses the bytes of a source into its instruments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module

from osce_commitments.catalogue.given import given_hash
from osce_commitments.config import MEGABYTE, Limits
from osce_commitments.documents.facts.language import LANGUAGES, shares
from osce_commitments.documents.facts.metadata import describe
from osce_commitments.documents.layout.furniture import is_series
from osce_commitments.documents.layout.headings import structured
from osce_commitments.documents.layout.paragraphs import paragraphs
from osce_commitments.documents.letters import Account, account
from osce_commitments.documents.patterns import fact_rules, layout_rules
from osce_commitments.documents.readers.bounds import too_long
from osce_commitments.documents.records import Line, MarkedInstrument, Paragraph, ReaderOutput, freeze_text
from osce_commitments.documents.volumes import split_volume
from osce_commitments.errors import DocumentError
from osce_commitments.ids import document_id
from osce_commitments.labels import BlockKind, DocumentType, MediaType
from osce_commitments.schema import BROKEN, Document, Reject, Source

_LONG_PASSAGE = 3000
_ENOUGH_LETTERS = 500
_FEWEST_CAPITALS = 0.002
_FEWEST_PARAGRAPHS = 3
_FULL_STOP = re.compile(r"[.!?:;][”\"\u2019)\]]*\s")


def broken_notes(items: Sequence[Paragraph]) -> Iterator[str]:
    """Yield a sentence for each sign that line ends, capitals or full stops of an instrument were lost."""
    body = [item.text for item in items if item.kind in {BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING}]
    text = " ".join(body)
    if len(body) < _FEWEST_PARAGRAPHS and len(text) > _LONG_PASSAGE:
        yield f"{BROKEN}it has no line ends between paragraphs."
    letters = sum(map(str.isalpha, text))
    if letters > _ENOUGH_LETTERS and sum(map(str.isupper, text)) < _FEWEST_CAPITALS * letters:
        yield f"{BROKEN}it has no capital letters."
    long = (paragraph for paragraph in body if len(paragraph) > _LONG_PASSAGE)
    longest = max((len(part) for paragraph in long for part in _FULL_STOP.split(paragraph)), default=0)
    if longest > _LONG_PASSAGE:
        yield f"{BROKEN}a passage of {longest:,} characters has no full stop."
    if any(is_series(list(layout_rules()["run_in_number.any"].finditer(paragraph))[1:]) for paragraph in body):
        yield f"{BROKEN}numbered paragraphs run on in one line."


# The reader of each format is imported only where a file needs it.
_READERS = {
    MediaType.PDF: "pdf.pdf_reader.read_pdf",
    MediaType.DOCX: "docx_reader.read_docx",
    MediaType.HTML: "html_reader.read_html",
    MediaType.TEXT: "text_reader.read_text",
}
_MINOR_SHARE = 0.2
_OUTSIDE_BODY = frozenset({BlockKind.FURNITURE, BlockKind.CONTENTS})


def parse(source: Source, *, limits: Limits) -> tuple[list[Document], list[Reject]]:
    """Return the instruments of a source, in order, and a reject for each part that is not in English.

    Raises:
        DocumentError: If the source cannot be read; the reason is one of ``empty``, ``encrypted``,
            ``truncated``, ``damaged``, ``no_text_layer``, ``too_many_pages``, ``too_large``, ``error_page``,
            ``not_pdf``, ``not_docx``, ``not_text``, ``not_akn``, ``too_deep``, ``entities``.
    """
    if not source.content.strip(b"\x00 \t\r\n\f\xef\xbb\xbf"):
        msg = "the file is empty"
        raise DocumentError(msg, "download it again", reason="empty")
    if len(source.content) > limits.max_megabytes * MEGABYTE:
        msg = f"the file has {len(source.content) // MEGABYTE} MB, more than {limits.max_megabytes} MB"
        raise DocumentError(msg, "raise limits.max_megabytes, or split the file", reason="too_large")
    is_marked = source.ref.media_type is MediaType.AKN
    if is_marked:
        from osce_commitments.documents.readers.akn_reader import read_akn

        parts, reading = read_akn(source.content, limits=limits)
        items = [item for part in parts for item in part.items]
        _refuse_long_text(items, limits)
    else:
        module, _, name = _READERS[source.ref.media_type].rpartition(".")
        reader = getattr(import_module(f"osce_commitments.documents.readers.{module}"), name)
        reading = reader(source.content, limits=limits)
        _refuse_long_text(reading.lines, limits)
        items = paragraphs(reading.lines)
    if not any(item.kind not in _OUTSIDE_BODY and any(map(str.isalpha, item.text)) for item in items):
        msg = "the file holds no text"
        raise DocumentError(msg, "check that it is the right file", reason="empty")
    if not is_marked:
        parts = [MarkedInstrument(tuple(structured(part))) for part in split_volume(items)]
    sums = account(reading.held, (item.text for item in items), reading.left_out)
    results = [
        _document(source, reading, sums, part, number, is_whole_file=len(parts) == 1)
        for number, part in enumerate(parts, start=1)
    ]
    documents = [result for result in results if isinstance(result, Document)]
    if documents and not is_marked and fact_rules().finds("session_of_resolutions", documents[0].title or ""):
        # The first title of the volume says that one session adopted all its resolutions.
        first = documents[0]
        origins = {"date": "text", "year": "text"}
        documents = [
            replace(document, date=first.date, year=first.year, facts_from={**document.facts_from, **origins})
            if first.date and document.date is None and document.body == first.body
            else document
            for document in documents
        ]
    return documents, [result for result in results if isinstance(result, Reject)]


def _refuse_long_text(items: Iterable[Line | Paragraph], limits: Limits) -> None:
    if sum(len(item.text) for item in items) > limits.max_characters:
        raise too_long(limits)


def _document(  # noqa: PLR0913 - one name per thing that makes a document
    source: Source,
    reading: ReaderOutput,
    sums: Account,
    instrument: MarkedInstrument,
    part: int,
    *,
    is_whole_file: bool,
) -> Document | Reject:
    items = instrument.items
    language_shares = shares(items)
    language = next(iter(language_shares), "")
    if language not in {"", "en"}:
        return _reject(source, items, part, language, is_whole_file=is_whole_file)
    text, blocks, pages = freeze_text(items)
    facts = describe(items, source.ref, is_whole_file=is_whole_file, reading=reading, given=instrument.facts)
    facts.offer("language", language, "text")
    values = {"type": DocumentType.OTHER, **facts.values}
    minor = [LANGUAGES[code] for code, share in language_shares.items() if code != language and share >= _MINOR_SHARE]
    in_part = (f"A part of the text is in {name}." for name in minor)
    from_where = [f"The file came from {source.ref.final_url}."] if source.ref.final_url else []
    notes = [
        *from_where,
        *reading.notes,
        *facts.notes,
        *in_part,
        *broken_notes(items),
        *sums.notes,
    ]
    return Document(
        id=document_id(source.sha256, part),
        source=source.ref.uri,
        source_sha256=source.sha256,
        part=part,
        media_type=source.ref.media_type,
        text=text,
        blocks=blocks,
        pages=pages,
        facts_from=facts.origins,
        notes=tuple(notes),
        letters_missing=sums.letters_missing,
        given_hash=given_hash(source.ref.given),
        **values,
    )


def _reject(source: Source, items: Sequence[Paragraph], part: int, language: str, *, is_whole_file: bool) -> Reject:
    what = "the text" if is_whole_file else f"part {part}"
    pages = [page for item in items for _, page in item.pages]
    where = f" (from page {pages[0]})" if pages and not is_whole_file else ""
    return Reject(
        source=source.ref.uri,
        source_sha256=source.sha256,
        stage="documents",
        reason="language",
        message=f"{what}{where} is in {LANGUAGES[language]}",
        remedy="give the English version: only English is analysed",
        is_part=not is_whole_file,
    )
