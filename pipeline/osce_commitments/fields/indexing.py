"""How the search index holds a column: a value of the provision, a text, or a table beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any


@dataclass(frozen=True, slots=True)
class IndexedValue:
    """A value that conditions compare.

    Attributes:
        name: Its name in the index.
        kind: Its SQLite type.
        convert: Makes it from the value of the column; None for the value itself.
    """

    name: str
    kind: str = "TEXT"
    convert: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class FullText:
    """A text that text queries look in.

    Attributes:
        joined: What joins the texts of a list.
    """

    joined: str = " / "


@dataclass(frozen=True, slots=True)
class SideTable:
    """A table of what a provision has several of; ``provision`` is its last column.

    Attributes:
        columns: Its other columns with their SQLite types, together unique for a provision.
        rows: Makes its rows, without the provision, from the value of the column.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Any], Iterable[tuple[Any, ...]]]


Indexing = IndexedValue | FullText | SideTable


def mask_of(labels: type[StrEnum]) -> Callable[[Iterable[str]], int]:
    """The function that makes one number of several labels: a bit for each, in the order of the set."""
    bits = {label.value: 1 << bit for bit, label in enumerate(labels)}
    return lambda values: reduce(or_, (bits.get(value, 0) for value in values), 0)
