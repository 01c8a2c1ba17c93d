"""Explore: search, filters with counts, results, downloads and similar provisions."""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from typing import IO, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from osce_commitments.errors import ConfigError
from osce_commitments.query import (
    Near,
    QueryError,
    ReferenceFormat,
    RowLayout,
    search_notes,
    write_references,
    write_rows,
)
from osce_commitments.query.instruments import NamedInstruments, documents_titled
from osce_commitments.query.search.language import has_near, parse_query, terms_of_documents
from osce_commitments.serve import charts
from osce_commitments.serve.parameters import Ask, Downloaded, Explored, Listed, ListedDocuments, Pinned, notes_by_id
from osce_commitments.serve.rendering import address_of_page, page
from osce_commitments.serve.shelf import OpenVersion, OpenVersions

router = APIRouter(include_in_schema=False)

_LIKE = 20
_DOCUMENTS = 100  # on a page of their list
_TERMS = 3  # shown for each concept of a question
_IN_MEMORY, _CHUNK = 8_000_000, 65_536
_LONGEST_NAME = 80
_MEDIA = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("application/json", "json"),
    "jsonl": ("application/x-ndjson", "jsonl"),
    "parquet": ("application/vnd.apache.parquet", "parquet"),
    "bibtex": ("application/x-bibtex; charset=utf-8", "bib"),
    "csl": ("application/vnd.citationstyles.csl+json", "csl.json"),
}
ProvisionKey = Annotated[str, Path(max_length=64)]


def book_of(request: Request, version: str) -> OpenVersion:
    """The version that a request names.

    Raises:
        DatasetError: If it does not exist.
    """
    shelf: OpenVersions = request.app.state.shelf
    return shelf.book(version)


def last_page(request: Request, ask: Pinned, pages: int) -> Response:
    """The way from a page after the last one to the last one."""
    return RedirectResponse(ask.link(quote(request.url.path), page=pages), 303)


@router.get("/")
def explore_view(request: Request, ask: Annotated[Explored, Query()]) -> Response:
    """Filters with counts, and the results; a wrong condition is reported on the page."""
    book = book_of(request, ask.version)
    preparing = book.preparing
    explored = ask.model_copy(update={"by": "words"}) if preparing else ask
    shown: dict[str, Any] = {"book": book, "error": None, "is_query_error": False, "quick": [], "orders": _orders(ask)}
    named = NamedInstruments()
    try:
        if ask.text and ask.page == 1:
            named = book.instruments(ask.text)
        search_result, facets = book.reader.search(explored.selection), book.facets(explored.carried.selection)
    except ConfigError as error:
        shown |= {"error": error, "is_query_error": isinstance(error, QueryError)}
        none = book.facets(Ask().selection)
        return page(
            request, "explore.html", ask, status=400, found=None, facets=none, named=named, bars=[], pages=0, **shown
        )
    if not ask.given() and not ask.order and ask.page == 1:
        shown["quick"] = _quick(book, ask)
    pages = math.ceil(search_result.total / ask.size)
    if ask.page > pages > 0:
        return last_page(request, ask, pages)
    # The words of a symbol are no words of a text: what is close to them is close by chance.
    has_near_misses = ask.by == "words" and not named.is_whole
    shown |= {
        "found": search_result,
        "named": named,
        "facets": facets,
        "near": book.reader.near(explored.selection, found=search_result.total) if has_near_misses else Near(),
        "bars": charts.bars(facets.year),
        "pages": pages,
        "preparing": preparing if ask.by != "words" or has_near(ask.text, search_result.total) else None,
        "terms": terms_of_documents(parse_query(ask.text), _TERMS),
    }
    return page(request, "explore.html", ask, **shown, **left_out(book, explored))


def _orders(ask: Listed) -> list[tuple[str, str]]:
    """Values and names of the orders; the usual one has no value."""
    names = {
        "relevance": "relevance",
        "newest": "newest first",
        "oldest": "oldest first",
        "firmest": "firmest first",
        "due": "due date",
    }
    usual = "relevance" if ask.text else "newest"
    return [
        ("", names[usual]),
        *((one, name) for one, name in names.items() if one != usual and (ask.text or one != "relevance")),
    ]


