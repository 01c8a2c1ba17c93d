"""Keep a library from importing a package only because it is installed."""

from __future__ import annotations

import importlib.abc
import sys


class _Without(importlib.abc.MetaPathFinder):
    """Says that a package is not installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 - Python's signature
        if name == self._name:
            raise ModuleNotFoundError(name=name)


def import_arrow_alone() -> None:
    """Import Arrow without pandas: it would import it with the first array, which takes as long as reading a document.

    Other modules can import pandas afterwards.
    """
    if "pandas" in sys.modules:
        return
    finder = _Without("pandas")
    sys.meta_path.insert(0, finder)
    try:
        import pyarrow as pa

        pa.array([0])  # Arrow looks for pandas once
    finally:
        sys.meta_path.remove(finder)
