"""One registry shape: a name points to a dotted path that is imported on use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from osce_commitments.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Registry:
    """Named objects, each imported when it is asked for.

    Args:
        kind: What the names name, for messages ("classifier").
        extra: Optional extra of the distribution that brings what the objects import, for messages.
    """

    def __init__(self, kind: str, extra: str = "") -> None:
        self._kind = kind
        self._extra = extra
        self._paths: dict[str, str] = {}

    def add(self, name: str, path: str) -> None:
        """Register ``path`` ("package.module:attribute") under ``name``.

        Raises:
            ValueError: If the name is taken.
        """
        if name in self._paths:
            msg = f"{self._kind} {name!r} is registered twice"
            raise ValueError(msg)
        self._paths[name] = path

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._paths))

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the caller knows what it registered
        """The object registered under ``name``.

        Raises:
            ConfigError: If the name is unknown (the known ones are listed) or an extra is missing.
        """
        if name not in self._paths:
            msg = f"no {self._kind} is called {name!r}"
            raise ConfigError(msg, f"choose from: {', '.join(self)}")
        module, _, attribute = self._paths[name].partition(":")
        try:
            return getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if not self._extra:
                raise
            msg = f"{self._kind} {name!r} needs the package {error.name!r}, which is not installed"
            raise ConfigError(msg, f"install the extra: pip install 'osce-commitments[{self._extra}]'") from error