def left_out(book: OpenVersion, ask: Ask) -> dict[str, Any]:
    """What a view without explanation would leave out in silence."""
    return {"undated": book.reader.undated(ask.selection), "unmatched": book.reader.unmatched(ask.selection)}


def _quick(book: OpenVersion, ask: Explored) -> list[tuple[str, str, int, str]]:
    """The questions that people come with: title, words, number of commitments, address."""
    found = []
    meetings = book.facets(ask.carried.selection).meeting
    if meetings:
        found.append(("Last Ministerial Council", meetings[0].value, meetings[0].count, {"meeting": meetings[0].value}))
    for title, year in (("Due this year", 0), ("Due next year", 1)):
        due = str(dt.datetime.now(tz=dt.UTC).year + year)
        conditions = {"due_since": due, "due_until": due, "order": "due"}
        total = book.reader.search(ask.model_copy(update=conditions).selection, limit=1).total
        if total:
            found.append((title, due, total, conditions))
    return [(title, words, count, ask.link("/", **conditions)) for title, words, count, conditions in found]


@router.get("/documents")
def documents_view(request: Request, ask: Annotated[ListedDocuments, Query()]) -> Response:
    """The documents, newest first and undated ones last, or those whose symbol, title or year have some words."""
    book = book_of(request, ask.version)
    rows = documents_titled(book.documents.values(), ask.words)
    pages = math.ceil(len(rows) / _DOCUMENTS)
    if ask.page > pages > 0:
        return last_page(request, ask, pages)
    rows = [*(row for row in reversed(rows) if row["year"]), *(row for row in rows if not row["year"])]
    shown = rows[(ask.page - 1) * _DOCUMENTS : ask.page * _DOCUMENTS]
    counts = book.count(Ask().selection, ("document",))
    return page(request, "documents.html", ask, book=book, rows=shown, total=len(rows), pages=pages, counts=counts)


@router.get("/like/{provision}")
def like_view(request: Request, provision: ProvisionKey, ask: Annotated[Listed, Query()]) -> Response:
    """The provisions most similar to one, among those that meet the conditions."""
    book = book_of(request, ask.version)
    row = book.reader.provision(provision)
    preparing = book.preparing
    search_result = None if preparing else book.reader.more_like(row["id"], ask.selection, limit=_LIKE)
    return page(request, "like.html", ask, book=book, row=row, found=search_result, preparing=preparing)


@router.get("/download")
def download_view(request: Request, ask: Annotated[Downloaded, Query()]) -> Response:
    """All results, or their instruments, as a file."""
    book = book_of(request, ask.version)
    stream = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed after it is sent
    try:
        _write(book, ask, stream, address_of_page(request))
        size = stream.seek(0, 2)
    except BaseException:
        stream.close()
        raise
    media, ending = _MEDIA[ask.format]
    headers = attachment(f"{_named(ask)} version {book.reader.version}", ending) | {"Content-Length": str(size)}
    return StreamingResponse(_pieces(stream), media_type=media, headers=headers)


def attachment(title: str, ending: str) -> dict[str, str]:
    """The header that gives a download its file name, made of letters and figures of a title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "osce-commitments"
    return {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}


def _named(ask: Downloaded) -> str:
    """The search in a few words."""
    words = [value for name, value in ask.given() if name != "id"]
    return f"osce-commitments {' '.join(words)}"


def _write(book: OpenVersion, ask: Downloaded, stream: IO[bytes], links: str) -> None:
    if ask.format in list(ReferenceFormat):
        documents = [book.documents[key] for (key,) in book.count(ask.carried.selection, ("document",))]
        write_references(documents, ask.format, stream)  # type: ignore[arg-type] # any binary stream will do
        return
    search_result = book.reader.search(ask.selection, limit=None, offset=0)
    rows = search_result.to_arrow()
    if ask.note:
        notes = notes_by_id(ask.note)
        rows = rows.append_column("note", [[notes.get(hit.id, "") for hit in search_result.hits]])
    notes_on = search_notes(links, book.reader.info, ask.selection, dt.datetime.now(tz=dt.UTC).date())
    write_rows(rows, ask.format, stream, RowLayout(notes_on, links, byte_order_mark=True))  # type: ignore[arg-type]


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        stream.seek(0)
        while piece := stream.read(_CHUNK):
            yield piece
