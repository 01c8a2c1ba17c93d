"""The review queue: one provision at a time, answered with keys; every answer is a correction.

These views exist only where the page was started with ``--review``. A form carries a secret of the process, and a request that
a browser sends from another site is refused.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from osce_commitments.errors import InputError
from osce_commitments.labelling.cells import guide_rules
from osce_commitments.labelling.desk import Desk
from osce_commitments.labelling.queue import Chosen
from osce_commitments.labels import THREAT_AREAS, Boundary, Role
from osce_commitments.query.conditions import NO_AREA
from osce_commitments.serve import document_text as reading
from osce_commitments.serve.parameters import Pinned
from osce_commitments.serve.rendering import page
from osce_commitments.serve.views.explore import ProvisionKey

router = APIRouter(include_in_schema=False)

_MOST_BYTES, _LONGEST = 20_000, 1_000
_FIELDS = ("strength", "addressee", "role", "boundary", "rule", "reason")
AREA_KEYS = dict(zip(THREAT_AREAS, "abcdefghijkl", strict=True))


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What the views need: the desk, and the secret of the forms."""

    desk: Desk
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))


def _reviewing(request: Request) -> Reviewing:
    reviewing: Reviewing = request.app.state.reviewing
    return reviewing


@router.get("/review")
def review_view(request: Request, ask: Annotated[Pinned, Query()]) -> Response:
    """The provision to look at now."""
    return _shown(request, ask, _reviewing(request).desk.current())


@router.get("/review/{provision}")
def review_one_view(request: Request, provision: ProvisionKey, ask: Annotated[Pinned, Query()]) -> Response:
    """A provision that the reviewer chose."""
    return _shown(request, ask, _reviewing(request).desk.open(provision))


def _shown(request: Request, ask: Pinned, chosen: Chosen | None, problem: str = "", status: int = 200) -> Response:
    reviewing = _reviewing(request)
    values: dict[str, Any] = {"chosen": chosen, "problem": problem, "desk": reviewing.desk, "secret": reviewing.secret}
    newest = reviewing.desk.dataset.latest_version()
    values["newest"] = newest if newest > request.app.state.shelf.shown else 0
    if chosen is not None:
        document, rows = reviewing.desk.document(chosen.item)
        here = next((row for row in rows if row["id"] == chosen.item.id), None)
        known = here or chosen.item.row
        values |= {
            "document": document,
            "row": chosen.item.row,
            "answered": known,
            "reading": reading.shown_text(document, rows, here, lambda _: ""),
            "area_keys": AREA_KEYS,
            "rules": guide_rules(),
            "boundaries": list(Boundary),
            "roles": list(Role),
        }
    return page(request, "review.html", ask, status=status, **values)


@router.post("/review")
async def answer_view(request: Request) -> Response:
    """Keep an answer, skip a provision, or take the newest answer back; then show the next provision."""
    form = await _form(request)
    if form is None:
        return page(
            request,
            "error.html",
            Pinned(),
            status=403,
            message="this answer did not come from the review page",
            remedy="open the review page again and answer there",
        )
    return await run_in_threadpool(_act, request, form)


def _act(request: Request, form: dict[str, list[str]]) -> Response:
    desk, provision = _reviewing(request).desk, form.get("provision", [""])[0]
    action = form.get("action", ["save"])[0]
    if action == "undo":
        desk.undo()
    elif action == "skip":
        desk.skip(provision)
    elif action == "publish":
        desk.publish()
    else:
        try:
            desk.answer(provision, _cells(form))
        except InputError as error:
            return _shown(request, Pinned(), desk.open(provision), problem=str(error), status=400)
    return RedirectResponse("/review", 303)


def _cells(form: dict[str, list[str]]) -> dict[str, str]:
    cells = {name: form[name][0][:_LONGEST] for name in _FIELDS if name in form}
    return cells | {"more_areas": "; ".join(form.get("area", [])) or NO_AREA}


async def _form(request: Request) -> dict[str, list[str]] | None:
    """The fields of the form; None for a request that did not come from this page."""
    headers, secret = request.headers, _reviewing(request).secret
    origin = headers.get("origin")
    is_foreign = headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    if is_foreign or (origin is not None and urlsplit(origin).netloc != headers.get("host", "")):
        return None
    if int(headers.get("content-length") or _MOST_BYTES) > _MOST_BYTES:
        return None
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return None
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=60)
    return form if secrets.compare_digest(form.get("secret", [""])[0].encode(), secret.encode()) else None
