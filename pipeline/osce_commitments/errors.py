"""The errors of the package; bad input, bad configuration and bugs are different classes."""

from __future__ import annotations


def in_sentences(message: str, remedy: str) -> str:
    """The problem, and what to do about it: two sentences, of which a command keeps its small first letter."""
    if not remedy:
        return message
    stop = "" if message.endswith("?") else "."
    is_command = remedy.startswith("osce-commitments")
    return f"{message}{stop} {remedy if is_command else remedy[:1].upper() + remedy[1:]}"


class OsceCommitmentsError(Exception):
    """Root of every error that the package raises on purpose.

    Args:
        message: What is wrong and where, in one line.
        remedy: What to do about it, in one line.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return in_sentences(self.message, self.remedy)

    def __reduce__(self) -> tuple[type[OsceCommitmentsError], tuple[str, ...]]:
        # Exceptions cross process boundaries: the default reduction would drop the remedy.
        return type(self), (self.message, self.remedy)


class InputError(OsceCommitmentsError):
    """An input cannot be read or understood; in a batch it becomes a row of ``rejects``."""

    def __init__(self, message: str, remedy: str = "", *, reason: str = "unreadable") -> None:
        super().__init__(message, remedy)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:  # type: ignore[override]
        return _rebuild_input_error, (type(self), self.message, self.remedy, self.reason)


def _rebuild_input_error(cls: type[InputError], message: str, remedy: str, reason: str) -> InputError:
    return cls(message, remedy, reason=reason)


class SourceError(InputError):
    """A source cannot be found, fetched or opened."""


class DocumentError(InputError):
    """A source was read, but contains no supported document."""


class ConfigError(OsceCommitmentsError):
    """A configuration file, option or name is wrong; the message lists the choices."""


class DatasetError(OsceCommitmentsError):
    """A dataset, version or row does not exist or cannot be written."""


class UnavailableError(DatasetError):
    """A dataset exists and cannot be read now: files are damaged, or a disk is full."""


class SchemaError(OsceCommitmentsError):
    """Rows do not fit the declared schema: a bug of this package, never silently repaired."""
