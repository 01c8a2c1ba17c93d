"""A web site of a test: replies by path, and what was asked."""

from __future__ import annotations

import contextlib
import itertools
import time
from dataclasses import dataclass, field
from typing import BinaryIO


def drip(stream: BinaryIO, body: bytes) -> None:
    """Send a byte now and then, until nobody listens any more."""
    with contextlib.suppress(OSError):
        for byte in itertools.cycle(body):
            stream.write(bytes([byte]))
            stream.flush()
            time.sleep(0.02)


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False


@dataclass
class Site:
    """Replies by path: one after the other, the last one for good; other paths do not exist."""

    url: str
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    make = Reply

    def reply(self, path: str) -> Reply:
        replies = self.replies.get(path, [Reply(404, b"nothing here")])
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def asked(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.requests)
