"""Display of a run's progress: a bar on a terminal, plain lines, or nothing.

It is a context variable, because a Prefect flow accepts only parameters that can be stored.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol


class Progress(Protocol):
    """Receives the steps of a run."""

    def say(self, text: str) -> None:
        """Print one line."""

    def start(self, total: int) -> None:
        """Start to count ``total`` inputs."""

    def advance(self, count: int) -> None:
        """Count ``count`` more inputs as done."""


class Silent:
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Ignore the line."""

    def start(self, total: int) -> None:
        """Ignore the total."""

    def advance(self, count: int) -> None:
        """Ignore the count."""


PROGRESS: ContextVar[Progress] = ContextVar("progress", default=Silent())  # noqa: B039 - Silent has no state
