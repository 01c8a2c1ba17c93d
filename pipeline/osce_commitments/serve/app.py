"""The application: routes, headers, and errors of one line."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from osce_commitments._version import __version__
from osce_commitments.dataset import Dataset
from osce_commitments.dataset.versions import VersionSpec
from osce_commitments.errors import ConfigError, DatasetError, OsceCommitmentsError, UnavailableError
from osce_commitments.serve.parameters import Pinned, with_notes
from osce_commitments.serve.rendering import compile_templates, page
from osce_commitments.serve.shelf import OpenVersions
from osce_commitments.serve.views import api, explore, history, overview, report, review
from osce_commitments.serve.views import reading as reading_views

_LONGEST_QUERY = 8_000
_THREADS = 8  # twice the connections: a slow report leaves room for others
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
# Templates escape every quotation mark of a value, so that this finds addresses of the templates only.
_ROOTED = re.compile(rb'\b(href|src|action|formaction|data-root)="/(?!/)')


def create_app(  # noqa: PLR0913 - choices of the page
    data: Path,
    version: VersionSpec = None,
    hosts: Sequence[str] = ("*",),
    base_path: str = "",
    *,
    reviewer: str = "",
    labels: str = "corrected",
) -> FastAPI:
    """Return the application that serves a dataset.

    Args:
        data: Folder of the dataset; without a reviewer, only its search index is written.
        version: See :class:`OpenVersions`.
        hosts: Host names under which the page answers; ``*`` for any.
        base_path: Path at which a proxy offers the page, such as ``/commitments``; empty for the root.
        reviewer: Name of the person who may correct labels; empty for a page that only reads.
        labels: See :func:`osce_commitments.open`.

    Raises:
        DatasetError: If the version does not exist.
    """
    app = FastAPI(
        title="osce-commitments",
        version=__version__,
        description="Read-only access to a dataset of OSCE commitments. The parameters are those of the page.",
        docs_url=None,  # FastAPI's page loads scripts from the network
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_few_threads,
    )
    app.state.shelf = OpenVersions(data, version, labels)
    app.state.base_path = base_path
    app.state.reviewing = _reviewing(data, reviewer) if reviewer else None
    compile_templates()
    for routes in (explore.router, reading_views.router, history.router, overview.router, report.router, api.router):
        app.include_router(routes)
    if reviewer:
        app.include_router(review.router)
    app.mount("/static", StaticFiles(directory=str(files("osce_commitments.resources") / "static")), name="static")
    app.middleware("http")(_guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    if base_path:
        app.add_middleware(_BasePath, path=base_path)
    app.add_middleware(_Outermost)
    app.add_exception_handler(OsceCommitmentsError, _on_known)
    app.add_exception_handler(RequestValidationError, _on_parameter)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_defect)
    return app


@contextlib.asynccontextmanager
async def _few_threads(_: FastAPI) -> AsyncIterator[None]:
    """Answer in a few threads: each keeps memory, and more do not answer faster."""
    to_thread.current_default_thread_limiter().total_tokens = _THREADS
    yield


def _reviewing(data: Path, reviewer: str) -> review.Reviewing:
    if data.is_dir() and not os.access(data, os.W_OK):
        msg = f"folder {data} cannot be written, so no answer of {reviewer} could be kept"
        raise ConfigError(msg, "give --data a folder that you can write to, or leave out --review")
    from osce_commitments.labelling.desk import Desk
    from osce_commitments.query.search.encoder import released_encoder

    return review.Reviewing(Desk(Dataset(data), reviewer, lambda texts: released_encoder().embed(texts)))


async def _guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    query = request.url.query
    notes = with_notes(request.query_params.multi_items())
    if "\0" in request.scope["path"]:
        response = _failed(request, 404, "there is no page at this address")
    elif len(query) > _LONGEST_QUERY:
        response = _failed(request, 400, "the address is too long", f"use at most {_LONGEST_QUERY:,} characters")
    elif not _is_api(request) and any(not value.strip() for _, value in notes):
        # A form sends its empty fields too; an address to share is shorter without them.
        kept = [(name, value) for name, value in notes if value.strip()]
        # Two slashes at its beginning would make the path the address of another site.
        path = f"/{quote(request.url.path.lstrip('/'))}"
        response = RedirectResponse(f"{path}?{urlencode(kept)}".rstrip("?"), 303)
    else:
        if notes != request.query_params.multi_items():
            request.scope["query_string"] = urlencode(notes).encode()
        response = await answer(request)
    if (
        request.url.path.startswith("/static/")
        and response.status_code == HTTPStatus.OK
        and "v" in request.query_params
    ):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


class _Outermost:
    """Gives every answer the security headers, also a refusal of the host; answers HEAD as GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send_on)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _failed(request: Request, status: int, message: str, remedy: str = "") -> Response:
    if _is_api(request):
        return JSONResponse({"error": message, "remedy": remedy}, status)
    return page(request, "error.html", Pinned(), status=status, message=message, remedy=remedy)


async def _on_known(request: Request, error: Any) -> Response:  # noqa: ANN401 - the framework's signature
    # A reader of the page may have no terminal.
    remedy = "find it in Explore" if "osce-commitments " in error.remedy and not _is_api(request) else error.remedy
    status = 503 if isinstance(error, UnavailableError) else 404 if isinstance(error, DatasetError) else 400
    return _failed(request, status, error.message, remedy)


async def _on_parameter(request: Request, error: Any) -> Response:  # noqa: ANN401 - the framework's signature
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, str)) or "address"
    if first["type"] == "extra_forbidden":
        return _failed(request, 400, f"unknown parameter {name!r}", "check the spelling or remove it")
    message = first["msg"][:1].lower() + first["msg"][1:]
    return _failed(request, 400, f"parameter {name!r} is not valid: {message}", "change it or remove it")


async def _on_http(request: Request, error: Any) -> Response:  # noqa: ANN401 - the framework's signature
    texts = {404: ("there is no page at this address", ""), 405: ("this page is read-only", "")}
    message, remedy = texts.get(error.status_code, (str(error.detail), ""))
    return _failed(request, error.status_code, message, remedy)


async def _on_defect(request: Request, error: Exception) -> Response:
    message = f"internal error ({type(error).__name__})"
    return _failed(request, 500, message, "report it to the person who runs this page: its log has the details")


class _BasePath:
    """An application below a path, whether the proxy passes the path on or cuts it off."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == self._path or path.startswith(f"{self._path}/"):
            scope = {**scope, "path": path[len(self._path) :] or "/"}
        start: Message | None = None
        body = b""

        async def send_on(message: Message) -> None:
            """Send an answer on; the body of a page is rewritten as one piece."""
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("location", "").startswith("/"):
                    headers["location"] = self._path + headers["location"]
                if headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                body = _ROOTED.sub(rb'\1="' + self._path.encode() + b"/", body)
                if "content-length" in (headers := MutableHeaders(scope=start)):
                    headers["content-length"] = str(len(body))
                await send(start)
                await send({**message, "body": body})

        await self._app(scope, receive, send_on)
