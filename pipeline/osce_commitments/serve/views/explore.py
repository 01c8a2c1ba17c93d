"""Explore: search, filters with counts, results, downloads and similar provisions."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from osce_commitments.errors import ConfigError
from osce_commitments.query import QueryError, ReferenceFormat, SearchResult, write_references, write_rows
from osce_commitments.serve import charts
from osce_commitments.serve.parameters import Ask, Downloaded, Listed
from osce_commitments.serve.rendering import page

if TYPE_CHECKING:
    from osce_commitments.serve.shelf import OpenVersion, OpenVersions

router = APIRouter(include_in_schema=False)

_LIKE = 20
_IN_MEMORY, _CHUNK = 8_000_000, 65_536
# A commitment as analysts understand it: operative text of an adopted document that asks for or promises an act.
COMMITMENTS = {"strength": ">=permissive", "role": ("operative", "annex"), "adopted": "yes"}
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


def run_search(book: OpenVersion, ask: Listed) -> SearchResult:
    """The requested page of hits.

    Raises:
        ConfigError: If a condition is wrong.
    """
    return book.reader.search(
        ask.text, by=ask.by, order=ask.order, limit=ask.size, offset=ask.offset, **ask.conditions()
    )


@router.get("/")
def explore_view(request: Request, ask: Annotated[Listed, Query()]) -> Response:
    """Filters with counts, and the results; a wrong condition is reported on the page."""
    book = book_of(request, ask.version)
    shown: dict[str, Any] = {"book": book, "commitments": COMMITMENTS, "error": None, "is_query_error": False}
    try:
        found, facets = run_search(book, ask), book.facets(ask.carried)
    except ConfigError as error:
        shown |= {"error": error, "is_query_error": isinstance(error, QueryError)}
        none = book.facets(Ask(version=ask.version))
        return page(request, "explore.html", ask, status=400, found=None, facets=none, bars=[], pages=0, **shown)
    pages = math.ceil(found.total / ask.size)
    return page(
        request, "explore.html", ask, found=found, facets=facets, bars=charts.bars(facets.year), pages=pages, **shown
    )


@router.get("/like/{provision}")
def like_view(request: Request, provision: ProvisionKey, ask: Annotated[Listed, Query()]) -> Response:
    """The provisions most similar to one, among those that meet the conditions."""
    book = book_of(request, ask.version)
    row = book.reader.provision(provision)
    found = book.reader.more_like(row["id"], limit=_LIKE, **ask.conditions())
    return page(request, "like.html", ask, book=book, row=row, found=found)


@router.get("/download")
def download_view(request: Request, ask: Annotated[Downloaded, Query()]) -> Response:
    """All results, or their instruments, as a file."""
    book = book_of(request, ask.version)
    stream = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed after it is sent
    try:
        _write(book, ask, stream)
        size = stream.seek(0, 2)
    except BaseException:
        stream.close()
        raise
    media, ending = _MEDIA[ask.format]
    name = f"osce-commitments-version-{book.reader.version}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingResponse(_pieces(stream), media_type=media, headers=headers)


def _write(book: OpenVersion, ask: Downloaded, stream: IO[bytes]) -> None:
    if ask.format in list(ReferenceFormat):
        documents = [book.documents[key] for key in book.by_document(ask.carried)]
        write_references(documents, ask.format, stream)  # type: ignore[arg-type] # any binary stream will do
        return
    found = book.reader.search(ask.text, by=ask.by, order=ask.order, limit=None, **ask.conditions())
    write_rows(found.to_arrow(), ask.format, stream)  # type: ignore[arg-type]


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        stream.seek(0)
        while piece := stream.read(_CHUNK):
            yield piece
