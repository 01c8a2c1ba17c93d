"""The page below a path of a proxy: addresses in pages and redirects get the path in front."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Templates escape every quotation mark of a value, so that this finds addresses of the templates only.
_ROOTED = re.compile(rb'\b(href|src|action|formaction|data-root)="/(?!/)')


class BasePath:
    """An application below a path, whether the proxy passes the path on or cuts it off.

    Args:
        app: The application, which knows nothing of the path.
        path: The path: a slash, then words without a slash at the end.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = scope["path"]
        if given == self._path or given.startswith(f"{self._path}/"):
            scope = {**scope, "path": given[len(self._path) :] or "/"}
        await self._app(scope, receive, _Rewriter(send, self._path))


class _Rewriter:
    """Sends an answer on; the body of a page is rewritten as one piece."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("location", "").startswith("/"):
                headers["location"] = self._path + headers["location"]
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            body = _ROOTED.sub(rb'\1="' + self._path.encode() + b"/", self._body)
            if "content-length" in (headers := MutableHeaders(scope=self._start)):
                headers["content-length"] = str(len(body))
            await self._send(self._start)
            await self._send({**message, "body": body})
