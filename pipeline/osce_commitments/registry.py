"""A registry of names and dotted paths, each imported on first use."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from osce_commitments.errors import ConfigError


class Registry:
    """Named objects, each imported when it is asked for.

    Args:
        kind: Kind of the objects, for messages ("classifier").
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._paths: dict[str, tuple[str, str]] = {}

    def add(self, name: str, path: str, *, extra: str = "") -> None:
        """Register a path under a name.

        Args:
            name: Name of the object.
            path: "package.module:attribute".
            extra: Extra of the distribution that the module needs; empty if none.

        Raises:
            ValueError: If the name is taken.
        """
        if name in self._paths:
            msg = f"{self._kind} {name!r} is registered twice"
            raise ValueError(msg)
        self._paths[name] = path, extra

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._paths))

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the caller knows what it registered
        """The object registered under ``name``.

        Raises:
            ConfigError: If the name is unknown (the known ones are listed) or its extra is missing.
        """
        if name not in self._paths:
            msg = f"no {self._kind} is called {name!r}"
            raise ConfigError(msg, f"choose from: {', '.join(self)}")
        path, extra = self._paths[name]
        module, _, attribute = path.partition(":")
        try:
            return getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if not extra:
                raise
            msg = f"{self._kind} {name!r} needs the package {error.name!r}, which is not installed"
            raise ConfigError(msg, f"in the project's folder: pip install '.[{extra}]'") from error
