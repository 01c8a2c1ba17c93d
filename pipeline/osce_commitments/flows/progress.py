"""Display of a run's progress: a bar on a terminal, plain lines, or nothing.

It is a context variable, because a Prefect flow accepts only parameters that can be stored.
"""

from __future__ import annotations

from contextvars import ContextVar


class Silent:
    """Receives the steps of a run, and shows nothing."""

    def say(self, text: str) -> None:
        """Print one line."""

    def start(self, total: int) -> None:
        """Start to count ``total`` inputs."""

    def advance(self, count: int) -> None:
        """Count ``count`` more inputs as done."""

    def close(self) -> None:
        """Remove what is shown."""


PROGRESS: ContextVar[Silent] = ContextVar("progress", default=Silent())  # noqa: B039 - Silent has no state
