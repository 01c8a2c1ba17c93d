"""A web site of a test: replies by path, and what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


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
