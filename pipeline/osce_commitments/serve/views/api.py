"""The JSON API: the parameters of the page, described by OpenAPI.

The page shows commitments unless asked for everything (``commitments=any``), the API everything unless asked for commitments
(``commitments=yes``).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis, Qualifier, Role
from osce_commitments.query import Selection
from osce_commitments.serve.parameters import Ask, Listed, Pinned
from osce_commitments.serve.views.explore import ProvisionKey, book_of

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": {"application/json": {"example": {"error": "…", "remedy": "…"}}}}
    for status, description in ((400, "Invalid parameter"), (404, "Not in this version"))
}
router = APIRouter(prefix="/api", tags=["read"], responses=_ERRORS)

Answer = dict[str, Any]


@router.get("", include_in_schema=False)
def description_of_api() -> Response:
    """The description of the API for people."""
    return RedirectResponse("/about#interface")


def _everything(ask: Ask) -> Selection:
    return (ask if dict(ask)["commitments"] else ask.model_copy(update={"commitments": "any"})).selection


@router.get("/version")
def version_answer(request: Request, ask: Annotated[Pinned, Query()]) -> Answer:
    """The version of the dataset that is used, and all versions."""
    reader = book_of(request, ask.version).reader
    return {"version": asdict(reader.info), "versions": [asdict(info) for info in reader.dataset.versions()]}


@router.get("/labels")
def labels_answer() -> Answer:
    """The label sets with their definitions."""
    sets = {
        "strength": STRENGTHS,
        "threat_area": THREAT_AREAS,
        "basis": tuple(Basis),
        "role": tuple(Role),
        "qualifier": tuple(Qualifier),
    }
    return {name: {str(member): member.definition for member in members} for name, members in sets.items()}


@router.get("/search")
def search_answer(request: Request, ask: Annotated[Listed, Query()]) -> Answer:
    """Provisions that meet the conditions: total, and one page of hits with citation, link and highlights."""
    search_result = book_of(request, ask.version).reader.search(_everything(ask))
    return {
        "total": search_result.total,
        "offset": search_result.offset,
        "version": search_result.version,
        "hits": search_result.to_dicts(),
    }


@router.get("/facets")
def facets_answer(request: Request, ask: Annotated[Ask, Query()]) -> Answer:
    """Counts by strength, area, basis of the area, year, body and addressee."""
    return asdict(book_of(request, ask.version).facets(_everything(ask)))


@router.get("/matrix")
def matrix_answer(request: Request, ask: Annotated[Ask, Query()]) -> Answer:
    """Counts by two values at once; the area ``none`` counts provisions without a threat area."""
    book, selection = book_of(request, ask.version), _everything(ask)
    return {
        name: [
            {first: one, second: two, "count": count} for (one, two), count in sorted(book.count(selection, by).items())
        ]
        for name, first, second, by in (
            ("area_strength", "threat_area", "strength", ("threat_areas", "strength")),
            ("area_year", "threat_area", "year", ("threat_areas", "year")),
            ("addressee_area", "addressee", "threat_area", ("addressee", "threat_areas")),
        )
    }


@router.get("/documents")
def documents_answer(request: Request, ask: Annotated[Pinned, Query()]) -> list[Answer]:
    """The documents without their text, oldest first."""
    return list(map(dict, book_of(request, ask.version).documents.values()))


@router.get("/documents/{key:path}")
def document_answer(
    request: Request, key: Annotated[str, Path(max_length=300)], ask: Annotated[Pinned, Query()]
) -> Answer:
    """A document by id or symbol: its text, blocks, pages and provisions."""
    reader = book_of(request, ask.version).reader
    row = reader.document(key)
    return row | {"provisions": reader.provisions(row["id"])}


@router.get("/provisions/{provision}")
def provision_answer(request: Request, provision: ProvisionKey, ask: Annotated[Pinned, Query()]) -> Answer:
    """A provision with all its columns: offsets, cues, tags, probabilities."""
    return book_of(request, ask.version).reader.provision(provision)


@router.get("/provisions/{provision}/like")
def like_answer(request: Request, provision: ProvisionKey, ask: Annotated[Listed, Query()]) -> Answer:
    """The provisions most similar to one, among those that meet the conditions."""
    reader = book_of(request, ask.version).reader
    more_like = reader.more_like(provision, _everything(ask))
    return {"total": more_like.total, "version": more_like.version, "hits": more_like.to_dicts()}
