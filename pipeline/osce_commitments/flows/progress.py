"""Where the progress of a run is shown: a bar on a terminal, plain lines, or nowhere.

A context variable carries it, because a Prefect flow takes only parameters that can be stored.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol


class Progress(Protocol):
    """Hears of a run's steps."""

    def say(self, text: str) -> None:
        """Print one line."""

    def start(self, total: int) -> None:
        """Begin to count ``total`` inputs."""

    def advance(self, count: int) -> None:
        """Count ``count`` more inputs as done."""


class Silent:
    """Hears and says nothing."""

    def say(self, text: str) -> None:
        """Ignore the line."""

    def start(self, total: int) -> None:
        """Ignore the total."""

    def advance(self, count: int) -> None:
        """Ignore the count."""


PROGRESS: ContextVar[Progress] = ContextVar("progress", default=Silent())  # noqa: B039 - Silent has no state
